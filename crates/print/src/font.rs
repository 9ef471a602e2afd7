//! The two faces that every PDF viewer carries, measured without a font file: which byte a letter is, how wide a text
//! runs, where a line breaks. What a face cannot show becomes a visible `?`; nothing is dropped in silence.

use unicode_normalization::UnicodeNormalization;

use crate::length::Length;
use crate::widths;

/// Letters of one text that are looked at; the rest is cut with an ellipsis.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// What stands for a letter that WinAnsi does not have.
pub const REPLACEMENT: u8 = b'?';

/// Tenths of a point from one size to the next when a number is made to fit.
const SHRINK_STEP: usize = 5;
/// WinAnsi for `…`.
const ELLIPSIS: u8 = 0x85;
/// The bytes 128 to 159 of WinAnsi; `\0` where it has none.
const MIDDLE: &str = "€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ";

/// A face of the PDF standard fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Helvetica.
    Regular,
    /// Helvetica-Bold.
    Bold,
}

/// A type size, in tenths of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(u16);

impl Size {
    /// A size from tenths of a point: 85 is 8.5 pt.
    pub const fn tenths(tenths: u16) -> Self {
        Self(tenths)
    }

    /// In tenths of a point.
    pub const fn as_tenths(self) -> u16 {
        self.0
    }

    /// The height of a capital: 718 per mille of the size in both faces.
    pub const fn cap_height(self) -> Length {
        Length::um(scaled(718, self))
    }

    /// From one base line to the next: 1.25 times the size.
    pub const fn leading(self) -> Length {
        Length::um(scaled(1_250, self))
    }

    /// In points, which PDF counts in.
    #[expect(clippy::float_arithmetic, reason = "PDF numbers are decimals; tenths up to 6553.5 fit an f32")]
    pub(crate) fn points(self) -> f32 {
        f32::from(self.0) / 10.0
    }
}

/// How a run of text looks: its face and its size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Type {
    /// Regular or bold.
    pub face: Face,
    /// How large.
    pub size: Size,
}

impl Type {
    /// The regular face in tenths of a point.
    pub const fn regular(tenths: u16) -> Self {
        Self { face: Face::Regular, size: Size(tenths) }
    }

    /// The bold face in tenths of a point.
    pub const fn bold(tenths: u16) -> Self {
        Self { face: Face::Bold, size: Size(tenths) }
    }
}

/// A text in WinAnsi bytes, ready to be measured and shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line(Vec<u8>);

impl Line {
    /// Encodes a text. Letters written with a loose accent are joined first; line breaks and tabs become blanks.
    pub fn new(text: &str) -> Self {
        let mut letters = text.nfc();
        let mut bytes: Vec<u8> = letters.by_ref().take(TEXT_CHARS_MAX).map(byte_of).collect();
        if letters.next().is_some() {
            bytes.push(ELLIPSIS);
        }
        Self(bytes)
    }

    /// The bytes as WinAnsi has them.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How wide the text runs.
    pub fn width(&self, style: Type) -> Length {
        width_of(&self.0, style)
    }

    /// The text if it fits, else as much as fits with an ellipsis behind; nothing where not even that fits.
    pub fn fitted(self, style: Type, width: Length) -> Self {
        if self.width(style) <= width {
            return self;
        }
        let ellipsis = Length::um(scaled(advance(style.face, ELLIPSIS), style.size));
        if ellipsis > width {
            return Self::default();
        }
        let mut kept = self.0[..count_fitting(&self.0, style, width - ellipsis)].to_vec();
        while kept.last() == Some(&b' ') {
            kept.pop();
        }
        kept.push(ELLIPSIS);
        Self(kept)
    }

    /// The largest type, no larger than `style` and no smaller than `least`, in which the whole text fits: for numbers,
    /// which are never cut. `None` when there is none.
    pub fn shrunk(&self, style: Type, least: Size, width: Length) -> Option<Type> {
        let sizes = (least.0..=style.size.0).rev().step_by(SHRINK_STEP);
        sizes.map(|tenths| Type { size: Size(tenths), ..style }).find(|&style| self.width(style) <= width)
    }

    /// The text in lines no wider than `width`, broken between words, or inside a word that is wider alone. At most
    /// `lines_max` lines, the last one with an ellipsis when words are left; at least one, which may be empty.
    pub fn wrapped(&self, style: Type, width: Length, lines_max: usize) -> Vec<Self> {
        let mut rest = trimmed(&self.0);
        let mut lines = Vec::new();
        while lines.len() + 1 < lines_max {
            let taken = line_length(rest, style, width);
            if taken == rest.len() {
                break;
            }
            lines.push(Self(trimmed(&rest[..taken]).to_vec()));
            rest = trimmed(&rest[taken..]);
        }
        lines.push(Self(rest.to_vec()).fitted(style, width));
        lines
    }
}

/// How wide a text runs in a face and size.
pub fn width(text: &str, style: Type) -> Length {
    Line::new(text).width(style)
}

/// How many bytes the next line takes: up to the last blank that fits, or as many letters as fit, but at least one.
fn line_length(bytes: &[u8], style: Type, width: Length) -> usize {
    let fitting = count_fitting(bytes, style, width);
    if fitting == bytes.len() {
        return fitting;
    }
    (1..=fitting).rev().find(|&place| breaks_at(bytes, place)).unwrap_or(fitting.max(1))
}

/// A blank ends a line, but never between the sign of a currency and its amount.
fn breaks_at(bytes: &[u8], place: usize) -> bool {
    bytes[place] == b' ' && bytes[place - 1] != b'$'
}

