//! Which providers a tenant's people sign in with: exactly those that are linked to the tenant.

use uuid::Uuid;
use vestibule_app::{
    domain::{
        id::{ProviderId, TenantId, UserId},
        provider::Protocol,
        tenant::TenantStatus,
    },
    service::ProviderRef,
};

use super::super::{
    Conn, StoreResult, on,
    providers::{COLUMNS, PLATFORM_OIDC, ProviderRow, StoredProvider},
};

/// The provider, if the tenant is active, and the provider enabled and linked to it.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.find_serving")]
pub(crate) async fn find(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: &ProviderRef,
) -> StoreResult<Option<StoredProvider>> {
    let named = |by: &str| {
        format!(
            "SELECT {COLUMNS} FROM vestibule_identity_providers p WHERE {by} AND enabled = TRUE AND deleted_at IS \
             NULL AND EXISTS (SELECT 1 FROM vestibule_tenant_identity_providers a \
             JOIN vestibule_tenants t ON t.id = a.tenant_id \
             WHERE a.tenant_id = $2 AND a.idp_id = p.id AND t.status = $3 AND t.deleted_at IS NULL)"
        )
    };
    let active = TenantStatus::Active.as_str();
    let row: Option<ProviderRow> = match provider {
        ProviderRef::Id(id) => {
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(named("id = $1"))).bind(id.0).bind(tenant.0).bind(active)
                .fetch_optional(&mut **c).await?)
        }
        // PostgreSQL refuses the character even in a comparison.
        ProviderRef::Slug(slug) | ProviderRef::PlatformOidc(slug) if slug.contains('\0') => None,
        ProviderRef::Slug(slug) | ProviderRef::PlatformOidc(slug) => {
            let sql = match provider {
                ProviderRef::PlatformOidc(_) => named(&format!("slug = $1 AND {PLATFORM_OIDC}")),
                _ => named("slug = $1"),
            };
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(slug.as_str()).bind(tenant.0).bind(active)
                .fetch_optional(&mut **c).await?)
        }
    };
    row.map(StoredProvider::try_from).transpose()
}

/// Whether the tenant is active, and the provider enabled and linked to it. If so, none of the three changes until the
/// transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.hold_serving")]
pub(crate) async fn hold(conn: &mut Conn<'_>, tenant: TenantId, provider: ProviderId) -> StoreResult<bool> {
    // PostgreSQL locks the rows in this order, which every transaction keeps.
    let lock = match conn {
        Conn::Sqlite(_) => "",
        Conn::Postgres(_) => " FOR SHARE OF t, p, a",
    };
    let sql = format!(
        "SELECT 1 FROM vestibule_tenants t JOIN vestibule_tenant_identity_providers a ON a.tenant_id = t.id \
         JOIN vestibule_identity_providers p ON p.id = a.idp_id \
         WHERE t.id = $1 AND p.id = $2 AND t.status = $3 AND t.deleted_at IS NULL AND p.enabled = TRUE \
         AND p.deleted_at IS NULL{lock}"
    );
    let row: Option<(i32,)> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0).bind(provider.0)
        .bind(TenantStatus::Active.as_str()).fetch_optional(&mut **c).await?);
    Ok(row.is_some())
}

/// The slug of the tenant, if it is active, and the provider enabled and linked to it.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.find_served")]
pub(crate) async fn find_served(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
) -> StoreResult<Option<String>> {
    const SQL: &str = "SELECT t.slug FROM vestibule_tenant_identity_providers a \
        JOIN vestibule_identity_providers p ON p.id = a.idp_id JOIN vestibule_tenants t ON t.id = a.tenant_id \
        WHERE a.tenant_id = $1 AND a.idp_id = $2 AND t.status = $3 AND t.deleted_at IS NULL \
        AND p.enabled = TRUE AND p.deleted_at IS NULL";
    let row: Option<(String,)> = on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).bind(provider.0)
        .bind(TenantStatus::Active.as_str()).fetch_optional(&mut **c).await?);
    Ok(row.map(|(slug,)| slug))
}

