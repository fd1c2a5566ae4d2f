//! A person who signs in to a tenant.

use vestibule_app::domain::{
    actor::{Actor, Identity},
    audit::{AuditAction, AuditObject, FieldChange},
    group::GroupMapping,
    id::{TenantId, UserId},
    provider::IdentityProvider,
    sign_in::AuthenticatedSubject,
    timestamp::Timestamp,
};

use crate::{
    core::audit::{AuditEntry, record},
    store::{Conn, StoreResult},
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

/// Records that a user can sign in with a further provider from now on.
pub(super) async fn record_link(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    user: UserId,
    name: &str,
    linked: &str,
    now: Timestamp,
) -> StoreResult<()> {
    let change = FieldChange { field: "linked_provider".to_owned(), before: None, after: Some(linked.to_owned()) };
    let entry = AuditEntry {
        action: AuditAction::Updated,
        object: AuditObject::User,
        id: user.to_string(),
        name,
        tenant: Some(person.tenant),
        changes: vec![change],
    };
    record(conn, &by_provider(person.provider), now, entry).await
}
