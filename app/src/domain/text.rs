//! The check of a text that people read: its length, and characters that would not be seen.

use super::{
    direction::unseen_character,
    problem::{Problem, ProblemCode},
};

/// Checks the length and the characters of a text that people see.
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
    } else if let Some(message) = unseen_character(text) {
        problems.push(Problem::new(field, ProblemCode::Malformed, message));
    }
}
