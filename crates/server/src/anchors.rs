//! Anchors of the audit trail outside of the database (AUD-7): as a short text that prints on a receipt and can be typed
//! back, as files in a directory that is meant to lie on another machine; and the walk along the chain that holds it
//! against the last anchor and makes the next one.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use gondola_shop::kernel::time::{format_instant, parse_instant};
use gondola_store::audit::{
    self, Anchor, AuditFault, AuditHead, AuditReport, FaultKind, KeepAnchor, SealAudit, last_anchor,
};
use gondola_store::{Actor, Command, Db, Fail};
use gondola_vault::{hex, sha256, unhex};

/// What an anchor's text begins with.
const TITLE: &str = "Góndola: ancla / audit anchor";
/// Characters on a line of a receipt's narrowest printer.
const LINE: usize = 32;
/// The words of an anchor's text, each before its value.
const WORDS: [&str; 6] = ["position", "at", "hash", "key", "signature", "check"];
/// Digits of a place in the name of a file, so that names sort as places do.
const PLACE_DIGITS: usize = 12;

/// An anchor as a receipt says it: a word, and its value on as many lines as it needs. What stands before the first word
/// is for people.
pub fn write(anchor: &Anchor) -> String {
    let mut text = format!("{TITLE}\n");
    let short = [("position", anchor.head.position.to_string()), ("at", format_instant(anchor.at))];
    for (word, value) in short {
        writeln!(text, "{word} {value}").expect("writing to a string does not fail");
    }
    let long = [("hash", hex(&anchor.head.hash)), ("key", hex(&anchor.key)), ("signature", hex(&anchor.signature))];
    for (word, value) in long {
        writeln!(text, "{word}").expect("writing to a string does not fail");
        for at in (0..value.len()).step_by(LINE) {
            writeln!(text, "{}", &value[at..value.len().min(at + LINE)]).expect("writing to a string does not fail");
        }
    }
    writeln!(text, "check {}", check_code(anchor)).expect("writing to a string does not fail");
    text
}

/// Eight digits that are others when one was mistyped.
pub fn check_code(anchor: &Anchor) -> String {
    let told = format!("{} {} {}", anchor.head, anchor.at, hex(&anchor.signature));
    hex(&sha256(told.as_bytes())[..4])
}

/// Reads an anchor's text, however its lines are broken.
///
/// # Errors
/// What is missing or mistyped.
pub fn read(text: &str) -> anyhow::Result<Anchor> {
    let mut values = [const { String::new() }; WORDS.len()];
    let mut word = None;
    for token in text.split_whitespace() {
        match (WORDS.iter().position(|known| token.eq_ignore_ascii_case(known)), word) {
            (Some(at), _) => word = Some(at),
            (None, Some(at)) => values[at].push_str(token),
            (None, None) => {}
        }
    }
    let [position, at, hash, key, signature, check] = values;
    let anchor = Anchor {
        head: AuditHead { position: position.parse().context("position")?, hash: bytes(&hash).context("hash")? },
        at: parse_instant(&at).context("at")?,
        key: bytes(&key).context("key")?,
        signature: bytes(&signature).context("signature")?,
    };
    if check.to_ascii_lowercase() != check_code(&anchor) {
        bail!("check: the text was mistyped or cut off");
    }
    Ok(anchor)
}

fn bytes<const N: usize>(digits: &str) -> Option<[u8; N]> {
    unhex(&digits.to_ascii_lowercase())?.try_into().ok()
}

/// The anchor in a file.
///
/// # Errors
/// When it cannot be read or is none.
pub fn read_file(file: &Path) -> anyhow::Result<Anchor> {
    let named = || file.display().to_string();
    read(&fs::read_to_string(file).with_context(named)?).with_context(named)
}

