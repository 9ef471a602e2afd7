//! OPT-2: the plans of the catalogue's named queries over many products, on both engines. How long
//! they take is the bench's question.

use gondola_ledger::Unit;
use gondola_store::{Actor, Command, Context, Engine, Fail, Permission, Sql, Tx, both};
use gondola_testkit::{TestShop, both_engines};
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::open;
use crate::catalogue::barcode::Barcode;
use crate::catalogue::finding::{self, Search};
use crate::catalogue::listing::ProductFilter;
use crate::catalogue::product::ProductEdit;
use crate::catalogue::{CatalogueRefusal, create_all, queries, sql};
use crate::kernel::text::Sku;

/// More than a sequential scan may read.
const PRODUCTS: usize = 12_000;
const CHUNK: usize = 2_000;
const BRANDS: [&str; 12] = [
    "La Serenísima",
    "Quilmes",
    "Arcor",
    "Fargo",
    "Baggio",
    "Terrabusi",
    "Natura",
    "Paladini",
    "La Virginia",
    "Multienvase",
    "Cabrales",
    "Ilolay",
];
const KINDS: [&str; 15] = [
    "Leche entera",
    "Cerveza rubia",
    "Alfajor triple",
    "Pan lactal",
    "Jugo de naranja",
    "Galletitas dulces",
    "Aceite de girasol",
    "Salchichas",
    "Yerba mate",
    "Bolsas de consorcio",
    "Café molido",
    "Crema de leche",
    "Queso cremoso",
    "Lavandina",
    "Fideos tirabuzón",
];
const CATEGORIES: [&str; 6] = ["LAC", "CLA", "SNA", "QUE", "VIN", "GEN"];

/// Many products at once, by the statements that create one.
struct Fill {
    from: usize,
    to: usize,
}

impl Command for Fill {
    const NAME: &'static str = "test.fill";
    type Out = ();
    type Refusal = CatalogueRefusal;

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<CatalogueRefusal>> {
        let edits: Vec<ProductEdit> = (self.from..self.to).map(many).collect();
        let outcomes = create_all(tx, cx, &edits).await?;
        assert!(outcomes.iter().all(Result::is_ok));
        Ok(())
    }
}

fn many(number: usize) -> ProductEdit {
    let (kind, brand) = (KINDS[number % KINDS.len()], BRANDS[number % BRANDS.len()]);
    ProductEdit {
        sku: Some(Sku::parse(&format!("SKU-{number}")).unwrap()),
        name: Some(format!("{kind} {brand} {number} g")),
        category: Some(CATEGORIES[number % CATEGORIES.len()].to_owned()),
        brand: Some(brand.to_owned()),
        unit: Some(Unit::Un),
        barcodes: Some(vec![Barcode::internal(27, number as u64).unwrap()]),
        ..ProductEdit::default()
    }
}

async fn fill(shop: &TestShop) {
    let actor = Actor::system("test");
    for from in (0..PRODUCTS).step_by(CHUNK) {
        let to = PRODUCTS.min(from + CHUNK);
        shop.db().execute(&actor, None, Fill { from, to }).await.map_err(|fail| format!("{fail:?}")).unwrap();
    }
    shop.db().execute(&actor, None, Analyze).await.unwrap();
}

struct Analyze;

impl Command for Analyze {
    const NAME: &'static str = "test.analyze";
    type Out = ();
    type Refusal = ();

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, _: &Context) -> Result<(), Fail<()>> {
        both!(tx, c, _text => sqlx::query("analyze").execute(c).await.map(drop)?);
        Ok(())
    }
}

/// The plan of a page statement over these values, one step a line.
async fn page_plan(tx: &mut Tx<'_>, statement: Sql, filter: &ProductFilter, after: &str) -> String {
    let letters = filter.search.as_ref().and_then(|search| search.letters(tx.engine()));
    let words = filter.search.as_ref().map(Search::words);
    let explain = explain(tx.engine(), statement);
    let lines: Vec<String> = both!(tx, c, _text => {
        let query = sqlx::query(AssertSqlSafe(explain)).bind(after).bind(Uuid::nil()).bind(51_i64)
            .bind(filter.active).bind(filter.category).bind(&filter.brand).bind(filter.supplier);
        let query = if letters.is_some() { query.bind(words).bind(letters) } else { query.bind(None::<String>) };
        let rows = query.fetch_all(c).await.unwrap();
        rows.iter().map(|row| row.get::<String, usize>(row.len() - 1)).collect()
    });
    lines.join("\n")
}

