//! Texts as they are kept, searched and compared, and the codes that people type.

use gondola_shop::catalogue::{parse_internal_code, parse_plu};
use gondola_shop::kernel::text::{
    Sku, clean_line, clean_text, fold, nfc, plain_letters, similarity_per_mille, slug, trigrams,
};
use gondola_shop::stock::ProductRef;
use gondola_store::Scopes;
use gondola_store::audit::AuditHead;

use crate::fuzz::Fuzz;

/// Rounds in CI.
const TEXTS: u64 = 15_000;
/// Characters of the fields in these tests.
const MAX: usize = 200;

const NAMES: [&str; 9] = [
    "Leche La Serenísima 1 L",
    "Coca-Cola 2,25 L",
    "  Ñandú, «PEÑA»  Café-Crème ",
    "uno\r\ndos\rtres\tcuatro",
    "mate 🧉👨‍👩‍👧",
    "½ kg ﬁno ①",
    "İstanbul STRAẞE ΣΊΣΥΦΟΣ",
    "각 한국어 ｶﾀｶﾅ",
    "e\u{301}\u{327} \u{1E9B}\u{323}",
];
const LETTERS: [&str; 20] = [
    "ñ",
    "Ñ",
    "n\u{303}",
    "ß",
    "ẞ",
    "ı",
    "İ",
    "ﬃ",
    "ς",
    "Σ",
    "\u{345}",
    "\u{1F3}",
    "Ⅷ",
    "℡",
    "\u{2126}",
    "\u{212A}",
    "\u{1D15E}",
    " ",
    "'",
    "\u{200D}",
];

/// What no line of the shop holds.
fn unseen(letter: char) -> bool {
    let code = u32::from(letter);
    code < 32
        || (127..160).contains(&code)
        || "\u{2028}\u{2029}\u{202A}\u{202B}\u{202C}\u{202D}\u{202E}\u{2066}\u{2067}\u{2068}\u{2069}\u{FEFF}"
            .contains(letter)
}

#[test]
fn a_damaged_line_is_kept_clean_or_refused() {
    Fuzz::new("lines", TEXTS, NAMES, &LETTERS).each_text(|text| {
        let composed = nfc(text.trim());
        let good = composed.chars().count() <= MAX && !composed.chars().any(unseen);
        let line = clean_line(text, MAX);
        assert_eq!(line.as_deref().ok(), good.then_some(composed.as_str()), "{text:?}");
        assert_eq!(
            plain_letters(text, MAX).is_ok(),
            text.chars().count() <= MAX && !text.chars().any(unseen),
            "{text:?}"
        );
        if let Ok(note) = clean_text(text, MAX) {
            assert!(
                !note.chars().any(|letter| unseen(letter) && letter != '\n' && letter != '\t'),
                "{text:?}: {note:?}"
            );
            assert_eq!(clean_text(&note, MAX).as_ref(), Ok(&note), "{text:?}: what is kept is kept again as itself");
        }
        let Ok(line) = line else { return false };
        assert_eq!(clean_line(&line, MAX).as_ref(), Ok(&line), "{text:?}: what is kept is kept again as itself");
        true
    });
}

#[test]
fn a_damaged_text_is_searched_by_its_letters_and_digits_alone() {
    Fuzz::new("folding", TEXTS, NAMES, &LETTERS).each_text(|text| {
        let folded = fold(text);
        assert_eq!(fold(&folded), folded, "{text:?}: folded is folded");
        assert!(!folded.contains("  ") && folded.trim() == folded, "{text:?}: {folded:?}");
        assert!(folded.chars().all(|letter| letter == ' ' || letter.is_alphanumeric()), "{text:?}: {folded:?}");
        let slug = slug(text);
        assert!(
            slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'),
            "{slug:?}"
        );
        assert!(trigrams(text).iter().all(|run| folded.contains(run.as_str()) && run.chars().count() == 3), "{text:?}");
        // Names are compared when they are kept, which is when they have their length.
        let name: String = text.chars().take(MAX).collect();
        let alike = similarity_per_mille(&name, NAMES[0]);
        assert!(alike <= 1000 && similarity_per_mille(&name, &name) == 1000, "{text:?}: {alike}");
        folded.len() > 3 && slug.len() > 3
    });
}

const CODES: [&str; 10] = [
    "LAC-LS-SACH",
    " lac-ls_sach1 ",
    "sku:QUE-CREMOSO",
    "0193f2c4-8d1e-7c3a-9b5f-1a2b3c4d5e6f",
    "A-17",
    "00042",
    "123",
    "read,write",
    "metrics",
    "12:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
];
const PARTS: [&str; 14] =
    ["sku:", "-", "_", ",", ":", " ", "{", "}", "urn:uuid:", "admin", "0", "A", "Ñ", "ffffffffffffffff"];

/// The trimmed text in upper case if it is of that many plain letters, digits, dashes and underscores.
fn plain_code(text: &str, many: usize) -> Option<String> {
    let code: String = text.trim().chars().map(|letter| letter.to_ascii_uppercase()).collect();
    let plain = |letter: char| "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-".contains(letter);
    (!code.is_empty() && code.len() <= many && code.chars().all(plain)).then_some(code)
}

#[test]
fn a_damaged_code_is_read_as_itself_or_refused() {
    Fuzz::new("codes", TEXTS, CODES, &PARTS).each_text(|text| {
        let sku = Sku::parse(text).ok().map(|sku| sku.to_string());
        assert_eq!(sku, plain_code(text, 40), "{text:?} as a SKU");
        assert_eq!(parse_internal_code(text).ok(), plain_code(text, 30), "{text:?} as an internal code");
        let plu = text.trim();
        let digits = (1..=5).contains(&plu.len()) && plu.chars().all(|letter| "0123456789".contains(letter));
        assert_eq!(parse_plu(text).ok(), digits.then(|| format!("{plu:0>5}")), "{text:?} as a PLU");
        let product = ProductRef::parse(text);
        if let Some(product) = &product {
            assert_eq!(ProductRef::parse(&product.to_string()).as_ref(), Some(product), "{text:?} as a product");
        }
        if let Some(named) = text.strip_prefix("sku:").filter(|_| text.chars().count() <= 64) {
            assert_eq!(
                product.map(|product| product.to_string()),
                plain_code(named, 40).map(|sku| format!("sku:{sku}"))
            );
        }
        if let Ok(scopes) = Scopes::parse(text) {
            assert_eq!(Scopes::parse(&scopes.codes().join(",")), Ok(scopes), "{text:?} as scopes");
        }
        if let Ok(head) = text.parse::<AuditHead>() {
            assert_eq!(head.to_string().parse(), Ok(head), "{text:?} as a head of the trail");
        }
        sku.is_some()
    });
}
