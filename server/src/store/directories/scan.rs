//! Visiting all links of a directory.

use tokio_stream::{Stream, StreamExt as _};
use uuid::Uuid;
use vestibule_app::domain::id::ProviderId;

use super::super::{Conn, StoreResult, on};

/// Calls `visit` with the identifier of each linked entry that has not vanished, in no order.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.for_each_unvanished")]
pub(crate) async fn for_each_unvanished(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    mut visit: impl FnMut(String),
) -> StoreResult<()> {
    const SQL: &str = "SELECT external_id FROM vestibule_directory_links WHERE idp_id = $1 AND state <> 'vanished'";
    let visit = |(id,): (String,)| visit(id);
    on!(conn, c => for_each_row(sqlx::query_as(SQL).bind(provider.0).fetch(&mut **c), visit).await)
}

/// The values by which groups may list a user.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct MemberKey {
    pub(crate) external_id: String,
    pub(crate) dn: String,
    pub(crate) username_folded: String,
    pub(crate) user_id: Uuid,
}

/// Calls `visit` with each linked user whose entry has not vanished, in no order.
#[tracing::instrument(level = "debug", skip_all, name = "store.directory_link.for_each_member")]
pub(crate) async fn for_each_member(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    visit: impl FnMut(MemberKey),
) -> StoreResult<()> {
    const SQL: &str = "SELECT l.external_id, l.dn, u.username_folded, l.user_id FROM vestibule_directory_links l \
        JOIN vestibule_users u ON u.id = l.user_id WHERE l.idp_id = $1 AND l.state <> 'vanished'";
    on!(conn, c => for_each_row(sqlx::query_as(SQL).bind(provider.0).fetch(&mut **c), visit).await)
}

/// Streams the rows of one statement, and yields to other tasks now and then. Pages would not do: PostgreSQL takes large
/// new tables for small ones and would sort all rows for each page.
async fn for_each_row<R>(
    mut rows: impl Stream<Item = Result<R, sqlx::Error>> + Unpin,
    mut visit: impl FnMut(R),
) -> StoreResult<()> {
    const YIELD_EVERY: usize = 100;
    let mut visited = 0;
    while let Some(row) = rows.next().await {
        visit(row?);
        visited += 1;
        if visited % YIELD_EVERY == 0 {
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}
