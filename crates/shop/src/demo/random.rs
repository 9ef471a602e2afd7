//! The demo shop's own dice: xoshiro256**, seeded through splitmix64, so that a seed means the same shop for ever, whatever a
//! library decides about its generator. Integers only. Not for secrets: those come from `vault::Randomness`.

/// A generator that draws the same numbers for the same seed.
#[derive(Debug, Clone)]
pub struct Random {
    state: [u64; 4],
}

impl Random {
    /// The generator of that seed.
    pub fn new(seed: u64) -> Self {
        let mut seeder = seed;
        Self { state: std::array::from_fn(|_| splitmix(&mut seeder)) }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let drawn = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        drawn
    }

    /// A number from 0 to `limit - 1`; 0 when there is nothing to choose from.
    pub fn below(&mut self, limit: usize) -> usize {
        // The high half of the product spreads 64 bits over the limit; its bias is below 2⁻⁴⁰ for anything a shop counts.
        let spread = (u128::from(self.next_u64()) * limit as u128) >> 64;
        usize::try_from(spread).expect("the result is below a usize")
    }

    /// A number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let width = usize::try_from(high.saturating_sub(low).saturating_add(1)).unwrap_or(0);
        low + i64::try_from(self.below(width)).expect("the width came from an i64")
    }

    /// True `permille` times out of a thousand.
    pub fn chance(&mut self, permille: i64) -> bool {
        self.between(0, 999) < permille
    }

    /// One of them.
    ///
    /// # Panics
    /// When there are none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

fn splitmix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// A number that a text always gives (FNV-1a): for what must not change with the seed, such as a product's pace.
pub fn number_of(text: &str) -> u64 {
    let fnv = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    splitmix(&mut { fnv })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of the reference implementation seeded the same way.
    #[test]
    fn the_generator_is_the_published_one() {
        let mut seeder = 0;
        assert_eq!(splitmix(&mut seeder), 0xe220_a839_7b1d_cdaf);
        assert_eq!(splitmix(&mut seeder), 0x6e78_9e6a_a1b9_65f4);
        let mut random = Random { state: [1, 2, 3, 4] };
        let first: Vec<u64> = (0..4).map(|_| random.next_u64()).collect();
        assert_eq!(first, [11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240]);
    }

    #[test]
    fn a_range_gives_both_its_ends_and_nothing_else() {
        let mut random = Random::new(7);
        let drawn: std::collections::BTreeSet<i64> = (0..200).map(|_| random.between(-1, 2)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [-1, 0, 1, 2]);
        assert_eq!(random.between(5, 4), 5);
        assert_eq!(random.below(0), 0);
        assert!(!random.chance(0) && random.chance(1_000));
    }
}
