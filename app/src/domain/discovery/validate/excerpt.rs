//! Excerpts of a document's texts for findings.

/// The longest text of a document that a finding repeats, in characters.
const MAX_EXCERPT: usize = 300;

/// A text of a document, shortened to what a finding has room for.
pub(super) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
