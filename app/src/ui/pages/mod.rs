//! One module for each screen.

mod audit;
pub mod filters;
mod not_found;
pub mod providers;
pub mod session;
pub mod settings;

pub use audit::{Audit, AuditTable};
pub use not_found::NotFound;
