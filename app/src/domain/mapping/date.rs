//! A calendar date check. By hand because the portal's preview runs it too, and the portal is built without `time`.

/// Whether `text` is a date of the Gregorian calendar written `YYYY-MM-DD`, from year 0001 on.
///
/// Year 0000 is rejected although OpenID Connect Core 1.0 uses it for "year withheld": no column can store it.
pub(super) fn is_calendar_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return false;
    }
    let (Some(year), Some(month), Some(day)) = (number(&bytes[..4]), number(&bytes[5..7]), number(&bytes[8..])) else {
        return false;
    };
    year >= 1 && (1..=days_in_month(year, month)).contains(&day)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

/// Zero for a month that does not exist, so that no day is valid in it.
fn days_in_month(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
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
