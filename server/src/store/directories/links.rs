//! Where directories have users.

use tokio_stream::{Stream, StreamExt as _};
use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, TenantId, UserId},
    sync::LinkState,
    timestamp::Timestamp,
    user::{DirectoryLink, User},
};

use super::super::{
    Conn, Lock, StoreError, StoreResult, corrupt, on, text_list,
    users::{self, Row as UserRow},
};

const TABLE: &str = "vestibule_directory_links";

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

/// The links of a provider's entries, with their users, who are to be changed: nobody else changes them until the
/// transaction ends.
pub(crate) async fn find_many(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    external_ids: &[&str],
) -> StoreResult<Vec<StoredLink>> {
    if external_ids.is_empty() {
        return Ok(Vec::new());
    }
    // Two directories of one tenant lock users in the same order.
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

/// What decides whether an entry that is linked has to be looked at more closely.
#[derive(Debug, Clone)]
pub(crate) struct KnownLink {
    pub(crate) external_id: String,
    pub(crate) user: UserId,
    pub(crate) content: String,
    pub(crate) state: LinkState,
    pub(crate) is_active: bool,
    /// Whether this provider took away that the user may sign in, or another one whose directory has the user no more.
    pub(crate) is_deactivated_here: bool,
}

/// What is known of the entries of a provider that are linked.
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

/// A statement that looks rows up for each text of a JSON list on its own; `w.value` is the text. PostgreSQL would rather
/// compare all rows with all texts, since it keeps a plan that it made while the tables were nearly empty; `OFFSET 0`
/// prevents that. The left side of SQLite's `CROSS JOIN` stays outside.
fn for_each_text(conn: &Conn<'_>, parameter: u8, columns: &str, rows: &str) -> String {
    match conn {
        Conn::Sqlite(_) => format!("SELECT {columns} FROM json_each(${parameter}) w CROSS JOIN {rows}"),
        Conn::Postgres(_) => format!(
            "SELECT found.* FROM jsonb_array_elements_text(${parameter}::jsonb) w (value) \
             CROSS JOIN LATERAL (SELECT {columns} FROM {rows} OFFSET 0) found"
        ),
    }
}

/// A user who has one of the names or addresses that were asked for.
#[derive(Debug, Clone)]
pub(crate) struct HolderRow {
    pub(crate) user: UserId,
    pub(crate) username: String,
    pub(crate) folded_username: String,
    pub(crate) folded_email: Option<String>,
    /// The provider's entry that stands for the user, vanished ones too.
    pub(crate) link: Option<HolderLink>,
}

/// An entry that stands for such a user.
#[derive(Debug, Clone)]
pub(crate) struct HolderLink {
    pub(crate) external_id: String,
    pub(crate) dn: String,
    pub(crate) is_vanished: bool,
}

/// The users of a tenant who have one of the names or addresses, both folded.
pub(crate) async fn find_holders(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    usernames: &[String],
    emails: &[String],
) -> StoreResult<Vec<HolderRow>> {
    // Links are looked up for the users found, of whom there are few: a join would be planned for tables that were empty.
    let link = |column: &str| {
        format!(
            "(SELECT l.{column} FROM vestibule_directory_links l WHERE l.user_id = u.id AND l.idp_id = $2) AS {column}"
        )
    };
    let columns = format!(
        "u.id, u.username, u.username_folded, u.email_folded, {}, {}, {}",
        link("external_id"),
        link("dn"),
        link("state")
    );
    let one = |column: &str, parameter: u8| {
        let users = format!("vestibule_users u WHERE u.tenant_id = $1 AND u.{column} = w.value");
        for_each_text(conn, parameter, &columns, &users)
    };
    let sql = format!("{} UNION {}", one("username_folded", 3), one("email_folded", 4));
    let usernames = text_list(usernames.iter().map(String::as_str));
    let emails = text_list(emails.iter().map(String::as_str));
    let rows: Vec<FoundHolder> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(tenant.0).bind(provider.0).bind(usernames).bind(emails).fetch_all(&mut **c).await?);
    let holder = |row: FoundHolder| {
        let FoundHolder { id, username, username_folded, email_folded, external_id, dn, state } = row;
        let link = external_id.zip(dn).map(|(external_id, dn)| HolderLink {
            external_id,
            dn,
            is_vanished: state.as_deref() == Some(LinkState::Vanished.as_str()),
        });
        HolderRow { user: UserId(id), username, folded_username: username_folded, folded_email: email_folded, link }
    };
    Ok(rows.into_iter().map(holder).collect())
}

