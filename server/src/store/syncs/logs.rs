//! Logs of synchronisations and their entries.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, SyncLogId, TenantId},
    page::{Page, PageRequest},
    sync::{
        GroupCounts, MembershipCounts, Omitted, Safeguard, SyncCursor, SyncEntry, SyncEntryFilter, SyncFailure,
        SyncLog, SyncServer, UserCounts,
    },
    timestamp::Timestamp,
};

use super::super::{Conn, StoreError, StoreResult, corrupt, offset, on};

const TABLE: &str = "vestibule_sync_logs";
const ENTRIES: &str = "vestibule_sync_log_entries";

const SELECT: &str = "SELECT g.id, g.idp_id, p.owner_tenant_id, g.status, g.mode, g.trigger_kind, g.asked_by, \
    g.dry_run, g.started_at, g.finished_at, g.report FROM vestibule_sync_logs g \
    JOIN vestibule_identity_providers p ON p.id = g.idp_id";

/// What nobody asks the database about.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Report {
    users: UserCounts,
    groups: GroupCounts,
    memberships: MembershipCounts,
    failure: Option<SyncFailure>,
    warnings: Vec<String>,
    safeguard: Option<Safeguard>,
    server: Option<SyncServer>,
    cursor: SyncCursor,
    entries_truncated: bool,
    omitted: Omitted,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    idp_id: Uuid,
    owner_tenant_id: Option<Uuid>,
    status: String,
    mode: String,
    trigger_kind: String,
    asked_by: String,
    dry_run: bool,
    started_at: i64,
    finished_at: Option<i64>,
    report: String,
}

impl TryFrom<Row> for SyncLog {
    type Error = StoreError;

    fn try_from(row: Row) -> StoreResult<Self> {
        let Row {
            id,
            idp_id,
            owner_tenant_id,
            status,
            mode,
            trigger_kind,
            asked_by,
            dry_run,
            started_at,
            finished_at,
            report,
        } = row;
        let report: Report = serde_json::from_str(&report).map_err(|error| corrupt(TABLE, "report", id, error))?;
        let Report {
            users,
            groups,
            memberships,
            failure,
            warnings,
            safeguard,
            server,
            cursor,
            entries_truncated,
            omitted,
        } = report;
        Ok(Self {
            id: SyncLogId(id),
            provider: ProviderId(idp_id),
            tenant: owner_tenant_id.map(TenantId),
            status: status.parse().map_err(|error| corrupt(TABLE, "status", id, error))?,
            mode: mode.parse().map_err(|error| corrupt(TABLE, "mode", id, error))?,
            trigger: trigger_kind.parse().map_err(|error| corrupt(TABLE, "trigger_kind", id, error))?,
            by: asked_by,
            dry_run,
            started_at: Timestamp(started_at),
            finished_at: finished_at.map(Timestamp),
            users,
            groups,
            memberships,
            failure,
            warnings,
            safeguard,
            server,
            cursor,
            entries_truncated,
            omitted,
        })
    }
}

fn report(log: &SyncLog) -> StoreResult<String> {
    let SyncLog {
        id,
        provider: _,
        tenant: _,
        status: _,
        mode: _,
        trigger: _,
        by: _,
        dry_run: _,
        started_at: _,
        finished_at: _,
        users,
        groups,
        memberships,
        failure,
        warnings,
        safeguard,
        server,
        cursor,
        entries_truncated,
        omitted,
    } = log;
    let report = Report {
        users: *users,
        groups: *groups,
        memberships: *memberships,
        failure: failure.clone(),
        warnings: warnings.clone(),
        safeguard: *safeguard,
        server: server.clone(),
        cursor: cursor.clone(),
        entries_truncated: *entries_truncated,
        omitted: *omitted,
    };
    serde_json::to_string(&report).map_err(|error| corrupt(TABLE, "report", id, error))
}

pub(crate) async fn insert(conn: &mut Conn<'_>, log: &SyncLog) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_sync_logs (id, idp_id, status, mode, trigger_kind, asked_by, dry_run, \
        started_at, finished_at, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let report = report(log)?;
    on!(conn, c => { sqlx::query(SQL).bind(log.id.0).bind(log.provider.0).bind(log.status.as_str())
        .bind(log.mode.as_str()).bind(log.trigger.as_str()).bind(&log.by).bind(log.dry_run).bind(log.started_at.0)
        .bind(log.finished_at.map(|at| at.0)).bind(report).execute(&mut **c).await?; });
    Ok(())
}

/// Writes how far a run is. What has ended stays as it ended.
pub(crate) async fn progress(conn: &mut Conn<'_>, log: &SyncLog) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_logs SET mode = $1, report = $2 WHERE id = $3 AND status = 'running'";
    let report = report(log)?;
    on!(conn, c => { sqlx::query(SQL).bind(log.mode.as_str()).bind(report).bind(log.id.0).execute(&mut **c).await?; });
    Ok(())
}

/// Writes how a run ended. Answers false when it had ended already.
pub(crate) async fn finish(conn: &mut Conn<'_>, log: &SyncLog) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_sync_logs SET status = $1, mode = $2, finished_at = $3, report = $4 \
        WHERE id = $5 AND status = 'running'";
    let report = report(log)?;
    let done = on!(conn, c => sqlx::query(SQL).bind(log.status.as_str()).bind(log.mode.as_str())
        .bind(log.finished_at.map(|at| at.0)).bind(report).bind(log.id.0).execute(&mut **c).await?.rows_affected());
    Ok(done == 1)
}

