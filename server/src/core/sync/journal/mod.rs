//! The log of a run while it is written.
//!
//! A transaction works on a draft, so that what it rolls back is not in the log either.

mod log;

mod entry;
mod kept;
mod warnings;

pub(super) use entry::{log_entry, refused, remarked, shortened};
pub(super) use log::{Journal, LogDraft};
