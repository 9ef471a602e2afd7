//! From a cell as a shop writes it to a value as the API takes it: `$ 1.850,00` becomes `1850.00`,
//! `Kilos` becomes `kg`, `31/12/2026` becomes `2026-12-31`. What cannot be is noted with what would be
//! accepted. Whether a value may stand is the feature's to say, not here.

use gondola_sheets::{Row, number};
use serde_json::{Map, Value, json};

use super::columns::Column;
use super::fields::{Field, Shape};
use super::file::ListFile;
use super::outcome::RowError;
use crate::kernel::Text;
use crate::kernel::text::fold;
use crate::kernel::time::{day_of, format_day, parse_day};

/// A row being read.
pub(super) struct Cells<'a> {
    file: &'a ListFile,
    row: &'a Row,
    /// What is wrong so far.
    pub errors: Vec<RowError>,
}

impl<'a> Cells<'a> {
    /// Begins to read a row. One with more cells than titles has a separator too many, and nobody can
    /// know where.
    pub fn of(file: &'a ListFile, at: usize) -> Self {
        let row = file.row(at);
        let mut cells = Self { file, row, errors: Vec::new() };
        let titles = file.table.header.len();
        if row.cells.iter().skip(titles).any(|cell| !cell.trim().is_empty()) {
            let found = row.cells.len();
            cells.add(
                "",
                "too_many_cells",
                Text::new(
                    format!("La fila tiene {found} celdas y los títulos son {titles}. Si un texto lleva una coma o un punto y coma, ponelo entre comillas."),
                    format!("The row has {found} cells and there are {titles} titles. If a text holds the separator, put it in quotation marks."),
                ),
            );
        }
        if let Some(repeat) = file.repeats.get(&at) {
            let first = repeat.first_line;
            let detail = Text::new(
                format!("Es lo mismo que la línea {first}. Dejá una sola de las dos."),
                format!("It is the same as line {first}. Keep one of the two."),
            );
            cells.add(repeat.field, "repeated_row", detail);
        }
        cells
    }

    /// The line as people see it.
    pub fn line(&self) -> u32 {
        self.row.line
    }

    /// The text of a field's cell; nothing when it is empty or no column feeds it.
    pub fn text(&self, field: &str) -> Option<&'a str> {
        self.file.cell(self.row, field)
    }

    /// Notes what is wrong with a field.
    pub fn add(&mut self, field: &str, code: &str, detail: Text) {
        let value = self.text(field).unwrap_or_default();
        self.errors.push(RowError::new(self.row.line, field, code, detail, value));
    }

    /// The value, or nothing and the problem noted.
    pub fn take<T, E: Into<(&'static str, Text)>>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                let (code, detail) = error.into();
                self.add(field, code, detail);
                None
            }
        }
    }

    /// The text of a field that must be there.
    pub fn required(&mut self, field: &str) -> Option<&'a str> {
        let text = self.text(field);
        if text.is_none() {
            self.add(field, "required", Text::new("Falta este dato.", "This value is missing."));
        }
        text
    }

    /// A number as a plain decimal.
    pub fn number(&mut self, field: &str) -> Option<String> {
        let column = *self.file.column(field)?;
        self.text(field)?;
        self.number_in(field, &column)
    }

    fn number_in(&mut self, field: &str, column: &Column) -> Option<String> {
        match self.row.decimal(column.at, column.style) {
            Ok(number) => Some(without_trailing_zeros(number)),
            Err(error) => {
                self.add(field, error.code(), Text::new(error.message_es(), error.message_en()));
                None
            }
        }
    }

    /// A day, as the API writes it.
    pub fn day(&mut self, field: &str) -> Option<i32> {
        let day = read_day(self.text(field)?);
        if day.is_none() {
            let detail = Text::new("La fecha va como 31/12/2026.", "The date is written as 31/12/2026 or 2026-12-31.");
            self.add(field, "bad_date", detail);
        }
        day
    }

    /// The fields of the row that go to the API as they are, with their values as it takes them.
    pub fn body(&mut self, apart: &[&str]) -> Map<String, Value> {
        let mut body = Map::new();
        for (field, column) in self.file.fields() {
            if apart.contains(&field.name) {
                continue;
            }
            if let Some(value) = self.value(field, column) {
                body.insert(field.name.to_owned(), value);
            }
        }
        body
    }

    fn value(&mut self, field: &'static Field, column: &Column) -> Option<Value> {
        let text = self.text(field.name)?;
        match field.shape {
            Shape::Text | Shape::Code | Shape::Barcodes => Some(text.into()),
            Shape::Number => self.number_in(field.name, column).map(Value::from),
            Shape::Percent => self.percent(field.name, text, column).map(Value::from),
            Shape::Whole => self.whole(field.name, column).map(Value::from),
            Shape::Flag => self.flag(field.name, text).map(Value::from),
            Shape::Unit => self.unit(field.name, text).map(Value::from),
            Shape::Content => self.content(field.name, text),
            Shape::Day => self.day(field.name).map(|day| format_day(day).into()),
        }
    }

    fn percent(&mut self, field: &str, text: &str, column: &Column) -> Option<String> {
        if let Some(number) = text.strip_suffix('%') {
            let number = number::canonical(number.trim(), column.style);
            let number = number.map_err(|error| (error.code(), Text::new(error.message_es(), error.message_en())));
            return self.take(field, number).map(without_trailing_zeros);
        }
        let number = self.number_in(field, column)?;
        // A workbook keeps a cell that shows 21 % as 0.21.
        let shown = match number.as_str() {
            "0.025" => "2.5",
            "0.05" => "5",
            "0.105" => "10.5",
            "0.21" => "21",
            "0.27" => "27",
            other => other,
        };
        Some(if self.row.is_number(column.at) { shown.to_owned() } else { number })
    }

    fn whole(&mut self, field: &str, column: &Column) -> Option<i64> {
        let number = self.number_in(field, column)?;
        let whole = number
            .parse()
            .map_err(|_| ("not_whole", Text::new("Tiene que ser un número entero.", "It must be a whole number.")));
        self.take(field, whole)
    }

    fn flag(&mut self, field: &str, text: &str) -> Option<bool> {
        let flag = match fold(text).as_str() {
            "si" | "s" | "yes" | "y" | "true" | "verdadero" | "1" | "x" => Ok(true),
            "no" | "n" | "false" | "falso" | "0" => Ok(false),
            _ => Err(("not_a_flag", Text::new("Va «sí» o «no».", "It is \"yes\" or \"no\"."))),
        };
        self.take(field, flag)
    }

    fn unit(&mut self, field: &str, text: &str) -> Option<&'static str> {
        let unit = unit_named(text).ok_or_else(|| {
            ("unknown_unit", Text::new("Se acepta: un, kg, g, l, ml, m.", "Accepted: un, kg, g, l, ml, m."))
        });
        self.take(field, unit)
    }

    fn content(&mut self, field: &str, text: &str) -> Option<Value> {
        let letters = text.find(|character: char| character.is_alphabetic()).unwrap_or(text.len());
        let (quantity, unit) = text.split_at(letters);
        let quantity = number::canonical(quantity.trim(), gondola_sheets::DecimalStyle::Unknown).ok();
        let content = quantity.zip(unit_named(unit)).ok_or_else(|| {
            ("bad_content", Text::new("Va una cantidad y su unidad: 473 ml.", "It is a quantity and its unit: 473 ml."))
        });
        let (quantity, unit) = self.take(field, content)?;
        Some(json!({"quantity": without_trailing_zeros(quantity), "unit": unit}))
    }
}

