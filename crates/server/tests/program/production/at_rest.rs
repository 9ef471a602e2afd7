//! ENC-13, KEY-2: what is stored in protected columns, and a key that opens the shop, are in no dump, data file, log or backup,
//! in no form; what is public is found there by the same search, so that a search that finds nothing says something.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gondola_store::sqlx::{self, Connection, PgConnection};
use serde_json::{Value, json};

use crate::production::https::Caller;
use crate::production::papers::of_suppliers;
use crate::production::people::{PASSWORD, begin, confirm, log_in, set_up, signed_in, token};
use crate::production::search::{Canary, Search};
use crate::production::shop::{Served, Shop, files, in_file};

/// What products cost when they are made, one each.
const COSTS: [&str; 6] =
    ["8317264.5931", "8429371.6042", "8531482.7153", "8643593.8264", "8754617.9375", "8865728.1486"];
/// What the first two cost after somebody changed them, and the next two after a list did.
const NEW_COSTS: [&str; 4] = ["7316245.2597", "7427356.3618", "7538467.4729", "7649578.5831"];
/// What a new product of the list costs, and one that was refused.
const LISTED_COSTS: [&str; 2] = ["6751689.6942", "6862791.7153"];
/// Texts in rows that were refused, and in a file that waits to be loaded.
const MARKS: [&str; 4] =
    ["Zorzal de la primera fila", "Calandria de la otra fila", "Benteveo del archivo", "Hornero al margen"];
/// How somebody is reached.
const CONTACT: [&str; 2] = ["zorzal.de.mora@correo.example", "+54 9 11 5937-2846"];
/// What anybody may know.
const PUBLIC_NAME: &str = "Yerba con palo a la vista";
const PUBLIC_PRICE: &str = "9231847.55";

/// An amount as a list has it.
fn comma(text: &str) -> String {
    text.replace('.', ",")
}

/// Products with a cost each, of which two are changed by hand.
fn products_are_made(program: &Caller) {
    for (at, cost) in COSTS.iter().enumerate() {
        let product = json!({"sku": format!("P-{at}"), "name": format!("{PUBLIC_NAME} {at}"), "category": "GEN",
            "unit": "un", "sale_price": PUBLIC_PRICE, "acquisition_cost": cost});
        program.with("idempotency-key", &format!("alta-{at}")).post("/api/v1/products", &product).expect(201);
    }
    for (at, cost) in NEW_COSTS[..2].iter().enumerate() {
        let changed = program.with("if-match", "\"1\"").with("idempotency-key", &format!("cambio-{at}"));
        let body = json!({"acquisition_cost": cost}).to_string();
        changed.send(&format!("PATCH /api/v1/products/sku:P-{at}"), "application/json", body.as_bytes()).expect(200);
    }
}

/// A list that changes two products, makes one, and has two rows that are refused; answers the import.
fn a_list_is_loaded(program: &Caller) -> Value {
    let (new, listed) = (NEW_COSTS.map(comma), LISTED_COSTS.map(comma));
    let list = format!(
        "SKU;Nombre;Costo;Precio\nP-2;;{};\nP-3;;{};\nN-1;{PUBLIC_NAME} N;{};\nNO VALE;{};{};10,00\nN-2;{};1,00;caro\n",
        new[2], new[3], listed[0], MARKS[0], listed[1], MARKS[1]
    );
    let loading = program.with("idempotency-key", "lista-1");
    let import = loading.send("POST /api/v1/imports/products", "text/csv", list.as_bytes()).expect(201).json();
    let counts = ["rows_good", "rows_bad", "rows_created", "rows_changed"].map(|name| import[name].as_i64().unwrap());
    assert_eq!(counts, [3, 2, 1, 2], "{import}");
    import
}

/// A list that somebody sent by the page and has not loaded.
fn a_file_waits(browser: &Caller) {
    let list = format!("SKU;Nombre;Precio;Apunte\nE-1;{};10,00;{}\n", MARKS[2], MARKS[3]);
    let part = |name: &str, more: &str, text: &str| {
        format!("--XyZ\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{text}\r\n")
    };
    let file = part("file", "; filename=\"lista.csv\"\r\nContent-Type: text/csv", &list);
    let body = [part("kind", "", "products"), file, "--XyZ--\r\n".to_owned()].concat();
    let sent = browser.send("POST /imports", "multipart/form-data; boundary=XyZ", body.as_bytes()).expect(303);
    browser.get(sent.header("location")).expect(200);
}

