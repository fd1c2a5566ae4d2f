//! Providers: the list, the choice of a protocol, creating one, and one provider's page.
//!
//! Creating ([`create`]) and changing ([`detail`]) share the inputs ([`fields`]), the plain structs behind them
//! ([`forms`]) and the parts below them.

mod access_lists;
pub mod create;
pub mod detail;
mod discovery_panel;
mod endpoint_table;
mod fields;
mod findings;
pub mod forms;
mod gallery;
mod list;
mod mapping;
mod mapping_table;
mod scope_editor;
mod secret_input;
mod sign_in_switches;
mod text_entry;

pub use gallery::ProviderGallery;
pub use list::ProviderList;
