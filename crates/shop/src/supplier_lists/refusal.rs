//! What the shop refuses about suppliers' lists, in a shopkeeper's words.

use axum::http::StatusCode;

use super::fields::{ListField, Unusable};
use super::grid::{ROWS_MAX, Unreadable};
use super::words::field_name;
use crate::kernel::body::stale;
use crate::kernel::time::{Day, show_day};
use crate::kernel::{Lang, Problem, Text};

/// Why nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListRefusal {
    /// No such list.
    Unknown,
    /// No such supplier, or one that the shop does not buy from any more.
    UnknownSupplier,
    /// Its state does not allow it.
    NotNow {
        /// Where it stands.
        state: String,
    },
    /// Somebody changed it meanwhile.
    Stale,
    /// The same file came before.
    SameFile {
        /// The number of that list.
        number: i64,
    },
    /// The columns are no use.
    Columns(Unusable),
    /// No row of the file is an article with these columns.
    NoLines,
    /// It ends before it begins.
    EndsBefore,
    /// It has no such line.
    UnknownLine {
        /// Its place among those that were named, from 0.
        at: usize,
    },
    /// No such product.
    UnknownProduct {
        /// The place of the line among those that were named, from 0.
        at: usize,
    },
    /// A line without product or cost cannot be ticked.
    NoCost {
        /// Its place among those that were named, from 0.
        at: usize,
    },
    /// Its last day is over.
    Expired {
        /// The last day.
        valid_to: Day,
        /// Whom to ask.
        supplier: String,
    },
    /// Its first day is not here yet.
    NotYet {
        /// The first day.
        valid_from: Day,
    },
    /// No line is ticked.
    NothingChosen,
    /// Several ticked lines are of one product.
    SameProduct {
        /// Some of those products.
        skus: Vec<String>,
    },
}

impl From<ListRefusal> for Problem {
    fn from(refusal: ListRefusal) -> Self {
        let (code, Text { es, en }) = refusal.told();
        match &refusal {
            ListRefusal::Unknown | ListRefusal::UnknownSupplier => Self::not_found(),
            ListRefusal::Stale => stale(),
            ListRefusal::Columns(_) | ListRefusal::NoLines => Self::invalid_field("columns", code, es, en),
            ListRefusal::EndsBefore => Self::invalid_field("valid_to", code, es, en),
            ListRefusal::UnknownLine { at } => Self::invalid_field(&format!("lines[{at}].line"), code, es, en),
            ListRefusal::UnknownProduct { at } => Self::invalid_field(&format!("lines[{at}].product"), code, es, en),
            ListRefusal::NoCost { at } => Self::invalid_field(&format!("lines[{at}].chosen"), code, es, en),
            _ => Self::new(StatusCode::CONFLICT, code, es, en),
        }
    }
}

impl ListRefusal {
    fn told(&self) -> (&'static str, Text) {
        match self {
            Self::Unknown | Self::UnknownSupplier => ("not_found", Text::new("No existe.", "It does not exist.")),
            Self::Stale => ("stale", Text::new("Alguien la cambió.", "Somebody changed it.")),
            Self::NotNow { state } => ("list_state", not_now(state)),
            Self::SameFile { number } => (
                "same_file",
                Text::new(
                    format!("Ese archivo ya se cargó: es la lista {number}."),
                    format!("That file was loaded before: it is list {number}."),
                ),
            ),
            Self::Columns(unusable) => ("bad_columns", columns(*unusable)),
            Self::NoLines => (
                "no_lines",
                Text::new(
                    "Con esas columnas ningún renglón es un artículo. Fijate cuál es la descripción y cuál el precio.",
                    "With these columns no row is an article. See which one is the description and which the price.",
                ),
            ),
            Self::EndsBefore => ("ends_before", Text::new("Termina antes de empezar.", "It ends before it begins.")),
            Self::UnknownLine { .. } => {
                ("unknown_line", Text::new("La lista no tiene ese renglón.", "The list has no such line."))
            }
            Self::UnknownProduct { .. } => {
                ("unknown_product", Text::new("No hay ningún producto así.", "There is no such product."))
            }
            Self::NoCost { .. } => (
                "no_cost",
                Text::new(
                    "Para aplicarlo, el renglón necesita su producto y un costo.",
                    "To be applied, the line needs its product and a cost.",
                ),
            ),
            Self::Expired { .. } | Self::NotYet { .. } | Self::NothingChosen | Self::SameProduct { .. } => {
                self.not_applied()
            }
        }
    }