/// The owner and a manager with an authenticator each, and two managers whose authenticators are still learning;
/// the manager's browser, and what the authenticators know.
fn people_have_authenticators(shop: &Shop, served: &Served) -> (Caller, Vec<Canary>) {
    let owner = signed_in(served, &set_up(served, &token(served)).expect(303));
    let secret = begin(&owner);
    confirm(&owner, &secret);
    let mut secrets = vec![Canary::authenticator("the owner's authenticator", &secret)];
    let mut browser = None;
    for name in ["mora", "nico", "olga"] {
        shop.told_typing(&["user", "add", name, "--role", "manager", "--password-stdin"], PASSWORD);
        let entered = signed_in(served, &log_in(served, name).expect(303));
        let secret = begin(&entered);
        secrets.push(Canary::authenticator(name, &secret));
        if name == "mora" {
            browser = Some(signed_in(served, &confirm(&entered, &secret).0));
        }
    }
    (browser.unwrap(), secrets)
}

/// How one of them is reached, and back again.
fn somebody_can_be_reached(program: &Caller) {
    let users = program.get("/api/v1/users").expect(200).json();
    let mora = users["items"].as_array().unwrap().iter().find(|user| user["username"] == "mora").unwrap();
    let path = format!("/api/v1/users/{}/contact", mora["id"].as_str().unwrap());
    let body = json!({"email": CONTACT[0], "phone": CONTACT[1]});
    let change = program.with("if-match", &format!("\"{}\"", mora["version"]));
    change.send(&format!("PUT {path}"), "application/json", body.to_string().as_bytes()).expect(200);
    let kept = program.get(&path).expect(200).json();
    assert_eq!((&kept["email"], &kept["phone"]), (&body["email"], &body["phone"]));
}

/// Everything that was stored comes back from where it was stored: nothing is looked for that was never there.
fn all_of_it_is_kept(shop: &Shop, program: &Caller, import: &Value) {
    let kept = [NEW_COSTS[0], NEW_COSTS[1], NEW_COSTS[2], NEW_COSTS[3], COSTS[4], COSTS[5]];
    for (at, cost) in kept.iter().enumerate() {
        let product = program.get(&format!("/api/v1/products/sku:P-{at}")).expect(200).json();
        assert_eq!(product["acquisition_cost"], **cost, "{product}");
    }
    assert_eq!(program.get("/api/v1/products/sku:N-1").expect(200).json()["acquisition_cost"], LISTED_COSTS[0]);
    let refused = format!("/api/v1/imports/{}/errors?format=csv", import["id"].as_str().unwrap());
    let refused = program.get(&refused).expect(200).text();
    for text in [MARKS[0], MARKS[1], &comma(LISTED_COSTS[1])] {
        assert!(refused.contains(text), "{text} in {refused}");
    }
    for (statement, rows) in SEALED {
        assert_eq!(shop.number(statement), rows, "{statement}");
    }
}

/// How many values lie in the columns that no call shows.
const SEALED: [(&str, i64); 6] = [
    ("select count(*) from import_files where content is not null", 1),
    ("select count(*) from invoice_files where original is not null", 1),
    ("select count(*) from supplier_list_files where cells is not null", 1),
    ("select count(*) from import_changes where before is not null", 2),
    ("select count(*) from users where totp_secret is not null", 2),
    ("select count(*) from users where totp_pending is not null", 2),
];

/// The sealed cost of a product, as it lies there.
fn sealed_cost(shop: &Shop) -> Vec<u8> {
    let statement = "select acquisition_cost from products where sku = 'P-5'";
    if let Some(postgres) = &shop.postgres {
        return tokio::runtime::Runtime::new().unwrap().block_on(async {
            let mut connection = PgConnection::connect(postgres.url()).await.unwrap();
            sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
        });
    }
    in_file(&shop.dir(), async |file| sqlx::query_scalar(statement).fetch_one(file).await.unwrap())
}

