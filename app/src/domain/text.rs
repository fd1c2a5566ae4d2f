//! The check of a text that people read: length, and invisible characters.

use super::{
    direction::invisible_character,
    problem::{Problem, ProblemCode},
};

/// Checks the length and the characters of a text that people read.
pub(in crate::domain) fn check_text(
    problems: &mut Vec<Problem>,
    field: &str,
    text: &str,
    limit: usize,
    required: bool,
) {
    if required && text.trim().is_empty() {
        problems.push(Problem::blank(field));
    } else if text.chars().count() > limit {
        problems.push(Problem::too_long(field, limit));
    } else if let Some(message) = invisible_character(text) {
        problems.push(Problem::new(field, ProblemCode::Malformed, message));
    }
}