fn explain(engine: Engine, statement: Sql) -> String {
    match engine {
        Engine::Sqlite => format!("explain query plan {}", statement.sqlite),
        Engine::Postgres => format!("explain {}", statement.postgres),
    }
}

#[track_caller]
fn uses(plan: &str, index: &str) {
    assert!(plan.contains(index), "{plan}");
    assert!(
        !plan.contains("Seq Scan on products") && !plan.contains("SCAN p\n") && !plan.ends_with("SCAN p"),
        "{plan}"
    );
}

/// The plan of a statement whose parameters are these texts, one step a line.
async fn plan(tx: &mut Tx<'_>, statement: Sql, texts: &[&str], limit: Option<i64>) -> String {
    let explain = explain(tx.engine(), statement);
    let lines: Vec<String> = both!(tx, c, _text => {
        let query = texts.iter().fold(sqlx::query(AssertSqlSafe(explain)), |query, text| query.bind(*text));
        let query = if limit.is_some() { query.bind(limit) } else { query };
        let rows = query.fetch_all(c).await.unwrap();
        rows.iter().map(|row| row.get::<String, usize>(row.len() - 1)).collect()
    });
    lines.join("\n")
}

both_engines! {
    fn the_catalogues_queries_walk_their_indexes(shop: TestShop) {
        open(&shop).await;
        fill(&shop).await;
        let mut rx = shop.db().read().await.unwrap();
        let mut tx = rx.as_tx();
        let sqlite = tx.engine() == Engine::Sqlite;
        let by_letters = if sqlite { "product_search VIRTUAL TABLE" } else { "products_by_fragment" };
        let category = queries::category_id(&mut tx, "LAC").await.unwrap();
        let dairy = ProductFilter { category, ..ProductFilter::default() };
        let branded = ProductFilter { brand: Some("arcor".to_owned()), ..ProductFilter::default() };
        let letters = ProductFilter { search: Search::parse("girasol 1234"), ..ProductFilter::default() };
        for (statement, filter, index) in [
            (sql::PAGE_BY_NAME, &ProductFilter::default(), "products_by_name"),
            (sql::PAGE_BY_CATEGORY, &dairy, "products_by_category"),
            (sql::PAGE_BY_BRAND, &branded, "products_by_brand"),
            (sql::PAGE_BY_TEXT, &letters, by_letters),
        ] {
            uses(&page_plan(&mut tx, statement, filter, "jugo").await, index);
        }
        let search = if sqlite { "\"gira\"" } else { "gira" };
        uses(&plan(&mut tx, sql::SEARCH_BY_TEXT, &[search, "[\"gira\"]", "gira", "gira"], Some(20)).await, by_letters);
        uses(&plan(&mut tx, sql::SEARCH_BY_BEGINNING, &["al", finding::LAST_LETTER], Some(20)).await, "products_by_name");
        let skus = if sqlite { "sqlite_autoindex_products" } else { "products_sku_key" };
        uses(&plan(&mut tx, sql::FIND_IDS_BY_SKU, &["[\"SKU-7\"]"], None).await, skus);
        let codes = plan(&mut tx, sql::FIND_BY_CODE, &["1", "2", "3", "4", "5"], None).await;
        uses(&codes, skus);
        assert!(!codes.contains("Seq Scan on barcodes"), "{codes}");
        let ids = format!("[\"{}\"]", Uuid::nil().simple());
        let whole = plan(&mut tx, sql::FIND_PRODUCTS, &[&ids], None).await;
        uses(&whole, if sqlite { "sqlite_autoindex_products" } else { "products_id_key" });
        let parts = plan(&mut tx, sql::FIND_PARTS, &[&ids], None).await;
        uses(&parts, "barcodes_by_product");
    }
}
