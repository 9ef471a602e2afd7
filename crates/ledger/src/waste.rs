//! Law: **a listed waste reason is recognised in whatever the person wrote; any other reason is kept as it is.** Reports group
//! by these six; nobody is forced to pick one.

/// The reasons for waste that reports tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WasteReason {
    /// Vencido.
    Expired,
    /// Roto.
    Broken,
    /// Robo.
    Theft,
    /// Error de carga.
    EntryError,
    /// Degustación.
    Tasting,
    /// Devolución.
    Return,
}

/// Folded word beginnings, Spanish first, and what they mean. "error" is handled apart: it needs its "carga".
const WORDS: [(&str, WasteReason); 22] = [
    ("vencid", WasteReason::Expired),
    ("vencio", WasteReason::Expired),
    ("vencier", WasteReason::Expired),
    ("caduc", WasteReason::Expired),
    ("expired", WasteReason::Expired),
    ("roto", WasteReason::Broken),
    ("rota", WasteReason::Broken),
    ("rotura", WasteReason::Broken),
    ("rompi", WasteReason::Broken),
    ("pinch", WasteReason::Broken),
    ("averiad", WasteReason::Broken),
    ("danad", WasteReason::Broken),
    ("broke", WasteReason::Broken),
    ("robo", WasteReason::Theft),
    ("robar", WasteReason::Theft),
    ("robad", WasteReason::Theft),
    ("hurto", WasteReason::Theft),
    ("theft", WasteReason::Theft),
    ("stolen", WasteReason::Theft),
    ("degust", WasteReason::Tasting),
    ("tasting", WasteReason::Tasting),
    ("devol", WasteReason::Return),
];

impl WasteReason {
    /// All reasons, in the order they are offered.
    pub const ALL: [Self; 6] =
        [Self::Expired, Self::Broken, Self::Theft, Self::EntryError, Self::Tasting, Self::Return];

    /// Stable name, as stored and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Broken => "broken",
            Self::Theft => "theft",
            Self::EntryError => "entry_error",
            Self::Tasting => "tasting",
            Self::Return => "return",
        }
    }

    /// The reason of that exact name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// The first listed reason the text speaks of; accents and case do not matter.
    pub fn recognise(text: &str) -> Option<Self> {
        let folded = fold(text);
        let words: Vec<&str> =
            folded.split(|letter: char| !letter.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        words.iter().enumerate().find_map(|(index, word)| {
            if matches!(*word, "error" | "errores") {
                let follows = &words[index + 1..];
                return follows.iter().take(3).any(|next| next.starts_with("carg")).then_some(Self::EntryError);
            }
            WORDS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, reason)| *reason)
        })
    }
}

/// Lower case without the accents Spanish uses, written composed or combining.
fn fold(text: &str) -> String {
    let plain = |letter: char| match letter {
        'á' | 'à' | 'ä' | 'â' => 'a',
        'é' | 'è' | 'ë' | 'ê' => 'e',
        'í' | 'ì' | 'ï' | 'î' => 'i',
        'ó' | 'ò' | 'ö' | 'ô' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ñ' => 'n',
        other => other,
    };
    let is_combining = |letter: &char| ('\u{300}'..='\u{36f}').contains(letter);
    text.chars().flat_map(char::to_lowercase).filter(|letter| !is_combining(letter)).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_six_listed_reasons_are_recognised_whatever_their_case_or_accents() {
        let cases = [
            ("vencido", WasteReason::Expired),
            ("VENCIDOS en la heladera", WasteReason::Expired),
            ("se venció ayer", WasteReason::Expired),
            ("roto", WasteReason::Broken),
            ("se pincharon", WasteReason::Broken),
            ("llegó dañado", WasteReason::Broken),
            ("Robo", WasteReason::Theft),
            ("error de carga", WasteReason::EntryError),
            ("ERROR EN LA CARGA", WasteReason::EntryError),
            ("degustación", WasteReason::Tasting),
            ("degustacio\u{301}n", WasteReason::Tasting),
            ("DEGUSTACION", WasteReason::Tasting),
            ("devolución", WasteReason::Return),
            ("devolucion del cliente, estaba roto", WasteReason::Return),
        ];
        for (text, reason) in cases {
            assert_eq!(WasteReason::recognise(text), Some(reason), "{text}");
        }
    }

    #[test]
    fn other_words_are_nobodys_reason() {
        for text in [
            "",
            "limpieza",
            "error",
            "error de precio",
            "error del precio en otra carga",
            "vence mañana",
            "protocolo",
            "carga",
            "consumo interno",
        ] {
            assert_eq!(WasteReason::recognise(text), None, "{text}");
        }
    }

    #[test]
    fn every_reason_is_found_by_its_own_code() {
        for reason in WasteReason::ALL {
            assert_eq!(WasteReason::from_code(reason.code()), Some(reason));
        }
    }
}
