//! Distinguished names as text (RFC 4514), and why one cannot be parsed.
//!
//! Spaces around `,`, `+` and `=` are accepted, as directories do: people type them and tools print them.

use super::is_attribute;

/// What is wrong with a distinguished name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DnError {
    /// A part has no `=`.
    #[error("{0:?} has no equals sign. Write each part as type=value, such as ou=people.")]
    NoEquals(String),
    /// The text before `=` is not an attribute type.
    #[error("{0:?} is no attribute type. Write each part as type=value, such as ou=people.")]
    Type(String),
    /// A part has no value.
    #[error("A value is missing after {0}=.")]
    NoValue(String),
    /// A character needs a backslash before it.
    #[error("The character {0:?} needs a backslash before it within a value.")]
    Unescaped(char),
    /// A backslash is not followed by an escape.
    #[error("A backslash stands before a character that needs none, or at the end.")]
    Escape,
    /// A value begins with `#` and is not hexadecimal.
    #[error("A value that begins with # has to be hexadecimal; write \\# for the character.")]
    Hexadecimal,
}

/// Checks that a text is a distinguished name. The empty one is the root's, and is valid.
///
/// # Errors
///
/// The first problem, as a sentence.
pub fn check_dn(dn: &str) -> Result<(), DnError> {
    if dn.trim().is_empty() {
        return Ok(());
    }
    for part in split(dn) {
        check_part(part)?;
    }
    Ok(())
}

/// The `type=value` parts, separated by commas and plus signs without a backslash before them.
fn split(dn: &str) -> Vec<&str> {
    let (mut parts, mut begun, mut is_escaped) = (Vec::new(), 0, false);
    for (at, c) in dn.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ',' | '+' => {
                parts.push(&dn[begun..at]);
                begun = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&dn[begun..]);
    parts
}

fn check_part(part: &str) -> Result<(), DnError> {
    let (kind, value) = part.split_once('=').ok_or_else(|| DnError::NoEquals(part.trim().to_owned()))?;
    let kind = kind.trim();
    if !is_attribute(kind) {
        return Err(DnError::Type(kind.to_owned()));
    }
    let value = value.trim_start_matches(' ');
    if value.is_empty() {
        return Err(DnError::NoValue(kind.to_owned()));
    }
    match value.strip_prefix('#') {
        Some(digits) => check_hexadecimal(digits.trim_end_matches(' ')),
        None => check_value(value),
    }
}

fn check_hexadecimal(digits: &str) -> Result<(), DnError> {
    let is_whole =
        !digits.is_empty() && digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_whole { Ok(()) } else { Err(DnError::Hexadecimal) }
}

fn check_value(value: &str) -> Result<(), DnError> {
    let mut rest = value.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some(' ' | '"' | '#' | '+' | ',' | ';' | '<' | '=' | '>' | '\\') => {}
                Some(first)
                    if first.is_ascii_hexdigit() && rest.next().is_some_and(|second| second.is_ascii_hexdigit()) => {}
                _ => return Err(DnError::Escape),
            },
            '"' | ';' | '<' | '>' | '\0' => return Err(DnError::Unescaped(c)),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_read() {
        for dn in [
            "",
            "dc=example,dc=com",
            "CN=Svc Reader, OU=Service Accounts, DC=corp, DC=example",
            "cn=Smith\\, Jo+uid=7,dc=x",
            "2.5.4.3=a,dc=x",
            "cn=#04024869",
            "cn=\\C3\\A9lise,o=a=b",
            "ou=Müller,dc=x",
            "cn=\\ leading and trailing\\ ",
        ] {
            assert_eq!(check_dn(dn), Ok(()), "{dn}");
        }
    }

    #[test]
    fn the_first_problem_is_reported() {
        for (dn, error) in [
            ("example.com", DnError::NoEquals("example.com".to_owned())),
            ("dc=a,", DnError::NoEquals(String::new())),
            ("dc=a,,dc=b", DnError::NoEquals(String::new())),
            ("my name=a", DnError::Type("my name".to_owned())),
            ("=a", DnError::Type(String::new())),
            ("dc=", DnError::NoValue("dc".to_owned())),
            ("cn=a;b", DnError::Unescaped(';')),
            ("cn=\"a\"", DnError::Unescaped('"')),
            ("cn=a\\", DnError::Escape),
            ("cn=a\\zz", DnError::Escape),
            ("cn=#0", DnError::Hexadecimal),
            ("cn=#x", DnError::Hexadecimal),
        ] {
            assert_eq!(check_dn(dn), Err(error), "{dn}");
        }
    }

    /// Escapes a value (RFC 4514, section 2.4).
    fn escaped(value: &str) -> String {
        let mut text = String::new();
        for (at, c) in value.char_indices() {
            let is_edge = at == 0 || at + c.len_utf8() == value.len();
            match c {
                '"' | '+' | ',' | ';' | '<' | '>' | '\\' | '=' => text.extend(['\\', c]),
                '#' if at == 0 => text.push_str("\\#"),
                ' ' if is_edge => text.push_str("\\ "),
                '\0' => text.push_str("\\00"),
                _ => text.push(c),
            }
        }
        text
    }

    proptest! {
        #[test]
        fn every_value_can_be_written(values in proptest::collection::vec(".{1,12}", 1..5)) {
            let parts: Vec<_> = values.iter().map(|value| format!("cn={}", escaped(value))).collect();
            prop_assert_eq!(check_dn(&parts.join(",")), Ok(()));
            prop_assert_eq!(check_dn(&parts.join(" + ")), Ok(()));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[a-z=,+\\\\#\" ;0-9é<>]{0,40}") {
            let _ = check_dn(&text);
        }
    }
}
