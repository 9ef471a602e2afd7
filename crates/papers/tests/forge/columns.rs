//! The columns of a paper's table: which there are under a profile and a letter, in which order, under which headings, and
//! what stands in them. Where they lie on the page is in `sheet`.

use gondola_ledger::UnitCost;

use super::dice::Dice;
use super::plan::{Pack, Profile};
use super::suppliers::Supplier;
use super::truth::{Kind, Letter, Line, Per, Rate};
use super::words;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The supplier's own code.
    Code,
    /// EAN-13.
    Barcode,
    /// The description.
    Text,
    /// How many.
    Quantity,
    /// `bulto`, `un`, `kg`.
    Unit,
    /// UxB.
    UnitsPerCase,
    /// The price of what is counted.
    Price,
    /// The price of a case where that of a unit stands beside it.
    CasePrice,
    /// The price of one unit, beside that of the case.
    UnitPrice,
    /// Per cent off.
    Discount,
    /// The VAT rate.
    Rate,
    /// The amount of the line.
    Subtotal,
}

/// A column with the heading that this paper gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// What it holds.
    pub content: Content,
    /// The word above it.
    pub heading: &'static str,
}

/// What decides the columns.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// What sort of paper.
    pub kind: Kind,
    /// The letter.
    pub letter: Option<Letter>,
    /// How the supplier fills a line.
    pub profile: Profile,
}

impl Layout {
    /// The columns that a supplier prints.
    pub fn columns(self, supplier: &Supplier, dice: &mut Dice) -> Vec<Column> {
        use Content::{CasePrice, Code, Price, Quantity, Text, Unit, UnitPrice, UnitsPerCase};
        let contents: Vec<Content> = match (self.kind, supplier.code) {
            (Kind::PriceList, _) => vec![Code, Text, Price],
            (Kind::DeliveryNote, _) => dice.one_of(&[&[Code, Text, Quantity][..], &[Quantity, Unit, Text]]).to_vec(),
            (Kind::Informal, _) => vec![Quantity, Unit, Text, Price, Content::Subtotal],
            (_, "FA") => vec![Code, Text, Quantity, Price, Content::Discount, Content::Subtotal],
            (_, "ACE") => vec![Code, Text, Quantity, Price, Content::Rate, Content::Subtotal],
            (_, "TER") => vec![Code, Text, Quantity, Price, Content::Subtotal],
            (_, "GA") => vec![Code, Text, UnitsPerCase, Quantity, Price, Content::Subtotal],
            (_, "MAX") => vec![Code, Text, UnitsPerCase, CasePrice, UnitPrice, Quantity, Content::Subtotal],
            (_, "") => vec![Quantity, Text, Price, Content::Subtotal],
            _ => self.learned(dice),
        };
        contents.into_iter().map(|content| Column { content, heading: heading(content, self.profile, dice) }).collect()
    }

    /// No profile is known: any usual set, in any usual order.
    fn learned(self, dice: &mut Dice) -> Vec<Content> {
        let mut contents = vec![dice.one_of(&[Content::Code, Content::Code, Content::Barcode])];
        let counted = match self.profile.pack {
            Pack::Column => vec![Content::UnitsPerCase, Content::Quantity],
            _ => vec![Content::Quantity, Content::Unit],
        };
        if dice.one_in(3) {
            contents.splice(0..0, counted);
            contents.push(Content::Text);
        } else {
            contents.push(Content::Text);
            contents.extend(counted);
        }
        contents.push(Content::Price);
        if dice.one_in(2) {
            contents.push(Content::Discount);
        }
        if self.letter == Some(Letter::A) && dice.one_in(2) {
            contents.push(Content::Rate);
        }
        contents.push(Content::Subtotal);
        contents
    }
}

fn heading(content: Content, profile: Profile, dice: &mut Dice) -> &'static str {
    let choices: &[&str] = match content {
        Content::Code => &["Código", "Cód.", "Artículo", "COD. ART."],
        Content::Barcode => &["Cód. Barras", "EAN", "Código EAN"],
        Content::Text => &["Descripción", "Detalle", "Producto", "DESCRIPCION"],
        Content::Quantity => match profile.per {
            Per::Case => &["Cantidad", "Cant.", "Bultos", "CANT"],
            Per::Unit | Per::Kilogram => &["Cantidad", "Cant.", "CANT"],
        },
        Content::Unit => &["U.M.", "Unidad", "Un."],
        Content::UnitsPerCase => &["UxB", "UxB", "U.x B."],
        Content::Price => match profile.per {
            Per::Case => &["Precio", "P. Bulto", "Precio Bulto", "P. Unit."],
            Per::Unit | Per::Kilogram => &["Precio Unit.", "P. Unitario", "Precio", "PRECIO"],
        },
        Content::CasePrice => &["P. Bulto", "Precio Bulto", "Bulto $"],
        Content::UnitPrice => &["P. Unidad", "Precio Un."],
        Content::Discount => &["% Bonif.", "% Dto.", "Desc. %"],
        Content::Rate => &["IVA", "% IVA", "Alíc."],
        Content::Subtotal => &["Importe", "Subtotal", "Total", "IMPORTE"],
    };
    dice.one_of(choices)
}

impl Content {
    /// Is it set against the right edge of its column?
    pub const fn is_number(self) -> bool {
        !matches!(self, Self::Code | Self::Barcode | Self::Text | Self::Unit)
    }

    /// The widest text it holds, which sets the column's width; the description takes what is left.
    pub const fn widest(self) -> &'static str {
        match self {
            Self::Code => "000000000",
            Self::Barcode => "00000000000000",
            Self::Text => "",
            Self::Quantity => "00000000",
            Self::Unit => "000000",
            Self::UnitsPerCase => "000000",
            Self::Price | Self::CasePrice | Self::UnitPrice => "000.000,0000",
            Self::Discount => "00000000",
            Self::Rate => "000000",
            Self::Subtotal => "00.000.000,00",
        }
    }

    /// What stands there for a line.
    pub fn cell(self, line: &Line, places: u32) -> String {
        let priced = |price: Option<UnitCost>| price.map(|price| words::price(price, places));
        match self {
            Self::Code => line.code.clone(),
            Self::Barcode => line.barcode.clone(),
            Self::Text => Some(line.description.clone()),
            Self::Quantity => line.quantity.map(words::quantity),
            Self::Unit => Some(unit(line.per).to_owned()),
            Self::UnitsPerCase => line.units_per_case.map(|units| units.to_string()),
            Self::Price | Self::CasePrice => priced(line.price),
            Self::UnitPrice => priced(line.unit_price),
            Self::Discount => Some(words::percent(line.discount)),
            Self::Rate => Some(rate(line.rate).to_owned()),
            Self::Subtotal => line.subtotal.map(words::pesos),
        }
        .unwrap_or_default()
    }
}

const fn unit(per: Per) -> &'static str {
    match per {
        Per::Case => "bulto",
        Per::Unit => "un",
        Per::Kilogram => "kg",
    }
}

/// A rate as a row has it.
pub const fn rate(rate: Rate) -> &'static str {
    match rate {
        Rate::Full => "21,00",
        Rate::Reduced => "10,50",
        Rate::Exempt => "Exento",
        Rate::NotTaxed => "0,00",
    }
}
