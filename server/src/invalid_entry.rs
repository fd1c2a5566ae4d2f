//! The error of lists that hosts and operators write: trusted proxies and outbound targets.

/// An entry of a list that cannot be parsed. The message repeats it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidEntry(String);

impl InvalidEntry {
    pub(crate) const fn new(message: String) -> Self {
        Self(message)
    }
}