/// `1420.5000` says no more than `1420.5`, and spreadsheets write both.
fn without_trailing_zeros(number: String) -> String {
    if !number.contains('.') {
        return number;
    }
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The code of a unit by any of its names.
fn unit_named(text: &str) -> Option<&'static str> {
    Some(match fold(text).as_str() {
        "un" | "u" | "uni" | "unid" | "unidad" | "unidades" | "unit" | "units" | "each" => "un",
        "kg" | "kgs" | "k" | "kilo" | "kilos" | "kilogramo" | "kilogramos" => "kg",
        "g" | "gr" | "grs" | "gramo" | "gramos" => "g",
        "l" | "lt" | "lts" | "ltr" | "litro" | "litros" | "liter" | "litre" => "l",
        "ml" | "cc" | "cm3" | "mililitro" | "mililitros" => "ml",
        "m" | "mt" | "mts" | "metro" | "metros" => "m",
        _ => return None,
    })
}

/// `31/12/2026`, `31-12-2026`, `31/12/26` or `2026-12-31`, the last also with an hour behind it.
fn read_day(text: &str) -> Option<i32> {
    let iso = text.split(['T', ' ']).next().unwrap_or(text);
    if let Some(day) = parse_day(iso) {
        return Some(day);
    }
    let mut parts = text.split(['/', '-', '.']);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let digits =
        |part: &str, max: usize| (1..=max).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.next().is_some()
        || !digits(day, 2)
        || !digits(month, 2)
        || !matches!(year.len(), 2 | 4)
        || !digits(year, 4)
    {
        return None;
    }
    let year: i16 = year.parse().ok()?;
    let year = if year < 100 { 2000 + year } else { year };
    jiff::civil::Date::new(year, month.parse().ok()?, day.parse().ok()?).ok().map(day_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_here_write_them() {
        let read = |text: &str| read_day(text).map(format_day);
        for text in ["31/12/2026", "31-12-2026", "31.12.26", "2026-12-31", "2026-12-31T00:00:00"] {
            assert_eq!(read(text).as_deref(), Some("2026-12-31"), "{text}");
        }
        assert_eq!(read("1/2/2027").as_deref(), Some("2027-02-01"));
        for text in ["", "31/02/2026", "12/31/2026", "2026", "mañana", "1/2/3/4", "31/12/126", "+1/2/2027"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_lose_only_zeros_that_say_nothing() {
        for (text, short) in [("1420.5000", "1420.5"), ("12.000", "12"), ("100", "100"), ("0.10", "0.1")] {
            assert_eq!(without_trailing_zeros(text.to_owned()), short);
        }
    }

    #[test]
    fn units_have_many_names_and_nothing_is_guessed() {
        assert_eq!(unit_named(" Kilos "), Some("kg"));
        assert_eq!(unit_named("C.C."), None);
        assert_eq!(unit_named("cc"), Some("ml"));
        assert_eq!(unit_named("docena"), None);
    }
}
