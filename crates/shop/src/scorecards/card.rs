//! The counts of each supplier, gathered from orders, deliveries, invoices and claims.

use std::collections::HashMap;

use gondola_pricing::Rate;
use gondola_pricing::scorecard::{Punctuality, Receipts, Score, Tally, price_drift};
use gondola_store::{At, StoreError, both};
use jiff::tz::TimeZone;
use sqlx::FromRow;
use uuid::Uuid;

use super::sql;
use crate::inflation;
use crate::kernel::Reader;
use crate::kernel::time::{Day, day_start, local_day};
use crate::suppliers::ScoreProfile;

/// Days that an open claim may wait before it counts as unanswered.
const ANSWER_DAYS: Day = 15;

/// Days of the shop, both of them included.
#[derive(Debug, Clone)]
pub struct Period {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// Where the shop is.
    pub zone: TimeZone,
}

/// What is known of a supplier over a period.
#[derive(Debug, Clone)]
pub struct Card {
    /// The supplier's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it mainly brings.
    pub profile: ScoreProfile,
    /// What went well, of how much.
    pub receipts: Receipts,
    /// Deliveries of ordered goods.
    pub deliveries: u64,
    /// Days from sending the order to each of them, added up.
    pub lead_days: u64,
    /// Those that came more than three days late.
    pub very_late: u64,
    /// How much more its costs rose than those of all goods bought in the same days; none when nothing was bought twice.
    pub drift: Option<Rate>,
}

impl Card {
    fn new(row: JudgedRow) -> Result<(Uuid, Self), StoreError> {
        let JudgedRow { id, code, name, score_profile } = row;
        let profile = ScoreProfile::from_code(&score_profile);
        let profile = profile.ok_or_else(|| StoreError::corrupt("suppliers", "score_profile", id, score_profile))?;
        let receipts = Receipts::default();
        let card = Self { code, name, profile, receipts, deliveries: 0, lead_days: 0, very_late: 0, drift: None };
        Ok((id, card))
    }

    /// Its score, by what it mainly brings.
    pub fn score(&self) -> Option<Score> {
        self.receipts.score(self.profile.into())
    }
}

#[derive(FromRow)]
struct JudgedRow {
    id: Uuid,
    code: String,
    name: String,
    score_profile: String,
}

/// What an order or a delivery says about when it was due.
#[derive(FromRow)]
struct Due {
    promised_on: Option<Day>,
    sent_at: At,
    lead_days: Option<i64>,
}

impl Due {
    /// The day that was promised, else the day of the order and the supplier's usual days.
    fn day(&self, zone: &TimeZone) -> Option<Day> {
        let usual = || Some(local_day(self.sent_at, zone) + Day::try_from(self.lead_days?).ok()?);
        self.promised_on.or_else(usual)
    }
}

#[derive(FromRow)]
struct OrderRow {
    supplier_id: Uuid,
    #[sqlx(flatten)]
    due: Due,
    last_received_at: Option<At>,
    lines: i64,
    short: i64,
    came_permille: i64,
}

#[derive(FromRow)]
struct DeliveryRow {
    supplier_id: Uuid,
    #[sqlx(flatten)]
    due: Due,
    received_at: At,
}

#[derive(FromRow)]
struct CountRow {
    supplier_id: Uuid,
    good: i64,
    of_all: i64,
}

/// The suppliers with something measured in a period, or one of them; by name.
///
/// # Errors
/// The database's failure.
pub async fn cards(reader: &mut Reader, period: &Period, supplier: Option<Uuid>) -> Result<Vec<Card>, StoreError> {
    let named: Vec<JudgedRow> =
        both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::JUDGED)).bind(supplier).fetch_all(c).await?);
    let order: Vec<Uuid> = named.iter().map(|row| row.id).collect();
    let cards = named.into_iter().map(Card::new).collect::<Result<_, _>>()?;
    let mut gathering = Gathering {
        cards,
        from: day_start(period.from, &period.zone),
        until: day_start(period.to.saturating_add(1), &period.zone),
        today: local_day(reader.now(), &period.zone),
        zone: &period.zone,
        supplier,
    };
    gathering.orders(reader).await?;
    gathering.deliveries(reader).await?;
    gathering.counts(reader).await?;
    gathering.drift(reader).await?;
    let mut cards = gathering.cards;
    let cards = order.into_iter().filter_map(|id| cards.remove(&id));
    Ok(cards.filter(|card| supplier.is_some() || card.score().is_some()).collect())
}

