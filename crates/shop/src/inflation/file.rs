//! Rates in a file: a column that says the month and one that says how much prices rose in it. What the shop exports is
//! read back; a file is recorded whole or not at all.

use std::collections::BTreeMap;

use gondola_pricing::inflation::MonthlyRate;
use gondola_sheets::{Content, DecimalStyle, FieldSpec, Limits, Row, Table, guess_columns, number};
use jiff::civil::Date;

use super::bodies::{SOURCE_MAX, parse_rate, parse_source, past_month};
use super::commands::NewRate;
use super::month::Month;
use crate::kernel::fields::Read;
use crate::kernel::text::clean_line;
use crate::kernel::time::day_of;
use crate::kernel::{Errors, Problem, Text, Upload};

/// Bytes of a file at most.
pub(super) const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Rows of a file at most: fifty years, each month corrected once.
const ROWS_MAX: usize = 1_200;
/// Problems that are told of one file.
const PROBLEMS_MAX: usize = 20;
/// The form field of the file.
const FILE: &str = "file";
/// What the columns may be, by their place in [`FIELDS`].
const MONTH: usize = 0;
const RATE: usize = 1;
const SOURCE: usize = 2;
const CURRENT: usize = 3;
const FIELDS: [FieldSpec<'static>; 4] = [
    FieldSpec {
        name: "mes",
        synonyms: &["month", "período", "periodo", "period", "fecha", "date", "indice tiempo"],
        content: Content::Any,
    },
    FieldSpec {
        name: "inflación mensual",
        synonyms: &[
            "inflación mensual %",
            "monthly rate %",
            "inflación",
            "variación mensual",
            "variación",
            "tasa",
            "rate",
            "ipc",
            "porcentaje",
            "valor",
            "value",
        ],
        content: Content::Any,
    },
    FieldSpec { name: "fuente", synonyms: &["source", "origen"], content: Content::Any },
    FieldSpec { name: "vigente", synonyms: &["in force", "current"], content: Content::Any },
];
/// Months as people shorten them, Spanish and English.
const MONTHS: [[&str; 2]; 12] = [
    ["ene", "jan"],
    ["feb", "feb"],
    ["mar", "mar"],
    ["abr", "apr"],
    ["may", "may"],
    ["jun", "jun"],
    ["jul", "jul"],
    ["ago", "aug"],
    ["sep", "sep"],
    ["oct", "oct"],
    ["nov", "nov"],
    ["dic", "dec"],
];

/// The rates of a file that arrived, the oldest month first. `now` is the month that is running.
///
/// # Errors
/// 422 on `file`, with a line for each row that is wrong, up to twenty.
pub(super) fn rates_of(upload: &Upload, now: Month) -> Result<Vec<NewRate>, Problem> {
    let limits = Limits { file_bytes_max: FILE_BYTES_MAX, rows_max: ROWS_MAX + 1, ..Limits::IMPORT };
    let table = gondola_sheets::read(&upload.bytes, &limits)
        .map_err(|error| Problem::invalid_field(FILE, error.code(), error.message_es(), error.message_en()))?;
    let columns = Columns::of(&table)?;
    let otherwise = clean_line(&format!("Archivo {}", upload.name), SOURCE_MAX).unwrap_or_else(|_| "Archivo".to_owned());
    let mut errors = Errors::new();
    let mut rates: BTreeMap<Month, NewRate> = BTreeMap::new();
    let mut told = 0;
    for row in table.rows.iter().filter(|row| columns.is_in_force(row)) {
        let read = columns.read(row, &otherwise, now).and_then(|rate| match rates.insert(rate.month, rate) {
            None => Ok(()),
            Some(_) => Err(("month_twice", Text::new("Ese mes ya está en el archivo.", "That month is in the file already."))),
        });
        if let Err((code, Text { es, en })) = read {
            told += 1;
            if told <= PROBLEMS_MAX {
                errors.add(FILE, code, format!("Renglón {}: {es}", row.line), format!("Line {}: {en}", row.line));
            }
        }
    }
    errors.finish()?;
    if rates.is_empty() {
        return Err(Problem::invalid_field(
            FILE,
            "no_rows",
            "El archivo no tiene meses debajo de los títulos.",
            "The file has no months below its titles.",
        ));
    }
    refuse_fractions(rates.values().map(|rate| rate.rate))?;
    Ok(rates.into_values().collect())
}

/// Spreadsheets hold 2.8 % as 0.028. A file that says so of every month would be recorded as almost no inflation.
fn refuse_fractions(rates: impl Iterator<Item = MonthlyRate>) -> Result<(), Problem> {
    let highest = rates.map(|rate| rate.rate().raw()).max().unwrap_or_default();
    if highest == 0 || highest > 5_000 {
        return Ok(());
    }
    Err(Problem::invalid_field(
        FILE,
        "fractions",
        "Todas las tasas son de 0,50 % o menos: parece que están como fracción. Escribilas en por ciento: 2,8 y no 0,028.",
        "Every rate is 0.50 % or less: they seem to be fractions. Write them in percent: 2.8 and not 0.028.",
    ))
}

/// Which column is which, and how its decimals are written.
struct Columns {
    month: usize,
    rate: usize,
    source: Option<usize>,
    current: Option<usize>,
    style: DecimalStyle,
}

