//! What somebody wants moved, parsed but not yet judged: the one shape that the API, the pages,
//! imports, counts and transfers all hand to the book.

use gondola_ledger::{Channel, MovementKind, Qty, UnitCost};
use gondola_store::{ActorKind, At, Context, Permission};
use uuid::Uuid;

use crate::kernel::text::Sku;
use crate::kernel::time::Day;

/// Characters of a reason.
pub const REASON_MIN: usize = 3;
/// Characters of a reason at most.
pub const REASON_MAX: usize = 200;
/// Characters of a document reference at most.
pub const DOCUMENT_MAX: usize = 100;
/// Characters of what names a product at most.
const REFERENCE_MAX: usize = 64;
/// Characters of an id.
const ID_LEN: usize = 36;
/// Characters of a lot code at most.
pub const LOT_CODE_MAX: usize = 60;
/// Characters of a unit, which may be the name of a presentation.
pub const UNIT_MAX: usize = 80;

/// A product as people name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProductRef {
    /// By id.
    Id(Uuid),
    /// By SKU (`sku:QUE-CREMOSO`).
    Sku(String),
}

impl ProductRef {
    /// `sku:SKU` or an id.
    pub fn parse(text: &str) -> Option<Self> {
        if text.chars().count() > REFERENCE_MAX {
            return None;
        }
        match text.strip_prefix("sku:") {
            Some(sku) => Sku::parse(sku).ok().map(|sku| Self::Sku(sku.to_string())),
            // In its usual form alone: the library knows others, which nobody is told of.
            None => Uuid::try_parse(text).ok().filter(|_| text.len() == ID_LEN).map(Self::Id),
        }
    }
}

impl std::fmt::Display for ProductRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Sku(sku) => write!(f, "sku:{sku}"),
        }
    }
}

/// A lot as people name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotRef {
    /// Its code; empty for goods told apart by their date only.
    pub code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
}

impl LotRef {
    /// Goods that nobody tells apart.
    pub const fn plain() -> Self {
        Self { code: String::new(), expires_on: None }
    }

    /// Whether nobody tells these goods apart.
    pub fn is_plain(&self) -> bool {
        self.code.is_empty() && self.expires_on.is_none()
    }
}

/// One movement to post.
#[derive(Debug, Clone)]
pub struct Movement {
    /// What happens.
    pub kind: MovementKind,
    /// Of what.
    pub product: ProductRef,
    /// How much, in `unit`; more than zero.
    pub quantity: Qty,
    /// A base unit or one of the product's presentations; the product's unit when absent.
    pub unit: Option<String>,
    /// Code of the place it leaves.
    pub from: Option<String>,
    /// Code of the place it reaches.
    pub to: Option<String>,
    /// The lot; first expiring when absent.
    pub lot: Option<LotRef>,
    /// What one `unit` cost; only for what comes in.
    pub unit_cost: Option<UnitCost>,
    /// Why.
    pub reason: String,
    /// Whose paper it goes with.
    pub document: Option<String>,
    /// When it happened; now when absent.
    pub occurred_at: Option<At>,
}

/// What a movement belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// `transfer`, `count`, `reservation`, `import`, `product` or `goods_receipt`.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
}

/// The right needed to post a kind.
pub fn permission_for(kind: MovementKind) -> Permission {
    match kind {
        MovementKind::Receipt | MovementKind::Opening | MovementKind::SupplierReturn => Permission::Receive,
        MovementKind::Transfer => Permission::MoveStock,
        MovementKind::Issue | MovementKind::OwnUse => Permission::TakeOut,
        MovementKind::Sale | MovementKind::CustomerReturn => Permission::Sell,
        MovementKind::Waste => Permission::Waste,
        MovementKind::Adjustment => Permission::Adjust,
        MovementKind::Count => Permission::Count,
    }
}

/// The channel an actor's own movements come by. The till and imports name theirs themselves.
pub fn channel_of(cx: &Context) -> Channel {
    match cx.actor.kind {
        ActorKind::User(_) | ActorKind::Arriving(_) => Channel::Counter,
        ActorKind::Key(_) | ActorKind::Anonymous => Channel::Api,
        ActorKind::System => Channel::Job,
    }
}
