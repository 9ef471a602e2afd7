//! Forged papers, damaged by seed (PEN-4): bits turned, parts lost, doubled, cut off, and parts of another paper or of no paper
//! put between them. Each is read or refused by an error with a name; none takes the process, or longer than it may.
//!
//! The seed is printed. `GONDOLA_FUZZ_SEED` repeats a run, and `GONDOLA_SOAK_MINUTES` makes it longer: an hour of pictures
//! and one of PDF in `cargo xtask soak`. What was written to be hostile is in `capture/hostile.rs`.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking and tells its seed")]

#[path = "forge/mod.rs"]
mod forge;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::time::{Duration, Instant};

use forge::dice::Dice;
use forge::photo::{Degradation, RENDERER, can_render, photograph};
use gondola_papers::capture::{self, CaptureError, Kind, Limits, sniff};
use gondola_papers::extract::extract;
use gondola_papers::picture::{self, PictureError, flatten, qr, straighten};
use gondola_papers::tools::{Bounds, ToolError, Tools};
use image::{DynamicImage, ImageFormat};

const SEED: u64 = 20_261_128;
/// Papers that are damaged.
const PAPERS: u64 = 6;
/// Rounds of a run that nobody asked to be longer. Each PDF starts two programs.
const PICTURES: u64 = 600;
const DOCUMENTS: u64 = 40;
/// Of the PDF one in so many is drawn as well, which takes as long as all the rest of it.
const DRAWN: i64 = 20;
/// The long side of the pictures, and the pixels that one may have: time then tells of a hang and not of a size.
const SIDE: u32 = 480;
const PIXELS_MAX: u64 = 400_000;
/// A picture as it is unpacked (PEN-4), and with the search for codes and the straightening that follow, which are work that
/// grows with what is on it.
const UNPACKED_MAX: Duration = Duration::from_secs(1);
const PICTURE_MAX: Duration = Duration::from_secs(10);
/// One document, programs included, on a machine that has other things to do.
const DOCUMENT_MAX: Duration = Duration::from_secs(20);

/// How long it goes on: so many rounds, or the minutes that were asked for.
struct Run {
    dice: Dice,
    rounds: u64,
    until: Option<Instant>,
    told: BTreeMap<&'static str, u64>,
}

impl Run {
    fn begin(name: &str, rounds: u64) -> Self {
        let seed = setting("GONDOLA_FUZZ_SEED").unwrap_or(SEED);
        println!("{name}: seed {seed}");
        let until = setting("GONDOLA_SOAK_MINUTES").map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
        Self { dice: Dice::new(seed), rounds, until, told: BTreeMap::new() }
    }

    fn goes_on(&self) -> bool {
        let done: u64 = self.told.values().sum();
        self.until.map_or(done < self.rounds, |until| Instant::now() < until)
    }

    fn below(&mut self, end: usize) -> usize {
        let last = i64::try_from(end.max(1)).unwrap() - 1;
        usize::try_from(self.dice.between(0, last)).unwrap()
    }

    /// A copy of one of the files with one to four things wrong with it.
    fn damaged(&mut self, files: &[Vec<u8>]) -> Vec<u8> {
        const SPICE: [&[u8]; 16] = [
            b"\0",
            b"\xFF\xD8\xFF",
            b"IEND",
            b"VP8X",
            b"endstream endobj",
            b"stream\n",
            b"/Length 999999999999",
            b"/Length -1",
            b"/Kids [2 0 R 2 0 R]",
            b"/MediaBox [0 0 9999999 -1]",
            b"/Filter [/FlateDecode /FlateDecode /FlateDecode]",
            b"/Encrypt 1 0 R",
            b"<< << << << <<",
            b"startxref\n0\n%%EOF",
            b"\xFE\xFF(",
            b"%PDF-9.9",
        ];
        let at = self.below(files.len());
        let mut bytes = files[at].clone();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let length = self.below(60).min(bytes.len() - at);
            match self.below(8) {
                0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                2 if !bytes.is_empty() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                3 => drop(bytes.drain(at..at + length)),
                4 => {
                    let copy = bytes[at..at + length].repeat(1 + self.below(4));
                    let to = self.below(bytes.len());
                    drop(bytes.splice(to..to, copy));
                }
                5 => bytes.truncate(at),
                6 => {
                    let other = &files[self.below(files.len())];
                    let from = self.below(other.len());
                    drop(bytes.splice(at.., other[from..].iter().copied()));
                }
                _ => {
                    let spice = SPICE[self.below(SPICE.len())];
                    drop(bytes.splice(at..at, spice.iter().copied()));
                }
            }
        }
        bytes
    }

    fn tell(&mut self, how: &'static str) {
        *self.told.entry(how).or_default() += 1;
    }

    /// What came of it; damage of which nothing was refused or nothing was read would show nothing.
    fn end(self) {
        println!("{:?}", self.told);
        assert!(self.told.len() > 1 && self.told.contains_key(READ), "{:?}", self.told);
    }
}

const READ: &str = "read";

