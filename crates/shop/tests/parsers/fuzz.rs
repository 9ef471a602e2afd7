//! How a parser is fuzzed: inputs made by damaging good ones and those that were accepted before, each judged within a
//! second. A failure prints the input; the seed is printed at the beginning and what was done at the end.

use std::time::{Duration, Instant};

use gondola_testkit::Soak;

/// One input (PEN-4).
const ONE_INPUT_MAX: Duration = Duration::from_secs(1);
/// Times that a slow input is judged again.
const AGAIN: usize = 2;
/// Bytes that an input may grow to.
const BYTES_MAX: usize = 64 * 1024;
/// Accepted inputs that are kept, to be damaged further, and bytes of each.
const KEPT_MAX: usize = 200;
const KEPT_BYTES_MAX: usize = 2 * 1024;
/// Repetitions of one byte, as deep nesting is made.
const REPEATED_MAX: usize = 300;

/// What breaks parsers of any kind: numbers too large, letters that are others when folded, what cannot be seen, bytes
/// that are no text, and texts that are paths.
const ODD: [&[u8]; 40] = [
    b"\0",
    b"\r\n",
    b"\t",
    b"\x7f",
    b"\x1b[2J",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xf0\x9f",
    "\u{FEFF}".as_bytes(),
    "\u{202E}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{85}".as_bytes(),
    "\u{A0}".as_bytes(),
    "n\u{303}\u{323}\u{303}".as_bytes(),
    "\u{130}".as_bytes(),
    "\u{1E9E}".as_bytes(),
    "\u{FB03}".as_bytes(),
    "\u{1D400}".as_bytes(),
    "\u{FDFA}".as_bytes(),
    "\u{AC00}\u{11A8}".as_bytes(),
    "\u{1F468}\u{200D}\u{1F469}".as_bytes(),
    "\u{663}".as_bytes(),
    "\u{FF11}".as_bytes(),
    "½".as_bytes(),
    "−".as_bytes(),
    b"18446744073709551616",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"170141183460469231731687303715884105728",
    b"1e999999999",
    b"-0",
    b"+1",
    b"%00",
    b"%",
    b"%2e%2e%2f",
    b"../",
    b"//",
    b"NaN",
];

/// A parser on trial: the good inputs, what its language is made of, and the dice.
pub struct Fuzz {
    name: &'static str,
    soak: Soak,
    good: Vec<Vec<u8>>,
    kept: Vec<Vec<u8>>,
    words: &'static [&'static str],
    begin: Instant,
    slowest: Duration,
    judged: u64,
    accepted: u64,
}

