//! Identity providers and what their last discovery found.

mod list;
mod row;
#[cfg(feature = "cli")]
mod sealed;
mod search;
mod write;

pub(crate) use list::{Listing, Scope, count_platform_oidc, list_catalogue, list_platform_oidc};
pub(super) use list::{SUMMARY, SUMMARY_FROM, SummaryRow};
pub(crate) use row::StoredProvider;
#[cfg(feature = "cli")]
pub(crate) use sealed::{list_sealed, reseal};
pub(crate) use write::{fill_in, insert, insert_association, soft_delete, update};

use uuid::Uuid;
use vestibule_app::{
    domain::{
        discovery::DiscoveryReport,
        id::{ProviderId, TenantId},
        provider::detail::LastDiscovery,
        timestamp::Timestamp,
    },
    service::ProviderRef,
};

pub(super) use self::row::{COLUMNS, ProviderRow};
use super::{Conn, Lock, StoreResult, corrupt, on};

/// The condition of providers that the Waldur dialect knows; the partial indexes carry the very same one.
pub(super) const PLATFORM_OIDC: &str = "deleted_at IS NULL AND owner_tenant_id IS NULL AND protocol = 'oidc'";

/// A pattern that finds a text anywhere; its own wildcards count as plain characters.
pub(crate) fn like_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.trim().chars().flat_map(char::to_lowercase) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[tracing::instrument(level = "debug", skip_all, name = "store.provider.find")]
pub(crate) async fn find(conn: &mut Conn<'_>, provider: &ProviderRef) -> StoreResult<Option<StoredProvider>> {
    // Each text is put together from constants alone, so that the drivers keep few of them prepared.
    let row: Option<ProviderRow> = match provider {
        ProviderRef::Id(id) => {
            let sql =
                format!("SELECT {COLUMNS} FROM vestibule_identity_providers WHERE id = $1 AND deleted_at IS NULL");
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_optional(&mut **c).await?)
        }
        // PostgreSQL refuses the character even in a comparison.
        ProviderRef::PlatformOidc(slug) if slug.contains('\0') => None,
        ProviderRef::PlatformOidc(slug) => {
            let sql = format!("SELECT {COLUMNS} FROM vestibule_identity_providers WHERE slug = $1 AND {PLATFORM_OIDC}");
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(slug.as_str()).fetch_optional(&mut **c).await?)
        }
        ProviderRef::Slug(slug) if slug.contains('\0') => None,
        ProviderRef::Slug(slug) => {
            let sql =
                format!("SELECT {COLUMNS} FROM vestibule_identity_providers WHERE slug = $1 AND deleted_at IS NULL");
            on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(slug.as_str()).fetch_optional(&mut **c).await?)
        }
    };
    row.map(StoredProvider::try_from).transpose()
}

/// The name to show and the slug of the live provider with this slug.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.find_by_slug")]
pub(crate) async fn find_holder_of_slug(conn: &mut Conn<'_>, slug: &str) -> StoreResult<Option<(String, String)>> {
    const SQL: &str = "SELECT COALESCE(display_name, name), slug FROM vestibule_identity_providers \
                       WHERE slug = $1 AND deleted_at IS NULL";
    Ok(on!(conn, c => sqlx::query_as(SQL).bind(slug).fetch_optional(&mut **c).await?))
}

/// Whether a live provider has this slug.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.is_slug_taken")]
pub(crate) async fn is_slug_taken(conn: &mut Conn<'_>, slug: &str) -> StoreResult<bool> {
    const SQL: &str = "SELECT 1 FROM vestibule_identity_providers WHERE slug = $1 AND deleted_at IS NULL";
    let row: Option<(i32,)> = on!(conn, c => sqlx::query_as(SQL).bind(slug).fetch_optional(&mut **c).await?);
    Ok(row.is_some())
}

/// The name to show and the slug of another live provider of the owner with this name.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.find_by_name")]
pub(crate) async fn find_holder_of_name(
    conn: &mut Conn<'_>,
    owner: Option<TenantId>,
    name: &str,
    except: Option<ProviderId>,
) -> StoreResult<Option<(String, String)>> {
    const PLATFORM: &str = "SELECT id, COALESCE(display_name, name), slug FROM vestibule_identity_providers \
                            WHERE name = $1 AND owner_tenant_id IS NULL AND deleted_at IS NULL";
    const TENANT: &str = "SELECT id, COALESCE(display_name, name), slug FROM vestibule_identity_providers \
                          WHERE name = $1 AND owner_tenant_id = $2 AND deleted_at IS NULL";
    let row: Option<(Uuid, String, String)> = match owner {
        None => on!(conn, c => sqlx::query_as(PLATFORM).bind(name).fetch_optional(&mut **c).await?),
        Some(tenant) => {
            on!(conn, c => sqlx::query_as(TENANT).bind(name).bind(tenant.0).fetch_optional(&mut **c).await?)
        }
    };
    Ok(row.filter(|(id, ..)| Some(ProviderId(*id)) != except).map(|(_, label, slug)| (label, slug)))
}