/// Everything that is protected comes into the shop, is changed and is read; what of it must not be found besides what
/// [`Sought`] looks for anyway.
pub fn is_kept(shop: &Shop, served: &Served, program: &Caller) -> Vec<Canary> {
    products_are_made(program);
    let import = a_list_is_loaded(program);
    let (browser, authenticators) = people_have_authenticators(shop, served);
    a_file_waits(&browser);
    somebody_can_be_reached(program);
    let papers = of_suppliers(program);
    all_of_it_is_kept(shop, program, &import);
    [authenticators, papers].concat()
}

/// What is looked for, and what of it must be found.
pub struct Sought {
    search: Search,
    public: BTreeSet<String>,
}

impl Sought {
    /// What products cost and people wrote, a cost as it lies there, and others.
    pub fn of(shop: &Shop, others: Vec<Canary>) -> Self {
        let costs = COSTS.iter().chain(&NEW_COSTS).chain(&LISTED_COSTS).map(|cost| Canary::number(cost));
        let canaries: Vec<Canary> =
            costs.chain(MARKS.into_iter().chain(CONTACT).map(Canary::text)).chain(others).collect();
        assert!(canaries.len() >= 32, "{}", canaries.len());
        let sealed = Canary::bytes("a sealed cost", &sealed_cost(shop));
        let public = vec![Canary::text(PUBLIC_NAME), Canary::number(PUBLIC_PRICE), sealed];
        let names = public.iter().map(|canary| canary.what.clone()).collect();
        Self { search: Search::of([canaries, public].concat()), public: names }
    }

    /// What is public and stands there; nothing that is protected does.
    pub fn public_in(&self, place: &str, bytes: &[u8]) -> BTreeSet<String> {
        let (public, protected): (BTreeSet<String>, BTreeSet<String>) =
            self.search.found(bytes).into_iter().map(str::to_owned).partition(|what| self.public.contains(what));
        assert_eq!(protected, BTreeSet::new(), "in {place}");
        public
    }

    /// Everything that is public stands there, and nothing that is protected.
    pub fn is_sealed(&self, place: &str, bytes: &[u8]) {
        assert_eq!(self.public_in(place, bytes), self.public, "in {place}");
    }

    /// The same of the files of a folder together, and of their names.
    fn is_sealed_in_files(&self, folder: &Path) {
        let mut public = BTreeSet::new();
        for file in files(folder) {
            let name = file.display().to_string();
            self.public_in("the name of a file", name.as_bytes());
            public.extend(self.public_in(&name, &fs::read(&file).unwrap()));
        }
        assert_eq!(public, self.public, "in {}", folder.display());
    }
}

/// ENC-13, KEY-2: the dumps of PostgreSQL and its files; SQLite's file with its log and its memory, and a backup.
#[test]
fn nothing_protected_can_be_read_in_a_dump_a_data_file_or_a_backup() {
    for shop in Shop::each() {
        let served = shop.serve();
        let key = shop.key("read,write,admin");
        let kept = is_kept(&shop, &served, &served.dashboard().with("x-api-key", &key));
        let sought = Sought::of(&shop, [kept, vec![Canary::text(&key)]].concat());
        match &shop.postgres {
            Some(postgres) => {
                for (whose, dump) in postgres.dumps() {
                    sought.is_sealed(&format!("a dump by {whose}"), &dump);
                }
            }
            None => {
                let database = shop.dir().join("gondola.db");
                let ends = ["db", "db-wal", "db-shm"];
                let bytes = ends.map(|end| fs::read(database.with_extension(end)).unwrap());
                assert!(!bytes[1].is_empty() && !bytes[2].is_empty(), "it is open");
                sought.is_sealed("the open file with what is beside it", &bytes.concat());
                let set = shop.told(&["backup", "create"]);
                sought.is_sealed_in_files(Path::new(set["path"].as_str().unwrap()));
            }
        }
        sought.public_in("the log", served.stop().as_bytes());
        match &shop.postgres {
            Some(postgres) => sought.is_sealed_in_files(&postgres.written_out().join("data")),
            None => sought.is_sealed_in_files(&shop.dir()),
        }
    }
}
