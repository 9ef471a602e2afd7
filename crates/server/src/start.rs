//! Opening a shop: its data directory, its key, its database at the right version. Everything that
//! works on a shop begins here, whether it serves or runs one command.

mod clock;
mod founding;

pub use founding::name_shop;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use gondola_shop::kernel::{App, AppParts, Doors, Kept, Profile, StaleAfter, Text, Turns};
use gondola_store::protect::{KeysError, Lying};
use gondola_store::{
    Db, Engine, Grouping, MigrateError, MigrationState, OpenOptions, RandomIds, Redis, RedisOptions, Role, StoreError,
};
use gondola_vault::certificates::read_all;
use gondola_vault::{KeyFileError, MasterKey, UnlockError};
use tokio::sync::broadcast;

use crate::config::{Fault, Settings};
use crate::noted::{self, Deed};
use clock::ShopClock;

/// Stock events that a slow listener may be behind.
const EVENTS_KEPT: usize = 1024;

/// Why a shop did not open.
#[derive(Debug)]
pub enum StartError {
    /// Something must be put right first: exit code 78.
    Refused(Vec<Fault>),
    /// The machine failed: exit code 1.
    Failed(anyhow::Error),
}

impl<E: Into<anyhow::Error>> From<E> for StartError {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl StartError {
    /// The same for a caller that only passes failures on.
    pub fn into_anyhow(self) -> anyhow::Error {
        match self {
            Self::Failed(error) => error,
            Self::Refused(faults) => {
                let lines: Vec<String> = faults.iter().map(|fault| fault.text.en.to_string()).collect();
                anyhow::anyhow!("{}", lines.join("; "))
            }
        }
    }

    /// A refusal about one thing.
    pub fn refused(key: &str, place: impl ToString, es: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Refused(vec![Fault::new(key, place, Text::new(es, en))])
    }
}

/// Whether this is the demo shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A shop.
    Shop,
    /// The demo, marked as such on every page.
    Demo,
}

/// Opens the database as it is, without migrating it.
///
/// # Errors
/// [`StartError::Refused`] when the key is missing or wrong, [`StartError::Failed`] when the database
/// cannot be reached.
pub async fn open_unmigrated(settings: &Settings, data_dir: &Path) -> Result<Db, StartError> {
    open_url(settings, data_dir, database_url(settings, data_dir)).await
}

/// Opens a shop for a command that only looks at it: nothing is created, migrated or founded.
///
/// # Errors
/// As [`open_unmigrated`], and [`StartError::Refused`] where there is no shop or its schema is not this
/// program's.
pub async fn open_existing(settings: &Settings, data_dir: &Path) -> Result<Db, StartError> {
    let db = open_whichever_way(settings, data_dir).await?;
    only_sealed(&db).await?;
    Ok(db)
}

/// As [`open_existing`], also where protected values lie in the clear.
///
/// # Errors
/// As [`open_existing`].
pub async fn open_whichever_way(settings: &Settings, data_dir: &Path) -> Result<Db, StartError> {
    let db = open_as_it_is(settings, data_dir).await?;
    let state = db.migration_state().await.map_err(unusable)?;
    if state.pending.is_empty() { Ok(db) } else { Err(pending(&state)) }
}

/// Whose protected values lie in the clear is closed until they are sealed.
async fn only_sealed(db: &Db) -> Result<(), StartError> {
    match db.lying().await? {
        Lying::Sealed => Ok(()),
        Lying::Open => Err(StartError::refused(
            "encryption",
            "database",
            "los datos protegidos están en claro: corré gondola encryption seal",
            "protected values lie in the clear: run gondola encryption seal",
        )),
    }
}

/// As [`open_existing`], whatever its schema is.
///
/// # Errors
/// As [`open_unmigrated`], and [`StartError::Refused`] where there is no shop.
pub async fn open_as_it_is(settings: &Settings, data_dir: &Path) -> Result<Db, StartError> {
    let url = database_url(settings, data_dir);
    if let Some(file) = Db::file_of(&url)?.filter(|file| !file.exists()) {
        return Err(no_shop(&file));
    }
    let db = open_url(settings, data_dir, url).await?;
    let state = db.migration_state().await.map_err(unusable)?;
    if state.pending.is_empty() && db.has_keys().await? {
        unlock(&db).await?;
    }
    Ok(db)
}

