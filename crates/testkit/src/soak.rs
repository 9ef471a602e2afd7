//! How long a random test goes on: a fixed number of rounds, the same every time, or as many minutes as
//! `cargo xtask soak` wants, with other dice.

use std::time::{Duration, Instant};

/// Minutes that random tests go on for; without it they run a fixed number of rounds.
pub const MINUTES_VARIABLE: &str = "GONDOLA_SOAK_MINUTES";
/// Repeats a run that found something.
pub const SEED_VARIABLE: &str = "GONDOLA_FUZZ_SEED";

/// A random test's dice and its time.
pub struct Soak {
    state: u64,
    rounds: u64,
    done: u64,
    until: Option<Instant>,
}

impl Soak {
    /// So many rounds, or the minutes that the run asks for. The seed is printed.
    #[expect(clippy::print_stdout, reason = "whoever repeats a run needs its seed")]
    pub fn new(name: &str, rounds: u64) -> Self {
        let minutes = number(MINUTES_VARIABLE);
        let seed = number(SEED_VARIABLE).unwrap_or(20_261_126).max(1);
        println!("{name}: seed {seed}, {}", minutes.map_or(format!("{rounds} rounds"), |m| format!("{m} minutes")));
        let until = minutes.map(|minutes| Instant::now() + Duration::from_secs(minutes * 60));
        Self { state: seed, rounds, done: 0, until }
    }

    /// Counts a round; false when there have been enough.
    pub fn goes_on(&mut self) -> bool {
        self.done += 1;
        self.until.map_or(self.done <= self.rounds, |until| Instant::now() < until)
    }

    /// A number below `end`: xorshift64*, repeatable, good enough to break things with.
    pub fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let rolled = self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(rolled).expect("31 bits fit") % end.max(1)
    }

    /// One of the choices.
    pub fn pick<'c, T: ?Sized>(&mut self, choices: &[&'c T]) -> &'c T {
        choices[self.below(choices.len())]
    }

    /// Damages a text: up to four times some bytes are changed, lost, doubled, or get something of
    /// `spice` between them.
    pub fn damage(&mut self, text: &str, spice: &[&str]) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            let length = self.below(12).min(bytes.len() - at);
            match self.below(5) {
                0 if at < bytes.len() => bytes[at] = u8::try_from(self.below(256)).expect("a byte"),
                1 => drop(bytes.drain(at..at + length)),
                2 => {
                    let copy = bytes[at..at + length].to_vec();
                    let to = self.below(bytes.len() + 1);
                    drop(bytes.splice(to..to, copy));
                }
                3 => bytes.truncate(at),
                _ => drop(bytes.splice(at..at, self.pick(spice).bytes())),
            }
        }
        bytes
    }
}

#[expect(clippy::disallowed_methods, reason = "the test kit is an edge: the run tells it through the environment")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}
