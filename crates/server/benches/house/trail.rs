//! The audit trail: how long a whole one takes to verify (AUD-2), and what it costs whoever works meanwhile (AUD-4).
//!
//! There is no program without a trail to compare with, so its cost is measured twice. Over HTTP two shops take the
//! same calls in turns, the real one and one whose database keeps no entry of the trail: that is how long people wait,
//! but what the program does for an entry (its digest, its hash, its statement) it does in both, so the cost told is
//! too low. On SQLite, which would tell the program that no row was written and so fail the call, the entry goes into a
//! bare table and out of it again: one page of the log for each commit is in the yardstick too. On PostgreSQL a view
//! takes it, and nothing is sealed. In this process the same movements are posted by the product's command and by one
//! that is that command but for its entry: the whole cost and nothing else, told as a share of what the call takes over
//! HTTP without it. The sealer of PostgreSQL works beside the calls and not in them; it is in the first alone.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gondola_ledger::{MovementKind, Qty, UnitCost};
use gondola_server::{config, start};
use gondola_shop::stock::{Movement, PostMovement, ProductRef};
use gondola_store::audit::{Entry, NoteEntries, SealAudit};
use gondola_store::sqlx::{self, Connection as _, PgConnection, SqliteConnection};
use gondola_store::{Actor, ActorKind, Audited, Command, Context, Copies, Db, Fail, Origin, Permission, Role, Tx};
use gondola_testkit::postgres::{fresh_database, postgres_url};
use serde_json::Value;
use tempfile::TempDir;

use super::load::{Call, open_loop};
use super::program::{Program, ask};
use super::say;
use super::writes::{PRODUCTS, receipt, stock_up};

/// Entries that are written by one command while a trail is filled.
const AT_ONCE: i64 = 10_000;
/// Calls of each kind a second: a hundred of both.
const PER_SECOND: u64 = 50;
/// Connections of each kind.
const CLIENTS: u64 = 8;
/// Rounds of each shop.
const ROUNDS: usize = 7;
const WANTED: &str = "wanted under 5 %, AUD-4";

/// A shop of its own.
struct Shop {
    engine: &'static str,
    folder: TempDir,
    url: Option<String>,
}

impl Shop {
    async fn on(engine: &'static str) -> Self {
        let url = match postgres_url().filter(|_| engine == "PostgreSQL") {
            Some(server) => Some(fresh_database(server).await.expect("a database")),
            None => None,
        };
        Self { engine, folder: tempfile::tempdir().expect("a folder"), url }
    }

    fn settings(&self) -> Vec<String> {
        self.url.iter().map(|url| format!("database.url={url}")).collect()
    }

    /// Runs a command that ends by itself.
    fn ask(&self, words: &[&str]) -> Value {
        let settings: Vec<String> = self.settings().iter().map(|setting| format!("--set={setting}")).collect();
        let words: Vec<&str> = words.iter().copied().chain(settings.iter().map(String::as_str)).collect();
        ask(self.folder.path(), &words)
    }

    fn start(&self) -> Program {
        let settings = self.settings();
        Program::start(self.folder.path(), "serve", &settings.iter().map(String::as_str).collect::<Vec<_>>(), &[])
    }

    /// Opens its database in this process.
    async fn open(&self) -> Db {
        let origins = config::Origins { flags: self.settings(), ..config::Origins::default() };
        let settings = config::load(&origins).map_err(|faults| format!("{faults:?}")).expect("the settings").settings;
        start::open_existing(&settings, self.folder.path()).await.expect("the shop")
    }

    /// Runs statements behind the program's back, while it is not running.
    async fn directly(&self, sqlite: &'static str, postgres: &'static str) {
        let Some(url) = &self.url else {
            let file = format!("sqlite:{}", self.folder.path().join("gondola.db").display());
            let mut file = SqliteConnection::connect(&file).await.expect("the file");
            sqlx::raw_sql(sqlite).execute(&mut file).await.expect("its statements");
            return file.close().await.expect("close the file");
        };
        let mut shop = PgConnection::connect(url).await.expect("the database");
        sqlx::raw_sql(postgres).execute(&mut shop).await.expect("its statements");
    }
}

/// What a server does by itself within a minute. Without statistics PostgreSQL sorts the whole trail on disk.
const ANALYZED: &str = "analyze audit_trail";
/// From now on the database keeps no entry: a row that goes as it comes, and on PostgreSQL none at all.
const DROPPED_BY_SQLITE: &str = "alter table audit_trail rename to audit_trail_kept;
    create table audit_trail as select * from audit_trail_kept where false;
    create trigger audit_trail_dropped after insert on audit_trail begin delete from audit_trail; end";
const DROPPED_BY_POSTGRES: &str = "alter table audit_trail rename to audit_trail_kept;
    create view audit_trail as select * from audit_trail_kept;
    create function drop_entry() returns trigger language plpgsql as 'begin return new; end';
    create trigger audit_trail_dropped instead of insert on audit_trail for each row execute function drop_entry()";