impl Columns {
    fn of(table: &Table) -> Result<Self, Problem> {
        let guesses = guess_columns(&table.header, &table.rows, &FIELDS);
        let column = |field: usize| guesses.iter().position(|guess| *guess == Some(field));
        let Some((month, rate)) = column(MONTH).zip(column(RATE)) else {
            return Err(Problem::invalid_field(
                FILE,
                "columns_missing",
                "El archivo lleva títulos arriba: una columna Mes (2026-10) y otra Inflación (2,8, en por ciento).",
                "The file has titles on top: a column Month (2026-10) and another Rate (2.8, in percent).",
            ));
        };
        let style = table.decimal_style(rate);
        Ok(Self { month, rate, source: column(SOURCE), current: column(CURRENT), style })
    }

    /// Whether a row is what the shop goes by: a list that it exported also tells what was corrected.
    fn is_in_force(&self, row: &Row) -> bool {
        let said = self.current.and_then(|column| row.cells.get(column)).map(|cell| cell.trim().to_lowercase());
        !matches!(said.as_deref(), Some("no" | "0" | "false"))
    }

    fn read(&self, row: &Row, otherwise: &str, now: Month) -> Read<NewRate> {
        let cell = |column: usize| row.cells.get(column).map_or("", |cell| cell.trim());
        let month = month_of(cell(self.month)).ok_or_else(|| {
            let told = Text::new("El mes va como 2026-10 o 10/2026.", "The month is written as 2026-10 or 10/2026.");
            ("bad_month", told)
        })?;
        let month = past_month(&month.to_string(), now)?;
        let style = if row.is_number(self.rate) { DecimalStyle::Point } else { self.style };
        let plain = number::canonical(cell(self.rate).trim_end_matches('%').trim_end(), style)
            .map_err(|error| (error.code(), Text::new(error.message_es(), error.message_en())))?;
        let rate = parse_rate(&plain)?;
        let source = self.source.map(cell).filter(|said| !said.is_empty()).unwrap_or(otherwise);
        Ok(NewRate { month, rate, source: parse_source(source)? })
    }
}

/// A month as files write it: `2026-10`, `10/2026`, any day of it, `oct-26`, `octubre 2026`.
fn month_of(text: &str) -> Option<Month> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let (year, month) = match parts.as_slice() {
        [year, month] | [year, month, _] if year.len() == 4 => (*year, *month),
        [month, year] | [_, month, year] if year.len() == 4 => (*year, *month),
        [month, year] if year.len() == 2 && month.parse::<u8>().is_err() => (*year, *month),
        _ => return None,
    };
    let number = month.parse::<i8>().ok().or_else(|| {
        let at = MONTHS.iter().position(|names| names.iter().any(|name| month.starts_with(name)))?;
        i8::try_from(at + 1).ok()
    })?;
    let year = year.parse::<i16>().ok()?;
    let year = if year < 100 { 2_000 + year } else { year };
    let first = Date::new(year, number, 1).ok()?;
    (year >= 2_000).then(|| Month::of(day_of(first)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Form;

    fn read(text: &str) -> Result<Vec<String>, Vec<String>> {
        let now = Month::parse("2026-11").expect("a month");
        let upload = Upload { bytes: text.as_bytes().to_vec(), name: "ipc.csv".to_owned(), form: Form::new() };
        match rates_of(&upload, now) {
            Ok(rates) => Ok(rates.iter().map(|one| format!("{} {} {}", one.month, one.rate.rate(), one.source)).collect()),
            Err(problem) => Err(problem.errors.iter().map(|one| format!("{}: {}", one.code, one.detail.es)).collect()),
        }
    }

    #[test]
    fn months_are_read_as_files_write_them() {
        for text in ["2026-10", "10/2026", "2026-10-01", "31/10/2026", "oct-26", "Octubre 2026", "october 2026", "2026/10"] {
            assert_eq!(month_of(text).map(|month| month.to_string()).as_deref(), Some("2026-10"), "{text}");
        }
        for text in ["", "2026", "13/2026", "10/26", "1999-12", "oct", "total", "10", "2026-10-01-02"] {
            assert_eq!(month_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_file_is_read_whole_with_the_oldest_month_first() {
        let told = read("Mes;Inflación mensual %;Fuente\n2026-10;2,8;INDEC\n09/2026;3,1 %;\n");
        assert_eq!(told.unwrap(), ["2026-09 3.10 Archivo ipc.csv", "2026-10 2.80 INDEC"]);
        let exported = "Month,Monthly rate %,By day %,Source,In force\n2026-10,2.80,0.0908,INDEC,yes\n2026-10,9.00,0.28,mal,no\n";
        assert_eq!(read(exported).unwrap(), ["2026-10 2.80 INDEC"], "what was corrected stays out");
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_nothing_is_read() {
        let told = read("mes;tasa\n2026-10;2,8\n2026-10;2,9\nayer;1\n2026-12;1\n2026-08;mucho\n2026-07;60\n").unwrap_err();
        let codes: Vec<&str> = told.iter().filter_map(|one| one.split(':').next()).collect();
        assert_eq!(codes, ["month_twice", "bad_month", "in_the_future", "not_a_number", "out_of_range"], "{told:?}");
        assert!(told[0].contains("Renglón 3: "), "{told:?}");
        for (file, code) in [
            ("a;b\n1;2\n", "columns_missing"),
            ("mes;tasa\n2026-10;0,03\n2026-09;0,02\n", "fractions"),
            ("mes;tasa;vigente\n2026-10;2,8;no\n", "no_rows"),
        ] {
            assert!(read(file).unwrap_err()[0].starts_with(code), "{file}");
        }
        assert_eq!(read("mes;tasa\n2026-10;0\n").unwrap(), ["2026-10 0.00 Archivo ipc.csv"]);
    }
}
