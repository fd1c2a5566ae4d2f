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
        problems.push(Problem::new(field, ProblemCode::Blank, "This field may not be blank."));
    } else if text.chars().count() > limit {
        let message = format!("Ensure this field has no more than {limit} characters.");
        problems.push(Problem::new(field, ProblemCode::TooLong, message));
    } else if let Some(message) = invisible_character(text) {
        problems.push(Problem::new(field, ProblemCode::Malformed, message));
    }
}
