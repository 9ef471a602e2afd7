//! What the shop is to the tax office, from which day on. A table and not the settings file: it changes the meaning of
//! every cost on a day, the owner says so in the product, and what was said before stays. With a change of status the costs
//! that are known follow, where the owner wants it: a price is judged by what a cost is to the shop as it is now.

use std::convert::Infallible;

use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{Actor, At, Command, Context, Db, Fail, Permission, StoreError, Tx, both, expect_rows};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::sql;
use crate::kernel::time::{Day, format_day};

/// The statuses by their codes.
pub(super) const STATUSES: [(&str, TaxStatus); 2] =
    [("monotributo", TaxStatus::Monotributo), ("registered_vat", TaxStatus::RegisteredVat)];

/// The status of that code.
pub(super) fn parse_status(code: &str) -> Option<TaxStatus> {
    STATUSES.into_iter().find(|(known, _)| *known == code).map(|(_, status)| status)
}

/// The code of a status.
pub(super) fn code_of(status: TaxStatus) -> &'static str {
    match status {
        TaxStatus::Monotributo => "monotributo",
        TaxStatus::RegisteredVat => "registered_vat",
    }
}

/// What the shop is on a day; a monotributista until somebody says otherwise, because that hides no tax in a margin.
///
/// # Errors
/// [`StoreError`].
pub async fn status_on(tx: &mut Tx<'_>, day: Day) -> Result<TaxStatus, StoreError> {
    let code: Option<String> = both!(tx, c, text => sqlx::query_scalar(text(sql::FIND_TAX_STATUS)).bind(day)
        .fetch_optional(c).await?);
    let Some(code) = code else { return Ok(TaxStatus::Monotributo) };
    parse_status(&code).ok_or_else(|| StoreError::corrupt("tax_statuses", "status", day, &code))
}

/// What the shop is from a day on.
#[derive(Debug, Clone, FromRow, Serialize, Deserialize)]
pub struct DatedStatus {
    /// From which day.
    pub valid_from: Day,
    /// What.
    pub status: String,
    /// Who said so.
    pub set_by: String,
    /// When.
    pub set_at: At,
    /// Whether the costs that are known then are told anew: without their VAT, or with it.
    pub costs_follow: bool,
    /// When that was done.
    pub costs_followed_at: Option<At>,
}

/// Says what the shop is from a day on.
pub struct SetTaxStatus {
    /// What it is.
    pub status: TaxStatus,
    /// From which day.
    pub valid_from: Day,
    /// Whether the costs that are known then are told anew.
    pub costs_follow: bool,
}

impl Command for SetTaxStatus {
    const NAME: &'static str = "prices.set_tax_status";
    type Out = DatedStatus;
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    fn subject(&self) -> String {
        format!("{} {}", code_of(self.status), format_day(self.valid_from))
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<DatedStatus, Fail<Infallible>> {
        let today = cx.day_of(cx.now);
        let before = status_on(tx, today).await?;
        let has_begun = self.valid_from <= today;
        let said = DatedStatus {
            valid_from: self.valid_from,
            status: code_of(self.status).to_owned(),
            set_by: cx.actor.name.clone(),
            set_at: cx.now,
            costs_follow: self.costs_follow,
            costs_followed_at: (self.costs_follow && has_begun).then_some(cx.now),
        };
        let put = both!(&mut *tx, c, text => sqlx::query(text(sql::PUT_TAX_STATUS)).bind(cx.new_id())
            .bind(said.valid_from).bind(&said.status).bind(&said.set_by).bind(said.set_at).bind(said.costs_follow)
            .bind(said.costs_followed_at).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_TAX_STATUS, 1, put)?;
        let now = status_on(tx, today).await?;
        if self.costs_follow && now != before {
            follow(tx, cx, now).await?;
        }
        Ok(said)
    }
}

/// Tells every cost that is known as one to a shop of that status, by the product's VAT: what it takes to buy again, what
/// prices were built on, what suppliers ask for and what was agreed with them. What a supplier bills without VAT that could
/// be taken off stays as it is. History stays too: what was paid is what was paid.
async fn follow(tx: &mut Tx<'_>, cx: &Context, status: TaxStatus) -> Result<(), StoreError> {
    let takes_off = status == TaxStatus::RegisteredVat;
    let others = [sql::FOLLOW_BUILT_ON, sql::FOLLOW_LAST_COSTS, sql::FOLLOW_LISTS, sql::FOLLOW_ORDERS];
    for statement in others {
        both!(&mut *tx, c, text => sqlx::query(text(statement)).bind(takes_off).execute(c).await.map(drop)?);
    }
    both!(&mut *tx, c, text => sqlx::query(text(sql::FOLLOW_REPLACEMENT)).bind(takes_off).bind(cx.now)
        .execute(c).await.map(drop)?);
    Ok(())
}

/// Costs follow a status whose day has come.
struct FollowTaxStatus {
    valid_from: Day,
}

impl Command for FollowTaxStatus {
    const NAME: &'static str = "prices.follow_tax_status";
    type Out = ();
    type Refusal = Infallible;

    fn permission(&self) -> Permission {
        Permission::ManageSettings
    }

    fn subject(&self) -> String {
        format_day(self.valid_from)
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<(), Fail<Infallible>> {
        let marked = both!(&mut *tx, c, text => sqlx::query(text(sql::MARK_FOLLOWED)).bind(self.valid_from).bind(cx.now)
            .execute(c).await?.rows_affected());
        let before = status_on(tx, self.valid_from.saturating_sub(1)).await?;
        let now = status_on(tx, self.valid_from).await?;
        if marked == 1 && now != before {
            follow(tx, cx, now).await?;
        }
        Ok(())
    }
}

/// Lets costs follow each status whose day has come, in the order of those days. The worker asks every minute.
///
/// # Errors
/// [`StoreError`]; what followed stays so.
pub async fn follow_due(db: &Db, actor: &Actor, today: Day) -> Result<(), StoreError> {
    let due: Vec<Day> = {
        let mut rx = db.read().await?;
        both!(&mut rx.as_tx(), c, text => sqlx::query_scalar(text(sql::DUE_STATUSES)).bind(today).fetch_all(c).await?)
    };
    for valid_from in due {
        if let Err(Fail::Failed(error)) = db.execute(actor, None, FollowTaxStatus { valid_from }).await {
            return Err(error);
        }
    }
    Ok(())
}
