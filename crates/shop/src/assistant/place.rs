//! Where a sentence is written, as the API, the pages and the database name it.

use gondola_language::parse::Place;

/// Both places, with their stable names.
pub const PLACES: [(Place, &str); 2] = [(Place::Notebook, "notebook"), (Place::Backstore, "backstore")];

/// Stable name of a place.
pub fn code_of(place: Place) -> &'static str {
    PLACES.iter().find(|(one, _)| *one == place).map(|(_, code)| *code).expect("every place has its name")
}

/// The place of that exact name.
pub fn place_of(code: &str) -> Option<Place> {
    PLACES.iter().find(|(_, name)| *name == code).map(|(place, _)| *place)
}
