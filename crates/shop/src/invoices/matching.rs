//! Which product each line of an invoice is: by barcode, by the supplier's code, by the supplier's wording or the product's
//! name; what is left over gets the product whose words are most alike, and that is for a person to say.

use std::collections::{BTreeSet, HashMap};

use gondola_ledger::{Qty, Unit};
use gondola_pricing::similar::{Article, Container, Family, Measure, best_match, normalise};
use gondola_store::{StoreError, Tx, both};
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use super::written::{MatchedBy, WrittenLine};
use crate::catalogue;
use crate::kernel::bulk::{id_list, json};
use crate::kernel::text::fold;

/// Products of a supplier that lines are compared with, at most.
const ARTICLES_MAX: i64 = 5_000;
/// Categories whose goods are compared by rules of their own (`suppliers-and-purchasing.md`, price lists).
const BEER_IN_CANS: &str = "CLA";
const BEER_IN_BOTTLES: &str = "CBO";
const CHEESE: &str = "QUE";
const FROZEN: &str = "CON";
/// Lines without a supplier's product that the whole catalogue is searched for, at most, and products found for each.
const SEARCHED_MAX: usize = 40;
const FOUND_MAX: i64 = 10;

#[derive(FromRow)]
struct ByKey {
    key: String,
    product_id: Uuid,
}

#[derive(FromRow)]
struct ByName {
    key: String,
    product_id: Uuid,
    own: bool,
}

/// Finds the product of every line that has none.
///
/// # Errors
/// The database's failure.
pub(super) async fn find_products(
    tx: &mut Tx<'_>,
    supplier: Option<Uuid>,
    lines: &mut [WrittenLine],
) -> Result<(), StoreError> {
    find_certain(tx, supplier, lines).await?;
    by_likeness(tx, supplier, lines).await
}

/// Finds the product of every line that has none and leaves no doubt: by barcode, by code, by wording or name.
///
/// # Errors
/// The database's failure.
pub(crate) async fn find_certain(
    tx: &mut Tx<'_>,
    supplier: Option<Uuid>,
    lines: &mut [WrittenLine],
) -> Result<(), StoreError> {
    let barcodes = by_barcode(tx, lines).await?;
    let codes = match supplier {
        Some(supplier) => by_code(tx, supplier, lines).await?,
        None => HashMap::new(),
    };
    let names = by_name(tx, supplier, lines).await?;
    for line in lines.iter_mut().filter(|line| line.is_goods && line.product.is_none()) {
        let found = [
            (barcodes.get(&line.barcode), MatchedBy::Barcode),
            (codes.get(&line.code), MatchedBy::Code),
            (names.get(&fold(&line.about)), MatchedBy::Alias),
        ];
        let found = found.into_iter().find_map(|(product, way)| Some((*product?, way)));
        (line.product, line.matched_by) = found.unzip();
    }
    Ok(())
}

fn open(lines: &[WrittenLine]) -> impl Iterator<Item = &WrittenLine> {
    lines.iter().filter(|line| line.is_goods && line.product.is_none())
}

async fn by_barcode(tx: &mut Tx<'_>, lines: &[WrittenLine]) -> Result<HashMap<String, Uuid>, StoreError> {
    let codes: BTreeSet<&str> = open(lines).map(|line| line.barcode.as_str()).filter(|code| !code.is_empty()).collect();
    let list = json(&codes.into_iter().collect::<Vec<_>>());
    let found: Vec<ByKey> =
        both!(tx, c, text => sqlx::query_as(text(sql::MATCH_BARCODES)).bind(list).fetch_all(c).await?);
    Ok(found.into_iter().map(|row| (row.key, row.product_id)).collect())
}

async fn by_code(tx: &mut Tx<'_>, supplier: Uuid, lines: &[WrittenLine]) -> Result<HashMap<String, Uuid>, StoreError> {
    let codes: BTreeSet<&str> = open(lines).map(|line| line.code.as_str()).filter(|code| !code.is_empty()).collect();
    let list = json(&codes.into_iter().collect::<Vec<_>>());
    let found: Vec<ByKey> =
        both!(tx, c, text => sqlx::query_as(text(sql::MATCH_CODES)).bind(list).bind(supplier).fetch_all(c).await?);
    Ok(found.into_iter().map(|row| (row.key, row.product_id)).collect())
}

/// What the supplier calls a product comes before what everybody calls it; a name of two products is nobody's.
async fn by_name(
    tx: &mut Tx<'_>,
    supplier: Option<Uuid>,
    lines: &[WrittenLine],
) -> Result<HashMap<String, Uuid>, StoreError> {
    let names: BTreeSet<String> = open(lines).map(|line| fold(&line.about)).filter(|name| !name.is_empty()).collect();
    let list = json(&names.into_iter().collect::<Vec<_>>());
    let found: Vec<ByName> =
        both!(tx, c, text => sqlx::query_as(text(sql::MATCH_NAMES)).bind(list).bind(supplier).fetch_all(c).await?);
    let mut known: HashMap<String, Option<Uuid>> = HashMap::new();
    let mut own: BTreeSet<String> = BTreeSet::new();
    for row in found {
        if row.own {
            own.insert(row.key.clone());
        } else if own.contains(&row.key) {
            continue;
        }
        known
            .entry(row.key)
            .and_modify(|product| *product = product.filter(|known| *known == row.product_id))
            .or_insert(Some(row.product_id));
    }
    Ok(known.into_iter().filter_map(|(key, product)| Some((key, product?))).collect())
}

/// A product with what tells products alike.
#[derive(FromRow)]
pub(crate) struct ArticleRow {
    pub id: Uuid,
    name: String,
    brand: String,
    content_quantity: Option<i64>,
    content_unit: Option<String>,
    unit: String,
    category: String,
    pack_num: i64,
    pack_den: i64,
}

