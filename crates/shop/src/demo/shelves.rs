//! What the made-up shop holds while its days go by: per product, place and lot, in thousandths. It keeps the promise of the
//! whole plan: nothing leaves a place that does not hold it, but for what a till overdraws on purpose. Not here: why things move.

use gondola_ledger::Day;

use super::plan::{LotPlan, Place};

/// So much of one lot, or of goods without lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Held {
    pub lot: Option<LotPlan>,
    pub quantity: i64,
}

/// The stock of one product.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Shelf {
    deposito: Vec<Held>,
    local: Vec<Held>,
}

impl Shelf {
    /// Everything in a place, expired lots too.
    pub fn on_hand(&self, place: Place) -> i64 {
        self.lots(place).iter().map(|held| held.quantity).sum()
    }

    /// Everything in both places.
    pub fn total(&self) -> i64 {
        Place::ALL.into_iter().map(|place| self.on_hand(place)).sum()
    }

    /// What a place can still sell or send on `day`.
    pub fn sellable(&self, place: Place, day: Day) -> i64 {
        self.lots(place).iter().filter(|held| is_good(held, day)).map(|held| held.quantity).sum()
    }

    /// What a place holds, lot by lot, first to expire first.
    pub fn lots(&self, place: Place) -> &[Held] {
        match place {
            Place::Deposito => &self.deposito,
            Place::Local => &self.local,
        }
    }

    /// Puts goods into a place.
    pub fn put(&mut self, place: Place, held: Held) {
        let lots = self.lots_mut(place);
        match lots.iter_mut().find(|other| other.lot == held.lot) {
            Some(other) => other.quantity += held.quantity,
            None => lots.push(held),
        }
        lots.retain(|held| held.quantity != 0);
        lots.sort_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Takes up to `quantity` of what is good on `day`, first to expire first; answers what it took, lot by lot.
    pub fn take(&mut self, place: Place, quantity: i64, day: Day) -> Vec<Held> {
        let mut rest = quantity;
        let mut taken = Vec::new();
        for held in self.lots_mut(place).iter_mut().filter(|held| is_good(held, day)) {
            let part = held.quantity.min(rest);
            if part > 0 {
                held.quantity -= part;
                rest -= part;
                taken.push(Held { lot: held.lot.clone(), quantity: part });
            }
        }
        self.lots_mut(place).retain(|held| held.quantity != 0);
        taken
    }

    /// Takes from one lot what the caller has seen there.
    pub fn take_lot(&mut self, place: Place, held: &Held) {
        self.put(place, Held { lot: held.lot.clone(), quantity: -held.quantity });
    }

    /// A till sells what the shop believes it has not: goods without a lot fall below zero.
    pub fn overdraw(&mut self, place: Place, quantity: i64) {
        self.put(place, Held { lot: None, quantity: -quantity });
    }

    fn lots_mut(&mut self, place: Place) -> &mut Vec<Held> {
        match place {
            Place::Deposito => &mut self.deposito,
            Place::Local => &mut self.local,
        }
    }
}

fn is_good(held: &Held, day: Day) -> bool {
    held.quantity > 0 && held.lot.as_ref().is_none_or(|lot| lot.expires_on >= day)
}

/// Lots with a date go before goods without.
fn key(held: &Held) -> (bool, Option<(Day, &str)>) {
    (held.lot.is_none(), held.lot.as_ref().map(|lot| (lot.expires_on, lot.code.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(expires_on: Option<i32>, quantity: i64) -> Held {
        let lot = expires_on.map(|day| LotPlan { code: format!("L{day}"), expires_on: Day(day) });
        Held { lot, quantity }
    }

    #[test]
    fn the_first_to_expire_leaves_first_and_the_expired_stays() {
        let mut shelf = Shelf::default();
        for lot in [held(Some(30), 5), held(Some(20), 5), held(Some(9), 5)] {
            shelf.put(Place::Local, lot);
        }
        assert_eq!(shelf.take(Place::Local, 7, Day(10)), [held(Some(20), 5), held(Some(30), 2)]);
        assert_eq!(shelf.sellable(Place::Local, Day(10)), 3);
        assert_eq!(shelf.on_hand(Place::Local), 8);
        assert_eq!(shelf.take(Place::Local, 99, Day(10)), [held(Some(30), 3)]);
    }

    #[test]
    fn an_overdrawn_shelf_recovers_with_the_next_goods() {
        let mut shelf = Shelf::default();
        shelf.overdraw(Place::Local, 2);
        assert_eq!(shelf.total(), -2);
        shelf.put(Place::Local, held(None, 5));
        assert_eq!((shelf.on_hand(Place::Local), shelf.on_hand(Place::Deposito)), (3, 0));
        shelf.take_lot(Place::Local, &held(None, 3));
        assert!(shelf.lots(Place::Local).is_empty());
    }
}
