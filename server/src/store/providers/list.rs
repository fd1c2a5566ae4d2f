//! Lists of providers, paged in the database.

use uuid::Uuid;
use vestibule_app::domain::{
    actor::Reach,
    id::{ProviderId, TenantId},
    page::PageRequest,
    provider::{OwnerFilter, ProviderFilter, ProviderSort, ProviderSummary, Slug, SortDirection, SortKey},
    timestamp::Timestamp,
};

use super::{
    super::{Conn, StoreResult, connection_tests, corrupt, offset, on},
    PLATFORM_OIDC,
    row::{COLUMNS, Row, StoredProvider, TABLE},
    search::Search,
};

/// What a list narrows to: what the caller may see and what they asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Scope {
    pub(crate) reach: Reach,
    pub(crate) filter: ProviderFilter,
}

/// What a row of a list shows: the beginning of its statement.
pub(in crate::store) const SUMMARY: &str = "SELECT p.id, p.slug, p.label, p.protocol, p.enabled, p.owner_tenant_id, \
    t.name AS owner_name, p.warnings, h.status AS health, h.tested_at, h.failing_since, p.created_at, p.updated_at";
/// Where [`SUMMARY`] reads from.
pub(in crate::store) const SUMMARY_FROM: &str = "vestibule_identity_providers p LEFT JOIN vestibule_tenants t ON t.id = p.owner_tenant_id \
     LEFT JOIN vestibule_provider_health h ON h.idp_id = p.id";

#[derive(sqlx::FromRow)]
pub(in crate::store) struct SummaryRow {
    id: Uuid,
    slug: String,
    label: String,
    protocol: String,
    enabled: bool,
    owner_tenant_id: Option<Uuid>,
    owner_name: Option<String>,
    warnings: i64,
    health: Option<String>,
    tested_at: Option<i64>,
    failing_since: Option<i64>,
    created_at: i64,
    updated_at: Option<i64>,
}

impl TryFrom<SummaryRow> for ProviderSummary {
    type Error = super::super::StoreError;

    fn try_from(row: SummaryRow) -> StoreResult<Self> {
        let SummaryRow {
            id,
            slug,
            label,
            protocol,
            enabled,
            owner_tenant_id,
            owner_name,
            warnings,
            health,
            tested_at,
            failing_since,
            created_at,
            updated_at,
        } = row;
        let health = health
            .zip(tested_at)
            .map(|(status, at)| connection_tests::health(id, &status, at, failing_since))
            .transpose()?;
        Ok(Self {
            id: ProviderId(id),
            slug: Slug::stored(slug),
            label,
            protocol: protocol.parse().map_err(|error| corrupt(TABLE, "protocol", id, error))?,
            enabled,
            owner: owner_tenant_id.map(TenantId),
            owner_name,
            warnings: warnings.try_into().unwrap_or(u32::MAX),
            health,
            created_at: Timestamp(created_at),
            updated_at: updated_at.map(Timestamp),
        })
    }
}

/// A condition put together from constants, with the values it binds in order.
struct Condition {
    sql: String,
    texts: Vec<String>,
    tenants: Vec<Uuid>,
    /// Selects the identifiers of the same providers, when that takes less than the condition.
    found: Option<String>,
}

impl Condition {
    async fn of(conn: &mut Conn<'_>, scope: &Scope) -> StoreResult<Self> {
        let mut this =
            Self { sql: "p.deleted_at IS NULL".to_owned(), texts: Vec::new(), tenants: Vec::new(), found: None };
        let ProviderFilter { search, protocol, enabled, owner } = &scope.filter;
        // Texts are bound first, tenants after them, so that the numbers are known while the condition grows.
        let search = match search {
            Some(term) => Search::judge(conn, term).await?,
            None => None,
        };
        if let Some(search) = search {
            this.sql.push_str(&format!(" AND {}", search.condition(conn, 1)));
            // Searches find live providers alone, so that nothing else has to be looked at when nothing else is asked.
            let nothing_else = ProviderFilter { search: None, ..scope.filter.clone() }.is_empty();
            if search.is_common() && nothing_else && scope.reach == Reach::Everything {
                this.found = Some(search.found(conn, 1));
            }
            this.texts.push(search.text);
        }
        if let Reach::Partner(partner) = &scope.reach {
            this.texts.push(partner.clone());
            let number = this.texts.len();
            this.sql.push_str(&format!(
                " AND p.owner_tenant_id IN (SELECT id FROM vestibule_tenants WHERE partner = ${number})"
            ));
        }
        if let Some(protocol) = protocol {
            this.sql.push_str(&format!(" AND p.protocol = '{}'", protocol.as_str()));
        }
        if let Some(enabled) = enabled {
            this.sql.push_str(if *enabled { " AND p.enabled = TRUE" } else { " AND p.enabled = FALSE" });
        }
        match owner {
            Some(OwnerFilter::Platform) => this.sql.push_str(" AND p.owner_tenant_id IS NULL"),
            Some(OwnerFilter::Tenant(id)) => this.tenant(id.0),
            None => {}
        }
        match &scope.reach {
            Reach::Tenant(id) => this.tenant(id.0),
            Reach::Nothing => this.sql.push_str(" AND 1 = 0"),
            Reach::Everything | Reach::Partner(_) => {}
        }
        Ok(this)
    }

    fn tenant(&mut self, id: Uuid) {
        self.tenants.push(id);
        let number = self.texts.len() + self.tenants.len();
        self.sql.push_str(&format!(" AND p.owner_tenant_id = ${number}"));
    }

