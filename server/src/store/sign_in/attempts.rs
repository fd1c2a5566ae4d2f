//! Attempts to sign in, with their traces.
//!
//! An attempt is written twice: when it starts and when it ends. The two may arrive in either order, from different nodes,
//! and each has a column of its own for its steps.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    id::{ProviderId, SignInId, TenantId, UserId},
    page::{Page, PageRequest},
    sign_in::{AttemptFilter, AttemptOutcome, SignInAttempt, TraceStep},
    timestamp::Timestamp,
};

use super::super::{Conn, StoreError, StoreResult, corrupt, on, page_end};

const TABLE: &str = "vestibule_sign_in_attempts";

const COLUMNS: &str = "id, reference, kind, outcome, reason, tenant_id, idp_id, user_id, started_at, ended_at";

/// An attempt with what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordedAttempt {
    pub(crate) attempt: SignInAttempt,
    /// To write: the steps of the start while the attempt is under way, and those of the end afterwards. Read: both.
    pub(crate) steps: Vec<TraceStep>,
    /// The claims, sealed.
    pub(crate) claims: Option<String>,
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: Uuid,
    reference: String,
    kind: String,
    outcome: String,
    reason: Option<String>,
    tenant_id: Option<Uuid>,
    idp_id: Option<Uuid>,
    user_id: Option<Uuid>,
    started_at: i64,
    ended_at: Option<i64>,
}

impl TryFrom<AttemptRow> for SignInAttempt {
    type Error = StoreError;

    fn try_from(row: AttemptRow) -> StoreResult<Self> {
        let AttemptRow { id, reference, kind, outcome, reason, tenant_id, idp_id, user_id, started_at, ended_at } = row;
        Ok(Self {
            id: SignInId(id),
            reference,
            kind: kind.parse().map_err(|error| corrupt(TABLE, "kind", id, error))?,
            outcome: outcome.parse().map_err(|error| corrupt(TABLE, "outcome", id, error))?,
            reason,
            tenant: tenant_id.map(TenantId),
            provider: idp_id.map(ProviderId),
            user: user_id.map(UserId),
            started_at: Timestamp(started_at),
            ended_at: ended_at.map(Timestamp),
        })
    }
}

/// Stores the start or the end of an attempt. An end that is stored already stays.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.write")]
pub(crate) async fn write(conn: &mut Conn<'_>, recorded: &RecordedAttempt) -> StoreResult<()> {
    const START: &str = "INSERT INTO vestibule_sign_in_attempts (id, reference, kind, outcome, reason, tenant_id, idp_id, \
        user_id, started_at, ended_at, start_steps, end_steps, claims) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '[]', $12) \
        ON CONFLICT (id) DO UPDATE SET start_steps = excluded.start_steps";
    const END: &str = "INSERT INTO vestibule_sign_in_attempts (id, reference, kind, outcome, reason, tenant_id, idp_id, \
        user_id, started_at, ended_at, start_steps, end_steps, claims) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', $11, $12) \
        ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, user_id = excluded.user_id, \
        ended_at = excluded.ended_at, end_steps = excluded.end_steps, claims = excluded.claims \
        WHERE vestibule_sign_in_attempts.ended_at IS NULL";
    let RecordedAttempt { attempt, steps, claims } = recorded;
    let SignInAttempt { id, reference, kind, outcome, reason, tenant, provider, user, started_at, ended_at } = attempt;
    let sql = if *outcome == AttemptOutcome::Started { START } else { END };
    let steps = serde_json::to_string(steps).map_err(|error| corrupt(TABLE, "steps", id, error))?;
    on!(conn, c => { sqlx::query(sql).bind(id.0).bind(reference).bind(kind.as_str()).bind(outcome.as_str()).bind(reason)
        .bind(tenant.map(|id| id.0)).bind(provider.map(|id| id.0)).bind(user.map(|id| id.0)).bind(started_at.0)
        .bind(ended_at.map(|at| at.0)).bind(steps).bind(claims).execute(&mut **c).await?; });
    Ok(())
}

