//! From families to products: one product per variant and size, with its SKU, name, codes, packs, price and stock policy. Pure
//! and without a seed: every demo shop has the same catalogue. Not here: what happens to the products (`days.rs`).

use gondola_ledger::{Money, Qty, Unit, UnitCost};

use super::calendar::Season;
use super::codes::{ean13, itf14};
use super::pace::{Pace, StockPolicy, Traits, pace};
use super::pricing::{bulk_price, dearer, sale_price};
use super::random::number_of;
use super::suppliers::{SUPPLIERS, position};
use super::table::{CategoryPlan, Family, Size, families};

/// A product of the demo shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductPlan {
    /// CATEGORY-BRAND-SIZE.
    pub sku: String,
    /// Full name.
    pub name: String,
    /// For label and ticket.
    pub short_name: String,
    /// Code of its category.
    pub category: &'static str,
    /// Brand; empty for goods without one.
    pub brand: &'static str,
    /// Flavour, kind, strength; empty when there is only one.
    pub variant: &'static str,
    /// What it is sold by.
    pub unit: Unit,
    /// What a package holds.
    pub content: Option<(Qty, Unit)>,
    /// Weighed at the till.
    pub sold_by_weight: bool,
    /// EAN-13 of the unit.
    pub barcode: Option<String>,
    /// Code on the scale, for what is weighed.
    pub scale_plu: Option<String>,
    /// Packs and cases.
    pub presentations: Vec<PresentationPlan>,
    /// What the staff calls it.
    pub aliases: Vec<&'static str>,
    /// VAT in hundredths of a percent.
    pub vat_bp: i64,
    /// Internal taxes are part of its cost.
    pub internal_taxes: bool,
    /// Minimum stock.
    pub min_stock: Qty,
    /// Maximum stock.
    pub max_stock: Qty,
    /// Order when stock falls to this.
    pub reorder_point: Qty,
    /// What the shelf in the local should hold.
    pub shelf_target: Qty,
    /// Days a lot keeps; a product that has them is perishable.
    pub shelf_life_days: Option<i32>,
    /// Who sells it to the shop, the main supplier first.
    pub supplies: Vec<SupplyPlan>,
    /// Unit cost today.
    pub acquisition_cost: UnitCost,
    /// Price today.
    pub sale_price: Money,
    /// Not sold to minors, nor after hours.
    pub alcohol: bool,
    /// Tobacco.
    pub tobacco: bool,
    /// The container comes back.
    pub returnable: bool,
    pub(super) pace: Pace,
    pub(super) policy: StockPolicy,
    pub(super) season: Season,
}

/// A pack or case of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentationPlan {
    /// As on screen: `Pack x6`.
    pub name: String,
    /// Units of the product in it.
    pub units: i64,
    /// Its own barcode.
    pub barcode: String,
    /// Its own price, when it is not so many times the unit's.
    pub price: Option<Money>,
}

/// A supplier of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplyPlan {
    /// Code of the supplier.
    pub supplier: &'static str,
    /// The supplier's code for the product.
    pub supplier_sku: String,
    /// Units in its pack.
    pub pack_units: i64,
    /// What it asks for a unit today.
    pub last_cost: UnitCost,
    /// Days from order to delivery.
    pub lead_days: i32,
}

/// What the staff says, by SKU (domain `language.md` and `catalogue-and-stock.md`).
const ALIASES: [(&str, &str); 12] = [
    ("GAS-COCA-CLAS-2000", "coca de dos"),
    ("GAS-COCA-CLAS-2000", "coca de 2 litros"),
    ("GAS-COCA-CLAS-2250", "coca grande"),
    ("GAS-COCA-CLAS-500", "coquita"),
    ("CBO-QUIL-1000", "quilmes de litro"),
    ("CLA-BRAH-473", "brahma lata"),
    ("BAL-BRANCA-MED", "fernet branca"),
    ("BAL-BRANCA-GR", "branca grande"),
    ("LAC-LS-SACH", "leche de sachet"),
    ("QUE-CREMOSO", "cuartirolo"),
    ("SAL-PALA-6", "salchichas paladini"),
    ("FRU-PAPA-BLAN", "papa"),
];
/// Out of a hundred products of other suppliers, so many are also at the wholesaler's.
const ALSO_WHOLESALE_PERCENT: u64 = 30;
/// The wholesaler asks this much more for them, in thousandths.
const WHOLESALE_DEARER: i64 = 65;
const SHORT_NAME_LETTERS: usize = 30;

/// The first `products_max` products of the catalogue; the seed catalogue comes first.
pub(super) fn products(categories: &[CategoryPlan], products_max: usize) -> Vec<ProductPlan> {
    let families = families();
    let forms = families.iter().flat_map(|family| {
        let sized = family.sizes.iter();
        sized.flat_map(move |size| family.variants.iter().map(move |variant| Form { family, size, variant }))
    });
    forms.take(products_max).enumerate().map(|(index, form)| form.product(index, categories)).collect()
}

/// One variant of one size of a family.
struct Form<'a> {
    family: &'a Family,
    size: &'a Size,
    variant: &'a (&'static str, String),
}

