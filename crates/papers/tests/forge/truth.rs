//! What a forged paper says, as values: the answer that a reader of the paper should come to. How the values are drawn on
//! paper is not here.

use gondola_ledger::{Day, Money, Qty, UnitCost};

/// What sort of paper it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Factura.
    Invoice,
    /// Nota de crédito; its amounts are printed without a sign.
    CreditNote,
    /// Tique factura of a fiscal printer: no CAE and no fiscal QR.
    Ticket,
    /// Remito: goods without prices.
    DeliveryNote,
    /// A paper without fiscal value, as the greengrocer writes it.
    Informal,
    /// Prices only, until a date.
    PriceList,
}

/// The letter in the box at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letter {
    /// Between registered taxpayers: VAT apart.
    A,
    /// To consumers and the exempt: VAT inside.
    B,
    /// From who charges no VAT.
    C,
    /// From a registered taxpayer under review.
    M,
    /// A remito.
    R,
    /// Without fiscal value.
    X,
}

impl Letter {
    /// As printed.
    pub const fn text(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::M => "M",
            Self::R => "R",
            Self::X => "X",
        }
    }
}

/// How a party stands towards VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// IVA responsable inscripto.
    Registered,
    /// Responsable monotributo.
    Monotributo,
    /// Consumidor final.
    FinalConsumer,
}

impl Condition {
    /// As printed.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Registered => "IVA Responsable Inscripto",
            Self::Monotributo => "Responsable Monotributo",
            Self::FinalConsumer => "Consumidor Final",
        }
    }
}

/// What VAT a line carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rate {
    /// 21 %.
    Full,
    /// 10.5 %.
    Reduced,
    /// Exempt from it.
    Exempt,
    /// Outside it, as a container's deposit.
    NotTaxed,
}

impl Rate {
    /// Thousandths of the net amount.
    pub const fn permille(self) -> i64 {
        match self {
            Self::Full => 210,
            Self::Reduced => 105,
            Self::Exempt | Self::NotTaxed => 0,
        }
    }
}

/// What the price of a line is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// A case of several units.
    Case,
    /// One unit.
    Unit,
    /// A kilogram.
    Kilogram,
}

/// Who sells or buys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// The name on the paper.
    pub name: String,
    /// Eleven digits; a consumer and the greengrocer have none.
    pub tax_id: Option<u64>,
    /// Towards VAT.
    pub condition: Condition,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The supplier's code, where it has a column.
    pub code: Option<String>,
    /// EAN-13, where it has a column.
    pub barcode: Option<String>,
    /// The text as printed.
    pub description: String,
    /// As printed, with its sign; what Terramare delivers is printed negative. A price list has none.
    pub quantity: Option<Qty>,
    /// What the quantity counts.
    pub per: Per,
    /// Units in a case, where the paper says so in a column or in the name.
    pub units_per_case: Option<u32>,
    /// The price of one of what is counted.
    pub price: Option<UnitCost>,
    /// The price of a unit printed beside that of the case.
    pub unit_price: Option<UnitCost>,
    /// Discount in hundredths of a per cent.
    pub discount: i64,
    /// The VAT it carries.
    pub rate: Rate,
    /// Quantity × price − discount, rounded once.
    pub subtotal: Option<Money>,
}

/// The sums at the foot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Net and VAT per rate, the largest rate first; empty where no VAT is stated.
    pub taxed: Vec<Taxed>,
    /// Exempt from VAT.
    pub exempt: Money,
    /// Outside VAT.
    pub not_taxed: Money,
    /// Impuestos internos.
    pub excise: Money,
    /// Percepción de IVA.
    pub vat_perception: Money,
    /// Percepción de ingresos brutos, with its province.
    pub gross_income: Option<(&'static str, Money)>,
    /// What is to be paid.
    pub total: Money,
}

/// A group of one VAT rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taxed {
    /// Its rate.
    pub rate: Rate,
    /// Without VAT.
    pub net: Money,
    /// The VAT of it.
    pub vat: Money,
}

/// Everything that the paper says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    /// The supplier's code in the shop: `FA`, `MAX`; empty for who is none of the twelve.
    pub supplier_code: &'static str,
    /// What sort of paper.
    pub kind: Kind,
    /// The letter in the box.
    pub letter: Option<Letter>,
    /// ARCA's code of the document type.
    pub code: Option<u16>,
    /// What is printed below the letter.
    pub legend: Option<&'static str>,
    /// Point of sale and number.
    pub number: Option<(u16, u32)>,
    /// Day of issue.
    pub date: Day,
    /// When it is to be paid; for a price list the last day it is valid.
    pub due: Option<Day>,
    /// Fourteen digits.
    pub cae: Option<u64>,
    /// Last day of the CAE.
    pub cae_due: Option<Day>,
    /// Who sells.
    pub supplier: Party,
    /// Who buys.
    pub buyer: Option<Party>,
    /// The rows.
    pub lines: Vec<Line>,
    /// The sums; none on a remito or a price list.
    pub totals: Option<Totals>,
    /// The text in the fiscal QR.
    pub qr: Option<String>,
}