fn count_fitting(bytes: &[u8], style: Type, width: Length) -> usize {
    let mut mille = 0;
    bytes
        .iter()
        .position(|&byte| {
            mille += advance(style.face, byte);
            scaled(mille, style.size) > width.as_um()
        })
        .unwrap_or(bytes.len())
}

fn width_of(bytes: &[u8], style: Type) -> Length {
    Length::um(scaled(bytes.iter().map(|&byte| advance(style.face, byte)).sum(), style.size))
}

fn advance(face: Face, byte: u8) -> i32 {
    let table = match face {
        Face::Regular => &widths::REGULAR,
        Face::Bold => &widths::BOLD,
    };
    byte.checked_sub(widths::FIRST).map_or(0, |place| i32::from(table[usize::from(place)]))
}

/// Thousandths of a type size as micrometres: a tenth of a point is 635/18 µm. Rounded up, so that a text never runs
/// wider than it says.
const fn scaled(mille: i32, size: Size) -> i32 {
    let product = mille as i64 * size.0 as i64 * 635;
    let um = (product + 17_999) / 18_000;
    if um > i32::MAX as i64 { i32::MAX } else { um as i32 }
}

fn trimmed(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|&byte| byte != b' ').unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|&byte| byte != b' ').map_or(start, |last| last + 1);
    &bytes[start..end]
}

fn byte_of(letter: char) -> u8 {
    match letter {
        '\n' | '\r' | '\t' => b' ',
        // Signs that formatters write and that look like one WinAnsi has.
        '\u{202f}' | '\u{2009}' | '\u{2007}' => 0xA0,
        '\u{2212}' | '\u{2010}' | '\u{2011}' => b'-',
        ' '..='~' => letter as u8,
        '\u{a0}'..='\u{ff}' => letter as u8,
        _ => middle_byte(letter),
    }
}

fn middle_byte(letter: char) -> u8 {
    let place = MIDDLE.chars().position(|known| known == letter && known != '\0');
    place.and_then(|place| u8::try_from(128 + place).ok()).unwrap_or(REPLACEMENT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEN: Type = Type::regular(100);

    #[test]
    fn spanish_letters_and_signs_have_their_bytes() {
        let cases = [
            ("ñÑ", &[0xF1, 0xD1][..]),
            ("áéíóúü", &[0xE1, 0xE9, 0xED, 0xF3, 0xFA, 0xFC]),
            ("¡¿°½", &[0xA1, 0xBF, 0xB0, 0xBD]),
            ("–—…", &[0x96, 0x97, 0x85]),
            ("«»“”", &[0xAB, 0xBB, 0x93, 0x94]),
            ("€$", &[0x80, 0x24]),
            ("n\u{303}", &[0xF1]),
            ("−5", b"-5"),
            ("日\0🦀", b"???"),
            ("a\nb", b"a b"),
        ];
        for (text, bytes) in cases {
            assert_eq!(Line::new(text).bytes(), bytes, "{text:?}");
        }
    }

    #[test]
    fn widths_are_those_of_the_standard_metrics() {
        // 1000 per mille at 72 pt is one inch.
        assert_eq!(width("—", Type::regular(720)), Length::um(25_400));
        assert_eq!(width("A", Type::regular(720)), Length::um(16_942));
        assert_eq!(width("0", Type::bold(720)), width("ñ", Type::regular(720)).max(width("9", Type::bold(720))));
    }

    #[test]
    fn a_long_name_ends_in_an_ellipsis_and_fits() {
        let line = Line::new("Alfajor triple de dulce de leche").fitted(TEN, Length::mm(30));
        assert_eq!(line.bytes().last(), Some(&ELLIPSIS));
        assert!(line.width(TEN) <= Length::mm(30));
    }

    #[test]
    fn words_go_whole_to_the_next_line() {
        let lines = Line::new("uno dos tres").wrapped(TEN, Length::mm(14), 9);
        let texts: Vec<&[u8]> = lines.iter().map(Line::bytes).collect();
        assert_eq!(texts, [&b"uno dos"[..], b"tres"]);
    }

    #[test]
    fn an_amount_stays_with_its_sign() {
        let lines = Line::new("son $ 991,74").wrapped(TEN, width("son $ 991", TEN), 9);
        let texts: Vec<&[u8]> = lines.iter().map(Line::bytes).collect();
        assert_eq!(texts, [&b"son"[..], b"$ 991,74"]);
    }

    #[test]
    fn a_text_without_end_is_cut() {
        let line = Line::new(&"W".repeat(1_000_000));
        assert_eq!(line.bytes().len(), TEXT_CHARS_MAX + 1);
    }

    proptest! {
        #[test]
        fn wrapped_lines_lose_no_letter_and_keep_the_width(text in "\\PC{0,80}", mm in 5..60_i32) {
            let line = Line::new(&text);
            let lines = line.wrapped(TEN, Length::mm(mm), usize::MAX);
            let letters = |bytes: &[u8]| bytes.iter().filter(|&&byte| byte != b' ').count();
            prop_assert_eq!(lines.iter().map(|line| letters(line.bytes())).sum::<usize>(), letters(line.bytes()));
            for line in lines {
                prop_assert!(line.width(TEN) <= Length::mm(mm));
            }
        }

        #[test]
        fn a_fitted_text_fits(text in "\\PC{0,80}", um in 0..60_000_i32) {
            prop_assert!(Line::new(&text).fitted(TEN, Length::um(um)).width(TEN) <= Length::um(um));
        }
    }
}
