//! One module for each screen.

mod audit;
mod not_found;
pub mod providers;
pub mod session;
pub mod settings;

pub use audit::Audit;
pub use not_found::NotFound;
