//! Providers: the list, the choice of a protocol, creating one, and one provider's page.
//!
//! Creating ([`create`]) and changing ([`detail`]) share the inputs ([`fields`]), the plain structs behind them
//! ([`forms`]) and the parts below them.

pub mod access_lists;
pub mod certificates;
pub mod create;
pub mod detail;
pub mod discovery_panel;
pub mod endpoint_table;
pub mod fields;
pub mod findings;
pub mod forms;
mod gallery;
pub mod ldap;
mod list;
pub mod mapping;
pub mod mapping_table;
pub mod saml;
pub mod scope_editor;
pub mod secret_input;
pub mod sign_in_switches;
pub mod sync;
pub mod testing;
pub mod text_entry;
pub mod tick_chip;
pub mod tls_switch;

pub use gallery::ProviderGallery;
pub use list::{FirstProvider, ProviderList};
