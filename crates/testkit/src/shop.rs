//! A whole shop for one test: an own database (a copy of one that was migrated once), a mock clock
//! and the three faces with every layer a request meets in production. Who calls is told by the
//! client: its actor stands in the request where only this process can put it.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use gondola_server::health::Health;
use gondola_server::http::{Authenticate, Budgets, Hosts, Outer, PerMinute, Proxies, Refusals, TimeLimits, stack};
use gondola_server::integrity::BookGauges;
use gondola_server::keys::KeyNumbers;
use gondola_server::metrics::{FaceMetrics, ProcessNumbers, Share};
use gondola_server::tls::TlsGauges;
use gondola_server::trail::TrailNumbers;
use gondola_shop::kernel::time::Hours;
use gondola_shop::kernel::{App, AppParts, Doors, Face, Kept, Profile, StaleAfter, Turns};
use gondola_store::{Actor, ActorKind, Clock, Db, Engine, Grouping, OpenOptions, Redis, Role, Scopes};
use gondola_vault::MasterKey;
use jiff::tz::TimeZone;
use sqlx::{Connection, PgConnection, SqliteConnection};
use tokio::sync::{OnceCell, broadcast, watch};
use uuid::Uuid;

use crate::client::Client;
use crate::clock::{MockClock, SeededIds};
use crate::coverage;
use crate::postgres::{
    PROGRAM, as_program, database_from_template, make_program_role, postgres_url, template_database,
};
use crate::sql;

/// Connections of a test's database: enough for races, few enough for many tests at once.
const CONNECTIONS_MAX: u32 = 8;
/// Stock events that a slow listener may be behind.
const EVENTS_KEPT: usize = 256;

/// A test's clock stands still, and what it asks for is not counted.
const ANY_NUMBER: PerMinute =
    PerMinute { key: u32::MAX, user: u32::MAX, address: u32::MAX, ledger_writes: u32::MAX, exports: u32::MAX };

/// A shop of one test.
pub struct TestShop {
    app: App,
    clock: Arc<MockClock>,
    health: Arc<Health>,
    book: BookGauges,
    refusals: Arc<Refusals>,
    faces: [Router; 3],
    stop: watch::Sender<bool>,
    url: String,
    _folder: Option<tempfile::TempDir>,
}

impl TestShop {
    /// An empty shop on SQLite.
    pub async fn sqlite() -> Self {
        let (url, folder) = sqlite_copy().await;
        Self::open(url, Some(folder)).await
    }

    /// An empty shop on PostgreSQL; nothing where there is no server to test against.
    pub async fn postgres() -> Option<Self> {
        Some(Self::open(postgres_copy().await?, None).await)
    }

    /// A migrated database on SQLite that is no shop yet: it has no key ring, and is opened when it has one.
    pub async fn bare_sqlite() -> Self {
        let (url, folder) = sqlite_copy().await;
        let mut connection = SqliteConnection::connect(&url).await.expect("open the copy");
        sqlx::query(sql::FORGET_KEYS).execute(&mut connection).await.expect("forget the ring");
        connection.close().await.expect("close the copy");
        Self::bare(url, Some(folder)).await
    }

    /// The same on PostgreSQL.
    pub async fn bare_postgres() -> Option<Self> {
        let url = postgres_copy().await?;
        let mut connection = PgConnection::connect(&url).await.expect("open the copy");
        sqlx::query(sql::FORGET_KEYS).execute(&mut connection).await.expect("forget the ring");
        connection.close().await.expect("close the copy");
        Some(Self::bare(url, None).await)
    }

    async fn bare(url: String, folder: Option<tempfile::TempDir>) -> Self {
        coverage::start();
        let (db, clock) = open(url.clone()).await;
        Self::serve(db, clock, url, folder)
    }

    /// The same shop as process `number` of several serves it, by the same clock and with a Redis.
    pub async fn replica(&self, number: u16, redis: Redis) -> Self {
        coverage::start();
        let clock = Arc::clone(&self.clock);
        let db = open_with(program_url(&self.url), Arc::clone(&clock), SeededIds::of_process(number), redis).await;
        db.unlock().await.expect("open the test's key ring");
        Self::serve(db, clock, self.url.clone(), None)
    }

    async fn open(url: String, folder: Option<tempfile::TempDir>) -> Self {
        coverage::start();
        let (db, clock) = open_shop(program_url(&url)).await;
        Self::serve(db, clock, url, folder)
    }

    fn serve(db: Db, clock: Arc<MockClock>, url: String, folder: Option<tempfile::TempDir>) -> Self {
        let app = App::new(parts(&db));
        let health = Arc::new(Health::new(db));
        let book = BookGauges::default();
        let refusals = Arc::new(Refusals::default());
        let (stop, stopping) = watch::channel(false);
        let faces = Face::ALL.map(|face| {
            let outer = outer(face, &app, &health, &book, &refusals, stopping.clone());
            stack(outer, gondola_shop::router(face))
        });
        Self { app, clock, health, book, refusals, faces, stop, url, _folder: folder }
    }

