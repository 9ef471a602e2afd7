//! Reads the tables beside this file: one line per category, one per family of products that differ only in variant and size.
//! The tables are part of the program and a test reads every row, so a bad row stops the build and not a shop. Not here: what
//! becomes of a family (`products.rs`).

use gondola_ledger::{Money, Qty, Unit, UnitCost};

use super::calendar::Season;
use super::codes::word_code;

const CATEGORIES: &str = include_str!("tables/categories.txt");
/// The seed catalogue first: a smaller shop keeps it whole.
const FAMILIES: [&str; 5] = [
    include_str!("tables/seed.txt"),
    include_str!("tables/brands.txt"),
    include_str!("tables/fresh.txt"),
    include_str!("tables/pantry.txt"),
    include_str!("tables/household.txt"),
];

/// A category of the demo shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CategoryPlan {
    /// Three letters, as in a SKU.
    pub code: &'static str,
    /// Its name on screen.
    pub name: &'static str,
    /// Smallest margin on price, in hundredths of a percent.
    pub margin_min_bp: i64,
    /// Largest margin on price, in hundredths of a percent.
    pub margin_max_bp: i64,
    /// VAT in hundredths of a percent.
    pub vat_bp: i64,
    /// Whether its goods expire.
    pub expires: bool,
    /// How much people come for it, 1 to 3.
    pub(super) pull: i64,
    /// What the weather does to it.
    pub(super) season: Season,
}

/// How well a family sells, when its row says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rotation {
    /// Every day.
    A,
    /// Every few days.
    B,
    /// Now and then.
    C,
}

/// A row of products that differ only in variant and size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Family {
    pub category: &'static str,
    pub stem: &'static str,
    pub supplier: &'static str,
    pub brand: &'static str,
    pub name: &'static str,
    /// Name and SKU part; one empty pair when there are no variants.
    pub variants: Vec<(&'static str, String)>,
    pub sizes: Vec<Size>,
    pub marks: Marks,
}

/// One size of a family.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Size {
    /// Its part of the SKU; empty for none.
    pub code: String,
    /// As on the package: `473 ml`, `2,25 L`, `x6`; empty for a single unit.
    pub label: String,
    pub content: Option<(Qty, Unit)>,
    pub by_weight: bool,
    pub cost: UnitCost,
}

/// The last column of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Marks {
    /// `life=`: days a lot keeps.
    pub life_days: Option<i64>,
    /// `box=`: units in the supplier's case.
    pub case_units: Option<i64>,
    /// `bulk=`: units in a closed bulk that has its own price.
    pub bulk_units: Option<i64>,
    /// `rot=`: how well it sells.
    pub rotation: Option<Rotation>,
    /// `price=`: a price in pesos given by hand.
    pub price: Option<Money>,
    /// `vat=`: hundredths of a percent, where it is not the category's.
    pub vat_bp: Option<i64>,
    /// `alc`.
    pub alcohol: bool,
    /// `tab`.
    pub tobacco: bool,
    /// `ret`: the container comes back.
    pub returnable: bool,
    /// `nocode`: sold without a barcode.
    pub no_barcode: bool,
}

/// Every category, the domain's first.
pub fn categories() -> Vec<CategoryPlan> {
    rows(CATEGORIES).map(|row| category(row).expect("a test reads every row of the categories")).collect()
}

/// Every family, the seed catalogue's first.
pub(super) fn families() -> Vec<Family> {
    let rows = FAMILIES.into_iter().flat_map(rows);
    rows.map(|row| family(row).expect("a test reads every row of the families")).collect()
}

