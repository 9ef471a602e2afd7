//! A paper as it was understood: every value with how sure it is, where it came from and where it stands.

use gondola_ledger::{Day, Money, Qty, UnitCost};

use crate::fiscal::{Cae, DocumentNumber, DocumentType, TaxId, VatCondition, VatRate, VatTreatment};
use crate::page::Place;

/// A value read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<T> {
    /// What it says.
    pub value: T,
    /// How sure it is, 0 to 1000.
    pub confidence_permille: u16,
    /// Where it came from.
    pub source: Source,
    /// Where it stands, when it stands anywhere.
    pub place: Option<Place>,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// The fiscal QR.
    Qr,
    /// The text of the file.
    Text,
    /// Recognised in a picture.
    Ocr,
    /// Found by what is known of this supplier's papers.
    Layout,
    /// Typed by a person.
    Typed,
}

/// Everything that a paper says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Paper {
    /// What stands above and below the table.
    pub header: Header,
    /// The rows of the table.
    pub lines: Vec<Line>,
    /// What was there but could not be believed.
    pub doubts: Vec<Doubt>,
    /// How sure the whole is, 0 to 1000.
    pub confidence_permille: u16,
}

/// What a document says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// Kind and letter.
    pub document: Option<Field<DocumentType>>,
    /// Point of sale and number.
    pub number: Option<Field<DocumentNumber>>,
    /// The code it was authorised under.
    pub cae: Option<Field<Cae>>,
    /// Last day of that code.
    pub cae_due: Option<Field<Day>>,
    /// Day of issue.
    pub date: Option<Field<Day>>,
    /// When it is to be paid; of a price list the last day it is valid.
    pub due: Option<Field<Day>>,
    /// Who sells.
    pub seller: Party,
    /// Who buys.
    pub buyer: Party,
    /// The sums.
    pub totals: Totals,
}

/// Who sells or buys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Party {
    /// CUIT or CUIL.
    pub tax_id: Option<Field<TaxId>>,
    /// Towards VAT.
    pub condition: Option<Field<VatCondition>>,
}

/// The sums of a document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Net and VAT per rate.
    pub by_rate: Vec<RateSums>,
    /// Exempt of VAT.
    pub exempt: Option<Field<Money>>,
    /// Outside VAT.
    pub not_taxed: Option<Field<Money>>,
    /// Impuestos internos.
    pub excise: Option<Field<Money>>,
    /// Percepción de IVA.
    pub vat_perception: Option<Field<Money>>,
    /// Percepciones de ingresos brutos, one per province.
    pub gross_income: Vec<Perception>,
    /// Whatever else is added.
    pub other: Option<Field<Money>>,
    /// What is to be paid.
    pub total: Option<Field<Money>>,
}

/// Net and VAT of one rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSums {
    /// Which rate.
    pub rate: VatRate,
    /// Without VAT.
    pub net: Option<Field<Money>>,
    /// The VAT of it.
    pub vat: Option<Field<Money>>,
}

/// A perception of a province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Perception {
    /// The province in lower case and without accents; empty when it is not said.
    pub province: String,
    /// How much.
    pub amount: Field<Money>,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// The supplier's code.
    pub code: Option<Field<String>>,
    /// EAN, UPC or ITF.
    pub barcode: Option<Field<String>>,
    /// The description, its rows joined.
    pub description: Option<Field<String>>,
    /// As printed, with its sign.
    pub quantity: Option<Field<Qty>>,
    /// What the quantity counts, as printed.
    pub unit: Option<Field<String>>,
    /// Units in a case, where a column says so.
    pub units_per_case: Option<Field<u32>>,
    /// The price of what is counted.
    pub price: Option<Field<UnitCost>>,
    /// The price of a unit beside that of the case.
    pub unit_price: Option<Field<UnitCost>>,
    /// Discount in hundredths of a per cent.
    pub discount: Option<Field<i64>>,
    /// The VAT it carries.
    pub vat: Option<Field<VatTreatment>>,
    /// The amount of the line.
    pub subtotal: Option<Field<Money>>,
    /// All of it as it stood there.
    pub raw: String,
    /// How sure the line is, 0 to 1000.
    pub confidence_permille: u16,
}

/// Something that was there but could not be believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What it should have been.
    pub kind: DoubtKind,
    /// What it says.
    pub text: String,
    /// Where it stands; nowhere for what a code says.
    pub place: Option<Place>,
}

/// What something should have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DoubtKind {
    /// A CUIT whose digits do not belong together.
    TaxId,
    /// A CAE that has not fourteen digits.
    Cae,
    /// An amount in pesos: the QR states another currency.
    Pesos,
}

impl Paper {
    /// Gives every line and the whole their confidence anew, as after a person corrected values: figures that agree with one
    /// another lift it, those that do not lower it.
    pub fn weigh(&mut self) {
        super::agree::weigh(self);
    }
}

impl Totals {
    /// The sums of a rate, made when they are not there yet.
    pub(super) fn rate(&mut self, rate: VatRate) -> &mut RateSums {
        let at = self.by_rate.iter().position(|sums| sums.rate == rate).unwrap_or_else(|| {
            self.by_rate.push(RateSums { rate, net: None, vat: None });
            self.by_rate.len() - 1
        });
        &mut self.by_rate[at]
    }

    /// The parts that the total is made of; `None` beyond 64 bits.
    pub fn sum(&self) -> Option<Money> {
        let groups = self.by_rate.iter().flat_map(|sums| [sums.net, sums.vat]);
        let others = [self.exempt, self.not_taxed, self.excise, self.vat_perception, self.other];
        let perceptions = self.gross_income.iter().map(|perception| Some(perception.amount));
        Money::checked_sum(groups.chain(others).chain(perceptions).flatten().map(|field| field.value))
    }

    /// Is any part of the total stated?
    pub fn has_parts(&self) -> bool {
        let others = [self.exempt, self.not_taxed, self.excise, self.vat_perception, self.other];
        !self.by_rate.is_empty() || !self.gross_income.is_empty() || others.iter().any(Option::is_some)
    }
}
