//! Rates in a file: a column that says the month and one that says how much prices rose in it. What the shop exports is
//! read back; a file is recorded whole or not at all.

use std::collections::BTreeSet;

use gondola_pricing::inflation::MonthlyRate;
use gondola_sheets::{Content, FieldSpec};
use jiff::civil::Date;

use super::bodies::{SOURCE_MAX, parse_rate, parse_source, past_month};
use super::commands::NewRate;
use super::month::Month;
use crate::kernel::text::clean_line;
use crate::kernel::time::day_of;
use crate::kernel::{Problem, TableFile, Text, Upload};

/// Bytes of a file at most.
pub(super) const FILE_BYTES_MAX: usize = 1024 * 1024;
/// Rows of a file at most: fifty years, each month corrected once.
const ROWS_MAX: usize = 1_200;
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
    let otherwise = Text::new(
        "El archivo lleva títulos arriba: una columna Mes (2026-10) y otra Inflación (2,8, en por ciento).",
        "The file has titles on top: a column Month (2026-10) and another Rate (2.8, in percent).",
    );
    let file = TableFile::read(upload, (FILE_BYTES_MAX, ROWS_MAX), (&FIELDS, &[&[MONTH], &[RATE]]), otherwise)?;
    let named = clean_line(&format!("Archivo {}", upload.name), SOURCE_MAX).unwrap_or_else(|_| "Archivo".to_owned());
    let mut months = BTreeSet::new();
    let mut rates = file.each(|row| {
        // A list that the shop exported also tells what was corrected.
        if matches!(file.cell(row, CURRENT).to_lowercase().as_str(), "no" | "0" | "false") {
            return Ok(None);
        }
        let month = month_of(file.cell(row, MONTH)).ok_or_else(|| {
            let told = Text::new("El mes va como 2026-10 o 10/2026.", "The month is written as 2026-10 or 10/2026.");
            ("bad_month", told)
        })?;
        let month = past_month(&month.to_string(), now)?;
        let rate = parse_rate(&file.number(row, RATE)?)?;
        let said = Some(file.cell(row, SOURCE)).filter(|said| !said.is_empty());
        let source = parse_source(said.unwrap_or(&named))?;
        if !months.insert(month) {
            return Err((
                "month_twice",
                Text::new("Ese mes ya está en el archivo.", "That month is in the file already."),
            ));
        }
        Ok(Some(NewRate { month, rate, source }))
    })?;
    refuse_fractions(rates.iter().map(|rate| rate.rate))?;
    rates.sort_by_key(|rate| rate.month);
    Ok(rates)
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

/// A month as files write it: `2026-10`, `10/2026`, any day of it, `oct-26`, `octubre 2026`.
fn month_of(text: &str) -> Option<Month> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> =
        lower.split(|letter: char| !letter.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
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
            Ok(rates) => {
                Ok(rates.iter().map(|one| format!("{} {} {}", one.month, one.rate.rate(), one.source)).collect())
            }
            Err(problem) => Err(problem.fields.iter().map(|one| format!("{}: {}", one.code, one.detail.es)).collect()),
        }
    }

    #[test]
    fn months_are_read_as_files_write_them() {
        for text in
            ["2026-10", "10/2026", "2026-10-01", "31/10/2026", "oct-26", "Octubre 2026", "october 2026", "2026/10"]
        {
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
        let exported =
            "Month,Monthly rate %,By day %,Source,In force\n2026-10,2.80,0.0908,INDEC,yes\n2026-10,9.00,0.28,mal,no\n";
        assert_eq!(read(exported).unwrap(), ["2026-10 2.80 INDEC"], "what was corrected stays out");
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line_and_nothing_is_read() {
        let told =
            read("mes;tasa\n2026-10;2,8\n2026-10;2,9\nayer;1\n2026-12;1\n2026-08;mucho\n2026-07;60\n").unwrap_err();
        let codes: Vec<&str> = told.iter().filter_map(|one| one.split(':').next()).collect();
        assert_eq!(
            codes,
            ["month_twice", "bad_month", "in_the_future", "number_not_a_number", "out_of_range"],
            "{told:?}"
        );
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
