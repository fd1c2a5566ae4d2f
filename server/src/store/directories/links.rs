//! Links between the entries of a directory and users.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, UserId},
    sync::LinkState,
    timestamp::Timestamp,
    user::User,
};

use super::{
    super::{
        Conn, Lock, StoreError, StoreResult, corrupt, on, text_list,
        users::{self, UserRow},
    },
    plans::for_each_text,
};

pub(super) const TABLE: &str = "vestibule_directory_links";

/// A link with its user.
#[derive(Debug, Clone)]
pub(crate) struct StoredLink {
    pub(crate) external_id: String,
    pub(crate) dn: String,
    pub(crate) content: String,
    pub(crate) state: LinkState,
    pub(crate) user: User,
}

#[derive(sqlx::FromRow)]
struct LinkRow {
    external_id: String,
    dn: String,
    content_hash: String,
    state: String,
    #[sqlx(flatten)]
    user: UserRow,
}

impl TryFrom<LinkRow> for StoredLink {
    type Error = StoreError;

    fn try_from(row: LinkRow) -> StoreResult<Self> {
        let LinkRow { external_id, dn, content_hash, state, user } = row;
        let state = state.parse().map_err(|error| corrupt(TABLE, "state", &external_id, error))?;
        Ok(Self { external_id, dn, content: content_hash, state, user: user.try_into()? })
    }
}

/// The links of a provider's entries with their users, who are locked until the transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.lock")]
pub(crate) async fn lock_links(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    external_ids: &[&str],
) -> StoreResult<Vec<StoredLink>> {
    if external_ids.is_empty() {
        return Ok(Vec::new());
    }
    // Ordered, so that two directories of one tenant do not deadlock.
    let lock = match Lock::Exclusive.clause(conn) {
        "" => String::new(),
        clause => format!(" ORDER BY u.id{clause} OF u"),
    };
    const COLUMNS: &str = "l.external_id, l.dn, l.content_hash, l.state, l.user_id";
    const ROWS: &str = "vestibule_directory_links l WHERE l.idp_id = $1 AND l.external_id = w.value";
    let sql = format!(
        "SELECT l.external_id, l.dn, l.content_hash, l.state, {} FROM ({}) l \
         JOIN vestibule_users u ON u.id = l.user_id{lock}",
        users::COLUMNS,
        for_each_text(conn, 2, COLUMNS, ROWS)
    );
    let wanted = text_list(external_ids.iter().copied());
    let rows: Vec<LinkRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0).bind(wanted)
        .fetch_all(&mut **c).await?);
    rows.into_iter().map(StoredLink::try_from).collect()
}

/// What decides whether a linked entry has changed.
#[derive(Debug, Clone)]
pub(crate) struct KnownLink {
    pub(crate) external_id: String,
    pub(crate) user: UserId,
    pub(crate) content: String,
    pub(crate) state: LinkState,
    pub(crate) is_active: bool,
    /// Whether this provider deactivated the user, or another one whose entry of the user has vanished since.
    pub(crate) is_deactivated_here: bool,
}

/// The links of a provider's entries, without their users.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.find_known")]
pub(crate) async fn find_known(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    external_ids: &[&str],
) -> StoreResult<Vec<KnownLink>> {
    const COLUMNS: &str = "l.external_id, l.user_id, l.content_hash, l.state, u.active, \
        u.deactivated_by IS NOT NULL AND (u.deactivated_by = $1 OR EXISTS (SELECT 1 FROM vestibule_directory_links o \
        WHERE o.user_id = u.id AND o.idp_id = u.deactivated_by AND o.state = 'vanished')) AS is_deactivated_here";
    const ROWS: &str = "vestibule_directory_links l JOIN vestibule_users u ON u.id = l.user_id \
        WHERE l.idp_id = $1 AND l.external_id = w.value";
    let sql = for_each_text(conn, 2, COLUMNS, ROWS);
    let wanted = text_list(external_ids.iter().copied());
    let rows: Vec<(String, Uuid, String, String, bool, bool)> = on!(conn, c =>
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0).bind(wanted).fetch_all(&mut **c).await?);
    let known = |(external_id, user, content, state, is_active, is_deactivated_here): (String, _, _, String, _, _)| {
        let state = state.parse().map_err(|error| corrupt(TABLE, "state", &external_id, error))?;
        Ok(KnownLink { external_id, user: UserId(user), content, state, is_active, is_deactivated_here })
    };
    rows.into_iter().map(known).collect()
}

/// A link to insert.
#[derive(Debug, Clone)]
pub(crate) struct NewLink {
    pub(crate) external_id: String,
    pub(crate) user: UserId,
    pub(crate) dn: String,
    pub(crate) content: String,
}

/// How many rows a statement inserts into SQLite.
#[cfg(feature = "sqlite")]
const ROWS: usize = 200;

