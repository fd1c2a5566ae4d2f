//! Query strings, read with pydantic's rules: one answer names every fault, and unknown parameters are ignored.

use std::borrow::Cow;

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use url::form_urlencoded;
use vestibule_app::domain::{page::PageRequest, timestamp::Timestamp};

use super::{
    error::{Entry, Refusal, Result, Segment},
    input::{NO_TRUTH, one_of, truth_of},
};

const DEFAULT_SIZE: u32 = 20;
const LARGEST_SIZE: i64 = 100;

/// The page of a list that a query names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PageParameters {
    pub(super) page: u64,
    pub(super) per_page: u32,
}

impl PageParameters {
    /// The rows of the page.
    pub(super) fn request(self) -> PageRequest {
        PageRequest::numbered(self.page, self.per_page)
    }
}

/// Reads the parameters of a query.
pub(super) struct Query<'a> {
    parameters: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    faults: Vec<Entry>,
}

impl<'a> Query<'a> {
    pub(super) fn of(query: Option<&'a str>) -> Self {
        let parameters = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).collect();
        Self { parameters, faults: Vec::new() }
    }

    /// A text; blank means not given. Of several values the last one counts.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.raw(name).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A boolean; false when it is not given.
    pub(super) fn boolean(&mut self, name: &'static str) -> bool {
        let Some(text) = self.raw(name) else { return false };
        let read = truth_of(text);
        if read.is_none() {
            let input = Value::from(text);
            self.note("bool_parsing", name, NO_TRUTH, input, None);
        }
        read.unwrap_or_default()
    }

    /// `page` and `per_page`.
    pub(super) fn page(&mut self) -> PageParameters {
        let page = self.number("page", 1, i64::MAX);
        let per_page = self.number("per_page", i64::from(DEFAULT_SIZE), LARGEST_SIZE);
        PageParameters {
            page: u64::try_from(page).unwrap_or(1),
            per_page: u32::try_from(per_page).unwrap_or(DEFAULT_SIZE),
        }
    }

    /// Notes a value that is not one of the known ones.
    pub(super) fn choice(&mut self, name: &'static str, choices: &[&str]) {
        let Some(text) = self.raw(name) else { return };
        if !choices.contains(&text) {
            let expected = one_of(choices.iter().copied());
            let (input, msg) = (Value::from(text), format!("Input should be {expected}"));
            self.note("literal_error", name, &msg, input, Some(json!({ "expected": expected })));
        }
    }

    /// A whole number from 0 on; nothing when it is not given.
    pub(super) fn count(&mut self, name: &'static str) -> Option<u64> {
        let text = self.raw(name)?;
        let number = whole(text).and_then(|number| u64::try_from(number).ok());
        if number.is_none() {
            let input = Value::from(text);
            let (kind, msg, ctx) = match whole(text) {
                None => ("int_parsing", "Input should be a valid integer, unable to parse string as an integer", None),
                Some(_) => {
                    ("greater_than_equal", "Input should be greater than or equal to 0", Some(json!({ "ge": 0 })))
                }
            };
            self.note(kind, name, msg, input, ctx);
        }
        number
    }

    /// A moment in RFC 3339's format; nothing when it is not given.
    pub(super) fn moment(&mut self, name: &'static str) -> Option<Timestamp> {
        let text = self.raw(name)?;
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok();
        if moment.is_none() {
            let input = Value::from(text);
            self.note("datetime_parsing", name, "Input should be a valid datetime", input, None);
        }
        Some(Timestamp(i64::try_from(moment?.unix_timestamp_nanos() / 1000).ok()?))
    }

    /// Refuses the request when anything is wrong.
    pub(super) fn check(self) -> Result<()> {
        if self.faults.is_empty() { Ok(()) } else { Err(Refusal::Invalid(self.faults)) }
    }

    fn raw(&self, name: &str) -> Option<&str> {
        self.parameters.iter().rev().find(|(given, _)| given == name).map(|(_, value)| &**value)
    }

    /// A whole number from 1 to `most`.
    fn number(&mut self, name: &'static str, default: i64, most: i64) -> i64 {
        let Some(text) = self.raw(name) else { return default };
        let input = Value::from(text);
        let Some(number) = whole(text) else {
            let msg = "Input should be a valid integer, unable to parse string as an integer";
            self.note("int_parsing", name, msg, input, None);
            return default;
        };
        if number < 1 {
            let msg = "Input should be greater than or equal to 1";
            self.note("greater_than_equal", name, msg, input, Some(json!({ "ge": 1 })));
        } else if number > most {
            let msg = format!("Input should be less than or equal to {most}");
            self.note("less_than_equal", name, &msg, input, Some(json!({ "le": most })));
        } else {
            return number;
        }
        default
    }

    fn note(&mut self, kind: &'static str, name: &'static str, msg: &str, input: Value, ctx: Option<Value>) {
        let loc = vec![Segment::name("query"), Segment::name(name)];
        self.faults.push(Entry { kind, loc, msg: msg.to_owned(), input: Some(input), ctx });
    }
}

