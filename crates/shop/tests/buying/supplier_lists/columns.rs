//! What the columns of a list are: guessed, said by a person, remembered for that supplier.

use gondola_testkit::both_engines;
use serde_json::{Value, json};

use crate::supplier_lists::given::{brought, change, founded, lines, told};

fn columns(list: &Value) -> Vec<String> {
    told(list["columns"].as_array().unwrap(), &["field"])
}

both_engines! {
    fn columns_are_guessed_corrected_and_remembered_for_that_supplier(shop: TestShop) {
        founded(&shop).await;
        let file = "Ref;Mercadería;Lista 1;Lista 2\nA1;Vino Santa Julia Chenin 750 ml;100;90\n";
        let list = brought(&shop, "MAX", file).await;
        assert_eq!((columns(&list), &list["counts"]["lines"]), (vec!["-".to_owned(), "-".into(), "price".into(), "-".into()], &json!(0)), "nothing names the goods");
        let said = json!({"columns": ["code", "text", null, "price"]});
        let now = change(&shop, &list, said).await.expect_status(200).json();
        assert_eq!((columns(&now).join(" "), &now["counts"]["lines"]), ("code text - price".to_owned(), &json!(1)));
        assert_eq!(told(&lines(&shop, &list, "").await, &["code", "sku", "price"]), ["A1 CHENIN 90.0000"]);
        let next = brought(&shop, "MAX", "Lista 2;Ref;MERCADERIA;Lista 1;EAN\n95;A1;Vino;101;7790742034007\n").await;
        assert_eq!(columns(&next).join(" "), "price code text - barcode", "in another order, with one more");
        let of_another = brought(&shop, "LS", file).await;
        assert_eq!(columns(&of_another).join(" "), "- - price -", "what was said of one supplier's is no other's");
    }
}

both_engines! {
    fn a_list_read_again_keeps_what_a_person_said_of_its_lines(shop: TestShop) {
        founded(&shop).await;
        let list = brought(&shop, "MAX", "Cod;Descripción;Precio;Precio neto\nZ1;ROS. S.J.;100;90\n").await;
        let line = lines(&shop, &list, "").await[0]["line"].clone();
        change(&shop, &list, json!({"lines": [{"line": line, "product": "sku:ROSADO"}]})).await.expect_status(200);
        change(&shop, &list, json!({"columns": ["code", "text", null, "price"]})).await.expect_status(200);
        assert_eq!(told(&lines(&shop, &list, "").await, &["sku", "certainty", "price", "unit_cost"]), ["ROSADO certain 90.0000 108.9000"]);
    }
}
