//! How reservations look in a page: everything already written out in the reader's language and in the
//! shop's own time. Templates print these and decide nothing.

use gondola_ledger::{Qty, ReservationState, Unit};
use gondola_store::{At, Permission};
use uuid::Uuid;

use super::super::queries::Reservation;
use crate::kernel::Chrome;
use crate::kernel::numbers::show_amount;
use crate::kernel::time::{local_day, show_day, show_time};
use crate::stock::{Places, product_href};

const MINUTE_US: At = 60 * 1_000_000;
const HOUR_US: At = 60 * MINUTE_US;
const DAY_US: At = 24 * HOUR_US;
/// What ends before so long is marked.
const SOON_US: At = 24 * HOUR_US;

/// A reservation as a page shows it.
#[derive(Debug, Clone)]
pub(super) struct ReservationRow {
    pub href: String,
    pub product_href: String,
    pub sku: String,
    pub name: String,
    pub amount: String,
    pub unit: &'static str,
    pub place: String,
    /// For whom or what.
    pub reason: String,
    pub document: Option<String>,
    pub state: String,
    pub kind: &'static str,
    /// Until when: today, tomorrow, or a date; and the hour.
    pub until: String,
    /// How long that is from now, while it holds.
    pub left: Option<String>,
    pub made_by: String,
    pub made_at: String,
    pub closing_reason: Option<String>,
    /// The movement that handed it over.
    pub movement: Option<Uuid>,
    /// Whether who looks may hand it over as sold, as taken away; and take it back.
    pub may_sell: bool,
    pub may_issue: bool,
    pub may_void: bool,
}

impl ReservationRow {
    pub fn of(chrome: &Chrome, found: &Reservation, places: &Places, now: At) -> Self {
        let unit = Unit::from_code(&found.unit).unwrap_or(Unit::Kg);
        let holds = found.state == ReservationState::Pending.code();
        let own = chrome.actor.location.is_none_or(|own| own == found.location_id);
        let may_end = holds && own && chrome.may(Permission::Reserve);
        let rest = found.expires_at - now;
        let ends_soon = holds && rest < SOON_US;
        Self {
            href: format!("/reservations/{}", found.id),
            product_href: product_href(&found.sku),
            sku: found.sku.clone(),
            name: found.name.clone(),
            amount: show_amount(Qty::new(found.quantity), unit),
            unit: unit.code(),
            place: places.name(found.location_id),
            reason: found.reason.clone(),
            document: found.document.clone(),
            state: chrome.t(&format!("reservation.state_{}", found.state)).to_owned(),
            kind: match (holds, ends_soon) {
                (true, true) => "warn",
                (true, false) => "info",
                _ if found.state == ReservationState::Posted.code() => "good",
                _ => "",
            },
            until: until(chrome, found.expires_at, now),
            left: holds.then(|| left(chrome, rest)),
            made_by: found.actor_name.clone(),
            made_at: chrome.instant(&found.created_at),
            closing_reason: found.closing_reason.clone(),
            movement: found.movement_id,
            may_sell: may_end && chrome.may(Permission::Sell),
            may_issue: may_end && chrome.may(Permission::TakeOut),
            may_void: may_end,
        }
    }
}

/// `hoy 20:00`, `mañana 20:00`, `27/11/2026 20:00`, in the shop's own time.
fn until(chrome: &Chrome, at: At, now: At) -> String {
    let time = show_time(at, &chrome.zone);
    match local_day(at, &chrome.zone) - local_day(now, &chrome.zone) {
        0 => chrome.tv("reservation.today", time),
        1 => chrome.tv("reservation.tomorrow", time),
        _ => format!("{} {time}", show_day(local_day(at, &chrome.zone))),
    }
}

/// How long is left, in the unit that matters.
fn left(chrome: &Chrome, rest: At) -> String {
    match rest {
        ..HOUR_US => chrome.tv("reservation.left_minutes", (rest / MINUTE_US).to_string()),
        HOUR_US..SOON_US => chrome.tv("reservation.left_hours", (rest / HOUR_US).to_string()),
        _ if rest / DAY_US == 1 => chrome.t("reservation.left_one_day").to_owned(),
        _ => chrome.tv("reservation.left_days", (rest / DAY_US).to_string()),
    }
}

#[cfg(test)]
mod tests {
    use gondola_store::Role;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::kernel::Lang;
    use crate::kernel::time::parse_instant;

    /// CFG-5: 23:30 in the shop is still today, though it is tomorrow in UTC.
    #[test]
    fn the_end_is_told_in_the_shops_own_time() {
        let zone = TimeZone::get("America/Argentina/Buenos_Aires").unwrap();
        let mut chrome = Chrome::sample(Lang::Es, Some(Role::Admin), "/reservations");
        chrome.zone = zone;
        let now = parse_instant("2026-11-26T10:00:00-03:00").unwrap();
        let at = |text: &str| parse_instant(text).unwrap();
        assert_eq!(until(&chrome, at("2026-11-26T23:30:00-03:00"), now), "hoy 23:30");
        assert_eq!(until(&chrome, at("2026-11-27T00:10:00-03:00"), now), "mañana 00:10");
        assert_eq!(until(&chrome, at("2026-11-30T12:00:00-03:00"), now), "30/11/2026 12:00");
        assert_eq!(
            [59 * MINUTE_US, 5 * HOUR_US, DAY_US, 3 * DAY_US].map(|rest| left(&chrome, rest)),
            ["quedan 59 min", "quedan 5 h", "queda 1 día", "quedan 3 días"]
        );
    }
}