/// A whole number as pydantic reads one from a text: blanks around it, a sign, underscores between digits, and zeros
/// behind a point. A number larger than any page counts as the largest.
fn whole(text: &str) -> Option<i64> {
    let text = text.trim();
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let digits = match text.split_once('.') {
        Some((digits, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => digits,
        Some(_) => return None,
        None => text,
    };
    let is_grouped =
        digits.split('_').all(|group| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_grouped {
        return None;
    }
    let number = digits.replace('_', "").parse().unwrap_or(i64::MAX);
    Some(if is_negative { -number } else { number })
}

/// Whether a text holds the one character that no stored text does.
pub(super) fn holds_nul(text: &str) -> bool {
    text.contains('\0')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn page(query: &str) -> std::result::Result<(u64, u32), Value> {
        let mut query = Query::of(Some(query));
        let PageParameters { page, per_page } = query.page();
        match query.check() {
            Ok(()) => Ok((page, per_page)),
            Err(Refusal::Invalid(entries)) => Err(serde_json::to_value(entries).unwrap()),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn numbers_are_read_as_pydantic_reads_them() {
        assert_eq!(page(""), Ok((1, 20)));
        for (text, number) in [("3", 3), ("%2B3", 3), ("+3", 3), ("%203%20", 3), ("3.0", 3), ("1_000", 1000)] {
            assert_eq!(page(&format!("page={text}")), Ok((number, 20)), "{text}");
        }
        for text in ["1.5", "", "0x1", "x", "1__0", "_1", "1.", "--1"] {
            let faults = page(&format!("page={text}")).unwrap_err();
            assert_eq!(faults[0]["type"], "int_parsing", "{text}");
        }
        assert_eq!(page("per_page=1&per_page=100"), Ok((1, 100)));
        assert_eq!(page("page=99999999999999999999"), Ok((i64::MAX.cast_unsigned(), 20)));
    }

    #[test]
    fn both_bounds_are_named_at_once() {
        assert_eq!(
            page("page=0&per_page=1000").unwrap_err(),
            json!([
                {"type": "greater_than_equal", "loc": ["query", "page"],
                 "msg": "Input should be greater than or equal to 1", "input": "0", "ctx": {"ge": 1}},
                {"type": "less_than_equal", "loc": ["query", "per_page"],
                 "msg": "Input should be less than or equal to 100", "input": "1000", "ctx": {"le": 100}},
            ])
        );
    }

    #[test]
    fn a_boolean_is_one_of_the_known_words() {
        for (text, truth) in [("true", true), ("YES", true), ("0", false), ("Off", false)] {
            let query = format!("enabled_only={text}");
            assert_eq!(Query::of(Some(&query)).boolean("enabled_only"), truth, "{text}");
        }
        for text in ["", "%20true", "2", "maybe"] {
            let query = format!("enabled_only={text}");
            let mut query = Query::of(Some(&query));
            query.boolean("enabled_only");
            assert!(query.check().is_err(), "{text}");
        }
    }
}
