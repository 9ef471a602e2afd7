//! What the demo shop knows of its twelve suppliers besides what every shop gets (`suppliers::shipped`): on which days they
//! come, from which minimum, on which terms. CUITs only where the domain has a valid one.

use gondola_ledger::Money;

use crate::suppliers::{ContactEdit, SupplierEdit, Weekdays};

/// A supplier of the demo shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupplierPlan {
    /// The shop's code for it, such as `LS`.
    pub code: &'static str,
    /// Trade name, as every shop gets it.
    pub name: &'static str,
    /// CUIT with its dashes, when known.
    pub tax_id: Option<&'static str>,
    /// Days its truck comes, 0 for Monday.
    pub delivery_weekdays: &'static [usize],
    /// Days between order and delivery.
    pub lead_days: i32,
    /// Last hour to order for the next delivery.
    pub cut_off_hour: u8,
    /// Smallest order it delivers.
    pub minimum_order: Money,
    /// Days to pay.
    pub payment_days: i32,
}

impl SupplierPlan {
    /// The same as a change to the supplier that every shop gets.
    pub(super) fn edit(&self) -> SupplierEdit {
        let tax_id = self.tax_id.map(|text| Some(text.replace('-', "")));
        SupplierEdit {
            delivery_days: Some(Weekdays::of(self.delivery_weekdays.iter().copied())),
            lead_days: Some(Some(i64::from(self.lead_days))),
            cut_off_minutes: Some(Some(i64::from(self.cut_off_hour) * 60)),
            minimum_order: Some(self.minimum_order),
            payment_days: Some(i64::from(self.payment_days)),
            contact: ContactEdit { tax_id, ..ContactEdit::default() },
            ..SupplierEdit::default()
        }
    }

    /// The longest wait between two deliveries, in days.
    pub fn delivery_gap_days(&self) -> i64 {
        let first = self.delivery_weekdays.first().map_or(0, |day| day + 7);
        let next = self.delivery_weekdays.iter().copied().skip(1).chain([first]);
        let gaps = self.delivery_weekdays.iter().zip(next).map(|(day, next)| next - day);
        gaps.max().map_or(7, |gap| i64::try_from(gap).expect("a week has seven days"))
    }
}

const NOBODY: SupplierPlan = SupplierPlan {
    code: "",
    name: "",
    tax_id: None,
    delivery_weekdays: &[],
    lead_days: 2,
    cut_off_hour: 19,
    minimum_order: Money::ZERO,
    payment_days: 15,
};

/// All twelve, in the domain's order.
pub const SUPPLIERS: [SupplierPlan; 12] = [
    SupplierPlan {
        code: "BC",
        name: "Bodega Cedeira",
        delivery_weekdays: &[1, 4],
        lead_days: 3,
        minimum_order: Money::new(20_000_000),
        ..NOBODY
    },
    SupplierPlan {
        code: "CO",
        name: "Coca-Cola FEMSA",
        delivery_weekdays: &[1, 4],
        minimum_order: Money::new(12_000_000),
        payment_days: 7,
        ..NOBODY
    },
    SupplierPlan {
        code: "Q",
        name: "Quilmes",
        delivery_weekdays: &[0, 3],
        minimum_order: Money::new(15_000_000),
        payment_days: 7,
        ..NOBODY
    },
    SupplierPlan {
        code: "FA",
        name: "Fargo",
        tax_id: Some("33-66641681-9"),
        delivery_weekdays: &[0, 2, 4],
        lead_days: 1,
        minimum_order: Money::new(8_000_000),
        ..NOBODY
    },
    SupplierPlan {
        code: "LS",
        name: "La Serenísima",
        delivery_weekdays: &[0, 2, 4],
        lead_days: 1,
        minimum_order: Money::new(6_000_000),
        payment_days: 7,
        ..NOBODY
    },
    SupplierPlan {
        code: "ACE",
        name: "AceituMar",
        tax_id: Some("30-71533519-7"),
        delivery_weekdays: &[2],
        lead_days: 4,
        minimum_order: Money::new(10_000_000),
        payment_days: 30,
        ..NOBODY
    },
    SupplierPlan {
        code: "TER",
        name: "Terramare",
        delivery_weekdays: &[2],
        minimum_order: Money::new(9_000_000),
        ..NOBODY
    },
    SupplierPlan {
        code: "LV",
        name: "La Virginia",
        delivery_weekdays: &[3],
        lead_days: 3,
        minimum_order: Money::new(7_000_000),
        payment_days: 30,
        ..NOBODY
    },
    SupplierPlan {
        code: "FR",
        name: "Frutas y verduras",
        delivery_weekdays: &[0, 2, 4, 5],
        lead_days: 1,
        cut_off_hour: 21,
        payment_days: 0,
        ..NOBODY
    },
    SupplierPlan {
        code: "MU",
        name: "Multienvase",
        delivery_weekdays: &[4],
        lead_days: 3,
        minimum_order: Money::new(5_000_000),
        payment_days: 30,
        ..NOBODY
    },
    SupplierPlan {
        code: "GA",
        name: "La Galletera",
        tax_id: Some("30-70804363-6"),
        delivery_weekdays: &[1, 3, 5],
        lead_days: 1,
        minimum_order: Money::new(3_000_000),
        payment_days: 7,
        ..NOBODY
    },
    SupplierPlan {
        code: "MAX",
        name: "Maxiconsumo",
        delivery_weekdays: &[0, 3],
        lead_days: 1,
        minimum_order: Money::new(15_000_000),
        payment_days: 0,
        ..NOBODY
    },
];

/// The place of a supplier in [`SUPPLIERS`].
pub fn position(code: &str) -> Option<usize> {
    SUPPLIERS.iter().position(|supplier| supplier.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_twelve_have_their_codes_once_and_a_day_to_come() {
        let codes = SUPPLIERS.map(|supplier| supplier.code);
        assert_eq!(codes, ["BC", "CO", "Q", "FA", "LS", "ACE", "TER", "LV", "FR", "MU", "GA", "MAX"]);
        assert!(SUPPLIERS.iter().all(|supplier| (1..=7).contains(&supplier.delivery_gap_days())));
        assert!(SUPPLIERS.iter().all(|supplier| supplier.delivery_weekdays.is_sorted()));
    }

    #[test]
    fn the_wait_between_deliveries_goes_round_the_week() {
        let gap = |code| SUPPLIERS[position(code).unwrap()].delivery_gap_days();
        assert_eq!((gap("LV"), gap("MAX"), gap("FR")), (7, 4, 2));
    }

    /// `argentina.md`, CUIT: weights 5,4,3,2,7,6,5,4,3,2.
    #[test]
    fn every_cuit_has_its_right_digit() {
        for tax_id in SUPPLIERS.iter().filter_map(|supplier| supplier.tax_id) {
            let digits: Vec<u32> = tax_id.chars().filter_map(|digit| digit.to_digit(10)).collect();
            let sum: u32 =
                digits.iter().zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
            assert_eq!((11 - sum % 11) % 11, digits[10], "{tax_id}");
        }
    }
}
