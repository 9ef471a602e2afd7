//! How the demo shop's codes are made: barcodes with their right check digit, and the short words of a SKU. The barcodes stand
//! under `77999`, so they read as Argentine and belong to nobody. Not here: reading codes that come from a scanner.

/// Prefix of every generated EAN-13.
const PREFIX: &str = "77999";
/// Products that fit in the four digits a barcode has for them.
pub const PRODUCTS_MAX: usize = 10_000;
/// Words that say nothing in a SKU.
const SILENT: [&str; 8] = ["de", "del", "la", "el", "y", "al", "en", "para"];

/// The EAN-13 of a product's form: 0 is the unit, 1 and above its packs.
///
/// # Panics
/// Beyond 99 suppliers, 9 packs or [`PRODUCTS_MAX`] products: another product would have the same code.
pub fn ean13(supplier: usize, product: usize, form: usize) -> String {
    assert!(supplier < 100 && form < 10 && product < PRODUCTS_MAX, "the code has no digits left");
    with_check_digit(format!("{PREFIX}{supplier:02}{form}{product:04}"))
}

/// The ITF-14 of the case that holds a unit: packaging level 1, the unit's digits, a new check digit.
pub fn itf14(unit: &str) -> String {
    with_check_digit(format!("1{}", &unit[..unit.len() - 1]))
}

/// Weights 3 and 1 from the right, as GS1 gives them for every length.
fn with_check_digit(mut digits: String) -> String {
    let weighted = digits.bytes().rev().zip([3, 1].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    digits.push(char::from_digit((10 - sum % 10) % 10, 10).expect("a remainder of ten is a digit"));
    digits
}

/// A name as a part of a SKU: four letters of one word, three of each of the first two.
pub fn word_code(name: &str) -> String {
    let plain = plain_upper(name);
    let words: Vec<&str> =
        plain.split_whitespace().filter(|word| !SILENT.contains(&word.to_lowercase().as_str())).collect();
    match words.as_slice() {
        [] => plain.replace(' ', ""),
        [word] => word.chars().take(4).collect(),
        [first, second, ..] => first.chars().take(3).chain(second.chars().take(3)).collect(),
    }
}

/// Upper case without accents; whatever is neither letter nor digit separates words, but an apostrophe or a point joins them.
fn plain_upper(text: &str) -> String {
    let plain = |letter: char| match letter {
        'á' => Some('A'),
        'é' => Some('E'),
        'í' => Some('I'),
        'ó' => Some('O'),
        'ú' | 'ü' => Some('U'),
        'ñ' => Some('N'),
        '\'' | '.' => None,
        other if other.is_ascii_alphanumeric() => Some(other.to_ascii_uppercase()),
        _ => Some(' '),
    };
    text.to_lowercase().chars().filter_map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `argentina.md`, Barcodes.
    #[test]
    fn check_digits_are_those_of_the_known_codes() {
        assert_eq!(with_check_digit("779079536800".to_owned()), "7790795368005");
        assert_eq!(with_check_digit("779123456789".to_owned()), "7791234567898");
        assert_eq!(itf14("7790795368005"), "17790795368002");
    }

    #[test]
    fn each_form_of_each_product_has_its_own_code() {
        assert_ne!(ean13(3, 1, 0), ean13(3, 1, 1));
        assert_ne!(ean13(3, 1, 0), ean13(4, 1, 0));
        assert_eq!(ean13(11, 9_999, 9).len(), 13);
    }

    #[test]
    fn a_variant_becomes_a_short_word() {
        for (name, code) in [
            ("Clásica", "CLAS"),
            ("Dulce de leche", "DULLEC"),
            ("Sin gas", "SINGAS"),
            ("Sal", "SAL"),
            ("24.7", "247"),
            ("Extra Packam's", "EXTPAC"),
            ("Ñoquis", "NOQU"),
        ] {
            assert_eq!(word_code(name), code);
        }
    }
}
