//! Codes of a product besides its SKU (`kernel::text`) and its barcodes (`barcode.rs`): the shop's
//! own number, and the number the scale prints on its labels.

use crate::kernel::Text;

/// Characters of an internal code at most.
pub const INTERNAL_CODE_MAX: usize = 30;
/// Digits of a scale's PLU, as in the labels it prints.
pub const PLU_DIGITS: usize = 5;

/// Why a code is not taken: a stable code and what would be accepted.
pub type CodeError = (&'static str, Text);

/// Reads an internal code: trimmed, upper-cased, 1 to 30 of A–Z, 0–9, `_` and `-`.
///
/// # Errors
/// What would be accepted.
pub fn parse_internal_code(text: &str) -> Result<String, CodeError> {
    let code = text.trim().to_ascii_uppercase();
    let good = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if (1..=INTERNAL_CODE_MAX).contains(&code.len()) && code.bytes().all(good) {
        return Ok(code);
    }
    let es = format!(
        "El código interno lleva de 1 a {INTERNAL_CODE_MAX} letras sin acento, números, guiones o guiones bajos."
    );
    let en = format!(
        "The internal code has 1 to {INTERNAL_CODE_MAX} letters without accents, digits, hyphens or underscores."
    );
    Err(("bad_internal_code", Text::new(es, en)))
}

/// Reads a scale's PLU: 1 to 5 digits, kept with leading zeros as the scale prints it.
///
/// # Errors
/// What would be accepted.
pub fn parse_plu(text: &str) -> Result<String, CodeError> {
    let digits = text.trim();
    let good = (1..=PLU_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if good {
        return Ok(format!("{digits:0>PLU_DIGITS$}"));
    }
    Err(("bad_plu", Text::new("El PLU de balanza lleva de 1 a 5 números.", "A scale's PLU has 1 to 5 digits.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_internal_code_is_trimmed_and_upper_cased() {
        assert_eq!(parse_internal_code(" a-17 ").unwrap(), "A-17");
        for bad in ["", "  ", "Ñ1", "A B", &"X".repeat(31), "A\u{0}"] {
            assert_eq!(parse_internal_code(bad).unwrap_err().0, "bad_internal_code", "{bad:?}");
        }
    }

    #[test]
    fn a_plu_is_kept_as_the_scale_prints_it() {
        assert_eq!(parse_plu("123").unwrap(), "00123");
        assert_eq!(parse_plu("00042").unwrap(), "00042");
        for bad in ["", "123456", "12a", "-1"] {
            assert_eq!(parse_plu(bad).unwrap_err().0, "bad_plu", "{bad}");
        }
    }
}