/// Opens a database to read or write its rows as they are: nothing in it is sealed or opened, so no
/// key is asked for and none is made.
///
/// # Errors
/// [`StartError::Refused`] when `missing` says so and there is none, [`StartError::Failed`] when it
/// cannot be reached.
pub async fn open_rows(settings: &Settings, url: String, missing: Missing) -> Result<Db, StartError> {
    if let Some(file) = Db::file_of(&url)?.filter(|file| missing == Missing::Refuse && !file.exists()) {
        return Err(no_shop(&file));
    }
    open_options(options(settings, url, None, Redis::none())).await
}

/// Opens a file of SQLite other than the shop's with the shop's key, as it is.
///
/// # Errors
/// As [`open_unmigrated`].
pub async fn open_file(settings: &Settings, data_dir: &Path, file: &Path) -> Result<Db, StartError> {
    open_url(settings, data_dir, sqlite_url(file)).await
}

/// The file the shop is in; none on PostgreSQL.
///
/// # Errors
/// For a bad URL.
pub fn sqlite_file(settings: &Settings, data_dir: &Path) -> Result<Option<PathBuf>, StoreError> {
    Db::file_of(&database_url(settings, data_dir))
}

/// Where the key would have to be, if it is not there.
pub fn missing_key(settings: &Settings, data_dir: &Path) -> Option<PathBuf> {
    let file = key_file(settings, data_dir);
    (settings.encryption_key.is_none() && !file.exists()).then_some(file)
}

/// The file with the key: the configured one, or the one that the first start draws.
pub fn key_file(settings: &Settings, data_dir: &Path) -> PathBuf {
    settings.encryption_key_file.clone().unwrap_or_else(|| drawn_key_file(data_dir))
}

fn drawn_key_file(data_dir: &Path) -> PathBuf {
    data_dir.join("keys").join("master.key")
}

/// What to do where there is no database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Refuse: a typo must not make an empty shop.
    Refuse,
    /// Make an empty one, on SQLite.
    Create,
}

async fn open_url(settings: &Settings, data_dir: &Path, url: String) -> Result<Db, StartError> {
    create_private(data_dir).with_context(|| format!("create the data directory {}", data_dir.display()))?;
    let key = master_key(settings, data_dir)?;
    let redis = redis(settings).await?;
    open_options(options(settings, url, Some(key), redis)).await
}

/// Opens the key ring of a database whose schema is this program's.
///
/// # Errors
/// [`StartError::Refused`] when its values were sealed with another secret, or it is not this program's ring.
pub async fn unlock(db: &Db) -> Result<(), StartError> {
    match db.unlock().await {
        Ok(()) => Ok(()),
        Err(KeysError::Unlock(UnlockError::OtherSecret)) => Err(StartError::refused(
            "encryption.key",
            "database",
            "la base de datos se selló con otra clave: poné la clave con la que se creó (keys/master.key de su directorio de datos)",
            "the database was sealed with another key: set the key it was created with (keys/master.key of its data directory)",
        )),
        Err(error) => Err(anyhow::Error::new(error).context("open the key ring").into()),
    }
}

async fn open_options(options: OpenOptions) -> Result<Db, StartError> {
    match Db::open(options).await {
        Ok(db) => Ok(db),
        Err(StoreError::Restoring) => Err(StartError::refused(
            "database",
            "restore",
            "se está restaurando una copia, o una restauración quedó por la mitad: corré de nuevo gondola restore",
            "a backup is being restored, or a restore was interrupted: run gondola restore again",
        )),
        Err(error) => Err(anyhow::Error::new(error).context("open the database").into()),
    }
}

/// The Redis of the settings, there or not.
async fn redis(settings: &Settings) -> Result<Redis, StartError> {
    let Some(url) = &settings.redis_url else { return Ok(Redis::none()) };
    let options = RedisOptions {
        url: url.0.clone(),
        authorities: settings.redis_ca_file.clone().map(readable_authorities).transpose()?,
        answer_within: Duration::from_millis(settings.redis_timeout_ms.get()),
    };
    Ok(Redis::look_for(options).await.context("set up the connection to Redis")?)
}

/// A PEM file that has certificates.
fn readable_authorities(file: PathBuf) -> Result<PathBuf, StartError> {
    let readable = fs::read(&file).is_ok_and(|pem| read_all(&pem).is_ok());
    if readable {
        return Ok(file);
    }
    Err(StartError::refused(
        "redis.ca_file",
        file.display(),
        "ese archivo no existe, no se puede leer o no contiene certificados en PEM",
        "that file does not exist, cannot be read or holds no certificates in PEM",
    ))
}