/// Cards being filled in.
struct Gathering<'p> {
    cards: HashMap<Uuid, Card>,
    from: At,
    until: At,
    today: Day,
    zone: &'p TimeZone,
    supplier: Option<Uuid>,
}

impl Gathering<'_> {
    /// Whether orders were complete, and complete in time. One that is not due yet says nothing.
    async fn orders(&mut self, reader: &mut Reader) -> Result<(), StoreError> {
        let rows: Vec<OrderRow> = both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::SENT_ORDERS))
            .bind(self.from).bind(self.until).bind(self.supplier).fetch_all(c).await?);
        for row in rows {
            let Some(card) = self.cards.get_mut(&row.supplier_id) else { continue };
            let due = row.due.day(self.zone);
            let is_full = row.short == 0;
            if !is_full && due.is_none_or(|due| due >= self.today) {
                continue;
            }
            count(&mut card.receipts.compliance, row.came_permille, row.lines.saturating_mul(1_000));
            if let Some(due) = due {
                let last = row.last_received_at.map(|at| local_day(at, self.zone));
                let is_good = is_full && last.is_some_and(|last| last <= due);
                count(&mut card.receipts.otif, i64::from(is_good), 1);
            }
        }
        Ok(())
    }

    /// Whether deliveries came in time, and how long they took.
    async fn deliveries(&mut self, reader: &mut Reader) -> Result<(), StoreError> {
        let place = reader.location();
        let rows: Vec<DeliveryRow> = both!(&mut reader.tx(), c, text => sqlx::query_as(text(sql::ORDERED_DELIVERIES))
            .bind(self.from).bind(self.until).bind(self.supplier).bind(place).fetch_all(c).await?);
        for row in rows {
            let Some(card) = self.cards.get_mut(&row.supplier_id) else { continue };
            let came = local_day(row.received_at, self.zone);
            let days = came - local_day(row.due.sent_at, self.zone);
            card.deliveries += 1;
            card.lead_days += u64::try_from(days).unwrap_or(0);
            if let Some(due) = row.due.day(self.zone) {
                let punctuality = Punctuality::of(i64::from(came - due));
                count(&mut card.receipts.lead_time, i64::from(punctuality == Punctuality::OnTime), 1);
                card.very_late += u64::from(punctuality == Punctuality::VeryLate);
            }
        }
        Ok(())
    }

    /// What came in good order, what was billed as expected, and which claims were answered.
    async fn counts(&mut self, reader: &mut Reader) -> Result<(), StoreError> {
        let place = reader.location();
        let patience = day_start(self.today.saturating_sub(ANSWER_DAYS), self.zone);
        let mut tx = reader.tx();
        let unbroken: Vec<CountRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::UNBROKEN))
            .bind(self.from).bind(self.until).bind(self.supplier).bind(place).fetch_all(c).await?);
        let billed: Vec<CountRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::BILLED_AS_EXPECTED))
            .bind(self.from).bind(self.until).bind(self.supplier).fetch_all(c).await?);
        let answered: Vec<CountRow> = both!(&mut tx, c, text => sqlx::query_as(text(sql::ANSWERED_CLAIMS))
            .bind(self.from).bind(self.until).bind(self.supplier).bind(patience).fetch_all(c).await?);
        self.take(unbroken, |receipts| &mut receipts.defects);
        self.take(billed, |receipts| &mut receipts.cost);
        self.take(answered, |receipts| &mut receipts.response);
        Ok(())
    }

    fn take(&mut self, rows: Vec<CountRow>, criterion: fn(&mut Receipts) -> &mut Tally) {
        for row in rows {
            if let Some(card) = self.cards.get_mut(&row.supplier_id) {
                count(criterion(&mut card.receipts), row.good, row.of_all);
            }
        }
    }

    /// How much its costs rose beyond those of all.
    async fn drift(&mut self, reader: &mut Reader) -> Result<(), StoreError> {
        let risen = inflation::risen(reader, self.from, self.until).await?;
        let Some(all) = risen.all else { return Ok(()) };
        for (supplier, rate) in risen.by_supplier {
            if let Some(card) = self.cards.get_mut(&supplier) {
                card.drift = price_drift(rate, all);
            }
        }
        Ok(())
    }
}

fn count(tally: &mut Tally, good: i64, all: i64) {
    tally.good += u64::try_from(good).unwrap_or(0);
    tally.all += u64::try_from(all).unwrap_or(0);
}
