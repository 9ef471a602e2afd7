//! What the catalogue refuses, as values, and how each is told.

use axum::http::StatusCode;

use crate::kernel::problem::FieldProblem;
use crate::kernel::text::SKU_CHARS_MAX;
use crate::kernel::{Problem, Text, body};
use crate::stock::StockRefusal;

/// Why a change to the catalogue did not happen. Nothing was changed then.
#[derive(Debug)]
pub enum CatalogueRefusal {
    /// There is no such thing.
    NotFound,
    /// Somebody changed it since it was read.
    Stale,
    /// Values that cannot stand.
    Invalid(Vec<FieldProblem>),
    /// Codes that another product has.
    Taken(Vec<TakenCode>),
    /// The code of a location or category exists.
    CodeTaken,
    /// The product is named twice in one request.
    Repeated,
    /// The product already has that alias.
    AliasExists,
    /// A product with stock is not deactivated.
    HasStock,
    /// The opening stock cannot be posted.
    Opening(Box<StockRefusal>),
    /// The list is full.
    TooMany {
        /// How many it takes.
        max: usize,
    },
}

/// A code that another product has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TakenCode {
    /// Which kind of code.
    pub kind: CodeKind,
    /// The code.
    pub code: String,
}

/// The codes that no two products share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeKind {
    /// The SKU.
    Sku,
    /// The shop's own number.
    InternalCode,
    /// The scale's number.
    ScalePlu,
    /// A barcode.
    Barcode,
}

impl CodeKind {
    /// The column and API field.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Sku => "sku",
            Self::InternalCode => "internal_code",
            Self::ScalePlu => "scale_plu",
            Self::Barcode => "barcodes",
        }
    }

    const fn problem_code(self) -> &'static str {
        match self {
            Self::Sku => "sku_taken",
            Self::InternalCode => "internal_code_taken",
            Self::ScalePlu => "scale_plu_taken",
            Self::Barcode => "barcode_taken",
        }
    }
}

impl CatalogueRefusal {
    /// One value that cannot stand.
    pub fn field(field: &str, code: &'static str, es: &str, en: &str) -> Self {
        Self::Invalid(vec![FieldProblem { field: field.to_owned(), code, detail: Text::new(es, en) }])
    }
}

impl From<CatalogueRefusal> for Problem {
    fn from(refusal: CatalogueRefusal) -> Self {
        match refusal {
            CatalogueRefusal::NotFound => Self::not_found(),
            CatalogueRefusal::Stale => body::stale(),
            CatalogueRefusal::Invalid(fields) => Self::invalid(fields),
            CatalogueRefusal::Taken(taken) => taken_problem(&taken),
            CatalogueRefusal::CodeTaken => Self::new(
                StatusCode::CONFLICT,
                "code_taken",
                "Ese código ya existe. Elegí otro.",
                "That code already exists. Choose another.",
            ),
            CatalogueRefusal::Repeated => Self::invalid_field(
                "product",
                "repeated",
                "Este producto ya está en otro renglón del pedido. Poné todo en uno.",
                "This product is in another line of the request. Put everything into one.",
            ),
            CatalogueRefusal::AliasExists => Self::new(
                StatusCode::CONFLICT,
                "alias_exists",
                "El producto ya tiene ese alias.",
                "The product already has that alias.",
            ),
            CatalogueRefusal::HasStock => Self::new(
                StatusCode::CONFLICT,
                "has_stock",
                "Todavía tiene stock. Dejalo en cero y después desactivalo.",
                "It still has stock. Bring it to zero, then deactivate it.",
            ),
            CatalogueRefusal::Opening(refusal) => {
                let mut problem = Self::from(*refusal);
                // The ledger knows it as a movement to somewhere, whoever made the product as a place.
                for told in problem.fields.iter_mut().filter(|told| told.field == "to") {
                    "location".clone_into(&mut told.field);
                }
                problem.within("opening.")
            }
            CatalogueRefusal::TooMany { max } => Self::new(
                StatusCode::CONFLICT,
                "too_many",
                format!("La lista está completa: admite hasta {max}."),
                format!("The list is full: it takes at most {max}."),
            ),
        }
    }
}

fn taken_problem(taken: &[TakenCode]) -> Problem {
    let fields: Vec<FieldProblem> = taken.iter().map(taken_field).collect();
    let (code, detail) = fields.first().map_or_else(
        || ("sku_taken", Text::new("Ese código ya está en uso.", "That code is in use.")),
        |field| (field.code, field.detail.clone()),
    );
    Problem { fields, ..Problem::new(StatusCode::CONFLICT, code, detail.es, detail.en) }
}

/// What is wrong with a code that another product has.
pub(super) fn taken_field(taken: &TakenCode) -> FieldProblem {
    // A code from outside never makes a message longer than a code can be.
    let code: String = taken.code.chars().take(SKU_CHARS_MAX).collect();
    let detail = Text::new(
        format!("El código {code} ya es de otro producto. Usá otro o buscá ese producto."),
        format!("The code {code} belongs to another product. Use another or look that product up."),
    );
    FieldProblem { field: taken.kind.field().to_owned(), code: taken.kind.problem_code(), detail }
}
