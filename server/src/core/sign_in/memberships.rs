//! Puts people who sign in into the groups of the tenant that the provider's group mappings say.

use vestibule_app::domain::{
    audit::{AuditAction, AuditObject, FieldChange},
    id::UserId,
    sign_in::{GroupMemberships, mapped_groups},
    timestamp::Timestamp,
};

use super::person::{Person, by_provider};
use crate::{
    core::audit::{AuditEntry, record},
    store::{Conn, StoreResult, sign_in::memberships as rows},
};

/// Gives the user exactly the memberships that the provider says, as far as it says something. Those by other providers
/// stay.
pub(super) async fn apply(
    conn: &mut Conn<'_>,
    person: &Person<'_>,
    user: UserId,
    name: &str,
    now: Timestamp,
) -> StoreResult<()> {
    let Person { tenant, provider, subject, group_mappings } = *person;
    let GroupMemberships { member_of, unknown, skipped } = mapped_groups(group_mappings, subject);
    for claim in skipped {
        tracing::warn!(
            provider = %provider.id, claim = %claim.claim, reason = %claim.reason.explain(&claim.claim),
            "groups of a person who signs in stay as they are"
        );
    }
    let held = rows::list(conn, provider.id, user).await?;
    let mut has_changed = false;
    for group in member_of.difference(&held) {
        has_changed |= rows::insert(conn, tenant, provider.id, user, *group).await?;
    }
    for group in held.iter().filter(|group| !member_of.contains(group) && !unknown.contains(group)) {
        rows::delete(conn, provider.id, user, *group).await?;
        has_changed = true;
    }
    if !has_changed {
        return Ok(());
    }
    let entry = AuditEntry {
        action: AuditAction::Updated,
        object: AuditObject::User,
        id: user.to_string(),
        name,
        tenant: Some(tenant),
        changes: vec![FieldChange::hidden("groups")],
    };
    record(conn, &by_provider(provider), now, entry).await
}
