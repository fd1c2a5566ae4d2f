//! Problems that a page finds itself, and the server's problems with the numbers of the rows on the page.
//!
//! Both reach the fields as the error of the enclosing form.

use crate::{
    api::ApiError,
    domain::problem::{Problem, ProblemCode, ServiceError},
};

/// Everything that is wrong with a form's input.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a problem with one field.
    pub fn add(&mut self, field: impl Into<String>, code: ProblemCode, message: impl Into<String>) {
        self.0.push(Problem::new(field, code, message));
    }

    /// Adds a problem when the text is blank.
    pub fn require(&mut self, field: &str, text: &str, message: &str) {
        if text.trim().is_empty() {
            self.add(field, ProblemCode::Blank, message);
        }
    }

    /// Whether something is wrong with this field.
    pub fn concern(&self, field: &str) -> bool {
        self.0.iter().any(|problem| problem.field == field)
    }

    /// As the error of a form; `None` when there are none.
    pub fn into_error(self) -> Option<ApiError> {
        (!self.is_empty()).then_some(ApiError::Service(ServiceError::Invalid { problems: self.0 }))
    }
}

/// An error of the server with its problems at the fields and rows of the page.
///
/// The server numbers only the filled rows of a list, and has two names for the label.
pub fn at_page_fields(error: ApiError, lists: &[(&str, Vec<String>)]) -> ApiError {
    match error {
        ApiError::Service(ServiceError::Invalid { problems }) => {
            let problems = problems.into_iter().map(|problem| place(problem, lists)).collect();
            ApiError::Service(ServiceError::Invalid { problems })
        }
        other => other,
    }
}

fn place(mut problem: Problem, lists: &[(&str, Vec<String>)]) -> Problem {
    if problem.field == "display_name" {
        problem.field = "name".to_owned();
    }
    let row = problem.field.split_once('.').and_then(|(field, index)| {
        let (_, rows) = lists.iter().find(|(name, _)| *name == field)?;
        let row = row_on_screen(rows, index.parse().ok()?)?;
        Some(format!("{field}.{row}"))
    });
    if let Some(field) = row {
        problem.field = field;
    }
    problem
}

/// The position on the page of the row that was sent as number `sent`.
fn row_on_screen(rows: &[String], sent: usize) -> Option<usize> {
    rows.iter().enumerate().filter(|(_, row)| !row.trim().is_empty()).nth(sent).map(|(index, _)| index)
}

/// The part of a dotted field name before the first dot.
pub fn root(field: &str) -> &str {
    field.split_once('.').map_or(field, |(root, _)| root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wrong_is_no_error() {
        assert_eq!(Problems::default().into_error(), None);
    }

    #[test]
    fn the_servers_row_numbers_find_their_rows() {
        let rows = [String::new(), "a".to_owned(), " ".to_owned(), "b".to_owned()];
        assert_eq!(row_on_screen(&rows, 0), Some(1));
        assert_eq!(row_on_screen(&rows, 1), Some(3));
        assert_eq!(row_on_screen(&rows, 2), None);
    }

    #[test]
    fn problems_are_placed_at_the_fields_of_the_screen() {
        let mut problems = Problems::default();
        problems.add("display_name", ProblemCode::Taken, "Another provider has this name.");
        problems.add("allowed_redirects.0", ProblemCode::Malformed, "Leave the path away.");
        problems.add("client_id", ProblemCode::Blank, "Enter the client ID.");
        let rows = [String::new(), "https://app.example/x".to_owned()];
        let error =
            at_page_fields(problems.into_error().unwrap_or(ApiError::Offline), &[("allowed_redirects", rows.to_vec())]);
        let fields: Vec<_> = error.problems().iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["name", "allowed_redirects.1", "client_id"]);
    }

    #[test]
    fn other_failures_pass_unchanged() {
        assert_eq!(at_page_fields(ApiError::Offline, &[]), ApiError::Offline);
    }
}
