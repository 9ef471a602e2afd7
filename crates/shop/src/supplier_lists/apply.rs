//! A list counts: what it takes to buy its ticked products again is what it says, all of them at once. And it is taken back
//! whole: each product gets what it had, but for those that somebody said otherwise since.

use gondola_ledger::Day as LedgerDay;
use gondola_pricing::unit_cost::check_validity;
use gondola_store::{At, Command, Context, Fail, Permission, Tx, both, expect_rows};
use uuid::Uuid;

use super::change::supplier_of;
use super::queries::{self, PriceList, StoredLine, stored};
use super::refusal::ListRefusal;
use super::rows::{Locked, lock};
use super::sql;
use crate::invoices::{WrittenLine, learn_codes};

/// Products that a refusal names at most.
const NAMED_MAX: i64 = 10;

/// Applies a list.
#[derive(Debug, Clone)]
pub struct ApplyList {
    /// Which one.
    pub id: Uuid,
    /// The version that was read.
    pub version: i64,
}

impl Command for ApplyList {
    const NAME: &'static str = "price_lists.apply";
    type Out = PriceList;
    type Refusal = ListRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    fn also_needs(&self) -> Vec<Permission> {
        vec![Permission::EditPrices]
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<PriceList, Fail<ListRefusal>> {
        let locked = lock(tx, (self.id, Some(self.version)), "draft").await?;
        self.refuse_outside_its_days(tx, cx, &locked).await?;
        let chosen = queries::chosen(tx, self.id).await?;
        if chosen.is_empty() {
            return Err(Fail::Refused(ListRefusal::NothingChosen));
        }
        let skus: Vec<String> = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::REPEATED)).bind(self.id)
            .bind(NAMED_MAX).fetch_all(c).await?);
        if !skus.is_empty() {
            return Err(Fail::Refused(ListRefusal::SameProduct { skus }));
        }
        let many = chosen.len() as u64;
        let kept = both!(&mut *tx, c, text => sqlx::query(text(sql::KEEP_COSTS)).bind(self.id)
            .execute(c).await?.rows_affected());
        expect_rows(sql::KEEP_COSTS, many, kept)?;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_COSTS)).bind(self.id).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::PUT_COSTS, many, put)?;
        let written: Vec<WrittenLine> = chosen.iter().map(StoredLine::written).collect();
        learn_codes(tx, locked.supplier_id, &written).await?;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_APPLIED)).bind(self.id).bind(&cx.actor.name)
            .bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_APPLIED, 1, put)?;
        Ok(stored(tx, self.id).await?)
    }
}

impl ApplyList {
    /// A list counts from its first day to its last one, both included, by the shop's own days.
    async fn refuse_outside_its_days(
        &self,
        tx: &mut Tx<'_>,
        cx: &Context,
        list: &Locked,
    ) -> Result<(), Fail<ListRefusal>> {
        let today = cx.day_of(cx.now);
        if let Some(valid_to) = list.valid_to
            && check_validity(Some(LedgerDay(valid_to)), LedgerDay(today)).is_err()
        {
            let supplier = supplier_of(tx, list).await?.name;
            return Err(Fail::Refused(ListRefusal::Expired { valid_to, supplier }));
        }
        if today < list.valid_from {
            return Err(Fail::Refused(ListRefusal::NotYet { valid_from: list.valid_from }));
        }
        Ok(())
    }
}

/// Takes a list back that was applied.
#[derive(Debug, Clone)]
pub struct ReverseList {
    /// Which one.
    pub id: Uuid,
    /// Why.
    pub reason: String,
}

impl Command for ReverseList {
    const NAME: &'static str = "price_lists.reverse";
    type Out = PriceList;
    type Refusal = ListRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    fn also_needs(&self) -> Vec<Permission> {
        vec![Permission::EditPrices]
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<PriceList, Fail<ListRefusal>> {
        lock(tx, (self.id, None), "applied").await?;
        cx.because(self.reason.as_str());
        let applied_at: At = both!(&mut *tx, c, text => sqlx::query_scalar(text(sql::APPLIED_AT)).bind(self.id)
            .fetch_one(c).await?);
        both!(&mut *tx, c, text => sqlx::query(text(sql::SKIP_CHANGED)).bind(self.id).bind(applied_at)
            .execute(c).await.map(drop)?);
        let restored = both!(&mut *tx, c, text => sqlx::query(text(sql::RESTORE_COSTS)).bind(self.id).bind(cx.now)
            .execute(c).await?.rows_affected());
        let marked = both!(&mut *tx, c, text => sqlx::query(text(sql::MARK_REVERSED)).bind(self.id)
            .execute(c).await?.rows_affected());
        expect_rows(sql::MARK_REVERSED, restored, marked)?;
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_REVERSED)).bind(self.id).bind(&cx.actor.name)
            .bind(cx.now).bind(&self.reason).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_REVERSED, 1, put)?;
        Ok(stored(tx, self.id).await?)
    }
}
