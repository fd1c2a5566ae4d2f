//! Entries of logs.

use vestibule_app::domain::{
    id::SyncLogId,
    page::{Page, PageRequest},
    sync::{SyncEntry, SyncEntryFilter},
};

use super::super::{Conn, StoreResult, corrupt, offset, on};

const TABLE: &str = "vestibule_sync_log_entries";

/// How many rows a statement inserts.
const ROWS: usize = 200;

/// Adds entries to a log, each at its position.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_entry.insert")]
pub(crate) async fn insert_entries(
    conn: &mut Conn<'_>,
    log: SyncLogId,
    entries: &[(u32, SyncEntry)],
) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_sync_log_entries (log_id, position, external_id, dn, username, object, \
        action, changed_fields, code, message) ";
    for some in entries.chunks(ROWS) {
        on!(&mut *conn, c => {
            let mut query = sqlx::QueryBuilder::new(SQL);
            query.push_values(some, |mut row, (position, entry)| {
                let SyncEntry { external_id, dn, username, object, action, changed_fields, code, message } = entry;
                let changed = serde_json::Value::from(changed_fields.as_slice()).to_string();
                row.push_bind(log.0).push_bind(i64::from(*position)).push_bind(external_id).push_bind(dn).push_bind(username)
                    .push_bind(object.as_str()).push_bind(action.as_str()).push_bind(changed)
                    .push_bind(code.map(|code| code.as_str())).push_bind(message);
            });
            query.build().execute(&mut **c).await?;
        });
    }
    Ok(())
}

/// Removes entries of a log by their positions.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_entry.delete")]
pub(crate) async fn delete_entries(conn: &mut Conn<'_>, log: SyncLogId, positions: &[u32]) -> StoreResult<()> {
    for some in positions.chunks(ROWS) {
        on!(&mut *conn, c => {
            let mut query = sqlx::QueryBuilder::new("DELETE FROM vestibule_sync_log_entries WHERE log_id = ");
            query.push_bind(log.0).push(" AND position IN (");
            let mut list = query.separated(", ");
            for position in some {
                list.push_bind(i64::from(*position));
            }
            query.push(")");
            query.build().persistent(false).execute(&mut **c).await?;
        });
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LogEntryRow {
    external_id: Option<String>,
    dn: String,
    username: Option<String>,
    object: String,
    action: String,
    changed_fields: String,
    code: Option<String>,
    message: Option<String>,
}

/// A page of a log's entries, in the order in which they were processed.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_entry.list")]
pub(crate) async fn list_entries(
    conn: &mut Conn<'_>,
    log: SyncLogId,
    filter: SyncEntryFilter,
    page: PageRequest,
) -> StoreResult<Page<SyncEntry>> {
    const WHERE: &str = "FROM vestibule_sync_log_entries WHERE log_id = $1 AND ($2 IS NULL OR action = $2) AND ($3 IS NULL OR code = $3)";
    let SyncEntryFilter { action, code } = filter;
    let (action, code) = (action.map(|action| action.as_str()), code.map(|code| code.as_str()));
    let sql = format!(
        "SELECT external_id, dn, username, object, action, changed_fields, code, message {WHERE} \
         ORDER BY position LIMIT $4 OFFSET $5"
    );
    let count = format!("SELECT COUNT(*) {WHERE}");
    let rows: Vec<LogEntryRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(log.0).bind(action)
        .bind(code).bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(log.0).bind(action)
        .bind(code).fetch_one(&mut **c).await?);
    let entry = |row: LogEntryRow| {
        let LogEntryRow { external_id, dn, username, object, action, changed_fields, code, message } = row;
        Ok(SyncEntry {
            external_id,
            dn,
            username,
            object: object.parse().map_err(|error| corrupt(TABLE, "object", log, error))?,
            action: action.parse().map_err(|error| corrupt(TABLE, "action", log, error))?,
            changed_fields: serde_json::from_str(&changed_fields)
                .map_err(|error| corrupt(TABLE, "changed_fields", log, error))?,
            code: code.map(|code| code.parse()).transpose().map_err(|error| corrupt(TABLE, "code", log, error))?,
            message,
        })
    };
    let items = rows.into_iter().map(entry).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}
