//! Sealed secrets, for sealing them again.

use uuid::Uuid;
use vestibule_app::domain::id::ProviderId;

use super::super::{Conn, StoreResult, on};

/// A batch of sealed secrets in the order of their providers' identifiers.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_sealed")]
pub(crate) async fn list_sealed(
    conn: &mut Conn<'_>,
    after: ProviderId,
    limit: u32,
) -> StoreResult<Vec<(ProviderId, String)>> {
    const SQL: &str = "SELECT id, secrets FROM vestibule_identity_providers \
                       WHERE id > $1 AND secrets IS NOT NULL ORDER BY id LIMIT $2";
    let rows: Vec<(Uuid, String)> =
        on!(conn, c => sqlx::query_as(SQL).bind(after.0).bind(i64::from(limit)).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(id, sealed)| (ProviderId(id), sealed)).collect())
}

/// Replaces sealed secrets, unless they changed meanwhile. No version is counted: the meaning stays.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.reseal")]
pub(crate) async fn reseal(conn: &mut Conn<'_>, id: ProviderId, old: &str, new: &str) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_identity_providers SET secrets = $1 WHERE id = $2 AND secrets = $3";
    let done = on!(conn, c => sqlx::query(SQL).bind(new).bind(id.0).bind(old).execute(&mut **c).await?.rows_affected());
    Ok(done == 1)
}
