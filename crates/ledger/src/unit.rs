//! Law: **six units, and only two pairs of them convert by nature.** Everything else (boxes, crates, pounds) is a product's
//! or a supplier's own `Factor`.

/// The base unit of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    /// Whole units.
    Un,
    /// Kilograms.
    Kg,
    /// Grams.
    G,
    /// Litres.
    L,
    /// Millilitres.
    Ml,
    /// Metres.
    M,
}

impl Unit {
    /// All units, in the order they are offered.
    pub const ALL: [Self; 6] = [Self::Un, Self::Kg, Self::G, Self::L, Self::Ml, Self::M];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Un => "un",
            Self::Kg => "kg",
            Self::G => "g",
            Self::L => "l",
            Self::Ml => "ml",
            Self::M => "m",
        }
    }

    /// The unit of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.code() == code)
    }

    /// Decimal places a quantity of it has.
    pub const fn places(self) -> u32 {
        match self {
            Self::Un => 0,
            Self::Kg | Self::G | Self::L | Self::Ml | Self::M => crate::qty::PLACES,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::factor::Factor;
    use crate::qty::Qty;

    #[test]
    fn every_unit_is_found_by_its_own_code() {
        for unit in Unit::ALL {
            assert_eq!(Unit::from_code(unit.code()), Some(unit));
        }
        for strange in ["", "KG", "lb", "unidad"] {
            assert_eq!(Unit::from_code(strange), None);
        }
    }

    #[test]
    fn grams_and_kilograms_convert_both_ways_and_litres_never_weigh() {
        let grams = Factor::between(Unit::Kg, Unit::G).unwrap().apply(Qty::new(1_250));
        assert_eq!(grams, Ok(Qty::new(1_250_000)));
        assert_eq!(Factor::between(Unit::Ml, Unit::L).unwrap().apply(Qty::new(473_000)), Ok(Qty::new(473)));
        assert_eq!(Factor::between(Unit::M, Unit::M), Some(Factor::ONE));
        for (from, to) in [(Unit::Kg, Unit::L), (Unit::Un, Unit::Kg), (Unit::M, Unit::Un), (Unit::G, Unit::Ml)] {
            assert_eq!(Factor::between(from, to), None);
        }
    }
}
