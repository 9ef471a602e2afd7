//! Positioned words as rows of runs. A run is words so close that they belong together; what separates runs of a row is
//! the white between columns.

use super::number;
use super::plain::plain;
use crate::page::{Page, Place, Word};

/// Words of a document that are looked at; the rest of a hostile one is not.
const WORDS_MAX: usize = 40_000;
/// White that always separates, in tenths of a point: no space of running text is as wide.
const GAP_MIN: i32 = 60;
/// What a recogniser makes of an upright rule.
const RULES: [char; 5] = ['|', '¦', '¡', '[', ']'];
/// Longest part of a number that another part is put to.
const PART_CHARS_MAX: usize = 20;
/// Farthest place from a page's corner that is believed.
const PLACE_MAX: i32 = 10_000_000;
/// Confidence of a word that was not recognised but written.
pub(super) const WRITTEN: u8 = 100;

/// Words that belong together.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub words: Vec<Word>,
    /// The words with spaces between.
    pub text: String,
    /// The text made comparable.
    pub plain: String,
    pub place: Place,
    /// Of the least sure word.
    pub confidence: u8,
}

/// Runs that stand beside one another, from the left.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub runs: Vec<Run>,
    pub place: Place,
}

impl Row {
    /// All words from the left.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        self.runs.iter().flat_map(|run| &run.words)
    }

    /// The words with spaces between.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

impl Run {
    pub fn middle(&self) -> i32 {
        (self.place.left + self.place.right) / 2
    }

    pub fn height(&self) -> i32 {
        self.place.bottom - self.place.top
    }
}

/// The rows of all pages in reading order.
pub(super) fn rows(pages: &[Page]) -> Vec<Row> {
    let mut left = WORDS_MAX;
    let mut rows = Vec::new();
    for (at, page) in pages.iter().enumerate() {
        let words: Vec<Word> = page.words.iter().filter_map(tidy).take(left).collect();
        left -= words.len();
        rows.extend(bands(words).into_iter().filter_map(|band| row(at, band)));
    }
    rows
}

/// A word with its edges in order and within belief; a blank one is none.
fn tidy(word: &Word) -> Option<Word> {
    let text = without_rules(word.text.trim(), word.confidence);
    let edge = |value: i32| value.clamp(-PLACE_MAX, PLACE_MAX);
    let (left, right) = (edge(word.left.min(word.right)), edge(word.left.max(word.right)));
    let (top, bottom) = (edge(word.top.min(word.bottom)), edge(word.top.max(word.bottom)));
    let confidence = word.confidence.min(WRITTEN);
    (!text.is_empty()).then(|| Word { text: text.to_owned(), left, top, right, bottom, confidence })
}

/// A recognised word without the rule at its end; behind a digit it may be a one.
fn without_rules(text: &str, confidence: u8) -> &str {
    let bare = text.trim_matches('|');
    let is_mended = confidence < WRITTEN && !bare.is_empty() && !bare.contains(|letter: char| letter.is_ascii_digit());
    if is_mended { bare } else { text }
}

/// Words whose middles lie on one height. The first of a band decides, so that a crooked page does not become one row.
fn bands(mut words: Vec<Word>) -> Vec<Vec<Word>> {
    words.sort_by_key(|word| (word.top + word.bottom, word.left));
    let mut bands: Vec<Vec<Word>> = Vec::new();
    for word in words {
        match bands.last_mut() {
            Some(band) if is_beside(&band[0], &word) => band.push(word),
            _ => bands.push(vec![word]),
        }
    }
    bands
}

fn is_beside(first: &Word, other: &Word) -> bool {
    let height = (first.bottom - first.top).min(other.bottom - other.top);
    // Twice the distance of the middles against half the smaller height.
    (other.top + other.bottom) - (first.top + first.bottom) <= height
}

/// `None` when there is nothing but the rules of a table.
fn row(page: usize, mut words: Vec<Word>) -> Option<Row> {
    words.sort_by_key(|word| (word.left, word.right));
    let mut groups: Vec<Vec<Word>> = vec![Vec::new()];
    for word in whole(words) {
        match groups.last_mut() {
            Some(_) if is_rule(&word) => groups.push(Vec::new()),
            Some(group) if group.last().is_none_or(|last| is_near(last, &word)) => group.push(word),
            _ => groups.push(vec![word]),
        }
    }
    let runs: Vec<Run> = groups.into_iter().filter(|group| !group.is_empty()).map(|group| run(page, group)).collect();
    let place = runs.iter().map(|run| run.place).reduce(Place::around)?;
    Some(Row { runs, place })
}

