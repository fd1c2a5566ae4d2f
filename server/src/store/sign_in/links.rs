//! Links between users and people at providers.

use aws_lc_rs::digest::{SHA256, digest};
use uuid::Uuid;
use vestibule_app::domain::{
    id::{IdentityLinkId, ProviderId, TenantId, UserId},
    sign_in::LinkKey,
    timestamp::Timestamp,
    user::{IdentityLink, User},
};

use super::super::{
    Conn, StoreResult, on,
    users::{COLUMNS, UserRow},
};

/// A link as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkRow {
    pub(crate) id: IdentityLinkId,
    /// The user; `None` when the user was deleted.
    pub(crate) user: Option<UserId>,
    /// The provider's permanent identifier of the person.
    pub(crate) subject: String,
}

type Columns = (Uuid, Option<Uuid>, String);

fn link((id, user, subject): Columns) -> LinkRow {
    LinkRow { id: IdentityLinkId(id), user: user.map(UserId), subject }
}

/// The link with a key.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, key: &LinkKey) -> StoreResult<Option<LinkRow>> {
    const SQL: &str = "SELECT id, user_id, subject FROM vestibule_identity_links \
        WHERE tenant_id = $1 AND idp_id = $2 AND key_hash = $3";
    let LinkKey { tenant, provider, .. } = key;
    let row: Option<Columns> = on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).bind(provider.0).bind(key_hash(key))
        .fetch_optional(&mut **c).await?);
    Ok(row.map(link))
}

/// The link with a permanent identifier, by whichever claim.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.find_by_subject")]
pub(crate) async fn find_by_subject(conn: &mut Conn<'_>, key: &LinkKey, subject: &str) -> StoreResult<Option<LinkRow>> {
    const SQL: &str = "SELECT id, user_id, subject FROM vestibule_identity_links \
        WHERE tenant_id = $1 AND idp_id = $2 AND subject_hash = $3";
    let LinkKey { tenant, provider, issuer, .. } = key;
    let row: Option<Columns> = on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).bind(provider.0)
        .bind(hash(&[issuer, subject])).fetch_optional(&mut **c).await?);
    Ok(row.map(link))
}

/// A link with a permanent identifier whose user was deleted, also where the provider had another issuer then.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.find_deleted")]
pub(crate) async fn find_deleted(conn: &mut Conn<'_>, key: &LinkKey, subject: &str) -> StoreResult<Option<LinkRow>> {
    const SQL: &str = "SELECT id, user_id, subject FROM vestibule_identity_links \
        WHERE tenant_id = $1 AND idp_id = $2 AND subject = $3 AND user_id IS NULL LIMIT 1";
    let LinkKey { tenant, provider, .. } = key;
    let row: Option<Columns> = on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).bind(provider.0).bind(subject)
        .fetch_optional(&mut **c).await?);
    Ok(row.map(link))
}

/// Whether a user has a link to a provider in a tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.is_linked")]
pub(crate) async fn is_linked(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    user: UserId,
) -> StoreResult<bool> {
    const SQL: &str =
        "SELECT COUNT(*) FROM vestibule_identity_links WHERE user_id = $1 AND tenant_id = $2 AND idp_id = $3";
    let count: i64 = on!(conn, c => sqlx::query_scalar(SQL).bind(user.0).bind(tenant.0).bind(provider.0)
        .fetch_one(&mut **c).await?);
    Ok(count > 0)
}

/// Stores a new link.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.insert")]
pub(crate) async fn insert(
    conn: &mut Conn<'_>,
    id: IdentityLinkId,
    key: &LinkKey,
    subject: &str,
    user: UserId,
    now: Timestamp,
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_identity_links \
        (id, tenant_id, idp_id, issuer, claim, value, subject, key_hash, subject_hash, user_id, created_at, last_used_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)";
    let LinkKey { tenant, provider, issuer, claim, value } = key;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(tenant.0).bind(provider.0).bind(issuer).bind(claim).bind(value)
        .bind(subject).bind(key_hash(key)).bind(hash(&[issuer, subject])).bind(user.0).bind(now.0).execute(&mut **c).await?; });
    Ok(())
}