/// Whether a provider is linked to a tenant.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.is_linked")]
pub(crate) async fn is_linked(conn: &mut Conn<'_>, tenant: TenantId, provider: ProviderId) -> StoreResult<bool> {
    const SQL: &str = "SELECT 1 FROM vestibule_tenant_identity_providers WHERE tenant_id = $1 AND idp_id = $2";
    let row: Option<(i32,)> =
        on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).bind(provider.0).fetch_optional(&mut **c).await?);
    Ok(row.is_some())
}

/// The tenant of a provider that serves one active tenant and no other.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.find_only_tenant")]
pub(crate) async fn find_only_tenant(conn: &mut Conn<'_>, provider: ProviderId) -> StoreResult<Option<TenantId>> {
    const SQL: &str = "SELECT a.tenant_id FROM vestibule_tenant_identity_providers a \
        JOIN vestibule_identity_providers p ON p.id = a.idp_id JOIN vestibule_tenants t ON t.id = a.tenant_id \
        WHERE a.idp_id = $1 AND t.status = $2 AND t.deleted_at IS NULL AND p.enabled = TRUE AND p.deleted_at IS NULL \
        LIMIT 2";
    let rows: Vec<(Uuid,)> = on!(conn, c => sqlx::query_as(SQL).bind(provider.0).bind(TenantStatus::Active.as_str())
        .fetch_all(&mut **c).await?);
    Ok(match rows[..] {
        [(tenant,)] => Some(TenantId(tenant)),
        _ => None,
    })
}

/// The enabled providers that a user of the tenant is linked to, by label, without one of them.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_of_user")]
pub(crate) async fn list_of_user(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    user: UserId,
    except: ProviderId,
) -> StoreResult<Vec<StoredProvider>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM vestibule_identity_providers WHERE id IN \
         (SELECT idp_id FROM vestibule_tenant_identity_providers WHERE tenant_id = $1) \
         AND id IN (SELECT idp_id FROM vestibule_identity_links WHERE tenant_id = $1 AND user_id = $2) \
         AND id <> $3 AND deleted_at IS NULL AND enabled = TRUE ORDER BY label, id"
    );
    let rows: Vec<ProviderRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0).bind(user.0)
        .bind(except.0).fetch_all(&mut **c).await?);
    rows.into_iter().map(StoredProvider::try_from).collect()
}

/// Which of a tenant's providers are listed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice<'a> {
    pub(crate) protocols: &'a [Protocol],
    /// The identifier by which the provider calls itself.
    pub(crate) issuer: Option<&'a str>,
    /// Part of the label, in any letter case.
    pub(crate) search: Option<&'a str>,
    pub(crate) limit: usize,
}

/// The enabled providers that a tenant's people sign in with, by label.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_serving")]
pub(crate) async fn list(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    choice: Choice<'_>,
) -> StoreResult<Vec<StoredProvider>> {
    let Choice { protocols, issuer, search, limit } = choice;
    // PostgreSQL refuses the character even in a comparison.
    if protocols.is_empty() || [issuer, search].into_iter().flatten().any(|text| text.contains('\0')) {
        return Ok(Vec::new());
    }
    let protocols: Vec<_> = protocols.iter().map(|protocol| format!("'{}'", protocol.as_str())).collect();
    let protocols = protocols.join(", ");
    // The databases read JSON differently, and name the function differently.
    let (issuer_of, position) = match conn {
        Conn::Sqlite(_) => ("json_extract(config, '$.oidc.issuer')", "instr"),
        Conn::Postgres(_) => ("config::json #>> '{oidc,issuer}'", "strpos"),
    };
    let search = search.map(|text| text.trim().to_lowercase());
    let sql = format!(
        "SELECT {COLUMNS} FROM vestibule_identity_providers WHERE id IN \
         (SELECT idp_id FROM vestibule_tenant_identity_providers WHERE tenant_id = $1) \
         AND deleted_at IS NULL AND enabled = TRUE AND protocol IN ({protocols}) \
         AND ($2 IS NULL OR {issuer_of} = $2) \
         AND ($3 IS NULL OR id IN (SELECT idp_id FROM vestibule_provider_search WHERE {position}(label, $3) > 0)) \
         ORDER BY label, id LIMIT $4"
    );
    let rows: Vec<ProviderRow> = on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(tenant.0).bind(issuer)
        .bind(search.as_deref()).bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all(&mut **c).await?);
    rows.into_iter().map(StoredProvider::try_from).collect()
}
