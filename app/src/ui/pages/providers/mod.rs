//! Providers: the list, the choice of a protocol, creating one, and one provider's page.

pub mod create;
pub mod detail;
mod gallery;
mod list;

pub use gallery::ProviderGallery;
pub use list::ProviderList;