impl ArticleRow {
    /// It as one side of a comparison.
    pub fn article(&self) -> Article {
        Article {
            barcode: None,
            name: self.name.clone(),
            brand: (!self.brand.is_empty()).then(|| self.brand.clone()),
            measure: self.measure().or_else(|| Measure::read(&self.name)),
            units_per_case: u32::try_from(self.pack_num).ok().filter(|units| self.pack_den == 1 && *units > 1),
            category: Some(self.category.clone()),
            container: container(&self.name).or_else(|| self.usual_container()),
        }
    }

    fn measure(&self) -> Option<Measure> {
        if self.unit == "kg" {
            return Some(Measure::PerKilo);
        }
        let quantity = self.content_quantity?;
        match Unit::from_code(self.content_unit.as_deref()?)? {
            Unit::G => Some(Measure::Grams(Qty::new(quantity))),
            Unit::Kg => Some(Measure::Grams(Qty::new(quantity.checked_mul(1_000)?))),
            Unit::Ml => Some(Measure::Millilitres(Qty::new(quantity))),
            Unit::L => Some(Measure::Millilitres(Qty::new(quantity.checked_mul(1_000)?))),
            Unit::Un | Unit::M => None,
        }
    }

    /// What the goods of its category come in.
    fn usual_container(&self) -> Option<Container> {
        match self.category.as_str() {
            BEER_IN_CANS => Some(Container::Can),
            BEER_IN_BOTTLES => Some(Container::Bottle),
            _ => None,
        }
    }

    /// Whether it has rules of its own: beer by its category or its name, and cheese and frozen goods that are sold by weight.
    pub fn family(&self) -> Family {
        let is_beer = || normalise(&self.name).split(' ').any(|word| word == "cerveza");
        match self.category.as_str() {
            BEER_IN_CANS | BEER_IN_BOTTLES => Family::Beer,
            CHEESE | FROZEN if self.measure() == Some(Measure::PerKilo) => Family::ByKilo,
            _ if is_beer() => Family::Beer,
            _ => Family::Other,
        }
    }
}

/// Can or bottle, when a name says it.
pub(crate) fn container(name: &str) -> Option<Container> {
    normalise(name).split(' ').find_map(|word| match word {
        "lata" | "latas" => Some(Container::Can),
        "botella" | "botellas" | "bot" => Some(Container::Bottle),
        _ => None,
    })
}

/// The most alike of the supplier's products, and of those that the words of the line find.
async fn by_likeness(tx: &mut Tx<'_>, supplier: Option<Uuid>, lines: &mut [WrittenLine]) -> Result<(), StoreError> {
    if open(lines).next().is_none() {
        return Ok(());
    }
    let own: Vec<ArticleRow> = match supplier {
        None => Vec::new(),
        Some(supplier) => both!(&mut *tx, c, text => sqlx::query_as(text(sql::ARTICLES_OF))
            .bind(supplier).bind(ARTICLES_MAX).fetch_all(c).await?),
    };
    let own: Vec<(Uuid, Article, Family)> = own.iter().map(|row| (row.id, row.article(), row.family())).collect();
    let mut searched = 0;
    for line in lines.iter_mut().filter(|line| line.is_goods && line.product.is_none()) {
        let mut found = alike(line, &own);
        if found.is_none() && searched < SEARCHED_MAX {
            searched += 1;
            found = alike(line, &searched_for(tx, &line.about).await?);
        }
        (line.product, line.matched_by) = found.map(|product| (product, MatchedBy::Likeness)).unzip();
    }
    Ok(())
}

fn alike(line: &WrittenLine, products: &[(Uuid, Article, Family)]) -> Option<Uuid> {
    let words = format!(" {} ", normalise(&line.about));
    // Whose brand stands in the line has the line's brand: the paper has no column for it.
    let brand = products.iter().filter_map(|(_, article, _)| article.brand.as_deref());
    let brand =
        brand.filter(|brand| words.contains(&format!(" {} ", normalise(brand)))).max_by_key(|brand| brand.len());
    let article = Article {
        barcode: None,
        name: line.about.clone(),
        brand: brand.map(str::to_owned),
        measure: Measure::read(&line.about),
        units_per_case: line.units_per_case.filter(|units| *units > 1),
        category: None,
        container: container(&line.about),
    };
    let candidates: Vec<(Article, Family)> =
        products.iter().map(|(_, article, family)| (article.clone(), *family)).collect();
    let (at, _) = best_match(&article, &candidates)?;
    Some(products[at].0)
}

/// Products of the whole catalogue that the two longest words of a description find.
async fn searched_for(tx: &mut Tx<'_>, about: &str) -> Result<Vec<(Uuid, Article, Family)>, StoreError> {
    let text = normalise(about);
    let mut words: Vec<&str> = text.split(' ').filter(|word| word.chars().all(char::is_alphabetic)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.truncate(2);
    let mut ids: BTreeSet<Uuid> = BTreeSet::new();
    for asked in [words.join(" "), words.first().copied().unwrap_or_default().to_owned()] {
        if ids.is_empty() && asked.chars().count() >= 3 {
            ids.extend(catalogue::search(tx, &asked, FOUND_MAX).await?.into_iter().map(|(id, _)| id));
        }
    }
    let list = id_list(&ids);
    let rows: Vec<ArticleRow> =
        both!(&mut *tx, c, text => sqlx::query_as(text(sql::ARTICLES)).bind(list).fetch_all(c).await?);
    Ok(rows.iter().map(|row| (row.id, row.article(), row.family())).collect())
}