/// Stores new links; their entries are present.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.insert")]
pub(crate) async fn insert_links(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    links: &[NewLink],
    now: Timestamp,
) -> StoreResult<()> {
    const INTO: &str = "INSERT INTO vestibule_directory_links \
        (idp_id, external_id, user_id, dn, content_hash, state, created_at, updated_at) ";
    if links.is_empty() {
        return Ok(());
    }
    let present = LinkState::Present.as_str();
    match conn {
        #[cfg(not(feature = "sqlite"))]
        Conn::Sqlite(absent) => absent.absent(),
        #[cfg(feature = "sqlite")]
        Conn::Sqlite(c) => {
            for some in links.chunks(ROWS) {
                let mut query = sqlx::QueryBuilder::new(INTO);
                query.push_values(some, |mut row, NewLink { external_id, user, dn, content }| {
                    row.push_bind(provider.0)
                        .push_bind(external_id)
                        .push_bind(user.0)
                        .push_bind(dn)
                        .push_bind(content)
                        .push_bind(present)
                        .push_bind(now.0)
                        .push_bind(now.0);
                });
                query.build().execute(&mut **c).await?;
            }
        }
        #[cfg(not(feature = "postgres"))]
        Conn::Postgres(absent) => absent.absent(),
        #[cfg(feature = "postgres")]
        Conn::Postgres(c) => {
            // As with users: lists cost PostgreSQL less.
            const LISTS: &str = "SELECT $1, external_id, user_id, dn, content, $2, $3, $3 \
                FROM UNNEST($4::text[], $5::uuid[], $6::text[], $7::text[]) \
                AS given (external_id, user_id, dn, content)";
            let texts = |of: fn(&NewLink) -> &str| links.iter().map(of).collect::<Vec<_>>();
            let users: Vec<Uuid> = links.iter().map(|link| link.user.0).collect();
            sqlx::query(sqlx::AssertSqlSafe(format!("{INTO}{LISTS}")))
                .bind(provider.0)
                .bind(present)
                .bind(now.0)
                .bind(texts(|link| &link.external_id))
                .bind(users)
                .bind(texts(|link| &link.dn))
                .bind(texts(|link| &link.content))
                .execute(&mut **c)
                .await?;
        }
    }
    Ok(())
}

/// Updates the link of an entry: its distinguished name, content and state.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.update")]
pub(crate) async fn update_link(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    external_id: &str,
    found: (&str, &str, LinkState),
    now: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_directory_links SET dn = $1, content_hash = $2, state = $3, updated_at = $4 \
        WHERE idp_id = $5 AND external_id = $6";
    let (dn, content, state) = found;
    on!(conn, c => { sqlx::query(SQL).bind(dn).bind(content).bind(state.as_str()).bind(now.0).bind(provider.0)
        .bind(external_id).execute(&mut **c).await?; });
    Ok(())
}

/// Removes a provider's link to a user whose entry is gone. Returns the identifier of the entry.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.remove")]
pub(crate) async fn remove_link(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    user: UserId,
) -> StoreResult<Option<String>> {
    const SQL: &str = "DELETE FROM vestibule_directory_links WHERE user_id = $1 AND idp_id = $2 RETURNING external_id";
    let row: Option<(String,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(row.map(|(external_id,)| external_id))
}

/// The identifier of a provider's entry that is linked to a user.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.find_external_id")]
pub(crate) async fn find_external_id(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    user: UserId,
) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT external_id FROM vestibule_directory_links WHERE user_id = $1 AND idp_id = $2";
    let row: Option<(String,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(row.map(|(external_id,)| external_id))
}

/// The distinguished name of an entry when it was last read.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.find_dn")]
pub(crate) async fn find_dn(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    external_id: &str,
) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT dn FROM vestibule_directory_links WHERE idp_id = $1 AND external_id = $2";
    let row: Option<(String,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(provider.0).bind(external_id).fetch_optional(&mut **c).await?);
    Ok(row.map(|(dn,)| dn))
}

/// How many users a directory has.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.count_users")]
pub(crate) async fn count_users(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<u64> {
    const SQL: &str = "SELECT COUNT(*) FROM vestibule_directory_links WHERE idp_id = $1 AND state <> 'vanished'";
    let (count,): (i64,) = on!(conn, c => sqlx::query_as(SQL).bind(provider.0).fetch_one(&mut **c).await?);
    Ok(count.cast_unsigned())
}

/// How many directories besides one have a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Others {
    /// Those that know the user.
    pub(crate) any: u64,
    /// Those of live providers that have the user switched on.
    pub(crate) present: u64,
}

/// How many directories besides this one have a user.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.count_others")]
pub(crate) async fn count_others(conn: &mut Conn<'_>, user: UserId, provider: ProviderId) -> StoreResult<Others> {
    const SQL: &str = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN l.state = 'present' AND p.deleted_at IS NULL \
        AND p.enabled = TRUE THEN 1 ELSE 0 END), 0) FROM vestibule_directory_links l \
        JOIN vestibule_identity_providers p ON p.id = l.idp_id WHERE l.user_id = $1 AND l.idp_id <> $2";
    let (any, present): (i64, i64) =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(provider.0).fetch_one(&mut **c).await?);
    Ok(Others { any: any.cast_unsigned(), present: present.cast_unsigned() })
}
