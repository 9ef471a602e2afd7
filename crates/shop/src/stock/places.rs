//! The shop's places: real ones hold stock, virtual ones close the books.

use gondola_ledger::LocationKind;
use gondola_store::{StoreError, Tx, both};
use uuid::Uuid;

use super::rows::{LocationRow, location_kind};
use super::sql;

/// A place.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its id.
    pub id: Uuid,
    /// Its code, for example `deposito`.
    pub code: String,
    /// Its name on screens.
    pub name: String,
    /// Its kind.
    pub kind: LocationKind,
    /// Whether it may be used.
    pub active: bool,
}

/// Every place.
pub struct Places(Vec<Place>);

impl Places {
    /// Loads them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(tx: &mut Tx<'_>) -> Result<Self, StoreError> {
        let rows: Vec<LocationRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::LOAD_LOCATIONS)).fetch_all(c).await?);
        rows.into_iter().map(place).collect::<Result<_, _>>().map(Self)
    }

    /// Every place, in the shop's order.
    pub fn all(&self) -> &[Place] {
        &self.0
    }

    /// The place with that code.
    pub fn by_code(&self, code: &str) -> Option<&Place> {
        self.0.iter().find(|place| place.code == code)
    }

    /// The place with that id.
    pub fn by_id(&self, id: Uuid) -> Option<&Place> {
        self.0.iter().find(|place| place.id == id)
    }

    /// The code of a place; empty when there is none.
    pub fn code(&self, id: Uuid) -> String {
        self.by_id(id).map(|place| place.code.clone()).unwrap_or_default()
    }

    /// The name of a place on screens; empty when there is none.
    pub fn name(&self, id: Uuid) -> String {
        self.by_id(id).map(|place| place.name.clone()).unwrap_or_default()
    }

    /// The one place of a virtual kind, or of goods on their way.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the shop was not founded.
    pub fn of_kind(&self, kind: LocationKind) -> Result<&Place, StoreError> {
        self.0
            .iter()
            .find(|place| place.kind == kind)
            .ok_or_else(|| StoreError::corrupt("locations", "kind", kind.code(), "there is no such place"))
    }
}

fn place(row: LocationRow) -> Result<Place, StoreError> {
    let kind = location_kind(&row.kind, row.id)?;
    Ok(Place { id: row.id, code: row.code, name: row.name, kind, active: row.active })
}