#[expect(clippy::disallowed_methods, reason = "a switch of this test, not a setting of the product")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// Photographs of forged papers, small, in each format that is read.
fn photographs() -> Vec<Vec<u8>> {
    let formats = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP];
    let mut files = Vec::new();
    for seed in 0..PAPERS {
        let degradation = Degradation::ALL[usize::try_from(seed).unwrap()];
        let photo = photograph(&forge::document(seed).pdf, 1, degradation, seed);
        let photo = picture::decode(&photo, ImageFormat::Jpeg, u64::MAX / 8).unwrap();
        let small = DynamicImage::from(picture::resize_long_side(&photo, SIDE));
        let mut bytes = Cursor::new(Vec::new());
        let format = formats[usize::try_from(seed).unwrap() % formats.len()];
        // WebP is written in colour only.
        small.to_rgb8().write_to(&mut bytes, format).unwrap();
        files.push(bytes.into_inner());
    }
    files
}

/// All that is done with a picture in this process; the rest is a program's, under limits.
fn look(bytes: &[u8]) -> &'static str {
    let format = match sniff(bytes) {
        Some(Kind::Jpeg) => ImageFormat::Jpeg,
        Some(Kind::Png) => ImageFormat::Png,
        Some(Kind::WebP) => ImageFormat::WebP,
        Some(Kind::Pdf) => return "taken for a PDF",
        None => return "of no kind",
    };
    let unpack = || {
        let began = Instant::now();
        (picture::decode(bytes, format, PIXELS_MAX), began.elapsed())
    };
    let (photo, took) = unpack();
    // A machine that had other things to do has not twice in a row.
    assert!(took <= UNPACKED_MAX || unpack().1 <= UNPACKED_MAX, "unpacking took {took:?}");
    let photo = match photo {
        Ok(photo) => photo,
        Err(PictureError::TooLarge { .. }) => return "too large",
        Err(PictureError::Damaged(_)) => return "damaged",
    };
    assert!(u64::from(photo.width()) * u64::from(photo.height()) <= PIXELS_MAX);
    let _ = qr::read(&photo);
    let (straight, _) = straighten::straighten(&flatten::flatten(&photo));
    picture::preview(&straight).unwrap();
    READ
}

#[test]
fn a_damaged_picture_is_read_or_refused_and_unpacked_within_a_second() {
    if !can_render() {
        println!("SKIPPED: {RENDERER} is not installed (apt-get install poppler-utils)");
        return;
    }
    let files = photographs();
    assert!(files.iter().all(|file| look(file) == READ), "they were sound");
    let mut run = Run::begin("pictures", PICTURES);
    while run.goes_on() {
        let bytes = run.damaged(&files);
        let began = Instant::now();
        let how = look(&bytes);
        assert!(began.elapsed() <= PICTURE_MAX, "{how} took {:?}: {:?}", began.elapsed(), run.told);
        run.tell(how);
    }
    run.end();
}

/// What a refusal of a PDF is called; a program that is missing or a folder that fails is a fault of the test.
fn named(error: &CaptureError) -> &'static str {
    match error {
        CaptureError::Tool(ToolError::Missing(_) | ToolError::Io(..))
        | CaptureError::Folder(_)
        | CaptureError::Preview(_)
        | CaptureError::FileTooLarge { .. } => panic!("{error}"),
        typed => typed.code(),
    }
}

/// The text of every page, and of some of them the drawing and what the words mean.
fn read(bytes: &[u8], drawn: bool, tools: &Tools) -> &'static str {
    let bounds = Bounds { time: DOCUMENT_MAX / 4, ..Limits::default().run };
    let limits = Limits { time_max: DOCUMENT_MAX / 2, run: bounds, ..Limits::default() };
    let pages = match capture::read_text(bytes, tools, &limits) {
        Ok(pages) => pages,
        Err(error) => return named(&error),
    };
    assert!(pages.len() <= limits.pages_max);
    let pages: Vec<_> = pages.into_iter().flatten().collect();
    assert!(pages.iter().all(|page| page.words.len() <= limits.words_max));
    let _ = extract(&pages, None, None);
    if drawn {
        let limits = Limits { pages_max: 1, ..limits };
        match capture::read(bytes, tools, &limits) {
            Ok(captured) => assert_eq!((captured.pages.len(), captured.pictures.len()), (1, 1)),
            Err(error) => return named(&error),
        }
    }
    READ
}

#[test]
fn a_damaged_pdf_is_read_or_refused_by_name() {
    let tools = Tools::default();
    let missing = tools.missing();
    if !missing.is_empty() {
        println!("SKIPPED: {missing:?} not installed");
        return;
    }
    let files: Vec<Vec<u8>> = (0..PAPERS).map(|seed| forge::document(seed).pdf).collect();
    assert!(files.iter().all(|file| read(file, false, &tools) == READ), "they were sound");
    let mut run = Run::begin("PDF", DOCUMENTS);
    while run.goes_on() {
        let bytes = run.damaged(&files);
        let drawn = run.dice.one_in(DRAWN);
        let began = Instant::now();
        let how = read(&bytes, drawn, &tools);
        assert!(began.elapsed() <= DOCUMENT_MAX, "{how} took {:?}: {:?}", began.elapsed(), run.told);
        run.tell(how);
    }
    run.end();
}
