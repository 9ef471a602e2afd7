//! Requests that were turned away, for the audit trail: no command ran that would have told. They are gathered and
//! written a moment later, and what somebody does over and over within that moment is one entry with a count: no
//! stranger makes the trail grow as fast as they can ask.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use gondola_store::audit::{Entry, NoteEntries, REFUSED};
use gondola_store::{Actor, At, Audited, Db, Fail, Origin, StoreError};

/// Different refusals that wait at most; beyond that they are counted together.
const WAITING_MAX: usize = 10_000;

/// A request that was turned away.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// Who asked, and from where.
    pub actor: Actor,
    /// When.
    pub at: At,
    /// The method and the route's template.
    pub route: String,
    /// The answer's status.
    pub status: u16,
    /// The problem's code.
    pub code: &'static str,
}

/// Refusals that are alike: who, from where, what, and why.
type Kind = (String, Origin, String, u16, &'static str);

/// What waits to be written.
#[derive(Debug, Default)]
pub struct Refusals(Mutex<HashMap<Kind, Entry>>);

impl Refusals {
    /// Notes one.
    pub fn note(&self, refusal: Refusal) {
        let mut waiting = self.waiting();
        let Refusal { mut actor, at, route, status, code } = refusal;
        let mut kind = kind_of(&actor, route, status, code);
        if waiting.len() >= WAITING_MAX && !waiting.contains_key(&kind) {
            actor = Actor::anonymous();
            kind = kind_of(&actor, "*".to_owned(), status, code);
        }
        let entry = waiting.entry(kind).or_insert_with_key(|(_, _, route, ..)| Entry {
            event: REFUSED.to_owned(),
            audited: Audited::AUTH,
            at,
            actor,
            resource: route.clone(),
            status,
            records: 0,
            reason: code.to_owned(),
            approver: String::new(),
            before: None,
            after: None,
        });
        entry.records += 1;
    }

    /// Writes what waits; what cannot be written goes on waiting.
    ///
    /// # Errors
    /// What the database said.
    pub async fn write(&self, db: &Db) -> Result<(), StoreError> {
        let taken = std::mem::take(&mut *self.waiting());
        if taken.is_empty() {
            return Ok(());
        }
        let mut entries: Vec<Entry> = taken.values().cloned().collect();
        entries.sort_by_key(|entry| entry.at);
        match db.execute(&Actor::system("door"), None, NoteEntries(entries)).await {
            Ok(_) => Ok(()),
            Err(fail) => {
                let mut waiting = self.waiting();
                for (kind, entry) in taken {
                    let records = entry.records;
                    waiting.entry(kind).and_modify(|known| known.records += records).or_insert(entry);
                }
                match fail {
                    Fail::Failed(error) => Err(error),
                    Fail::Refused(never) => match never {},
                    Fail::Forbidden(_) | Fail::KeyReused => unreachable!("the system may, and gave no key"),
                }
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Kind, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The request's id and the program's name tell apart what is alike, so they are those of the first.
fn kind_of(actor: &Actor, route: String, status: u16, code: &'static str) -> Kind {
    let Origin { face, client_ip, .. } = &*actor.origin;
    let origin = Origin { face, client_ip: client_ip.clone(), ..Origin::default() };
    (actor.reference(), origin, route, status, code)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn refusal(address: &str, route: &str) -> Refusal {
        let origin = Origin { face: "dashboard", client_ip: address.to_owned(), ..Origin::default() };
        let actor = Actor { origin: Arc::new(origin), ..Actor::anonymous() };
        Refusal { actor, at: 1, route: route.to_owned(), status: 401, code: "unauthorized" }
    }

    #[test]
    fn what_is_alike_is_counted_and_strangers_fill_no_memory() {
        let refusals = Refusals::default();
        for _ in 0..5 {
            refusals.note(refusal("192.0.2.7", "GET /a"));
        }
        refusals.note(refusal("192.0.2.7", "GET /b"));
        let counts = |refusals: &Refusals| {
            let mut counts: Vec<i64> = refusals.waiting().values().map(|entry| entry.records).collect();
            counts.sort_unstable();
            counts
        };
        assert_eq!(counts(&refusals), [1, 5]);
        for number in 0..2 * WAITING_MAX {
            refusals.note(refusal(&number.to_string(), "GET /a"));
        }
        let counts = counts(&refusals);
        assert!(counts.len() <= WAITING_MAX + 1, "{}", counts.len());
        assert_eq!(counts.iter().sum::<i64>(), 6 + 2 * i64::try_from(WAITING_MAX).unwrap());
    }
}
