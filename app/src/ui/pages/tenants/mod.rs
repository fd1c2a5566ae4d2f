//! Tenants: the list, and one tenant with its providers and groups.

mod create;
pub mod detail;
mod list;
pub mod words;

pub use list::TenantList;