impl Form<'_> {
    fn product(&self, index: usize, categories: &[CategoryPlan]) -> ProductPlan {
        let Self { family, size, variant } = self;
        let marks = family.marks;
        let find = categories.iter().find(|category| category.code == family.category);
        let category = find.expect("a test finds the category of every family");
        let sku = self.sku();
        let pace = pace(Traits {
            sku: &sku,
            pull: category.pull,
            rotation: marks.rotation,
            by_weight: size.by_weight,
            life_days: marks.life_days,
            cost: size.cost,
        });
        let supplies = self.supplies(index, &sku);
        let gap = supplier(family.supplier).delivery_gap_days();
        let policy = pace.policy(gap, marks.life_days, if size.by_weight { 100 } else { 1_000 });
        let price = marks.price.unwrap_or_else(|| sale_price(size.cost, category));
        let barcode = self.barcode(index, 0);
        ProductPlan {
            name: join(&[family.name, family.brand, variant.0, &size.label]),
            short_name: self.short_name(),
            category: category.code,
            brand: family.brand,
            variant: variant.0,
            unit: if size.by_weight { Unit::Kg } else { Unit::Un },
            content: size.content,
            sold_by_weight: size.by_weight,
            scale_plu: size.by_weight.then(|| format!("{:05}", index + 1)),
            presentations: self.presentations(index, price, category),
            aliases: ALIASES.iter().filter(|(of, _)| *of == sku).map(|(_, alias)| *alias).collect(),
            barcode,
            vat_bp: marks.vat_bp.unwrap_or(category.vat_bp),
            internal_taxes: marks.alcohol || marks.tobacco || matches!(category.code, "GAS" | "ENE"),
            min_stock: Qty::new(policy.min),
            max_stock: Qty::new(policy.max),
            reorder_point: Qty::new(policy.reorder),
            shelf_target: Qty::new(policy.shelf),
            shelf_life_days: marks.life_days.map(|days| i32::try_from(days).expect("a shelf life is a few months")),
            supplies,
            acquisition_cost: size.cost,
            sale_price: price,
            alcohol: marks.alcohol,
            tobacco: marks.tobacco,
            returnable: marks.returnable,
            pace,
            policy,
            season: category.season,
            sku,
        }
    }

    fn sku(&self) -> String {
        let parts = [self.family.category, self.family.stem, &self.variant.1, &self.size.code];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
    }

    /// The first word of the name in short, then what tells it apart; the word goes first when there is no room.
    fn short_name(&self) -> String {
        let rest = join(&[self.family.brand, self.variant.0, &self.size.label]);
        let word = self.family.name.split(' ').next().unwrap_or_default();
        let short: String =
            if word.chars().count() > 6 { word.chars().take(4).chain(['.']).collect() } else { word.to_owned() };
        let full = if self.family.brand.is_empty() { join(&[self.family.name, &rest]) } else { join(&[&short, &rest]) };
        let fits = full.chars().count() <= SHORT_NAME_LETTERS;
        let name = if fits || rest.is_empty() { full } else { rest };
        name.chars().take(SHORT_NAME_LETTERS).collect::<String>().trim_end().to_owned()
    }

    fn barcode(&self, index: usize, form: usize) -> Option<String> {
        let coded = !self.size.by_weight && !self.family.marks.no_barcode;
        let supplier = position(self.family.supplier).expect("a test finds the supplier of every family");
        coded.then(|| ean13(supplier + 1, index, form))
    }

    fn presentations(&self, index: usize, price: Money, category: &CategoryPlan) -> Vec<PresentationPlan> {
        let marks = self.family.marks;
        let Some(unit) = self.barcode(index, 0) else { return Vec::new() };
        let pack = self.barcode(index, 1).expect("what has a barcode has one for its pack");
        let plain = |name: String, units, barcode| PresentationPlan { name, units, barcode, price: None };
        let mut presentations = Vec::new();
        match marks.case_units {
            Some(units @ ..10) => presentations.push(plain(format!("Pack x{units}"), units, pack.clone())),
            Some(units) => {
                if category.season == Season::Cold {
                    presentations.push(plain("Pack x6".to_owned(), 6, pack.clone()));
                }
                presentations.push(plain(format!("Caja x{units}"), units, itf14(&unit)));
            }
            None => {}
        }
        presentations.extend(marks.bulk_units.map(|units| PresentationPlan {
            price: Some(bulk_price(price, units, self.size.cost, category)),
            ..plain(format!("Bulto x{units}"), units, pack)
        }));
        presentations
    }

    fn supplies(&self, index: usize, sku: &str) -> Vec<SupplyPlan> {
        let main = self.family.supplier;
        let marks = self.family.marks;
        let supply = |code: &'static str, last_cost| SupplyPlan {
            supplier: code,
            supplier_sku: if code == "MAX" { format!("{}", 10_000 + index * 7) } else { format!("{code}-{index:04}") },
            pack_units: marks.case_units.or(marks.bulk_units).unwrap_or(1),
            last_cost,
            lead_days: supplier(code).lead_days,
        };
        let mut supplies = vec![supply(main, self.size.cost)];
        let wholesale = number_of(sku) >> 40;
        if main != "MAX" && !self.size.by_weight && wholesale % 100 < ALSO_WHOLESALE_PERCENT {
            supplies.push(supply("MAX", dearer(self.size.cost, WHOLESALE_DEARER)));
        }
        supplies
    }
}

fn supplier(code: &str) -> &'static super::suppliers::SupplierPlan {
    &SUPPLIERS[position(code).expect("a test finds the supplier of every family")]
}

fn join(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}
