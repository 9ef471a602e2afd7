//! How the rows of a list are told in the columns of a file: a title in both languages, what the cells
//! hold, and where a row has it. Rows are those of the JSON answers, so what somebody may not see there
//! is not in their file either. How a file is written is in `export`.

use gondola_sheets::Kind;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::lang::Lang;
use super::time::{local_text, parse_instant};
use super::words::word;

/// What a cell says, as the API says it.
pub struct Cell(String);

/// Stands between several texts in one cell.
const BETWEEN: &str = " / ";

/// The columns of a list of `T`, in their order.
pub struct Columns<T>(Vec<Column<T>>);

struct Column<T> {
    title: [String; 2],
    holds: Holds,
    cell: Box<dyn Fn(&T) -> Cell + Send + Sync>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy)]
enum Holds {
    Text,
    /// Shown with the places it has.
    Number,
    Decimal {
        places: u8,
    },
    Whole,
    Day,
    Instant,
    /// A code whose name stands in the words, under this beginning of their keys.
    Word(&'static str),
}

/// The columns of a list, told in a language and a time zone.
pub(super) struct Told<T> {
    columns: Vec<Column<T>>,
    lang: Lang,
    zone: TimeZone,
}

impl<T> Columns<T> {
    /// No columns yet.
    pub fn new() -> Self {
        Self(Vec::new())
    }

    /// Texts and codes, as they are.
    pub fn text<C: Into<Cell>>(self, es: &str, en: &str, cell: impl Fn(&T) -> C + Send + Sync + 'static) -> Self {
        self.with(Holds::Text, es, en, cell)
    }

    /// Quantities and other decimals, with the places they need.
    pub fn number<C: Into<Cell>>(self, es: &str, en: &str, cell: impl Fn(&T) -> C + Send + Sync + 'static) -> Self {
        self.with(Holds::Number, es, en, cell)
    }

    /// Amounts of money and percentages, with two places.
    pub fn money<C: Into<Cell>>(self, es: &str, en: &str, cell: impl Fn(&T) -> C + Send + Sync + 'static) -> Self {
        self.with(Holds::Decimal { places: 2 }, es, en, cell)
    }

    /// Costs of one unit, with four places.
    pub fn cost<C: Into<Cell>>(self, es: &str, en: &str, cell: impl Fn(&T) -> C + Send + Sync + 'static) -> Self {
        self.with(Holds::Decimal { places: 4 }, es, en, cell)
    }

    /// How many.
    pub fn whole<C: Into<Cell>>(self, es: &str, en: &str, cell: impl Fn(&T) -> C + Send + Sync + 'static) -> Self {
        self.with(Holds::Whole, es, en, cell)
    }

    /// Days as `2026-12-31`.
    pub fn day<C: Into<Cell>>(self, es: &str, en: &str, cell: impl Fn(&T) -> C + Send + Sync + 'static) -> Self {
        self.with(Holds::Day, es, en, cell)
    }

    /// Instants in RFC 3339, told in the shop's time.
    pub fn instant<C: Into<Cell>>(self, es: &str, en: &str, cell: impl Fn(&T) -> C + Send + Sync + 'static) -> Self {
        self.with(Holds::Instant, es, en, cell)
    }

    /// Yes or no.
    pub fn flag(self, es: &str, en: &str, cell: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        self.with(Holds::Word("answer."), es, en, move |row| if cell(row) { "yes" } else { "no" })
    }

    /// Codes, told by the names that the words have for them: `low` after `level.` by that of `level.low`.
    pub fn word<C: Into<Cell>>(
        self,
        before: &'static str,
        es: &str,
        en: &str,
        cell: impl Fn(&T) -> C + Send + Sync + 'static,
    ) -> Self {
        self.with(Holds::Word(before), es, en, cell)
    }

    fn with<C: Into<Cell>>(
        mut self,
        holds: Holds,
        es: &str,
        en: &str,
        cell: impl Fn(&T) -> C + Send + Sync + 'static,
    ) -> Self {
        let cell = Box::new(move |row: &T| cell(row).into());
        self.0.push(Column { title: [es.to_owned(), en.to_owned()], holds, cell });
        self
    }

