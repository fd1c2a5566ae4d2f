//! Connection tests that were kept, the providers' health after them, and when the next ones are due.

use uuid::Uuid;
use vestibule_app::domain::{
    connection::{Health, TestRecord},
    id::{ConnectionTestId, ProviderId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
};

use super::{Conn, Lock, StoreError, StoreResult, corrupt, offset, on};

const TABLE: &str = "vestibule_connection_tests";

#[derive(sqlx::FromRow)]
struct TestRow {
    id: Uuid,
    at: i64,
    trigger_kind: String,
    asked_by: String,
    report: String,
}

impl TryFrom<TestRow> for TestRecord {
    type Error = StoreError;

    fn try_from(row: TestRow) -> StoreResult<Self> {
        let TestRow { id, at, trigger_kind, asked_by, report } = row;
        Ok(Self {
            id: ConnectionTestId(id),
            at: Timestamp(at),
            trigger: trigger_kind.parse().map_err(|error| corrupt(TABLE, "trigger_kind", id, error))?,
            by: asked_by,
            report: serde_json::from_str(&report).map_err(|error| corrupt(TABLE, "report", id, error))?,
        })
    }
}

#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, provider: ProviderId, record: &TestRecord) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_connection_tests (id, idp_id, at, trigger_kind, asked_by, report) \
                       VALUES ($1, $2, $3, $4, $5, $6)";
    let TestRecord { id, at, trigger, by, report } = record;
    let report = serde_json::to_string(report).map_err(|error| corrupt(TABLE, "report", id, error))?;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(provider.0).bind(at.0).bind(trigger.as_str()).bind(by)
        .bind(report).execute(&mut **c).await?; });
    Ok(())
}

/// A page of a provider's tests, newest first.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.list")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    page: PageRequest,
) -> StoreResult<Page<TestRecord>> {
    const ROWS: &str = "SELECT id, at, trigger_kind, asked_by, report FROM vestibule_connection_tests \
                        WHERE idp_id = $1 ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3";
    const COUNT: &str = "SELECT COUNT(*) FROM vestibule_connection_tests WHERE idp_id = $1";
    let rows: Vec<TestRow> = on!(&mut *conn, c => sqlx::query_as(ROWS).bind(provider.0).bind(i64::from(page.limit))
        .bind(offset(page)).fetch_all(&mut **c).await?);
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(COUNT).bind(provider.0).fetch_one(&mut **c).await?);
    let items = rows.into_iter().map(TestRecord::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

/// Removes a provider's tests but for the newest.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.keep_newest")]
pub(crate) async fn keep_newest(conn: &mut Conn<'_>, provider: ProviderId, keep: u32) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_connection_tests WHERE idp_id = $1 AND id NOT IN \
        (SELECT id FROM vestibule_connection_tests WHERE idp_id = $1 ORDER BY at DESC, id DESC LIMIT $2)";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).bind(i64::from(keep)).execute(&mut **c).await?; });
    Ok(())
}

/// Removes every provider's tests but for the newest; answers how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.keep_newest_of_all")]
pub(crate) async fn keep_newest_of_all(conn: &mut Conn<'_>, keep: u32) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_connection_tests WHERE id IN (SELECT id FROM \
        (SELECT id, ROW_NUMBER() OVER (PARTITION BY idp_id ORDER BY at DESC, id DESC) AS place \
        FROM vestibule_connection_tests) AS ranked WHERE place > $1)";
    Ok(on!(conn, c => sqlx::query(SQL).bind(i64::from(keep)).execute(&mut **c).await?.rows_affected()))
}

/// Removes tests older than a moment; answers how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.purge_before")]
pub(crate) async fn purge_before(conn: &mut Conn<'_>, moment: Timestamp) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_connection_tests WHERE at < $1";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).execute(&mut **c).await?.rows_affected()))
}

#[derive(sqlx::FromRow)]
struct HealthRow {
    status: String,
    tested_at: i64,
    failing_since: Option<i64>,
}

/// A provider's health; none before its first test.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.find_health")]
pub(crate) async fn find_health(conn: &mut Conn<'_>, provider: ProviderId, lock: Lock) -> StoreResult<Option<Health>> {
    let sql = format!(
        "SELECT status, tested_at, failing_since FROM vestibule_provider_health WHERE idp_id = $1{}",
        lock.clause(conn)
    );
    let row: Option<HealthRow> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(provider.0).fetch_optional(&mut **c).await?);
    row.map(|HealthRow { status, tested_at, failing_since }| health(provider.0, &status, tested_at, failing_since))
        .transpose()
}