/// The engines there are here.
fn engines() -> impl Iterator<Item = &'static str> {
    ["SQLite"].into_iter().chain(postgres_url().map(|_| "PostgreSQL"))
}

/// A trail of so many entries, verified where it is, exported, and verified from the file.
pub async fn verified(entries: i64) {
    for engine in engines() {
        let shop = Shop::on(engine).await;
        shop.ask(&["key", "create", "--name", "bench", "--scope", "admin"]);
        let began = Instant::now();
        fill(&shop, entries).await;
        let took = began.elapsed().as_secs_f64();
        shop.directly("", ANALYZED).await;
        say(&format!("{engine}: {entries} entries written and sealed"), format!("{took:.0} s"), String::new());
        let file = shop.folder.path().join("trail.jsonl");
        let file = file.to_str().expect("a path");
        let kept = timed(&shop, &format!("{engine}: audit verify"), &["audit", "verify"]);
        assert!(kept["entries"].as_i64() > Some(entries) && kept["waiting"] == 0, "{kept}");
        timed(&shop, &format!("{engine}: audit export"), &["audit", "export", file]);
        let copied = timed(&shop, &format!("{engine}: audit verify --file"), &["audit", "verify", "--file", file]);
        for told in [&kept, &copied] {
            assert!(told["ok"] == true && told["head"] == kept["head"] && told["entries"] == kept["entries"], "{told}");
        }
    }
}

/// Runs a command about the whole trail and says how long that took, from its start to its end.
fn timed(shop: &Shop, name: &str, words: &[&str]) -> Value {
    let began = Instant::now();
    let told = shop.ask(words);
    let took = began.elapsed().as_secs_f64();
    let each = told["entries"].as_f64().map_or(0.0, |entries| took * 1_000_000.0 / entries);
    let wanted = if words[1] == "verify" { ", wanted under 10 s of a million (AUD-2)" } else { "" };
    say(name, format!("{took:.1} s"), format!("{each:.1} µs an entry of {}{wanted}", told["entries"]));
    told
}

/// Writes entries as the program does, so that they are linked by its own hashes.
async fn fill(shop: &Shop, entries: i64) {
    let db = shop.open().await;
    let (door, worker) = (Actor::system("door"), Actor::system("worker"));
    let origin = Origin {
        face: "dashboard",
        client_ip: "192.0.2.7".to_owned(),
        agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
        request_id: "0193a1b2c3d47000".to_owned(),
    };
    let actor = Actor {
        id: db.new_id(),
        name: "marta".to_owned(),
        origin: Arc::new(origin),
        ..Actor::of(ActorKind::User(Role::Manager))
    };
    for first in (0..entries).step_by(usize::try_from(AT_ONCE).expect("a few thousand")) {
        let some = (first..first + AT_ONCE).map(|number| entry(&actor, db.now(), number)).collect();
        db.execute(&door, None, NoteEntries(some)).await.expect("they are written");
        db.execute(&worker, None, SealAudit).await.expect("they are sealed");
    }
    db.close().await;
}

fn entry(actor: &Actor, at: i64, number: i64) -> Entry {
    Entry {
        event: "stock.post_movement".to_owned(),
        audited: Audited::MODIFY,
        at,
        actor: actor.clone(),
        resource: format!("sku:PRODUCTO-{}", number % 5_000),
        status: 200,
        records: 1,
        reason: String::new(),
        approver: String::new(),
        before: None,
        after: Some([u8::try_from(number % 251).expect("it is smaller"); 32]),
    }
}

/// What a trail costs, on each engine.
pub async fn cost(length: Duration) {
    for engine in engines() {
        let kept = Shop::on(engine).await;
        let over_http = over_http(&kept, length).await;
        in_the_store(&kept, over_http, length).await;
    }
}

/// Milliseconds of a round: half of the movements and half of the reads were answered within the first and third, all
/// but a twentieth within the second and fourth.
type Round = [f64; 4];
const KINDS: [&str; 4] = ["a movement, median", "a movement, P95", "a read, median", "a read, P95"];