/// Notes a use of a link, and gives it the claim and the value of this sign-in. Fails when the link was removed meanwhile
/// ([`StoreError::is_overtaken`](crate::store::StoreError)).
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.update")]
pub(crate) async fn update(conn: &mut Conn<'_>, id: IdentityLinkId, key: &LinkKey, now: Timestamp) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_identity_links SET claim = $1, value = $2, key_hash = $3, last_used_at = $4 \
        WHERE id = $5";
    let updated = on!(conn, c => sqlx::query(SQL).bind(&key.claim).bind(&key.value).bind(key_hash(key)).bind(now.0)
        .bind(id.0).execute(&mut **c).await?.rows_affected());
    if updated == 0 { Err(sqlx::Error::RowNotFound.into()) } else { Ok(()) }
}

/// How many people a provider's links identify by each claim.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.count_by_claim")]
pub(crate) async fn count_by_claim(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<Vec<(String, u64)>> {
    const SQL: &str = "SELECT claim, COUNT(*) FROM vestibule_identity_links \
        WHERE idp_id = $1 AND user_id IS NOT NULL GROUP BY claim";
    let rows: Vec<(String, i64)> = on!(conn, c => sqlx::query_as(SQL).bind(provider.0).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(claim, count)| (claim, count.cast_unsigned())).collect())
}

/// The links of a user, the last used first.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.list_of_user")]
pub(crate) async fn list_of_user(conn: &mut Conn<'_>, user: UserId) -> StoreResult<Vec<IdentityLink>> {
    const SQL: &str = "SELECT l.id, l.idp_id, p.label, l.issuer, l.subject, l.claim, l.value, l.created_at, l.last_used_at \
        FROM vestibule_identity_links l JOIN vestibule_identity_providers p ON p.id = l.idp_id \
        WHERE l.user_id = $1 ORDER BY l.last_used_at DESC, l.id";
    type Row = (Uuid, Uuid, String, String, String, String, String, i64, i64);
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(SQL).bind(user.0).fetch_all(&mut **c).await?);
    let link =
        |(id, provider, provider_name, issuer, subject, claim, value, created_at, last_used_at): Row| IdentityLink {
            id: IdentityLinkId(id),
            provider: ProviderId(provider),
            provider_name,
            issuer,
            subject,
            claim,
            value,
            created_at: Timestamp(created_at),
            last_used_at: Timestamp(last_used_at),
        };
    Ok(rows.into_iter().map(link).collect())
}

/// Removes a link of a user.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.delete")]
pub(crate) async fn delete(conn: &mut Conn<'_>, user: UserId, id: IdentityLinkId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_identity_links WHERE id = $1 AND user_id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(user.0).execute(&mut **c).await?; });
    Ok(())
}

/// The users of a tenant who have the user name or the address, both folded.
#[tracing::instrument(level = "debug", skip_all, name = "store.identity_link.find_holders")]
pub(crate) async fn find_holders(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    username: &str,
    email: Option<&str>,
) -> StoreResult<Vec<User>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM vestibule_users u WHERE u.tenant_id = $1 AND u.username_folded = $2 \
         UNION SELECT {COLUMNS} FROM vestibule_users u WHERE u.tenant_id = $1 AND u.email_folded = $3"
    );
    let rows: Vec<UserRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0).bind(username)
        .bind(email).fetch_all(&mut **c).await?);
    rows.into_iter().map(User::try_from).collect()
}

fn key_hash(key: &LinkKey) -> String {
    hash(&[&key.issuer, &key.claim, &key.value])
}

/// SHA-256 in hexadecimal, of texts without NUL.
fn hash(parts: &[&str]) -> String {
    hex::encode(digest(&SHA256, parts.join("\0").as_bytes()))
}
