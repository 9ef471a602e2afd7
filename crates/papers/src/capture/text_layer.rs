//! Reads what `pdftotext -bbox` prints: pages, and in them words with their corners in points.

use super::CaptureError;
use crate::page::{Page, Word};

/// Words come from the document itself.
const CERTAIN: u8 = 100;
/// Longest word kept whole: a QR payload printed as text is shorter.
const WORD_CHARS_MAX: usize = 500;
/// No place on a page is farther away than this, in tenths of a point: ten times the largest page of a PDF.
const PLACE_MAX: i32 = 1_440_000;

pub(super) fn parse(printed: &str, words_max: usize) -> Result<Vec<Page>, CaptureError> {
    let mut pages: Vec<Page> = Vec::new();
    for line in printed.lines().map(str::trim_start) {
        if line.starts_with("<page ") {
            let (width, height) = (tenths(line, "width"), tenths(line, "height"));
            let (Some(width), Some(height)) = (width, height) else { return Err(CaptureError::Damaged) };
            pages.push(Page { width, height, words: Vec::new() });
        } else if line.starts_with("<word ")
            && let Some(page) = pages.last_mut()
        {
            page.words.extend(word(line));
            if page.words.len() > words_max {
                return Err(CaptureError::TooManyWords { words_max });
            }
        }
    }
    Ok(pages)
}

fn word(line: &str) -> Option<Word> {
    let (corners, rest) = line.split_once('>')?;
    let text = unescape(rest.strip_suffix("</word>")?);
    let place = |name| tenths(corners, name);
    let (left, top, right, bottom) = (place("xMin")?, place("yMin")?, place("xMax")?, place("yMax")?);
    (!text.is_empty()).then_some(Word { text, left, top, right, bottom, confidence: CERTAIN })
}

/// The attribute in tenths of a point, cut: `57.208000` is 572.
fn tenths(tag: &str, name: &str) -> Option<i32> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    let (number, _) = rest.split_once('"')?;
    let (sign, number) = number.strip_prefix('-').map_or((1, number), |number| (-1, number));
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let tenth = part.get(..1)?.parse::<i32>().ok()?;
    let whole = whole.parse::<u32>().ok().and_then(|whole| i32::try_from(whole).ok())?;
    let tenths = whole.checked_mul(10)?.checked_add(tenth)?;
    Some(sign * tenths.min(PLACE_MAX))
}

/// The five characters that are written as names; control characters are dropped.
fn unescape(text: &str) -> String {
    let named = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    let plain = named.replace("&#39;", "'").replace("&amp;", "&");
    plain.chars().filter(|character| !character.is_control()).take(WORD_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = r#"<html><head><title>&lt;page width="1" height="1"&gt;</title></head><body><doc>
  <page width="595.276000" height="841.890000">
    <word xMin="56.800000" yMin="57.208000" xMax="118.108000" yMax="70.492000">A&amp;B</word>
    <word xMin="-3.250000" yMin="0.000000" xMax="9" yMax="8.5">&quot;Ñandú&quot;</word>
    <word xMin="nan" yMin="0" xMax="9" yMax="8">x</word>
  </page>
  <page width="300" height="400.5">
  </page>
</doc></body></html>"#;

    #[test]
    fn words_and_their_places_are_read_in_tenths_of_a_point() {
        let pages = parse(PRINTED, 10).unwrap();
        assert_eq!(pages.len(), 2);
        assert_eq!((pages[0].width, pages[0].height), (5_952, 8_418));
        let first = &pages[0].words[0];
        assert_eq!(
            (first.text.as_str(), first.left, first.top, first.right, first.bottom),
            ("A&B", 568, 572, 1_181, 704)
        );
        let second = &pages[0].words[1];
        assert_eq!((second.text.as_str(), second.left, second.bottom), ("\"Ñandú\"", -32, 85));
        assert_eq!(pages[0].words.len(), 2, "a place that is no number is no place");
        assert!(pages[1].words.is_empty());
    }

    #[test]
    fn a_page_with_too_many_words_is_refused() {
        assert!(matches!(parse(PRINTED, 1), Err(CaptureError::TooManyWords { words_max: 1 })));
    }

    #[test]
    fn an_escaped_escape_is_undone_once() {
        assert_eq!(unescape("&amp;lt;"), "&lt;");
        assert_eq!(unescape("a\u{0}b\u{7f}"), "ab");
    }

    #[test]
    fn damaged_output_is_no_panic() {
        for printed in
            ["", "<page ", "<page width=\"1\">", "<word xMin=\"1\">a</word>", "<page width=\"é\" height=\"1\">"]
        {
            let _ = parse(printed, 10);
        }
        assert_eq!(tenths(" w=\"99999999999\"", "w"), None);
        assert_eq!(tenths(" w=\"144001\"", "w"), Some(PLACE_MAX));
        assert_eq!(tenths(" w=\"1.é\"", "w"), None);
    }
}
