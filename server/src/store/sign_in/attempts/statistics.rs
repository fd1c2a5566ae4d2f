//! How attempts ended over time.

use vestibule_app::domain::{
    actor::Reach,
    sign_in::{OutcomeCount, StatisticsFilter},
    timestamp::Timestamp,
};

use super::{
    TABLE,
    list::{Narrowed, bind_narrowed},
};
use crate::store::{Conn, StoreResult, corrupt, on};

/// Counts real attempts by period, outcome and reason. The indexes on time and on tenant and time hold all of it.
#[tracing::instrument(level = "debug", skip_all, name = "store.sign_in_attempt.count_outcomes")]
pub(crate) async fn count_outcomes(
    conn: &mut Conn<'_>,
    reach: &Reach,
    filter: &StatisticsFilter,
    abandoned_before: Timestamp,
) -> StoreResult<Vec<OutcomeCount>> {
    let StatisticsFilter { tenant, provider, since, until, period } = filter;
    let ids = [("tenant_id", tenant.map(|id| id.0)), ("idp_id", provider.map(|id| id.0))];
    let mut narrowed = Narrowed::to(reach, &ids);
    narrowed.and("kind = 'real'");
    narrowed.between(Some(*since), Some(*until));
    let (length, from) = (period.seconds() * 1_000_000, &narrowed.from);
    let sql = format!(
        "SELECT started_at / {length} AS period, \
         CASE WHEN outcome = 'started' AND started_at < {} THEN 'abandoned' ELSE outcome END AS ending, \
         reason, COUNT(*) {from} GROUP BY 1, 2, 3",
        abandoned_before.0
    );
    let rows: Vec<(i64, String, Option<String>, i64)> = on!(conn, c => {
        let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).persistent(false);
        bind_narrowed!(query, narrowed).fetch_all(&mut **c).await?
    });
    let counts = rows.into_iter().map(|(number, outcome, reason, count)| {
        Ok(OutcomeCount {
            start: Timestamp(number * length),
            outcome: outcome.parse().map_err(|error| corrupt(TABLE, "outcome", "a count", error))?,
            reason,
            count: count.cast_unsigned(),
        })
    });
    counts.collect()
}
