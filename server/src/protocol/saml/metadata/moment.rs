//! Moments as XML Schema writes them (`xs:dateTime`).

use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use vestibule_app::domain::timestamp::Timestamp;

/// Parses a moment; without a time zone it is UTC, as SAML requires (SAML 2.0 Core, section 1.3.3). Fractions of a second
/// are dropped.
///
/// RFC 3339 lacks two things that XML Schema has: a missing time zone, and 24:00:00 for the end of a day.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.trim().split_once('T')?;
    let zone = if time.contains(['Z', '+', '-']) { "" } else { "Z" };
    let (time, extra) = match time.strip_prefix("24:00:00") {
        Some(rest) => (format!("00:00:00{rest}"), 86_400),
        None => (time.to_owned(), 0),
    };
    let moment = OffsetDateTime::parse(&format!("{date}T{time}{zone}"), &Rfc3339).ok()?;
    Some(Timestamp((moment.unix_timestamp() + extra) * 1_000_000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_moments_in_every_spelling() {
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
        assert_eq!(parse("1969-12-31T24:00:00Z"), Some(Timestamp(0)));
        assert_eq!(parse("1970-01-01T00:00:00Z"), Some(Timestamp(0)));
        assert_eq!(parse("2000-02-29T00:00:00Z"), Some(Timestamp(951_782_400_000_000)));
    }

    #[test]
    fn rejects_what_is_no_moment() {
        for text in [
            "",
            "T",
            "2027",
            "2027-01-15",
            "2027-13-01T00:00:00Z",
            "2027-02-29T00:00:00Z",
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
