//! What the log tells of lists: a line per column, however many rows it holds and in however many parts they were read.

use std::sync::Arc;

use crate::common::shop_with;
use crate::protect::rows;
use gondola_shop::kernel::Reader;
use gondola_shop::suppliers::{EMAIL, PHONE};
use gondola_store::protect::Protected;
use gondola_store::{Actor, Engine, Origin, Permission, Tx, both, sqlx};
use gondola_testkit::{TestShop, both_engines};
use gondola_vault::{hex, sha256};
use serde_json::{Value, json};
use uuid::Uuid;

/// What a line says besides its count: how many records, and the digest of all their ids.
const COUNTED_ON_SQLITE: &str = "select record_count || ' ' || lower(hex(record_digest))
    from encrypted_data_access_log where operation = 'DECRYPT'";
const COUNTED_ON_POSTGRES: &str = "select record_count || ' ' || encode(record_digest, 'hex')
    from encrypted_data_access_log where operation = 'DECRYPT'";

both_engines! {
    /// DAL-1: of a list of 150 a hundred are named; all of them are counted, and the digest is of all their ids in order.
    fn of_a_long_list_a_hundred_records_are_named_and_all_are_counted(shop: TestShop) {
        let product = |number: u32| json!({"name": format!("Producto {number}"), "sku": format!("P{number}"), "category": "GEN",
            "unit": "un", "acquisition_cost": "90"});
        shop_with(&shop, &(0..150).map(product).collect::<Vec<_>>()).await;
        let list = shop.api(shop.admin()).get("/api/v1/products?limit=150").await.expect_status(200).json();
        let ids: Vec<&str> = list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect();
        let named = "select record_ids from encrypted_data_access_log where operation = 'DECRYPT'";
        assert_eq!(rows(&shop, named).await, [json!(&ids[..100]).to_string()], "one line, which names a hundred");
        let bytes: Vec<u8> = ids.iter().flat_map(|id| Uuid::parse_str(id).unwrap().into_bytes()).collect();
        let counted = if shop.db().engine() == Engine::Sqlite { COUNTED_ON_SQLITE } else { COUNTED_ON_POSTGRES };
        assert_eq!(rows(&shop, counted).await, [format!("150 {}", hex(&sha256(&bytes)))]);
    }
}

/// The e-mails and telephones of all suppliers by their codes, sealed.
async fn sealed(tx: &mut Tx<'_>) -> [Vec<(Uuid, Protected<String>)>; 2] {
    let sql = "select id, email, phone from suppliers order by code";
    let rows: Vec<(Uuid, Vec<u8>, Vec<u8>)> =
        both!(tx, c, _text => sqlx::query_as(sql).fetch_all(c).await.expect("read the suppliers"));
    let emails = rows.iter().map(|(id, email, _)| (*id, Protected::sealed(email.clone()))).collect();
    let phones = rows.into_iter().map(|(id, _, phone)| (id, Protected::sealed(phone))).collect();
    [emails, phones]
}

/// The owner, in a request of this id.
fn asking(shop: &TestShop, request_id: &str) -> Actor {
    let origin = Origin { request_id: request_id.to_owned(), ..Origin::default() };
    Actor { origin: Arc::new(origin), ..shop.admin() }
}

const OF_REQUESTS: &str =
    "select request_id || ' ' || operation || ' ' || table_name || '.' || column_name || ' ' || record_count
    from encrypted_data_access_log where request_id in ('fifty-by-two', 'twice-twenty-five') order by id";

both_engines! {
    /// DAL-2: 50 rows of two columns are two lines with a count of 50, read at once or, for a list that goes out, in parts.
    fn fifty_rows_of_two_columns_are_two_lines(shop: TestShop) {
        for number in 0..50 {
            let supplier: Value = json!({"code": format!("P{number:02}"), "name": format!("Proveedor {number}"),
                "email": format!("p{number:02}@prov.com.ar"), "phone": format!("+54 9 11 5555-01{number:02}")});
            shop.api(shop.admin()).post("/api/v1/suppliers", supplier).await.expect_status(201);
        }
        let actor = asking(&shop, "fifty-by-two");
        let mut reader = Reader::open(shop.app(), &actor, Permission::ReadSuppliers).await.expect("read");
        let (mut tx, opener) = reader.opening("test.fifty_by_two");
        let [mut emails, mut phones] = sealed(&mut tx).await;
        opener.open(&mut tx, &EMAIL, emails.iter_mut().map(|(id, email)| (*id, email))).await.unwrap();
        opener.open(&mut tx, &PHONE, phones.iter_mut().map(|(id, phone)| (*id, phone))).await.unwrap();
        assert_eq!(emails[7].1.get().map(String::as_str), Some("p07@prov.com.ar"));
        assert!(phones[49].1.get().is_some_and(|phone| phone.ends_with("0149")));

        let actor = asking(&shop, "twice-twenty-five");
        let reader = Reader::open(shop.app(), &actor, Permission::ReadSuppliers).await.expect("read");
        let mut reader = reader.for_export();
        let (mut tx, opener) = reader.opening("test.twice_twenty_five");
        let [mut emails, mut phones] = sealed(&mut tx).await;
        for (emails, phones) in emails.chunks_mut(25).zip(phones.chunks_mut(25)) {
            opener.open(&mut tx, &EMAIL, emails.iter_mut().map(|(id, email)| (*id, email))).await.unwrap();
            opener.open(&mut tx, &PHONE, phones.iter_mut().map(|(id, phone)| (*id, phone))).await.unwrap();
        }
        reader.write_down().await.expect("write down");
        assert_eq!(rows(&shop, OF_REQUESTS).await, [
            "fifty-by-two DECRYPT suppliers.email 50",
            "fifty-by-two DECRYPT suppliers.phone 50",
            "twice-twenty-five EXPORT suppliers.email 50",
            "twice-twenty-five EXPORT suppliers.phone 50",
        ]);
    }
}
