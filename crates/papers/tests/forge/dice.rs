//! Chance that repeats itself: everything random on a forged paper comes from here, so that a seed is a paper. The
//! generator is SplitMix64; nothing secret is ever drawn from it.

/// A stream of numbers that its seed decides.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low).expect("the upper bound is not below the lower one") + 1;
        low + i64::try_from(self.next() % span).expect("a span between two i64 of a paper is short")
    }

    /// Once in so many times, yes.
    pub fn one_in(&mut self, times: i64) -> bool {
        self.between(1, times) == 1
    }

    /// One of several.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        let last = i64::try_from(choices.len()).expect("a list of choices is short") - 1;
        choices[usize::try_from(self.between(0, last)).expect("an index is not negative")]
    }

    /// The first `count` of a shuffled copy.
    pub fn some_of<T: Copy>(&mut self, choices: &[T], count: usize) -> Vec<T> {
        let mut left = choices.to_vec();
        let mut drawn = Vec::with_capacity(count);
        while drawn.len() < count && !left.is_empty() {
            let last = i64::try_from(left.len()).expect("a list of choices is short") - 1;
            drawn.push(left.swap_remove(usize::try_from(self.between(0, last)).expect("an index is not negative")));
        }
        drawn
    }
}
