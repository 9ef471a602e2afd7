//! Why a markup is not set, in words a shopkeeper recognises.

use crate::kernel::Problem;

/// Why nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkupRefusal {
    /// No such product.
    UnknownProduct,
    /// No such category.
    UnknownCategory,
    /// No product has that brand.
    UnknownBrand,
    /// No such markup.
    NotFound,
}

impl From<MarkupRefusal> for Problem {
    fn from(refusal: MarkupRefusal) -> Self {
        let (field, code, es, en) = match refusal {
            MarkupRefusal::NotFound => return Self::not_found(),
            MarkupRefusal::UnknownProduct => {
                ("product", "unknown_product", "No hay ningún producto así.", "There is no such product.")
            }
            MarkupRefusal::UnknownCategory => {
                ("category", "unknown_category", "No hay ningún rubro con ese código.", "There is no such category.")
            }
            MarkupRefusal::UnknownBrand => {
                ("brand", "unknown_brand", "Ningún producto tiene esa marca.", "No product has that brand.")
            }
        };
        Self::invalid_field(field, code, es, en)
    }
}
