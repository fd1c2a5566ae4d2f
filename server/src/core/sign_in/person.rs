//! A person who signs in to a tenant.

use vestibule_app::domain::{
    actor::{Actor, Identity},
    group::GroupMapping,
    id::TenantId,
    provider::IdentityProvider,
    sign_in::AuthenticatedSubject,
};

/// A person whom a provider authenticated for a tenant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Person<'a> {
    pub(super) tenant: TenantId,
    pub(super) provider: &'a IdentityProvider,
    pub(super) subject: &'a AuthenticatedSubject,
    /// The provider's group mappings for the tenant.
    pub(super) group_mappings: &'a [GroupMapping],
}

/// The provider, which creates and changes users who sign in.
pub(super) fn by_provider(provider: &IdentityProvider) -> Actor {
    Actor { identity: Identity::Subject { name: provider.label().to_owned() }, grant: None, address: None }
}
