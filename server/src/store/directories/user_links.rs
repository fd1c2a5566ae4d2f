//! The links of one user.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, UserId},
    timestamp::Timestamp,
    user::DirectoryLink,
};

use super::{
    super::{Conn, StoreResult, corrupt, on},
    links::TABLE,
};

#[derive(sqlx::FromRow)]
struct UserLinkRow {
    idp_id: Uuid,
    label: String,
    external_id: String,
    dn: String,
    state: String,
    created_at: i64,
    updated_at: i64,
}

/// The links of a user, those of deleted providers too.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.list_of_user")]
pub(crate) async fn list_links_of_user(conn: &mut Conn<'_>, user: UserId) -> StoreResult<Vec<DirectoryLink>> {
    select_links(conn, user, "").await
}

/// The links of a user whose entries have not vanished, switched on or off, and whose providers exist.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.list_live_of_user")]
pub(crate) async fn list_live_links_of_user(conn: &mut Conn<'_>, user: UserId) -> StoreResult<Vec<DirectoryLink>> {
    select_links(conn, user, " AND l.state <> 'vanished' AND p.deleted_at IS NULL").await
}

async fn select_links(conn: &mut Conn<'_>, user: UserId, condition: &'static str) -> StoreResult<Vec<DirectoryLink>> {
    let sql = format!(
        "SELECT l.idp_id, p.label, l.external_id, l.dn, l.state, l.created_at, l.updated_at \
         FROM vestibule_directory_links l JOIN vestibule_identity_providers p ON p.id = l.idp_id \
         WHERE l.user_id = $1{condition} ORDER BY p.label, l.idp_id"
    );
    let rows: Vec<UserLinkRow> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(user.0).fetch_all(&mut **c).await?);
    let shown = rows.into_iter().map(|row| {
        let UserLinkRow { idp_id, label, external_id, dn, state, created_at, updated_at } = row;
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
