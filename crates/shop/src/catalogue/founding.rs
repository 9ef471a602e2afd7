//! The first moment of a shop: its locations and categories. Running it again adds what is missing
//! and changes nothing.

use gondola_ledger::{LocationKind, Money};
use gondola_pricing::Rate;
use gondola_pricing::light::{CLEANING_ALERT, DRINKS_ALERT, OWNER_NOTICE};
use gondola_store::{Actor, Command, Context, Db, Fail, Permission, StoreError, Tx};
use uuid::Uuid;

use super::categories::{self, Category};
use super::locations;
use crate::prices::StepBands;

/// Makes an empty database a shop.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn found_shop(db: &Db) -> Result<(), StoreError> {
    match db.execute(&Actor::system("founding"), None, FoundShop).await {
        Ok(_) => Ok(()),
        Err(Fail::Failed(error)) => Err(error),
        Err(other) => unreachable!("founding refuses nothing and the system may do everything: {other:?}"),
    }
}

/// Adds the locations and categories that every shop has.
pub struct FoundShop;

impl Command for FoundShop {
    const NAME: &'static str = "catalogue.found_shop";
    type Out = ();
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Self::Refusal>> {
        for (code, name, kind) in LOCATIONS {
            locations::insert(tx, cx.new_id(), code, name, kind).await?;
        }
        for seed in CATEGORIES {
            categories::insert(tx, &seed.category(cx.new_id()), None).await?;
        }
        Ok(())
    }
}

const LOCATIONS: [(&str, &str, LocationKind); 9] = [
    ("deposito", "Depósito", LocationKind::Stock),
    ("local", "Local", LocationKind::Stock),
    ("quarantine", "Cuarentena", LocationKind::Quarantine),
    ("in_transit", "En tránsito", LocationKind::Transit),
    ("supplier", "Proveedores", LocationKind::Supplier),
    ("customer", "Clientes", LocationKind::Customer),
    ("waste", "Merma", LocationKind::Waste),
    ("own_use", "Consumo propio", LocationKind::OwnUse),
    ("inventory_difference", "Diferencia de inventario", LocationKind::InventoryDifference),
];

/// The general VAT rate.
const VAT_BP: i64 = 2_100;
/// Prices are rounded to $50 everywhere, until a category says otherwise.
const ROUNDING_STEP: Money = Money::new(5_000);

/// What decides how early a moving cost is told (`pricing.md`, "Traffic light").
#[derive(Clone, Copy)]
enum Line {
    Drinks,
    Cleaning,
    Other,
}

impl Line {
    const fn cost_alert_bp(self) -> i64 {
        match self {
            Self::Drinks => basis_points(DRINKS_ALERT),
            Self::Cleaning => basis_points(CLEANING_ALERT),
            Self::Other => basis_points(OWNER_NOTICE),
        }
    }
}

const fn basis_points(rate: Rate) -> i64 {
    rate.raw() as i64 / 100
}

struct Seed {
    code: &'static str,
    name: &'static str,
    /// Margin on price, percent.
    band: (i64, i64),
    line: Line,
    expires: bool,
}

impl Seed {
    fn category(self, id: Uuid) -> Category {
        Category {
            id,
            code: self.code.to_owned(),
            name: self.name.to_owned(),
            parent: None,
            margin_min_bp: self.band.0 * 100,
            margin_max_bp: self.band.1 * 100,
            vat_bp: VAT_BP,
            cost_alert_bp: self.line.cost_alert_bp(),
            rounding_step: ROUNDING_STEP,
            rounding_bands: StepBands::default(),
            expires: self.expires,
            active: true,
            version: 1,
            seasons: categories::default_seasons(),
        }
    }
}

const fn seed(code: &'static str, name: &'static str, band: (i64, i64), line: Line, expires: bool) -> Seed {
    Seed { code, name, band, line, expires }
}

/// `catalogue-and-stock.md`, "Categories and seed catalogue".
const CATEGORIES: [Seed; 23] = [
    seed("SAL", "Salchichas", (15, 30), Line::Other, true),
    seed("QUE", "Quesos", (20, 35), Line::Other, true),
    seed("LAC", "Lácteos", (10, 25), Line::Other, true),
    seed("MYC", "Mantecas y cremas", (15, 30), Line::Other, true),
    seed("JSA", "Jugos y aguas saborizadas", (20, 40), Line::Drinks, true),
    seed("ENE", "Energizantes e isotónicas", (25, 45), Line::Drinks, false),
    seed("CLA", "Cerveza en lata", (20, 40), Line::Drinks, false),
    seed("CBO", "Cerveza en botella", (20, 40), Line::Drinks, false),
    seed("BAL", "Bebidas alcohólicas", (25, 50), Line::Drinks, false),
    seed("WYG", "Whisky y gin", (30, 60), Line::Drinks, false),
    seed("VIN", "Vinos", (25, 50), Line::Drinks, false),
    seed("CHA", "Champagnes", (30, 60), Line::Drinks, false),
    seed("HIG", "Higiene y papel", (20, 40), Line::Cleaning, false),
    seed("LAV", "Lavandinas", (15, 30), Line::Cleaning, false),
    seed("ACE", "Aceites", (10, 25), Line::Other, false),
    seed("BOL", "Bolsas", (20, 40), Line::Cleaning, false),
    seed("DTE", "Discos y tapas", (15, 35), Line::Other, true),
    seed("SNA", "Snacks", (30, 60), Line::Other, true),
    seed("CON", "Congelados", (20, 40), Line::Other, true),
    seed("PAP", "Papas", (15, 35), Line::Other, true),
    seed("HAM", "Hamburguesas", (20, 40), Line::Other, true),
    seed("MIL", "Milanesas", (20, 40), Line::Other, true),
    seed("GEN", "General", (20, 40), Line::Other, false),
];
