//! The controlled list of places: where goods are, and the virtual places that close the books.

use gondola_ledger::LocationKind;
use gondola_store::{Actor, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::fields::Read;
use super::reference_views::LocationView;
use super::refusals::CatalogueRefusal;
use super::sql;
use crate::kernel::Text;

/// Locations of a shop at most.
pub const LOCATIONS_MAX: usize = 500;
/// Characters of a location's code at most.
pub const LOCATION_CODE_MAX: usize = 30;
/// Characters of a location's name at most.
pub const LOCATION_NAME_MAX: usize = 60;

/// A place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Its id.
    pub id: Uuid,
    /// The code people and programs use: `deposito`.
    pub code: String,
    /// Its name on screens.
    pub name: String,
    /// What kind of place it is.
    pub kind: LocationKind,
    /// Whether it is in use.
    pub active: bool,
    /// Counts its changes.
    pub version: i64,
}

impl Location {
    /// Whether goods of the shop can lie there.
    pub fn holds_goods(&self) -> bool {
        self.kind.is_real()
    }

    /// Whether `actor` may see it: an actor of one place sees that place and the virtual ones.
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        !self.holds_goods() || actor.location.is_none_or(|only| only == self.id)
    }
}

/// Every location, in the order of the screens.
///
/// # Errors
/// [`StoreError`] when the database fails.
pub async fn all(tx: &mut Tx<'_>) -> Result<Vec<Location>, StoreError> {
    let rows: Vec<LocationRow> = both!(tx, c, text => sqlx::query_as(text(sql::ALL_LOCATIONS)).fetch_all(c).await?);
    rows.into_iter().map(Location::try_from).collect()
}

/// Adds a place where goods lie.
pub struct CreateLocation {
    /// Its code, already parsed by [`parse_code`].
    pub code: String,
    /// Its name.
    pub name: String,
    /// `Stock` or `Quarantine`; the others exist once.
    pub kind: LocationKind,
}

impl Command for CreateLocation {
    const NAME: &'static str = "catalogue.create_location";
    type Out = LocationView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.code.clone()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<LocationView, Fail<CatalogueRefusal>> {
        if all(tx).await?.len() >= LOCATIONS_MAX {
            return Err(Fail::Refused(CatalogueRefusal::TooMany { max: LOCATIONS_MAX }));
        }
        let id = cx.new_id();
        match insert(tx, id, self.code.as_str(), &self.name, self.kind).await? {
            0 => Err(Fail::Refused(CatalogueRefusal::CodeTaken)),
            added => {
                expect_rows(sql::INSERT_LOCATION, 1, added)?;
                let (code, name, kind) = (self.code.clone(), self.name.clone(), self.kind);
                Ok(Location { id, code, name, kind, active: true, version: 1 }.into())
            }
        }
    }
}

/// Gives a place another name on screens.
pub struct RenameLocation {
    /// Its code, which stays.
    pub code: String,
    /// The version it was read at.
    pub version: i64,
    /// Its new name.
    pub name: String,
}

impl Command for RenameLocation {
    const NAME: &'static str = "catalogue.rename_location";
    type Out = LocationView;
    type Refusal = CatalogueRefusal;

    fn subject(&self) -> String {
        self.code.clone()
    }

    fn permission(&self) -> Permission {
        Permission::EditCatalogue
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<LocationView, Fail<CatalogueRefusal>> {
        let named = all(tx).await?.into_iter().find(|place| place.code == self.code);
        let Some(mut place) = named.filter(|place| place.is_visible_to(&cx.actor)) else {
            return Err(Fail::Refused(CatalogueRefusal::NotFound));
        };
        cx.changes(&LocationView::from(place.clone()));
        let renamed = both!(tx, c, text => sqlx::query(text(sql::RENAME_LOCATION))
            .bind(place.id).bind(self.version).bind(&self.name).execute(c).await?.rows_affected());
        if renamed == 0 {
            return Err(Fail::Refused(CatalogueRefusal::Stale));
        }
        expect_rows(sql::RENAME_LOCATION, 1, renamed)?;
        place.name.clone_from(&self.name);
        place.version += 1;
        Ok(place.into())
    }
}

/// Adds a location unless its code exists; answers how many were added.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    id: Uuid,
    code: &str,
    name: &str,
    kind: LocationKind,
) -> Result<u64, StoreError> {
    let added = both!(tx, c, text => sqlx::query(text(sql::INSERT_LOCATION))
        .bind(id).bind(code).bind(name).bind(kind.code()).execute(c).await?.rows_affected());
    Ok(added)
}

/// Reads a location's code: 1 to 30 lower-case letters, digits, `_` and `-`.
pub(super) fn parse_code(text: &str) -> Read<String> {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    if (1..=LOCATION_CODE_MAX).contains(&text.len()) && text.bytes().all(good) {
        return Ok(text.to_owned());
    }
    let es =
        format!("Lleva de 1 a {LOCATION_CODE_MAX} letras minúsculas sin acento, números, guiones o guiones bajos.");
    let en =
        format!("It has 1 to {LOCATION_CODE_MAX} lower-case letters without accents, digits, hyphens or underscores.");
    Err(("bad_code", Text::new(es, en)))
}

#[derive(sqlx::FromRow)]
struct LocationRow {
    id: Uuid,
    code: String,
    name: String,
    kind: String,
    active: bool,
    version: i64,
}

impl TryFrom<LocationRow> for Location {
    type Error = StoreError;

    fn try_from(row: LocationRow) -> Result<Self, StoreError> {
        let kind = LocationKind::from_code(&row.kind)
            .ok_or_else(|| StoreError::corrupt("locations", "kind", row.id, &row.kind))?;
        let LocationRow { id, code, name, active, version, .. } = row;
        Ok(Self { id, code, name, kind, active, version })
    }
}
