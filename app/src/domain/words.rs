//! English for messages: plurals of nouns, agreement of verbs, and sentences from messages.

use std::fmt::Display;

/// A count and its noun, which is given in the singular: "1 entry", "2 entries".
///
/// A `|` marks the end of the word that changes, unless it is last: "provider| of the platform".
///
/// ```
/// use vestibule_app::domain::words::counted;
///
/// assert_eq!(counted(1_u64, "entry"), "1 entry");
/// assert_eq!(counted(2_usize, "search base"), "2 search bases");
/// assert_eq!(counted(0_u32, "provider| of the platform"), "0 providers of the platform");
/// ```
pub fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    format!("{count} {}", number(count, noun))
}

/// The noun for a count: "entry" for one, else "entries".
pub fn number<N: PartialEq + From<u8>>(count: N, noun: &str) -> String {
    if count == N::from(1) { noun.replacen('|', "", 1) } else { plural(noun) }
}

/// The first text for one, the second otherwise: for verbs and whole clauses.
pub fn agree<N: PartialEq + From<u8>>(count: N, one: &'static str, many: &'static str) -> &'static str {
    if count == N::from(1) { one } else { many }
}

/// The plural of a regular noun.
pub fn plural(noun: &str) -> String {
    let (word, rest) = noun.split_once('|').unwrap_or((noun, ""));
    let before_y = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match before_y {
        Some(stem) => format!("{stem}ies{rest}"),
        None if ["s", "x", "z", "ch", "sh"].iter().any(|end| word.ends_with(end)) => format!("{word}es{rest}"),
        None => format!("{word}s{rest}"),
    }
}

/// A message as a sentence: with a capital letter and a full stop.
pub fn sentence(message: &str) -> String {
    let stop = if message.ends_with(['.', '?', '!']) { "" } else { "." };
    format!("{}{stop}", capitalised(message))
}

/// Capitalises English words. A leading address or identifier stays unchanged, since a capital would make it another
/// one.
pub fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    let first = text.split_whitespace().next().unwrap_or_default();
    let word = first.trim_end_matches([',', ';', ':', '.', '?', '!']);
    let is_english = word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if is_english && let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_get_their_plural() {
        for (one, many) in [
            ("entry", "entries"),
            ("directory", "directories"),
            ("key", "keys"),
            ("address", "addresses"),
            ("object class", "object classes"),
            ("search base", "search bases"),
            ("group mapping", "group mappings"),
            ("provider| of the platform", "providers of the platform"),
        ] {
            assert_eq!(plural(one), many);
            assert_eq!(counted(1_u64, one), format!("1 {}", one.replace('|', "")));
            assert_eq!(counted(0_usize, one), format!("0 {many}"));
            assert_eq!(counted(2_u32, one), format!("2 {many}"));
        }
        assert_eq!(agree(1_u64, "is", "are"), "is");
        assert_eq!(agree(0_u64, "is", "are"), "are");
    }

    #[test]
    fn a_sentence_begins_with_a_capital_unless_an_address_does() {
        assert_eq!(sentence("the answer is too long"), "The answer is too long.");
        assert_eq!(sentence("no, it is not?"), "No, it is not?");
        assert_eq!(sentence("email is missing"), "Email is missing.");
        for kept in [
            "http://127.0.0.1:1/x: the server answered HTTP 404.",
            "ldaps://dc.example.com did not answer.",
            "id.example.com did not answer.",
            "jwks_uri is missing.",
            "urn:oid:2.5.4.42 is missing.",
            "memberOf is missing.",
            "ou=people,dc=example is no base.",
            "\"foo\" is not an address.",
            "ärger",
        ] {
            assert_eq!(capitalised(kept), kept);
        }
        assert_eq!(capitalised(""), "");
    }
}
