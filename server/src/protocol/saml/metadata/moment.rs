//! Moments as XML Schema writes them (`xs:dateTime`).

use vestibule_app::domain::timestamp::Timestamp;

/// Reads a moment; without a time zone it is UTC, as SAML demands (SAML 2.0 Core, section 1.3.3). Fractions of a second
/// are dropped.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.trim().split_once('T')?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (number(parts.next()?, 4)?, number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let zone_at = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (time, zone) = time.split_at_checked(zone_at)?;
    let mut parts = time.splitn(3, ':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let seconds = parts.next()?;
    let second = number(seconds.split_once('.').map_or(seconds, |(whole, _)| whole), 2)?;
    let is_real = (1..=12).contains(&month) && (1..=31).contains(&day) && hour <= 24 && minute < 60 && second < 61;
    if !is_real {
        return None;
    }
    let seconds = days_since_epoch(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Timestamp((seconds - offset(zone)?) * 1_000_000))
}

/// The time zone's distance from UTC in seconds.
fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => match zone.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => return matches!(zone, "" | "Z").then_some(0),
        },
    };
    let (hours, minutes) = rest.split_once(':')?;
    Some(sign * (number(hours, 2)? * 3_600 + number(minutes, 2)? * 60))
}

fn number(text: &str, digits: usize) -> Option<i64> {
    let is_plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

/// Days from 1970-01-01 in the Gregorian calendar, by counting years from March.
const fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_spelling() {
        let moment = Some(Timestamp(1_800_000_000_000_000));
        for text in [
            "2027-01-15T08:00:00Z",
            " 2027-01-15T08:00:00.123456789Z ",
            "2027-01-15T08:00:00",
            "2027-01-15T10:30:00+02:30",
            "2027-01-15T03:00:00-05:00",
        ] {
            assert_eq!(parse(text), moment, "{text}");
        }
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(Timestamp(0)));
        assert_eq!(parse("2000-02-29T00:00:00Z"), Some(Timestamp(951_782_400_000_000)));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "T",
            "2027",
            "2027-01-15",
            "2027-13-01T00:00:00Z",
            "2027-01-15T0:0:0Z",
            "2027-01-15T08:00:00é",
            "2027-01-15T08:00:00+2",
            "-027-01-15T08:00:00Z",
            "2027-01-15T08:00Z",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
