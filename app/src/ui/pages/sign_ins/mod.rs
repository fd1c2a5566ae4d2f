//! Attempts to sign in: the list, and what happened in one of them.

mod admission;
mod claims;
mod detail;
mod filters;
mod list;
mod preview;
mod steps;
mod table;
pub mod words;

pub use detail::SignInPage;
pub use list::SignInList;
pub use preview::PreviewResult;
pub use table::{Shared, SignInTable};
