//! The groups of tenants that people who sign in are in, by the provider that says so.

use std::collections::BTreeSet;

use uuid::Uuid;
use vestibule_app::domain::id::{GroupId, ProviderId, TenantId, UserId};

use super::super::{Conn, StoreResult, on};

/// The groups that a user is in by a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_member.list_of_user")]
pub(crate) async fn list(conn: &mut Conn<'_>, provider: ProviderId, user: UserId) -> StoreResult<BTreeSet<GroupId>> {
    const SQL: &str = "SELECT group_id FROM vestibule_group_members WHERE user_id = $1 AND idp_id = $2";
    let rows: Vec<(Uuid,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(provider.0).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(group,)| GroupId(group)).collect())
}

/// Puts a user into a group of the tenant. Nothing happens where the tenant has no such group any more.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_member.insert")]
pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    user: UserId,
    group: GroupId,
) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO vestibule_group_members (group_id, user_id, idp_id) \
        SELECT id, $1, $2 FROM vestibule_groups WHERE id = $3 AND tenant_id = $4 ON CONFLICT DO NOTHING";
    let inserted = on!(conn, c => sqlx::query(SQL).bind(user.0).bind(provider.0).bind(group.0).bind(tenant.0)
        .execute(&mut **c).await?.rows_affected());
    Ok(inserted > 0)
}

/// Takes a user out of a group, as far as this provider put the user there.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_member.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, provider: ProviderId, user: UserId, group: GroupId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_group_members WHERE group_id = $1 AND user_id = $2 AND idp_id = $3";
    on!(conn, c => { sqlx::query(SQL).bind(group.0).bind(user.0).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}
