//! A move while it is being put together: its lines, a product added by scan or by letters, a line
//! taken out. Everything stands in the form, so that nothing is lost and no JavaScript is needed.

use crate::catalogue::{Picked, picks};
use crate::kernel::numbers::field_amount;
use crate::kernel::{Chrome, Form, Problem, Reader};
use crate::stock::{self, ProductRow, QuantityField, TypedLine, line_field, line_problem, unit_choices};

/// What travels with the lines.
const CARRIED: [&str; 7] = ["from", "to", "how", "reason", "reason_choice", "document", "next"];

/// What a button of the form asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Find the product of what was typed.
    Find,
    /// Add this product.
    Add(String),
    /// Take a line out.
    Remove(usize),
    /// Move it all.
    Send,
}

impl Step {
    pub fn of(form: &Form) -> Self {
        if let Some(sku) = form.given("pick") {
            return Self::Add(sku);
        }
        if let Some(at) = form.given("remove").and_then(|at| at.parse().ok()) {
            return Self::Remove(at);
        }
        if form.has("step", "add") { Self::Find } else { Self::Send }
    }
}

/// The form with other lines, and what was found of what was looked for.
#[derive(Default)]
pub(super) struct Draft {
    pub form: Form,
    /// Products to choose from.
    pub found: Vec<ProductRow>,
    /// The line to go on with; the search when there is none.
    pub focus: Option<usize>,
}

impl Draft {
    /// The form with a product's lines changed as the step asks.
    pub async fn stepped(chrome: &Chrome, reader: &mut Reader, form: &Form, step: Step) -> Result<Self, Problem> {
        let mut lines = TypedLine::all(form, "quantity");
        match step {
            Step::Find => return Self::search(chrome, reader, form, lines).await,
            Step::Add(sku) => {
                let standing = stock::standing(reader, &sku).await?.ok_or_else(Problem::not_found)?;
                let at = put(&mut lines, &Picked { standing, pack: None, quantity: None });
                return Ok(Self { focus: Some(at), ..Self::of(form, &lines, "") });
            }
            Step::Remove(at) if at < lines.len() => {
                lines.remove(at);
            }
            Step::Remove(_) | Step::Send => {}
        }
        Ok(Self::of(form, &lines, ""))
    }

    /// The form with the product that was looked for, or with those to choose from.
    async fn search(
        chrome: &Chrome,
        reader: &mut Reader,
        form: &Form,
        mut lines: Vec<TypedLine>,
    ) -> Result<Self, Problem> {
        let Some(text) = form.given("q") else { return Ok(Self::of(form, &lines, "")) };
        let found = picks(reader, &text).await?;
        if let [only] = found.as_slice() {
            let at = put(&mut lines, only);
            return Ok(Self { focus: Some(at), ..Self::of(form, &lines, "") });
        }
        let mut draft = Self::of(form, &lines, &text);
        if found.is_empty() {
            draft.form = draft.form.refused(no_such_product())?;
        }
        draft.found = found.iter().map(|picked| ProductRow::of(chrome, &picked.standing)).collect();
        Ok(draft)
    }

    /// The form's fields with these lines, and what is looked for.
    fn of(form: &Form, lines: &[TypedLine], search: &str) -> Self {
        let carried = CARRIED.iter().fold(Form::new(), |copy, name| copy.with(name, form.value(name)));
        let form = lines.iter().enumerate().fold(carried, |copy, (at, line)| line.write(copy, at));
        Self { form: form.with("q", search), ..Self::default() }
    }

    /// The form without the lines that say no quantity: what nobody takes along from a list.
    pub fn without_blank_lines(form: &Form) -> Form {
        let mut lines = TypedLine::all(form, "quantity");
        lines.retain(|line| !matches!(line.quantity.as_str(), "" | "0"));
        Self::of(form, &lines, "").form
    }
}

/// Puts a product on top, or finds the line that it already has.
fn put(lines: &mut Vec<TypedLine>, picked: &Picked) -> usize {
    let standing = &picked.standing;
    if let Some(at) = lines.iter().position(|line| line.sku == standing.sku) {
        return at;
    }
    let quantity = picked.quantity.map(|quantity| field_amount(quantity, standing.unit)).unwrap_or_default();
    let unit = picked.pack.clone().unwrap_or_default();
    lines.insert(0, TypedLine { sku: standing.sku.clone(), quantity, unit });
    0
}

fn no_such_product() -> Problem {
    Problem::invalid_field(
        "q",
        "unknown_product",
        "No encontramos ningún producto así. Probá con menos letras o con el código.",
        "No such product was found. Try fewer letters, or the code.",
    )
}

/// A line as the page shows it.
pub(super) struct DraftLine {
    /// The id its problems lead to.
    pub anchor: String,
    pub product_field: String,
    pub product: ProductRow,
    pub quantity: QuantityField,
    pub problem: Option<String>,
}

/// The lines of a form with what is known about their products.
pub(super) async fn draft_lines(
    chrome: &Chrome,
    reader: &mut Reader,
    draft: &Draft,
) -> Result<Vec<DraftLine>, Problem> {
    let mut lines = Vec::new();
    for (at, line) in TypedLine::all(&draft.form, "quantity").into_iter().enumerate() {
        let standing = stock::standing(reader, &line.sku).await?.ok_or_else(Problem::not_found)?;
        let units = unit_choices(reader, &standing).await?;
        let (quantity, unit) = (line_field(at, "quantity"), line_field(at, "unit"));
        lines.push(DraftLine {
            anchor: format!("lines[{at}]"),
            product_field: line_field(at, "product"),
            product: ProductRow::of(chrome, &standing),
            quantity: QuantityField::of(&draft.form, chrome.lang, &quantity, &unit, units)
                .focused(draft.focus == Some(at)),
            problem: line_problem(&draft.form, chrome.lang, at),
        });
    }
    Ok(lines)
}
