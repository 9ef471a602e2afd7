//! What an assignment answers: a supplier with its reason, or a question with its candidates. Both can be read aloud.

use std::fmt;

use super::Supplier;

/// How sure an assignment is, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Confidence(u16);

impl Confidence {
    /// Whole certainty.
    pub const CERTAIN: Self = Self(1_000);

    /// The thousandths, 0 to 1,000.
    pub const fn per_mille(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Confidence {
    /// Two decimals, as the API writes it: `0.95`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 1_000, self.0 % 1_000 / 10)
    }
}

/// Why a supplier was chosen. Texts are as the shop's own data writes them, or words of the lexicon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason<'d> {
    /// The text names it.
    Named,
    /// The shop remembers it for this product.
    Memory,
    /// The brand is its own.
    OwnBrand(&'d str),
    /// It distributes the brand.
    DistributedBrand(&'d str),
    /// It alone is the specialist in this.
    Speciality(&'d str),
    /// The request is clear and nobody else's.
    Default(&'d str),
}

impl Reason<'_> {
    /// How sure this reason makes it.
    pub const fn confidence(self) -> Confidence {
        match self {
            Self::Named | Self::Memory => Confidence::CERTAIN,
            Self::OwnBrand(_) => Confidence(950),
            Self::DistributedBrand(_) => Confidence(900),
            Self::Speciality(_) => Confidence(800),
            Self::Default(_) => Confidence(500),
        }
    }
}

/// Why nobody was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt<'d> {
    /// Several suppliers answer to this name, brand or speciality.
    Several(&'d str),
    /// The bare name of a family: type or brand are missing.
    Family(&'d str),
    /// A brand that is also a common word, without its product or its capital.
    CommonWord(&'d str),
    /// A brand that the goods only go with or resemble, as in "tipo Oreo".
    Beside(&'d str),
    /// No word that is known.
    Unknown,
    /// No word at all.
    Empty,
    /// More than [`SENTENCE_CHARS_MAX`](crate::text::SENTENCE_CHARS_MAX) characters.
    TooLong,
}

/// Whose goods they are, or who could have them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignment<'d> {
    /// One supplier, and why.
    To {
        /// The supplier.
        supplier: &'d Supplier,
        /// Why.
        reason: Reason<'d>,
    },
    /// A person has to say.
    Ask {
        /// Who could have them, the likeliest first; may be nobody.
        candidates: Vec<&'d Supplier>,
        /// Why it is not clear.
        doubt: Doubt<'d>,
    },
}

impl<'d> Assignment<'d> {
    /// The code of the chosen supplier.
    pub fn code(&self) -> Option<&'d str> {
        match self {
            Self::To { supplier, .. } => Some(&supplier.code),
            Self::Ask { .. } => None,
        }
    }

    /// How sure it is; nothing when it asks.
    pub fn confidence(&self) -> Option<Confidence> {
        match self {
            Self::To { reason, .. } => Some(reason.confidence()),
            Self::Ask { .. } => None,
        }
    }

    /// The reason or the question in the shop's language.
    pub fn in_spanish(&self) -> String {
        match self {
            Self::To { supplier, reason } => {
                let name = supplier.trade_name();
                match reason {
                    Reason::Named => format!("El pedido nombra a {name}"),
                    Reason::Memory => format!("Este producto se compra a {name}"),
                    Reason::OwnBrand(brand) => format!("{brand} es marca de {name}"),
                    Reason::DistributedBrand(brand) => format!("{name} distribuye {brand}"),
                    Reason::Speciality(word) => format!("{name} es el especialista en {word}"),
                    Reason::Default(word) => format!("Nadie trae {word} en especial: va a {name}"),
                }
            }
            Self::Ask { candidates, doubt } => {
                let offer = offer(candidates, ["A ", ", a ", " o a ", "A quién"]);
                match doubt {
                    Doubt::Several(word) => format!("Hay más de un proveedor de {word}. ¿{offer}?"),
                    Doubt::Family(word) => format!("Falta decir qué tipo o marca de {word}. ¿{offer}?"),
                    Doubt::CommonWord(brand) => format!("¿Es {brand} la marca? {brand} también es una palabra común"),
                    Doubt::Beside(brand) => format!("{brand} acompaña al producto y no dice de quién es. ¿{offer}?"),
                    Doubt::Unknown => format!("Ninguna palabra dice de quién es. ¿{offer}?"),
                    Doubt::Empty => "No hay nada escrito".to_owned(),
                    Doubt::TooLong => "El texto es demasiado largo: hasta 1.000 caracteres".to_owned(),
                }
            }
        }
    }

    /// The reason or the question in English.
    pub fn in_english(&self) -> String {
        match self {
            Self::To { supplier, reason } => {
                let name = supplier.trade_name();
                match reason {
                    Reason::Named => format!("The request names {name}"),
                    Reason::Memory => format!("This product is bought from {name}"),
                    Reason::OwnBrand(brand) => format!("{brand} is a brand of {name}"),
                    Reason::DistributedBrand(brand) => format!("{name} distributes {brand}"),
                    Reason::Speciality(word) => format!("{name} is the specialist in {word}"),
                    Reason::Default(word) => format!("Nobody in particular brings {word}: it goes to {name}"),
                }
            }
            Self::Ask { candidates, doubt } => {
                let offer = offer(candidates, ["From ", ", ", " or ", "From whom"]);
                match doubt {
                    Doubt::Several(word) => format!("More than one supplier brings {word}. {offer}?"),
                    Doubt::Family(word) => format!("The type or the brand of {word} is missing. {offer}?"),
                    Doubt::CommonWord(brand) => format!("Is {brand} the brand? {brand} is a common word too"),
                    Doubt::Beside(brand) => {
                        format!("{brand} goes with the product and does not say whose it is. {offer}?")
                    }
                    Doubt::Unknown => format!("No word says whose it is. {offer}?"),
                    Doubt::Empty => "Nothing is written".to_owned(),
                    Doubt::TooLong => "The text is too long: up to 1,000 characters".to_owned(),
                }
            }
        }
    }
}

/// The candidates as a question: how it begins, what stands between two, what before the last, and what is asked when
/// there is nobody.
fn offer(candidates: &[&Supplier], [begin, between, or, whom]: [&str; 4]) -> String {
    let names: Vec<&str> = candidates.iter().map(|supplier| supplier.trade_name()).collect();
    match names.as_slice() {
        [] => whom.to_owned(),
        [only] => format!("{begin}{only}"),
        [first @ .., last] => format!("{begin}{}{or}{last}", first.join(between)),
    }
}
