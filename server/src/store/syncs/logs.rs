//! Logs of synchronisations.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, SyncLogId, TenantId},
    page::{Page, PageRequest},
    sync::{
        GroupCounts, MembershipCounts, Omitted, Safeguard, SyncCursor, SyncFailure, SyncLog, SyncServer, UserCounts,
    },
    timestamp::Timestamp,
};

use super::super::{Conn, StoreError, StoreResult, corrupt, offset, on};

const TABLE: &str = "vestibule_sync_logs";

const SELECT: &str = "SELECT g.id, g.idp_id, p.owner_tenant_id, g.status, g.mode, g.trigger_kind, g.asked_by, \
    g.dry_run, g.started_at, g.finished_at, g.report FROM vestibule_sync_logs g \
    JOIN vestibule_identity_providers p ON p.id = g.idp_id";

/// The parts of a log that no statement filters or sorts by, as JSON.
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
struct LogRow {
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

impl TryFrom<LogRow> for SyncLog {
    type Error = StoreError;

    fn try_from(row: LogRow) -> StoreResult<Self> {
        let LogRow {
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

fn logs(rows: Vec<LogRow>) -> StoreResult<Vec<SyncLog>> {
    rows.into_iter().map(SyncLog::try_from).collect()
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

#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, log: &SyncLog) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_sync_logs (id, idp_id, status, mode, trigger_kind, asked_by, dry_run, \
        started_at, finished_at, report) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let report = report(log)?;
    on!(conn, c => { sqlx::query(SQL).bind(log.id.0).bind(log.provider.0).bind(log.status.as_str())
        .bind(log.mode.as_str()).bind(log.trigger.as_str()).bind(&log.by).bind(log.dry_run).bind(log.started_at.0)
        .bind(log.finished_at.map(|at| at.0)).bind(report).execute(&mut **c).await?; });
    Ok(())
}

/// Stores the progress of a run. A log that has ended stays as it is.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.update")]
pub(crate) async fn update_progress(conn: &mut Conn<'_>, log: &SyncLog) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sync_logs SET mode = $1, report = $2 WHERE id = $3 AND status = 'running'";
    let report = report(log)?;
    on!(conn, c => { sqlx::query(SQL).bind(log.mode.as_str()).bind(report).bind(log.id.0).execute(&mut **c).await?; });
    Ok(())
}

/// Stores how a run ended. Returns false when it had ended already.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.finish")]
pub(crate) async fn finish(conn: &mut Conn<'_>, log: &SyncLog) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_sync_logs SET status = $1, mode = $2, finished_at = $3, report = $4 \
        WHERE id = $5 AND status = 'running'";
    let report = report(log)?;
    let done = on!(conn, c => sqlx::query(SQL).bind(log.status.as_str()).bind(log.mode.as_str())
        .bind(log.finished_at.map(|at| at.0)).bind(report).bind(log.id.0).execute(&mut **c).await?.rows_affected());
    Ok(done == 1)
}

/// A log of a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, provider: ProviderId, id: SyncLogId) -> StoreResult<Option<SyncLog>> {
    let sql = format!("{SELECT} WHERE g.idp_id = $1 AND g.id = $2");
    let row: Option<LogRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0).bind(id.0)
        .fetch_optional(&mut **c).await?);
    row.map(SyncLog::try_from).transpose()
}

/// The last run that ended of each of some providers, without dry runs.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.list_last_finished")]
pub(crate) async fn list_last_finished(conn: &mut Conn<'_>, providers: &[ProviderId]) -> StoreResult<Vec<SyncLog>> {
    if providers.is_empty() {
        return Ok(Vec::new());
    }
    let begin = format!(
        "{SELECT} WHERE g.id IN (SELECT (SELECT l.id FROM vestibule_sync_logs l WHERE l.idp_id = o.id \
         AND l.status <> 'running' AND l.dry_run = FALSE ORDER BY l.started_at DESC, l.id DESC LIMIT 1) \
         FROM vestibule_identity_providers o WHERE o.id IN ("
    );
    let rows: Vec<LogRow> = on!(conn, c => {
        let mut query = sqlx::QueryBuilder::new(begin);
        let mut list = query.separated(", ");
        for provider in providers {
            list.push_bind(provider.0);
        }
        query.push("))");
        query.build_query_as().persistent(providers.len() == 1).fetch_all(&mut **c).await?
    });
    logs(rows)
}

/// When the last full run began that did everything and judged who vanished: it saw every entry that exists. Only the
/// newest logs are searched.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.find_last_complete")]
pub(crate) async fn find_last_complete(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<Option<Timestamp>> {
    let sql = format!(
        "{SELECT} WHERE g.idp_id = $1 AND g.mode = 'full' AND g.status <> 'running' AND g.dry_run = FALSE \
         ORDER BY g.started_at DESC, g.id DESC LIMIT 10"
    );
    let rows: Vec<LogRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0)
        .fetch_all(&mut **c).await?);
    // One at a time, so that a corrupt row behind the one that counts does no harm.
    for row in rows {
        let log = SyncLog::try_from(row)?;
        if log.failure.is_none() && log.safeguard.is_some_and(|safeguard| !safeguard.triggered) {
            return Ok(Some(log.started_at));
        }
    }
    Ok(None)
}

/// A page of a provider's logs, newest first.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.list")]
pub(crate) async fn list(conn: &mut Conn<'_>, provider: ProviderId, page: PageRequest) -> StoreResult<Page<SyncLog>> {
    const COUNT: &str = "SELECT COUNT(*) FROM vestibule_sync_logs WHERE idp_id = $1";
    let sql = format!("{SELECT} WHERE g.idp_id = $1 ORDER BY g.started_at DESC, g.id DESC LIMIT $2 OFFSET $3");
    let rows: Vec<LogRow> = on!(&mut *conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0)
        .bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(COUNT).bind(provider.0).fetch_one(&mut **c).await?);
    Ok(Page { items: logs(rows)?, total: total.cast_unsigned() })
}

/// Logs that are `running` although their run holds no valid lease.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.list_abandoned")]
pub(crate) async fn list_abandoned(
    conn: &mut Conn<'_>,
    provider: Option<ProviderId>,
    now: Timestamp,
) -> StoreResult<Vec<SyncLog>> {
    let sql = format!(
        "{SELECT} LEFT JOIN vestibule_sync_state s ON s.idp_id = g.idp_id AND s.holder = g.id AND s.lease_until >= $1 \
         WHERE g.status = 'running' AND s.holder IS NULL AND ($2 IS NULL OR g.idp_id = $2)"
    );
    let rows: Vec<LogRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now.0)
        .bind(provider.map(|id| id.0)).fetch_all(&mut **c).await?);
    logs(rows)
}

/// Removes a provider's logs except the newest.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.keep_newest")]
pub(crate) async fn keep_newest(conn: &mut Conn<'_>, provider: ProviderId, keep: u32) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_sync_logs WHERE idp_id = $1 AND status <> 'running' AND id NOT IN \
        (SELECT id FROM vestibule_sync_logs WHERE idp_id = $1 ORDER BY started_at DESC, id DESC LIMIT $2)";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).bind(i64::from(keep)).execute(&mut **c).await?; });
    Ok(())
}

/// Removes logs older than a moment. Returns how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.sync_log.delete_old")]
pub(crate) async fn delete_old(conn: &mut Conn<'_>, moment: Timestamp) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_sync_logs WHERE started_at < $1 AND status <> 'running'";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).execute(&mut **c).await?.rows_affected()))
}
