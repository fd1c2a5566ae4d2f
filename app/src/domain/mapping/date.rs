//! A calendar date check.

use time::{Date, format_description::BorrowedFormatItem, macros::format_description};

const WRITTEN: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");

/// Whether `text` is a date of the Gregorian calendar written `YYYY-MM-DD`, from year 0001 on.
///
/// Year 0000 is rejected although OpenID Connect Core 1.0 uses it for "year withheld": no column can store it.
pub(super) fn is_calendar_date(text: &str) -> bool {
    // A sign before the year makes the text longer.
    text.len() == 10 && Date::parse(text, WRITTEN).is_ok_and(|date| date.year() >= 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_leap_years_and_month_lengths() {
        for valid in ["2000-02-29", "2024-02-29", "1999-12-31", "0001-01-01", "2023-04-30"] {
            assert!(is_calendar_date(valid), "{valid}");
        }
        for invalid in [
            "1900-02-29",
            "2023-02-29",
            "2023-04-31",
            "2023-13-01",
            "2023-00-10",
            "2023-01-00",
            "0000-01-01",
            "2023-1-1",
            "23-01-01",
            "2023/01/01",
            "2023-01-01T00:00:00Z",
            "+023-01-01",
            "",
            "日本-01-01",
        ] {
            assert!(!is_calendar_date(invalid), "{invalid}");
        }
    }
}
