//! Inserting, changing and deleting providers.

use serde::Serialize;
use vestibule_app::domain::{
    id::{ProviderId, TenantId},
    mapping::UserMapping,
    provider::{IdentityProvider, Provisioning},
    timestamp::Timestamp,
};

use super::{
    super::{Conn, StoreResult, corrupt, on},
    row::{StoredProvider, TABLE},
    search,
};

/// The columns that a change writes, ready to bind.
struct Values {
    label: String,
    sign_in: String,
    config: String,
    attribute_mapping: String,
    protected_fields: String,
    allowed_domains: String,
    allowed_redirects: String,
}

impl Values {
    fn of(provider: &IdentityProvider) -> StoreResult<Self> {
        fn json(id: ProviderId, column: &'static str, value: &impl Serialize) -> StoreResult<String> {
            serde_json::to_string(value).map_err(|error| corrupt(TABLE, column, id, error))
        }
        let id = provider.id;
        Ok(Self {
            label: provider.label().to_owned(),
            sign_in: json(id, "sign_in", &provider.sign_in)?,
            config: json(id, "config", &provider.config)?,
            attribute_mapping: json(id, "attribute_mapping", &provider.mapping.attributes)?,
            protected_fields: json(id, "protected_fields", &provider.mapping.protected_fields)?,
            allowed_domains: json(id, "allowed_domains", &provider.allowed_domains)?,
            allowed_redirects: json(id, "allowed_redirects", &provider.allowed_redirects)?,
        })
    }
}

#[tracing::instrument(level = "debug", skip_all, name = "store.provider.insert")]
pub(crate) async fn insert(conn: &mut Conn<'_>, stored: &StoredProvider) -> StoreResult<()> {
    const SQL: &str = "INSERT INTO vestibule_identity_providers (id, slug, name, display_name, label, protocol, enabled, \
        owner_tenant_id, auto_create_users, update_user_on_login, config, secrets, user_field, user_claim, \
        attribute_mapping, extra_fields, protected_fields, allowed_domains, allowed_redirects, management_url, \
        warnings, created_at, changed_at, changed_by, version, sign_in) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
        $23, $24, $25, $26)";
    let StoredProvider { provider, sealed_secrets, warnings, changed_by } = stored;
    let values = Values::of(provider)?;
    let IdentityProvider { id, slug, name, display_name, owner, enabled, provisioning, config, mapping, .. } = provider;
    let Provisioning { auto_create_users, update_user_on_login } = provisioning;
    let UserMapping { user_field, user_claim, extra_fields, .. } = mapping;
    on!(&mut *conn, c => { sqlx::query(SQL)
        .bind(id.0).bind(slug.as_str()).bind(name).bind(display_name).bind(&values.label)
        .bind(config.protocol().as_str()).bind(*enabled).bind(owner.map(|id| id.0))
        .bind(*auto_create_users).bind(*update_user_on_login).bind(&values.config).bind(sealed_secrets)
        .bind(user_field).bind(user_claim).bind(&values.attribute_mapping).bind(extra_fields)
        .bind(&values.protected_fields).bind(&values.allowed_domains).bind(&values.allowed_redirects)
        .bind(&provider.management_url).bind(*warnings).bind(provider.created_at.0)
        .bind(provider.created_at.0).bind(changed_by).bind(provider.version).bind(&values.sign_in)
        .execute(&mut **c).await?; });
    search::put(conn, provider).await
}

