//! Pages of attempts, and what narrows them.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    page::{Page, PageRequest},
    sign_in::{AttemptFilter, AttemptOutcome, SignInAttempt},
    timestamp::Timestamp,
};

use super::{AttemptRow, COLUMNS};
use crate::store::{Conn, StoreResult, on, page_end};

/// A `FROM` with only the conditions that were asked for, so that an index serves them. Moments are written out: they
/// differ from call to call.
pub(super) struct Narrowed {
    pub(super) from: String,
    pub(super) ids: Vec<Uuid>,
    pub(super) partner: Option<String>,
}

impl Narrowed {
    pub(super) fn to(reach: &Reach, ids: &[(&str, Option<Uuid>)]) -> Self {
        let own = if let Reach::Tenant(id) = reach { Some(id.0) } else { None };
        let mut narrowed =
            Self { from: "FROM vestibule_sign_in_attempts WHERE 1 = 1".to_owned(), ids: Vec::new(), partner: None };
        for (column, id) in [("tenant_id", own)].iter().chain(ids) {
            if let Some(id) = id {
                narrowed.ids.push(*id);
                let number = narrowed.ids.len();
                narrowed.and(&format!("{column} = ${number}"));
            }
        }
        match reach {
            Reach::Partner(partner) => {
                let number = narrowed.ids.len() + 1;
                narrowed.and(&format!("tenant_id IN (SELECT id FROM vestibule_tenants WHERE partner = ${number})"));
                narrowed.partner = Some(partner.clone());
            }
            Reach::Nothing => narrowed.and("1 = 0"),
            Reach::Everything | Reach::Tenant(_) => {}
        }
        narrowed
    }

    pub(super) fn and(&mut self, condition: &str) {
        self.from.push_str(" AND ");
        self.from.push_str(condition);
    }

    /// Reasons are words; with anything else, nothing is found.
    fn for_reason(&mut self, reason: &str) {
        let is_word = reason.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        if is_word { self.and(&format!("reason = '{reason}'")) } else { self.and("1 = 0") }
    }

    pub(super) fn between(&mut self, since: Option<Timestamp>, until: Option<Timestamp>) {
        for (comparison, moment) in [(">=", since), ("<", until)] {
            if let Some(moment) = moment {
                self.and(&format!("started_at {comparison} {}", moment.0));
            }
        }
    }
}

/// Binds what narrows a query.
macro_rules! bind_narrowed {
    ($query:expr, $narrowed:expr) => {{
        let mut query = $query;
        for id in &$narrowed.ids {
            query = query.bind(*id);
        }
        if let Some(partner) = &$narrowed.partner {
            query = query.bind(partner);
        }
        query
    }};
}
pub(super) use bind_narrowed;

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
    let AttemptFilter { tenant, provider, user, outcome, reason, since, until } = filter;
    let ids =
        [("tenant_id", tenant.map(|id| id.0)), ("idp_id", provider.map(|id| id.0)), ("user_id", user.map(|id| id.0))];
    let mut narrowed = Narrowed::to(reach, &ids);
    match outcome {
        None => {}
        Some(AttemptOutcome::Started) => {
            narrowed.and(&format!("outcome = 'started' AND started_at >= {}", abandoned_before.0));
        }
        Some(AttemptOutcome::Abandoned) => {
            narrowed.and(&format!("outcome = 'started' AND started_at < {}", abandoned_before.0));
        }
        Some(other) => narrowed.and(&format!("outcome = '{}'", other.as_str())),
    }
    if let Some(reason) = reason {
        narrowed.for_reason(reason);
    }
    narrowed.between(*since, *until);
    let from = &narrowed.from;
    let rows_sql = format!("SELECT {COLUMNS} {from} ORDER BY started_at DESC, id DESC {}", page_end(page));
    let count_sql = format!("SELECT COUNT(*) {from}");
    let rows: Vec<AttemptRow> = on!(&mut *conn, c => {
        let query = sqlx::query_as(sqlx::AssertSqlSafe(rows_sql)).persistent(false);
        bind_narrowed!(query, narrowed).fetch_all(&mut **c).await?
    });
    let (total,): (i64,) = on!(conn, c => {
        let query = sqlx::query_as(sqlx::AssertSqlSafe(count_sql)).persistent(false);
        bind_narrowed!(query, narrowed).fetch_one(&mut **c).await?
    });
    let items = rows.into_iter().map(SignInAttempt::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}
