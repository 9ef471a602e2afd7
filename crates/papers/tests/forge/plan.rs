//! Decides what a paper is, from its seed: which supplier's profile, which letter, which columns, how many lines, and how it
//! is set. What the lines say is in `script`; where things stand on the page is in `sheet` and `roll`.

use super::columns::{Column, Layout};
use super::dice::Dice;
use super::face::Face;
use super::suppliers::{self, Supplier};
use super::truth::{Condition, Kind, Letter, Per};
use super::words::{DateStyle, TaxIdStyle};

/// What distinguishes one paper from another before a word is written.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What sort of paper.
    pub kind: Kind,
    /// The letter; a list of prices has none.
    pub letter: Option<Letter>,
    /// ARCA's code, where there is one.
    pub code: Option<u16>,
    /// Who sells.
    pub supplier: Supplier,
    /// What the buyer is towards VAT.
    pub buyer: Condition,
    /// How that supplier fills a line.
    pub profile: Profile,
    /// The table's columns, in their order.
    pub columns: Vec<Column>,
    /// How the paper is set.
    pub style: Style,
}

/// How a supplier fills a line.
#[derive(Debug, Clone, Copy)]
pub struct Profile {
    /// What quantities count and prices are for.
    pub per: Per,
    /// Where the units of a case are said.
    pub pack: Pack,
    /// Decimals of a price.
    pub places: u32,
    /// Do quantities carry a minus?
    pub sign: i64,
    /// Digits of the supplier's own code.
    pub code_digits: usize,
}

/// Where a paper says how many units a case has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pack {
    /// Nowhere.
    Unsaid,
    /// In the name: 20X500, 3X12X118.
    Name,
    /// In a column.
    Column,
}

/// The look of a paper.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Letter forms.
    pub face: Face,
    /// Size of running text in tenths of a point.
    pub size: i32,
    /// From one row to the next, in tenths of a point.
    pub leading: i32,
    /// Rows on a page.
    pub rows_max: usize,
    /// White between columns, in tenths of a point; much of it leaves long descriptions no room in one row.
    pub gap: i32,
    /// How dates are written.
    pub dates: DateStyle,
    /// How tax numbers are written.
    pub tax_ids: TaxIdStyle,
    /// Where the sums stand.
    pub sums: SumsPlace,
    /// How the number is written.
    pub numbering: Numbering,
    /// Where the seller stands.
    pub seller: Side,
    /// What is ruled between rows.
    pub rules: Rules,
    /// Before an amount at the foot.
    pub currency: &'static str,
    /// The words beside the values.
    pub labels: Labels,
}

/// The words that a paper puts beside its values.
#[derive(Debug, Clone, Copy)]
pub struct Labels {
    /// Before the day of issue.
    pub date: &'static str,
    /// Before a net amount.
    pub net: &'static str,
    /// Before the VAT of a rate.
    pub vat: &'static str,
    /// Before the perception of VAT.
    pub vat_perception: &'static str,
    /// Before what is to be paid.
    pub total: &'static str,
    /// Before the fourteen digits.
    pub cae: &'static str,
}

/// Where the sums stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumsPlace {
    /// One under another, at the right.
    Stack,
    /// Side by side, names above amounts.
    Band,
}

/// How the number of a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbering {
    /// Nº 00003-00001234.
    Joined,
    /// Punto de Venta: 00003   Comp. Nro: 00001234.
    Apart,
    /// A-00003-00001234.
    Lettered,
}

/// A side of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Left.
    Left,
    /// Right.
    Right,
}

/// Lines drawn in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// Under the headings only.
    Heading,
    /// Under every row.
    Rows,
    /// A frame and lines between columns.
    Columns,
}

/// Sixteen sorts of paper, so that any sixteen seeds in a row hold all of them.
pub const SORTS: u64 = 16;

