//! What is looked at in the audit trail without anybody asking, and told in metrics: what the detectors find there
//! (AUD-1).

use gondola_shop::audit::detect::Detector;
use gondola_shop::audit::{Found, watch};
use gondola_shop::kernel::App;
use gondola_store::StoreError;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

/// The numbers to export. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct TrailNumbers {
    detections: Family<DetectionLabels, Counter>,
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
