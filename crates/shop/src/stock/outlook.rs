//! What a movement would come to, told by a book before anything is posted: how much of the product's own unit it is, what
//! there is where it leaves, and what such a movement usually is. Whether it may be posted is the ledger's to say.

use gondola_ledger::{MovementKind, Qty, Unit};
use gondola_store::{Fail, StoreError, Tx, both};
use uuid::Uuid;

use super::book::Book;
use super::lookup::Mention;
use super::movement::{Movement, ProductRef};
use super::refusal::StockRefusal;
use super::sql;
use crate::kernel::text::fold;

/// Movements that tell what is usual, the latest.
const USUAL_OF: i64 = 20;
/// Fewer movements tell nothing.
const USUAL_MIN: usize = 3;

/// What a movement would come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlook {
    /// How much, in the product's unit.
    pub quantity: Qty,
    /// What there is where it leaves; nothing when goods come in.
    pub on_hand: Option<Qty>,
    /// The middle one of its latest movements of this kind, when there are enough.
    pub usual: Option<Qty>,
}

impl Book<'_> {
    /// The unit that somebody means by a word: one that converts, a pack of exactly that name, or the only pack whose name
    /// begins with it, as `Cajón x12` does with "cajón".
    ///
    /// # Errors
    /// [`StockRefusal::UnknownProduct`], or the database's failure.
    pub async fn unit_called(
        &mut self,
        tx: &mut Tx<'_>,
        product: &ProductRef,
        said: &str,
    ) -> Result<Option<String>, Fail<StockRefusal>> {
        self.look_up(tx, &[Mention::of(product, Some(said))]).await?;
        let shelf = self.shelf(product).map_err(Fail::Refused)?;
        let Some(packs) = shelf.packs.as_ref().filter(|packs| !packs.contains_key(said)) else {
            return Ok(Some(said.to_owned()));
        };
        let wanted = fold(said);
        let begins = |name: &&String| fold(name).split(' ').next() == Some(wanted.as_str());
        let mut meant = packs.keys().filter(begins);
        Ok(meant.next().filter(|_| meant.next().is_none()).cloned())
    }

    /// A locked product and how much of its own unit a quantity is.
    ///
    /// # Errors
    /// [`StockRefusal`], or the database's failure.
    pub async fn amount(
        &mut self,
        tx: &mut Tx<'_>,
        product: &ProductRef,
        quantity: Qty,
        unit: Option<&str>,
    ) -> Result<(Uuid, Qty), Fail<StockRefusal>> {
        self.look_up(tx, &[Mention::of(product, unit)]).await?;
        let id = self.shelf(product).map_err(Fail::Refused)?.id;
        let (base, _) = self.measure(id, quantity, unit).map_err(Fail::Refused)?;
        Ok((id, base))
    }

    /// The unit of a locked product.
    ///
    /// # Errors
    /// [`StockRefusal::UnknownProduct`].
    pub fn unit_of(&self, product: &ProductRef) -> Result<Unit, StockRefusal> {
        self.shelf(product).map(|shelf| shelf.unit)
    }

    /// What a movement would come to.
    ///
    /// # Errors
    /// [`StockRefusal`] when its words mean nothing here, or the database's failure.
    pub async fn outlook(&mut self, tx: &mut Tx<'_>, movement: &Movement) -> Result<Outlook, Fail<StockRefusal>> {
        self.look_up(tx, &[Mention::from(movement)]).await?;
        let named = self.named(movement, None)?;
        let shelf = self.shelf(&movement.product).map_err(Fail::Refused)?;
        if !shelf.active {
            return Err(Fail::Refused(StockRefusal::InactiveProduct(shelf.sku.clone())));
        }
        let on_hand = named.from.1.is_real().then(|| shelf.on_hand_at(named.from.0));
        let usual = usual(tx, named.product, movement.kind).await?;
        Ok(Outlook { quantity: named.entered.base, on_hand, usual })
    }
}

async fn usual(tx: &mut Tx<'_>, product: Uuid, kind: MovementKind) -> Result<Option<Qty>, StoreError> {
    let mut latest: Vec<i64> = both!(tx, c, text => sqlx::query_scalar(text(sql::LATEST_QUANTITIES))
        .bind(product).bind(kind.code()).bind(USUAL_OF).fetch_all(c).await?);
    latest.sort_unstable();
    let is_enough = latest.len() >= USUAL_MIN;
    Ok(latest.get(latest.len() / 2).filter(|_| is_enough).map(|&quantity| Qty::new(quantity)))
}