fn options(settings: &Settings, url: String, master: Option<MasterKey>, redis: Redis) -> OpenOptions {
    OpenOptions {
        url,
        create: true,
        connections_max: u32::try_from(settings.database_connections_max.get()).unwrap_or(u32::MAX),
        grouping: Grouping {
            commands_max: usize::try_from(settings.database_group_commands_max.get()).unwrap_or(usize::MAX),
            wait_max: Duration::from_millis(settings.database_group_wait_ms.get()),
        },
        redis,
        master,
        clock: Arc::new(ShopClock::new(settings.shop_time_zone.0.clone())),
        ids: Arc::new(RandomIds),
    }
}

fn no_shop(file: &Path) -> StartError {
    StartError::refused(
        "database",
        file.display(),
        "ahí no hay ningún comercio: fijate en --data-dir o DATABASE_URL",
        "there is no shop: check --data-dir or DATABASE_URL",
    )
}

/// Opens a shop that is ready to work: an empty database becomes a new shop; a pending migration runs
/// in development and stops production.
///
/// # Errors
/// As [`open_unmigrated`], and [`StartError::Refused`] for a pending migration in production, a
/// database of a newer program, or one sealed with another key.
pub async fn open(settings: &Settings, data_dir: &Path) -> Result<Db, StartError> {
    ready(settings, open_unmigrated(settings, data_dir).await?).await
}

/// Opens a new shop in a file of its own beside the data directory's database, for whoever fills it
/// before it takes that name.
///
/// # Errors
/// As [`open`].
pub async fn open_draft(settings: &Settings, data_dir: &Path, file: &Path) -> Result<Db, StartError> {
    ready(settings, open_url(settings, data_dir, sqlite_url(file)).await?).await
}

async fn ready(settings: &Settings, db: Db) -> Result<Db, StartError> {
    let state = db.migration_state().await.map_err(unusable)?;
    match step(&state, settings.profile) {
        Step::Nothing => {}
        Step::Migrate => {
            db.migrate_up().await.map_err(unusable)?;
            noted::deed(&db, Deed::Migrated, &named(&state.pending)).await?;
        }
        Step::Refuse => return Err(pending(&state)),
    }
    unlock(&db).await?;
    only_sealed(&db).await?;
    founding::found_once(&db).await?;
    Ok(db)
}

/// What to do about the version of a database at start.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    Migrate,
    Refuse,
}

fn step(state: &MigrationState, profile: Profile) -> Step {
    match (state.pending.is_empty(), state.is_empty(), profile) {
        (true, _, _) => Step::Nothing,
        // An empty database holds nothing that a migration could harm.
        (false, true, _) | (false, false, Profile::Development) => Step::Migrate,
        (false, false, Profile::Production) => Step::Refuse,
    }
}

/// The shop's shared parts over an open database.
pub fn app(settings: &Settings, db: Db, purpose: Purpose) -> App {
    App::new(AppParts {
        kept: Kept::default(),
        db,
        zone: settings.shop_time_zone.0.clone(),
        hours: settings.shop_hours,
        stale_after: stale_after(settings),
        profile: settings.profile,
        https: settings.tls_enabled,
        second_factor_roles: second_factor_roles(settings),
        demo: purpose == Purpose::Demo,
        doors: Doors::default(),
        exports: Turns::default(),
        stock_events: broadcast::Sender::new(EVENTS_KEPT),
    })
}

/// Days after which a price is old.
fn stale_after(settings: &Settings) -> StaleAfter {
    let days = u16::try_from(settings.prices_stale_days.get()).ok();
    days.and_then(StaleAfter::new).unwrap_or_default()
}

/// The roles whose log-in needs a second factor: those of the settings, and in production the owner (USR-5).
pub fn second_factor_roles(settings: &Settings) -> Vec<Role> {
    let always = (settings.profile == Profile::Production).then_some(Role::Admin);
    settings.login_second_factor_roles.0.iter().copied().chain(always).collect()
}

/// Where the SQLite database lies unless the settings say otherwise.
pub fn database_file(data_dir: &Path) -> PathBuf {
    data_dir.join("gondola.db")
}

fn database_url(settings: &Settings, data_dir: &Path) -> String {
    let own = || sqlite_url(&database_file(data_dir));
    settings.database_url.as_ref().map_or_else(own, |url| url.0.clone())
}