/// The plan of a seed.
pub fn plan(seed: u64, dice: &mut Dice) -> Plan {
    use Letter::{A, B, C, M, R, X};
    let learned = dice.one_of(&suppliers::LEARNED);
    let taxpayer = dice.one_of(&[Condition::Registered, Condition::Monotributo]);
    let consumer = Condition::FinalConsumer;
    let (kind, letter, supplier, buyer) = match seed % SORTS {
        0 => (Kind::Invoice, Some(A), suppliers::FA, taxpayer),
        1 => (Kind::Invoice, Some(A), suppliers::ACE, taxpayer),
        2 => (Kind::Invoice, Some(A), suppliers::TER, taxpayer),
        3 => (Kind::Invoice, Some(A), suppliers::GA, taxpayer),
        4 => (Kind::Informal, Some(X), suppliers::FR, taxpayer),
        5 => (Kind::Invoice, Some(A), suppliers::MAX, taxpayer),
        6 => (Kind::PriceList, None, suppliers::BC, taxpayer),
        7 | 14 => (Kind::Invoice, Some(A), learned, taxpayer),
        8 => (Kind::Invoice, Some(B), learned, consumer),
        9 => (Kind::Invoice, Some(C), dice.one_of(&suppliers::SMALL), taxpayer),
        10 => (Kind::Invoice, Some(M), dice.one_of(&[suppliers::ACE, suppliers::GA, learned]), Condition::Registered),
        11 if dice.one_in(2) => (Kind::Ticket, Some(A), suppliers::MAX, taxpayer),
        11 => (Kind::Ticket, Some(B), suppliers::MAX, consumer),
        12 => (Kind::DeliveryNote, Some(R), dice.one_of(&[suppliers::FA, suppliers::TER, learned]), taxpayer),
        13 => (Kind::CreditNote, Some(A), dice.one_of(&[suppliers::FA, suppliers::GA, learned]), taxpayer),
        _ => (Kind::Invoice, Some(B), suppliers::MAX, consumer),
    };
    let profile = profile(&supplier, dice);
    let columns = Layout { kind, letter, profile }.columns(&supplier, dice);
    let code = letter.and_then(|letter| document_code(kind, letter));
    Plan { kind, letter, code, supplier, buyer, profile, columns, style: style(kind, dice) }
}

/// ARCA's code of a kind and a letter.
pub const fn document_code(kind: Kind, letter: Letter) -> Option<u16> {
    match (kind, letter) {
        (Kind::Invoice, Letter::A) => Some(1),
        (Kind::CreditNote, Letter::A) => Some(3),
        (Kind::Invoice, Letter::B) => Some(6),
        (Kind::Invoice, Letter::C) => Some(11),
        (Kind::Invoice, Letter::M) => Some(51),
        (Kind::Ticket, Letter::A) => Some(81),
        (Kind::Ticket, Letter::B) => Some(82),
        (Kind::DeliveryNote, Letter::R) => Some(91),
        _ => None,
    }
}

fn profile(supplier: &Supplier, dice: &mut Dice) -> Profile {
    let case = |pack, code_digits| Profile { per: Per::Case, pack, places: 2, sign: 1, code_digits };
    let unit = |places, code_digits| Profile { per: Per::Unit, pack: Pack::Unsaid, places, sign: 1, code_digits };
    match supplier.code {
        "FA" => case(Pack::Name, 4),
        "ACE" => unit(4, 6),
        "TER" => Profile { sign: -1, ..case(Pack::Name, 6) },
        "GA" => case(Pack::Column, 3),
        "MAX" => case(Pack::Column, 5),
        "BC" => unit(4, 4),
        "FR" | "" => unit(2, 3),
        _ => dice.one_of(&[case(Pack::Column, 7), case(Pack::Unsaid, 5), unit(2, 8)]),
    }
}

fn style(kind: Kind, dice: &mut Dice) -> Style {
    let face = match kind {
        Kind::Ticket => Face::Mono,
        Kind::Informal => dice.one_of(&[Face::Script, Face::Serif, Face::Mono]),
        _ => dice.one_of(&[Face::Sans, Face::Sans, Face::Serif, Face::Mono]),
    };
    let size = match face {
        Face::Mono => dice.one_of(&[75, 80]),
        _ => dice.one_of(&[80, 85, 90]),
    };
    Style {
        face,
        size,
        leading: size * 3 / 2 + dice.one_of(&[0, 20, 40]),
        rows_max: dice.one_of(&[14, 18, 22]),
        gap: dice.one_of(&[80, 80, 160]),
        dates: dice.one_of(&[DateStyle::Slashes, DateStyle::Slashes, DateStyle::Short, DateStyle::Dashes]),
        tax_ids: dice.one_of(&[TaxIdStyle::Dashed, TaxIdStyle::Dashed, TaxIdStyle::Plain]),
        sums: dice.one_of(&[SumsPlace::Stack, SumsPlace::Stack, SumsPlace::Band]),
        numbering: dice.one_of(&[Numbering::Joined, Numbering::Apart, Numbering::Lettered]),
        seller: dice.one_of(&[Side::Left, Side::Left, Side::Right]),
        rules: dice.one_of(&[Rules::Heading, Rules::Rows, Rules::Columns]),
        currency: dice.one_of(&["", "", "$ "]),
        labels: labels(dice),
    }
}

fn labels(dice: &mut Dice) -> Labels {
    Labels {
        date: dice.one_of(&["Fecha:", "Fecha de Emisión:", "FECHA"]),
        net: dice.one_of(&["Neto Gravado", "Subtotal Gravado", "Imp. Neto Gravado"]),
        vat: dice.one_of(&["IVA", "I.V.A.", "IVA Inscripto"]),
        vat_perception: dice.one_of(&["Percepción IVA", "Perc. IVA RG 5329"]),
        total: dice.one_of(&["TOTAL", "Total", "Importe Total", "TOTAL $"]),
        cae: dice.one_of(&["CAE Nº:", "C.A.E.:", "CAE N°"]),
    }
}
