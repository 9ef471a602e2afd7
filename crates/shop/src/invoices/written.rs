//! What an invoice says, as the shop keeps it: its head, its sums and its lines, each a value or not there yet. A reading of
//! the file fills it, a person corrects it, and the checks of the crate `papers` are asked of it as a paper.
//!
//! How sure a value is, is not kept: a value that the file says is as sure as the reading of it, and one that a person wrote
//! is certain.

use gondola_ledger::{Day as LedgerDay, Money, Qty, UnitCost};
use gondola_papers::extract::{CERTAIN, Field, Header, Line, Paper, Party, Perception, RateSums, Source, Totals};
use gondola_papers::fiscal::{
    Cae, DocumentKind, DocumentNumber, DocumentType, Letter, TaxId, VatCondition, VatRate, VatTreatment,
};
use uuid::Uuid;

use crate::kernel::time::Day;

/// Lines of an invoice at most.
pub const LINES_MAX: usize = 500;
/// Sums of an invoice at most: every rate twice, every province once, and the rest.
pub const AMOUNTS_MAX: usize = 50;

/// Kinds of documents by their names in API and database.
pub const KINDS: [(&str, DocumentKind); 8] = [
    ("invoice", DocumentKind::Invoice),
    ("debit_note", DocumentKind::DebitNote),
    ("credit_note", DocumentKind::CreditNote),
    ("receipt", DocumentKind::Receipt),
    ("ticket", DocumentKind::Ticket),
    ("delivery_note", DocumentKind::DeliveryNote),
    ("informal", DocumentKind::Informal),
    ("price_list", DocumentKind::PriceList),
];

/// The kind of that name.
pub fn kind_from_code(code: &str) -> Option<DocumentKind> {
    KINDS.into_iter().find(|(name, _)| *name == code).map(|(_, kind)| kind)
}

/// The name of a kind.
pub fn kind_code(kind: DocumentKind) -> &'static str {
    KINDS.into_iter().find(|(_, known)| *known == kind).map_or("informal", |(name, _)| name)
}

/// What one sum of an invoice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountKind {
    /// Net of a rate.
    Net,
    /// VAT of a rate.
    Vat,
    /// Exempt of VAT.
    Exempt,
    /// Outside VAT.
    NotTaxed,
    /// Impuestos internos.
    Excise,
    /// Percepción de IVA.
    VatPerception,
    /// Percepción de ingresos brutos of a province.
    GrossIncome,
    /// Whatever else is added.
    Other,
}

impl AmountKind {
    /// All of them, in the order they are printed.
    pub const ALL: [Self; 8] = [
        Self::Net,
        Self::Vat,
        Self::Exempt,
        Self::NotTaxed,
        Self::Excise,
        Self::VatPerception,
        Self::GrossIncome,
        Self::Other,
    ];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Net => "net",
            Self::Vat => "vat",
            Self::Exempt => "exempt",
            Self::NotTaxed => "not_taxed",
            Self::Excise => "excise",
            Self::VatPerception => "vat_perception",
            Self::GrossIncome => "gross_income",
            Self::Other => "other",
        }
    }

    /// The one with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether it is said per rate of VAT.
    pub const fn has_rate(self) -> bool {
        matches!(self, Self::Net | Self::Vat)
    }
}

/// One sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// What it is.
    pub kind: AmountKind,
    /// The rate, of net and VAT.
    pub rate: Option<VatRate>,
    /// The province, of gross income; empty when nobody says.
    pub province: String,
    /// How much.
    pub amount: Money,
}

/// What stands above and below the table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// What the document is.
    pub kind: Option<DocumentKind>,
    /// Its letter.
    pub letter: Option<Letter>,
    /// Point of sale and number.
    pub number: Option<DocumentNumber>,
    /// The code it was authorised under, 14 digits.
    pub cae: Option<Cae>,
    /// Last day of that code.
    pub cae_due_on: Option<Day>,
    /// Day of issue.
    pub issued_on: Option<Day>,
    /// When it is to be paid.
    pub due_on: Option<Day>,
    /// The sums.
    pub amounts: Vec<Amount>,
    /// What is to be paid.
    pub total: Option<Money>,
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenLine {
    /// The supplier's code; empty when there is none.
    pub code: String,
    /// A barcode; empty when there is none.
    pub barcode: String,
    /// The description.
    pub about: String,
    /// As printed, with its sign.
    pub quantity: Option<Qty>,
    /// What the quantity counts, as printed; empty when it is not.
    pub unit: String,
    /// Units of a case, where the paper says so.
    pub units_per_case: Option<u32>,
    /// The price of what is counted.
    pub price: Option<UnitCost>,
    /// Hundredths of a per cent.
    pub discount_bp: i64,
    /// The VAT it carries.
    pub vat: Option<VatTreatment>,
    /// The amount of the line.
    pub subtotal: Option<Money>,
    /// Whether it is goods: freight and deposits are not.
    pub is_goods: bool,
    /// Which product it is.
    pub product: Option<Uuid>,
    /// How that is known.
    pub matched_by: Option<MatchedBy>,
    /// Its lot; empty when there is none.
    pub lot_code: String,
    /// Its last good day.
    pub expires_on: Option<Day>,
    /// How sure the reading of it was, 0 to 1000.
    pub confidence_permille: u16,
}

