//! Finding products: by a code that somebody scanned or typed, and by a few letters of anything they
//! are called. Both only find ids; `queries.rs` reads the products.

use std::collections::HashMap;

use gondola_ledger::{Money, Qty, Unit};
use gondola_store::{Engine, StoreError, Tx, both};
use uuid::Uuid;

use super::barcode::{Barcode, SCALE_RULES, ScaleLabel, ScaleMeasure};
use super::codes::{parse_internal_code, parse_plu};
use super::rows::SummaryRow;
use super::sql;
use crate::kernel::bulk::{id_list, json};
use crate::kernel::text::{Sku, fold};

/// Letters a word needs to be searched by.
pub const WORD_LETTERS_MIN: usize = 3;
/// Words of a search that are looked at.
const WORDS_MAX: usize = 10;
/// Sorts after every letter: the end of a range of names.
pub(super) const LAST_LETTER: &str = "\u{10FFFF}";

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The product.
    pub product: Uuid,
    /// The presentation whose barcode it is; none for the unit itself.
    pub presentation: Option<Uuid>,
    /// What kind of code it is.
    pub kind: HitKind,
    /// What a scale's label states besides the product.
    pub measure: Option<ScaleMeasure>,
}

/// The kinds of code a product is found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitKind {
    /// A barcode.
    Barcode,
    /// The SKU.
    Sku,
    /// The shop's own number.
    InternalCode,
    /// The scale's number, typed.
    Plu,
    /// A label that the scale printed.
    ScaleLabel,
}

impl HitKind {
    /// As the API names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Barcode => "barcode",
            Self::Sku => "sku",
            Self::InternalCode => "internal_code",
            Self::Plu => "plu",
            Self::ScaleLabel => "scale_label",
        }
    }
}

impl Hit {
    /// How much of the product a scale's label is for, in the product's unit, when it states a weight.
    pub fn quantity(&self, unit: Unit) -> Option<Qty> {
        match (self.measure?, unit) {
            (ScaleMeasure::Grams(grams), Unit::Kg) => Some(Qty::new(i64::from(grams))),
            (ScaleMeasure::Grams(grams), Unit::G) => Qty::whole(i64::from(grams)),
            _ => None,
        }
    }

    /// What a scale's label charges, when it states an amount.
    pub fn amount(&self) -> Option<Money> {
        match self.measure? {
            ScaleMeasure::Pesos(pesos) => Some(Money::new(i64::from(pesos) * 100)),
            ScaleMeasure::Grams(_) => None,
        }
    }
}

/// What stands behind `code`: any barcode, SKU, internal code, PLU or label of the scale. A label of
/// the scale is one only when no product has that very barcode.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn by_code(tx: &mut Tx<'_>, code: &str) -> Result<Option<Hit>, StoreError> {
    let barcode = Barcode::parse(code).ok();
    let label = barcode.as_ref().and_then(|barcode| ScaleLabel::parse(barcode, &SCALE_RULES));
    let barcode = barcode.map(|barcode| barcode.to_string());
    let sku = Sku::parse(code).ok().map(|sku| sku.to_string());
    let internal = parse_internal_code(code).ok();
    let typed_plu = parse_plu(code).ok();
    let label_plu = label.map(|label| format!("{:05}", label.plu));
    let row: Option<(Uuid, Option<Uuid>, i64)> = both!(tx, c, text => sqlx::query_as(text(sql::FIND_BY_CODE))
        .bind(&barcode).bind(&sku).bind(&internal).bind(&typed_plu).bind(&label_plu)
        .fetch_optional(c).await?);
    Ok(row.map(|(product, presentation, kind)| {
        let kind = match kind {
            1 => HitKind::Barcode,
            2 => HitKind::Sku,
            3 => HitKind::InternalCode,
            4 => HitKind::Plu,
            _ => HitKind::ScaleLabel,
        };
        let measure = label.filter(|_| kind == HitKind::ScaleLabel).map(|label| label.measure);
        Hit { product, presentation, kind, measure }
    }))
}

/// What somebody looks for, folded into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    phrase: String,
    words: Vec<String>,
}

/// Why a product was found, best reason first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// It is the code.
    Code,
    /// Its name begins so.
    Beginning,
    /// A word of its name begins so.
    Word,
    /// The letters are in its name.
    Name,
    /// They are elsewhere: an alias, its brand, part of a code.
    Other,
}

impl Match {
    /// As the API names it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Beginning => "beginning",
            Self::Word => "word",
            Self::Name => "name",
            Self::Other => "other",
        }
    }
}

