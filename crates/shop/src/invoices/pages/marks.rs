//! What the page says of each value that was read: how surely, where that is little, and where it stands in the picture.

use std::collections::BTreeMap;

use super::super::sureness::{Mark, SURE_PERMILLE};
use crate::kernel::Chrome;

/// The marks of a form by the names of its fields.
#[derive(Debug, Default)]
pub(super) struct Marks(BTreeMap<String, Shown>);

#[derive(Debug, Default)]
struct Shown {
    doubt: String,
    spot: String,
}

impl Marks {
    pub fn of(chrome: &Chrome, marks: BTreeMap<String, Mark>) -> Self {
        let shown = |mark: Mark| Shown {
            doubt: match mark.confidence_permille {
                ..SURE_PERMILLE => chrome.tv("invoice.read_so", format!("{} %", mark.confidence_permille / 10)),
                _ => String::new(),
            },
            spot: mark.spot.map(|spot| spot.to_string()).unwrap_or_default(),
        };
        Self(marks.into_iter().map(|(name, mark)| (name, shown(mark))).collect())
    }

    /// How surely it was read, when that is little; else empty.
    pub fn doubt(&self, name: impl AsRef<str>) -> &str {
        self.0.get(name.as_ref()).map_or("", |shown| &shown.doubt)
    }

    /// Where it stands: page, left, top, width and height in thousandths; empty when nobody knows.
    pub fn spot(&self, name: impl AsRef<str>) -> &str {
        self.0.get(name.as_ref()).map_or("", |shown| &shown.spot)
    }
}
