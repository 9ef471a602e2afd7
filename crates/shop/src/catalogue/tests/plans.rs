//! OPT-2: the plans of the named queries over many products, on both engines. How long they take is the
//! bench's question.

use gondola_ledger::Unit;
use gondola_store::{Actor, Command, Context, Engine, Fail, Permission, Sql, Tx, both};
use gondola_testkit::{TestShop, both_engines};
use serde_json::json;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use crate::catalogue::barcode::Barcode;
use crate::catalogue::finding::{self, Search};
use crate::catalogue::listing::ProductFilter;
use crate::catalogue::product::ProductEdit;
use crate::catalogue::{CatalogueRefusal, create_all, found_shop, queries, sql};
use crate::kernel::text::Sku;
use crate::stock::sql as stock;

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
        let receipt = |number: usize| {
            let quantity = if number.is_multiple_of(50) { "1" } else { "100" };
            json!({"kind": "receipt", "product": format!("sku:SKU-{number}"), "quantity": quantity, "to": "deposito",
                "unit_cost": "100", "reason": "Compra", "document": format!("R-{}", number / 10)})
        };
        let lines: Vec<_> = (from..to).map(receipt).collect();
        let batch = json!({"mode": "atomic", "lines": lines});
        shop.api(shop.admin()).post("/api/v1/movements/batch", batch).await.expect_status(201);
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
            .bind(filter.active).bind(filter.category.map(|family| family.id)).bind(&filter.brand).bind(filter.supplier);
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

/// Tables with a row or more per product; the others are small in any shop.
const LARGE: [&str; 8] =
    ["products", "barcodes", "stock_heads", "balances", "lots", "movements", "movement_lines", "valuations"];

#[track_caller]
fn uses(plan: &str, index: &str) {
    assert!(plan.contains(index), "{plan}");
    for table in LARGE {
        assert!(!plan.contains(&format!("Seq Scan on {table}")), "{plan}");
    }
    // SQLite names what a statement calls a table, and says when it walks an index.
    let scans = plan.lines().filter_map(|line| line.trim().strip_prefix("SCAN "));
    let of_rows = scans.filter(|scan| !["USING", "VIRTUAL TABLE", "CONSTANT ROW"].iter().any(|how| scan.contains(how)));
    let is_table =
        |scan: &&str| !["CO-ROUTINE", "MATERIALIZE"].iter().any(|made| plan.contains(&format!("{made} {scan}")));
    let of_rows = of_rows.filter(is_table);
    assert_eq!(of_rows.collect::<Vec<_>>(), Vec::<&str>::new(), "{plan}");
}

/// A parameter as the product binds it.
#[derive(Clone, Copy)]
enum Value<'a> {
    Id(Uuid),
    NoId,
    Number(i64),
    Text(&'a str),
    NoText,
}

/// The plan of a statement over these values, one step a line.
async fn plan_of(tx: &mut Tx<'_>, statement: Sql, values: &[Value<'_>]) -> String {
    let explain = explain(tx.engine(), statement);
    let lines: Vec<String> = both!(tx, c, _text => {
        let query = values.iter().fold(sqlx::query(AssertSqlSafe(explain)), |query, value| match *value {
            Value::Id(id) => query.bind(id),
            Value::NoId => query.bind(None::<Uuid>),
            Value::Number(number) => query.bind(number),
            Value::Text(text) => query.bind(text),
            Value::NoText => query.bind(None::<String>),
        });
        let rows = query.fetch_all(c).await.unwrap();
        rows.iter().map(|row| row.get::<String, usize>(row.len() - 1)).collect()
    });
    lines.join("\n")
}

both_engines! {
    fn the_named_queries_walk_their_indexes(shop: TestShop) {
        found_shop(shop.db()).await.expect("found the shop");
        fill(&shop).await;
        let mut rx = shop.db().read().await.unwrap();
        let mut tx = rx.as_tx();
        use Value::{Number, Text};
        let sqlite = tx.engine() == Engine::Sqlite;
        let by_letters = if sqlite { "product_search VIRTUAL TABLE" } else { "product_search_by_fragment" };
        let category = queries::family(&mut tx, "LAC").await.unwrap();
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
        uses(&plan_of(&mut tx, sql::SEARCH_BY_TEXT, &[Text(search), Text("[\"gira\"]"), Text("gira"), Text("gira"), Number(20)]).await, by_letters);
        uses(&plan_of(&mut tx, sql::SEARCH_BY_BEGINNING, &[Text("al"), Text(finding::LAST_LETTER), Number(20)]).await, "products_by_name");
        let skus = if sqlite { "sqlite_autoindex_products" } else { "products_sku_key" };
        uses(&plan_of(&mut tx, sql::FIND_IDS_BY_SKU, &[Text("[\"SKU-7\"]")]).await, skus);
        let codes = plan_of(&mut tx, sql::FIND_BY_CODE, &[Text("1"), Text("2"), Text("3"), Text("4"), Text("5")]).await;
        uses(&codes, skus);
        assert!(!codes.contains("Seq Scan on barcodes"), "{codes}");
        let ids = format!("[\"{}\"]", Uuid::nil().simple());
        let whole = plan_of(&mut tx, sql::FIND_PRODUCTS, &[Text(&ids)]).await;
        uses(&whole, if sqlite { "sqlite_autoindex_products" } else { "products_id_key" });
        let parts = plan_of(&mut tx, sql::FIND_PARTS, &[Text(&ids)]).await;
        uses(&parts, "barcodes_by_product");
        stocks_queries_walk_their_indexes(&mut tx).await;
    }
}

