//! The rules about negative stock (R-13 by a rule, not by accident): without any the till may overdraw and flags it;
//! a rule for a product, a place or a channel changes that, and taking it away changes it back.

use crate::common::shelves::of_place;
use crate::common::{adds_up, movement, nothing, on_hand, receipt, stocked};
use gondola_ledger::{Channel, MovementKind, Qty};
use gondola_shop::stock::{Book, Movement, ProductRef, Receipt, StockRefusal};
use gondola_store::{Command, Context, Fail, Permission, Role, Tx};
use gondola_testkit::{Answer, TestShop, both_engines};
use serde_json::{Value, json};

const PATH: &str = "/api/v1/stock/negative-policies";

/// A sale of one unit at the till, which has no face of its own yet.
struct SellAtTheTill(&'static str);

impl Command for SellAtTheTill {
    const NAME: &'static str = "test.sell_at_the_till";
    type Out = Receipt;
    type Refusal = StockRefusal;

    fn permission(&self) -> Permission {
        Permission::Sell
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Receipt, Fail<StockRefusal>> {
        let product = ProductRef::Sku(self.0.to_owned());
        let mut book = Book::open(tx, cx, Channel::Till, [&product]).await?;
        let sale = Movement {
            kind: MovementKind::Sale,
            product,
            quantity: Qty::new(1000),
            unit: None,
            from: Some("local".to_owned()),
            to: None,
            lot: None,
            unit_cost: None,
            reason: "ticket".to_owned(),
            document: None,
            occurred_at: None,
        };
        book.post(tx, &sale, None).await?;
        Ok(book.close_with_receipts(tx).await?.remove(0))
    }
}

/// What the till is told: flags, or the code of the refusal.
async fn at_the_till(shop: &TestShop, sku: &'static str) -> Result<Vec<String>, &'static str> {
    match shop.db().execute(&shop.user(Role::Cashier), None, SellAtTheTill(sku)).await {
        Ok(done) => Ok(done.out.flags),
        Err(Fail::Refused(refusal)) => Err(refusal.code()),
        Err(_) => panic!("the till may sell"),
    }
}

async fn put(shop: &TestShop, rule: Value) -> Value {
    shop.api(shop.manager()).put(PATH, rule).await.expect_status(200).json()
}

async fn sell(shop: &TestShop, actor: gondola_store::Actor, sku: &str) -> Answer {
    shop.api(actor).post("/api/v1/movements", movement("sale", sku, "1", Some("local"), None)).await
}

fn flags(answer: &Answer) -> Value {
    answer.json()["flags"].clone()
}

both_engines! {
    fn without_a_rule_only_the_till_may_overdraw(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        sell(&shop, shop.key("write"), "LECHE").await.expect_problem(409, "insufficient_stock");
        sell(&shop, shop.user(Role::Cashier), "LECHE").await.expect_problem(409, "insufficient_stock");
        assert_eq!(at_the_till(&shop, "LECHE").await.unwrap(), ["negative_stock"]);
        assert_eq!(on_hand(&shop, "LECHE").await, "-1");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn a_rule_decides_for_its_product_place_and_channel_until_it_is_taken_away(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un"), ("PAN", "un")]).await;
        let rule = put(&shop, json!({"product": "sku:LECHE", "location": "local", "channel": "api", "overdraw": "allow_and_flag"})).await;
        let sold = sell(&shop, shop.key("write"), "LECHE").await.expect_status(201);
        assert_eq!(flags(&sold), json!(["negative_stock"]));
        // Another channel, place or product is as before.
        sell(&shop, shop.user(Role::Cashier), "LECHE").await.expect_problem(409, "insufficient_stock");
        sell(&shop, shop.key("write"), "PAN").await.expect_problem(409, "insufficient_stock");
        let elsewhere = movement("sale", "LECHE", "1", Some("deposito"), None);
        shop.api(shop.key("write")).post("/api/v1/movements", elsewhere).await.expect_problem(409, "insufficient_stock");
        // The same three say something else now: one rule, one id.
        let again = put(&shop, json!({"product": "sku:LECHE", "location": "local", "channel": "api", "overdraw": "allow"})).await;
        assert_eq!((&again["id"], &again["overdraw"]), (&rule["id"], &json!("allow")));
        assert_eq!(flags(&sell(&shop, shop.key("write"), "LECHE").await.expect_status(201)), json!([]));
        let path = format!("{PATH}/{}", rule["id"].as_str().unwrap());
        shop.api(shop.manager()).delete(&path).await.expect_status(204);
        shop.api(shop.manager()).delete(&path).await.expect_problem(404, "not_found");
        sell(&shop, shop.key("write"), "LECHE").await.expect_problem(409, "insufficient_stock");
        assert_eq!(on_hand(&shop, "LECHE").await, "-2");
        adds_up(&shop).await;
    }
}

both_engines! {
    /// A person on a page may be let, and the till may be stopped.
    fn a_rule_opens_the_counter_and_closes_the_till(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        put(&shop, json!({"channel": "counter", "overdraw": "allow_and_flag"})).await;
        put(&shop, json!({"channel": "till", "overdraw": "refuse"})).await;
        assert_eq!(at_the_till(&shop, "LECHE").await.unwrap_err(), "insufficient_stock");
        let sold = sell(&shop, shop.user(Role::Cashier), "LECHE").await.expect_status(201);
        assert_eq!(flags(&sold), json!(["negative_stock"]));
        // What is said of the product wins over what is said of everything.
        put(&shop, json!({"product": "sku:LECHE", "overdraw": "refuse"})).await;
        sell(&shop, shop.user(Role::Cashier), "LECHE").await.expect_problem(409, "insufficient_stock");
        adds_up(&shop).await;
    }
}

both_engines! {
    fn rules_are_listed_page_by_page_with_the_names_people_know(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let wanted = [
            json!({"product": "sku:LECHE", "location": "local", "channel": "till", "overdraw": "refuse"}),
            json!({"location": "deposito", "overdraw": "allow"}),
            json!({"channel": "job", "overdraw": "allow_and_flag"}),
        ];
        for rule in &wanted {
            put(&shop, rule.clone()).await;
        }
        let api = shop.api(shop.user(Role::Auditor));
        let first = api.get(&format!("{PATH}?limit=2")).await.expect_status(200).json();
        let next = first["next"].as_str().expect("a next page");
        let second = api.get(&format!("{PATH}?limit=2&after={next}")).await.expect_status(200).json();
        let items: Vec<Value> = [&first, &second].iter().flat_map(|page| page["items"].as_array().unwrap().clone()).collect();
        let told: Vec<_> = items.iter().map(|rule| [&rule["product"], &rule["location"], &rule["channel"], &rule["overdraw"]].map(Clone::clone)).collect();
        assert_eq!(told, [
            [json!("sku:LECHE"), json!("local"), json!("till"), json!("refuse")],
            [json!(null), json!("deposito"), json!(null), json!("allow")],
            [json!(null), json!(null), json!("job"), json!("allow_and_flag")],
        ]);
        assert_eq!(second["next"], json!(null));
    }
}

both_engines! {
    fn a_bad_rule_is_refused_and_nothing_is_written(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        let api = shop.api(shop.manager());
        let bad = json!({"product": "LECHE", "location": "", "channel": "web", "overdraw": "maybe"});
        let problem = api.put(PATH, bad).await.expect_problem(422, "invalid").json();
        let fields: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
        assert_eq!(fields, ["product", "location", "channel", "overdraw"]);
        api.put(PATH, json!({})).await.expect_problem(422, "invalid");
        api.put(PATH, json!({"product": "sku:NADA", "overdraw": "allow"})).await.expect_problem(422, "unknown_product");
        for place in ["luna", "customer", "in_transit"] {
            api.put(PATH, json!({"location": place, "overdraw": "allow"})).await.expect_problem(422, "unknown_location");
        }
        api.delete(&format!("{PATH}/{}", nothing())).await.expect_problem(404, "not_found");
        api.delete(&format!("{PATH}/x")).await.expect_problem(404, "not_found");
        let cashier = shop.api(shop.user(Role::Cashier));
        cashier.put(PATH, json!({"overdraw": "allow"})).await.expect_problem(403, "forbidden");
        assert_eq!(api.get(PATH).await.json()["items"], json!([]));
    }
}

both_engines! {
    /// Who sees one place makes rules for that place only, and sees no other's.
    fn an_actor_of_one_place_rules_over_that_place(shop: TestShop) {
        stocked(&shop, &[("LECHE", "un")]).await;
        shop.api(shop.admin()).post("/api/v1/movements", receipt("LECHE", "1", "100")).await.expect_status(201);
        let foreign = put(&shop, json!({"location": "deposito", "overdraw": "allow"})).await;
        let everywhere = put(&shop, json!({"channel": "api", "overdraw": "refuse"})).await;
        let there = shop.api(of_place(&shop, shop.manager(), "local").await);
        let own = there.put(PATH, json!({"location": "local", "overdraw": "allow"})).await.expect_status(200).json();
        there.put(PATH, json!({"overdraw": "allow"})).await.expect_problem(422, "location_required");
        there.put(PATH, json!({"location": "deposito", "overdraw": "refuse"})).await.expect_problem(422, "unknown_location");
        let seen = there.get(PATH).await.expect_status(200).json();
        let ids: Vec<_> = seen["items"].as_array().unwrap().iter().map(|rule| rule["id"].clone()).collect();
        assert_eq!(ids, [everywhere["id"].clone(), own["id"].clone()]);
        for other in [&foreign, &everywhere] {
            there.delete(&format!("{PATH}/{}", other["id"].as_str().unwrap())).await.expect_problem(404, "not_found");
        }
        there.delete(&format!("{PATH}/{}", own["id"].as_str().unwrap())).await.expect_status(204);
        assert_eq!(shop.api(shop.admin()).get(PATH).await.json()["items"].as_array().unwrap().len(), 2);
    }
}
