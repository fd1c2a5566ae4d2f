//! Slugs: short names in URLs that never change.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A provider's unique short name.
///
/// A platform-wide slug matches `^[a-z0-9][a-z0-9_-]{0,31}$` without `--`. A tenant's begins with the tenant's own
/// slug and `--`, so that no tenant can take or probe a platform-wide name or another tenant's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

/// Why a text is not a slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlugProblem {
    /// It does not match the pattern.
    #[error("use 1 to 32 lower-case letters, digits, `_` or single `-`, beginning with a letter or digit")]
    Malformed,
    /// It is among the [`ReservedSlugs`].
    #[error("this name is reserved")]
    Reserved,
}

/// Names that no provider and no tenant gets, since a URL has another meaning for them. Those whose URLs they are know
/// them, so the server collects them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReservedSlugs(Vec<&'static str>);

impl ReservedSlugs {
    /// Whether a slug is one of them.
    pub fn contains(&self, slug: &Slug) -> bool {
        self.0.contains(&slug.as_str())
    }

    /// Rejects a slug that is one of them.
    pub fn check(&self, slug: &Slug) -> Result<(), SlugProblem> {
        if self.contains(slug) { Err(SlugProblem::Reserved) } else { Ok(()) }
    }
}

impl FromIterator<&'static str> for ReservedSlugs {
    fn from_iter<T: IntoIterator<Item = &'static str>>(names: T) -> Self {
        Self(names.into_iter().collect())
    }
}

impl Slug {
    /// Parses a platform-wide slug. It may be one of the [`ReservedSlugs`].
    pub fn platform(text: &str) -> Result<Self, SlugProblem> {
        let mut bytes = text.bytes();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let begins_well = bytes.next().is_some_and(plain);
        if !begins_well || text.len() > 32 || !bytes.all(|b| plain(b) || b == b'_' || b == b'-') || text.contains("--")
        {
            return Err(SlugProblem::Malformed);
        }
        Ok(Self(text.to_owned()))
    }

    /// Makes a slug from a name, below `tenant`, the slug of the tenant that owns the provider.
    ///
    /// `attempt` 0 has no number; higher ones are numbered, for slugs that are taken or reserved.
    pub fn from_name(name: &str, tenant: Option<&str>, attempt: u32) -> Self {
        let slug = made_from(name, "provider", attempt);
        Self(tenant.map_or_else(|| slug.clone(), |tenant| format!("{tenant}--{slug}")))
    }

    /// Makes a tenant's own slug from its name, numbered as by [`Slug::from_name`].
    pub fn for_tenant(name: &str, attempt: u32) -> Self {
        Self(made_from(name, "tenant", attempt))
    }

    /// The slug that [`Slug::from_name`] makes of a platform-wide ASCII name, which needs no tables. `None` for other
    /// names; empty for a blank one.
    pub fn from_plain_name(name: &str) -> Option<String> {
        match name.trim() {
            "" => Some(String::new()),
            name => name.is_ascii().then(|| Self::from_name(name, None, 0).0),
        }
    }

    /// Wraps a stored slug, which was checked before.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A platform-wide slug of the ASCII letters and digits in a name; of `fallback` when there are none.
fn made_from(name: &str, fallback: &str, attempt: u32) -> String {
    let mut base = String::new();
    for c in transliterated(name).chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            base.push(c);
        } else if !base.is_empty() && !base.ends_with('-') {
            base.push('-');
        }
    }
    let suffix = if attempt == 0 { String::new() } else { format!("-{}", attempt + 1) };
    base.truncate(32 - suffix.len());
    let base = base.trim_end_matches('-');
    let base = if base.is_empty() { fallback } else { base };
    format!("{base}{suffix}")
}

/// A name in ASCII letters: umlauts by the German convention, other letters as `deunicode` writes them.
#[cfg(not(target_arch = "wasm32"))]
fn transliterated(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        // A letter with a diaeresis is one character or two.
        let is_combined = matches!(letter, 'a' | 'o' | 'u' | 'A' | 'O' | 'U') && letters.peek() == Some(&'\u{308}');
        match letter {
            'ä' | 'Ä' => text.push_str("ae"),
            'ö' | 'Ö' => text.push_str("oe"),
            'ü' | 'Ü' => text.push_str("ue"),
            _ if is_combined => {
                letters.next();
                text.extend([letter, 'e']);
            }
            _ if letter.is_ascii() => text.push(letter),
            _ => text.push_str(deunicode::deunicode_char(letter).unwrap_or(" ")),
        }
    }
    text
}

/// The tables are larger than the portal, so the browser makes slugs of ASCII names only and asks the server for
/// others.
#[cfg(target_arch = "wasm32")]
fn transliterated(name: &str) -> &str {
    name
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_pattern_is_accepted() {
        for good in ["keycloak", "a", "0a_b-c", &"x".repeat(32)] {
            assert!(Slug::platform(good).is_ok(), "{good} was refused");
        }
        for bad in ["", "-a", "_a", "A", "a.b", "a--b", "ä", "a b", &"x".repeat(33)] {
            assert_eq!(Slug::platform(bad), Err(SlugProblem::Malformed), "{bad} was accepted");
        }
    }

    #[test]
    fn a_reserved_slug_is_rejected_and_its_number_is_not() {
        let reserved: ReservedSlugs = ["an-action"].into_iter().collect();
        let made = |attempt| reserved.check(&Slug::from_name("An action", None, attempt));
        assert_eq!(made(0), Err(SlugProblem::Reserved));
        assert_eq!(made(1), Ok(()));
    }

    #[test]
    fn a_name_of_any_alphabet_becomes_a_slug_that_can_be_read() {
        for (name, slug) in [
            ("Ärger & Co", "aerger-co"),
            ("A\u{308}rger & Co", "aerger-co"),
            ("ÜBER größe", "ueber-groesse"),
            ("café", "cafe"),
            ("cafe\u{301}", "cafe"),
            ("Æther Øre Łódź Þór", "aether-ore-lodz-thor"),
            ("Ελλάδα", "ellada"),
            ("Москва", "moskva"),
            ("北京", "bei-jing"),
            ("Okta (Acme)", "okta-acme"),
            ("O'Brien", "o-brien"),
            ("Naïve – Façade", "naive-facade"),
            ("…", "provider"),
            ("\u{200B}", "provider"),
            ("Discover_Metadata", "discover-metadata"),
        ] {
            assert_eq!(Slug::from_name(name, None, 0).as_str(), slug, "{name}");
        }
    }

    #[test]
    fn a_plain_name_needs_no_tables() {
        assert_eq!(Slug::from_plain_name(" Okta (Acme)").as_deref(), Some("okta-acme"));
        assert_eq!(Slug::from_plain_name(" ").as_deref(), Some(""));
        assert_eq!(Slug::from_plain_name("café"), None);
    }

    proptest! {
        #[test]
        fn a_slug_made_from_any_name_is_a_slug(name in ".*", attempt in 0u32..100_000) {
            let slug = Slug::from_name(&name, None, attempt);
            prop_assert_eq!(Slug::platform(slug.as_str()), Ok(slug.clone()));
        }
    }
}