/// Low stock, balances by place, a product's movements newest first, and what lists beside them read.
async fn stocks_queries_walk_their_indexes(tx: &mut Tx<'_>) {
    use Value::{Id, NoId, NoText, Number, Text};
    let sqlite = tx.engine() == Engine::Sqlite;
    let product = one_id(tx, "select id from products where sku = 'SKU-7'").await;
    let place = one_id(tx, "select id from locations where code = 'deposito'").await;
    let ids = format!("[\"{}\"]", product.simple());
    let skus = if sqlite { "sqlite_autoindex_products" } else { "products_sku_key" };
    uses(&plan_of(tx, stock::INVENTORY_ONE, &[Text("SKU-7")]).await, skus);
    let any = [Text("%"), Text("%"), Text("%"), NoText, NoText, Number(0), Text(""), NoId, NoText, NoId, Number(1)];
    let by_name = [&any[..], &[Text("jugo"), Id(Uuid::nil()), Number(51)]].concat();
    uses(&plan_of(tx, stock::INVENTORY, &by_name).await, "products_by_name");
    let worst_first = [&any[..], &[Number(-1), Number(0), Id(Uuid::nil()), Number(51)]].concat();
    uses(&plan_of(tx, stock::INVENTORY_SHORT, &worst_first).await, "stock_heads_needing_care");
    let all = [Text("jugo"), Id(Uuid::nil()), Number(51)];
    uses(&plan_of(tx, stock::INVENTORY_ALL, &all).await, "products_by_name");
    let all_short = [Number(-1), Number(0), Id(Uuid::nil()), Number(51)];
    uses(&plan_of(tx, stock::INVENTORY_ALL_SHORT, &all_short).await, "stock_heads_needing_care");
    let by_position = if sqlite { "SEARCH m USING INTEGER PRIMARY KEY" } else { "movements_pkey" };
    uses(&plan_of(tx, stock::RECENT, &[Number(i64::try_from(PRODUCTS).unwrap() - 9), Number(500)]).await, by_position);
    if !sqlite {
        uses(&plan_of(tx, stock::RECENT_AMONG, &[Text("[1,2,3]")]).await, by_position);
    }
    let held = if sqlite { "SEARCH b USING PRIMARY KEY" } else { "balances_pkey" };
    uses(&plan_of(tx, stock::HELD, &[Text(&ids)]).await, held);
    let when = [Number(0), Number(i64::MAX)];
    let newest = [Number(i64::MAX), Number(i64::MAX), Number(51)];
    let kardex = [&[Id(product), NoText, NoId, NoText, NoText], &when[..], &[NoText], &newest].concat();
    uses(&plan_of(tx, stock::KARDEX, &kardex).await, "movements_by_product");
    let journal = [&[NoId, NoText, NoId, NoText, NoText], &when[..], &[NoText], &newest].concat();
    uses(&plan_of(tx, stock::JOURNAL, &journal).await, "movements_by_time");
    let document = [&[NoId, NoText, NoId, NoText, NoText], &when[..], &[Text("R-1")], &newest].concat();
    uses(&plan_of(tx, stock::OF_DOCUMENT, &document).await, "movements_by_document");
    uses(&plan_of(tx, stock::HELD_AT, &[Text(&ids), Number(i64::MAX)]).await, "movement_lines_by_place");
    let page = [Number(i64::MAX), NoText, Text("jugo"), Id(Uuid::nil()), Number(51)];
    uses(&plan_of(tx, stock::AS_OF, &page).await, "products_by_name");
    let at_place = [Id(product), Id(place), Number(0)];
    uses(&plan_of(tx, stock::LATER_AT_PLACE, &at_place).await, "movement_lines_by_place");
}

async fn one_id(tx: &mut Tx<'_>, select: &'static str) -> Uuid {
    both!(tx, c, _text => sqlx::query_scalar(select).fetch_one(c).await.unwrap())
}
