//! Which column is which: proposals from the titles and from what the cells look like.
//!
//! A proposal is shown to a person before it is used, and [`header_signature`] lets the shop remember what that
//! person chose for the next file with the same titles. Not here: the list of fields, which is the importer's.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::table::Row;

/// How many rows of the sample are looked at.
const SAMPLE_ROWS: usize = 100;
/// The least score that is a proposal.
const SCORE_MIN: u32 = 40;
const SCORE_WHOLE_TITLE: u32 = 100;
const SCORE_WORDS: u32 = 50;
const SCORE_CONTENT: u32 = 40;

/// A field that a column may feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldSpec<'a> {
    /// Its name, which is also a synonym.
    pub name: &'a str,
    /// Titles people give it, the likeliest first; case, accents and punctuation do not matter.
    pub synonyms: &'a [&'a str],
    /// What its cells look like.
    pub content: Content,
}

/// What the cells of a field look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Anything: only the title tells.
    Any,
    /// Barcodes, recognised without a title; a column titled "código" without them is not this field.
    Barcode,
}

/// For every column of the header, the position in `fields` of the one it most likely feeds. Each field is proposed
/// for one column at most: first the titles that fit best, then the leftmost.
pub fn guess_columns(header: &[String], sample: &[Row], fields: &[FieldSpec<'_>]) -> Vec<Option<usize>> {
    let mut scores = Vec::new();
    for (column, title) in header.iter().enumerate() {
        let title = words(title);
        let barcodes = holds_barcodes(sample, column);
        for (field, spec) in fields.iter().enumerate() {
            let score = score(&title, barcodes, spec);
            if score >= SCORE_MIN {
                scores.push((score, column, field));
            }
        }
    }
    scores.sort_by_key(|&(score, column, field)| (std::cmp::Reverse(score), column, field));
    let mut guesses = vec![None; header.len()];
    let mut taken = vec![false; fields.len()];
    for (_, column, field) in scores {
        if guesses[column].is_none() && !taken[field] {
            guesses[column] = Some(field);
            taken[field] = true;
        }
    }
    guesses
}

/// The titles of a header in one line, the same for every file whose titles differ only in case, accents,
/// punctuation or spaces.
pub fn header_signature(header: &[String]) -> String {
    let titles: Vec<String> = header.iter().map(|title| words(title).join(" ")).collect();
    titles.join("|")
}

fn score(title: &[String], holds_barcodes: bool, spec: &FieldSpec<'_>) -> u32 {
    let names = std::iter::once(&spec.name).chain(spec.synonyms);
    let by_title = names.map(|name| title_score(title, &words(name))).max().unwrap_or(0);
    match (spec.content, holds_barcodes) {
        (Content::Any, _) => by_title,
        (Content::Barcode, true) => by_title + SCORE_CONTENT,
        (Content::Barcode, false) => by_title / 2,
    }
}

/// How well a synonym fits a title: best when it is the whole title, less the more words it leaves over.
fn title_score(title: &[String], synonym: &[String]) -> u32 {
    if synonym.is_empty() || title.len() < synonym.len() {
        return 0;
    }
    if title == synonym {
        return SCORE_WHOLE_TITLE;
    }
    let contained = title.windows(synonym.len()).any(|words| words == synonym);
    let left_over = u32::try_from(title.len() - synonym.len()).unwrap_or(u32::MAX);
    if contained { SCORE_WORDS.saturating_sub(left_over.min(10)) + synonym.len().min(10) as u32 } else { 0 }
}

/// Whether nearly all filled cells of a column are codes of 8, 12, 13 or 14 digits with the right check digit.
fn holds_barcodes(sample: &[Row], column: usize) -> bool {
    let cells = sample.iter().take(SAMPLE_ROWS).filter_map(|row| row.cells.get(column)).map(|cell| cell.trim());
    let (mut filled, mut codes) = (0_usize, 0_usize);
    for cell in cells.filter(|cell| !cell.is_empty()) {
        filled += 1;
        codes += usize::from(looks_like_barcode(cell));
    }
    filled > 0 && codes * 10 >= filled * 8
}

fn looks_like_barcode(cell: &str) -> bool {
    let digits: Option<Vec<u32>> = cell.chars().map(|character| character.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| matches!(digits.len(), 8 | 12 | 13 | 14)) else {
        return false;
    };
    let sum: u32 = digits.iter().rev().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10) && sum > 0
}

/// The words of a title without case, accents or punctuation.
fn words(title: &str) -> Vec<String> {
    let plain: String = title.nfkd().filter(|&character| !is_combining_mark(character)).collect();
    let words = plain.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [FieldSpec<'_>; 5] = [
        FieldSpec { name: "barcode", synonyms: &["código de barras", "ean", "código"], content: Content::Barcode },
        FieldSpec { name: "sku", synonyms: &["código interno", "código"], content: Content::Any },
        FieldSpec { name: "name", synonyms: &["nombre", "producto", "descripción"], content: Content::Any },
        FieldSpec { name: "category", synonyms: &["categoría", "rubro"], content: Content::Any },
        FieldSpec { name: "sale_price", synonyms: &["precio de venta", "precio"], content: Content::Any },
    ];

    fn guess(header: &[&str], cells: &[&str]) -> Vec<Option<&'static str>> {
        let header: Vec<String> = header.iter().map(|title| (*title).to_owned()).collect();
        let row = Row { line: 2, cells: cells.iter().map(|cell| (*cell).to_owned()).collect(), numbers: Vec::new() };
        let guesses = guess_columns(&header, &[row], &FIELDS);
        guesses.into_iter().map(|field| field.map(|field| FIELDS[field].name)).collect()
    }

    #[test]
    fn titles_match_without_case_accents_or_punctuation() {
        assert_eq!(
            guess(&["CODIGO_INTERNO", "Descripcion", "RUBRO:", "Precio  Venta", "Stock"], &[]),
            [Some("sku"), Some("name"), Some("category"), Some("sale_price"), None]
        );
    }

    #[test]
    fn only_whole_words_count() {
        assert_eq!(guess(&["subcategoria", "categoria", "Meanwhile"], &[]), [None, Some("category"), None]);
    }

    #[test]
    fn the_content_tells_a_barcode_from_a_code_of_the_house() {
        assert_eq!(guess(&["Código", "Producto"], &["7790742034007", "Leche"]), [Some("barcode"), Some("name")]);
        assert_eq!(guess(&["Código", "Producto"], &["A-12", "Leche"]), [Some("sku"), Some("name")]);
    }

    #[test]
    fn barcodes_are_recognised_without_a_title_and_the_better_title_wins() {
        assert_eq!(
            guess(&["Producto", "Producto_s_tilde", "", "precio"], &["Leche", "Leche", "7790742034007", "145.0"]),
            [Some("name"), None, Some("barcode"), Some("sale_price")]
        );
    }

    #[test]
    fn the_signature_is_the_same_for_the_same_titles() {
        let signature = |titles: [&str; 2]| header_signature(&titles.map(str::to_owned));
        assert_eq!(signature(["Código", " PRECIO_Venta "]), "codigo|precio venta");
        assert_eq!(signature(["CODIGO", "precio-venta"]), signature(["Código", " PRECIO_Venta "]));
        assert_ne!(signature(["a", "b"]), signature(["b", "a"]));
    }
}
