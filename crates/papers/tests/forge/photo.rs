//! Photographs of forged pages: a page as poppler's `pdftoppm` renders it, made worse in one way, as JPEG. The ways
//! themselves are in `lens` and `light`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use image::ExtendedColorType;
use image::codecs::jpeg::JpegEncoder;

use super::dice::Dice;
use super::lens::{Grey, Hold};
use super::light;

/// The program that renders; without it there are no photographs.
pub const RENDERER: &str = "pdftoppm";
/// Dots per inch of a page before it suffers.
const RESOLUTION: &str = "200";
/// JPEG quality of a good camera.
const GOOD: u8 = 88;

/// What went wrong with a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Degradation {
    /// Nothing.
    Clean,
    /// Held aslant, up to 7° to either side.
    Slanted,
    /// Taken from one side.
    Perspective,
    /// Out of focus.
    Blurred,
    /// Little light and a shadow.
    LowLight,
    /// A grainy sensor.
    Noise,
    /// Thermal paper, faded.
    Faded,
    /// A cup stood on it.
    CoffeeStain,
    /// Compressed to JPEG quality 40.
    Compressed,
    /// A quarter turn.
    QuarterTurn,
    /// Upside down.
    HalfTurn,
}

impl Degradation {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Clean,
        Self::Slanted,
        Self::Perspective,
        Self::Blurred,
        Self::LowLight,
        Self::Noise,
        Self::Faded,
        Self::CoffeeStain,
        Self::Compressed,
        Self::QuarterTurn,
        Self::HalfTurn,
    ];

    /// In a word, for tables and file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Clean => "clean",
            Self::Slanted => "slanted",
            Self::Perspective => "perspective",
            Self::Blurred => "blurred",
            Self::LowLight => "low-light",
            Self::Noise => "noise",
            Self::Faded => "faded",
            Self::CoffeeStain => "coffee-stain",
            Self::Compressed => "compressed",
            Self::QuarterTurn => "quarter-turn",
            Self::HalfTurn => "half-turn",
        }
    }
}

/// A page of a PDF (the first is 1) as a photograph in JPEG; a seed gives the same one again.
pub fn photograph(pdf: &[u8], page: usize, degradation: Degradation, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    let sharp = render(pdf, page);
    let quality = if degradation == Degradation::Compressed { 40 } else { GOOD };
    jpeg(&worsen(sharp, degradation, &mut dice), quality)
}

/// Is the renderer there to be called?
pub fn can_render() -> bool {
    Command::new(RENDERER).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

fn worsen(mut picture: Grey, degradation: Degradation, dice: &mut Dice) -> Grey {
    match degradation {
        Degradation::Clean | Degradation::Compressed => {}
        Degradation::Slanted => {
            let slant = dice.between(15, 70) * dice.one_of(&[-1, 1]);
            return picture.held(Hold { slant, ..Hold::default() });
        }
        Degradation::Perspective => {
            let [tilt_right, tilt_down] = [45, 60].map(|most| dice.between(-most, most));
            return picture.held(Hold { slant: dice.between(-15, 15), tilt_right, tilt_down });
        }
        Degradation::Blurred => return picture.blurred(dice.one_of(&[1, 1, 2])).blurred(1),
        Degradation::LowLight => {
            light::dim(&mut picture, dice);
            light::grain(&mut picture, 14, dice);
        }
        Degradation::Noise => light::grain(&mut picture, dice.between(40, 80), dice),
        Degradation::Faded => {
            light::fade(&mut picture, dice);
            light::grain(&mut picture, 8, dice);
        }
        Degradation::CoffeeStain => light::stain(&mut picture, dice),
        Degradation::QuarterTurn if dice.one_in(2) => return picture.quarter_turn(),
        Degradation::QuarterTurn => return picture.quarter_turn().quarter_turn().quarter_turn(),
        Degradation::HalfTurn => return picture.quarter_turn().quarter_turn(),
    }
    picture
}

/// A page in shades of grey.
pub fn render(pdf: &[u8], page: usize) -> Grey {
    let page = page.to_string();
    let mut program = Command::new(RENDERER)
        .args(["-r", RESOLUTION, "-gray", "-f", &page, "-l", &page, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("pdftoppm is installed: apt-get install poppler-utils");
    // It draws only after it has read everything, so neither end waits for the other.
    program.stdin.take().expect("its input is piped").write_all(pdf).expect("it reads all of its input");
    let output = program.wait_with_output().expect("it ends by itself");
    assert!(output.status.success(), "{RENDERER} of page {page}: {}", output.status);
    portable_graymap(&output.stdout).expect("it answers with a P5 picture of 8 bits")
}

/// Reads `P5 width height 255` and the pixels that follow.
fn portable_graymap(bytes: &[u8]) -> Option<Grey> {
    let mut fields = Vec::with_capacity(4);
    let mut rest = bytes;
    while fields.len() < 4 {
        let end = rest.iter().position(u8::is_ascii_whitespace)?;
        fields.push(std::str::from_utf8(&rest[..end]).ok()?);
        rest = &rest[end + 1..];
    }
    let [width, height] = [fields[1], fields[2]].map(|side| side.parse::<usize>().ok());
    let (width, height) = (width?, height?);
    let light = rest.get(..width * height)?.to_vec();
    (fields[0] == "P5" && fields[3] == "255").then_some(Grey { width, height, light })
}

fn jpeg(picture: &Grey, quality: u8) -> Vec<u8> {
    let [width, height] = [picture.width, picture.height].map(|side| u32::try_from(side).expect("a side is short"));
    let mut bytes = Vec::new();
    let written =
        JpegEncoder::new_with_quality(&mut bytes, quality).encode(&picture.light, width, height, ExtendedColorType::L8);
    written.expect("a grey picture below 65,536 pixels a side can be written");
    bytes
}