fn rows(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn columns<const N: usize>(row: &'static str) -> Option<[&'static str; N]> {
    row.split('|').map(str::trim).collect::<Vec<_>>().try_into().ok()
}

fn category(row: &'static str) -> Option<CategoryPlan> {
    let [code, name, band, vat, expires, pull, season] = columns(row)?;
    let (low, high) = band.split_once('-')?;
    let percent = |text: &str| text.parse::<i64>().ok().map(|percent| percent * 100);
    Some(CategoryPlan {
        code,
        name,
        margin_min_bp: percent(low)?,
        margin_max_bp: percent(high)?,
        vat_bp: vat.parse().ok()?,
        expires: expires == "yes",
        pull: pull.parse().ok()?,
        season: Season::from_name(season)?,
    })
}

fn family(row: &'static str) -> Option<Family> {
    let [sku, supplier, brand, name, variants, sizes, marks] = columns(row)?;
    let (category, stem) = sku.split_once('-')?;
    let brand = if brand == "-" { "" } else { brand };
    let variants = variants.split(';').map(variant).collect();
    let sizes = sizes.split(';').map(size).collect::<Option<_>>()?;
    Some(Family { category, stem, supplier, brand, name, variants, sizes, marks: parse_marks(marks)? })
}

fn variant(text: &'static str) -> (&'static str, String) {
    match text.split_once('=') {
        Some((name, code)) => (name.trim(), code.trim().to_owned()),
        None => (text.trim(), word_code(text)),
    }
}

/// `CODE=content unit @ pesos`, for example `473 ml @ 1830`, `GR=1 l @ 8800`, `x6 @ 1190`, `kg @ 7850`, `-=un @ 420`.
fn size(text: &str) -> Option<Size> {
    let (package, cost) = text.split_once('@')?;
    let cost = UnitCost::parse(cost.trim()).ok()?;
    match package.split_once('=') {
        Some((code, package)) => {
            Some(Size { code: code.trim().trim_matches('-').to_owned(), ..sized(package.trim(), cost)? })
        }
        None => sized(package.trim(), cost),
    }
}

/// A package with the SKU part its content gives it.
fn sized(package: &str, cost: UnitCost) -> Option<Size> {
    let bare = Size { code: String::new(), label: String::new(), content: None, by_weight: package == "kg", cost };
    if matches!(package, "un" | "kg") {
        return Some(bare);
    }
    if let Some(units) = package.strip_prefix('x') {
        let content = Qty::parse(units, Unit::Un).ok()?;
        let (code, label) = (units.to_owned(), package.to_owned());
        return Some(Size { code, label, content: Some((content, Unit::Un)), ..bare });
    }
    let (number, unit) = package.split_once(' ')?;
    let unit = Unit::from_code(unit)?;
    let content = Qty::parse(number, unit).ok()?;
    // 2.25 l is 2250 in a SKU and 473 ml is 473: both in the small unit.
    let (small_units, shown) = match unit {
        Unit::L => (content.raw(), "L"),
        Unit::Kg => (content.raw(), "kg"),
        other => (content.raw() / 1_000, other.code()),
    };
    let label = format!("{} {shown}", number.replace('.', ","));
    Some(Size { code: small_units.to_string(), label, content: Some((content, unit)), ..bare })
}

fn parse_marks(text: &str) -> Option<Marks> {
    let mut marks = Marks::default();
    for word in text.split_whitespace() {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        match name {
            "life" => marks.life_days = Some(value.parse().ok()?),
            "box" => marks.case_units = Some(value.parse().ok()?),
            "bulk" => marks.bulk_units = Some(value.parse().ok()?),
            "vat" => marks.vat_bp = Some(value.parse().ok()?),
            "price" => marks.price = Some(Money::parse(value).ok()?),
            "alc" => marks.alcohol = true,
            "tab" => marks.tobacco = true,
            "ret" => marks.returnable = true,
            "nocode" => marks.no_barcode = true,
            "rot" => {
                marks.rotation = Some(match value {
                    "A" => Rotation::A,
                    "B" => Rotation::B,
                    "C" => Rotation::C,
                    _ => return None,
                });
            }
            _ => return None,
        }
    }
    Some(marks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_every_table_reads() {
        for row in rows(CATEGORIES) {
            assert!(category(row).is_some(), "{row}");
        }
        for row in FAMILIES.into_iter().flat_map(rows) {
            assert!(family(row).is_some(), "{row}");
        }
    }

    #[test]
    fn a_size_says_its_content_its_label_and_its_part_of_the_sku() {
        let read = |text| size(text).map(|size| (size.code, size.label, size.content));
        let litres = Some((Qty::new(2_250), Unit::L));
        assert_eq!(read("2.25 l @ 2990"), Some(("2250".to_owned(), "2,25 L".to_owned(), litres)));
        assert_eq!(read("GR=473 ml @ 1240").unwrap().0, "GR");
        assert_eq!(read("x6 @ 1190").unwrap().1, "x6");
        assert_eq!(read("kg @ 7850"), Some((String::new(), String::new(), None)));
        for wrong in ["", "473 ml", "473 @ 1", "much @ 1", "1 l @ -1", "1 lb @ 3"] {
            assert_eq!(size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn an_unknown_mark_or_a_missing_column_is_no_row() {
        assert_eq!(parse_marks("alc freezer"), None);
        assert_eq!(family("SAL-X | FA | Fela | Salchichas | x6 @ 1"), None);
        assert!(parse_marks("alc box=6 rot=A life=7 price=1850").is_some());
    }
}
