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

/// Calendars are for the server: the portal lets the browser format moments.
#[cfg(not(target_arch = "wasm32"))]
impl Timestamp {
    /// Date and time of day in UTC; the last representable moment for one after the year 9999.
    pub fn utc(self) -> time::OffsetDateTime {
        time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1000)
            .unwrap_or(time::PrimitiveDateTime::MAX.assume_utc())
    }

    /// The moment in directories' format, in whole seconds (GeneralizedTime of RFC 4517, section 3.3.13).
    pub fn generalized(self) -> String {
        let format = time::macros::format_description!("[year][month][day][hour][minute][second]Z");
        self.utc().format(format).expect("every part of the format is known")
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