/// A page of the attempts within reach, newest first. Those that started before `abandoned_before` and have not ended count
/// as abandoned.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.list")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    reach: &Reach,
    filter: &AttemptFilter,
    abandoned_before: Timestamp,
    page: PageRequest,
) -> StoreResult<Page<SignInAttempt>> {
    let AttemptFilter { tenant, provider, outcome, since, until } = filter;
    let own = if let Reach::Tenant(id) = reach { Some(id.0) } else { None };
    let ids = [("tenant_id", own), ("tenant_id", tenant.map(|id| id.0)), ("idp_id", provider.map(|id| id.0))];
    let ids: Vec<_> = ids.into_iter().filter_map(|(column, id)| Some((column, id?))).collect();
    // Only what was asked for, so that an index serves it. Moments are written out: they differ from call to call.
    let mut from = String::from("FROM vestibule_sign_in_attempts WHERE 1 = 1");
    for (index, (column, _)) in ids.iter().enumerate() {
        from.push_str(&format!(" AND {column} = ${}", index + 1));
    }
    let partner = match reach {
        Reach::Partner(partner) => {
            let number = ids.len() + 1;
            from.push_str(&format!(" AND tenant_id IN (SELECT id FROM vestibule_tenants WHERE partner = ${number})"));
            Some(partner)
        }
        Reach::Nothing => {
            from.push_str(" AND 1 = 0");
            None
        }
        Reach::Everything | Reach::Tenant(_) => None,
    };
    from.push_str(&match outcome {
        None => String::new(),
        Some(AttemptOutcome::Started) => format!(" AND outcome = 'started' AND started_at >= {}", abandoned_before.0),
        Some(AttemptOutcome::Abandoned) => format!(" AND outcome = 'started' AND started_at < {}", abandoned_before.0),
        Some(other) => format!(" AND outcome = '{}'", other.as_str()),
    });
    for (comparison, moment) in [(">=", since), ("<", until)] {
        if let Some(moment) = moment {
            from.push_str(&format!(" AND started_at {comparison} {}", moment.0));
        }
    }
    let rows_sql = format!("SELECT {COLUMNS} {from} ORDER BY started_at DESC, id DESC {}", page_end(page));
    let count_sql = format!("SELECT COUNT(*) {from}");
    let rows: Vec<AttemptRow> = on!(&mut *conn, c => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(rows_sql)).persistent(false);
        for (_, id) in &ids { query = query.bind(*id); }
        if let Some(partner) = partner { query = query.bind(partner); }
        query.fetch_all(&mut **c).await?
    });
    let (total,): (i64,) = on!(conn, c => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(count_sql)).persistent(false);
        for (_, id) in &ids { query = query.bind(*id); }
        if let Some(partner) = partner { query = query.bind(partner); }
        query.fetch_one(&mut **c).await?
    });
    let items = rows.into_iter().map(SignInAttempt::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

#[derive(sqlx::FromRow)]
struct TraceRow {
    #[sqlx(flatten)]
    attempt: AttemptRow,
    start_steps: String,
    end_steps: String,
    claims: Option<String>,
}

/// The attempt with a reference.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, reference: &str) -> StoreResult<Option<RecordedAttempt>> {
    // PostgreSQL refuses the character even in a comparison.
    if reference.contains('\0') {
        return Ok(None);
    }
    let sql = format!(
        "SELECT {COLUMNS}, start_steps, end_steps, claims FROM vestibule_sign_in_attempts WHERE reference = $1"
    );
    let row: Option<TraceRow> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(reference).fetch_optional(&mut **c).await?);
    let Some(TraceRow { attempt, start_steps, end_steps, claims }) = row else { return Ok(None) };
    let id = attempt.id;
    let read = |column, text: &str| -> StoreResult<Vec<TraceStep>> {
        serde_json::from_str(text).map_err(|error| corrupt(TABLE, column, id, error))
    };
    let mut steps = read("start_steps", &start_steps)?;
    steps.extend(read("end_steps", &end_steps)?);
    Ok(Some(RecordedAttempt { attempt: attempt.try_into()?, steps, claims }))
}

/// Removes up to `limit` attempts that started before a moment; returns how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.purge_before")]
pub(crate) async fn purge_before(conn: &mut Conn<'_>, moment: Timestamp, limit: u32) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_sign_in_attempts WHERE id IN \
        (SELECT id FROM vestibule_sign_in_attempts WHERE started_at < $1 ORDER BY started_at LIMIT $2)";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).bind(i64::from(limit)).execute(&mut **c).await?.rows_affected()))
}
