//! The book: posts movements against locked shelves and writes what came of them. The only code
//! that writes `movements`, `movement_lines`, `balances` and `stock_heads`.
//!
//! Open it with the products a command touches; every head is locked in the order of ids, so that
//! two books never wait for each other in a circle. Posting happens in memory; `close` writes
//! everything with one statement per table. A movement dated before the product's last one is
//! checked against the later timeline (`timeline.rs`) and makes the valuations after it be written
//! again, in the same transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gondola_ledger::{
    Channel, Entry, LocationId, LotId, MovementKind, OriginalLine, Overdraw, PolicyRule, Posting, ProductId, Qty,
    WasteReason, resolve,
};
use gondola_store::{Actor, At, Context, Engine, Fail, StoreError, Tx, both};
use uuid::Uuid;

use super::lookup::Mention;
use super::movement::{Movement, ProductRef, Source};
use super::places::Places;
use super::receipt::Receipt;
use super::refusal::StockRefusal;
use super::rows::{BalanceRow, HeadRow, LineRow, ReservedRow, id_list, json};
use super::shelf::{Lot, Shelf};
use super::sides::{Chosen, Entered, Goods, Named};
use super::sql;
use super::write::{Change, MovementOut, Pending, insert_all};
use crate::kernel::time::date;

/// A movement as posted.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Its id.
    pub id: Uuid,
    /// Its place in the ledger; known once the book is closed.
    pub sequence: i64,
    /// The product.
    pub product: Uuid,
    /// What happened.
    pub kind: MovementKind,
    /// How much, in base units.
    pub quantity: Qty,
    /// The real places it changed: id, before, after.
    pub effects: Vec<(Uuid, Qty, Qty)>,
    /// Codes of what was allowed and must be looked at.
    pub flags: Vec<&'static str>,
}

/// Locked shelves and what was posted on them.
pub struct Book<'a> {
    pub(super) cx: &'a Context,
    pub(super) channel: Channel,
    pub(super) places: Places,
    rules: Vec<PolicyRule>,
    pub(super) shelves: BTreeMap<Uuid, Shelf>,
    skus: HashMap<String, Uuid>,
    pub(super) pending: Pending,
    posted: Vec<Posted>,
    pub(super) month: i8,
    actor: Actor,
    recorded_at: At,
}