fn sqlite_url(file: &Path) -> String {
    // In a URL these two would end the path or begin an escape.
    let path = file.display().to_string().replace('%', "%25").replace('?', "%3f");
    format!("{}:{path}", Engine::Sqlite.name())
}

/// Makes a folder that only its owner may look into, where there is none.
///
/// # Errors
/// What the system says.
pub fn create_private(folder: &Path) -> std::io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

fn master_key(settings: &Settings, data_dir: &Path) -> Result<MasterKey, StartError> {
    if let Some(key) = &settings.encryption_key {
        return Ok(key.0.clone());
    }
    let drawn = drawn_key_file(data_dir);
    let file = settings.encryption_key_file.as_ref();
    if let Some(file) = file.filter(|file| !file.exists()) {
        return Err(StartError::refused(
            "encryption.key_file",
            file.display(),
            "ese archivo no existe; creálo con openssl rand -hex 32 y chmod 600",
            "that file does not exist; create it with openssl rand -hex 32 and chmod 600",
        ));
    }
    let path = file.unwrap_or(&drawn);
    gondola_vault::read_or_create(path).map_err(|error| bad_key("encryption.key_file", path, error))
}

/// What is wrong with a file that should hold a secret.
pub fn bad_key(setting: &str, path: &Path, error: KeyFileError) -> StartError {
    match error {
        KeyFileError::Io { .. } => StartError::Failed(error.into()),
        KeyFileError::NotAKey => StartError::refused(
            setting,
            path.display(),
            "no contiene 64 dígitos hexadecimales; generalos: openssl rand -hex 32",
            "does not hold 64 hex digits; make them: openssl rand -hex 32",
        ),
        KeyFileError::Guessable => StartError::refused(
            setting,
            path.display(),
            "esa clave la adivina cualquiera; generá una propia: openssl rand -hex 32",
            "anybody could guess that key; make one of your own: openssl rand -hex 32",
        ),
        KeyFileError::TooOpen { .. } => StartError::refused(
            setting,
            path.display(),
            "otros usuarios pueden leer la clave: chmod 600",
            "other users can read the key: chmod 600",
        ),
    }
}

/// Migrations by number and name.
pub fn named(migrations: &[(i64, String)]) -> String {
    let named: Vec<String> = migrations.iter().map(|(version, name)| format!("{version} {name}")).collect();
    named.join(", ")
}

fn pending(state: &MigrationState) -> StartError {
    let versions = named(&state.pending);
    StartError::refused(
        "database",
        "migrations",
        format!("faltan migraciones ({versions}): hacé una copia y corré gondola migrate up"),
        format!("migrations are pending ({versions}): take a backup and run gondola migrate up"),
    )
}

fn unusable(error: MigrateError) -> StartError {
    let (es, en) = match &error {
        MigrateError::DatabaseIsNewer(version) => (
            format!("la base de datos tiene la versión {version}, de una Góndola más nueva: usá esa"),
            format!("the database has version {version}, of a newer Góndola: use that one"),
        ),
        MigrateError::Altered(version) => (
            format!(
                "la migración {version} se aplicó con otro texto que el de este programa: usá la Góndola que la aplicó"
            ),
            format!(
                "migration {version} was applied with another text than this program's: use the Góndola that applied it"
            ),
        ),
        MigrateError::Lock(_) | MigrateError::Failed(_) | MigrateError::Store(_) => {
            return StartError::Failed(anyhow::Error::new(error).context("bring the database to this version"));
        }
    };
    StartError::refused("database", "migrations", es, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SEC-1: production never migrates a shop by itself.
    #[test]
    fn a_pending_migration_stops_production_and_runs_in_development() {
        let one = |version| vec![(version, "shop".to_owned())];
        let state = |applied, pending| MigrationState { applied, pending };
        for profile in [Profile::Development, Profile::Production] {
            assert_eq!(step(&state(one(1), vec![]), profile), Step::Nothing);
            assert_eq!(step(&state(vec![], one(1)), profile), Step::Migrate);
        }
        assert_eq!(step(&state(one(1), one(2)), Profile::Development), Step::Migrate);
        assert_eq!(step(&state(one(1), one(2)), Profile::Production), Step::Refuse);
        let StartError::Refused(faults) = pending(&state(one(1), one(2))) else { panic!("a refusal") };
        assert!(faults[0].text.en.contains("2 shop") && faults[0].text.en.contains("gondola migrate up"));
    }
}