impl Search {
    /// Reads what was typed; nothing when it holds no letter or digit.
    pub fn parse(text: &str) -> Option<Self> {
        let phrase = fold(text);
        let words: Vec<String> = phrase.split(' ').take(WORDS_MAX).map(str::to_owned).collect();
        (!phrase.is_empty()).then_some(Self { phrase, words })
    }

    /// What was typed, folded.
    pub(super) fn phrase(&self) -> &str {
        &self.phrase
    }

    /// All words, as the list that statements take.
    pub(super) fn words(&self) -> String {
        json(&self.words)
    }

    /// What the engine's search index is asked: its words of three letters and more. Nothing when all
    /// are shorter.
    pub(super) fn letters(&self, engine: Engine) -> Option<String> {
        let long: Vec<&String> = self.words.iter().filter(|word| word.chars().count() >= WORD_LETTERS_MIN).collect();
        let letters = match engine {
            Engine::Sqlite => long.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" "),
            Engine::Postgres => long.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" "),
        };
        (!long.is_empty()).then_some(letters)
    }

    fn longest(&self) -> &str {
        self.words.iter().max_by_key(|word| word.len()).map_or("", String::as_str)
    }
}

/// Products for what was typed, best first: the exact code, then names that begin so, words that
/// begin so, names that hold it, and what holds it elsewhere. What is not sold any more comes last.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn search(tx: &mut Tx<'_>, text: &str, limit: i64) -> Result<Vec<(Uuid, Match)>, StoreError> {
    let exact = by_code(tx, text).await?.map(|hit| (hit.product, Match::Code));
    let Some(search) = Search::parse(text) else { return Ok(exact.into_iter().collect()) };
    let rows: Vec<(Uuid, i64)> = match search.letters(tx.engine()) {
        Some(letters) => both!(tx, c, text => sqlx::query_as(text(sql::SEARCH_BY_TEXT))
            .bind(&letters).bind(search.words()).bind(search.phrase()).bind(search.longest()).bind(limit)
            .fetch_all(c).await?),
        None => both!(tx, c, text => sqlx::query_as(text(sql::SEARCH_BY_BEGINNING))
            .bind(search.phrase()).bind(LAST_LETTER).bind(limit).fetch_all(c).await?),
    };
    let found = rows.into_iter().map(|(id, rank)| (id, reason(rank)));
    let found = found.filter(|(id, _)| exact.is_none_or(|(product, _)| product != *id));
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(exact.into_iter().chain(found).take(limit).collect())
}

/// The products of a search as lists show them, in its order.
pub(super) async fn summaries(
    tx: &mut Tx<'_>,
    found: &[(Uuid, Match)],
) -> Result<Vec<(SummaryRow, Match)>, StoreError> {
    let ids = id_list(found.iter().map(|(id, _)| id));
    let rows: Vec<SummaryRow> =
        both!(tx, c, text => sqlx::query_as(text(sql::FIND_SUMMARIES)).bind(&ids).fetch_all(c).await?);
    let mut rows: HashMap<Uuid, SummaryRow> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(found.iter().filter_map(|(id, reason)| Some((rows.remove(id)?, *reason))).collect())
}

fn reason(rank: i64) -> Match {
    match rank {
        1 => Match::Beginning,
        2 => Match::Word,
        3 => Match::Name,
        _ => Match::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_its_folded_words() {
        let search = Search::parse("  Coca-Cola 2,25 ").unwrap();
        assert_eq!(search.phrase(), "coca cola 2 25");
        assert_eq!(search.letters(Engine::Sqlite).unwrap(), "\"coca\" \"cola\"");
        assert_eq!(search.letters(Engine::Postgres).unwrap(), "coca cola");
        assert_eq!(Search::parse("7 up").unwrap().letters(Engine::Sqlite), None);
        assert_eq!(Search::parse(" -- "), None);
    }

    #[test]
    fn a_label_that_states_grams_is_kilos_of_a_product_in_kilos() {
        let hit = |measure| Hit { product: Uuid::nil(), presentation: None, kind: HitKind::ScaleLabel, measure };
        let weight = hit(Some(ScaleMeasure::Grams(1_250)));
        assert_eq!(weight.quantity(Unit::Kg).unwrap().format(Unit::Kg), "1.250");
        assert_eq!(weight.quantity(Unit::G).unwrap().format(Unit::G), "1250.000");
        assert_eq!((weight.quantity(Unit::Un), weight.amount()), (None, None));
        assert_eq!(hit(Some(ScaleMeasure::Pesos(1_995))).amount().unwrap().to_string(), "1995.00");
    }
}