impl<'a> Book<'a> {
    /// Locks what `products` name. Unknown ones are told when they are posted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open<'p>(
        tx: &mut Tx<'_>,
        cx: &'a Context,
        channel: Channel,
        products: impl IntoIterator<Item = &'p ProductRef>,
    ) -> Result<Self, StoreError> {
        let today = cx.day_of(cx.now);
        let places = Places::load(tx).await?;
        let mut book = Self {
            cx,
            channel,
            places,
            rules: Vec::new(),
            shelves: BTreeMap::new(),
            skus: HashMap::new(),
            pending: Pending::default(),
            posted: Vec::new(),
            month: date(today).month(),
            actor: cx.actor.clone(),
            recorded_at: cx.now,
        };
        book.lock(tx, products).await?;
        Ok(book)
    }

    async fn lock<'p>(
        &mut self,
        tx: &mut Tx<'_>,
        products: impl IntoIterator<Item = &'p ProductRef>,
    ) -> Result<(), StoreError> {
        let mut ids = BTreeSet::new();
        let mut skus = BTreeSet::new();
        for product in products {
            match product {
                ProductRef::Id(id) => ids.insert(*id),
                ProductRef::Sku(sku) => skus.insert(sku.as_str()),
            };
        }
        let (ids, skus) = (id_list(&ids), json(&skus.into_iter().collect::<Vec<_>>()));
        // Between two statements a SKU may become another product's: what was locked counts.
        let (ids, skus) = match lock(tx, &ids, &skus).await? {
            Some(locked) => (id_list(&locked), "[]".to_owned()),
            None => (ids, skus),
        };
        let heads: Vec<HeadRow> = both!(tx, c, text => sqlx::query_as(text(sql::LOAD_HEADS))
            .bind(ids).bind(i64::from(self.month)).bind(skus).fetch_all(c).await?);
        for head in heads {
            self.skus.insert(head.sku.clone(), head.id);
            self.shelves.insert(head.id, Shelf::from_row(head)?);
        }
        let list = id_list(self.shelves.keys());
        self.rules = super::policies::rules(tx, &list).await?;
        let balances: Vec<BalanceRow> =
            both!(tx, c, text => sqlx::query_as(text(sql::LOAD_BALANCES)).bind(&list).fetch_all(c).await?);
        let reserved: Vec<ReservedRow> = both!(tx, c, text => sqlx::query_as(text(sql::LOAD_RESERVED))
            .bind(&list).bind(self.cx.now).fetch_all(c).await?);
        for balance in balances {
            if let Some(shelf) = self.shelves.get_mut(&balance.product_id) {
                shelf.add_balance(balance);
            }
        }
        for row in reserved {
            if let Some(shelf) = self.shelves.get_mut(&row.product_id) {
                shelf.reserved.insert(row.location_id, Qty::new(row.quantity));
            }
        }
        Ok(())
    }

    /// From here on movements are written as somebody else wrote them than who runs the command: whoever
    /// did them, by the channel they used, at that moment. For a past that is told in one go.
    pub fn written_by(&mut self, actor: &Actor, channel: Channel, at: At) {
        self.actor = actor.clone();
        self.channel = channel;
        self.recorded_at = at;
    }

    /// The shop's places.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The locked shelf of a product.
    pub(super) fn shelf(&self, product: &ProductRef) -> Result<&Shelf, StockRefusal> {
        let id = match product {
            ProductRef::Id(id) => Some(*id),
            ProductRef::Sku(sku) => self.skus.get(sku).copied(),
        };
        id.and_then(|id| self.shelves.get(&id)).ok_or_else(|| StockRefusal::UnknownProduct(product.to_string()))
    }

    /// Posts one movement. A refusal leaves the book as it was.
    ///
    /// # Errors
    /// [`StockRefusal`], or the database's failure.
    pub async fn post(
        &mut self,
        tx: &mut Tx<'_>,
        movement: &Movement,
        source: Option<Source>,
    ) -> Result<Posted, Fail<StockRefusal>> {
        self.post_lot(tx, movement, None, source).await
    }

    /// As [`Book::post`], of exactly this lot, whatever the movement says. For documents that know
    /// which goods they are about.
    ///
    /// # Errors
    /// [`StockRefusal`], or the database's failure.
    pub async fn post_lot(
        &mut self,
        tx: &mut Tx<'_>,
        movement: &Movement,
        lot: Option<Uuid>,
        source: Option<Source>,
    ) -> Result<Posted, Fail<StockRefusal>> {
        let mention = Mention::from(movement);
        self.look_up(tx, &[Mention { enters: mention.enters && lot.is_none(), ..mention }]).await?;
        let Named { product, entered, from, to } = self.named(movement, source)?;
        let occurred_at = movement.occurred_at.unwrap_or_else(|| self.moment(product));
        let goods = Goods { lot: movement.lot.as_ref(), cost: entered.unit_cost, occurred_at };
        let chosen = self.choose(product, lot, goods, (from, to)).map_err(Fail::Refused)?;
        let lowest_later = self.lowest_later(product, chosen.from, occurred_at);
        let entry = self.entry(product, movement.kind, &entered, &chosen, lowest_later);
        let posting = gondola_ledger::post(&entry).map_err(|refusal| Fail::Refused(self.name(product, refusal)))?;
        let out = MovementOut {
            kind: movement.kind,
            quantity: entered.base,
            entered_quantity: movement.quantity,
            entered_unit: movement.unit.clone().unwrap_or_else(|| self.shelves[&product].unit.code().to_owned()),
            from: chosen.from,
            to: chosen.to,
            unit_cost: entered.unit_cost,
            paid: entered.paid,
            waste_reason: waste_reason(movement).map(str::to_owned),
            reason: movement.reason.clone(),
            document: movement.document.clone(),
            source,
            reverses: None,
            occurred_at,
        };
        self.take_over(product, posting, out).map_err(Fail::Refused)
    }

    /// Posts the mirror of a stored movement.
    pub(super) fn post_mirror(
        &mut self,
        product: Uuid,
        original: &[OriginalLine],
        out: MovementOut,
    ) -> Result<Posted, StockRefusal> {
        let shelf = &self.shelves[&product];
        if !shelf.active {
            return Err(StockRefusal::InactiveProduct(shelf.sku.clone()));
        }
        let sides: Vec<_> =
            self.places.all().iter().map(|place| shelf.side(place, self.overdraw(product, place.id), None)).collect();
        let posting = gondola_ledger::reverse(original, &sides).map_err(|refusal| self.name(product, refusal))?;
        self.take_over(product, posting, out)
    }

    /// When a movement happens that says no moment: now, or with the product's last one, if our clock has
    /// not come so far. Whoever waited for the lock read it before, and a clock may be set back.
    pub(super) fn moment(&self, product: Uuid) -> At {
        self.shelves[&product].last_occurred_at.map_or(self.cx.now, |last| last.max(self.cx.now))
    }

    /// What happens when more of a product leaves a place than is there.
    fn overdraw(&self, product: Uuid, place: Uuid) -> Overdraw {
        resolve(&self.rules, ProductId(product.as_u128()), LocationId(place.as_u128()), self.channel)
    }

    fn entry(
        &self,
        product: Uuid,
        kind: MovementKind,
        entered: &Entered,
        chosen: &Chosen,
        lowest_later: Option<Qty>,
    ) -> Entry {
        let shelf = &self.shelves[&product];
        // What was counted is a fact, whatever the rule: it is posted and flagged, never refused.
        let strictest = if kind == MovementKind::Count { Overdraw::AllowAndFlag } else { Overdraw::Refuse };
        let side = |id: Uuid, lowest: Option<Qty>| {
            let place = self.places.by_id(id).expect("chosen places are the shop's");
            shelf.side(place, self.overdraw(product, id).max(strictest), lowest)
        };
        Entry {
            kind,
            quantity: entered.base,
            from: side(chosen.from, lowest_later),
            to: side(chosen.to, None),
            lot: chosen.lot.map(|lot| LotId(lot.as_u128())),
            plain_lot: LotId(product.as_u128()),
        }
    }

    /// For a backdated movement: the lowest balance at the place it leaves, from its date on.
    fn lowest_later(&self, product: Uuid, from: Uuid, occurred_at: At) -> Option<Qty> {
        let shelf = &self.shelves[&product];
        let is_real = self.places.by_id(from).is_some_and(|place| place.kind.is_real());
        if !is_real || shelf.last_occurred_at.is_none_or(|last| occurred_at >= last) {
            return None;
        }
        let timeline = shelf.timeline.as_ref().filter(|timeline| timeline.reaches(occurred_at));
        let (total, lowest) = timeline.expect("what a late line asks was looked up").later_at(from, occurred_at);
        Some(Qty::new(shelf.on_hand_at(from).raw() - total + lowest))
    }

    /// Keeps a posting: balances, worth and the rows to write.
    fn take_over(&mut self, product: Uuid, posting: Posting, out: MovementOut) -> Result<Posted, StockRefusal> {
        let id = self.cx.new_id();
        let shelf = self.shelves.get_mut(&product).expect("the product is locked");
        let delta: i64 = posting
            .lines
            .iter()
            .filter(|line| {
                self.places.by_id(Uuid::from_u128(line.location.0)).is_some_and(|place| place.kind.is_real())
            })
            .map(|line| line.delta.raw())
            .sum();
        let mut worth = shelf.worth.clone();
        let moved = worth.apply(Qty::new(delta), out.paid).ok_or(StockRefusal::ValueTooLarge)?;
        for line in &posting.lines {
            let kind = self.places.by_id(Uuid::from_u128(line.location.0)).expect("lines name the shop's places").kind;
            shelf.apply(line, kind, out.occurred_at);
        }
        if shelf.last_occurred_at.is_some_and(|last| out.occurred_at < last) {
            let from = shelf.stale_from.map_or(out.occurred_at, |stale| stale.min(out.occurred_at));
            shelf.stale_from = Some(from);
        } else {
            shelf.last_occurred_at = Some(out.occurred_at);
        }
        shelf.worth = worth;
        shelf.changed = true;
        let posted = Posted {
            id,
            sequence: 0,
            product,
            kind: out.kind,
            quantity: out.quantity,
            effects: posting
                .effects
                .iter()
                .map(|effect| (Uuid::from_u128(effect.location.0), effect.before, effect.after))
                .collect(),
            flags: posting.flags.iter().map(|flag| flag.code()).collect(),
        };
        let change = Change {
            actor: &self.actor,
            channel: self.channel,
            recorded_at: self.recorded_at,
            places: &self.places,
            shelf,
            posting: &posting,
            posted: &posted,
            delta,
            moved,
        };
        self.pending.add(out, &change);
        self.posted.push(posted.clone());
        Ok(posted)
    }

    pub(super) fn name(&self, product: Uuid, refusal: gondola_ledger::Refusal) -> StockRefusal {
        use gondola_ledger::Refusal as R;
        let place = match refusal {
            R::SameLocation { location }
            | R::InsufficientStock { location, .. }
            | R::LotInsufficient { location, .. }
            | R::BackdatedWouldGoNegative { location, .. }
            | R::UnknownLocation { location } => self.places.name(Uuid::from_u128(location.0)),
            _ => String::new(),
        };
        let shelf = &self.shelves[&product];
        StockRefusal::Ledger { refusal, sku: shelf.sku.clone(), place, unit: shelf.unit }
    }

    /// Writes everything and answers what was posted, in order, with its sequence.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close(mut self, tx: &mut Tx<'_>) -> Result<Vec<Posted>, StoreError> {
        self.store(tx).await?;
        Ok(self.posted)
    }

    /// As [`Book::close`], with the answers people get.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close_with_receipts(mut self, tx: &mut Tx<'_>) -> Result<Vec<Receipt>, StoreError> {
        self.store(tx).await?;
        let receipt = |posted: &Posted| Receipt::new(posted, &self.shelves[&posted.product], &self.places, self.cx.now);
        Ok(self.posted.iter().map(receipt).collect())
    }

    /// Lots that stored lines name and no balance shows any more.
    pub(super) fn know_lots(&mut self, product: Uuid, lines: Vec<LineRow>) {
        let Some(shelf) = self.shelves.get_mut(&product) else { return };
        for line in lines {
            let lot = Lot { code: line.code, expires_on: line.expires_on, received_at: line.received_at };
            shelf.lots.entry(line.lot_id).or_insert(lot);
        }
    }

    async fn store(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let sequences = self.pending.write(tx, &mut self.shelves).await?;
        for (sequence, posted) in sequences.into_iter().zip(&mut self.posted) {
            posted.sequence = sequence;
        }
        super::worth::rebuild(tx, &mut self.shelves).await?;
        let rows: Vec<_> = self
            .shelves
            .values_mut()
            .filter(|shelf| shelf.changed)
            .map(|shelf| super::write::head_row(self.cx, shelf, self.month))
            .collect::<Result<_, _>>()?;
        insert_all(tx, sql::PUT_HEADS, &rows).await
    }
}

