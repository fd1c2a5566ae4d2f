//! Users of tenants.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    id::{ProviderId, TenantId, UserId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
    user::{Block, Profile, User, UserFilter, UserStatus},
};

use super::{Conn, Lock, ReachColumns, StoreError, StoreResult, corrupt, offset, on, providers::like_pattern};

const TABLE: &str = "vestibule_users";

pub(super) const COLUMNS: &str = "u.id, u.tenant_id, u.username, u.email, u.email_verified, u.first_name, u.last_name, \
    u.display_name, u.fields, u.origin_idp_id, u.active, u.deactivated_by, u.blocked_at, u.blocked_by, u.created_at, \
    u.updated_at, u.version";

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    id: Uuid,
    tenant_id: Uuid,
    username: String,
    email: Option<String>,
    email_verified: bool,
    first_name: Option<String>,
    last_name: Option<String>,
    display_name: Option<String>,
    fields: String,
    origin_idp_id: Option<Uuid>,
    active: bool,
    deactivated_by: Option<Uuid>,
    blocked_at: Option<i64>,
    blocked_by: Option<String>,
    created_at: i64,
    updated_at: Option<i64>,
    version: i64,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> StoreResult<Self> {
        let UserRow {
            id,
            tenant_id,
            username,
            email,
            email_verified,
            first_name,
            last_name,
            display_name,
            fields,
            origin_idp_id,
            active,
            deactivated_by,
            blocked_at,
            blocked_by,
            created_at,
            updated_at,
            version,
        } = row;
        let fields = serde_json::from_str(&fields).map_err(|error| corrupt(TABLE, "fields", id, error))?;
        let block = |at| Block { at: Timestamp(at), by: blocked_by.unwrap_or_default() };
        Ok(Self {
            id: UserId(id),
            tenant: TenantId(tenant_id),
            profile: Profile { username, email, first_name, last_name, display_name, fields },
            email_verified,
            origin: origin_idp_id.map(ProviderId),
            active,
            deactivated_by: deactivated_by.map(ProviderId),
            blocked: blocked_at.map(block),
            created_at: Timestamp(created_at),
            updated_at: updated_at.map(Timestamp),
            version,
        })
    }
}

/// What searches look into: everything people go by, folded.
fn search_text(profile: &Profile) -> String {
    let Profile { username, email, first_name, last_name, display_name, fields: _ } = profile;
    let names = [email, first_name, last_name, display_name].into_iter().flatten();
    let texts: Vec<_> = std::iter::once(username).chain(names).map(|text| text.to_lowercase()).collect();
    texts.join("\n")
}

fn fields(id: UserId, profile: &Profile) -> StoreResult<String> {
    serde_json::to_string(&profile.fields).map_err(|error| corrupt(TABLE, "fields", id, error))
}

/// How many rows a statement inserts into SQLite, which takes 32,766 values at most.
const ROWS: usize = 100;

/// A new user, active and not blocked.
#[derive(Debug, Clone)]
pub(crate) struct NewUser {
    pub(crate) id: UserId,
    pub(crate) profile: Profile,
    pub(crate) email_verified: bool,
}

/// Stores new users of a tenant, imported from a provider's directory.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.insert")]
pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    origin: ProviderId,
    users: &[NewUser],
    now: Timestamp,
) -> StoreResult<()> {
    const INTO: &str = "INSERT INTO vestibule_users (id, tenant_id, username, username_folded, email, email_folded, \
        email_verified, first_name, last_name, display_name, fields, origin_idp_id, active, search_text, created_at, \
        version) ";
    if users.is_empty() {
        return Ok(());
    }
    let fields = |user: &NewUser| fields(user.id, &user.profile);
    match conn {
        #[cfg(not(feature = "sqlite"))]
        Conn::Sqlite(absent) => absent.absent(),
        #[cfg(feature = "sqlite")]
        Conn::Sqlite(c) => {
            for some in users.chunks(ROWS) {
                let fields: Vec<String> = some.iter().map(fields).collect::<StoreResult<_>>()?;
                let mut query = sqlx::QueryBuilder::new(INTO);
                query.push_values(some.iter().zip(fields), |mut row, (user, fields)| {
                    let NewUser { id, profile, email_verified } = user;
                    let Profile { username, email, first_name, last_name, display_name, fields: _ } = profile;
                    row.push_bind(id.0)
                        .push_bind(tenant.0)
                        .push_bind(username)
                        .push_bind(profile.folded_username())
                        .push_bind(email)
                        .push_bind(profile.folded_email())
                        .push_bind(email_verified)
                        .push_bind(first_name)
                        .push_bind(last_name)
                        .push_bind(display_name)
                        .push_bind(fields)
                        .push_bind(origin.0)
                        .push_bind(true)
                        .push_bind(search_text(profile))
                        .push_bind(now.0)
                        .push_bind(1_i64);
                });
                query.build().execute(&mut **c).await?;
            }
        }
        #[cfg(not(feature = "postgres"))]
        Conn::Postgres(absent) => absent.absent(),
        #[cfg(feature = "postgres")]
        Conn::Postgres(c) => {
            // A list for each column is planned and taken apart in half the time of a value for each field.
            const LISTS: &str = "SELECT id, $1, username, username_folded, email, email_folded, email_verified, \
                first_name, last_name, display_name, fields, $2, TRUE, search_text, $3, 1 \
                FROM UNNEST($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::text[], \
                $11::text[], $12::text[], $13::text[], $14::text[]) AS given (id, username, username_folded, email, \
                email_folded, email_verified, first_name, last_name, display_name, fields, search_text)";
            let profiles = || users.iter().map(|user| &user.profile);
            let texts = |of: fn(&Profile) -> &Option<String>| profiles().map(of).collect::<Vec<_>>();
            let ids: Vec<Uuid> = users.iter().map(|user| user.id.0).collect();
            let verified: Vec<bool> = users.iter().map(|user| user.email_verified).collect();
            let usernames: Vec<&str> = profiles().map(|profile| profile.username.as_str()).collect();
            let folded: Vec<String> = profiles().map(Profile::folded_username).collect();
            let folded_emails: Vec<Option<String>> = profiles().map(Profile::folded_email).collect();
            let fields: Vec<String> = users.iter().map(fields).collect::<StoreResult<_>>()?;
            let search: Vec<String> = profiles().map(search_text).collect();
            let sql = format!("{INTO}{LISTS}");
            sqlx::query(sqlx::AssertSqlSafe(sql))
                .bind(tenant.0)
                .bind(origin.0)
                .bind(now.0)
                .bind(ids)
                .bind(usernames)
                .bind(folded)
                .bind(texts(|profile| &profile.email))
                .bind(folded_emails)
                .bind(verified)
                .bind(texts(|profile| &profile.first_name))
                .bind(texts(|profile| &profile.last_name))
                .bind(texts(|profile| &profile.display_name))
                .bind(fields)
                .bind(search)
                .execute(&mut **c)
                .await?;
        }
    }
    Ok(())
}

