//! How much one caller may ask for in a minute (RL-1, RL-4): a budget per key, person or network and
//! group of routes, whatever the path, the face and, where there is a Redis, the process.

use std::net::IpAddr;

use axum::http::StatusCode;
use gondola_shop::kernel::{LimitGroup, Problem, Tally};
use gondola_shop::people::Known;
use gondola_store::{ActorKind, Db};

/// Requests per minute (contract, section 4).
#[derive(Debug, Clone, Copy)]
pub struct PerMinute {
    /// Of a key.
    pub key: u32,
    /// Of a signed-in person.
    pub user: u32,
    /// Of an address that nobody is known at.
    pub address: u32,
    /// Movements, sales and scans, of anybody.
    pub ledger_writes: u32,
    /// Lists as files, of anybody.
    pub exports: u32,
}

impl Default for PerMinute {
    fn default() -> Self {
        Self { key: 120, user: 600, address: 120, ledger_writes: 6_000, exports: 10 }
    }
}

/// What was asked for in the last minute; one for all faces of a process.
#[derive(Debug, Default)]
pub struct Budgets {
    per_minute: PerMinute,
    spent: Tally,
}

impl Budgets {
    /// Budgets of a given size.
    pub fn new(per_minute: PerMinute) -> Self {
        Self { per_minute, spent: Tally::default() }
    }

    /// Counts a request of somebody at an address. A key's own quota stands in for every number.
    ///
    /// # Errors
    /// 429 with the seconds to wait when the budget is spent.
    pub async fn admit(&self, db: &Db, who: &Known, network: IpAddr, group: LimitGroup) -> Result<(), Problem> {
        let limit = match group {
            LimitGroup::Uncounted => return Ok(()),
            LimitGroup::LedgerWrites => self.per_minute.ledger_writes,
            LimitGroup::Exports => self.per_minute.exports,
            LimitGroup::General => match who.actor.kind {
                ActorKind::Key(_) => self.per_minute.key,
                ActorKind::User(_) | ActorKind::Arriving(_) | ActorKind::System => self.per_minute.user,
                ActorKind::Anonymous => self.per_minute.address,
            },
        };
        let key = match who.actor.kind {
            ActorKind::Anonymous => format!("{group:?} {network}"),
            _ => format!("{group:?} {}", who.actor.id),
        };
        self.spent.admit(db, &key, who.quota.unwrap_or(limit)).await.map_err(too_many_requests)
    }
}

fn too_many_requests(seconds: u32) -> Problem {
    Problem {
        retry_after: Some(seconds),
        ..Problem::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            format!("Demasiados pedidos en un minuto. Probá de nuevo en {seconds} segundos."),
            format!("Too many requests in a minute. Try again in {seconds} seconds."),
        )
    }
}
