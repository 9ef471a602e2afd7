//! What the stock feature refuses, in words a shopkeeper recognises. One value each, one message
//! each, the same on screen, in the API and on the command line.

use axum::http::StatusCode;
use gondola_ledger::{NumberError, Qty, Refusal, Unit};

use crate::kernel::numbers::show_quantity;
use crate::kernel::problem::FieldProblem;
use crate::kernel::{Problem, Text};

/// Why stock did not move. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockRefusal {
    /// The ledger's own refusal, with the names people know.
    Ledger {
        /// What the ledger said.
        refusal: Refusal,
        /// The product's SKU.
        sku: String,
        /// The name of the place it is about.
        place: String,
        /// The product's unit.
        unit: Unit,
    },
    /// No such product.
    UnknownProduct(String),
    /// The product is not in use any more.
    InactiveProduct(String),
    /// No such place, or not one to be named here.
    UnknownLocation {
        /// `from` or `to`.
        field: &'static str,
        /// What was given.
        code: String,
    },
    /// A place is missing for this kind.
    LocationRequired(&'static str),
    /// A place was given that this kind does not take.
    LocationNotTaken(&'static str),
    /// The unit is neither a base unit that converts nor a presentation of the product.
    UnknownUnit {
        /// What was given.
        unit: String,
        /// The product's unit.
        base: Unit,
    },
    /// The quantity does not fit the product's unit.
    Quantity {
        /// Why.
        error: NumberError,
        /// The product's unit.
        unit: Unit,
    },
    /// No such lot of this product.
    UnknownLot(String),
    /// A cost was given for something that leaves.
    CostNotTaken,
    /// The value is too large to keep.
    ValueTooLarge,
    /// No such movement.
    UnknownMovement,
    /// No such rule about negative stock.
    UnknownPolicy,
    /// The movement was undone before.
    AlreadyReversed,
    /// A movement that undoes another one is not undone; post it again.
    IsReversal,
    /// The goods moved since somebody looked; what was said of them is not so any more.
    Changed {
        /// The product's SKU.
        sku: String,
        /// The place, as it was named.
        place: String,
        /// What is there now.
        found: Qty,
        /// The product's unit.
        unit: Unit,
    },
    /// The movement belongs to a document that has its own way back.
    OwnedBySource(String),
    /// Undoing would take goods out of a place that is not the actor's; its name.
    OtherPlace(String),
    /// The lot's code is that of several lots there; the date says which.
    AmbiguousLot(String),
    /// Several words that mean nothing here; never one alone.
    Several(Vec<Self>),
}

impl StockRefusal {
    /// What is wrong, together; nothing when nothing is.
    pub(super) fn of_all(mut wrong: Vec<Self>) -> Option<Self> {
        if wrong.len() > 1 { Some(Self::Several(wrong)) } else { wrong.pop() }
    }

    /// Each thing that is wrong.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Several(parts) => parts,
            one => std::slice::from_ref(one),
        }
    }

    /// Each thing that is wrong with a field, under its name.
    pub fn fields(&self) -> impl Iterator<Item = FieldProblem> {
        let about = |part: &Self| {
            let field = part.field()?.to_owned();
            Some(FieldProblem { field, code: part.code(), detail: part.text() })
        };
        self.parts().iter().filter_map(about)
    }

    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ledger { refusal, .. } => refusal.code(),
            Self::UnknownProduct(_) => "unknown_product",
            Self::InactiveProduct(_) => "inactive_product",
            Self::UnknownLocation { .. } => "unknown_location",
            Self::LocationRequired(_) => "location_required",
            Self::LocationNotTaken(_) => "location_not_taken",
            Self::UnknownUnit { .. } => "unknown_unit",
            Self::Quantity { error, .. } => error.code(),
            Self::UnknownLot(_) => "unknown_lot",
            Self::CostNotTaken => "cost_not_taken",
            Self::ValueTooLarge => "value_too_large",
            Self::UnknownMovement | Self::UnknownPolicy => "not_found",
            Self::AlreadyReversed => "already_reversed",
            Self::IsReversal => "is_reversal",
            Self::Changed { .. } => "stock_changed",
            Self::OwnedBySource(_) => "belongs_to_document",
            Self::OtherPlace(_) => "other_place",
            Self::AmbiguousLot(_) => "ambiguous_lot",
            Self::Several(_) => "invalid",
        }
    }

    /// The field it is about, when it is about one.
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::UnknownProduct(_) | Self::InactiveProduct(_) => Some("product"),
            Self::UnknownLocation { field, .. } | Self::LocationRequired(field) | Self::LocationNotTaken(field) => {
                Some(field)
            }
            Self::UnknownUnit { .. } => Some("unit"),
            Self::Quantity { .. } | Self::Changed { .. } => Some("quantity"),
            Self::UnknownLot(_) | Self::AmbiguousLot(_) => Some("lot"),
            Self::CostNotTaken | Self::ValueTooLarge => Some("unit_cost"),
            Self::Ledger { refusal: Refusal::SameLocation { .. }, .. } => Some("to"),
            Self::Ledger { refusal: Refusal::QuantityNotPositive { .. }, .. } => Some("quantity"),
            _ => None,
        }
    }

    /// The message.
    pub fn text(&self) -> Text {
        match self {
            Self::Ledger { refusal, sku, place, unit } => ledger_text(*refusal, sku, place, *unit),
            Self::UnknownProduct(given) => {
                Text::new(format!("No hay ningún producto «{given}»."), format!("There is no product \"{given}\"."))
            }
            Self::InactiveProduct(sku) => Text::new(
                format!("{sku} está dado de baja. Activalo para moverlo."),
                format!("{sku} is inactive. Activate it to move it."),
            ),
            Self::UnknownLocation { code, .. } => Text::new(
                format!("No hay ningún lugar «{code}» para esto."),
                format!("There is no place \"{code}\" for this."),
            ),
            Self::LocationRequired(field) => required_text(field),
            Self::LocationNotTaken(_) => Text::new(
                "Este tipo de movimiento no lleva ese lugar.",
                "This kind of movement does not take that place.",
            ),
            Self::UnknownUnit { unit, base } => unit_text(unit, *base),
            Self::Quantity { error, unit } => crate::kernel::numbers::number_text(*error, Some(*unit)),
            Self::UnknownLot(code) => Text::new(
                format!("Este producto no tiene ningún lote «{code}»."),
                format!("This product has no lot \"{code}\"."),
            ),
            Self::CostNotTaken => Text::new(
                "El costo se indica sólo cuando entra mercadería.",
                "A cost is given only when goods come in.",
            ),
            Self::ValueTooLarge => Text::new("El valor total es demasiado grande.", "The total value is too large."),
            Self::UnknownMovement => Text::new("No existe ese movimiento.", "There is no such movement."),
            Self::UnknownPolicy => Text::new("No existe esa regla.", "There is no such rule."),
            Self::AlreadyReversed => {
                Text::new("Ese movimiento ya estaba anulado.", "That movement was already reversed.")
            }
            Self::IsReversal => Text::new(
                "Una anulación no se anula: volvé a cargar el movimiento original.",
                "A reversal is not reversed: post the original movement again.",
            ),
            Self::Changed { sku, place, found, unit } => {
                let (ahora, now) = (show_quantity(*found, *unit), format!("{} {}", found.format(*unit), unit.code()));
                Text::new(
                    format!("{sku} se movió en {place} después de contarlo: ahora hay {ahora}. Contalo de nuevo."),
                    format!("{sku} moved in {place} after it was counted: there is {now} now. Count it again."),
                )
            }
            Self::OwnedBySource(kind) => Text::new(
                format!("Este movimiento pertenece a un documento ({kind}); anulalo desde ahí."),
                format!("This movement belongs to a document ({kind}); undo it there."),
            ),
            Self::OtherPlace(name) => Text::new(
                format!("Esa mercadería quedó en {name}: lo deshace quien trabaja ahí."),
                format!("Those goods are in {name} now: whoever works there undoes it."),
            ),
            Self::AmbiguousLot(code) => Text::new(
                format!("Hay varios lotes «{code}»: decí cuál con su vencimiento."),
                format!("There are several lots \"{code}\": say which by its last good day."),
            ),
            Self::Several(parts) => {
                let texts: Vec<Text> = parts.iter().map(Self::text).collect();
                let joined = |of: fn(&Text) -> &str| texts.iter().map(of).collect::<Vec<_>>().join(" ");
                Text::new(joined(|text| &text.es), joined(|text| &text.en))
            }
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::UnknownMovement | Self::UnknownPolicy => StatusCode::NOT_FOUND,
            Self::OtherPlace(_) => StatusCode::FORBIDDEN,
            Self::AlreadyReversed
            | Self::IsReversal
            | Self::OwnedBySource(_)
            | Self::Changed { .. }
            | Self::InactiveProduct(_) => StatusCode::CONFLICT,
            Self::Ledger {
                refusal:
                    Refusal::InsufficientStock { .. }
                    | Refusal::LotInsufficient { .. }
                    | Refusal::BackdatedWouldGoNegative { .. },
                ..
            } => StatusCode::CONFLICT,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl From<StockRefusal> for Problem {
    fn from(refusal: StockRefusal) -> Self {
        let status = refusal.status();
        let (code, detail) = (refusal.code(), refusal.text());
        let fields = refusal.fields().collect();
        Self { status, code, detail, fields, retry_after: None }
    }
}

fn required_text(field: &str) -> Text {
    match field {
        "from" => Text::new("Falta decir de dónde sale.", "Say which place it leaves."),
        "location" => Text::new(
            "Decí para qué lugar: podés cambiar sólo lo del tuyo.",
            "Say for which place: you may change your own only.",
        ),
        _ => Text::new("Falta decir a dónde va.", "Say which place it reaches."),
    }
}

fn unit_text(unit: &str, base: Unit) -> Text {
    let base = base.code();
    Text::new(
        format!("«{unit}» no es una unidad ni una presentación de este producto, que se lleva en {base}."),
        format!("\"{unit}\" is neither a unit nor a presentation of this product, which is kept in {base}."),
    )
}

fn ledger_text(refusal: Refusal, sku: &str, place: &str, unit: Unit) -> Text {
    let [es, en]: [&dyn Fn(Qty) -> String; 2] =
        [&|quantity| show_quantity(quantity, unit), &|quantity| format!("{} {}", quantity.format(unit), unit.code())];
    match refusal {
        Refusal::QuantityNotPositive { .. } => {
            Text::new("La cantidad tiene que ser mayor que cero.", "The quantity must be more than zero.")
        }
        Refusal::SameLocation { .. } => {
            Text::new("El origen y el destino son el mismo lugar.", "It leaves from and goes to the same place.")
        }
        Refusal::SidesDoNotFit { .. } => Text::new(
            "Este tipo de movimiento no va entre esos lugares.",
            "This kind of movement does not go between those places.",
        ),
        Refusal::InsufficientStock { on_hand: there, available: free, requested: asked, .. } => Text::new(
            format!(
                "No alcanza: de {sku} hay {} en {place}, {} sin reservar, y pediste {}.",
                es(there),
                es(free),
                es(asked)
            ),
            format!(
                "Not enough: {place} holds {} of {sku}, {} not promised, and you asked for {}.",
                en(there),
                en(free),
                en(asked)
            ),
        ),
        Refusal::LotInsufficient { on_hand: there, requested: asked, .. } => Text::new(
            format!("Ese lote de {sku} tiene {} en {place} y pediste {}.", es(there), es(asked)),
            format!("That lot of {sku} has {} in {place} and you asked for {}.", en(there), en(asked)),
        ),
        Refusal::BackdatedWouldGoNegative { lowest, requested: asked, .. } => Text::new(
            format!(
                "Con esa fecha, {sku} quedaría en negativo más adelante en {place}: llegó a haber {} y pediste {}.",
                es(lowest),
                es(asked)
            ),
            format!(
                "On that date {sku} would later go below zero in {place}: it came down to {} and you asked for {}.",
                en(lowest),
                en(asked)
            ),
        ),
        Refusal::UnknownLocation { .. } | Refusal::Unbalanced | Refusal::Overflow => Text::new(
            "El movimiento no se puede asentar: los números no cierran.",
            "The movement cannot be posted: its numbers do not add up.",
        ),
    }
}
