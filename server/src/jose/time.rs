//! Moments in tokens.

/// The end of the year 9999: the last moment that calendars and other readers of tokens know.
const LATEST: i64 = 253_402_300_799;

/// A NumericDate in whole seconds (RFC 7519, section 2), from 1970 to the year 9999, from its JSON text.
pub(crate) fn numeric_date(number: &str) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "what is out of range becomes the end of a range that is no moment"
    )]
    let whole = |number: f64| number.floor() as i64;
    let seconds = number.parse().ok().or_else(|| number.parse().ok().map(whole));
    seconds.filter(|seconds| (0..=LATEST).contains(seconds))
}
