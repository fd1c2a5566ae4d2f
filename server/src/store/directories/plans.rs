//! Keeping the databases to index look-ups, whatever their planners expect of tables that were empty.

use super::super::{Conn, StoreResult};

/// Makes PostgreSQL look up rows by index until the transaction ends. It keeps plans, and one from when the tables were
/// nearly empty, as they are in the first run of a directory, would read them whole.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection.prefer_indexes")]
pub(crate) async fn prefer_indexes(conn: &mut Conn<'_>) -> StoreResult<()> {
    match conn {
        Conn::Sqlite(_) => {}
        #[cfg(not(feature = "postgres"))]
        Conn::Postgres(absent) => absent.absent(),
        #[cfg(feature = "postgres")]
        Conn::Postgres(c) => {
            sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut **c).await?;
        }
    }
    Ok(())
}

/// A statement that looks up rows for each text of a JSON list separately; `w.value` is the text.
///
/// PostgreSQL keeps a plan that it made while the tables were nearly empty, and would compare all rows with all texts;
/// `OFFSET 0` prevents that. In SQLite, the left side of `CROSS JOIN` stays the outer loop.
pub(super) fn for_each_text(conn: &Conn<'_>, parameter: u8, columns: &str, rows: &str) -> String {
    match conn {
        Conn::Sqlite(_) => format!("SELECT {columns} FROM json_each(${parameter}) w CROSS JOIN {rows}"),
        Conn::Postgres(_) => format!(
            "SELECT found.* FROM jsonb_array_elements_text(${parameter}::jsonb) w (value) \
             CROSS JOIN LATERAL (SELECT {columns} FROM {rows} OFFSET 0) found"
        ),
    }
}