#[derive(sqlx::FromRow)]
struct FoundHolder {
    id: Uuid,
    username: String,
    username_folded: String,
    email_folded: Option<String>,
    external_id: Option<String>,
    dn: Option<String>,
    state: Option<String>,
}

/// A link to make.
#[derive(Debug, Clone)]
pub(crate) struct NewLink {
    pub(crate) external_id: String,
    pub(crate) user: UserId,
    pub(crate) dn: String,
    pub(crate) content: String,
}

/// How many rows a statement inserts into SQLite.
const ROWS: usize = 200;

/// Stores new links; their entries are present.
pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    links: &[NewLink],
    now: Timestamp,
) -> StoreResult<()> {
    const INTO: &str = "INSERT INTO vestibule_directory_links \
        (idp_id, external_id, user_id, dn, content_hash, state, created_at, updated_at) ";
    // As with users: lists cost PostgreSQL less.
    const LISTS: &str = "SELECT $1, external_id, user_id, dn, content, $2, $3, $3 \
        FROM UNNEST($4::text[], $5::uuid[], $6::text[], $7::text[]) AS given (external_id, user_id, dn, content)";
    if links.is_empty() {
        return Ok(());
    }
    let present = LinkState::Present.as_str();
    match conn {
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
        Conn::Postgres(c) => {
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

/// Writes how an entry was found.
pub(crate) async fn update(
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

/// Removes a provider's link to a user, whose entry is no more; answers what identified that.
pub(crate) async fn remove_of_user(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    user: UserId,
) -> StoreResult<Option<String>> {
    const SQL: &str = "DELETE FROM vestibule_directory_links WHERE user_id = $1 AND idp_id = $2 RETURNING external_id";
    let row: Option<(String,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(row.map(|(external_id,)| external_id))
}

/// What identifies a provider's entry that stands for a user.
pub(crate) async fn id_of_user(conn: &mut Conn<'_>, provider: ProviderId, user: UserId) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT external_id FROM vestibule_directory_links WHERE user_id = $1 AND idp_id = $2";
    let row: Option<(String,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(row.map(|(external_id,)| external_id))
}

/// Where the entry of this identifier lay when it was last read.
pub(crate) async fn dn_of(conn: &mut Conn<'_>, provider: ProviderId, external_id: &str) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT dn FROM vestibule_directory_links WHERE idp_id = $1 AND external_id = $2";
    let row: Option<(String,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(provider.0).bind(external_id).fetch_optional(&mut **c).await?);
    Ok(row.map(|(dn,)| dn))
}

/// How many users a directory has.
pub(crate) async fn count(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<u64> {
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
pub(crate) async fn others_of(conn: &mut Conn<'_>, user: UserId, provider: ProviderId) -> StoreResult<Others> {
    const SQL: &str = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN l.state = 'present' AND p.deleted_at IS NULL \
        AND p.enabled = TRUE THEN 1 ELSE 0 END), 0) FROM vestibule_directory_links l \
        JOIN vestibule_identity_providers p ON p.id = l.idp_id WHERE l.user_id = $1 AND l.idp_id <> $2";
    let (any, present): (i64, i64) =
        on!(conn, c => sqlx::query_as(SQL).bind(user.0).bind(provider.0).fetch_one(&mut **c).await?);
    Ok(Others { any: any.cast_unsigned(), present: present.cast_unsigned() })
}

/// Tells the identifiers of the entries that were there, in no order.
pub(crate) async fn each_unvanished(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    mut tell: impl FnMut(String),
) -> StoreResult<()> {
    const SQL: &str = "SELECT external_id FROM vestibule_directory_links WHERE idp_id = $1 AND state <> 'vanished'";
    let tell = |(id,): (String,)| tell(id);
    on!(conn, c => tell_all(sqlx::query_as(SQL).bind(provider.0).fetch(&mut **c), tell).await)
}

/// What groups may call a user.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct MemberKey {
    pub(crate) external_id: String,
    pub(crate) dn: String,
    pub(crate) username_folded: String,
    pub(crate) user_id: Uuid,
}

/// Tells what groups may call the users that are there, in no order.
pub(crate) async fn each_member(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    tell: impl FnMut(MemberKey),
) -> StoreResult<()> {
    const SQL: &str = "SELECT l.external_id, l.dn, u.username_folded, l.user_id FROM vestibule_directory_links l \
        JOIN vestibule_users u ON u.id = l.user_id WHERE l.idp_id = $1 AND l.state <> 'vanished'";
    on!(conn, c => tell_all(sqlx::query_as(SQL).bind(provider.0).fetch(&mut **c), tell).await)
}

/// Goes through the rows of one statement as they come: pages of them would be sorted anew for each page by PostgreSQL,
/// which takes large new tables for small ones. Others get their turn in between.
async fn tell_all<Row>(
    mut rows: impl Stream<Item = Result<Row, sqlx::Error>> + Unpin,
    mut tell: impl FnMut(Row),
) -> StoreResult<()> {
    const PORTION: usize = 100;
    let mut told = 0;
    while let Some(row) = rows.next().await {
        tell(row?);
        told += 1;
        if told % PORTION == 0 {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}

/// Lets PostgreSQL look rows up by index until the transaction ends. A plan is made once and kept, and when the tables
/// are nearly empty, as they are when a directory is read for the first time, reading them whole seems cheaper.
pub(crate) async fn prefer_indexes(conn: &mut Conn<'_>) -> StoreResult<()> {
    match conn {
        Conn::Sqlite(_) => {}
        Conn::Postgres(c) => {
            sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut **c).await?;
        }
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct ShownRow {
    idp_id: Uuid,
    label: String,
    external_id: String,
    dn: String,
    state: String,
    created_at: i64,
    updated_at: i64,
}

/// Where directories have a user; those of deleted providers too.
pub(crate) async fn links_of_user(conn: &mut Conn<'_>, user: UserId) -> StoreResult<Vec<DirectoryLink>> {
    select_links(conn, user, "").await
}

/// The directories of live providers that still have a user, switched on or off.
pub(crate) async fn live_links_of(conn: &mut Conn<'_>, user: UserId) -> StoreResult<Vec<DirectoryLink>> {
    select_links(conn, user, " AND l.state <> 'vanished' AND p.deleted_at IS NULL").await
}

async fn select_links(conn: &mut Conn<'_>, user: UserId, condition: &'static str) -> StoreResult<Vec<DirectoryLink>> {
    let sql = format!(
        "SELECT l.idp_id, p.label, l.external_id, l.dn, l.state, l.created_at, l.updated_at \
         FROM vestibule_directory_links l JOIN vestibule_identity_providers p ON p.id = l.idp_id \
         WHERE l.user_id = $1{condition} ORDER BY p.label, l.idp_id"
    );
    let rows: Vec<ShownRow> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(user.0).fetch_all(&mut **c).await?);
    let shown = rows.into_iter().map(|row| {
        let ShownRow { idp_id, label, external_id, dn, state, created_at, updated_at } = row;
        Ok(DirectoryLink {
            provider: ProviderId(idp_id),
            provider_name: label,
            state: state.parse().map_err(|error| corrupt(TABLE, "state", &external_id, error))?,
            external_id,
            dn,
            seen_at: None,
            created_at: Timestamp(created_at),
            updated_at: Timestamp(updated_at),
        })
    });
    shown.collect()
}
