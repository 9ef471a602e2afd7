//! What no command does and the audit trail tells all the same (AUD-5): backups and restores, copies of the whole shop,
//! migrations, and that the settings are others than at the start before.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use gondola_store::audit::{Class, Entry, Family, NoteEntries};
use gondola_store::settings::{self, PutSetting};
use gondola_store::{Actor, Audited, Db, Fail};
use gondola_vault::{Digest, hex};

use crate::config::Loaded;

/// How the trail keeps what is done to a shop as a whole.
const WHOLE_SHOP: Audited = Audited { family: Family::Modify, class: Class::Restricted, sensitivity: 80 };
/// Digests of the settings of the last start, by name.
const SETTINGS: &str = "settings.digests";

/// What is done to a shop as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// A backup was made.
    BackedUp,
    /// A backup took the shop's place.
    Restored,
    /// Everything was copied to another database.
    CopiedOut,
    /// Everything came from another database.
    CopiedIn,
    /// Migrations were applied.
    Migrated,
    /// Migrations were taken back.
    MigratedBack,
    /// A role of the database may do what the program does.
    Granted,
}

impl Deed {
    const fn event(self) -> &'static str {
        match self {
            Self::BackedUp => "shop.backed_up",
            Self::Restored => "shop.restored",
            Self::CopiedOut => "shop.copied_out",
            Self::CopiedIn => "shop.copied_in",
            Self::Migrated => "shop.migrated",
            Self::MigratedBack => "shop.migrated_back",
            Self::Granted => "shop.granted",
        }
    }
}

/// Tells the trail of a deed of the console; `what` is a name, never a value or an address with a password.
///
/// # Errors
/// When it could not be written.
pub async fn deed(db: &Db, deed: Deed, what: &str) -> anyhow::Result<()> {
    write(db, deed.event(), what.to_owned(), None, None).await
}

/// Tells the trail which settings are others than at the start before; the first start has none before it.
///
/// # Errors
/// When what is remembered of them cannot be read or kept.
pub async fn settings_of(db: &Db, loaded: &Loaded) -> anyhow::Result<()> {
    let kept = {
        let mut rx = db.read().await.context("read the settings of the last start")?;
        settings::find(&mut rx.as_tx(), SETTINGS).await.context("read the settings of the last start")?
    };
    let digest = |text: &str| db.vault().digest("settings", text.as_bytes());
    let now: BTreeMap<&str, String> =
        loaded.texts().map(|(key, text)| (key, hex(&digest(&format!("{key}={text}"))[..8]))).collect();
    let now_text = serde_json::to_string(&now).context("write the settings' digests down")?;
    if kept.as_deref() == Some(now_text.as_str()) {
        return Ok(());
    }
    if let Some(kept_text) = &kept {
        let before: BTreeMap<&str, String> = serde_json::from_str(kept_text).context("read the settings' digests")?;
        let names: BTreeSet<&str> = before.keys().chain(now.keys()).copied().collect();
        let changed: Vec<&str> = names.into_iter().filter(|name| before.get(name) != now.get(name)).collect();
        let (before, after) = (digest(kept_text), digest(&now_text));
        write(db, "shop.configured", changed.join(","), Some(before), Some(after)).await?;
    }
    let put = PutSetting { key: SETTINGS, value: now_text };
    done(db.execute(&Actor::system("start"), None, put).await.map(drop))
}

async fn write(
    db: &Db,
    event: &str,
    resource: String,
    before: Option<Digest>,
    after: Option<Digest>,
) -> anyhow::Result<()> {
    let actor = Actor::system("console");
    let (event, at, reason) = (event.to_owned(), db.now(), String::new());
    let entry = Entry {
        event,
        audited: WHOLE_SHOP,
        at,
        actor: actor.clone(),
        resource,
        status: 200,
        records: 1,
        reason,
        approver: String::new(),
        before,
        after,
    };
    done(db.execute(&actor, None, NoteEntries(vec![entry])).await.map(drop))
}

fn done(outcome: Result<(), Fail<std::convert::Infallible>>) -> anyhow::Result<()> {
    match outcome {
        Ok(()) => Ok(()),
        Err(Fail::Failed(error)) => Err(anyhow::Error::new(error).context("tell the audit trail")),
        Err(_) => anyhow::bail!("the audit trail refused an entry"),
    }
}
