//! The commands that make and end promises. Each one locks the product first, so that together they
//! never promise more than there is.

use gondola_ledger::reservation::check_expiry;
use gondola_ledger::{MovementKind, Qty, ReservationRefusal, ReservationState};
use gondola_store::{At, Audited, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use uuid::Uuid;

use super::queries::{Reservation, find};
use super::refusal::ReservationRefused;
use super::sql;
use crate::stock::{Book, Movement, ProductRef, Receipt, Source, StockRefusal, channel_of, permission_for};

/// Days a reservation lasts at most.
pub const RESERVATION_DAYS_MAX: i64 = 366;
const MICROSECONDS_PER_DAY: At = 86_400_000_000;

/// Promises goods to somebody.
#[derive(Debug, Clone)]
pub struct Reserve {
    /// Of what.
    pub product: ProductRef,
    /// Code of the place that keeps it.
    pub location: String,
    /// How much, in `unit`; more than zero.
    pub quantity: Qty,
    /// A unit or presentation of the product; its own unit when absent.
    pub unit: Option<String>,
    /// Until when.
    pub expires_at: At,
    /// For whom or what.
    pub reason: String,
    /// Whose paper it goes with.
    pub document: Option<String>,
}

impl Command for Reserve {
    const NAME: &'static str = "reservations.reserve";
    type Out = Reservation;
    type Refusal = ReservationRefused;

    fn subject(&self) -> String {
        self.product.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Reserve
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Reservation, Fail<ReservationRefused>> {
        self.check_expiry(cx.now).map_err(Fail::Refused)?;
        let mut book = Book::open(tx, cx, channel_of(cx), [&self.product]).await?;
        let product = book.product(&self.product).map_err(refused)?;
        let place = book.place("location", &self.location).map_err(refused)?.id;
        let quantity = book.in_base_units(tx, product, self.quantity, self.unit.as_deref()).await;
        let quantity = quantity.map_err(|fail| fail.map(ReservationRefused::from))?;
        book.promise(product, place, quantity).map_err(refused)?;
        let id = cx.new_id();
        let inserted = both!(tx, c, text => sqlx::query(text(sql::INSERT_RESERVATION))
            .bind(id).bind(product).bind(place).bind(quantity.raw()).bind(&self.reason).bind(&self.document)
            .bind(self.expires_at).bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_RESERVATION, 1, inserted)?;
        as_stored(tx, cx, id).await
    }
}

impl Reserve {
    fn check_expiry(&self, now: At) -> Result<(), ReservationRefused> {
        let at = gondola_ledger::At;
        if check_expiry(at(now), at(self.expires_at)).is_err() {
            return Err(ReservationRefused::ExpiryNotInFuture);
        }
        let latest = now + RESERVATION_DAYS_MAX * MICROSECONDS_PER_DAY;
        if self.expires_at > latest { Err(ReservationRefused::ExpiryTooLate) } else { Ok(()) }
    }
}

/// How promised goods leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandOver {
    /// Handed to somebody.
    Issue,
    /// Sold.
    Sale,
}

impl HandOver {
    fn kind(self) -> MovementKind {
        match self {
            Self::Issue => MovementKind::Issue,
            Self::Sale => MovementKind::Sale,
        }
    }
}

/// Hands promised goods over: they leave by a movement and the promise is kept.
#[derive(Debug, Clone)]
pub struct PostReservation {
    /// The reservation.
    pub id: Uuid,
    /// How they leave.
    pub hand_over: HandOver,
    /// Why; what the reservation says when absent.
    pub reason: Option<String>,
}

/// A reservation that was handed over, with its movement.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HandedOver {
    /// The reservation.
    pub reservation: Reservation,
    /// What was posted.
    pub movement: Receipt,
}

impl Command for PostReservation {
    const NAME: &'static str = "reservations.post";
    type Out = HandedOver;
    type Refusal = ReservationRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Reserve
    }

    fn also_needs(&self) -> Vec<Permission> {
        vec![permission_for(self.hand_over.kind())]
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<HandedOver, Fail<ReservationRefused>> {
        let Some(seen) = find(tx, self.id, cx.now).await? else {
            return Err(Fail::Refused(ReservationRefused::Unknown));
        };
        let product = ProductRef::Sku(seen.sku);
        let mut book = Book::open(tx, cx, channel_of(cx), [&product]).await?;
        let promise = lock(tx, cx, self.id).await?;
        if let Err(StockRefusal::UnknownProduct(_)) = book.product(&ProductRef::Id(promise.product_id)) {
            return Err(StoreError::meanwhile("the product's SKU became another product's").into());
        }
        end(promise.state()?, cx.now, |state, now| state.post(now, gondola_ledger::At(promise.expires_at)))?;
        book.release(promise.product_id, promise.location_id, Qty::new(promise.quantity));
        let movement = Movement {
            kind: self.hand_over.kind(),
            product: ProductRef::Id(promise.product_id),
            quantity: Qty::new(promise.quantity),
            unit: None,
            from: Some(book.places().code(promise.location_id)),
            to: None,
            lot: None,
            unit_cost: None,
            reason: self.reason.clone().unwrap_or(promise.reason),
            document: promise.document,
            occurred_at: None,
        };
        let posted = book.post(tx, &movement, Some(Source { kind: "reservation", id: self.id })).await;
        let posted = posted.map_err(|fail| fail.map(ReservationRefused::from))?;
        let receipt = book.close_with_receipts(tx).await?.pop();
        let movement =
            receipt.ok_or_else(|| StoreError::corrupt("movements", "id", posted.id, "it was not written"))?;
        write_end(tx, cx, self.id, ReservationState::Posted, Some(posted.id), self.reason.as_deref()).await?;
        Ok(HandedOver { reservation: as_stored(tx, cx, self.id).await?, movement })
    }
}

