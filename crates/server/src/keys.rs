//! How many API keys there are, and how they stand (KEY-6): counted once a minute, so that somebody is told a week before
//! one ends.

use gondola_shop::kernel::App;
use gondola_shop::people::{KeyState, key_ends};
use gondola_store::{Scope, StoreError};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

/// The numbers to export. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct KeyNumbers(Family<KeyLabels, Gauge>);

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct KeyLabels {
    scope: &'static str,
    state: &'static str,
}

impl KeyLabels {
    fn of(scope: Scope, state: KeyState) -> Self {
        Self { scope: scope.code(), state: state.code() }
    }
}

impl KeyNumbers {
    /// Registers the numbers under the names of the contract.
    pub fn register(&self, ours: &mut Registry) {
        ours.register("api_keys", "API keys, by what they may be used for and how they stand", self.0.clone());
    }
}

/// Counts the keys.
///
/// # Errors
/// [`StoreError`].
pub async fn look(app: &App, numbers: &KeyNumbers) -> Result<(), StoreError> {
    let ends = key_ends(&app.db).await?;
    for scope in Scope::ALL {
        for state in KeyState::ALL {
            let count = ends.iter().filter(|end| **end == (scope, state)).count();
            numbers.0.get_or_create(&KeyLabels::of(scope, state)).set(i64::try_from(count).unwrap_or(i64::MAX));
        }
    }
    Ok(())
}