/// Writes a provider over the version that was read. Returns false when another change was stored meanwhile.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.update")]
pub(crate) async fn update(conn: &mut Conn<'_>, stored: &StoredProvider, read_version: i64) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_identity_providers SET name = $1, display_name = $2, label = $3, enabled = $4, \
        auto_create_users = $5, update_user_on_login = $6, config = $7, secrets = $8, user_field = $9, \
        user_claim = $10, attribute_mapping = $11, extra_fields = $12, protected_fields = $13, allowed_domains = $14, \
        allowed_redirects = $15, management_url = $16, warnings = $17, updated_at = $18, changed_at = $19, \
        changed_by = $20, version = $21, sign_in = $22 WHERE id = $23 AND version = $24 AND deleted_at IS NULL";
    let StoredProvider { provider, sealed_secrets, warnings, changed_by } = stored;
    let values = Values::of(provider)?;
    let IdentityProvider { id, name, display_name, enabled, provisioning, mapping, updated_at, version, .. } = provider;
    let changed_at = updated_at.unwrap_or(provider.created_at);
    let done = on!(&mut *conn, c => sqlx::query(SQL)
        .bind(name).bind(display_name).bind(&values.label).bind(*enabled)
        .bind(provisioning.auto_create_users).bind(provisioning.update_user_on_login)
        .bind(&values.config).bind(sealed_secrets).bind(&mapping.user_field).bind(&mapping.user_claim)
        .bind(&values.attribute_mapping).bind(&mapping.extra_fields).bind(&values.protected_fields)
        .bind(&values.allowed_domains).bind(&values.allowed_redirects).bind(&provider.management_url)
        .bind(*warnings).bind(updated_at.map(|at| at.0)).bind(changed_at.0)
        .bind(changed_by).bind(*version).bind(&values.sign_in).bind(id.0).bind(read_version)
        .execute(&mut **c).await?.rows_affected());
    if done != 1 {
        return Ok(false);
    }
    search::put(conn, provider).await?;
    Ok(true)
}

/// Writes what the first discovery of a provider found. No version is counted and no administrator's name is written:
/// nothing that was entered changes. Returns false when the provider was changed meanwhile.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.fill_in")]
pub(crate) async fn fill_in(conn: &mut Conn<'_>, stored: &StoredProvider) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_identity_providers SET config = $1, warnings = $2 \
                       WHERE id = $3 AND version = $4 AND deleted_at IS NULL";
    let StoredProvider { provider, sealed_secrets: _, warnings, changed_by: _ } = stored;
    let config = Values::of(provider)?.config;
    let done = on!(&mut *conn, c => sqlx::query(SQL).bind(config).bind(*warnings).bind(provider.id.0)
        .bind(provider.version).execute(&mut **c).await?.rows_affected());
    if done == 1 {
        search::put(conn, provider).await?;
    }
    Ok(done == 1)
}

/// Marks a provider as deleted. Answers false when it was not there (any more).
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.soft_delete")]
pub(crate) async fn soft_delete(conn: &mut Conn<'_>, id: ProviderId, at: Timestamp, by: &str) -> StoreResult<bool> {
    const SQL: &str = "UPDATE vestibule_identity_providers \
        SET deleted_at = $1, changed_at = $1, changed_by = $2, version = version + 1, secrets = NULL \
        WHERE id = $3 AND deleted_at IS NULL";
    let done =
        on!(&mut *conn, c => sqlx::query(SQL).bind(at.0).bind(by).bind(id.0).execute(&mut **c).await?.rows_affected());
    search::remove(conn, id).await?;
    Ok(done == 1)
}

/// Lets a tenant's users sign in with a provider; a second time changes nothing and answers false.
#[tracing::instrument(level = "debug", skip_all, name = "store.provider.insert_association")]
pub(crate) async fn insert_association(
    conn: &mut Conn<'_>,
    tenant: TenantId,
    provider: ProviderId,
    origin: &'static str,
    at: Timestamp,
    by: &str,
) -> StoreResult<bool> {
    const SQL: &str = "INSERT INTO vestibule_tenant_identity_providers (tenant_id, idp_id, origin, created_at, created_by) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant_id, idp_id) DO NOTHING";
    let done = on!(conn, c => sqlx::query(SQL).bind(tenant.0).bind(provider.0).bind(origin).bind(at.0).bind(by)
        .execute(&mut **c).await?.rows_affected());
    Ok(done == 1)
}