/// How it is known which product a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MatchedBy {
    /// Somebody said so.
    Person,
    /// The barcode.
    Barcode,
    /// The supplier's code.
    Code,
    /// The supplier's wording, or the product's name.
    Alias,
    /// The words are alike: a person looks.
    Likeness,
}

impl MatchedBy {
    const ALL: [Self; 5] = [Self::Person, Self::Barcode, Self::Code, Self::Alias, Self::Likeness];

    /// The name in API and database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Barcode => "barcode",
            Self::Code => "code",
            Self::Alias => "alias",
            Self::Likeness => "likeness",
        }
    }

    /// The one with that name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.code() == code)
    }

    /// How sure it is, of a thousand (`suppliers-and-purchasing.md`).
    pub const fn permille(self) -> u16 {
        match self {
            Self::Person | Self::Barcode | Self::Code => CERTAIN,
            Self::Alias => 900,
            Self::Likeness => 500,
        }
    }
}

impl WrittenLine {
    /// Whether somebody still has to say which product it is.
    pub fn awaits_product(&self) -> bool {
        self.is_goods && (self.product.is_none() || self.matched_by == Some(MatchedBy::Likeness))
    }
}

/// The codes of VAT on a line, as API and database have them.
pub fn vat_code(vat: VatTreatment) -> String {
    match vat {
        VatTreatment::Rate(rate) => rate_text(rate),
        VatTreatment::Exempt => "exempt".to_owned(),
        VatTreatment::NotTaxed => "not_taxed".to_owned(),
    }
}

/// The VAT of that code.
pub fn vat_from_code(code: &str) -> Option<VatTreatment> {
    match code {
        "exempt" => Some(VatTreatment::Exempt),
        "not_taxed" => Some(VatTreatment::NotTaxed),
        rate => rate_from_text(rate).map(VatTreatment::Rate),
    }
}

/// `21` or `10.5`.
pub fn rate_text(rate: VatRate) -> String {
    match (rate.permille() / 10, rate.permille() % 10) {
        (whole, 0) => whole.to_string(),
        (whole, tenth) => format!("{whole}.{tenth}"),
    }
}

/// The rate written so.
pub fn rate_from_text(text: &str) -> Option<VatRate> {
    VatRate::ALL.into_iter().find(|rate| rate_text(*rate) == text)
}

/// A day as the crates below the shop have it.
fn ledger_day(day: Day) -> LedgerDay {
    LedgerDay(day)
}

impl Head {
    /// The head of a paper that was read.
    pub fn of(header: &Header) -> Self {
        let day = |field: Option<Field<LedgerDay>>| field.map(|field| field.value.0);
        Self {
            kind: header.document.map(|field| field.value.kind),
            letter: header.document.and_then(|field| field.value.letter),
            number: header.number.map(|field| field.value),
            cae: header.cae.map(|field| field.value),
            cae_due_on: day(header.cae_due),
            issued_on: day(header.date),
            due_on: day(header.due),
            amounts: amounts(&header.totals),
            total: header.totals.total.map(|field| field.value),
        }
    }

    fn sums(&self, kind: AmountKind) -> impl Iterator<Item = &Amount> {
        self.amounts.iter().filter(move |amount| amount.kind == kind)
    }

    /// What all sums of a kind make; `None` beyond 64 bits.
    pub fn sum(&self, kind: AmountKind) -> Option<Money> {
        Money::checked_sum(self.sums(kind).map(|amount| amount.amount))
    }
}

fn amounts(totals: &Totals) -> Vec<Amount> {
    let of = |kind, field: Option<Field<Money>>| {
        field.map(|field| Amount { kind, rate: None, province: String::new(), amount: field.value })
    };
    let mut found = Vec::new();
    for RateSums { rate, net, vat } in &totals.by_rate {
        let parts = [(AmountKind::Net, net), (AmountKind::Vat, vat)];
        let parts = parts.into_iter().filter_map(|(kind, field)| of(kind, *field));
        found.extend(parts.map(|amount| Amount { rate: Some(*rate), ..amount }));
    }
    found.extend(of(AmountKind::Exempt, totals.exempt));
    found.extend(of(AmountKind::NotTaxed, totals.not_taxed));
    found.extend(of(AmountKind::Excise, totals.excise));
    found.extend(of(AmountKind::VatPerception, totals.vat_perception));
    found.extend(totals.gross_income.iter().map(|Perception { province, amount }| Amount {
        kind: AmountKind::GrossIncome,
        rate: None,
        province: province.clone(),
        amount: amount.value,
    }));
    found.extend(of(AmountKind::Other, totals.other));
    found
}

/// The lines of a paper that was read; which product each is, is looked up afterwards.
pub fn lines_of(paper: &Paper) -> Vec<WrittenLine> {
    paper.lines.iter().take(LINES_MAX).map(line_of).collect()
}