/// Writes what a synchronisation may change of a user. Who is blocked is no part of it.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.update_synchronised")]
pub(crate) async fn update_synchronised(conn: &mut Conn<'_>, user: &User) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_users SET username = $1, username_folded = $2, email = $3, email_folded = $4, \
        email_verified = $5, first_name = $6, last_name = $7, display_name = $8, fields = $9, active = $10, \
        deactivated_by = $11, search_text = $12, updated_at = $13, version = version + 1 WHERE id = $14";
    let Profile { username, email, first_name, last_name, display_name, fields: _ } = &user.profile;
    let fields = fields(user.id, &user.profile)?;
    on!(conn, c => { sqlx::query(SQL).bind(username).bind(user.profile.folded_username()).bind(email)
        .bind(user.profile.folded_email()).bind(user.email_verified).bind(first_name).bind(last_name)
        .bind(display_name).bind(fields).bind(user.active).bind(user.deactivated_by.map(|id| id.0))
        .bind(search_text(&user.profile)).bind(user.updated_at.map(|at| at.0)).bind(user.id.0)
        .execute(&mut **c).await?; });
    Ok(())
}

/// Takes their names and addresses from users who get others within the same transaction: two who swap would meet in the
/// unique indexes. No user name begins with the character that stands in for them.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.release_names")]
pub(crate) async fn release_names(conn: &mut Conn<'_>, ids: &[UserId]) -> StoreResult<()> {
    const SET: &str = "UPDATE vestibule_users SET email_folded = NULL, username_folded = ";
    for some in ids.chunks(ROWS) {
        let stand_in = match conn {
            Conn::Sqlite(_) => "char(1) || hex(id) WHERE id IN (",
            Conn::Postgres(_) => "chr(1) || id::text WHERE id IN (",
        };
        on!(&mut *conn, c => {
            let mut query = sqlx::QueryBuilder::new(format!("{SET}{stand_in}"));
            let mut list = query.separated(", ");
            for id in some {
                list.push_bind(id.0);
            }
            query.push(")");
            query.build().persistent(false).execute(&mut **c).await?;
        });
    }
    Ok(())
}

/// Takes away that a user may sign in, because a provider's directory says so. Answers whether the user could before.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.deactivate")]
pub(crate) async fn deactivate(conn: &mut Conn<'_>, id: UserId, by: ProviderId, now: Timestamp) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_users SET active = FALSE, deactivated_by = $1, updated_at = $2, \
        version = version + 1 WHERE id = $3 AND active = TRUE";
    let done = on!(conn, c => sqlx::query(SQL).bind(by.0).bind(now.0).bind(id.0).execute(&mut **c).await?
        .rows_affected());
    Ok(done == 1)
}

/// Writes what an administrator may change of a user that was read under a lock.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.update_standing")]
pub(crate) async fn update_standing(conn: &mut Conn<'_>, user: &User) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_users SET active = $1, deactivated_by = $2, blocked_at = $3, blocked_by = $4, \
        updated_at = $5, version = $6 WHERE id = $7";
    let block = user.blocked.as_ref();
    on!(conn, c => { sqlx::query(SQL).bind(user.active).bind(user.deactivated_by.map(|id| id.0))
        .bind(block.map(|block| block.at.0)).bind(block.map(|block| block.by.as_str()))
        .bind(user.updated_at.map(|at| at.0)).bind(user.version).bind(user.id.0).execute(&mut **c).await?; });
    Ok(())
}

