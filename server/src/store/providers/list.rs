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
    super::{AnyRow, Conn, StoreResult, connection_tests, corrupt, is_kept, on, page_end},
    PLATFORM_OIDC,
    row::{COLUMNS, ProviderRow, StoredProvider, TABLE},
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

/// How many providers a list has, as far as that is known before they are counted.
enum Total {
    /// From judging the term that is searched for.
    Known(u64),
    /// To be counted with this statement, which takes the condition's values.
    Counted(String),
}

/// A list to be read and counted: a condition put together from constants, with the values it binds in order.
pub(crate) struct Listing {
    condition: String,
    texts: Vec<String>,
    tenants: Vec<Uuid>,
    total: Total,
}

impl Listing {
    /// Judges what is searched for, once for all that is asked of the list.
    #[tracing::instrument(level = "debug", skip_all, name = "store.provider.prepare")]
    pub(crate) async fn prepare(conn: &mut Conn<'_>, scope: &Scope) -> StoreResult<Self> {
        let mut this = Self {
            condition: "p.deleted_at IS NULL".to_owned(),
            texts: Vec::new(),
            tenants: Vec::new(),
            total: Total::Known(0),
        };
        let mut total = None;
        let ProviderFilter { search, protocol, enabled, owner } = &scope.filter;
        // Texts are bound first, tenants after them, so that the numbers are known while the condition grows.
        let search = match search {
            Some(term) => Search::judge(conn, term).await?,
            None => None,
        };
        if let Some(search) = search {
            this.condition.push_str(&format!(" AND {}", search.condition(conn, 1)));
            // Searches find live providers alone, so that nothing else has to be looked at when nothing else is asked.
            let nothing_else = ProviderFilter { search: None, ..scope.filter.clone() }.is_empty();
            if search.found == Some(0) || nothing_else && scope.reach == Reach::Everything {
                total = Some(match search.found {
                    Some(found) => Total::Known(found),
                    None => Total::Counted(Search::count(conn)),
                });
            }
            this.texts.push(search.text);
        }
        if let Reach::Partner(partner) = &scope.reach {
            this.texts.push(partner.clone());
            let number = this.texts.len();
            this.condition.push_str(&format!(
                " AND p.owner_tenant_id IN (SELECT id FROM vestibule_tenants WHERE partner = ${number})"
            ));
        }
        if let Some(protocol) = protocol {
            this.condition.push_str(&format!(" AND p.protocol = '{}'", protocol.as_str()));
        }
        if let Some(enabled) = enabled {
            this.condition.push_str(if *enabled { " AND p.enabled = TRUE" } else { " AND p.enabled = FALSE" });
        }
        match owner {
            Some(OwnerFilter::Platform) => this.condition.push_str(" AND p.owner_tenant_id IS NULL"),
            Some(OwnerFilter::Tenant(id)) => this.tenant(id.0),
            None => {}
        }
        match &scope.reach {
            Reach::Tenant(id) => this.tenant(id.0),
            Reach::Nothing => this.condition.push_str(" AND 1 = 0"),
            Reach::Everything | Reach::Partner(_) => {}
        }
        this.total = total.unwrap_or_else(|| {
            let condition = &this.condition;
            Total::Counted(format!("SELECT COUNT(*) FROM vestibule_identity_providers p WHERE {condition}"))
        });
        Ok(this)
    }

    fn tenant(&mut self, id: Uuid) {
        self.tenants.push(id);
        let number = self.texts.len() + self.tenants.len();
        self.condition.push_str(&format!(" AND p.owner_tenant_id = ${number}"));
    }

    /// Providers in an order that people look at, as their rows show them.
    #[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_summaries")]
    pub(crate) async fn list_summaries(
        &self,
        conn: &mut Conn<'_>,
        sort: ProviderSort,
        page: PageRequest,
    ) -> StoreResult<Vec<ProviderSummary>> {
        let rows: Vec<SummaryRow> =
            self.page(conn, &format!("{SUMMARY} FROM {SUMMARY_FROM}"), order(sort), page).await?;
        rows.into_iter().map(ProviderSummary::try_from).collect()
    }

    /// Providers in the order of their creation, whole.
    #[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_by_creation")]
    pub(crate) async fn list_by_creation(
        &self,
        conn: &mut Conn<'_>,
        page: PageRequest,
    ) -> StoreResult<Vec<StoredProvider>> {
        let select = format!("SELECT {COLUMNS} FROM vestibule_identity_providers p");
        let rows: Vec<ProviderRow> = self.page(conn, &select, "p.created_at, p.id", page).await?;
        rows.into_iter().map(StoredProvider::try_from).collect()
    }

    async fn page<R>(&self, conn: &mut Conn<'_>, select: &str, order: &str, page: PageRequest) -> StoreResult<Vec<R>>
    where
        R: AnyRow,
    {
        if matches!(self.total, Total::Known(0)) {
            return Ok(Vec::new());
        }
        let (condition, end) = (&self.condition, page_end(page));
        let sql = format!("{select} WHERE {condition} ORDER BY {order} {end}");
        Ok(on!(conn, c => {
            let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
            for text in &self.texts { query = query.bind(text); }
            for tenant in &self.tenants { query = query.bind(tenant); }
            query.persistent(is_kept(page)).fetch_all(&mut **c).await?
        }))
    }

    /// How many providers all pages have together.
    #[tracing::instrument(level = "debug", skip_all, name = "store.provider.count")]
    pub(crate) async fn count(&self, conn: &mut Conn<'_>) -> StoreResult<u64> {
        let sql = match &self.total {
            Total::Known(total) => return Ok(*total),
            Total::Counted(sql) => sql.as_str(),
        };
        let (total,): (i64,) = on!(conn, c => {
            let mut query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
            for text in &self.texts { query = query.bind(text); }
            for tenant in &self.tenants { query = query.bind(tenant); }
            query.fetch_one(&mut **c).await?
        });
        Ok(total.cast_unsigned())
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

/// A page of the platform-wide OpenID providers by label, with their whole settings.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_platform_oidc")]
pub(crate) async fn list_platform_oidc(conn: &mut Conn<'_>, page: PageRequest) -> StoreResult<Vec<StoredProvider>> {
    list_platform(conn, false, page).await
}

/// A page of the enabled platform-wide OpenID providers by label, with their whole settings.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_catalogue")]
pub(crate) async fn list_catalogue(conn: &mut Conn<'_>, page: PageRequest) -> StoreResult<Vec<StoredProvider>> {
    list_platform(conn, true, page).await
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

async fn list_platform(conn: &mut Conn<'_>, enabled_only: bool, page: PageRequest) -> StoreResult<Vec<StoredProvider>> {
    let from = platform_oidc(conn, enabled_only);
    let sql = format!("SELECT {COLUMNS} {from} ORDER BY label, id {}", page_end(page));
    let rows: Vec<ProviderRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).persistent(is_kept(page))
        .fetch_all(&mut **c).await?);
    rows.into_iter().map(StoredProvider::try_from).collect()
}

/// How many platform-wide OpenID providers there are, or how many of them are enabled.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.count_platform_oidc")]
pub(crate) async fn count_platform_oidc(conn: &mut Conn<'_>, enabled_only: bool) -> StoreResult<u64> {
    let sql = format!("SELECT COUNT(*) {}", platform_oidc(conn, enabled_only));
    let (total,): (i64,) = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(&mut **c).await?);
    Ok(total.cast_unsigned())
}