/// A health out of its columns.
pub(super) fn health(provider: Uuid, status: &str, tested_at: i64, since: Option<i64>) -> StoreResult<Health> {
    let status = status.parse().map_err(|error| corrupt("vestibule_provider_health", "status", provider, error))?;
    Ok(Health { status, tested_at: Timestamp(tested_at), failing_since: since.map(Timestamp) })
}

#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.put_health")]
pub(crate) async fn put_health(conn: &mut Conn<'_>, provider: ProviderId, health: Health) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_provider_health (idp_id, status, tested_at, failing_since) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (idp_id) DO UPDATE SET status = excluded.status, \
        tested_at = excluded.tested_at, failing_since = excluded.failing_since";
    let Health { status, tested_at, failing_since } = health;
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).bind(status.as_str()).bind(tested_at.0)
        .bind(failing_since.map(|at| at.0)).execute(&mut **c).await?; });
    Ok(())
}

/// Enabled providers whose test is due, those that have waited longest first, and since when. What is put off beyond
/// `latest` was so before the clock was set back: it is due as well.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.list_due")]
pub(crate) async fn list_due(
    conn: &mut Conn<'_>,
    now: Timestamp,
    latest: Timestamp,
    limit: u32,
) -> StoreResult<Vec<(ProviderId, Option<Timestamp>)>> {
    const SQL: &str = "SELECT p.id, s.not_before FROM vestibule_identity_providers p \
        LEFT JOIN vestibule_test_schedule s ON s.idp_id = p.id \
        WHERE p.deleted_at IS NULL AND p.enabled = TRUE \
        AND (s.not_before IS NULL OR s.not_before <= $1 OR s.not_before > $2) \
        ORDER BY COALESCE(s.not_before, 0), p.id LIMIT $3";
    let rows: Vec<(Uuid, Option<i64>)> = on!(conn, c => sqlx::query_as(SQL).bind(now.0).bind(latest.0)
        .bind(i64::from(limit)).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(id, at)| (ProviderId(id), at.map(Timestamp))).collect())
}

/// Takes up a provider that was due at `seen`: it is not due again before `not_before`. Answers false when another node
/// was faster.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.claim")]
pub(crate) async fn claim(
    conn: &mut Conn<'_>,
    provider: ProviderId,
    seen: Option<Timestamp>,
    not_before: Timestamp,
) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO vestibule_test_schedule (idp_id, not_before) VALUES ($1, $2) \
        ON CONFLICT (idp_id) DO UPDATE SET not_before = excluded.not_before \
        WHERE vestibule_test_schedule.not_before = $3";
    let seen = seen.map(|at| at.0);
    let done = on!(conn, c => sqlx::query(SQL).bind(provider.0).bind(not_before.0).bind(seen)
        .execute(&mut **c).await?.rows_affected());
    Ok(done == 1)
}

/// Sets when a provider is due again.
#[tracing::instrument(level = "debug", skip_all, name = "store.connection_test.postpone")]
pub(crate) async fn postpone(conn: &mut Conn<'_>, provider: ProviderId, not_before: Timestamp) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_test_schedule (idp_id, not_before) VALUES ($1, $2) \
        ON CONFLICT (idp_id) DO UPDATE SET not_before = excluded.not_before";
    on!(conn, c => { sqlx::query(SQL).bind(provider.0).bind(not_before.0).execute(&mut **c).await?; });
    Ok(())
}