    /// The layers of a face, for a test that puts routes of its own inside them.
    pub fn outer(&self, face: Face) -> Outer {
        outer(face, &self.app, &self.health, &self.book, &self.refusals, self.stop.subscribe())
    }

    /// Has these roles log in with a second factor, as the settings would.
    pub fn ask_second_factor_of(&mut self, roles: &[Role]) {
        self.begin_again(AppParts { second_factor_roles: roles.to_vec(), ..parts(&self.app.db) });
    }

    /// Calls prices old after so many days, as the settings would.
    ///
    /// # Panics
    /// When the settings would refuse so many.
    pub fn call_prices_old_after(&mut self, days: u16) {
        let stale_after = StaleAfter::new(days).expect("days that the settings take");
        self.begin_again(AppParts { stale_after, ..parts(&self.app.db) });
    }

    fn begin_again(&mut self, parts: AppParts) {
        self.app = App::new(parts);
        self.faces = Face::ALL.map(|face| stack(self.outer(face), gondola_shop::router(face)));
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.app.db
    }

    /// The database as its owner has it, who brings schemas up and takes them back.
    pub async fn as_owner(&self) -> Db {
        if self.app.db.engine() == Engine::Sqlite { self.app.db.clone() } else { open(self.url.clone()).await.0 }
    }

    /// Where the database is, as its owner, for tests that break it from outside. The shop itself is not its owner.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Requests that were turned away and are not written yet.
    pub fn refusals(&self) -> &Refusals {
        &self.refusals
    }

    /// What the metrics tell about the book.
    pub fn book(&self) -> &BookGauges {
        &self.book
    }

    /// The same database as another process has it open. Its clock is a second ahead, so that the ids it
    /// draws are its own.
    pub async fn another_process(&self) -> Db {
        let (db, clock) = open_shop(self.url.clone()).await;
        clock.set(self.clock.now());
        clock.advance(Duration::from_secs(1));
        db
    }

    /// What handlers share.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The shop's clock.
    pub fn clock(&self) -> &MockClock {
        &self.clock
    }

    /// A face with all its layers, for tests that need requests of their own.
    pub fn face(&self, face: Face) -> Router {
        let at = Face::ALL.iter().position(|known| *known == face).expect("a face is one of all faces");
        self.faces[at].clone()
    }

    /// Ends event streams, as a stopping process does.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// A program or person that speaks JSON to the dashboard.
    pub fn api(&self, actor: Actor) -> Client<'_> {
        Client::new(self, Some(actor), "application/json")
    }

    /// A person with a browser.
    pub fn page(&self, actor: Actor) -> Client<'_> {
        Client::new(self, Some(actor), "text/html")
    }

    /// A program whom the shop knows by what it sends: a key, or nothing.
    pub fn program(&self) -> Client<'_> {
        Client::new(self, None, "application/json")
    }

    /// A browser whom the shop knows by what it sends: a cookie, or nothing.
    pub fn browser(&self) -> Client<'_> {
        Client::new(self, None, "text/html")
    }

    /// The owner.
    pub fn admin(&self) -> Actor {
        self.user(Role::Admin)
    }

    /// The manager.
    pub fn manager(&self) -> Actor {
        self.user(Role::Manager)
    }

    /// A signed-in person of a role, who may see every location.
    pub fn user(&self, role: Role) -> Actor {
        let number = Role::ALL.iter().position(|known| *known == role).expect("a role is one of all roles") + 1;
        let id = Uuid::from_u128(number as u128);
        Actor { id, name: role.code().to_owned(), ..Actor::of(ActorKind::User(role)) }
    }

    /// A program with an API key of these scopes, for example `read,write`.
    ///
    /// # Panics
    /// When a scope does not exist.
    pub fn key(&self, scopes: &str) -> Actor {
        let scopes = Scopes::parse(scopes).expect("scopes exist");
        Actor { id: Uuid::from_u128(1000), name: "test key".to_owned(), ..Actor::of(ActorKind::Key(scopes)) }
    }

    /// Somebody without credentials.
    pub fn nobody(&self) -> Actor {
        Actor::anonymous()
    }
}

impl Drop for TestShop {
    fn drop(&mut self) {
        coverage::write();
    }
}

/// What the settings of a new shop say.
fn parts(db: &Db) -> AppParts {
    AppParts {
        kept: Kept::default(),
        db: db.clone(),
        zone: TimeZone::get("America/Argentina/Buenos_Aires").expect("the bundled time zones have it"),
        hours: Hours::USUAL,
        stale_after: StaleAfter::default(),
        profile: Profile::Development,
        https: false,
        demo: false,
        second_factor_roles: Vec::new(),
        doors: Doors::default(),
        exports: Turns::default(),
        stock_events: broadcast::Sender::new(EVENTS_KEPT),
    }
}