/// The last anchor in a directory; none where it holds none or there is no such directory yet.
///
/// # Errors
/// When it cannot be read.
pub fn last_in(folder: &Path) -> anyhow::Result<Option<Anchor>> {
    if !folder.exists() {
        return Ok(None);
    }
    let named = || format!("read the anchors in {}", folder.display());
    let entries: Vec<_> = fs::read_dir(folder).with_context(named)?.collect::<Result<_, _>>().with_context(named)?;
    let is_anchor = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with("anchor-") && name.ends_with(".txt")
    };
    let last = entries.into_iter().map(|entry| entry.path()).filter(is_anchor).max();
    last.map(|file| read_file(&file)).transpose()
}

/// Writes an anchor into a directory, whole or not at all; one that is there stays.
///
/// # Errors
/// What the system says.
pub fn write_into(folder: &Path, anchor: &Anchor) -> anyhow::Result<PathBuf> {
    let file = folder.join(format!("anchor-{:0PLACE_DIGITS$}.txt", anchor.head.position));
    let named = || format!("write the anchor {}", file.display());
    fs::create_dir_all(folder).with_context(named)?;
    if !file.exists() {
        let mut draft = tempfile::NamedTempFile::new_in(folder).with_context(named)?;
        draft.write_all(write(anchor).as_bytes()).with_context(named)?;
        draft.as_file().sync_all().with_context(named)?;
        draft.persist(&file).with_context(named)?;
        gondola_store::sync_folder(folder).with_context(named)?;
    }
    Ok(file)
}

/// What a walk that ends in an anchor found.
pub struct Anchored {
    /// The walk; with a fault nothing was anchored.
    pub report: AuditReport,
    /// The anchor of the end of the chain; none of an empty or touched one.
    pub anchor: Option<Anchor>,
}

/// Seals what waits, walks the chain against the last anchors, here and in `folder`, and anchors its end when nobody
/// touched it.
///
/// # Errors
/// When the trail cannot be read or the anchor not be kept; a directory that cannot be written to is told and waits for
/// the next anchor.
pub async fn verify_and_anchor(db: &Db, folder: Option<&Path>) -> anyhow::Result<Anchored> {
    run(db, SealAudit).await?;
    let known = known_anchors(db, folder).await?;
    let report = verify(db, &[], &known).await?;
    if !report.faults.is_empty() || report.head.position == 0 {
        return Ok(Anchored { report, anchor: None });
    }
    let kept = known.into_iter().find(|anchor| anchor.head == report.head);
    let anchor = match kept {
        Some(anchor) => anchor,
        // To the second, which is what people read.
        None => Anchor::sign(db.vault(), report.head, db.now() / 1_000_000 * 1_000_000),
    };
    run(db, KeepAnchor(anchor.clone())).await?;
    if let Some(Err(error)) = folder.map(|folder| write_into(folder, &anchor)) {
        tracing::error!(
            error = format!("{error:#}"),
            code = "anchor_not_written",
            "the anchor is in the database only"
        );
    }
    Ok(Anchored { report, anchor: Some(anchor) })
}

/// The last anchors there are: the database's and, where there is one, the directory's.
///
/// # Errors
/// When they cannot be read.
pub async fn known_anchors(db: &Db, folder: Option<&Path>) -> anyhow::Result<Vec<Anchor>> {
    let kept = {
        let mut rx = db.read().await?;
        last_anchor(&mut rx.as_tx()).await?
    };
    let written = folder.map(last_in).transpose()?.flatten();
    let mut known: Vec<Anchor> = kept.into_iter().chain(written).collect();
    known.dedup();
    Ok(known)
}

/// An anchor that is not what it says.
pub fn forged(anchor: &Anchor) -> AuditFault {
    AuditFault { position: anchor.head.position, kind: FaultKind::Forged }
}

/// The first of the last anchors that the trail does not bear out: it was cut off there, goes another way, or the anchor
/// is not this shop's. Looks at those places alone.
///
/// # Errors
/// When the database or the directory cannot be read.
pub async fn broken(db: &Db, folder: Option<&Path>) -> anyhow::Result<Option<Anchor>> {
    let known = known_anchors(db, folder).await?;
    let mut rx = db.read().await?;
    for anchor in known {
        if !anchor.is_of(db.vault()) || !audit::has_head(&mut rx.as_tx(), &anchor.head).await? {
            return Ok(Some(anchor));
        }
    }
    Ok(None)
}