/// The listed waste reason in a movement's free text, if it is one.
fn waste_reason(movement: &Movement) -> Option<&'static str> {
    let recognised = (movement.kind == MovementKind::Waste).then(|| WasteReason::recognise(&movement.reason));
    recognised.flatten().map(WasteReason::code)
}

/// Locks products' stock until the end of the transaction: the one lock of their balances, lots,
/// promises, worth, and of what decides about their movements (in use, unit). Read those only
/// after it.
///
/// # Errors
/// [`StoreError`].
pub async fn lock_heads(tx: &mut Tx<'_>, products: &[Uuid]) -> Result<(), StoreError> {
    if !products.is_empty() {
        lock(tx, &id_list(products), "[]").await?;
    }
    Ok(())
}

/// Locks products given as lists of ids and of SKUs; answers which, where there is something to lock: on
/// SQLite whoever writes holds the whole file.
async fn lock(tx: &mut Tx<'_>, ids: &str, skus: &str) -> Result<Option<Vec<Uuid>>, StoreError> {
    let Tx::Postgres(c) = tx else { return Ok(None) };
    let statement = sqlx::query_scalar(sql::LOCK_HEADS.text(Engine::Postgres)).bind(ids).bind(skus);
    Ok(Some(statement.fetch_all(&mut **c).await?))
}
