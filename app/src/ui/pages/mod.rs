//! One module for each screen.

pub mod assigned;
mod audit;
pub mod browser;
pub mod deletion;
mod field_text;
pub mod filters;
pub mod groups;
mod not_found;
pub mod overview;
pub mod picker;
pub mod providers;
pub mod session;
pub mod settings;
pub mod sign_ins;
pub mod slug;
pub mod tenants;
pub mod users;

pub use audit::{Audit, AuditTable, before_and_after};
pub use field_text::field_text;
pub use not_found::NotFound;
