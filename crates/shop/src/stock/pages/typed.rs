//! How forms ask for quantities of products: one, in the unit that suits, or a line per product. Here
//! are texts and where they stand in a form; what they mean is read by the same bodies as over the API.

use crate::kernel::{Form, Lang, Problem};

use super::Choice;

/// Lines of a form that are looked at; no command takes more.
pub const LINES_MAX: usize = 500;

/// A quantity to type and the units it may be given in, for `ui::quantity_in`.
#[derive(Debug, Clone)]
pub struct QuantityField {
    /// The number's name in the form.
    pub name: String,
    /// The unit's.
    pub unit_name: String,
    /// What was typed.
    pub value: String,
    /// The units to choose from, the product's own first.
    pub units: Vec<Choice>,
    /// The one chosen.
    pub unit: String,
    /// What is wrong with either.
    pub error: Option<String>,
    /// Whether it takes the focus when the page opens.
    pub is_focused: bool,
}

impl QuantityField {
    /// The field as a form fills it.
    pub fn of(form: &Form, lang: Lang, name: &str, unit_name: &str, units: Vec<Choice>) -> Self {
        let problem = form.problem(name, &lang).or_else(|| form.problem(unit_name, &lang));
        Self {
            value: form.value(name).trim().to_owned(),
            unit: form.value(unit_name).to_owned(),
            error: problem.map(str::to_owned),
            name: name.to_owned(),
            unit_name: unit_name.to_owned(),
            units,
            is_focused: false,
        }
    }

    /// The field with a number in it, in the product's own unit.
    pub fn filled(name: &str, unit_name: &str, value: String, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            unit_name: unit_name.to_owned(),
            value,
            units: vec![(unit.to_owned(), unit.to_owned())],
            unit: unit.to_owned(),
            error: None,
            is_focused: false,
        }
    }

    /// The same with the focus, if so.
    #[must_use]
    pub fn focused(self, is_focused: bool) -> Self {
        Self { is_focused, ..self }
    }

    /// The product's own unit, for when there is nothing to choose.
    pub fn own_unit(&self) -> &str {
        self.units.first().map(|(code, _)| code.as_str()).unwrap_or_default()
    }
}

/// A line of a form: a product, how much, in which unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedLine {
    /// The product's SKU.
    pub sku: String,
    /// How much, as typed.
    pub quantity: String,
    /// The unit; empty for the product's own.
    pub unit: String,
}

impl TypedLine {
    /// The lines of a form, in their order; those without a product are not there. `quantity` is how
    /// the form names how much.
    pub fn all(form: &Form, quantity: &str) -> Vec<Self> {
        let line = |at| {
            let text = |name| form.value(&line_field(at, name)).trim().to_owned();
            Self { sku: text("product"), quantity: text(quantity), unit: text("unit") }
        };
        (0..LINES_MAX).map(line).filter(|line| !line.sku.is_empty()).collect()
    }

    /// The form with this line written in it.
    pub fn write(&self, form: Form, at: usize) -> Form {
        let fields = [("product", &self.sku), ("quantity", &self.quantity), ("unit", &self.unit)];
        fields.into_iter().fold(form, |form, (name, text)| form.with(&line_field(at, name), text))
    }

    /// How the API names the product.
    pub fn reference(&self) -> String {
        format!("sku:{}", self.sku)
    }
}

/// The name of a line's field, as the API names it in its problems.
pub fn line_field(at: usize, name: &str) -> String {
    format!("lines[{at}].{name}")
}

/// The problems of a form for the summary above it: each leads to a field of the page, and those about
/// a line say whose it is. `names` are the products of the lines, `labels` the names of other fields.
pub fn line_messages(form: &Form, lang: Lang, names: &[&str], labels: &[(&str, &str)]) -> Vec<(String, String)> {
    let told = |(field, message): (String, String)| match line_of(&field) {
        Some((at, rest)) => {
            let name = names.get(at).copied().unwrap_or_default();
            let field = if stands_at_the_quantity(rest) { field } else { format!("lines[{at}]") };
            (field, format!("{name}: {message}"))
        }
        None => (field, message),
    };
    form.named_messages(&lang, labels).into_iter().map(told).collect()
}

/// What is wrong with a line, apart from its quantity and unit.
pub fn line_problem(form: &Form, lang: Lang, at: usize) -> Option<String> {
    let about = |(field, _): &(String, String)| {
        line_of(field).is_some_and(|(line, rest)| line == at && !stands_at_the_quantity(rest))
    };
    form.messages(&lang).into_iter().find(about).map(|(_, message)| message)
}

/// Whether a field of a line is one that the page shows.
fn stands_at_the_quantity(name: &str) -> bool {
    matches!(name, "quantity" | "counted" | "unit")
}

/// The same problem with its lines numbered as on the page, where line `k` of the command is
/// `places[k]`.
pub fn renumbered(mut problem: Problem, places: &[usize]) -> Problem {
    for field in &mut problem.fields {
        if let Some((at, rest)) = line_of(&field.field)
            && let Some(place) = places.get(at)
        {
            field.field = if rest.is_empty() { format!("lines[{place}]") } else { line_field(*place, rest) };
        }
    }
    problem
}

/// The line and the field in `lines[3].quantity`.
fn line_of(field: &str) -> Option<(usize, &str)> {
    let (at, rest) = field.strip_prefix("lines[")?.split_once(']')?;
    Some((at.parse().ok()?, rest.trim_start_matches('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_back_as_they_were_written_and_gaps_are_closed() {
        let line = |sku: &str| TypedLine { sku: sku.to_owned(), quantity: "1,5".to_owned(), unit: "kg".to_owned() };
        let form = line("B").write(line("A").write(Form::new(), 0), 7);
        assert_eq!(TypedLine::all(&form, "quantity"), [line("A"), line("B")]);
    }

    #[test]
    fn a_problem_of_a_line_says_whose_it_is_and_leads_to_a_field() {
        let problem = |field: &str| Problem::invalid_field(field, "bad", "Mal.", "Bad.").fields;
        let fields = [problem("lines[1].quantity"), problem("lines[0]"), problem("to")].concat();
        let form = Form::new().refused(Problem::invalid(fields)).unwrap();
        let told = line_messages(&form, Lang::Es, &["Arroz", "Yerba"], &[("to", "A dónde va")]);
        let expected = [("lines[1].quantity", "Yerba: Mal."), ("lines[0]", "Arroz: Mal."), ("to", "A dónde va: Mal.")];
        assert_eq!(told, expected.map(|(field, text)| (field.to_owned(), text.to_owned())));
        assert_eq!(line_problem(&form, Lang::En, 0).as_deref(), Some("Bad."));
        assert_eq!(line_problem(&form, Lang::En, 1), None);
        let placed = renumbered(Problem::invalid([problem("lines[1].counted"), problem("lines[0]")].concat()), &[4, 7]);
        let fields: Vec<&str> = placed.fields.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, ["lines[7].counted", "lines[4]"]);
    }
}