/// Takes a promise back.
#[derive(Debug, Clone)]
pub struct VoidReservation {
    /// The reservation.
    pub id: Uuid,
    /// Why, if anybody said.
    pub reason: Option<String>,
}

impl Command for VoidReservation {
    const NAME: &'static str = "reservations.void";
    type Out = Reservation;
    type Refusal = ReservationRefused;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::Reserve
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Reservation, Fail<ReservationRefused>> {
        let promise = lock(tx, cx, self.id).await?;
        end(promise.state()?, cx.now, |state, _| state.void())?;
        cx.changes(&as_stored(tx, cx, self.id).await?);
        write_end(tx, cx, self.id, ReservationState::Voided, None, self.reason.as_deref()).await?;
        as_stored(tx, cx, self.id).await
    }
}

/// Marks the promises whose time is over; they hold nothing since that moment. For the worker.
/// Answers how many there were.
#[derive(Debug, Clone, Copy)]
pub struct ExpireReservations;

impl Command for ExpireReservations {
    const NAME: &'static str = "reservations.expire";
    const AUDITED: Option<Audited> = None;
    type Out = u64;
    type Refusal = std::convert::Infallible;

    fn permission(&self) -> Permission {
        Permission::Reserve
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<u64, Fail<std::convert::Infallible>> {
        let expired = both!(tx, c, text => sqlx::query(text(sql::EXPIRE_RESERVATIONS))
            .bind(cx.now).execute(c).await?.rows_affected());
        Ok(expired)
    }
}

/// A promise under lock.
#[derive(FromRow)]
struct Promise {
    product_id: Uuid,
    location_id: Uuid,
    quantity: i64,
    state: String,
    reason: String,
    document: Option<String>,
    expires_at: At,
}

impl Promise {
    fn state(&self) -> Result<ReservationState, StoreError> {
        ReservationState::from_code(&self.state)
            .ok_or_else(|| StoreError::corrupt("reservations", "state", self.product_id, &self.state))
    }
}

/// Locks a reservation that the actor may touch.
async fn lock(tx: &mut Tx<'_>, cx: &Context, id: Uuid) -> Result<Promise, Fail<ReservationRefused>> {
    let found: Option<Promise> =
        both!(tx, c, text => sqlx::query_as(text(sql::LOCK_RESERVATION)).bind(id).fetch_optional(c).await?);
    let own = |promise: &Promise| cx.actor.location.is_none_or(|own| own == promise.location_id);
    found.filter(own).ok_or(Fail::Refused(ReservationRefused::Unknown))
}

/// Asks the ledger whether a promise may end this way.
fn end(
    state: ReservationState,
    now: At,
    step: impl FnOnce(ReservationState, gondola_ledger::At) -> Result<ReservationState, ReservationRefusal>,
) -> Result<ReservationState, Fail<ReservationRefused>> {
    step(state, gondola_ledger::At(now)).map_err(|refusal| {
        Fail::Refused(match refusal {
            ReservationRefusal::Expired => ReservationRefused::Expired,
            _ => ReservationRefused::NotPending(state),
        })
    })
}

async fn write_end(
    tx: &mut Tx<'_>,
    cx: &Context,
    id: Uuid,
    state: ReservationState,
    movement: Option<Uuid>,
    reason: Option<&str>,
) -> Result<(), StoreError> {
    let ended = both!(tx, c, text => sqlx::query(text(sql::END_RESERVATION))
        .bind(id).bind(state.code()).bind(movement).bind(reason).bind(cx.now).execute(c).await?.rows_affected());
    expect_rows(sql::END_RESERVATION, 1, ended)
}

async fn as_stored(tx: &mut Tx<'_>, cx: &Context, id: Uuid) -> Result<Reservation, Fail<ReservationRefused>> {
    let found = find(tx, id, cx.now).await?;
    Ok(found.ok_or_else(|| StoreError::corrupt("reservations", "id", id, "it was just written"))?)
}

fn refused(refusal: StockRefusal) -> Fail<ReservationRefused> {
    Fail::Refused(refusal.into())
}