/// Whether a provider is there; it cannot be changed or deleted until the transaction ends.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.hold")]
pub(crate) async fn hold(conn: &mut Conn<'_>, id: ProviderId) -> StoreResult<bool> {
    let lock = Lock::Shared.clause(conn);
    let sql = format!("SELECT 1 FROM vestibule_identity_providers WHERE id = $1 AND deleted_at IS NULL{lock}");
    let row: Option<(i32,)> =
        on!(conn, c => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id.0).fetch_optional(&mut **c).await?);
    Ok(row.is_some())
}

/// The live providers that a tenant owns, with the names to show.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.list_of_tenant")]
pub(crate) async fn list_of_tenant(conn: &mut Conn<'_>, tenant: TenantId) -> StoreResult<Vec<(ProviderId, String)>> {
    const SQL: &str = "SELECT id, label FROM vestibule_identity_providers \
                       WHERE owner_tenant_id = $1 AND deleted_at IS NULL ORDER BY label, id";
    let rows: Vec<(Uuid, String)> = on!(conn, c => sqlx::query_as(SQL).bind(tenant.0).fetch_all(&mut **c).await?);
    Ok(rows.into_iter().map(|(id, label)| (ProviderId(id), label)).collect())
}

/// How many tenants' users sign in with a provider.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.count_tenants")]
pub(crate) async fn count_tenants(conn: &mut Conn<'_>, id: ProviderId) -> StoreResult<u64> {
    const SQL: &str = "SELECT COUNT(*) FROM vestibule_tenant_identity_providers a \
                       JOIN vestibule_tenants t ON t.id = a.tenant_id WHERE a.idp_id = $1 AND t.deleted_at IS NULL";
    let (count,): (i64,) = on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_one(&mut **c).await?);
    Ok(count.cast_unsigned())
}

/// Stores what a discovery found, in place of the one before.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.put_discovery")]
pub(crate) async fn put_discovery(conn: &mut Conn<'_>, id: ProviderId, discovery: &LastDiscovery) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_discoveries (idp_id, fetched_at, report) VALUES ($1, $2, $3) \
                       ON CONFLICT (idp_id) DO UPDATE SET fetched_at = excluded.fetched_at, report = excluded.report";
    let report =
        serde_json::to_string(&discovery.report).map_err(|e| corrupt("vestibule_discoveries", "report", id, e))?;
    on!(conn, c => { sqlx::query(SQL).bind(id.0).bind(discovery.at.0).bind(report).execute(&mut **c).await?; });
    Ok(())
}

/// Forgets what the last discovery found.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.delete_discovery")]
pub(crate) async fn delete_discovery(conn: &mut Conn<'_>, id: ProviderId) -> StoreResult<()> {
    const SQL: &str = "DELETE FROM vestibule_discoveries WHERE idp_id = $1";
    on!(conn, c => { sqlx::query(SQL).bind(id.0).execute(&mut **c).await?; });
    Ok(())
}

/// What the last discovery found.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.find_discovery")]
pub(crate) async fn find_discovery(conn: &mut Conn<'_>, id: ProviderId) -> StoreResult<Option<LastDiscovery>> {
    const SQL: &str = "SELECT fetched_at, report FROM vestibule_discoveries WHERE idp_id = $1";
    let row: Option<(i64, String)> = on!(conn, c => sqlx::query_as(SQL).bind(id.0).fetch_optional(&mut **c).await?);
    row.map(|(at, report)| {
        let report: DiscoveryReport =
            serde_json::from_str(&report).map_err(|e| corrupt("vestibule_discoveries", "report", id, e))?;
        Ok(LastDiscovery { at: Timestamp(at), report })
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    #[test]
    fn wildcards_of_a_search_are_plain_characters() {
        assert_eq!(super::like_pattern(" A_b%c\\ "), "%a\\_b\\%c\\\\%");
    }
}