    /// Why it is not applied, and what to do.
    fn not_applied(&self) -> (&'static str, Text) {
        match self {
            Self::Expired { valid_to, supplier } => {
                let day = show_day(*valid_to);
                let es = format!(
                    "La lista venció el {day} y no se aplica. Pedile a {supplier} la nueva; si te confirma que sigue valiendo, corregí hasta cuándo vale."
                );
                let en = format!(
                    "The list expired on {day} and is not applied. Ask {supplier} for the new one; if they confirm that it still holds, correct its last day."
                );
                ("list_expired", Text::new(es, en))
            }
            Self::NotYet { valid_from } => {
                let day = show_day(*valid_from);
                let es = format!("La lista vale desde el {day}: aplicala ese día, o corregí desde cuándo vale.");
                let en = format!("The list holds from {day}: apply it then, or correct its first day.");
                ("list_not_yet", Text::new(es, en))
            }
            Self::SameProduct { skus } => {
                let skus = skus.join(", ");
                let es = format!("Hay más de un renglón marcado del mismo producto: {skus}. Dejá uno de cada uno.");
                let en = format!("More than one line is ticked for the same product: {skus}. Keep one of each.");
                ("same_product_twice", Text::new(es, en))
            }
            _ => (
                "nothing_chosen",
                Text::new("No hay ningún renglón marcado para aplicar.", "No line is ticked to be applied."),
            ),
        }
    }
}

fn columns(unusable: Unusable) -> Text {
    match unusable {
        Unusable::Twice(field) => {
            let (es, en) = (field_name(Lang::Es, field), field_name(Lang::En, field));
            Text::new(
                format!("Dos columnas no pueden ser «{es}». Dejá una."),
                format!("Two columns cannot be \"{en}\". Keep one."),
            )
        }
        Unusable::NoName => {
            Text::new("Falta decir qué columna es la descripción.", "Say which column is the description.")
        }
        Unusable::NoPrice => Text::new("Falta decir qué columna es el precio.", "Say which column is the price."),
        Unusable::OtherWidth { columns } => Text::new(
            format!("El archivo tiene {columns} columnas: decí qué es cada una, o que no se usa."),
            format!("The file has {columns} columns: say what each one is, or that it is not used."),
        ),
    }
}

fn not_now(state: &str) -> Text {
    match state {
        "draft" => Text::new("Todavía no se aplicó.", "It was not applied yet."),
        "applied" => Text::new(
            "Ya se aplicó: para corregirla, deshacela primero.",
            "It is applied: to correct it, take it back first.",
        ),
        "reversed" => Text::new("Se deshizo: cargala de nuevo.", "It was taken back: load it again."),
        _ => Text::new("Se descartó.", "It was discarded."),
    }
}

impl From<Unreadable> for Problem {
    fn from(unreadable: Unreadable) -> Self {
        let (code, Text { es, en }) = match unreadable {
            Unreadable::Sheet(error) => (error.code(), Text::new(error.message_es(), error.message_en())),
            Unreadable::NoText => (
                "paper_without_text",
                Text::new(
                    "El archivo es una imagen, sin texto: de ahí no se toman precios. Pedile al proveedor la lista en Excel, CSV o un PDF con texto.",
                    "The file is a picture without text: no prices are taken from it. Ask the supplier for the list as Excel, CSV or a PDF with text.",
                ),
            ),
            Unreadable::Paper(code) => (
                code,
                Text::new(
                    "El PDF no se pudo leer: puede estar dañado, con contraseña o ser muy largo. Pedile al proveedor la lista en Excel o CSV.",
                    "The PDF could not be read: it may be damaged, locked or too long. Ask the supplier for the list as Excel or CSV.",
                ),
            ),
            Unreadable::NoTable => (
                "no_table",
                Text::new(
                    "En el PDF no se ve una tabla con descripción y precio. Pedile al proveedor la lista en Excel o CSV.",
                    "There is no table with description and price in the PDF. Ask the supplier for the list as Excel or CSV.",
                ),
            ),
            Unreadable::NoRows => (
                "no_rows",
                Text::new(
                    format!("El archivo no tiene renglones debajo de los títulos. Van de 1 a {ROWS_MAX}."),
                    format!("The file has no rows below its titles. It takes 1 to {ROWS_MAX}."),
                ),
            ),
        };
        Self::invalid_field("file", code, es, en)
    }
}

/// What a field is called where it is said in a list of fields.
pub fn known_fields() -> String {
    ListField::ALL.map(ListField::code).join(", ")
}