    /// The columns as somebody reads them.
    pub(super) fn told(self, lang: Lang, zone: TimeZone) -> Told<T> {
        Told { columns: self.0, lang, zone }
    }
}

impl<T> Default for Columns<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl Holds {
    fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Word(_) => Kind::Text,
            Self::Number => Kind::Number,
            Self::Decimal { places } => Kind::Decimal { places },
            Self::Whole => Kind::Integer,
            Self::Day => Kind::Date,
            Self::Instant => Kind::Instant,
        }
    }
}

impl<T> Told<T> {
    /// The columns as the file's writer takes them.
    pub(super) fn titles(&self) -> Vec<gondola_sheets::Column> {
        let title = |column: &Column<T>| gondola_sheets::Column {
            title: self.lang.pick(&column.title[0], &column.title[1]).to_owned(),
            kind: column.holds.kind(),
        };
        self.columns.iter().map(title).collect()
    }

    /// The cells of a row.
    pub(super) fn cells(&self, row: &T) -> Vec<String> {
        self.columns.iter().map(|column| self.tell(column.holds, (column.cell)(row))).collect()
    }

    fn tell(&self, holds: Holds, Cell(text): Cell) -> String {
        match holds {
            Holds::Number => without_trailing_zeros(text),
            Holds::Instant => parse_instant(&text).map_or(text, |at| local_text(at, &self.zone)),
            Holds::Word(before) if !text.is_empty() => {
                let words = text.split(BETWEEN).map(|code| word(self.lang, &format!("{before}{code}")).to_owned());
                words.collect::<Vec<_>>().join(BETWEEN)
            }
            _ => text,
        }
    }
}

/// `2.500` says no more than `2.5`, and a spreadsheet shows it so.
fn without_trailing_zeros(number: String) -> String {
    if !number.contains('.') {
        return number;
    }
    number.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&'static str> for Cell {
    fn from(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<Uuid> for Cell {
    fn from(id: Uuid) -> Self {
        Self(id.to_string())
    }
}

impl From<Vec<String>> for Cell {
    fn from(texts: Vec<String>) -> Self {
        Self(texts.join(BETWEEN))
    }
}

impl<C: Into<Cell>> From<Option<C>> for Cell {
    fn from(value: Option<C>) -> Self {
        value.map_or_else(|| Self(String::new()), Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row {
        level: &'static str,
        quantity: Option<String>,
        at: String,
    }

    #[test]
    fn cells_are_told_in_the_readers_language_and_the_shops_time() {
        let columns = || {
            Columns::<Row>::new()
                .word("level.", "Nivel", "Level", |row| row.level)
                .number("Cantidad", "Quantity", |row| row.quantity.clone())
                .instant("Fecha", "Date", |row| row.at.clone())
                .flag("Hay", "There is", |row| row.quantity.is_some())
                .word("level.", "Antes", "Before", |row| vec![row.level.to_owned(), row.level.to_owned()])
        };
        let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
        let row = Row { level: "low", quantity: Some("2.500".to_owned()), at: "2026-11-23T13:00:05Z".to_owned() };
        let told = |lang| columns().told(lang, zone.clone()).cells(&row);
        assert_eq!(told(Lang::Es), ["Bajo", "2.5", "2026-11-23T10:00:05", "Sí", "Bajo / Bajo"]);
        assert_eq!(told(Lang::En), ["Low", "2.5", "2026-11-23T10:00:05", "Yes", "Low / Low"]);
        assert_eq!(columns().told(Lang::En, zone.clone()).titles()[1].title, "Quantity");
        let nothing = Row { level: "normal", quantity: None, at: String::new() };
        assert_eq!(columns().told(Lang::Es, zone).cells(&nothing)[..4], ["Normal", "", "", "No"]);
    }

    #[test]
    fn only_zeros_behind_the_point_are_left_out() {
        for (given, told) in [("100", "100"), ("2.500", "2.5"), ("-0.350", "-0.35"), ("10.000", "10"), ("", "")] {
            assert_eq!(without_trailing_zeros(given.to_owned()), told);
        }
    }
}
