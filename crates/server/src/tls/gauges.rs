//! The numbers of certificates: until when they are good, whether new ones were taken, who was refused.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use gondola_vault::certificates::HANDSHAKE_FAILURES;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The numbers, to export. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct TlsGauges {
    not_after: Family<NameLabels, Gauge>,
    reloads: Family<ResultLabels, Counter>,
    failures: Family<ReasonLabels, Counter>,
    known: Arc<Mutex<BTreeSet<String>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct NameLabels {
    name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ResultLabels {
    result: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReasonLabels {
    reason: &'static str,
}

impl TlsGauges {
    /// Registers the numbers under the names of the contract, all counters at zero.
    pub fn register(&self, ours: &mut Registry) {
        let not_after = "Until when each certificate is good, Unix time";
        ours.register("cert_not_after_timestamp_seconds", not_after, self.not_after.clone());
        ours.register("cert_reloads", "Certificates taken or refused while running", self.reloads.clone());
        ours.register("tls_handshake_failures", "Connections that were refused", self.failures.clone());
        for result in ["ok", "refused"] {
            drop(self.reloads.get_or_create(&ResultLabels { result }));
        }
        for reason in HANDSHAKE_FAILURES {
            drop(self.failures.get_or_create(&ReasonLabels { reason }));
        }
    }

    /// Tells until when (Unix time, seconds) the certificates there are, by name, are good.
    pub fn good_until(&self, certificates: &[(String, i64)]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let names: BTreeSet<String> = certificates.iter().map(|(name, _)| name.clone()).collect();
        for gone in known.difference(&names) {
            self.not_after.remove(&NameLabels { name: gone.clone() });
        }
        for (name, until) in certificates {
            self.not_after.get_or_create(&NameLabels { name: name.clone() }).set(*until);
        }
        *known = names;
    }

    /// Counts new files that were taken, or that are of no use.
    pub fn reloaded(&self, taken: bool) {
        let result = if taken { "ok" } else { "refused" };
        self.reloads.get_or_create(&ResultLabels { result }).inc();
    }

    /// Counts a connection that was refused.
    pub fn refused(&self, reason: &'static str) {
        self.failures.get_or_create(&ReasonLabels { reason }).inc();
    }
}
