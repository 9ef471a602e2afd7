//! What the shop is to the tax office, from which day on. A table and not the settings file: it changes the meaning of
//! every cost on a day, the owner says so in the product, and what was said before stays.

use std::convert::Infallible;

use gondola_pricing::unit_cost::TaxStatus;
use gondola_store::{At, Command, Context, Fail, Permission, StoreError, Tx, both, expect_rows};
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
}

/// Says what the shop is from a day on.
pub struct SetTaxStatus {
    /// What it is.
    pub status: TaxStatus,
    /// From which day.
    pub valid_from: Day,
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
        let said = DatedStatus {
            valid_from: self.valid_from,
            status: code_of(self.status).to_owned(),
            set_by: cx.actor.name.clone(),
            set_at: cx.now,
        };
        let put = both!(tx, c, text => sqlx::query(text(sql::PUT_TAX_STATUS)).bind(cx.new_id()).bind(said.valid_from)
            .bind(&said.status).bind(&said.set_by).bind(said.set_at).execute(c).await?.rows_affected());
        expect_rows(sql::PUT_TAX_STATUS, 1, put)?;
        Ok(said)
    }
}