impl Fuzz {
    /// A trial of so many rounds, or of the minutes that the run asks for. `words` is the parser's own language.
    pub fn new<I: AsRef<[u8]>>(
        name: &'static str,
        rounds: u64,
        good: impl IntoIterator<Item = I>,
        words: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            soak: Soak::new(name, rounds),
            good: good.into_iter().map(|input| input.as_ref().to_vec()).collect(),
            kept: Vec::new(),
            words,
            begin: Instant::now(),
            slowest: Duration::ZERO,
            judged: 0,
            accepted: 0,
        }
    }

    /// Counts a round; false when there have been enough.
    pub fn goes_on(&mut self) -> bool {
        self.soak.goes_on()
    }

    /// The dice.
    pub fn below(&mut self, end: usize) -> usize {
        self.soak.below(end)
    }

    /// Judges damaged inputs until there have been enough: whether each was accepted.
    pub fn each(mut self, judge: impl Fn(&[u8]) -> bool) {
        while self.goes_on() {
            let input = self.damaged();
            self.judge(&input, &judge);
        }
        self.end();
    }

    /// As [`Fuzz::each`], of texts.
    pub fn each_text(self, judge: impl Fn(&str) -> bool) {
        self.each(|input| judge(&String::from_utf8_lossy(input)));
    }

    /// Judges one input in no more than its time. One that took longer is judged again: the machine may have been busy
    /// elsewhere, and a parser that hangs does so each time.
    pub fn judge(&mut self, input: &[u8], judge: impl Fn(&[u8]) -> bool) {
        let _shown = Shown { name: self.name, input };
        let timed = || {
            let begin = Instant::now();
            (judge(input), begin.elapsed())
        };
        let (accepted, mut took) = timed();
        for _ in 0..AGAIN {
            if took > ONE_INPUT_MAX {
                took = took.min(timed().1);
            }
        }
        self.note(input, accepted, took);
    }

    /// As [`Fuzz::judge`], where judging waits for something.
    pub async fn judge_request(&mut self, input: &[u8], judge: impl AsyncFn(&[u8]) -> bool) {
        let _shown = Shown { name: self.name, input };
        let timed = async || {
            let begin = Instant::now();
            (judge(input).await, begin.elapsed())
        };
        let (accepted, mut took) = timed().await;
        for _ in 0..AGAIN {
            if took > ONE_INPUT_MAX {
                took = took.min(timed().await.1);
            }
        }
        self.note(input, accepted, took);
    }

    fn note(&mut self, input: &[u8], accepted: bool, took: Duration) {
        assert!(took <= ONE_INPUT_MAX, "{} took {took:?}", self.name);
        self.slowest = self.slowest.max(took);
        self.judged += 1;
        if accepted {
            self.accepted += 1;
            self.keep(input);
        }
    }

    /// Tells what was done. A trial in which nothing was accepted, or everything, proves little and fails.
    #[expect(clippy::print_stdout, reason = "how much was done is what a run is evidence of")]
    pub fn end(self) {
        let Self { name, judged, accepted, slowest, begin, .. } = self;
        println!("{name}: {judged} inputs in {:?}, {accepted} accepted, the slowest in {slowest:?}", begin.elapsed());
        assert!(accepted > 0 && accepted < judged, "{name}: {accepted} of {judged} accepted");
    }

    /// The next input: a good one or one that was accepted, damaged in one to four places.
    pub fn damaged(&mut self) -> Vec<u8> {
        let mut bytes = self.one().to_vec();
        for _ in 0..=self.soak.below(4) {
            self.damage(&mut bytes);
        }
        bytes.truncate(BYTES_MAX);
        bytes
    }

    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let at = self.soak.below(bytes.len() + 1);
        let length = self.soak.below(24).min(bytes.len() - at);
        let piece = at..at + length;
        match self.soak.below(12) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.soak.below(8),
            1 if at < bytes.len() => bytes[at] = u8::try_from(self.soak.below(256)).expect("a byte"),
            2 => bytes.truncate(at),
            3 => drop(bytes.drain(piece)),
            4 => {
                let many = bytes[piece].repeat(self.soak.below(8));
                drop(bytes.splice(at..at, many));
            }
            5 if at < bytes.len() => {
                let many = [bytes[at]].repeat(self.soak.below(REPEATED_MAX));
                drop(bytes.splice(at..at, many));
            }
            6 => {
                let other = self.one();
                let from = other.len() * at / (bytes.len() + 1);
                let tail = other[from..].to_vec();
                bytes.truncate(at);
                bytes.extend(tail);
            }
            7 => {
                let moved: Vec<u8> = bytes.drain(piece).collect();
                let to = self.soak.below(bytes.len() + 1);
                drop(bytes.splice(to..to, moved));
            }
            8 => bytes[piece].iter_mut().for_each(|byte| *byte ^= if byte.is_ascii_alphabetic() { 0x20 } else { 0 }),
            9 => drop(bytes.splice(piece, ODD[self.soak.below(ODD.len())].iter().copied())),
            10 => drop(bytes.splice(piece, self.soak.pick(self.words).bytes())),
            _ => drop(bytes.splice(at..at, self.soak.pick(self.words).bytes())),
        }
    }

    /// A good input, or as often one that was accepted.
    fn one(&mut self) -> &[u8] {
        let from = if self.soak.below(2) == 0 || self.kept.is_empty() { &self.good } else { &self.kept };
        &from[self.soak.below(from.len())]
    }

    fn keep(&mut self, input: &[u8]) {
        if input.len() > KEPT_BYTES_MAX {
            return;
        }
        if self.kept.len() < KEPT_MAX {
            self.kept.push(input.to_vec());
        } else {
            let at = self.soak.below(KEPT_MAX);
            self.kept[at] = input.to_vec();
        }
    }
}

/// Prints the input when its trial ends in a panic, the product's or the judge's.
struct Shown<'i> {
    name: &'static str,
    input: &'i [u8],
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}: the input was b\"{}\"", self.name, self.input.escape_ascii());
        }
    }
}