fn outer(
    face: Face,
    app: &App,
    health: &Arc<Health>,
    book: &BookGauges,
    refusals: &Arc<Refusals>,
    stopping: watch::Receiver<bool>,
) -> Outer {
    let share = if face == Face::Dashboard { Share::WithProcess } else { Share::FaceOnly };
    Outer {
        face,
        app: app.clone(),
        authenticate: trust_the_client(),
        hosts: Hosts::new(["localhost".to_owned()]),
        proxies: Proxies::default(),
        origins: Vec::new(),
        limits: TimeLimits::default(),
        budgets: Arc::new(Budgets::new(ANY_NUMBER)),
        health: Arc::clone(health),
        refusals: Arc::clone(refusals),
        metrics: Arc::new(FaceMetrics::new(
            face,
            share,
            &ProcessNumbers {
                db: &app.db,
                book,
                trail: &TrailNumbers::default(),
                keys: &KeyNumbers::default(),
                tls: &TlsGauges::default(),
            },
        )),
        hsts_preload: false,
        metrics_clients: vec!["prometheus".to_owned()],
        stopping,
    }
}

/// The client's actor, put into the request by [`Client`]; without one, the shop's own check.
fn trust_the_client() -> Authenticate {
    Arc::new(|app, parts| {
        Box::pin(async move {
            match parts.extensions.get::<Actor>() {
                Some(actor) => Ok(actor.clone().into()),
                None => gondola_shop::people::authenticate(app, parts).await,
            }
        })
    })
}

async fn open(url: String) -> (Db, Arc<MockClock>) {
    let clock = Arc::new(MockClock::default());
    (open_with(url, Arc::clone(&clock), SeededIds::default(), Redis::none()).await, clock)
}

async fn open_with(url: String, clock: Arc<MockClock>, ids: SeededIds, redis: Redis) -> Db {
    let options = OpenOptions {
        url,
        create: true,
        connections_max: CONNECTIONS_MAX,
        grouping: Grouping::default(),
        redis,
        master: Some(master().clone()),
        clock,
        ids: Arc::new(ids),
    };
    Db::open(options).await.expect("open the test's database")
}

/// The secret of every test's shop. The templates are copied with their key ring, so it is stretched once per engine.
fn master() -> &'static MasterKey {
    static MASTER: LazyLock<MasterKey> = LazyLock::new(|| MasterKey::from_bytes([7; 32]));
    &MASTER
}

async fn open_shop(url: String) -> (Db, Arc<MockClock>) {
    let (db, clock) = open(url).await;
    db.unlock().await.expect("open the test's key ring");
    (db, clock)
}

/// A migrated database on SQLite in a folder of its own.
async fn sqlite_copy() -> (String, tempfile::TempDir) {
    static TEMPLATE: OnceCell<Vec<u8>> = OnceCell::const_new();
    let template = TEMPLATE.get_or_init(migrated_file).await;
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("gondola.db");
    std::fs::write(&file, template).expect("copy the template");
    (sqlite_url(&file), folder)
}

/// A migrated database on PostgreSQL; nothing where there is no server.
async fn postgres_copy() -> Option<String> {
    let server = postgres_url()?;
    let template = format!("gondola_{}", migrations_fingerprint());
    let migrate = async |url: String| {
        let (db, _) = open(url).await;
        db.migrate_up().await?;
        db.unlock().await.expect("give the template a key ring");
        make_program_role(server).await?;
        db.grant_to_program(PROGRAM).await?;
        db.close().await;
        Ok(())
    };
    template_database(server, &template, migrate).await.expect("migrate the template");
    Some(database_from_template(server, &template).await.expect("copy the template"))
}

/// How the program under test reaches a database: as a role that owns nothing and rewrites no history (DAL-4).
fn program_url(url: &str) -> String {
    if url.starts_with("sqlite:") { url.to_owned() } else { as_program(url).expect("the address of a test's database") }
}

fn sqlite_url(file: &std::path::Path) -> String {
    format!("sqlite:{}", file.display())
}

/// A migrated database as bytes: made once per test binary, written out per test.
async fn migrated_file() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("template.db");
    let (db, _) = open(sqlite_url(&file)).await;
    db.migrate_up().await.expect("migrate the template");
    db.unlock().await.expect("give the template a key ring");
    db.close().await;
    let snapshot = folder.path().join("snapshot.db");
    let mut connection = SqliteConnection::connect(&sqlite_url(&file)).await.expect("open the template");
    let copy = sqlx::query(sql::SNAPSHOT).bind(snapshot.display().to_string());
    copy.execute(&mut connection).await.expect("copy the template");
    connection.close().await.expect("close the template");
    std::fs::read(&snapshot).expect("read the template")
}

/// Differs when a migration does, for a server that outlives a change of the schema.
fn migrations_fingerprint() -> String {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../store/migrations/postgres"));
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the migrations").map(|entry| entry.expect("a migration").path()).collect();
    files.sort();
    let texts: Vec<Vec<u8>> = files.iter().map(|file| std::fs::read(file).expect("a migration's text")).collect();
    gondola_vault::hex(&gondola_vault::sha256(&texts.concat())[..8])
}
