//! The rows from which the portal draws tables, lists of facts and remarks.
//!
//! The server writes the texts, and the browser deserializes one type for all of them: each further type adds to the
//! portal's size (docs/adr/0017-pages-in-parts.md).

use serde::{Deserialize, Serialize};

use crate::domain::{connection::StepStatus, timestamp::Timestamp};

/// A row of a table, a fact, or a remark.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisplayRow {
    /// The identifier for links; empty when the row has no page.
    pub id: String,
    /// The title.
    pub name: String,
    /// A line below the name, such as a distinguished name or a user name.
    pub note: String,
    /// The status that decides the badge's colour; `None` is neutral.
    pub state: Option<StepStatus>,
    /// The text of the badge.
    pub label: String,
    /// Further texts, in the order that the table expects.
    pub texts: Vec<String>,
    /// A moment, such as the start.
    pub at: Option<Timestamp>,
    /// A duration in milliseconds.
    pub ms: Option<u32>,
}

#[cfg(feature = "ssr")]
impl DisplayRow {
    /// A fact: a name and a text.
    pub(super) fn fact(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), texts: vec![text.into()], ..Self::default() }
    }

    /// A fact: a name and a moment.
    pub(super) fn moment(name: &str, at: Timestamp) -> Self {
        Self { name: name.to_owned(), at: Some(at), ..Self::default() }
    }
}
