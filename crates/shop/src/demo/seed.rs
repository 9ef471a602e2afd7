//! Writes the plan into a new shop, through the same commands that people use: products are created,
//! movements are posted by the book. Whoever calls decides where and marks the shop as a demo.

use std::collections::HashMap;

use gondola_ledger::{Channel, Day, Factor, MovementKind};
use gondola_store::protect::Protected;
use gondola_store::{Actor, ActorKind, At, Command, Context, Db, Fail, Permission, Role, StoreError, Tx, both};
use uuid::Uuid;

use super::plan::{DayPlan, MovementPlan, Plan};
use super::products::ProductPlan;
use super::sql;
use crate::catalogue::{Barcode, CreateProduct, PresentationEdit, ProductEdit, ShelfTargetEdit, SupplierEdit};
use crate::kernel::text::Sku;
use crate::stock::{self, Book, LotRef, Movement, ProductRef, StockRefusal};
use crate::suppliers::{self, SupplierRefusal};

/// Products created side by side, so that they share commits.
const PRODUCTS_AT_ONCE: usize = 64;
const MICROSECONDS_PER_MINUTE: At = 60_000_000;
/// The shop's midnight in UTC, in minutes (UTC−3).
const MIDNIGHT_MINUTES: At = 180;

/// Why the demo shop was not written.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The plan does not fit the rules of the shop: a defect of ours.
    #[error("the demo plan was refused: {0}")]
    Refused(String),
    /// The database failed.
    #[error("write the demo shop")]
    Store(#[from] StoreError),
}

/// What was written.
#[derive(Debug, Clone, Copy)]
pub struct Seeded {
    /// Products created.
    pub products: usize,
    /// Movements posted.
    pub movements: usize,
}

/// Who does what in the demo shop.
pub type People = HashMap<Role, Actor>;

/// Whether a database holds products already, so that no demo is written into a real shop.
///
/// # Errors
/// [`StoreError`].
pub async fn is_used(tx: &mut Tx<'_>) -> Result<bool, StoreError> {
    let (products,): (i64,) =
        both!(tx, c, text => sqlx::query_as(text(sql::COUNT_PRODUCTS)).bind(0_i64).fetch_one(c).await?);
    Ok(products > 0)
}

