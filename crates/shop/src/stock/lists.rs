//! The feature's lists and what they share: which routes there are, and how their filters name places
//! and moments. Each list is a file of its own.

use gondola_store::Permission;
use uuid::Uuid;

use super::inventory::{self, InventoryParams};
use super::kardex::{self, MovementParams};
use super::lots::{self, LotParams};
use super::past::{self, AsOfParams};
use super::places::Places;
use crate::kernel::{Access, Columns, Endpoint, LimitGroup, OpClass, Problem, Reader};

/// The routes of the lists.
pub(super) fn endpoints() -> Vec<Endpoint> {
    let read = |routes| Endpoint::api(routes, Access::Needs(Permission::ReadStock), OpClass::Read, LimitGroup::General);
    vec![
        Endpoint::list::<MovementParams>(utoipa_axum::routes!(kardex::list_movements)),
        read(utoipa_axum::routes!(kardex::get_movement)),
        Endpoint::list::<InventoryParams>(utoipa_axum::routes!(inventory::list_inventory)),
        read(utoipa_axum::routes!(inventory::get_inventory)),
        Endpoint::list::<LotParams>(utoipa_axum::routes!(lots::list_lots)),
        Endpoint::list::<AsOfParams>(utoipa_axum::routes!(past::stock_as_of)),
    ]
}

/// The id of a place the reader may see.
pub(super) async fn find_place(reader: &mut Reader, code: &str) -> Result<Option<Uuid>, Problem> {
    let own = reader.location();
    let places = Places::load(&mut reader.tx()).await?;
    Ok(places.by_code(code).map(|place| place.id).filter(|id| own.is_none_or(|own| own == *id)))
}

/// A place that a file has a column for: its code and its name.
pub(super) type PlaceColumn = (String, String);

/// The places that goods can be at and the reader may see.
pub(super) async fn place_columns(reader: &mut Reader) -> Result<Vec<PlaceColumn>, Problem> {
    let own = reader.location();
    let places = Places::load(&mut reader.tx()).await?;
    let seen = places.all().iter().filter(|place| place.kind.is_real() && own.is_none_or(|own| own == place.id));
    Ok(seen.map(|place| (place.code.clone(), place.name.clone())).collect())
}

/// One more column per place, with what a row has there.
pub(super) fn with_places<T: 'static>(
    columns: Columns<T>,
    places: &[PlaceColumn],
    held: fn(&T, &str) -> Option<String>,
) -> Columns<T> {
    places
        .iter()
        .cloned()
        .fold(columns, |columns, (code, name)| columns.number(&name, &name, move |row| held(row, &code)))
}
