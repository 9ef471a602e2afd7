//! The units that people write, and sizes in their smallest measure.

use gondola_ledger::{Factor, Qty, Unit};

/// What a quantity is counted in, as it was said. Packs are not opened here: only a product's own factor does that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SaidUnit {
    /// Single units.
    Un,
    /// Paquete.
    Package,
    /// Pack.
    Pack,
    /// Caja.
    Box,
    /// Bolsa.
    Bag,
    /// Lata.
    Can,
    /// Botella.
    Bottle,
    /// Kilograms.
    Kg,
    /// Litres.
    L,
    /// Atado.
    Bunch,
    /// Bandeja.
    Tray,
    /// Sobre.
    Sachet,
    /// Bulto.
    Case,
    /// Cajón.
    Crate,
    /// Bidón.
    Drum,
}

/// Every unit with its code, its name in Spanish and the other ways to write it, folded and in the singular.
const UNITS: [(SaidUnit, &str, &str, &[&str]); 15] = [
    (SaidUnit::Un, "un", "un", &["unidad", "unidade", "u", "unid"]),
    (SaidUnit::Package, "package", "paquete", &["paq"]),
    (SaidUnit::Pack, "pack", "pack", &["sixpack"]),
    (SaidUnit::Box, "box", "caja", &[]),
    (SaidUnit::Bag, "bag", "bolsa", &[]),
    (SaidUnit::Can, "can", "lata", &["latita"]),
    (SaidUnit::Bottle, "bottle", "botella", &[]),
    (SaidUnit::Kg, "kg", "kg", &["kilo", "kilogramo", "k"]),
    (SaidUnit::L, "l", "litro", &["l", "lt"]),
    (SaidUnit::Bunch, "bunch", "atado", &[]),
    (SaidUnit::Tray, "tray", "bandeja", &[]),
    (SaidUnit::Sachet, "sachet", "sobre", &["sobrecito"]),
    (SaidUnit::Case, "case", "bulto", &[]),
    (SaidUnit::Crate, "crate", "cajón", &["cajon", "cajone"]),
    (SaidUnit::Drum, "drum", "bidón", &["bidon", "bidone"]),
];

impl SaidUnit {
    /// Stable name, as in the API.
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The unit of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        UNITS.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    /// The name on screens, in the singular.
    pub fn in_spanish(self) -> &'static str {
        self.row().2
    }

    /// Is it weighed or poured, so that it may have decimals?
    pub const fn is_measure(self) -> bool {
        matches!(self, Self::Kg | Self::L)
    }

    /// The unit that a folded word is.
    pub(super) fn of(word: &str) -> Option<Self> {
        let one = word.strip_suffix('s').filter(|one| !one.is_empty()).unwrap_or(word);
        let is_called = |name: &str| name == word || name == one;
        UNITS.iter().find(|row| is_called(row.2) || row.3.iter().any(|name| is_called(name))).map(|row| row.0)
    }

    fn row(self) -> &'static (Self, &'static str, &'static str, &'static [&'static str]) {
        UNITS.iter().find(|row| row.0 == self).expect("every unit has its row, as a test says")
    }
}

/// The measure that a folded word is.
pub(super) fn measure(word: &str) -> Option<Unit> {
    Some(match word {
        "kg" | "kgs" | "kilo" | "kilos" | "kilogramo" | "kilogramos" | "k" => Unit::Kg,
        "g" | "gr" | "grs" | "gramo" | "gramos" => Unit::G,
        "l" | "lt" | "lts" | "litro" | "litros" => Unit::L,
        "ml" | "cc" | "cm3" | "mililitros" => Unit::Ml,
        "m" | "mts" | "metro" | "metros" => Unit::M,
        _ => return None,
    })
}

/// What a package holds, in grams, millilitres or metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Size {
    amount: Qty,
    unit: Unit,
}

impl Size {
    /// From any measure; `None` for counts and what is beyond measure.
    pub fn new(amount: Qty, unit: Unit) -> Option<Self> {
        let unit_small = match unit {
            Unit::Kg | Unit::G => Unit::G,
            Unit::L | Unit::Ml => Unit::Ml,
            Unit::M => Unit::M,
            Unit::Un => return None,
        };
        let factor = Factor::between(unit, unit_small)?;
        Some(Self { amount: factor.apply(amount).ok()?, unit: unit_small })
    }

    /// Would people write it as this bare number: `900` or `0,9` for 900 ml?
    pub fn is_written(self, number: Qty) -> bool {
        let large = number.raw().checked_mul(1_000).map(Qty::new);
        self.amount == number || self.unit != Unit::M && large == Some(self.amount)
    }
}

/// A weight in kilograms; `None` when it is no weight.
pub(super) fn kilograms(amount: Qty, unit: Unit) -> Option<Qty> {
    Factor::between(unit, Unit::Kg)?.apply(amount).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_is_found_by_its_name_in_either_number() {
        for (unit, code, spanish, others) in UNITS {
            assert_eq!((unit.code(), unit.in_spanish()), (code, spanish));
            assert_eq!(SaidUnit::from_code(code), Some(unit));
            for name in others {
                assert_eq!(SaidUnit::of(name), Some(unit), "{name}");
            }
            let name = crate::text::fold(spanish);
            assert_eq!(SaidUnit::of(&name), Some(unit), "{name}");
        }
        for line in
            ["packs pack", "cajones crate", "unidades un", "bidones drum", "kilos kg", "litros l", "sobres sachet"]
        {
            let (plural, code) = line.split_once(' ').expect("two words");
            assert_eq!(SaidUnit::of(plural).map(SaidUnit::code), Some(code), "{plural}");
        }
        for word in ["", "s", "manteca", "lat"] {
            assert_eq!(SaidUnit::of(word), None, "{word}");
        }
    }

    #[test]
    fn a_size_is_written_large_or_small() {
        let size = Size::new(Qty::new(900_000), Unit::Ml).expect("a measure");
        assert_eq!(Some(size), Size::new(Qty::new(900), Unit::L));
        assert!(size.is_written(Qty::new(900_000)) && size.is_written(Qty::new(900)));
        assert!(!size.is_written(Qty::new(9_000)));
        assert_eq!(Size::new(Qty::new(1_000), Unit::Un), None);
    }
}
