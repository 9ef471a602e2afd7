//! What a document is: its letter, its kind, the authority's code for both together, and its number.

use std::fmt;

/// The letter in the box at the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Letter {
    /// Between registered taxpayers and to monotributo: VAT apart.
    A,
    /// To consumers and the exempt: VAT inside.
    B,
    /// From who charges no VAT.
    C,
    /// Exports.
    E,
    /// From a registered taxpayer under review.
    M,
    /// Delivery notes.
    R,
    /// Without fiscal value.
    X,
}

impl Letter {
    /// Every letter.
    pub const ALL: [Self; 7] = [Self::A, Self::B, Self::C, Self::E, Self::M, Self::R, Self::X];

    /// As printed.
    pub const fn text(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::E => "E",
            Self::M => "M",
            Self::R => "R",
            Self::X => "X",
        }
    }

    /// Reads exactly one letter.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|letter| letter.text() == text)
    }
}

/// What sort of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// Factura.
    Invoice,
    /// Nota de débito.
    DebitNote,
    /// Nota de crédito.
    CreditNote,
    /// Recibo.
    Receipt,
    /// Tique factura or tique of a fiscal printer.
    Ticket,
    /// Remito.
    DeliveryNote,
    /// Presupuesto or any paper without fiscal value.
    Informal,
    /// Lista de precios.
    PriceList,
}

/// Kind and letter together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DocumentType {
    /// What sort of document.
    pub kind: DocumentKind,
    /// The letter, where there is one.
    pub letter: Option<Letter>,
}

const fn coded(code: u16, kind: DocumentKind, letter: Letter) -> (u16, DocumentType) {
    (code, DocumentType { kind, letter: Some(letter) })
}

/// The authority's codes. 91 is that of delivery notes.
const CODES: [(u16, DocumentType); 22] = [
    coded(1, DocumentKind::Invoice, Letter::A),
    coded(2, DocumentKind::DebitNote, Letter::A),
    coded(3, DocumentKind::CreditNote, Letter::A),
    coded(4, DocumentKind::Receipt, Letter::A),
    coded(6, DocumentKind::Invoice, Letter::B),
    coded(7, DocumentKind::DebitNote, Letter::B),
    coded(8, DocumentKind::CreditNote, Letter::B),
    coded(9, DocumentKind::Receipt, Letter::B),
    coded(11, DocumentKind::Invoice, Letter::C),
    coded(12, DocumentKind::DebitNote, Letter::C),
    coded(13, DocumentKind::CreditNote, Letter::C),
    coded(15, DocumentKind::Receipt, Letter::C),
    coded(19, DocumentKind::Invoice, Letter::E),
    coded(20, DocumentKind::DebitNote, Letter::E),
    coded(21, DocumentKind::CreditNote, Letter::E),
    coded(51, DocumentKind::Invoice, Letter::M),
    coded(52, DocumentKind::DebitNote, Letter::M),
    coded(53, DocumentKind::CreditNote, Letter::M),
    coded(81, DocumentKind::Ticket, Letter::A),
    coded(82, DocumentKind::Ticket, Letter::B),
    (83, DocumentType { kind: DocumentKind::Ticket, letter: None }),
    coded(91, DocumentKind::DeliveryNote, Letter::R),
];

impl DocumentType {
    /// The type of a code; `None` for the many that a shop's suppliers never use.
    pub fn from_code(code: u16) -> Option<Self> {
        CODES.iter().find(|known| known.0 == code).map(|known| known.1)
    }

    /// The code, where the authority has one.
    pub fn code(self) -> Option<u16> {
        CODES.iter().find(|known| known.1 == self).map(|known| known.0)
    }
}

/// Point of sale and number: `00003-00001234`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DocumentNumber {
    point_of_sale: u32,
    number: u32,
}

/// Largest point of sale: five digits.
const POINT_MAX: u32 = 99_999;
/// Largest number: eight digits.
const NUMBER_MAX: u32 = 99_999_999;

impl DocumentNumber {
    /// From its parts; `None` when either is zero or too long.
    pub const fn new(point_of_sale: u32, number: u32) -> Option<Self> {
        if point_of_sale == 0 || point_of_sale > POINT_MAX || number == 0 || number > NUMBER_MAX {
            return None;
        }
        Some(Self { point_of_sale, number })
    }

    /// Reads `00003-00001234`, also with the four digits that older papers print.
    pub fn parse(text: &str) -> Option<Self> {
        let (point, number) = text.split_once('-')?;
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let has_length = (1..=5).contains(&point.len()) && (1..=8).contains(&number.len());
        if !has_length || !is_digits(point) || !is_digits(number) {
            return None;
        }
        Self::new(point.parse().ok()?, number.parse().ok()?)
    }

    /// The point of sale (punto de venta).
    pub const fn point_of_sale(self) -> u32 {
        self.point_of_sale
    }

    /// The number within its point of sale.
    pub const fn number(self) -> u32 {
        self.number
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}-{:08}", self.point_of_sale, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// M24: the codes of `argentina.md`.
    #[test]
    fn codes_come_in_threes_by_letter() {
        use DocumentKind::{CreditNote, DebitNote, Invoice, Receipt};
        let letters = [(Letter::A, [1, 2, 3, 4]), (Letter::B, [6, 7, 8, 9]), (Letter::C, [11, 12, 13, 15])];
        for (letter, codes) in letters {
            for (kind, code) in [Invoice, DebitNote, CreditNote, Receipt].into_iter().zip(codes) {
                let document = DocumentType { kind, letter: Some(letter) };
                assert_eq!((document.code(), DocumentType::from_code(code)), (Some(code), Some(document)));
            }
        }
        for (letter, codes) in [(Letter::E, [19, 20, 21]), (Letter::M, [51, 52, 53])] {
            for (kind, code) in [Invoice, DebitNote, CreditNote].into_iter().zip(codes) {
                assert_eq!(DocumentType::from_code(code), Some(DocumentType { kind, letter: Some(letter) }));
            }
        }
        assert!([81, 82, 83].iter().all(|code| DocumentType::from_code(*code).unwrap().kind == DocumentKind::Ticket));
        assert_eq!((DocumentType::from_code(0), DocumentType::from_code(5)), (None, None));
    }

    /// M24.
    #[test]
    fn a_number_has_five_digits_and_eight() {
        let number = DocumentNumber::parse("00003-00001234").unwrap();
        assert_eq!(number.to_string(), "00003-00001234");
        assert_eq!(DocumentNumber::parse("0003-00001234"), Some(number));
        for text in
            ["", "-", "00003", "00000-00001234", "00003-00000000", "000003-1", "3-123456789", "a-1", "3-1-1", "٣-1"]
        {
            assert_eq!(DocumentNumber::parse(text), None, "{text}");
        }
    }

    /// M24.
    #[test]
    fn a_letter_is_one_capital() {
        assert_eq!((Letter::parse("M"), Letter::parse("a"), Letter::parse("AB")), (Some(Letter::M), None, None));
    }
}
