//! Groups of directories and their members.

use std::collections::HashMap;

use uuid::Uuid;
use vestibule_app::domain::{
    id::{DirectoryGroupId, ProviderId, UserId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
    user::{DirectoryGroup, UserDirectoryGroup},
};

use super::super::{Conn, StoreResult, on};

/// A group of a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredGroup {
    pub(crate) id: DirectoryGroupId,
    pub(crate) external_id: String,
    pub(crate) dn: String,
    pub(crate) name: String,
    pub(crate) content: String,
}

/// All groups of a directory.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.list")]
pub(crate) async fn list_groups(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<Vec<StoredGroup>> {
    const SQL: &str =
        "SELECT id, external_id, dn, name, content_hash FROM vestibule_directory_groups WHERE idp_id = $1";
    let rows: Vec<(Uuid, String, String, String, String)> =
        on!(conn, c => sqlx::query_as(SQL).bind(provider.0).fetch_all(&mut **c).await?);
    let group =
        |(id, external_id, dn, name, content)| StoredGroup { id: DirectoryGroupId(id), external_id, dn, name, content };
    Ok(rows.into_iter().map(group).collect())
}

/// A page of the groups of a directory by name, of those whose name or distinguished name contains a text in any letter
/// case.
///
/// All names are read and filtered here: the databases fold letters beyond ASCII differently.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.list_page")]
pub(crate) async fn list_groups_page(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    search: &str,
    page: PageRequest,
) -> StoreResult<Page<DirectoryGroup>> {
    const NAMES: &str = "SELECT id, name, dn FROM vestibule_directory_groups WHERE idp_id = $1";
    const MEMBERS: &str = "SELECT directory_group_id, COUNT(*) FROM vestibule_directory_memberships \
        WHERE directory_group_id IN (";
    let mut rows: Vec<(Uuid, String, String)> =
        on!(&mut *conn, c => sqlx::query_as(NAMES).bind(provider.0).fetch_all(&mut **c).await?);
    let wanted = search.trim().to_lowercase();
    rows.retain(|(_, name, dn)| name.to_lowercase().contains(&wanted) || dn.to_lowercase().contains(&wanted));
    rows.sort_by_cached_key(|(id, name, _)| (name.to_lowercase(), *id));
    let total = rows.len() as u64;
    let first = usize::try_from(page.offset).unwrap_or(usize::MAX).min(rows.len());
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let rows: Vec<_> = rows.into_iter().skip(first).take(limit).collect();
    if rows.is_empty() {
        return Ok(Page { items: Vec::new(), total });
    }
    let counts: Vec<(Uuid, i64)> = on!(conn, c => {
        let mut query = sqlx::QueryBuilder::new(MEMBERS);
        let mut list = query.separated(", ");
        for (id, ..) in &rows {
            list.push_bind(*id);
        }
        query.push(") GROUP BY directory_group_id");
        query.build_query_as().fetch_all(&mut **c).await?
    });
    let counts: HashMap<Uuid, i64> = counts.into_iter().collect();
    let group = |(id, name, dn)| {
        let members = counts.get(&id).copied().unwrap_or_default().cast_unsigned();
        DirectoryGroup { id: DirectoryGroupId(id), name, dn, members }
    };
    Ok(Page { items: rows.into_iter().map(group).collect(), total })
}

/// How many groups a directory has.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.count")]
pub(crate) async fn count_groups(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<u64> {
    const SQL: &str = "SELECT COUNT(*) FROM vestibule_directory_groups WHERE idp_id = $1";
    let (count,): (i64,) = on!(conn, c => sqlx::query_as(SQL).bind(provider.0).fetch_one(&mut **c).await?);
    Ok(count.cast_unsigned())
}

/// Stores a group, new or changed.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.put")]
pub(crate) async fn put_group(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    group: &StoredGroup,
    now: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_directory_groups \
        (id, idp_id, external_id, dn, name, content_hash, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
        ON CONFLICT (id) DO UPDATE SET dn = excluded.dn, name = excluded.name, content_hash = excluded.content_hash, \
        updated_at = excluded.updated_at";
    let StoredGroup { id, external_id, dn, name, content } = group;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(provider.0).bind(external_id).bind(dn).bind(name).bind(content)
        .bind(now.0).execute(&mut **c).await?; });
    Ok(())
}

/// Removes a group with its memberships.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.delete")]
pub(crate) async fn delete_group(conn: &mut Conn<'_>, id: DirectoryGroupId) -> StoreResult<()> {
    // PostgreSQL has no foreign key that deletes them.
    const MEMBERS: &str = "DELETE FROM vestibule_directory_memberships WHERE directory_group_id = $1";
    const SQL: &str = "DELETE FROM vestibule_directory_groups WHERE id = $1";
    on!(conn, c => {
        sqlx::query(MEMBERS).bind(id.0).execute(&mut **c).await?;
        sqlx::query(SQL).bind(id.0).execute(&mut **c).await?;
    });
    Ok(())
}

/// The members of a group.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.list_members")]
pub(crate) async fn list_members(conn: &mut Conn<'_>, id: DirectoryGroupId) -> StoreResult<Vec<UserId>> {
    const SQL: &str = "SELECT user_id FROM vestibule_directory_memberships WHERE directory_group_id = $1";
    let rows: Vec<(Uuid,)> = on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(id,)| UserId(id)).collect())
}

