//! Setting a rule of a sale list, and removing one. A rule that was set is never edited: what a list asked for on any day can
//! be told.

use gondola_ledger::Money;
use gondola_pricing::Rate;
use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
use uuid::Uuid;

use super::queries::{KeptRule, find};
use super::refusal::ListRuleRefusal;
use super::sql;
use crate::kernel::time::Day;
use crate::prices::LIST_WHOLESALE;

/// What a list asks for over GENERAL, from a day on.
#[derive(Debug, Clone, Copy)]
pub struct SetListRule {
    /// Of which list; not GENERAL.
    pub list: &'static str,
    /// So much more or less than GENERAL, -90 to 100 %, in hundredths of a percent.
    pub adjustment: Rate,
    /// The step of its prices; that of each product's category unless said.
    pub step: Option<Money>,
    /// The smallest margin it leaves; that of each product's category unless said, which is the owner's to say.
    pub minimum: Option<Rate>,
    /// The first day: today or later.
    pub valid_from: Day,
    /// The last day; until another rule begins unless said.
    pub valid_to: Option<Day>,
}

impl Command for SetListRule {
    const NAME: &'static str = "sale_lists.set_rule";
    type Out = KeptRule;
    type Refusal = ListRuleRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn also_needs(&self) -> Vec<Permission> {
        self.minimum.map(|_| Permission::OverridePrices).into_iter().collect()
    }

    fn subject(&self) -> String {
        self.list.to_owned()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<KeptRule, Fail<ListRuleRefusal>> {
        self.check(cx.day_of(cx.now)).map_err(Fail::Refused)?;
        let id = cx.new_id();
        let points = |rate: Rate| i64::from(rate.raw() / 100);
        let kept = both!(&mut *tx, c, text => sqlx::query(text(sql::INSERT_RULE)).bind(id).bind(self.list)
            .bind(points(self.adjustment)).bind(self.step.map(Money::raw)).bind(self.minimum.map(points))
            .bind(self.valid_from).bind(self.valid_to).bind(cx.actor.reference()).bind(&cx.actor.name).bind(cx.now)
            .execute(c).await?.rows_affected());
        expect_rows(sql::INSERT_RULE, 1, kept)?;
        Ok(stored(tx, id).await?)
    }
}

impl SetListRule {
    /// Whether it may be set on that day.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, today: Day) -> Result<(), ListRuleRefusal> {
        if self.list == LIST_WHOLESALE && self.adjustment > Rate::ZERO {
            return Err(ListRuleRefusal::WholesaleAbove);
        }
        if self.valid_from < today {
            return Err(ListRuleRefusal::Past);
        }
        if self.valid_to.is_some_and(|last| last < self.valid_from) {
            return Err(ListRuleRefusal::EndsBefore);
        }
        Ok(())
    }
}

async fn stored(tx: &mut Tx<'_>, id: Uuid) -> Result<KeptRule, StoreError> {
    find(tx, id).await?.ok_or_else(|| StoreError::corrupt("sale_list_rules", "id", id, "it was just written"))
}

/// Removes a rule from now on: the one that began before it holds again, or none does.
#[derive(Debug, Clone, Copy)]
pub struct RemoveListRule {
    /// Which one.
    pub id: Uuid,
}

impl Command for RemoveListRule {
    const NAME: &'static str = "sale_lists.remove_rule";
    type Out = KeptRule;
    type Refusal = ListRuleRefusal;

    fn permission(&self) -> Permission {
        Permission::EditPrices
    }

    fn subject(&self) -> String {
        self.id.to_string()
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<KeptRule, Fail<ListRuleRefusal>> {
        let before = find(tx, self.id).await?.filter(|rule| rule.removed_at.is_none());
        let before = before.ok_or(Fail::Refused(ListRuleRefusal::NotFound))?;
        cx.changes(&before);
        let removed = both!(&mut *tx, c, text => sqlx::query(text(sql::REMOVE_RULE)).bind(self.id).bind(&cx.actor.name)
            .bind(cx.now).execute(c).await?.rows_affected());
        expect_rows(sql::REMOVE_RULE, 1, removed)?;
        Ok(stored(tx, self.id).await?)
    }
}
