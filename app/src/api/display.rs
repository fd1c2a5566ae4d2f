//! What the portal's tables, lists of facts and remarks are drawn from.
//!
//! The server writes the texts, and the browser reads one type for all of them: each type that the browser reads adds
//! to the portal's size (docs/adr/0009-own-router-and-loading.md).

use serde::{Deserialize, Serialize};

use crate::domain::{connection::StepStatus, timestamp::Timestamp};

/// A row of a table, a fact, or a remark.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayRow {
    /// Identifies what it is about, as addresses write it; empty when it has no page.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What stands below the name: a distinguished name, a user name.
    pub note: String,
    /// How it is meant; nothing when it is neither good nor bad.
    pub state: Option<StepStatus>,
    /// How it stands, in a word or two.
    pub label: String,
    /// What else is to tell, in the order that its table expects.
    pub texts: Vec<String>,
    /// A moment that belongs to it.
    pub at: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub ms: Option<u32>,
}

#[cfg(feature = "ssr")]
impl DisplayRow {
    /// A fact: its name and what is the case.
    pub(super) fn fact(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), texts: vec![text.into()], ..Self::default() }
    }

    /// A fact that is a moment.
    pub(super) fn moment(name: &str, at: Timestamp) -> Self {
        Self { name: name.to_owned(), at: Some(at), ..Self::default() }
    }
}
