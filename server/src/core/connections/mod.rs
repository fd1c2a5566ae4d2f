//! Connection tests: who may request one, what it does step by step, and what is kept of it.
//!
//! A provider that does not work is a report and not an error. A test takes at most ten seconds, whatever the provider
//! does, and holds no connection to the database while it waits.

mod service;

mod directory;
mod keep;
mod observer;
mod purge;
mod scheduled;
mod stored;
mod unsaved;

mod ldap;
mod oidc;
mod saml;
mod subject;

mod directory_query;
mod run;
mod saved;
mod settings;
mod shorten;

pub(crate) use observer::TestObserver;
pub(super) use service::ConnectionParts;
pub(crate) use service::ConnectionService;
pub use settings::ConnectionTests;
