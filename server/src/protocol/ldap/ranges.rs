//! The options of attribute names (RFC 4512, section 2.5.2), and Active Directory's option for values in portions.

/// An attribute's name without its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributeName {
    pub(super) base: String,
    pub(super) has_options: bool,
    /// The last value of this portion, where there are more.
    last: Option<usize>,
}

/// An attribute of which values are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenRange {
    pub(super) attribute: String,
    /// The number of the first value that is missing, from 0.
    pub(super) from: usize,
}

impl AttributeName {
    pub(super) fn parse(name: &str) -> Self {
        let mut parts = name.split(';');
        let base = parts.next().unwrap_or_default().to_owned();
        let options: Vec<_> = parts.collect();
        let last = options.iter().find_map(|option| range_end(option));
        Self { base, has_options: !options.is_empty(), last }
    }

    /// What is missing after this portion.
    pub(super) fn open_range(&self) -> Option<OpenRange> {
        let from = self.last?.checked_add(1)?;
        Some(OpenRange { attribute: self.base.clone(), from })
    }
}

impl OpenRange {
    /// The name to ask for the rest by.
    pub(super) fn rest(&self) -> String {
        format!("{};range={}-*", self.attribute, self.from)
    }
}

/// The end of `range=0-1499`; nothing at `range=1500-*`, which is the last portion.
fn range_end(option: &str) -> Option<usize> {
    let (key, bounds) = option.split_once('=')?;
    let (_, end) = bounds.split_once('-')?;
    if key.eq_ignore_ascii_case("range") { end.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_begins_after_the_last_value() {
        for (name, rest) in [
            ("member;range=0-1499", Some("member;range=1500-*")),
            ("member;RANGE=1500-2999", Some("member;range=3000-*")),
            ("member;range=3000-*", None),
            ("member", None),
            ("cn;lang-en", None),
            ("member;range=0-18446744073709551615", None),
            ("member;range=x", None),
        ] {
            let found = AttributeName::parse(name).open_range().map(|range| range.rest());
            assert_eq!(found.as_deref(), rest, "{name}");
        }
    }
}
