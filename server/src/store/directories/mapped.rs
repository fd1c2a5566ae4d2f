//! The members of tenants' groups that group mappings give them.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{DirectoryGroupId, GroupId, ProviderId, TenantId, UserId},
    user::UserGroup,
};

use super::super::{Conn, StoreResult, on};

/// Gives the groups of a tenant exactly the members of the directory's groups that are mapped to them. `pairs` are groups
/// of the directory with groups of the tenant. Members that other providers gave stay.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_member.apply_mappings")]
pub(crate) async fn apply_mappings(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    tenant: TenantId,
    pairs: &[(DirectoryGroupId, GroupId)],
) -> StoreResult<()> {
    // One statement for each pair is enough, since administrators write few mappings.
    const ADD: &str = "INSERT INTO vestibule_group_members (group_id, user_id, idp_id) \
        SELECT g.id, m.user_id, $1 FROM vestibule_directory_memberships m \
        JOIN vestibule_users u ON u.id = m.user_id JOIN vestibule_groups g ON g.id = $3 AND g.tenant_id = u.tenant_id \
        WHERE m.directory_group_id = $2 AND u.tenant_id = $4 ON CONFLICT DO NOTHING";
    for (from, to) in pairs {
        on!(&mut *conn, c => { sqlx::query(ADD).bind(provider.0).bind(from.0).bind(to.0).bind(tenant.0)
            .execute(&mut **c).await?; });
    }
    let targets: std::collections::BTreeSet<GroupId> = pairs.iter().map(|(_, to)| *to).collect();
    for target in &targets {
        on!(&mut *conn, c => {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM vestibule_group_members WHERE idp_id = ");
            query.push_bind(provider.0).push(" AND group_id = ").push_bind(target.0);
            query.push(
                " AND user_id NOT IN (SELECT user_id FROM vestibule_directory_memberships WHERE directory_group_id IN (",
            );
            let mut list = query.separated(", ");
            for (from, _) in pairs.iter().filter(|(_, to)| to == target) {
                list.push_bind(from.0);
            }
            query.push("))");
            query.build().execute(&mut **c).await?;
        });
    }
    // Groups that no mapping names any more.
    on!(conn, c => {
        let mut query = sqlx::QueryBuilder::new("DELETE FROM vestibule_group_members WHERE idp_id = ");
        query.push_bind(provider.0);
        if !targets.is_empty() {
            query.push(" AND group_id NOT IN (");
            let mut list = query.separated(", ");
            for target in &targets {
                list.push_bind(target.0);
            }
            query.push(")");
        }
        query.build().execute(&mut **c).await?;
    });
    Ok(())
}

/// Removes the members that a provider's groups gave.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_member.remove_of_provider")]
pub(crate) async fn remove_of_provider(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_group_members WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).execute(&mut **c).await?; });
    Ok(())
}

/// The groups of the tenant that a user is in, by name.
#[tracing::instrument(level = "debug", skip_all, name = "store.group_member.list_groups")]
pub(crate) async fn list_mapped_groups(conn: &mut Conn<'_>, user: UserId) -> StoreResult<Vec<UserGroup>> {
    const SQL: &str = "SELECT DISTINCT g.id, g.name FROM vestibule_group_members m \
        JOIN vestibule_groups g ON g.id = m.group_id WHERE m.user_id = $1 ORDER BY g.name, g.id";
    let rows: Vec<(Uuid, String)> = on!(conn, c => sqlx::query_as(SQL).bind(user.0).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(id, name)| UserGroup { id: GroupId(id), name }).collect())
}
