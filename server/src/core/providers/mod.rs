//! Managing identity providers: one file for each operation, with what it may use.

mod service;

mod create;
mod delete;
mod list;
mod rediscover;
mod update;
mod view;

mod apply;
mod catalogue;
mod changes;
mod domains;
mod first_discovery;
mod get;
mod ldap;
mod saml;
mod save;
mod secrets;

#[cfg(feature = "cli")]
pub(super) use secrets::reseal;
pub(super) use {
    catalogue::CatalogueService,
    first_discovery::keep_first_discovery,
    get::get_for,
    ldap::{PASSWORD_AGAIN, leads_elsewhere, problems as directory_problems},
    secrets::ProviderSecrets,
    service::{ProviderParts, ProviderService},
};

/// The noun of "not found" and "changed meanwhile".
pub(super) const WHAT: &str = "identity provider";
