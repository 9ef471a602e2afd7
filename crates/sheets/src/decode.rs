//! From bytes to letters: UTF-8, UTF-16 and Windows-1252, told apart by the bytes and never by a name.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::error::SheetError;
use crate::table::Encoding;

/// How much of the file is looked at to recognise UTF-16 that comes without its mark.
const SAMPLE_BYTES: usize = 4096;

/// The text of a file, without its byte order mark and without the end-of-file character of old DOS programs.
pub(crate) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), SheetError> {
    let (text, encoding) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => eight_bits(rest)?,
        [0xFF, 0xFE, rest @ ..] => utf16(rest, Encoding::Utf16Le)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, Encoding::Utf16Be)?,
        _ if every_other_is_zero(bytes, 1) => utf16(bytes, Encoding::Utf16Le)?,
        _ if every_other_is_zero(bytes, 0) => utf16(bytes, Encoding::Utf16Be)?,
        _ => eight_bits(bytes)?,
    };
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_end_matches('\u{1A}')),
        Cow::Owned(text) if text.ends_with('\u{1A}') => Cow::Owned(text.trim_end_matches('\u{1A}').to_owned()),
        owned => owned,
    };
    Ok((text, encoding))
}

/// Whether this is UTF-16 without its mark: mostly letters of the first 256, whose other byte is zero.
fn every_other_is_zero(bytes: &[u8], zero_at: usize) -> bool {
    let sample = &bytes[..bytes.len().min(SAMPLE_BYTES)];
    let zeros = |at: usize| sample.iter().skip(at).step_by(2).filter(|&&byte| byte == 0).count();
    let pairs = sample.len() / 2;
    pairs >= 2 && zeros(zero_at) * 10 >= pairs * 9 && zeros(1 - zero_at) == 0
}

fn utf16(bytes: &[u8], encoding: Encoding) -> Result<(Cow<'_, str>, Encoding), SheetError> {
    let decoder = if encoding == Encoding::Utf16Be { UTF_16BE } else { UTF_16LE };
    let (text, had_errors) = decoder.decode_without_bom_handling(bytes);
    if had_errors {
        let before = text.split(char::REPLACEMENT_CHARACTER).next().unwrap_or_default();
        return Err(SheetError::BadEncoding { line: line_after(before.as_bytes()) });
    }
    Ok((text, encoding))
}

/// UTF-8 if it is, else Windows-1252. A file that is UTF-8 but for a few bytes (cut in half, pasted together) is
/// neither: read as Windows-1252 every accent in it would come out as two wrong letters.
fn eight_bits(bytes: &[u8]) -> Result<(Cow<'_, str>, Encoding), SheetError> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok((Cow::Borrowed(text), Encoding::Utf8)),
        Err(error) => error,
    };
    let (mut letters_beyond_ascii, mut bad_places) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        letters_beyond_ascii += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        bad_places += usize::from(!chunk.invalid().is_empty());
    }
    if letters_beyond_ascii > bad_places {
        return Err(SheetError::BadEncoding { line: line_after(&bytes[..error.valid_up_to()]) });
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok((text, Encoding::Windows1252))
}

fn line_after(bytes: &[u8]) -> u32 {
    let breaks = bytes.iter().filter(|&&byte| byte == b'\n').count();
    u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_bytes(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn every_encoding_argentine_spreadsheets_write_is_recognised() {
        let text = "ñandú;$ 1,5\n";
        let windows = b"\xF1and\xFA;$ 1,5\n".to_vec();
        let marked = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            (marked(&[0xEF, 0xBB, 0xBF], text.into()), Encoding::Utf8),
            (marked(&[0xFF, 0xFE], utf16_bytes(text, u16::to_le_bytes)), Encoding::Utf16Le),
            (marked(&[0xFE, 0xFF], utf16_bytes(text, u16::to_be_bytes)), Encoding::Utf16Be),
            (utf16_bytes(text, u16::to_le_bytes), Encoding::Utf16Le),
            (utf16_bytes(text, u16::to_be_bytes), Encoding::Utf16Be),
            (windows, Encoding::Windows1252),
            (marked(text.as_bytes(), vec![0x1A]), Encoding::Utf8),
        ] {
            assert_eq!(decode(&bytes), Ok((Cow::Borrowed(text), encoding)), "{bytes:?}");
        }
    }

    #[test]
    fn broken_text_is_refused_with_its_line_instead_of_turned_into_wrong_letters() {
        let cut = [&b"nombre\nan\xCC\x83o\n"[..], "ñandú\n".as_bytes(), b"caf\xE9 ca\xC3"].concat();
        assert_eq!(decode(&cut), Err(SheetError::BadEncoding { line: 4 }));
        let lone_surrogate = [0xFF, 0xFE, b'a', 0, b'\n', 0, 0x00, 0xD8, b'b', 0];
        assert_eq!(decode(&lone_surrogate), Err(SheetError::BadEncoding { line: 2 }));
        let odd_length = [0xFF, 0xFE, b'a', 0, b'b'];
        assert_eq!(decode(&odd_length), Err(SheetError::BadEncoding { line: 1 }));
    }
}
