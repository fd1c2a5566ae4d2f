//! The audit log.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    audit::{AuditEvent, AuditFilter},
    id::{AuditEventId, TenantId},
    page::{Page, PageRequest},
    timestamp::Timestamp,
};

use super::{Conn, StoreResult, corrupt, offset, on, providers::like_pattern};

#[derive(sqlx::FromRow)]
struct AuditRow {
    id: Uuid,
    at: i64,
    actor: String,
    address: Option<String>,
    action: String,
    object: String,
    object_id: String,
    object_name: String,
    tenant_id: Option<Uuid>,
    changes: String,
}

impl TryFrom<AuditRow> for AuditEvent {
    type Error = super::StoreError;

    fn try_from(row: AuditRow) -> StoreResult<Self> {
        let AuditRow { id, at, actor, address, action, object, object_id, object_name, tenant_id, changes } = row;
        const TABLE: &str = "vestibule_audit_events";
        Ok(Self {
            id: AuditEventId(id),
            at: Timestamp(at),
            actor,
            address,
            action: action.parse().map_err(|error| corrupt(TABLE, "action", id, error))?,
            object: object.parse().map_err(|error| corrupt(TABLE, "object", id, error))?,
            object_id,
            object_name,
            tenant: tenant_id.map(TenantId),
            changes: serde_json::from_str(&changes).map_err(|error| corrupt(TABLE, "changes", id, error))?,
        })
    }
}

#[tracing::instrument(level = "debug", skip_all, name = "store.audit_entry.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, event: &AuditEvent) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_audit_events \
        (id, at, actor, actor_folded, address, action, object, object_id, object_name, tenant_id, changes) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    let AuditEvent { id, at, actor, address, action, object, object_id, object_name, tenant, changes } = event;
    let changes =
        serde_json::to_string(changes).map_err(|error| corrupt("vestibule_audit_events", "changes", id, error))?;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(at.0).bind(actor).bind(actor.to_lowercase()).bind(address)
        .bind(action.as_str()).bind(object.as_str()).bind(object_id).bind(object_name).bind(tenant.map(|id| id.0)).bind(changes)
        .execute(&mut **c).await?; });
    Ok(())
}

/// A page of the log within reach, newest first.
#[tracing::instrument(level = "debug", skip_all, name = "store.audit_entry.list")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    reach: &Reach,
    filter: &AuditFilter,
    page: PageRequest,
) -> StoreResult<Page<AuditEvent>> {
    let mut from = String::from("FROM vestibule_audit_events WHERE 1 = 1");
    let mut texts: Vec<String> = Vec::new();
    let mut narrow = |condition: &str, value: String| {
        texts.push(value);
        from.push_str(&condition.replace('?', &format!("${}", texts.len())));
    };
    if let Some(object) = filter.object {
        narrow(" AND object = ?", object.as_str().to_owned());
    }
    if let Some(object_id) = &filter.object_id {
        narrow(" AND object_id = ?", object_id.clone());
    }
    if let Some(actor) = filter.actor.as_deref().map(str::trim).filter(|actor| !actor.is_empty()) {
        narrow(" AND actor_folded LIKE ? ESCAPE '\\'", like_pattern(actor));
    }
    if let Reach::Partner(partner) = reach {
        narrow(" AND tenant_id IN (SELECT id FROM vestibule_tenants WHERE partner = ?)", partner.clone());
    }
    let tenant = match reach {
        Reach::Tenant(id) => {
            from.push_str(&format!(" AND tenant_id = ${}", texts.len() + 1));
            Some(id.0)
        }
        Reach::Nothing => {
            from.push_str(" AND 1 = 0");
            None
        }
        Reach::Everything | Reach::Partner(_) => None,
    };
    let next = texts.len() + usize::from(tenant.is_some());
    let rows_sql = format!(
        "SELECT id, at, actor, address, action, object, object_id, object_name, tenant_id, changes {from} \
         ORDER BY at DESC, id DESC LIMIT ${} OFFSET ${}",
        next + 1,
        next + 2
    );
    let count_sql = format!("SELECT COUNT(*) {from}");
    let rows: Vec<AuditRow> = on!(&mut *conn, c => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(rows_sql));
        for text in &texts { query = query.bind(text); }
        if let Some(tenant) = tenant { query = query.bind(tenant); }
        query.bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?
    });
    let (total,): (i64,) = on!(conn, c => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(count_sql));
        for text in &texts { query = query.bind(text); }
        if let Some(tenant) = tenant { query = query.bind(tenant); }
        query.fetch_one(&mut **c).await?
    });
    let items = rows.into_iter().map(AuditEvent::try_from).collect::<StoreResult<_>>()?;
    Ok(Page { items, total: total.cast_unsigned() })
}

/// Removes entries older than a moment; answers how many.
#[tracing::instrument(level = "debug", skip_all, name = "store.audit_entry.purge_before")]
pub(crate) async fn purge_before(conn: &mut Conn<'_>, moment: Timestamp) -> StoreResult<u64> {
    const SQL: &str = "DELETE FROM vestibule_audit_events WHERE at < $1";
    Ok(on!(conn, c => sqlx::query(SQL).bind(moment.0).execute(&mut **c).await?.rows_affected()))
}
