//! What is looked at in the audit trail without anybody asking, and told in metrics: what the detectors find there
//! (AUD-1), and whether it is as it was written, once a day against the last anchor, which is when the next one is made
//! (AUD-7). Whichever process is first does it; every process tells what was found.

use std::path::Path;

use anyhow::Context as _;
use gondola_shop::audit::detect::Detector;
use gondola_shop::audit::{Found, watch};
use gondola_shop::kernel::App;
use gondola_store::settings::{self, PutSetting};
use gondola_store::{Actor, At, Fail, StoreError};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use serde::{Deserialize, Serialize};

use crate::anchors::{Anchored, verify_and_anchor};

/// What the last walk along the chain found.
const VERIFIED: &str = "audit.verified";
/// The chain's name in metrics.
const TRAIL: LogLabels = LogLabels { log: "trail" };

/// The numbers to export. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct TrailNumbers {
    detections: Family<DetectionLabels, Counter>,
    valid: Family<LogLabels, Gauge>,
    length: Family<LogLabels, Gauge>,
    verified: Family<LogLabels, Gauge>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LogLabels {
    log: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DetectionLabels {
    detector: &'static str,
    severity: &'static str,
}

impl DetectionLabels {
    fn of(found: Found) -> Self {
        Self { detector: found.detector.code(), severity: found.severity.code() }
    }
}

impl TrailNumbers {
    /// Registers the numbers under the names of the contract, the counters at zero.
    pub fn register(&self, ours: &mut Registry) {
        for detector in Detector::ALL {
            for severity in detector.severities().iter().copied() {
                drop(self.detections.get_or_create(&DetectionLabels::of(Found { detector, severity })));
            }
        }
        ours.register("audit_detections", "Cases that the detectors found", self.detections.clone());
        let valid = "Whether the chain was as it was written when it was last verified: 1 or 0";
        ours.register("audit_chain_valid", valid, self.valid.clone());
        let length = "Entries in the chain when it was last verified";
        ours.register("audit_chain_length", length, self.length.clone());
        let verified = "When the chain was last verified, Unix time";
        ours.register("audit_chain_verified_timestamp_seconds", verified, self.verified.clone());
    }

    fn tell(&self, verified: &Verified) {
        self.valid.get_or_create(&TRAIL).set(i64::from(verified.valid));
        self.length.get_or_create(&TRAIL).set(i64::try_from(verified.entries).unwrap_or(i64::MAX));
        self.verified.get_or_create(&TRAIL).set(verified.at / 1_000_000);
    }
}

/// Looks for trouble in the trail, where it is time, and counts what is new.
///
/// # Errors
/// When the trail cannot be read or the cases kept.
pub async fn look(app: &App, numbers: &TrailNumbers) -> Result<(), StoreError> {
    for found in watch(app).await? {
        let labels = DetectionLabels::of(found);
        tracing::warn!(
            code = "detection",
            detector = labels.detector,
            severity = labels.severity,
            "the audit trail shows trouble: /audit/detections tells whom it is about"
        );
        numbers.detections.get_or_create(&labels).inc();
    }
    Ok(())
}

/// A walk along the chain, as it is remembered.
#[derive(Debug, Serialize, Deserialize)]
struct Verified {
    day: i32,
    at: At,
    valid: bool,
    entries: u64,
}

/// Walks the chain and anchors its end, unless that was done today, and tells what the last walk found.
///
/// # Errors
/// When the trail, or what is remembered of it, cannot be read or kept.
pub async fn anchor_daily(app: &App, numbers: &TrailNumbers, folder: Option<&Path>) -> anyhow::Result<()> {
    let kept = {
        let mut rx = app.db.read().await?;
        settings::find(&mut rx.as_tx(), VERIFIED).await?
    };
    let kept: Option<Verified> = kept.and_then(|text| serde_json::from_str(&text).ok());
    let today = app.db.day_of(app.db.now());
    let verified = match kept.filter(|kept| kept.day == today) {
        Some(kept) => kept,
        None => anchor(app, folder).await?,
    };
    numbers.tell(&verified);
    Ok(())
}

async fn anchor(app: &App, folder: Option<&Path>) -> anyhow::Result<Verified> {
    let Anchored { report, anchor } = verify_and_anchor(&app.db, folder).await?;
    let valid = report.faults.is_empty();
    match (&anchor, report.faults.first()) {
        (_, Some(fault)) => tracing::error!(
            code = "audit_chain_broken",
            position = fault.position,
            kind = fault.kind.code(),
            "the audit trail was touched: gondola audit verify shows where"
        ),
        (Some(anchor), None) => tracing::info!(head = %anchor.head, "the audit trail is as it was written"),
        (None, None) => {}
    }
    let at = app.db.now();
    let verified = Verified { day: app.db.day_of(at), at, valid, entries: report.entries };
    let value = serde_json::to_string(&verified).context("write the verification down")?;
    match app.db.execute(&Actor::system("worker"), None, PutSetting { key: VERIFIED, value }).await {
        Ok(_) => Ok(verified),
        Err(Fail::Failed(error)) => Err(error.into()),
        Err(_) => anyhow::bail!("keep what the walk along the audit trail found"),
    }
}
