//! The machine's clock in the shop's time zone: a movement at half past eleven at night counts on
//! that day, wherever the machine believes to be (CFG-5).

use gondola_shop::kernel::time::local_day;
use gondola_store::{At, Clock, SystemClock};
use jiff::tz::TimeZone;

/// Tells the machine's time and the shop's day.
pub struct ShopClock {
    zone: TimeZone,
}

impl ShopClock {
    /// The clock of a shop in `zone`.
    pub fn new(zone: TimeZone) -> Self {
        Self { zone }
    }
}

impl Clock for ShopClock {
    fn now(&self) -> At {
        SystemClock.now()
    }

    fn day_of(&self, at: At) -> i32 {
        local_day(at, &self.zone)
    }
}

#[cfg(test)]
mod tests {
    use gondola_shop::kernel::time::{format_day, parse_instant};

    use super::*;

    /// CFG-5.
    #[test]
    fn half_past_eleven_at_night_counts_on_that_day_in_the_shops_zone() {
        let day = |zone: &str| {
            let clock = ShopClock::new(TimeZone::get(zone).unwrap());
            format_day(clock.day_of(parse_instant("2026-11-24T02:30:00Z").unwrap()))
        };
        assert_eq!(day("America/Argentina/Buenos_Aires"), "2026-11-23");
        assert_eq!(day("Europe/Madrid"), "2026-11-24");
    }
}
