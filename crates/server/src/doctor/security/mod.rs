//! `gondola doctor --security URL` (PEN-2): fourteen checks, each one of what a stranger on the network sees or of what
//! the shop itself tells, always in the same order. Nothing is changed; that a key which is none was tried stands in the
//! audit trail afterwards, as it would of anybody.

mod advisories;
pub mod hello;
mod outside;
mod plan;
mod secrets;
mod shop;
mod target;
mod transit;

use std::path::{Path, PathBuf};

use gondola_shop::kernel::{Text, time::local_day};
use gondola_store::{At, Clock as _, Db, SystemClock};

use super::{Diagnosis, State};
use crate::config::Loaded;
use crate::start::{self, StartError};
use outside::Outside;
use target::Trust;

pub use plan::begin as begin_incident_plan;
pub use shop::examine as examine_shop;
pub use target::Target;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// Where the shop is reached.
    pub target: Target,
    /// A further authority to trust.
    pub ca: Option<PathBuf>,
    /// Where a copy of the advisories lies.
    pub advisories: Option<PathBuf>,
}

/// Makes every check.
///
/// # Errors
/// [`StartError::Refused`] where the named authority is none.
pub async fn examine(loaded: &Loaded, data_dir: &Path, question: Question) -> Result<Vec<Diagnosis>, StartError> {
    let (settings, now) = (&loaded.settings, SystemClock.now());
    let Question { target, ca, advisories } = question;
    let trust = Trust::read(&crate::tls::folder(data_dir), ca.as_deref()).map_err(|file| {
        let (es, en) = ("no contiene certificados en PEM", "holds no certificates in PEM");
        StartError::refused("--ca", file.display(), es, en)
    })?;
    let asked = target.clone();
    let looked = tokio::task::spawn_blocking(move || outside::look(&asked, &trust)).await;
    let Outside { mut found, sight } = looked.map_err(anyhow::Error::from)?;
    let secrets = secrets::examine(loaded, data_dir);
    let [password_policy, at_rest, audit] = match start::open_as_it_is(settings, data_dir).await {
        Ok(db) => {
            let found = of_open(&db, settings.audit_anchors_dir.as_deref()).await;
            db.close().await;
            found
        }
        Err(error) => closed(&secrets, &error.into_anyhow()),
    };
    found.extend([
        password_policy,
        at_rest,
        transit::judge(settings, data_dir, &target, sight, now),
        audit,
        plan::examine(data_dir, local_day(now, &settings.shop_time_zone.0)),
        advisories::examine(&advisories.unwrap_or_else(|| data_dir.join("advisory-db")), utc_day(now)),
        secrets,
    ]);
    Ok(found)
}

/// The checks that the shop's database answers.
const OF_THE_SHOP: [&str; 3] = ["password_policy", "at_rest", "audit"];

async fn of_open(db: &Db, anchors: Option<&Path>) -> [Diagnosis; 3] {
    match db.migration_state().await {
        Ok(state) if state.pending.is_empty() => shop::examine(db, anchors).await,
        Ok(_) => OF_THE_SHOP.map(|check| {
            Diagnosis::new(check, State::Warn, "primero las migraciones", "migrations come first")
                .advise("Corré gondola doctor.", "Run gondola doctor.")
        }),
        Err(error) => {
            let error = anyhow::Error::from(error);
            OF_THE_SHOP.map(|check| Diagnosis::failed(check, &error))
        }
    }
}

/// Without its key a shop does not open; where `secrets` tells that already, it is not told three times more.
fn closed(secrets: &Diagnosis, error: &anyhow::Error) -> [Diagnosis; 3] {
    OF_THE_SHOP.map(|check| match secrets.state {
        State::Critical => {
            let (es, en) =
                ("el comercio no se abre: primero los secretos", "the shop does not open: secrets come first");
            Diagnosis::new(check, State::Skipped, es, en)
        }
        _ => Diagnosis::failed(check, error),
    })
}

/// The day in London: what dates of advisories are of.
fn utc_day(now: At) -> i32 {
    local_day(now, &jiff::tz::TimeZone::UTC)
}

/// What is wrong with one thing, and how badly.
#[derive(Debug, Default)]
struct Faults(Vec<(State, Text)>);

impl Faults {
    fn add(&mut self, state: State, es: impl Into<String>, en: impl Into<String>) {
        self.0.push((state, Text::new(es, en)));
    }

    /// All of it as one check: `well` where there is nothing, otherwise with what to do next.
    fn into_diagnosis(self, check: &'static str, well: (&str, &str), advice: [&str; 2]) -> Diagnosis {
        let Some(state) = self.0.iter().map(|(state, _)| *state).max() else {
            return Diagnosis::new(check, State::Ok, well.0, well.1);
        };
        let all = |pick: fn(&Text) -> &str| self.0.iter().map(|(_, text)| pick(text)).collect::<Vec<_>>().join("; ");
        let (es, en) = (all(|text| &text.es), all(|text| &text.en));
        Diagnosis::new(check, state, es, en).advise(advice[0], advice[1])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_faults_are_one_check_as_bad_as_the_worst_of_them() {
        let mut faults = Faults::default();
        faults.add(State::Warn, "poco", "a little");
        faults.add(State::Critical, "mucho", "a lot");
        let found = faults.into_diagnosis("secrets", ("bien", "well"), ["arreglalo", "mend it"]);
        assert_eq!((found.state, found.detail.en.as_str()), (State::Critical, "a little; a lot"));
        assert_eq!(found.advice.unwrap().es, "arreglalo");
        let none = Faults::default().into_diagnosis("secrets", ("bien", "well"), ["", ""]);
        assert_eq!((none.state, none.advice), (State::Ok, None));
    }

    #[test]
    fn a_shop_that_does_not_open_is_told_once() {
        let secrets = |state| Diagnosis::new("secrets", state, "", "");
        let error = anyhow::anyhow!("no answer");
        assert!(closed(&secrets(State::Critical), &error).iter().all(|found| found.state == State::Skipped));
        assert!(closed(&secrets(State::Ok), &error).iter().all(|found| found.state == State::Critical));
    }
}
