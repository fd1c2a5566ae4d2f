//! Attempts to sign in, with their traces.
//!
//! An attempt is written twice: when it starts and when it ends. The two may arrive in either order, from different nodes,
//! and each has a column of its own for its steps.

mod list;
mod names;
mod purge;
mod statistics;

pub(crate) use list::list;
pub(crate) use names::with_names;
pub(crate) use purge::{clear_claims_before, find_bound, purge_before, purge_until};
pub(crate) use statistics::count_outcomes;

use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, SignInId, TenantId, UserId},
    sign_in::{AttemptOutcome, SignInAttempt, TraceStep},
    timestamp::Timestamp,
};

use super::super::{Conn, Lock, StoreError, StoreResult, corrupt, on};

const TABLE: &str = "vestibule_sign_in_attempts";

const COLUMNS: &str = "id, reference, kind, outcome, reason, tenant_id, idp_id, user_id, started_at, ended_at";

/// An attempt to write, with what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RecordedAttempt {
    pub(crate) attempt: SignInAttempt,
    /// The steps of the start while the attempt is under way, and those of the end afterwards.
    pub(crate) steps: Vec<TraceStep>,
    /// Who the person is and what the claims say, sealed.
    pub(crate) person: Option<String>,
    /// What stands behind the attempt: [`ADDRESS`], [`START`] or [`PERSON`].
    pub(crate) evidence: &'static str,
}

/// A stored attempt, with the steps of both its start and its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredAttempt {
    pub(crate) attempt: SignInAttempt,
    pub(crate) steps: Vec<TraceStep>,
    /// Who the person is and what the claims say, sealed.
    pub(crate) person: Option<String>,
}

/// An address was opened.
pub(crate) const ADDRESS: &str = "address";
/// A browser came back with its start, or an administrator begins a test.
pub(crate) const START: &str = "start";
/// A provider authenticated a person.
pub(crate) const PERSON: &str = "person";

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
    const BEGIN: &str = "INSERT INTO vestibule_sign_in_attempts (id, reference, kind, outcome, reason, tenant_id, idp_id, \
        user_id, started_at, ended_at, start_steps, end_steps, claims, evidence) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '[]', $12, $13) \
        ON CONFLICT (id) DO UPDATE SET start_steps = excluded.start_steps";
    const END: &str = "INSERT INTO vestibule_sign_in_attempts (id, reference, kind, outcome, reason, tenant_id, idp_id, \
        user_id, started_at, ended_at, start_steps, end_steps, claims, evidence) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', $11, $12, $13) \
        ON CONFLICT (id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, user_id = excluded.user_id, \
        ended_at = excluded.ended_at, end_steps = excluded.end_steps, claims = excluded.claims, evidence = excluded.evidence \
        WHERE vestibule_sign_in_attempts.ended_at IS NULL";
    let RecordedAttempt { attempt, steps, person, evidence } = recorded;
    let SignInAttempt { id, reference, kind, outcome, reason, tenant, provider, user, started_at, ended_at } = attempt;
    let sql = if *outcome == AttemptOutcome::Started { BEGIN } else { END };
    let steps = serde_json::to_string(steps).map_err(|error| corrupt(TABLE, "steps", id, error))?;
    on!(conn, c => { sqlx::query(sql).bind(id.0).bind(reference).bind(kind.as_str()).bind(outcome.as_str()).bind(reason)
        .bind(tenant.map(|id| id.0)).bind(provider.map(|id| id.0)).bind(user.map(|id| id.0)).bind(started_at.0)
        .bind(ended_at.map(|at| at.0)).bind(steps).bind(person).bind(evidence).execute(&mut **c).await?; });
    Ok(())
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
pub(crate) async fn find(conn: &mut Conn<'_>, reference: &str) -> StoreResult<Option<StoredAttempt>> {
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
    Ok(Some(StoredAttempt { attempt: attempt.try_into()?, steps, person: claims }))
}

/// Locks an attempt until the transaction ends; returns the user that it names. `None` when there is no attempt.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.lock")]
pub(crate) async fn lock(conn: &mut Conn<'_>, id: SignInId) -> StoreResult<Option<Option<UserId>>> {
    let sql = format!("SELECT user_id FROM vestibule_sign_in_attempts WHERE id = $1{}", Lock::Exclusive.clause(conn));
    let row: Option<(Option<Uuid>,)> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_optional(&mut **c).await?);
    Ok(row.map(|(user,)| user.map(UserId)))
}

/// Names the user that an attempt led to afterwards.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.set_user")]
pub(crate) async fn set_user(conn: &mut Conn<'_>, id: SignInId, user: UserId) -> StoreResult<()> {
    const SQL: &str = "UPDATE vestibule_sign_in_attempts SET user_id = $1 WHERE id = $2";
    on!(conn, c => { sqlx::query(SQL).bind(user.0).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}
