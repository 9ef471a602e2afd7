//! Reads the table that Tesseract prints: one line per word, with its box in pixels and how sure it is.

use super::CaptureError;

/// The level of a line that is a word; the others are its page, block, paragraph and row.
const WORD_LEVEL: &str = "5";
/// Longest word kept whole: a rule taken for letters can be longer.
const WORD_CHARS_MAX: usize = 500;

/// A recognised word; places are in pixels of the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub text: String,
    pub left: u32,
    pub top: u32,
    pub width: u32,
    pub height: u32,
    /// Of 100.
    pub confidence: u8,
}

pub(super) fn parse(printed: &str, words_max: usize) -> Result<Vec<Seen>, CaptureError> {
    let seen: Vec<Seen> = printed.lines().filter_map(word).take(words_max.saturating_add(1)).collect();
    if seen.len() > words_max { Err(CaptureError::TooManyWords { words_max }) } else { Ok(seen) }
}

/// Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
fn word(line: &str) -> Option<Seen> {
    let mut columns = line.splitn(12, '\t');
    if columns.next()? != WORD_LEVEL {
        return None;
    }
    let mut columns = columns.skip(5);
    let mut side = || columns.next()?.parse::<u32>().ok();
    let (left, top, width, height) = (side()?, side()?, side()?, side()?);
    let confidence = columns.next()?.split('.').next()?.parse::<u8>().ok()?.min(100);
    let text: String = columns.next()?.trim().chars().filter(|c| !c.is_control()).take(WORD_CHARS_MAX).collect();
    (!text.is_empty()).then_some(Seen { text, left, top, width, height, confidence })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str =
        "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t2480\t3508\t-1\t
4\t1\t1\t1\t1\t0\t36\t92\t582\t269\t-1\t
5\t1\t1\t1\t1\t1\t36\t92\t96\t50\t96.716\tFactura
5\t1\t1\t1\t1\t2\t150\t92\t20\t50\t0.000000\t \n5\t1\t1\t1\t1\t3\t180\t92\t90\t50\t7\tMuñoz
5\t1\t1\t1\t1\t4\t-4\t92\t90\t50\t7\toutside
";

    #[test]
    fn words_are_read_with_their_boxes_and_blanks_are_not() {
        let seen = parse(PRINTED, 5).unwrap();
        assert_eq!(seen.len(), 2);
        let first = Seen { text: "Factura".into(), left: 36, top: 92, width: 96, height: 50, confidence: 96 };
        assert_eq!(seen[0], first);
        assert_eq!((seen[1].text.as_str(), seen[1].confidence), ("Muñoz", 7));
    }

    #[test]
    fn more_words_than_allowed_are_refused() {
        assert!(matches!(parse(PRINTED, 1), Err(CaptureError::TooManyWords { words_max: 1 })));
        assert!(parse("", 0).unwrap().is_empty());
    }
}
