//! Moments as RFC 3339 writes them, in UTC.

use time::macros::format_description;
use vestibule_app::domain::timestamp::Timestamp;

/// A moment in UTC, with six decimals unless it is a whole second. The library's own RFC 3339 drops trailing zeros.
pub(super) fn rfc3339(moment: Timestamp) -> String {
    let format = match moment.0 % 1_000_000 {
        0 => format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z"),
        _ => format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z"),
    };
    moment.utc().format(format).expect("every part of the format is known")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_in_utc() {
        for (micros, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (1_800_000_000_000_000, "2027-01-15T08:00:00Z"),
            (951_782_400_000_000, "2000-02-29T00:00:00Z"),
            (1_709_251_199_999_999, "2024-02-29T23:59:59.999999Z"),
            (1_000_020, "1970-01-01T00:00:01.000020Z"),
            (-1, "1969-12-31T23:59:59.999999Z"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(Timestamp(micros)), text);
        }
    }
}
