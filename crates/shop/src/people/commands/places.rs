//! The location a user or key is narrowed to: it must exist, and whoever is narrowed themselves
//! cannot give more than they have.

use gondola_store::{Context, Fail, Tx, both};
use uuid::Uuid;

use super::super::refusal::PeopleRefusal;
use super::super::sql;

/// The id of a location's code, within what the actor may give away.
pub async fn narrowed_to(
    tx: &mut Tx<'_>,
    cx: &Context,
    code: Option<&str>,
) -> Result<Option<Uuid>, Fail<PeopleRefusal>> {
    let id = match code {
        None => None,
        Some(code) => {
            let found: Option<(Uuid,)> =
                both!(tx, c, text => sqlx::query_as(text(sql::FIND_LOCATION)).bind(code).fetch_optional(c).await?);
            let (id,) = found.ok_or_else(|| Fail::Refused(PeopleRefusal::UnknownLocation(code.to_owned())))?;
            Some(id)
        }
    };
    match cx.actor.location {
        Some(own) if id != Some(own) => Err(Fail::Refused(PeopleRefusal::OutsideLocation)),
        _ => Ok(id),
    }
}