/// How many of certain users are members of each group of a directory.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.count_members_among")]
pub(crate) async fn count_members_among(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    users: &[UserId],
) -> StoreResult<Vec<(DirectoryGroupId, u64)>> {
    const SQL: &str = "SELECT m.directory_group_id, COUNT(*) FROM vestibule_directory_memberships m \
        JOIN vestibule_directory_groups g ON g.id = m.directory_group_id WHERE g.idp_id = ";
    let mut counts = Vec::new();
    for some in users.chunks(ROWS) {
        let rows: Vec<(Uuid, i64)> = on!(&mut *conn, c => {
            let mut query = sqlx::QueryBuilder::new(SQL);
            query.push_bind(provider.0).push(" AND m.user_id IN (");
            let mut list = query.separated(", ");
            for user in some {
                list.push_bind(user.0);
            }
            query.push(") GROUP BY m.directory_group_id");
            query.build_query_as().persistent(false).fetch_all(&mut **c).await?
        });
        counts.extend(rows.into_iter().map(|(id, count)| (DirectoryGroupId(id), count.cast_unsigned())));
    }
    Ok(counts)
}

/// How many rows a statement inserts into SQLite, and removes.
const ROWS: usize = 500;

/// How many rows a statement inserts into PostgreSQL: a group may have some hundred thousand members.
#[cfg(feature = "postgres")]
const LISTED: usize = 10_000;

/// Puts users into groups.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.add_members")]
pub(crate) async fn add_members(conn: &mut Conn<'_>, members: &[(DirectoryGroupId, UserId)]) -> StoreResult<()> {
    const INTO: &str = "INSERT INTO vestibule_directory_memberships (directory_group_id, user_id) ";
    if members.is_empty() {
        return Ok(());
    }
    match conn {
        #[cfg(not(feature = "sqlite"))]
        Conn::Sqlite(absent) => absent.absent(),
        #[cfg(feature = "sqlite")]
        Conn::Sqlite(c) => {
            for some in members.chunks(ROWS) {
                let mut query = sqlx::QueryBuilder::new(INTO);
                query.push_values(some, |mut row, (group, user)| {
                    row.push_bind(group.0).push_bind(user.0);
                });
                // Each number of rows is another statement, and only the full one is used again.
                query.build().persistent(some.len() == ROWS).execute(&mut **c).await?;
            }
        }
        #[cfg(not(feature = "postgres"))]
        Conn::Postgres(absent) => absent.absent(),
        #[cfg(feature = "postgres")]
        Conn::Postgres(c) => {
            const LISTS: &str = "SELECT directory_group_id, user_id FROM UNNEST($1::uuid[], $2::uuid[]) \
                AS given (directory_group_id, user_id)";
            for some in members.chunks(LISTED) {
                let groups: Vec<Uuid> = some.iter().map(|(group, _)| group.0).collect();
                let users: Vec<Uuid> = some.iter().map(|(_, user)| user.0).collect();
                let sql = format!("{INTO}{LISTS}");
                sqlx::query(sqlx::AssertSqlSafe(sql)).bind(groups).bind(users).execute(&mut **c).await?;
            }
        }
    }
    Ok(())
}

/// Takes users out of groups.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.remove_members")]
pub(crate) async fn remove_members(conn: &mut Conn<'_>, members: &[(DirectoryGroupId, UserId)]) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_directory_memberships WHERE (directory_group_id, user_id) IN (";
    for some in members.chunks(ROWS) {
        on!(&mut *conn, c => {
            let mut query = sqlx::QueryBuilder::new(SQL);
            query.push_values(some, |mut row, (group, user)| {
                row.push_bind(group.0).push_bind(user.0);
            });
            query.push(")");
            query.build().persistent(some.len() == ROWS).execute(&mut **c).await?;
        });
    }
    Ok(())
}

/// The groups of directories that a user is in, by name.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_group.list_of_user")]
pub(crate) async fn list_groups_of_user(conn: &mut Conn<'_>, user: UserId) -> StoreResult<Vec<UserDirectoryGroup>> {
    const SQL: &str = "SELECT g.id, g.idp_id, g.name, g.dn FROM vestibule_directory_memberships m \
        JOIN vestibule_directory_groups g ON g.id = m.directory_group_id WHERE m.user_id = $1 ORDER BY g.name, g.id";
    let rows: Vec<(Uuid, Uuid, String, String)> =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).fetch_all(&mut **c).await?);
    let group = |(id, provider, name, dn)| UserDirectoryGroup {
        id: DirectoryGroupId(id),
        provider: ProviderId(provider),
        name,
        dn,
    };
    Ok(rows.into_iter().map(group).collect())
}