/// Writes the plan. `progress` hears what is being done, how much is done and how much there is.
///
/// # Errors
/// [`SeedError`]; the database is then not a whole demo shop.
pub async fn seed(
    db: &Db,
    plan: Plan,
    people: &People,
    mut progress: impl FnMut(&'static str, usize, usize),
) -> Result<Seeded, SeedError> {
    let system = Actor::system("demo");
    let Plan { categories, suppliers, products, days, today } = plan;
    run(db, &system, SeedReferences { categories, suppliers }).await?;
    for (done, chunk) in products.chunks(PRODUCTS_AT_ONCE).enumerate() {
        progress("products", done * PRODUCTS_AT_ONCE, products.len());
        create_all(db, &system, chunk).await?;
    }
    let skus: Vec<String> = products.iter().map(|product| product.sku.clone()).collect();
    let mut movements = 0;
    let total = days.len() + 1;
    for (done, day) in days.into_iter().chain([so_far(today, db.now())]).enumerate() {
        progress("days", done, total);
        movements += day.movements.len();
        run(db, &system, SeedDay { day, skus: skus.clone(), people: people.clone() }).await?;
    }
    progress("levels", 0, 1);
    stock::refresh_all(db).await?;
    Ok(Seeded { products: products.len(), movements })
}

/// What of a day has happened by now.
fn so_far(mut today: DayPlan, now: At) -> DayPlan {
    let day = today.day;
    today.movements.retain(|movement| instant(day, movement.minute) <= now);
    today
}

async fn create_all(db: &Db, actor: &Actor, products: &[ProductPlan]) -> Result<(), SeedError> {
    let mut creations = tokio::task::JoinSet::new();
    for product in products {
        let (db, actor) = (db.clone(), actor.clone());
        let command = CreateProduct { edit: edit(product)?, opening: None };
        creations.spawn(async move { run(&db, &actor, command).await.map(|_| ()) });
    }
    for created in creations.join_all().await {
        created?;
    }
    Ok(())
}

async fn run<C: Command>(db: &Db, actor: &Actor, command: C) -> Result<C::Out, SeedError>
where
    C::Refusal: std::fmt::Debug,
{
    match db.execute(actor, None, command).await {
        Ok(done) => Ok(done.out),
        Err(Fail::Failed(error)) => Err(error.into()),
        Err(Fail::Refused(refusal)) => Err(SeedError::Refused(format!("{refusal:?}"))),
        Err(fail) => Err(SeedError::Refused(format!("{fail:?}"))),
    }
}

fn edit(plan: &ProductPlan) -> Result<ProductEdit, SeedError> {
    let bad = |what: &str| SeedError::Refused(format!("{what} of {}", plan.sku));
    let factor =
        |units: i64| u64::try_from(units).ok().and_then(|units| Factor::new(units, 1)).ok_or_else(|| bad("a pack"));
    let barcode = |code: &str| Barcode::parse(code).map_err(|_| bad("a barcode"));
    let presentations = plan.presentations.iter().map(|pack| {
        Ok(PresentationEdit {
            name: pack.name.to_string(),
            factor: factor(pack.units)?,
            price: pack.price,
            barcodes: vec![barcode(&pack.barcode)?],
        })
    });
    let suppliers = plan.supplies.iter().enumerate().map(|(at, supply)| {
        Ok(SupplierEdit {
            supplier: supply.supplier.to_string(),
            supplier_sku: supply.supplier_sku.to_string(),
            pack: factor(supply.pack_units)?,
            last_cost: Some(supply.last_cost),
            lead_days: Some(i64::from(supply.lead_days)),
            main: at == 0,
        })
    });
    Ok(ProductEdit {
        sku: Some(Sku::parse(&plan.sku).map_err(|_| bad("the SKU"))?),
        name: Some(plan.name.clone()),
        short_name: Some(Some(plan.short_name.clone())),
        category: Some(plan.category.to_string()),
        brand: Some(plan.brand.to_string()),
        variant: Some(plan.variant.to_string()),
        unit: Some(plan.unit),
        sold_by_weight: Some(plan.sold_by_weight),
        scale_plu: Some(plan.scale_plu.clone()),
        vat_bp: Some(plan.vat_bp),
        internal_taxes: Some(plan.internal_taxes),
        min_stock: Some(plan.min_stock),
        max_stock: Some(plan.max_stock),
        reorder_point: Some(plan.reorder_point),
        perishable: Some(plan.shelf_life_days.is_some()),
        shelf_life_days: Some(plan.shelf_life_days.map(i64::from)),
        acquisition_cost: Some(Some(Protected::new(plan.acquisition_cost))),
        replacement_cost: Some(Some(plan.acquisition_cost)),
        sale_price: Some(Some(plan.sale_price)),
        alcohol: Some(plan.alcohol),
        tobacco: Some(plan.tobacco),
        returnable: Some(plan.returnable),
        barcodes: Some(plan.barcode.iter().map(|code| barcode(code)).collect::<Result<_, _>>()?),
        presentations: Some(presentations.collect::<Result<_, SeedError>>()?),
        shelf_targets: Some(vec![ShelfTargetEdit { location: "local".to_owned(), quantity: plan.shelf_target }]),
        suppliers: Some(suppliers.collect::<Result<_, SeedError>>()?),
        ..ProductEdit::default()
    })
}

/// What products refer to: the categories of this shop beside the ones every shop has, and suppliers.
struct SeedReferences {
    categories: Vec<super::table::CategoryPlan>,
    suppliers: Vec<super::suppliers::SupplierPlan>,
}

impl Command for SeedReferences {
    const NAME: &'static str = "demo.seed_references";
    type Out = ();
    type Refusal = SupplierRefusal;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Self::Refusal>> {
        for (position, category) in (1_i64..).zip(&self.categories) {
            both!(tx, c, text => sqlx::query(text(sql::ADD_CATEGORY))
                .bind(cx.new_id()).bind(category.code).bind(category.name).bind(category.margin_min_bp)
                .bind(category.margin_max_bp).bind(category.vat_bp).bind(category.expires).bind(position)
                .execute(c).await?.rows_affected());
        }
        suppliers::add_shipped(tx, cx).await?;
        for supplier in &self.suppliers {
            suppliers::edit_within(tx, cx, supplier.code, &supplier.edit()).await?;
        }
        Ok(())
    }
}

/// One day of the shop, in the order things happened.
struct SeedDay {
    day: DayPlan,
    skus: Vec<String>,
    people: People,
}

impl Command for SeedDay {
    const NAME: &'static str = "demo.seed_day";
    type Out = ();
    type Refusal = StockRefusal;

    fn permission(&self) -> Permission {
        Permission::Adjust
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<StockRefusal>> {
        let products: Vec<_> = self.day.movements.iter().map(|movement| self.product(movement)).collect();
        let mut book = Book::open(tx, cx, Channel::Job, &products).await?;
        for movement in &self.day.movements {
            let channel = if movement.kind == MovementKind::Sale { Channel::Till } else { Channel::Counter };
            let who = self.people.get(&movement.by).unwrap_or(&cx.actor);
            book.written_by(who, channel, instant(self.day.day, movement.minute));
            book.post(tx, &self.movement(movement), None).await?;
        }
        book.close(tx).await?;
        Ok(())
    }
}

impl SeedDay {
    fn product(&self, movement: &MovementPlan) -> ProductRef {
        ProductRef::Sku(self.skus[movement.product].clone())
    }

    fn movement(&self, plan: &MovementPlan) -> Movement {
        Movement {
            kind: plan.kind,
            product: self.product(plan),
            quantity: plan.quantity,
            unit: None,
            from: plan.from.map(|place| place.code().to_owned()),
            to: plan.to.map(|place| place.code().to_owned()),
            lot: plan.lot.as_ref().map(|lot| LotRef { code: lot.code.clone(), expires_on: Some(lot.expires_on.0) }),
            unit_cost: plan.unit_cost,
            reason: plan.reason.to_string(),
            document: plan.document.clone(),
            occurred_at: Some(instant(self.day.day, plan.minute)),
        }
    }
}

fn instant(day: Day, minute: i32) -> At {
    (At::from(day.0) * 1_440 + MIDNIGHT_MINUTES + At::from(minute)) * MICROSECONDS_PER_MINUTE
}

/// The actors of the demo's users, by role.
pub fn people(users: impl IntoIterator<Item = (Role, Uuid, String)>) -> People {
    let actor = |(role, id, name)| (role, Actor { id, name, ..Actor::of(ActorKind::User(role)) });
    users.into_iter().map(actor).collect()
}
