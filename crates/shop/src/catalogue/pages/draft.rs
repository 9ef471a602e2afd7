//! A list of goods while it is being put together, such as a move or a delivery: its lines, a product added by scan or by
//! letters, a line taken out. Everything stands in the form, so that nothing is lost and no JavaScript is needed.

use super::picked::{Picked, picks};
use crate::kernel::numbers::field_amount;
use crate::kernel::{Chrome, Form, Problem, Reader};
use crate::stock::{self, LINES_MAX, ProductRow, QuantityField, TypedLine, line_field, line_problem, unit_choices};

/// What a form says besides products, quantities and units.
#[derive(Debug, Clone, Copy)]
pub struct GoodsFields {
    /// Of the whole.
    pub whole: &'static [&'static str],
    /// Of each line.
    pub line: &'static [&'static str],
}

/// What a button of the form asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum GoodsStep {
    /// Find the product of what was typed.
    Find,
    /// Add this product.
    Add(String),
    /// Take a line out.
    Remove(usize),
    /// Do it.
    Send,
}

impl GoodsStep {
    /// What the form was sent for.
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
pub struct GoodsDraft {
    /// What was typed.
    pub form: Form,
    /// Products to choose from.
    pub found: Vec<ProductRow>,
    /// The line to go on with; the search when there is none.
    pub focus: Option<usize>,
}

impl GoodsDraft {
    /// The form with a product's lines changed as the step asks.
    ///
    /// # Errors
    /// 404 for a product that is none.
    pub async fn stepped(
        chrome: &Chrome,
        reader: &mut Reader,
        (form, fields): (&Form, GoodsFields),
        step: GoodsStep,
    ) -> Result<Self, Problem> {
        let mut lines = Line::all(form, fields);
        match step {
            GoodsStep::Find => return Self::search(chrome, reader, (form, fields), lines).await,
            GoodsStep::Add(sku) => {
                let standing = stock::standing(reader, &sku).await?.ok_or_else(Problem::not_found)?;
                let at = put(&mut lines, &Picked { standing, pack: None, quantity: None });
                return Ok(Self { focus: Some(at), ..Self::of(form, fields, &lines, "") });
            }
            GoodsStep::Remove(at) if at < lines.len() => {
                lines.remove(at);
            }
            GoodsStep::Remove(_) | GoodsStep::Send => {}
        }
        Ok(Self::of(form, fields, &lines, ""))
    }

    /// The form with the product that was looked for, or with those to choose from.
    async fn search(
        chrome: &Chrome,
        reader: &mut Reader,
        (form, fields): (&Form, GoodsFields),
        mut lines: Vec<Line>,
    ) -> Result<Self, Problem> {
        let Some(text) = form.given("q") else { return Ok(Self::of(form, fields, &lines, "")) };
        let found = picks(reader, &text).await?;
        if let [only] = found.as_slice() {
            let at = put(&mut lines, only);
            return Ok(Self { focus: Some(at), ..Self::of(form, fields, &lines, "") });
        }
        let mut draft = Self::of(form, fields, &lines, &text);
        if found.is_empty() {
            draft.form = draft.form.refused(no_such_product())?;
        }
        draft.found = found.iter().map(|picked| ProductRow::of(chrome, &picked.standing)).collect();
        Ok(draft)
    }

    /// The form's fields with these lines, and what is looked for.
    fn of(form: &Form, fields: GoodsFields, lines: &[Line], search: &str) -> Self {
        let carried = fields.whole.iter().fold(Form::new(), |copy, name| copy.with(name, form.value(name)));
        let form = lines.iter().enumerate().fold(carried, |copy, (at, line)| line.write(copy, fields, at));
        Self { form: form.with("q", search), ..Self::default() }
    }

    /// The form without the lines that say no quantity: what nobody takes along from a list.
    pub fn without_blank_lines(form: &Form, fields: GoodsFields) -> Form {
        let mut lines = Line::all(form, fields);
        lines.retain(|line| !matches!(line.typed.quantity.as_str(), "" | "0"));
        Self::of(form, fields, &lines, "").form
    }
}

/// A line with the fields that it has besides.
struct Line {
    typed: TypedLine,
    rest: Vec<String>,
}

impl Line {
    fn all(form: &Form, fields: GoodsFields) -> Vec<Self> {
        // Their places in the form are those of the fields besides.
        let places = (0..LINES_MAX).filter(|at| !form.value(&line_field(*at, "product")).trim().is_empty());
        let rest =
            places.map(|at| fields.line.iter().map(|name| form.value(&line_field(at, name)).to_owned()).collect());
        TypedLine::all(form, "quantity").into_iter().zip(rest).map(|(typed, rest)| Self { typed, rest }).collect()
    }

    fn write(&self, form: Form, fields: GoodsFields, at: usize) -> Form {
        let rest = fields.line.iter().zip(&self.rest);
        rest.fold(self.typed.write(form, at), |form, (name, text)| form.with(&line_field(at, name), text))
    }
}

/// Puts a product on top, or finds the line that it already has.
fn put(lines: &mut Vec<Line>, picked: &Picked) -> usize {
    let standing = &picked.standing;
    if let Some(at) = lines.iter().position(|line| line.typed.sku == standing.sku) {
        return at;
    }
    let quantity = picked.quantity.map(|quantity| field_amount(quantity, standing.unit)).unwrap_or_default();
    let unit = picked.pack.clone().unwrap_or_default();
    let typed = TypedLine { sku: standing.sku.clone(), quantity, unit };
    lines.insert(0, Line { typed, rest: Vec::new() });
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
pub struct GoodsLine {
    /// The id its problems lead to.
    pub anchor: String,
    /// The name of the field that says which product.
    pub product_field: String,
    /// The product.
    pub product: ProductRow,
    /// How much, in which unit.
    pub quantity: QuantityField,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// The lines of a form with what is known about their products.
///
/// # Errors
/// 404 for a product that is none.
pub async fn goods_lines(chrome: &Chrome, reader: &mut Reader, draft: &GoodsDraft) -> Result<Vec<GoodsLine>, Problem> {
    let mut lines = Vec::new();
    for (at, line) in TypedLine::all(&draft.form, "quantity").into_iter().enumerate() {
        let standing = stock::standing(reader, &line.sku).await?.ok_or_else(Problem::not_found)?;
        let units = unit_choices(reader, &standing).await?;
        let (quantity, unit) = (line_field(at, "quantity"), line_field(at, "unit"));
        lines.push(GoodsLine {
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