/// Walks the chain of a shop against heads and anchors; one that the shop did not sign is a fault at its place.
///
/// # Errors
/// When it cannot be read.
pub async fn verify(db: &Db, heads: &[AuditHead], anchors: &[Anchor]) -> anyhow::Result<AuditReport> {
    let heads: Vec<AuditHead> = heads.iter().copied().chain(anchors.iter().map(|anchor| anchor.head)).collect();
    let mut rx = db.read().await?;
    let mut tx = rx.as_tx();
    gondola_store::take_time(&mut tx).await?;
    let mut report = audit::verify(&mut tx, &heads).await?;
    report.faults.extend(anchors.iter().filter(|anchor| !anchor.is_of(db.vault())).map(forged));
    Ok(report)
}

async fn run<C: Command>(db: &Db, command: C) -> anyhow::Result<C::Out> {
    match db.execute(&Actor::system("worker"), None, command).await {
        Ok(done) => Ok(done.out),
        Err(Fail::Failed(error)) => Err(error.into()),
        Err(_) => bail!("{} was refused", C::NAME),
    }
}

#[cfg(test)]
mod tests {
    use gondola_vault::{MasterKey, Vault};

    use super::*;

    fn anchor() -> Anchor {
        let vault = Vault::of(&MasterKey::from_bytes([7; 32]));
        Anchor::sign(&vault, AuditHead { position: 1_200, hash: [9; 32] }, 1_795_000_000_000_000)
    }

    /// AUD-7: printable on a receipt, and typed back from it.
    #[test]
    fn an_anchor_fits_on_a_receipt_and_comes_back_from_it() {
        let anchor = anchor();
        let text = write(&anchor);
        assert!(text.lines().all(|line| line.chars().count() <= LINE), "{text}");
        assert!(text.contains("position 1200\nat 2026-11-18T11:06:40Z\n"), "{text}");
        assert_eq!(read(&text).unwrap(), anchor);
        let typed = text.to_uppercase().replace('\n', "  \r\n");
        assert_eq!(read(&typed).unwrap(), anchor);
    }

    #[test]
    fn what_was_mistyped_or_cut_off_is_no_anchor() {
        let text = write(&anchor());
        for bad in ["", "position", "hello", &text[..text.len() / 2], &text.replacen("1200", "1201", 1)] {
            assert!(read(bad).is_err(), "{bad}");
        }
        let at = text.find("signature").unwrap() + 12;
        let digit = if &text[at..=at] == "0" { "1" } else { "0" };
        let mut bent = text.clone();
        bent.replace_range(at..=at, digit);
        assert!(read(&bent).unwrap_err().to_string().contains("mistyped"), "{bent}");
    }

    #[test]
    fn the_last_of_a_directory_is_the_one_of_the_highest_place() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("not-there-yet");
        assert_eq!(last_in(&inner).unwrap(), None);
        let vault = Vault::of(&MasterKey::from_bytes([7; 32]));
        for position in [900, 1_000, 99] {
            let one = Anchor::sign(&vault, AuditHead { position, hash: [1; 32] }, 1_795_000_000_000_000);
            let file = write_into(&inner, &one).unwrap();
            assert_eq!(write_into(&inner, &one).unwrap(), file, "one that is there stays");
            assert!(fs::read_to_string(file).unwrap().starts_with(TITLE));
        }
        fs::write(inner.join("notes.txt"), "nothing").unwrap();
        assert_eq!(last_in(&inner).unwrap().unwrap().head.position, 1_000);
        fs::write(inner.join("anchor-999999999999.txt"), "nothing").unwrap();
        assert!(last_in(&inner).is_err(), "a broken anchor is told, not passed over");
    }
}
