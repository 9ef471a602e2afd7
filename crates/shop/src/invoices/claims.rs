//! What a supplier owes the shop because of an invoice ends when a credit note or the missing goods come, or when the shop
//! lets it go.

use gondola_store::{Command, Context, Fail, Permission, StoreError, Tx, both};
use uuid::Uuid;

use super::queries::Claim;
use super::refusal::InvoiceRefusal;
use super::sql;

/// How a claim ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimState {
    /// Nothing came of it yet.
    Open,
    /// The supplier made it good.
    Settled,
    /// The shop let it go.
    Dropped,
}

impl ClaimState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Settled, Self::Dropped];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Settled => "settled",
            Self::Dropped => "dropped",
        }
    }

    /// The one with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Ends a claim.
pub struct EndClaim {
    /// Which one.
    pub id: Uuid,
    /// How.
    pub state: ClaimState,
    /// By which credit note, or why.
    pub reason: String,
}

impl Command for EndClaim {
    const NAME: &'static str = "invoices.end_claim";
    type Out = Claim;
    type Refusal = InvoiceRefusal;

    fn subject(&self) -> String {
        self.id.to_string()
    }

    fn permission(&self) -> Permission {
        Permission::EditInvoices
    }

    async fn run(&self, tx: &mut Tx<'_>, cx: &Context) -> Result<Claim, Fail<InvoiceRefusal>> {
        cx.because(self.reason.as_str());
        let before = find_claim(tx, self.id).await?.ok_or(Fail::Refused(InvoiceRefusal::UnknownClaim))?;
        cx.changes(&before);
        let ended = both!(&mut *tx, c, text => sqlx::query(text(sql::END_CLAIM))
            .bind(self.id).bind(self.state.code()).bind(&cx.actor.name).bind(cx.now).bind(&self.reason)
            .execute(c).await?.rows_affected());
        if ended == 0 {
            return Err(Fail::Refused(InvoiceRefusal::ClaimEnded));
        }
        let found = find_claim(tx, self.id).await?;
        Ok(found.ok_or_else(|| StoreError::corrupt("supplier_claims", "id", self.id, "it was just written"))?)
    }
}

async fn find_claim(tx: &mut Tx<'_>, id: Uuid) -> Result<Option<Claim>, StoreError> {
    Ok(both!(tx, c, text => sqlx::query_as(text(sql::FIND_CLAIM)).bind(id).fetch_optional(c).await?))
}
