//! Rows of a list as they are typed: which ones count, and what is wrong with each.

use crate::domain::{
    provider::{Origin, parse_allowed_domain},
    web_url::check_address,
    words::sentence,
};

/// The rows that hold something, trimmed.
pub fn filled(rows: &[String]) -> Vec<String> {
    rows.iter().map(|row| row.trim()).filter(|row| !row.is_empty()).map(str::to_owned).collect()
}

/// What is wrong with a redirect origin; nothing while the row is empty.
pub fn check_origin(row: &str) -> Option<String> {
    if row.trim().is_empty() {
        return None;
    }
    Origin::parse(row).err().map(|problem| sentence(&problem.to_string()))
}

/// What is wrong with an email domain; nothing while the row is empty.
pub fn check_domain(row: &str) -> Option<String> {
    if row.trim().is_empty() {
        return None;
    }
    parse_allowed_domain(row).err().map(|problem| sentence(&problem.to_string()))
}

/// What is wrong with a scope (RFC 6749, section 3.3); nothing while it is empty.
pub fn check_scope(text: &str) -> Option<String> {
    let text = text.trim();
    let is_scope = text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E));
    (!is_scope).then(|| "A scope has no spaces, quotes or backslashes.".to_owned())
}

/// What is wrong with an address that becomes a link; `None` while it is empty.
pub fn check_web_address(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    check_address(text).err().map(|problem| sentence(&problem.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_rows_do_not_count() {
        assert_eq!(filled(&[" a ".to_owned(), "  ".to_owned(), "b".to_owned()]), ["a", "b"]);
    }

    #[test]
    fn an_empty_row_is_no_problem_yet() {
        assert_eq!(check_origin(" "), None);
        assert_eq!(check_domain(""), None);
        assert_eq!(check_scope(""), None);
        assert_eq!(check_web_address(""), None);
    }

    #[test]
    fn a_problem_is_a_sentence() {
        assert_eq!(
            check_origin("http://app.example.com").as_deref(),
            Some("HTTPS is required; HTTP is only allowed for localhost.")
        );
        assert!(check_domain("ada@example.com").is_some());
        assert!(check_scope("two words").is_some());
        assert!(check_web_address("javascript:alert(1)").is_some());
    }
}