    fn next(&self) -> usize {
        self.texts.len() + self.tenants.len() + 1
    }
}

const fn order(sort: ProviderSort) -> &'static str {
    match (sort.key, sort.direction) {
        (SortKey::Label, SortDirection::Ascending) => "p.label, p.id",
        (SortKey::Label, SortDirection::Descending) => "p.label DESC, p.id DESC",
        (SortKey::Protocol, SortDirection::Ascending) => "p.protocol, p.label, p.id",
        (SortKey::Protocol, SortDirection::Descending) => "p.protocol DESC, p.label DESC, p.id DESC",
        (SortKey::Changed, SortDirection::Ascending) => "p.changed_at, p.id",
        (SortKey::Changed, SortDirection::Descending) => "p.changed_at DESC, p.id DESC",
    }
}

pub(crate) async fn list_summaries(
    conn: &mut Conn<'_>,
    scope: &Scope,
    sort: ProviderSort,
    page: PageRequest,
) -> StoreResult<Vec<ProviderSummary>> {
    let condition = Condition::of(conn, scope).await?;
    let next = condition.next();
    let sql = format!(
        "{SUMMARY} FROM {SUMMARY_FROM} WHERE {} ORDER BY {} LIMIT ${next} OFFSET ${}",
        condition.sql,
        order(sort),
        next + 1
    );
    let rows: Vec<SummaryRow> = on!(conn, c => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
        for text in &condition.texts { query = query.bind(text); }
        for tenant in &condition.tenants { query = query.bind(tenant); }
        query.bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?
    });
    rows.into_iter().map(ProviderSummary::try_from).collect()
}

pub(crate) async fn count(conn: &mut Conn<'_>, scope: &Scope) -> StoreResult<u64> {
    let condition = Condition::of(conn, scope).await?;
    let sql = match &condition.found {
        Some(found) => format!("SELECT COUNT(*) FROM ({found}) AS found"),
        None => format!("SELECT COUNT(*) FROM vestibule_identity_providers p WHERE {}", condition.sql),
    };
    let (total,): (i64,) = on!(conn, c => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
        for text in &condition.texts { query = query.bind(text); }
        for tenant in &condition.tenants { query = query.bind(tenant); }
        query.fetch_one(&mut **c).await?
    });
    Ok(total.cast_unsigned())
}

/// Providers in the order of their creation, whole.
pub(crate) async fn list_by_creation(
    conn: &mut Conn<'_>,
    scope: &Scope,
    page: PageRequest,
) -> StoreResult<Vec<StoredProvider>> {
    let condition = Condition::of(conn, scope).await?;
    let next = condition.next();
    let sql = format!(
        "SELECT {COLUMNS} FROM vestibule_identity_providers p WHERE {} ORDER BY p.created_at, p.id \
         LIMIT ${next} OFFSET ${}",
        condition.sql,
        next + 1
    );
    let rows: Vec<Row> = on!(conn, c => {
        let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
        for text in &condition.texts { query = query.bind(text); }
        for tenant in &condition.tenants { query = query.bind(tenant); }
        query.bind(i64::from(page.limit)).bind(offset(page)).fetch_all(&mut **c).await?
    });
    rows.into_iter().map(StoredProvider::try_from).collect()
}

/// The platform-wide OpenID providers by label, whole.
pub(crate) async fn list_platform_oidc(conn: &mut Conn<'_>, page: PageRequest) -> StoreResult<Vec<StoredProvider>> {
    list_whole(conn, false, page).await
}

/// The enabled platform-wide OpenID providers by label, whole.
pub(crate) async fn list_catalogue(conn: &mut Conn<'_>, page: PageRequest) -> StoreResult<Vec<StoredProvider>> {
    list_whole(conn, true, page).await
}

/// Where the platform-wide OpenID providers are read from, with their condition. Left to itself SQLite takes the index
/// by protocol and then looks at every row, instead of the index that holds exactly these rows; PostgreSQL does not.
fn platform_oidc(conn: &Conn<'_>, enabled_only: bool) -> String {
    let (index, more) = if enabled_only {
        ("vestibule_idp_catalogue", " AND enabled = TRUE")
    } else {
        ("vestibule_idp_platform_oidc", "")
    };
    let hint = match conn {
        Conn::Sqlite(_) => format!(" INDEXED BY {index}"),
        Conn::Postgres(_) => String::new(),
    };
    format!("FROM vestibule_identity_providers{hint} WHERE {PLATFORM_OIDC}{more}")
}

async fn list_whole(conn: &mut Conn<'_>, enabled_only: bool, page: PageRequest) -> StoreResult<Vec<StoredProvider>> {
    let from = platform_oidc(conn, enabled_only);
    let sql = format!("SELECT {COLUMNS} {from} ORDER BY label, id LIMIT $1 OFFSET $2");
    let rows: Vec<Row> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(i64::from(page.limit))
        .bind(offset(page)).fetch_all(&mut **c).await?);
    rows.into_iter().map(StoredProvider::try_from).collect()
}

/// How many platform-wide OpenID providers there are, or how many of them are enabled.
pub(crate) async fn count_platform_oidc(conn: &mut Conn<'_>, enabled_only: bool) -> StoreResult<u64> {
    let sql = format!("SELECT COUNT(*) {}", platform_oidc(conn, enabled_only));
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(&mut **c).await?);
    Ok(total.cast_unsigned())
}
