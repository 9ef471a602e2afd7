//! Why a rule is not set or removed, in words a shopkeeper recognises.

use crate::kernel::Problem;

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListRuleRefusal {
    /// MAYORISTA asks for no more than GENERAL.
    WholesaleAbove,
    /// It would begin before today.
    Past,
    /// It would end before it begins.
    EndsBefore,
    /// No such rule, or somebody removed it.
    NotFound,
}

impl From<ListRuleRefusal> for Problem {
    fn from(refusal: ListRuleRefusal) -> Self {
        let (field, code, es, en) = match refusal {
            ListRuleRefusal::NotFound => return Self::not_found(),
            ListRuleRefusal::WholesaleAbove => (
                "adjustment",
                "above_general",
                "El mayorista no puede ser mayor que GENERAL: poné 0 o un descuento, como -10.",
                "Wholesale cannot be above GENERAL: write 0 or a discount, as -10.",
            ),
            ListRuleRefusal::Past => (
                "valid_from",
                "in_the_past",
                "Empieza hoy o más adelante: lo que ya se cobró no cambia.",
                "It begins today or later: what was asked for before does not change.",
            ),
            ListRuleRefusal::EndsBefore => (
                "valid_to",
                "ends_before",
                "Termina el día que empieza o después.",
                "It ends on the day it begins, or later.",
            ),
        };
        Self::invalid_field(field, code, es, en)
    }
}
