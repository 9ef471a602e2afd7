//! Which product each line of a list is. What a barcode, the supplier's code or a wording says is certain; the rest is compared
//! by words with every product of the same brand and measure, for without those two no score reaches a person.

use std::collections::HashMap;

use gondola_pricing::similar::{Article, Family, Measure, normalise};
use gondola_store::{StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::alike::{Best, Candidate, best};
use super::lines::{Certainty, ListLine};
use super::sql;
use crate::invoices::{ArticleRow, MatchedBy, WrittenLine, container, find_certain};
use crate::suppliers::{PackRule, PricePer, SupplierRecord};

/// Products that lines are compared with, at most.
const ARTICLES_MAX: i64 = 50_000;
/// Words of a brand at most.
const BRAND_WORDS_MAX: usize = 5;

/// A product of the shop, and what lists say besides.
#[derive(FromRow)]
struct ListArticle {
    #[sqlx(flatten)]
    row: ArticleRow,
    category_name: String,
    barcode: Option<String>,
}

/// Finds the product of every line.
///
/// # Errors
/// The database's failure.
pub async fn find(tx: &mut Tx<'_>, supplier: &SupplierRecord, lines: &mut [ListLine]) -> Result<(), StoreError> {
    let mut written: Vec<WrittenLine> = lines.iter().map(|line| line.written.clone()).collect();
    find_certain(tx, Some(supplier.id), &mut written).await?;
    for (line, written) in lines.iter_mut().zip(written) {
        if written.product.is_some() {
            (line.written.product, line.written.matched_by) = (written.product, written.matched_by);
            line.certainty = Certainty::Certain;
        }
    }
    if lines.iter().all(|line| line.written.product.is_some()) {
        return Ok(());
    }
    let articles: Vec<ListArticle> = both!(tx, c, text => sqlx::query_as(text(sql::ARTICLES)).bind(supplier.id)
        .bind(ARTICLES_MAX).fetch_all(c).await?);
    let shelves = Shelves::of(articles);
    for line in lines.iter_mut().filter(|line| line.written.product.is_none()) {
        let Some((product, found)) = shelves.find(line, supplier) else { continue };
        line.written.product = Some(product);
        line.written.matched_by = Some(MatchedBy::Likeness);
        line.score = Some(found.score);
        line.certainty = if found.is_doubtful { Certainty::Person } else { Certainty::Automatic };
    }
    Ok(())
}

/// The shop's products by brand and measure.
struct Shelves {
    ids: Vec<Uuid>,
    candidates: Vec<Candidate>,
    by_brand: HashMap<String, Vec<usize>>,
}

impl Shelves {
    fn of(articles: Vec<ListArticle>) -> Self {
        let mut shelves = Self { ids: Vec::new(), candidates: Vec::new(), by_brand: HashMap::new() };
        for ListArticle { row, category_name, barcode } in articles {
            let article = row.article();
            let Some(brand) = article.brand.as_deref().map(normalise).filter(|brand| !brand.is_empty()) else {
                continue;
            };
            let units = article.units_per_case.or_else(|| pack_of(&article.name)).or(Some(1));
            let article = Article { barcode, category: Some(category_name), units_per_case: units, ..article };
            shelves.by_brand.entry(brand).or_default().push(shelves.ids.len());
            shelves.ids.push(row.id);
            shelves.candidates.push(Candidate::new(article, row.family()));
        }
        shelves
    }

    /// The longest brand of the shop that stands in a text.
    fn brand_in(&self, text: &str) -> Option<String> {
        let spelled = normalise(text);
        let words: Vec<&str> = spelled.split(' ').collect();
        (1..=BRAND_WORDS_MAX.min(words.len()))
            .rev()
            .find_map(|many| words.windows(many).map(|run| run.join(" ")).find(|run| self.by_brand.contains_key(run)))
    }

    fn find(&self, line: &ListLine, supplier: &SupplierRecord) -> Option<(Uuid, Best)> {
        let WrittenLine { about, barcode, .. } = &line.written;
        let brand = self.brand_in(&line.brand).or_else(|| self.brand_in(about))?;
        let measure = Measure::read(about);
        let article = Article {
            barcode: (!barcode.is_empty()).then(|| barcode.clone()),
            name: about.clone(),
            brand: Some(brand.clone()),
            measure,
            units_per_case: units_of(&line.written, supplier),
            category: (!line.category.is_empty()).then(|| line.category.clone()),
            container: container(about),
        };
        let theirs = self.by_brand.get(&brand)?;
        let candidates = theirs.iter().map(|at| (*at, &self.candidates[*at]));
        let found = best(&article, candidates.filter(|(_, other)| is_worth_it(measure, other)))?;
        Some((self.ids[found.at], found))
    }
}

/// Whether a product of the brand may be the line: its measure is the same, or is asked about by its family.
fn is_worth_it(measure: Option<Measure>, other: &Candidate) -> bool {
    other.family != Family::Other || measure == other.article.measure
}

/// Units of what a line's price is for, where that can be told: one, unless the price is for a case.
fn units_of(written: &WrittenLine, supplier: &SupplierRecord) -> Option<u32> {
    let is_for_one = written.unit == "unidad" || written.unit.is_empty() && supplier.paper.price_per == PricePer::Unit;
    if is_for_one {
        return pack_of(&written.about).or(Some(1));
    }
    let from_name = matches!(supplier.paper.pack_rule, PackRule::FirstNumber | PackRule::AllButLast);
    written.units_per_case.or_else(|| if from_name { None } else { pack_of(&written.about) })
}

/// The pack that a name says: `pack x 6`, `x 6 u`.
fn pack_of(name: &str) -> Option<u32> {
    let spelled = normalise(name);
    let words: Vec<&str> = spelled.split(' ').collect();
    (0..words.len()).find_map(|at| {
        let units: u32 = words[at].parse().ok().filter(|units| (2..=200).contains(units))?;
        let before = at.checked_sub(1).map(|before| words[before]);
        let after = words.get(at + 1).copied();
        let is_pack = before == Some("pack")
            || before == Some("x") && matches!(after, Some("u" | "un" | "uni" | "unid" | "unidades"));
        let is_pack = is_pack || before == Some("x") && at.checked_sub(2).is_some_and(|two| words[two] == "pack");
        is_pack.then_some(units)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_read_from_a_name() {
        for (name, expected) in [
            ("Cerveza Quilmes lata 473 pack x 6", Some(6)),
            ("Huevos x 12 u", Some(12)),
            ("Leche entera x 1 l", None),
            ("Agua 6 x 500 ml", None),
            ("7up 500", None),
        ] {
            assert_eq!(pack_of(name), expected, "{name}");
        }
    }
}