/// A rule between columns that was taken for a letter; it separates what stands beside it.
fn is_rule(word: &Word) -> bool {
    word.confidence < WRITTEN && word.text.chars().all(|letter| RULES.contains(&letter))
}

/// A recogniser breaks an amount behind its mark: `218.896,` and `32` are one word.
fn whole(words: Vec<Word>) -> Vec<Word> {
    let mut whole: Vec<Word> = Vec::with_capacity(words.len());
    for word in words {
        match whole.last_mut() {
            Some(last) if goes_on(last, &word) => {
                last.text.push_str(&word.text);
                (last.top, last.bottom) = (last.top.min(word.top), last.bottom.max(word.bottom));
                (last.right, last.confidence) = (last.right.max(word.right), last.confidence.min(word.confidence));
            }
            _ => whole.push(word),
        }
    }
    whole
}

fn goes_on(last: &Word, next: &Word) -> bool {
    let is_part = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    let is_recognised = last.confidence < WRITTEN && next.confidence < WRITTEN;
    let is_open = last.text.ends_with([',', '.']) && last.text.starts_with(|letter: char| letter.is_ascii_digit());
    is_recognised
        && is_open
        && is_part(&last.text)
        && is_part(&next.text)
        && next.text.len() >= 2
        && next.text.starts_with(|letter: char| letter.is_ascii_digit())
        && last.text.len() < PART_CHARS_MAX
        && next.left - last.right < (next.bottom - next.top) / 2
}

fn is_near(last: &Word, next: &Word) -> bool {
    let height = (last.bottom - last.top).min(next.bottom - next.top);
    let gap = next.left - last.right;
    let is_two_amounts = number::has_decimals(&last.text) && number::has_decimals(&next.text);
    // In letters of one width a space is as wide as they are.
    let letter = letter_width(last).min(letter_width(next));
    gap < (height * 7 / 10).max(letter * 6 / 5).max(GAP_MIN) && !is_two_amounts
}

fn letter_width(word: &Word) -> i32 {
    let letters = i32::try_from(word.text.chars().count()).unwrap_or(i32::MAX);
    (word.right - word.left) / letters.max(1)
}

fn run(page: usize, words: Vec<Word>) -> Run {
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let place = words.iter().map(|word| Place::of(page, word)).reduce(Place::around).expect("a run has a word");
    let confidence = words.iter().map(|word| word.confidence).min().unwrap_or_default();
    Run { plain: plain(&text), text, place, confidence, words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::sketch::Sketch;

    fn texts(confidence: u8) -> Vec<String> {
        let mut sketch = Sketch::recognised(confidence);
        sketch.row(100, &[(300, "TOTAL"), (1_000, "218.896,"), (1_365, "32"), (3_000, "N.")]);
        let mut rows = rows(&[sketch.page()]);
        rows.remove(0).runs.into_iter().flat_map(|run| run.words).map(|word| word.text).collect()
    }

    #[test]
    fn a_rule_that_was_taken_for_a_letter_separates_and_is_gone() {
        let runs = |confidence| -> Vec<String> {
            let mut sketch = Sketch::recognised(confidence);
            sketch.row(100, &[(300, "37"), (395, "|"), (445, "MORRON ROJO"), (1_000, "Cant.|")]);
            sketch.row(400, &[(300, "|")]);
            let rows = rows(&[sketch.page()]);
            rows.into_iter().flat_map(|row| row.runs).map(|run| run.text).collect()
        };
        assert_eq!(runs(80), ["37", "MORRON ROJO", "Cant."]);
        assert_eq!(runs(WRITTEN).len(), 3, "what was written stays");
    }

    #[test]
    fn an_amount_that_the_recogniser_broke_is_one_word_and_what_was_written_stays() {
        assert_eq!(texts(49), ["TOTAL", "218.896,32", "N."]);
        assert_eq!(texts(WRITTEN), ["TOTAL", "218.896,", "32", "N."]);
    }
}
