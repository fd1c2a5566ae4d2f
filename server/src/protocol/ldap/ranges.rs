//! The options of attribute names (RFC 4512, section 2.5.2), and Active Directory's option for values in portions.

/// An attribute's name with its options. A range is not one of them: it says which values came, not of what kind they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AttributeName {
    /// The name without options, as it is written.
    pub(super) base: String,
    /// The options in lower case and in order.
    pub(super) options: Vec<String>,
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
        let (base, options) = name.split_once(';').unwrap_or((name, ""));
        let mut last = None;
        let mut kinds = Vec::new();
        for option in options.split(';').filter(|option| !option.is_empty()) {
            match option.split_once('=') {
                Some((key, bounds)) if key.eq_ignore_ascii_case("range") => last = last.or(range_end(bounds)),
                _ => kinds.push(option.to_ascii_lowercase()),
            }
        }
        kinds.sort_unstable();
        Self { base: base.to_owned(), options: kinds, last }
    }

    /// The name with its options.
    pub(super) fn full(&self) -> String {
        self.options.iter().fold(self.base.clone(), |name, option| format!("{name};{option}"))
    }

    /// What is missing after this portion.
    pub(super) fn open_range(&self) -> Option<OpenRange> {
        let from = self.last?.checked_add(1)?;
        Some(OpenRange { attribute: self.full(), from })
    }
}

impl OpenRange {
    /// The name to ask for the rest by.
    pub(super) fn rest(&self) -> String {
        format!("{};range={}-*", self.attribute, self.from)
    }
}

/// The end of `0-1499`; nothing at `1500-*`, which is the last portion.
fn range_end(bounds: &str) -> Option<usize> {
    bounds.split_once('-')?.1.parse().ok()
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
            ("member;X-y;range=0-9", Some("member;x-y;range=10-*")),
            ("member;range=0-18446744073709551615", None),
            ("member;range=x", None),
        ] {
            let found = AttributeName::parse(name).open_range().map(|range| range.rest());
            assert_eq!(found.as_deref(), rest, "{name}");
        }
    }
}