/// A log of a provider.
pub(crate) async fn find(conn: &mut Conn<'_>, provider: ProviderId, id: SyncLogId) -> StoreResult<Option<SyncLog>> {
    let sql = format!("{SELECT} WHERE g.idp_id = $1 AND g.id = $2");
    let row: Option<Row> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0).bind(id.0)
        .fetch_optional(&mut **c).await?);
    row.map(SyncLog::try_from).transpose()
}

/// The last run of each of some providers that ended; a dry run is none.
pub(crate) async fn last_finished(conn: &mut Conn<'_>, providers: &[ProviderId]) -> StoreResult<Vec<SyncLog>> {
    if providers.is_empty() {
        return Ok(Vec::new());
    }
    let begin = format!(
        "{SELECT} WHERE g.id IN (SELECT (SELECT l.id FROM vestibule_sync_logs l WHERE l.idp_id = o.id \
         AND l.status <> 'running' AND l.dry_run = FALSE ORDER BY l.started_at DESC, l.id DESC LIMIT 1) \
         FROM vestibule_identity_providers o WHERE o.id IN ("
    );
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = sqlx::QueryBuilder::new(begin);
        let mut list = query.separated(", ");
        for provider in providers {
            list.push_bind(provider.0);
        }
        query.push("))");
        query.build_query_as().persistent(providers.len() == 1).fetch_all(&mut **c).await?
    });
    rows.into_iter().map(SyncLog::try_from).collect()
}

/// When the last run began that saw every entry which has not vanished since: a full one that judged who vanished and
/// did everything. Only the newest logs are looked at.
pub(crate) async fn last_complete(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<Option<Timestamp>> {
    let sql = format!(
        "{SELECT} WHERE g.idp_id = $1 AND g.mode = 'full' AND g.status <> 'running' AND g.dry_run = FALSE \
         ORDER BY g.started_at DESC, g.id DESC LIMIT 10"
    );
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0)
        .fetch_all(&mut **c).await?);
    for row in rows {
        let log = SyncLog::try_from(row)?;
        if log.failure.is_none() && log.safeguard.is_some_and(|safeguard| !safeguard.triggered) {
            return Ok(Some(log.started_at));
        }
    }
    Ok(None)
}

/// A page of a provider's logs, newest first.
pub(crate) async fn list(conn: &mut Conn<'_>, provider: ProviderId, page: PageRequest) -> StoreResult<Page<SyncLog>> {
    const COUNT: &str = "SELECT COUNT(*) FROM vestibule_sync_logs WHERE idp_id = $1";
    let sql = format!("{SELECT} WHERE g.idp_id = $1 ORDER BY g.started_at DESC, g.id DESC LIMIT $2 OFFSET $3");
    let rows: Vec<Row> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0)
        .bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(COUNT).bind(provider.0).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(SyncLog::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

/// Logs that say they run, of runs that hold no provider (any more) or were not heard of in time.
pub(crate) async fn abandoned(
    conn: &mut Conn<'_>,
    provider: Option<ProviderId>,
    now: Timestamp,
) -> StoreResult<Vec<SyncLog>> {
    let sql = format!(
        "{SELECT} LEFT JOIN vestibule_sync_state s ON s.idp_id = g.idp_id AND s.holder = g.id AND s.lease_until >= $1 \
         WHERE g.status = 'running' AND s.holder IS NULL AND ($2 IS NULL OR g.idp_id = $2)"
    );
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.0)
        .bind(provider.map(|id| id.0)).fetch_all(&mut **c).await?);
    rows.into_iter().map(SyncLog::try_from).collect()
}

/// Removes a provider's logs but for the newest.
pub(crate) async fn keep_newest(conn: &mut Conn<'_>, provider: ProviderId, keep: u32) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_sync_logs WHERE idp_id = $1 AND status <> 'running' AND id NOT IN \
        (SELECT id FROM vestibule_sync_logs WHERE idp_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2)";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).bind(i64::from(keep)).execute(&mut **c).await?; });
    Ok(())
}

/// Removes logs older than a moment; answers how many.
pub(crate) async fn delete_old(conn: &mut Conn<'_>, moment: Timestamp) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_sync_logs WHERE started_at < $1 AND status <> 'running'";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).execute(&mut **c).await?.rows_affected()))
}

/// How many rows a statement inserts.
const ROWS: usize = 200;

/// Adds entries to a log, each at its position.
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

/// Takes entries out of a log, by their positions.
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
struct EntryRow {
    external_id: Option<String>,
    dn: String,
    username: Option<String>,
    object: String,
    action: String,
    changed_fields: String,
    code: Option<String>,
    message: Option<String>,
}

/// A page of a log's entries, in the order they were met.
pub(crate) async fn entries(
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
    let rows: Vec<EntryRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(log.0).bind(action)
        .bind(code).bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(count)).bind(log.0).bind(action)
        .bind(code).fetch_one(&mut **c).await?);
    let entry = |row: EntryRow| {
        let EntryRow { external_id, dn, username, object, action, changed_fields, code, message } = row;
        Ok(SyncEntry {
            external_id,
            dn,
            username,
            object: object.parse().map_err(|error| corrupt(ENTRIES, "object", log, error))?,
            action: action.parse().map_err(|error| corrupt(ENTRIES, "action", log, error))?,
            changed_fields: serde_json::from_str(&changed_fields)
                .map_err(|error| corrupt(ENTRIES, "changed_fields", log, error))?,
            code: code.map(|code| code.parse()).transpose().map_err(|error| corrupt(ENTRIES, "code", log, error))?,
            message,
        })
    };
    let items = rows.into_iter().map(entry).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}
