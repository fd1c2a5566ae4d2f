//! A moment as a number, so that the domain needs no calendar and both databases store the same.

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment this many seconds later (earlier when negative).
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Whole seconds from `earlier` to this moment; negative when it lies after.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        (self.0 - earlier.0) / 1_000_000
    }

    /// Whole seconds since `earlier`. A stored moment in the future was written before the clock was set back; 0 is
    /// returned then, so that nothing waits for the clock to catch up.
    #[must_use]
    pub const fn elapsed_since(self, earlier: Self) -> i64 {
        let seconds = self.0.saturating_sub(earlier.0) / 1_000_000;
        if seconds > 0 { seconds } else { 0 }
    }

    /// The latest moment that another node's clock can show now: clocks differ by a minute at most. A later stored
    /// moment was written before the clock was set back.
    #[must_use]
    pub const fn latest_elsewhere(self) -> Self {
        self.plus_seconds(60)
    }

    /// Milliseconds since the epoch, as JavaScript's `Date` counts.
    pub const fn unix_millis(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

const MICROS_PER_DAY: i64 = 86_400_000_000;

impl Timestamp {
    /// Year, month, day, hour, minute and second in UTC, by the proleptic Gregorian calendar.
    pub const fn civil(self) -> [i64; 6] {
        // Years begin in March, so that the leap day is the last one.
        let days = self.0.div_euclid(MICROS_PER_DAY) + 719_468;
        let seconds = self.0.rem_euclid(MICROS_PER_DAY) / 1_000_000;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        [year, month, day, seconds / 3600, seconds / 60 % 60, seconds % 60]
    }

    /// The moment in directories' format, in whole seconds (GeneralizedTime of RFC 4517, section 3.3.13).
    pub fn generalized(self) -> String {
        let [year, month, day, hour, minute, second] = self.civil();
        format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_has_passed_since_a_moment_that_lies_ahead() {
        let now = Timestamp(1_800_000_000_000_000);
        for (earlier, seconds) in [(now.plus_seconds(-90), 90), (now, 0), (now.plus_seconds(31_536_000), 0)] {
            assert_eq!(now.elapsed_since(earlier), seconds);
        }
        assert_eq!(Timestamp(i64::MIN).elapsed_since(Timestamp(i64::MAX)), 0);
    }

    #[test]
    fn clocks_of_nodes_may_differ_by_a_minute() {
        let now = Timestamp(1_800_000_000_000_000);
        for (seconds, ahead) in [(-1, false), (0, false), (2, false), (60, false), (61, true), (31_536_000, true)] {
            assert_eq!(now.plus_seconds(seconds) > now.latest_elsewhere(), ahead, "{seconds}");
        }
    }

    #[test]
    fn moments_are_written_as_directories_do() {
        for (micros, text) in [
            (0, "19700101000000Z"),
            (1_800_000_000_000_000, "20270115080000Z"),
            (951_782_400_000_000, "20000229000000Z"),
            (1_709_251_199_999_999, "20240229235959Z"),
            (-1, "19691231235959Z"),
        ] {
            assert_eq!(Timestamp(micros).generalized(), text);
        }
    }
}
