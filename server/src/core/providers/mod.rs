//! Managing identity providers: one file for each operation that writes, and [`service`] for the others.

mod service;

mod create;
mod delete;
mod rediscover;
mod update;

mod apply;
mod catalogue;
mod changes;
mod first_discovery;
mod get;
mod ldap;
mod saml;
mod secrets;

pub(super) use {
    catalogue::CatalogueService,
    first_discovery::keep_first_discovery,
    get::get_for,
    ldap::{PASSWORD_AGAIN, leads_elsewhere, problems as directory_problems},
    secrets::{ProviderSecrets, reseal},
    service::ProviderService,
};

/// The noun of "not found" and "changed meanwhile".
pub(super) const WHAT: &str = "identity provider";
