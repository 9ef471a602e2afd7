//! A file is the whole list, of one moment, finished; or a refusal.

use gondola_shop::kernel::{App, Columns, Export, FileFormat, Lang, List, Page, Problem, Reader};
use gondola_shop::stock::PostMovement;
use gondola_shop::stock::kardex::{MovementItem, MovementParams};
use gondola_store::{Actor, Permission};
use gondola_testkit::{TestShop, both_engines};
use serde::Deserialize;
use serde_json::json;

use crate::common::{adds_up, receipt, stocked};
use crate::exports::files::{FORMATS, ask, column, table};

/// More than a page, and more than is read from the database at a time.
const MANY: usize = 2_100;

both_engines! {
    fn the_whole_list_is_in_the_file_whatever_a_page_holds(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        let lines: Vec<_> = (0..MANY).map(|_| receipt("ARROZ", "1", "100")).collect();
        let batch = json!({"mode": "atomic", "lines": lines});
        shop.api(shop.admin()).post("/api/v1/movements/batch", batch).await.expect_status(201);
        let expected: Vec<String> = (1..=MANY).rev().map(|number| number.to_string()).collect();
        for format in FORMATS {
            let file = table(&shop, shop.admin(), "movements", &format!("{format}&limit=5")).await;
            assert_eq!(column(&file, "Número"), expected, "{format}");
        }
    }
}

both_engines! {
    /// INP-3.
    fn a_file_comes_as_an_attachment_with_a_name_that_says_what_it_is(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        let csv = ask(&shop, shop.admin(), "movements", "format=csv").await.expect_status(200);
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(csv.header("x-content-type-options"), "nosniff");
        assert_eq!(csv.header("cache-control"), "no-store");
        let name = csv.header("content-disposition");
        assert!(name.starts_with("attachment; filename=\"movimientos-20") && name.ends_with(".csv\""), "{name}");
        let english = shop.api(shop.admin()).header("accept-language", "en");
        let xlsx = english.get("/api/v1/movements?format=xlsx").await.expect_status(200);
        assert_eq!(xlsx.header("content-type"), FileFormat::Xlsx.media_type());
        assert!(xlsx.header("content-disposition").starts_with("attachment; filename=\"movements-"));
        let empty = english.get("/api/v1/movements?format=csv").await.expect_status(200).text();
        assert!(empty.starts_with("\u{feff}Number;Date;Kind;") && empty.lines().count() == 1, "{empty}");
    }
}

both_engines! {
    fn an_unknown_format_is_refused(shop: TestShop) {
        stocked(&shop, &[]).await;
        let refused = [
            ("format=pdf", "format", "unknown_format"),
            ("format=CSV", "format", "unknown_format"),
            ("format=", "format", "unknown_format"),
            ("format=csv&dialect=tab", "dialect", "unknown_dialect"),
            ("format=xlsx&dialect=excel", "dialect", "not_together"),
            ("dialect=plain", "dialect", "not_together"),
            ("format=csv&format=csv", "format", "bad_parameter"),
            ("format=csv&colour=red", "colour", "bad_parameter"),
            ("format=csv&kind=magic", "kind", "unknown_kind"),
        ];
        for (query, field, code) in refused {
            let answer = ask(&shop, shop.admin(), "movements", query).await.expect_problem(422, "invalid");
            let error = answer.json()["errors"][0].clone();
            assert_eq!((&error["field"], &error["code"]), (&json!(field), &json!(code)), "{query}");
        }
    }
}

/// The movements, with one more posted while their file is written: a page of one row at a time.
#[derive(Deserialize)]
struct Disturbed {}

impl List for Disturbed {
    type Item = MovementItem;
    type Key = (i64, i64);
    type Filter = (App, <MovementParams as List>::Filter);

    const NAME: &'static str = "disturbed";
    const TITLE: [&'static str; 2] = ["Movimientos", "Movements"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, app: &App, reader: &mut Reader) -> Result<Option<Self::Filter>, Problem> {
        let filter = MovementParams::default().look_up(app, reader).await?;
        Ok(filter.map(|filter| (app.clone(), filter)))
    }

    async fn page(
        (app, filter): &Self::Filter,
        reader: &mut Reader,
        after: Option<Self::Key>,
        _: i64,
    ) -> Result<Page<MovementItem>, Problem> {
        let page = MovementParams::page(filter, reader, after, 1).await?;
        let body: gondola_shop::stock::api::MovementBody =
            serde_json::from_value(receipt("ARROZ", "1", "100")).expect("a movement's body");
        let movement = body.parse(app.db.now(), "").map_err(Problem::invalid)?;
        app.db.execute(&Actor::system("test"), None, PostMovement(movement)).await?;
        Ok(page)
    }

    fn columns(filter: Option<&Self::Filter>) -> Columns<MovementItem> {
        MovementParams::columns(filter.map(|(_, filter)| filter))
    }
}

both_engines! {
    /// What is posted while a file is written is not in it.
    fn a_file_is_of_one_moment(shop: TestShop) {
        stocked(&shop, &[("ARROZ", "un")]).await;
        for _ in 0..3 {
            shop.api(shop.admin()).post("/api/v1/movements", receipt("ARROZ", "1", "100")).await.expect_status(201);
        }
        let file = write::<Disturbed>(&shop, FileFormat::default()).await.expect("a file");
        assert_eq!(file.rows, 3);
        assert_eq!(table(&shop, shop.admin(), "movements", "format=csv").await.rows.len(), 6);
        adds_up(&shop).await;
    }
}

async fn write<L: List>(shop: &TestShop, format: FileFormat) -> Result<gondola_shop::kernel::Exported, Problem> {
    Export::of::<L>().write(shop.app(), &shop.admin(), Lang::Es, "", format).await
}

/// A list without end.
#[derive(Deserialize)]
struct Endless {}

impl List for Endless {
    type Item = i64;
    type Key = i64;
    type Filter = ();

    const NAME: &'static str = "endless";
    const TITLE: [&'static str; 2] = ["Sin fin", "Endless"];
    const NEEDS: Permission = Permission::ReadStock;

    async fn look_up(self, _: &App, _: &mut Reader) -> Result<Option<()>, Problem> {
        Ok(Some(()))
    }

    async fn page(_: &(), _: &mut Reader, after: Option<i64>, limit: i64) -> Result<Page<i64>, Problem> {
        let first = after.unwrap_or(0) + 1;
        Ok(Page::cut((first..=first + limit).collect(), limit, |number| *number, |number| number))
    }

    fn columns(_: Option<&()>) -> Columns<i64> {
        Columns::<i64>::new().whole("Número", "Number", |number| *number)
    }
}

#[tokio::test]
async fn a_list_that_does_not_fit_is_refused_and_says_what_to_do() {
    let shop = TestShop::sqlite().await;
    let refused = write::<Endless>(&shop, FileFormat::default()).await.expect_err("no file");
    assert_eq!((refused.status.as_u16(), refused.code), (422, "export_too_long"));
    assert!(refused.detail.es.contains("filtros") && refused.detail.en.contains("filters"));
    assert!(write::<Endless>(&shop, FileFormat::default()).await.is_err(), "the turn was given back");
}
