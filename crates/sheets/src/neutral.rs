//! Cells that a spreadsheet would run as a formula, made harmless on the way out and restored on the way in (CSV-2).
//!
//! A text that begins with `=`, `+`, `-`, `@`, tab or CR gets an apostrophe in front. So does a text that already
//! has such apostrophes, which makes the rule reversible: [`restored`] undoes exactly what [`neutral`] did.

use std::borrow::Cow;

const TRIGGERS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The text as it may be written. Plain negative numbers (`-5`, `-3,5`) stay as they are.
pub(crate) fn neutral(text: &str) -> Cow<'_, str> {
    if text.trim_start_matches('\'').starts_with(TRIGGERS) && !is_plain_negative(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text as it was before [`neutral`].
pub(crate) fn restored(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(TRIGGERS) => rest,
        _ => text,
    }
}

fn is_plain_negative(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('-') else {
        return false;
    };
    let (whole, decimals) = digits.split_once(['.', ',']).unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_get_an_apostrophe_and_lose_it_on_the_way_back() {
        for text in
            ["=1+1", "+54 9 2262", "-cmd|' /C calc'!A0", "@SUM(A1)", "\tx", "\rx", "'=1", "''=1", "-", "-1+1", "-1.5.2"]
        {
            assert_eq!(neutral(text), format!("'{text}"));
            assert_eq!(restored(&neutral(text)), text);
        }
    }

    #[test]
    fn plain_text_and_negative_numbers_are_left_alone() {
        for text in ["", "Coca 2,25 L", "-5", "-3,5", "-1234.56", "'hola", "O'Brien", "a=b", " =1"] {
            assert_eq!(neutral(text), text);
            assert_eq!(restored(text), text);
        }
    }
}