/// Removes a user with links and memberships.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, id: UserId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_users WHERE id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

/// The user with this identifier, of a live tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, id: UserId, lock: Lock) -> StoreResult<Option<User>> {
    // Only the user is locked, and a tenant is locked before what belongs to it.
    let clause = match lock.clause(conn) {
        "" => String::new(),
        clause => format!("{clause} OF u"),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM vestibule_users u JOIN vestibule_tenants t ON t.id = u.tenant_id \
         WHERE u.id = $1 AND t.deleted_at IS NULL{clause}"
    );
    let row: Option<UserRow> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_optional(&mut **c).await?);
    row.map(User::try_from).transpose()
}

/// A page of the users within reach, by user name.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.list")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    reach: &Reach,
    filter: &UserFilter,
    page: PageRequest,
) -> StoreResult<Page<User>> {
    let UserFilter { tenant: of_tenant, provider, group, status, search } = filter;
    let standing = match status {
        None => "",
        Some(UserStatus::Active) => " AND u.active = TRUE AND u.blocked_at IS NULL",
        Some(UserStatus::Inactive) => " AND u.active = FALSE AND u.blocked_at IS NULL",
        Some(UserStatus::Blocked) => " AND u.blocked_at IS NOT NULL",
    };
    let from = format!(
        "FROM vestibule_users u JOIN vestibule_tenants t ON t.id = u.tenant_id \
         WHERE t.deleted_at IS NULL AND ($1 = TRUE OR t.id = $2 OR t.partner = $3) \
         AND u.search_text LIKE $4 ESCAPE '\\' AND ($5 IS NULL OR u.tenant_id = $5) \
         AND ($6 IS NULL OR EXISTS (SELECT 1 FROM vestibule_directory_links l \
         WHERE l.user_id = u.id AND l.idp_id = $6)) \
         AND ($7 IS NULL OR EXISTS (SELECT 1 FROM vestibule_directory_memberships m \
         WHERE m.user_id = u.id AND m.directory_group_id = $7)){standing}"
    );
    let ReachColumns { everything, tenant, partner } = ReachColumns::of(reach);
    let (of_tenant, provider, group) = (of_tenant.map(|id| id.0), provider.map(|id| id.0), group.map(|id| id.0));
    let pattern = like_pattern(search.as_deref().unwrap_or_default());
    let sql = format!("SELECT {COLUMNS} {from} ORDER BY u.username_folded, u.id LIMIT $8 OFFSET $9");
    let count = format!("SELECT COUNT(*) {from}");
    let rows: Vec<UserRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(everything).bind(tenant)
        .bind(partner).bind(&pattern).bind(of_tenant).bind(provider).bind(group).bind(i64::from(page.limit))
        .bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(everything).bind(tenant)
        .bind(partner).bind(&pattern).bind(of_tenant).bind(provider).bind(group).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(User::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

/// The names of what users belong to and come from.
#[derive(Debug, Default)]
pub(crate) struct UserNames {
    tenants: BTreeMap<TenantId, String>,
    providers: BTreeMap<ProviderId, String>,
}

impl UserNames {
    /// The name of the user's tenant.
    pub(crate) fn tenant(&self, user: &User) -> String {
        self.tenants.get(&user.tenant).cloned().unwrap_or_default()
    }

    /// The display name of the provider that the user was first imported from.
    pub(crate) fn origin(&self, user: &User) -> Option<String> {
        self.providers.get(&user.origin?).cloned()
    }
}

/// The names of what these users belong to and come from.
#[tracing::instrument(level = "debug", skip_all, name = "store.user.list_names")]
pub(crate) async fn list_names(conn: &mut Conn<'_>, users: &[User]) -> StoreResult<UserNames> {
    const TENANTS: &str = "SELECT id, name FROM vestibule_tenants WHERE id IN (";
    const PROVIDERS: &str = "SELECT id, label FROM vestibule_identity_providers WHERE id IN (";
    let tenants = users.iter().map(|user| user.tenant.0).collect();
    let providers = users.iter().filter_map(|user| user.origin).map(|id| id.0).collect();
    let tenants = names_in(conn, TENANTS, tenants).await?;
    let providers = names_in(conn, PROVIDERS, providers).await?;
    Ok(UserNames {
        tenants: tenants.into_iter().map(|(id, name)| (TenantId(id), name)).collect(),
        providers: providers.into_iter().map(|(id, name)| (ProviderId(id), name)).collect(),
    })
}

/// The names of rows, by their identifiers. `sql` ends with `IN (`.
pub(super) async fn names_in(
    conn: &mut Conn<'_>,
    sql: &'static str,
    ids: BTreeSet<Uuid>,
) -> StoreResult<Vec<(Uuid, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(conn, c => {
        let mut query = sqlx::QueryBuilder::new(sql);
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id);
        }
        query.push(")");
        query.build_query_as().fetch_all(&mut **c).await?
    }))
}