fn line_of(line: &Line) -> WrittenLine {
    let text = |field: &Option<Field<String>>| field.as_ref().map(|field| field.value.clone()).unwrap_or_default();
    let about = text(&line.description);
    WrittenLine {
        code: text(&line.code),
        barcode: text(&line.barcode),
        about: if about.is_empty() { line.raw.clone() } else { about },
        quantity: line.quantity.map(|field| field.value),
        unit: text(&line.unit),
        units_per_case: line.units_per_case.map(|field| field.value),
        price: line.price.map(|field| field.value),
        discount_bp: line.discount.map_or(0, |field| field.value),
        vat: line.vat.map(|field| field.value),
        subtotal: line.subtotal.map(|field| field.value),
        is_goods: true,
        product: None,
        matched_by: None,
        lot_code: String::new(),
        expires_on: None,
        confidence_permille: line.confidence_permille,
    }
}

/// What was printed about who sells, for the checks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seller {
    /// Their CUIT.
    pub tax_id: Option<TaxId>,
    /// Towards VAT.
    pub condition: Option<VatCondition>,
}

impl Seller {
    /// Who sells by a paper that was read.
    pub fn of(header: &Header) -> Self {
        Self {
            tax_id: header.seller.tax_id.map(|field| field.value),
            condition: header.seller.condition.map(|field| field.value),
        }
    }
}

/// The paper that head and lines make, every value certain: what a person wrote or saw is checked by its figures alone.
pub fn as_paper(head: &Head, lines: &[WrittenLine], seller: Seller) -> Paper {
    let document = head.kind.map(|kind| DocumentType { kind, letter: head.letter });
    let header = Header {
        document: document.map(typed),
        number: head.number.map(typed),
        cae: head.cae.map(typed),
        cae_due: head.cae_due_on.map(ledger_day).map(typed),
        date: head.issued_on.map(ledger_day).map(typed),
        due: head.due_on.map(ledger_day).map(typed),
        seller: Party { tax_id: seller.tax_id.map(typed), condition: seller.condition.map(typed) },
        buyer: Party::default(),
        totals: totals(head),
    };
    let lines = lines.iter().map(paper_line).collect();
    let mut paper = Paper { header, lines, doubts: Vec::new(), confidence_permille: 0 };
    paper.weigh();
    paper
}

pub(super) fn typed<T>(value: T) -> Field<T> {
    Field { value, confidence_permille: CERTAIN, source: Source::Typed, place: None }
}

fn totals(head: &Head) -> Totals {
    let one = |kind| head.sums(kind).next().map(|amount| typed(amount.amount));
    let mut totals = Totals {
        exempt: one(AmountKind::Exempt),
        not_taxed: one(AmountKind::NotTaxed),
        excise: one(AmountKind::Excise),
        vat_perception: one(AmountKind::VatPerception),
        other: one(AmountKind::Other),
        total: head.total.map(typed),
        ..Totals::default()
    };
    for amount in &head.amounts {
        let Some(rate) = amount.rate else { continue };
        let at = totals.by_rate.iter().position(|sums| sums.rate == rate).unwrap_or_else(|| {
            totals.by_rate.push(RateSums { rate, net: None, vat: None });
            totals.by_rate.len() - 1
        });
        match amount.kind {
            AmountKind::Vat => totals.by_rate[at].vat = Some(typed(amount.amount)),
            _ => totals.by_rate[at].net = Some(typed(amount.amount)),
        }
    }
    let perception = |amount: &Amount| Perception { province: amount.province.clone(), amount: typed(amount.amount) };
    totals.gross_income = head.sums(AmountKind::GrossIncome).map(perception).collect();
    totals
}

fn paper_line(line: &WrittenLine) -> Line {
    let text = |text: &String| (!text.is_empty()).then(|| typed(text.clone()));
    Line {
        code: text(&line.code),
        barcode: text(&line.barcode),
        description: text(&line.about),
        quantity: line.quantity.map(typed),
        unit: text(&line.unit),
        units_per_case: line.units_per_case.map(typed),
        price: line.price.map(typed),
        unit_price: None,
        discount: (line.discount_bp != 0).then(|| typed(line.discount_bp)),
        vat: line.vat.map(typed),
        subtotal: line.subtotal.map(typed),
        raw: line.about.clone(),
        confidence_permille: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M9: barcode and supplier's code 1.0, alias 0.9, likeness 0.5 (`suppliers-and-purchasing.md`); what somebody said is certain.
    #[test]
    fn a_match_is_as_sure_as_the_domain_says_and_likeness_waits_for_a_person() {
        let sure = ["barcode", "code", "person", "alias", "likeness"]
            .map(|code| MatchedBy::from_code(code).map(MatchedBy::permille));
        assert_eq!(sure, [Some(1_000), Some(1_000), Some(1_000), Some(900), Some(500)]);
        for way in MatchedBy::ALL {
            assert_eq!(MatchedBy::from_code(way.code()), Some(way));
        }
        assert_eq!(MatchedBy::from_code("guess"), None);
    }
}
