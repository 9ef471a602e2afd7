//! A workbook is an archive from a stranger: it is measured before anything parses it.
//!
//! The parser of the next step believes what the archive says about itself. So every part is unpacked here once,
//! into nothing, with a limit on the total, and the one number that parser reserves memory by is checked. A small
//! file that unpacks to gigabytes, or that claims a thousand million strings, ends here.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use crate::error::{FileKind, SheetError};
use crate::limits::Limits;

const PART_MARK: &[u8] = b"PK\x01\x02";
const END_MARK: &[u8] = b"PK\x05\x06";
/// The least an archive's end record takes.
const END_BYTES: usize = 22;
const STRINGS_PART: &str = "sharedstrings.xml";
const STRINGS_COUNT: &[u8] = b"uniqueCount";
/// How far after its name the value of an attribute is looked for.
const ATTRIBUTE_BYTES: usize = 64;
const CHUNK_BYTES: usize = 64 * 1024;

/// Refuses an archive that is no workbook, or that would take more than the limits once unpacked.
pub(crate) fn check(bytes: &[u8], limits: &Limits) -> Result<(), SheetError> {
    let too_large = || SheetError::UnpacksTooLarge { bytes_max: limits.unpacked_bytes_max };
    if count(bytes, PART_MARK) > limits.parts_max {
        return Err(too_large());
    }
    let end = bytes.windows(END_BYTES).rposition(|window| window.starts_with(END_MARK));
    if end.is_none() {
        return Err(SheetError::Truncated);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    check_kind(&archive)?;
    let mut left = limits.unpacked_bytes_max;
    for position in 0..archive.len() {
        let part = archive.by_index(position).map_err(damaged)?;
        let is_strings = part.name().map_err(damaged)?.to_lowercase().ends_with(STRINGS_PART);
        let part = part.take(left + 1);
        let unpacked = if is_strings { unpack_strings(part)? } else { unpack(part, |_| Ok(()))? };
        left = left.checked_sub(unpacked).ok_or_else(too_large)?;
    }
    Ok(())
}

pub(crate) fn damaged(error: impl std::fmt::Display) -> SheetError {
    SheetError::Damaged { reason: error.to_string() }
}

fn check_kind<R: Read + io::Seek>(archive: &ZipArchive<R>) -> Result<(), SheetError> {
    let has = |wanted: fn(&str) -> bool| archive.file_names().flatten().any(|name| wanted(&name));
    if has(|name| name == "mimetype") {
        return Err(SheetError::NotATable { kind: FileKind::OpenDocument });
    }
    if !has(|name| name.starts_with("xl/") || name.ends_with("workbook.xml")) {
        return Err(SheetError::NotATable { kind: FileKind::OtherArchive });
    }
    Ok(())
}

fn count(bytes: &[u8], mark: &[u8]) -> usize {
    bytes.windows(mark.len()).filter(|window| *window == mark).count()
}

/// Unpacks a part into nothing and tells how long it is.
fn unpack(mut part: impl Read, mut look: impl FnMut(&[u8]) -> Result<(), SheetError>) -> Result<u64, SheetError> {
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut unpacked = 0;
    loop {
        let length = part.read(&mut chunk).map_err(damaged)?;
        if length == 0 {
            return Ok(unpacked);
        }
        look(&chunk[..length])?;
        unpacked += length as u64;
    }
}

/// The table of strings says how many it holds, and the parser reserves memory for as many: it may not claim more
/// than it has bytes. Control bytes are refused because with them the claim could hide in another encoding.
fn unpack_strings(part: impl Read) -> Result<u64, SheetError> {
    let mut claimed = 0;
    let mut window: Vec<u8> = Vec::new();
    let unpacked = unpack(part, |chunk| {
        if chunk.iter().any(|&byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r')) {
            return Err(damaged("control bytes in the table of strings"));
        }
        window.extend_from_slice(chunk);
        let looked_at = window.len().saturating_sub(STRINGS_COUNT.len() + ATTRIBUTE_BYTES);
        claimed = claimed.max(largest_claim(&window, looked_at));
        window.drain(..looked_at);
        Ok(())
    })?;
    if claimed.max(largest_claim(&window, window.len())) > unpacked {
        return Err(damaged("the table of strings claims more strings than it has bytes"));
    }
    Ok(unpacked)
}

/// The largest count claimed by an attribute that begins before `end`.
fn largest_claim(window: &[u8], end: usize) -> u64 {
    let begins = window.windows(STRINGS_COUNT.len()).take(end).enumerate();
    let found = begins.filter(|(_, name)| *name == STRINGS_COUNT).map(|(begin, _)| begin + STRINGS_COUNT.len());
    found.map(|value| claim(&window[value..])).max().unwrap_or(0)
}

/// The number in `="123"`; without one nearby, as large as can be.
fn claim(value: &[u8]) -> u64 {
    let value = &value[..value.len().min(ATTRIBUTE_BYTES)];
    let Ok(text) = std::str::from_utf8(value) else {
        return u64::MAX;
    };
    let quoted = text.trim_start().strip_prefix('=').map(str::trim_start);
    let Some(value) = quoted.and_then(|text| text.strip_prefix(['"', '\''])) else {
        return u64::MAX;
    };
    let digits = value.split(|character: char| !character.is_ascii_digit()).next().unwrap_or_default();
    if digits.is_empty() { 0 } else { digits.parse().unwrap_or(u64::MAX) }
}
