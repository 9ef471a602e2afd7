//! The shop's places, as posting knows them: real ones hold stock, virtual ones close the books.

use gondola_ledger::{Channel, LocationId, LocationKind, Overdraw, PolicyRule, ProductId, resolve};
use gondola_store::{StoreError, Tx, both};
use uuid::Uuid;

use super::rows::{LocationRow, PolicyRow, location_kind};
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

/// Every place and the written rules about negative stock.
pub struct Places {
    all: Vec<Place>,
    rules: Vec<PolicyRule>,
}

impl Places {
    /// Loads them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn load(tx: &mut Tx<'_>) -> Result<Self, StoreError> {
        let rows: Vec<LocationRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::LOAD_LOCATIONS)).fetch_all(c).await?);
        let rules: Vec<PolicyRow> = both!(tx, c, text => sqlx::query_as(text(sql::LOAD_POLICIES)).fetch_all(c).await?);
        Ok(Self {
            all: rows.into_iter().map(place).collect::<Result<_, _>>()?,
            rules: rules.into_iter().map(rule).collect::<Result<_, _>>()?,
        })
    }

    /// Every place, in the shop's order.
    pub fn all(&self) -> &[Place] {
        &self.all
    }

    /// The place with that code.
    pub fn by_code(&self, code: &str) -> Option<&Place> {
        self.all.iter().find(|place| place.code == code)
    }

    /// The place with that id.
    pub fn by_id(&self, id: Uuid) -> Option<&Place> {
        self.all.iter().find(|place| place.id == id)
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
        self.all
            .iter()
            .find(|place| place.kind == kind)
            .ok_or_else(|| StoreError::corrupt("locations", "kind", kind.code(), "there is no such place"))
    }

    /// What happens when more leaves than is there.
    pub fn overdraw(&self, product: Uuid, place: Uuid, channel: Channel) -> Overdraw {
        resolve(&self.rules, ProductId(product.as_u128()), LocationId(place.as_u128()), channel)
    }
}

fn place(row: LocationRow) -> Result<Place, StoreError> {
    let kind = location_kind(&row.kind, row.id)?;
    Ok(Place { id: row.id, code: row.code, name: row.name, kind, active: row.active })
}

fn rule(row: PolicyRow) -> Result<PolicyRule, StoreError> {
    let corrupt = |column, detail: &str| StoreError::corrupt("negative_policies", column, "", detail);
    let channel = match row.channel {
        None => None,
        Some(code) => Some(Channel::from_code(&code).ok_or_else(|| corrupt("channel", &code))?),
    };
    Ok(PolicyRule {
        product: row.product_id.map(|id| ProductId(id.as_u128())),
        location: row.location_id.map(|id| LocationId(id.as_u128())),
        channel,
        overdraw: Overdraw::from_code(&row.overdraw).ok_or_else(|| corrupt("overdraw", &row.overdraw))?,
    })
}
