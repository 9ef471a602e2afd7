//! The nightly look at the book (domain: Kardex and integrity): recomputed once a day by whichever
//! process is first, and told by every process in its metrics. A finding is an error in the log;
//! nothing is ever repaired here.

use std::collections::BTreeMap;

use anyhow::Context as _;
use gondola_shop::kernel::App;
use gondola_shop::stock::{CHECKS, Verification};
use gondola_store::settings::{self, PutSetting};
use gondola_store::{Actor, At, Fail};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use serde::{Deserialize, Serialize};

use crate::backup::book_of;

/// What the last verification found.
const VERIFIED: &str = "stock.verified";

/// What the last verification found, as numbers to export; absent until there was one. Clones share
/// the numbers.
#[derive(Debug, Clone, Default)]
pub struct BookGauges {
    violations: Family<CheckLabels, Gauge>,
    checked: Family<CheckLabels, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CheckLabels {
    check: &'static str,
}

impl BookGauges {
    /// Registers the numbers under the names of the contract.
    pub fn register(&self, ours: &mut Registry) {
        let violations = "What of the stock ledger does not add up, by check";
        ours.register("stock_invariant_violations", violations, self.violations.clone());
        let checked = "When the stock ledger was last verified, Unix time";
        ours.register("stock_invariant_checked_timestamp_seconds", checked, self.checked.clone());
    }

    fn tell(&self, verified: &Verified) {
        for check in CHECKS {
            let found = verified.findings.get(check).copied().unwrap_or(0);
            self.violations.get_or_create(&CheckLabels { check }).set(found);
            self.checked.get_or_create(&CheckLabels { check }).set(verified.at / 1_000_000);
        }
    }
}

/// A verification, as it is remembered.
#[derive(Debug, Serialize, Deserialize)]
struct Verified {
    day: i32,
    at: At,
    /// How many findings by check; only where there are some.
    findings: BTreeMap<String, i64>,
}

impl Verified {
    fn of(app: &App, report: &Verification) -> Self {
        let at = app.db.now();
        let mut findings = BTreeMap::new();
        for finding in &report.findings {
            *findings.entry(finding.check.to_owned()).or_insert(0) += 1;
        }
        Self { day: app.db.day_of(at), at, findings }
    }
}

/// Verifies the book unless that was done today, and tells what the last verification found.
///
/// # Errors
/// When the book or what is remembered of it cannot be read or kept.
pub async fn look(app: &App, gauges: &BookGauges) -> anyhow::Result<()> {
    let kept = {
        let mut rx = app.db.read().await?;
        settings::find(&mut rx.as_tx(), VERIFIED).await?
    };
    let kept: Option<Verified> = kept.and_then(|text| serde_json::from_str(&text).ok());
    let today = app.db.day_of(app.db.now());
    let verified = match kept.filter(|kept| kept.day == today) {
        Some(kept) => kept,
        None => verify(app).await?,
    };
    gauges.tell(&verified);
    Ok(())
}

async fn verify(app: &App) -> anyhow::Result<Verified> {
    let report = book_of(app).await?;
    let verified = Verified::of(app, &report);
    if report.ok {
        tracing::info!(rows = report.movements, "the stock ledger adds up");
    } else {
        let checks = serde_json::to_string(&verified.findings).context("write the findings down")?;
        tracing::error!(
            code = "book_mismatch",
            rows = report.findings.len(),
            checks,
            "the stock ledger does not add up: gondola ledger verify shows the rows"
        );
    }
    let value = serde_json::to_string(&verified).context("write the verification down")?;
    match app.db.execute(&Actor::system("worker"), None, PutSetting { key: VERIFIED, value }).await {
        Ok(_) => Ok(verified),
        Err(Fail::Failed(error)) => Err(error.into()),
        Err(_) => anyhow::bail!("keep what the verification found"),
    }
}