/// Rounds of the shop and of one that keeps no entries, in turns. Answers the median of a movement of the shop.
async fn over_http(kept: &Shop, length: Duration) -> f64 {
    let dropped = Shop::on(kept.engine).await;
    let mut secrets = Vec::new();
    for shop in [kept, &dropped] {
        let (program, settings) = (shop.start(), shop.settings());
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        secrets.push(stock_up(program.address, shop.folder.path(), &settings, PRODUCTS).await);
    }
    dropped.directly(DROPPED_BY_SQLITE, DROPPED_BY_POSTGRES).await;
    let programs = [kept.start(), dropped.start()];
    let mut rounds: [Vec<Round>; 2] = Default::default();
    for number in 0..=ROUNDS {
        // Which of the two comes first changes too.
        let turn = if number.is_multiple_of(2) { [0, 1] } else { [1, 0] };
        for which in turn {
            let round = round(&programs[which], &secrets[which], length).await;
            // Connections and plans are made in the first.
            if number > 0 {
                rounds[which].push(round);
            }
        }
    }
    drop(programs);
    let written = kept.ask(&["audit", "verify"])["entries"].as_u64().expect("how many");
    assert!(written > PER_SECOND * length.as_secs() * ROUNDS as u64, "{written} entries");
    let [with, without] = &rounds;
    for (kind, what) in KINDS.into_iter().enumerate() {
        let of = |rounds: &[Round]| median(rounds.iter().map(|round| round[kind]).collect());
        let mut more: Vec<f64> =
            with.iter().zip(without).map(|(with, without)| share(with[kind], without[kind])).collect();
        more.sort_by(f64::total_cmp);
        let (with, without) = (of(with), of(without));
        let beside = format!(
            "{without:.2} ms where no entry is kept, {:+.1} %, of the rounds {:+.0} to {:+.0} % ({WANTED})",
            share(with, without),
            more[0],
            more[more.len() - 1]
        );
        say(&format!("{}: {what}, 100 calls/s", kept.engine), format!("{with:.2} ms"), beside);
    }
    median(with.iter().map(|round| round[0]).collect())
}

/// Movements and reads, each due halfway between two of the other.
async fn round(program: &Program, secret: &str, length: Duration) -> Round {
    let write =
        |number| Call { method: "POST", path: "/api/v1/movements".to_owned(), body: receipt(number).to_string() };
    let read = |number: u64| {
        let product = format!("/api/v1/inventory/B{}", number * 37 % PRODUCTS);
        let path = if number.is_multiple_of(2) { "/api/v1/inventory".to_owned() } else { product };
        Call { method: "GET", path, body: String::new() }
    };
    let reads = async {
        tokio::time::sleep(Duration::from_micros(500_000 / PER_SECOND)).await;
        open_loop(program.address, secret, CLIENTS, PER_SECOND, length, 200, read).await
    };
    let (writes, reads) =
        tokio::join!(open_loop(program.address, secret, CLIENTS, PER_SECOND, length, 201, write), reads);
    assert_eq!((writes.bad, reads.bad), (0, 0), "every call is answered");
    [writes.percentile_ms(0.5), writes.percentile_ms(0.95), reads.percentile_ms(0.5), reads.percentile_ms(0.95)]
}

/// A command that is another one but for its entry in the trail.
struct Unnoted<C>(C);

impl<C: Command> Command for Unnoted<C> {
    const NAME: &'static str = C::NAME;
    const AUDITED: Option<Audited> = None;
    const OUTDATES: Option<Copies> = C::OUTDATES;
    type Out = C::Out;
    type Refusal = C::Refusal;

    fn permission(&self) -> Permission {
        self.0.permission()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<C::Out, Fail<C::Refusal>> {
        self.0.run(tx, cx).await
    }
}

/// Movements of this process, a hundred a second: each product's is posted with an entry and without one.
async fn in_the_store(shop: &Shop, over_http_ms: f64, length: Duration) {
    let db = shop.open().await;
    let actor = Actor::system("bench");
    let [mut with, mut without] = [Vec::new(), Vec::new()];
    let began = Instant::now();
    let calls = PER_SECOND * 2 * length.as_secs() * 3;
    for number in 0..calls {
        // Which of the two comes first changes from product to product.
        let noted = (number / 2 + number).is_multiple_of(2);
        let command = PostMovement(movement(number / 2 % PRODUCTS));
        tokio::time::sleep_until((began + Duration::from_micros(number * 500_000 / PER_SECOND)).into()).await;
        let at = Instant::now();
        if noted {
            db.execute(&actor, None, command).await.expect("it is posted");
        } else {
            db.execute(&actor, None, Unnoted(command)).await.expect("it is posted");
        }
        let took = at.elapsed().as_secs_f64() * 1000.0;
        if noted { with.push(took) } else { without.push(took) }
    }
    db.close().await;
    let [with, without] = [with, without].map(median);
    let more = with - without;
    let beside = format!(
        "{with:.2} and {without:.2} ms in the store, medians of {}; {:+.1} % of a movement over HTTP ({WANTED})",
        calls / 2,
        share(over_http_ms, over_http_ms - more)
    );
    say(&format!("{}: an entry of the trail, whole", shop.engine), format!("{more:.3} ms"), beside);
}

fn movement(product: u64) -> Movement {
    Movement {
        kind: MovementKind::Receipt,
        product: ProductRef::Sku(format!("B{product}")),
        quantity: Qty::new(1_000),
        unit: None,
        from: None,
        to: Some("deposito".to_owned()),
        lot: None,
        unit_cost: Some(UnitCost::new(1_000_000)),
        reason: "prueba".to_owned(),
        document: None,
        occurred_at: None,
    }
}

/// How much more one is than the other, in percent.
fn share(one: f64, other: f64) -> f64 {
    (one / other - 1.0) * 100.0
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
