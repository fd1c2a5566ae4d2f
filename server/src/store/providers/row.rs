//! A provider's row, and its conversion.

use uuid::Uuid;
use vestibule_app::domain::{
    id::{ProviderId, TenantId},
    mapping::UserMapping,
    provider::{IdentityProvider, Origin, ProviderConfig, Provisioning, Slug},
    timestamp::Timestamp,
};

use super::super::{StoreError, StoreResult, corrupt};

pub(super) const TABLE: &str = "vestibule_identity_providers";

pub(in crate::store) const COLUMNS: &str = "id, slug, name, display_name, enabled, owner_tenant_id, auto_create_users, \
    update_user_on_login, sign_in, config, secrets, user_field, user_claim, attribute_mapping, extra_fields, protected_fields, \
    allowed_domains, allowed_redirects, management_url, warnings, created_at, updated_at, changed_by, version";

#[derive(sqlx::FromRow)]
pub(in crate::store) struct ProviderRow {
    id: Uuid,
    slug: String,
    name: String,
    display_name: Option<String>,
    enabled: bool,
    owner_tenant_id: Option<Uuid>,
    auto_create_users: bool,
    update_user_on_login: bool,
    sign_in: String,
    config: String,
    secrets: Option<String>,
    user_field: String,
    user_claim: String,
    attribute_mapping: String,
    extra_fields: Option<String>,
    protected_fields: String,
    allowed_domains: String,
    allowed_redirects: String,
    management_url: String,
    warnings: i64,
    created_at: i64,
    updated_at: Option<i64>,
    changed_by: String,
    version: i64,
}

/// A provider with what the core needs beside the domain's view: the sealed secrets are still closed.
#[derive(Debug, Clone)]
pub(crate) struct StoredProvider {
    pub(crate) provider: IdentityProvider,
    pub(crate) sealed_secrets: Option<String>,
    /// How many warnings the last discovery left.
    pub(crate) warnings: i64,
    pub(crate) changed_by: String,
}

impl TryFrom<ProviderRow> for StoredProvider {
    type Error = StoreError;

    fn try_from(row: ProviderRow) -> StoreResult<Self> {
        let ProviderRow {
            id,
            slug,
            name,
            display_name,
            enabled,
            owner_tenant_id,
            auto_create_users,
            update_user_on_login,
            sign_in,
            config,
            secrets,
            user_field,
            user_claim,
            attribute_mapping,
            extra_fields,
            protected_fields,
            allowed_domains,
            allowed_redirects,
            management_url,
            warnings,
            created_at,
            updated_at,
            changed_by,
            version,
        } = row;
        fn json<T: serde::de::DeserializeOwned>(id: Uuid, column: &'static str, text: &str) -> StoreResult<T> {
            serde_json::from_str(text).map_err(|error| corrupt(TABLE, column, id, error))
        }
        let config: ProviderConfig = json(id, "config", &config)?;
        let redirects: Vec<String> = json(id, "allowed_redirects", &allowed_redirects)?;
        let provider = IdentityProvider {
            id: ProviderId(id),
            slug: Slug::stored(slug),
            name,
            display_name,
            owner: owner_tenant_id.map(TenantId),
            enabled,
            provisioning: Provisioning { auto_create_users, update_user_on_login },
            sign_in: json(id, "sign_in", &sign_in)?,
            config,
            mapping: UserMapping {
                user_field,
                user_claim,
                attributes: json(id, "attribute_mapping", &attribute_mapping)?,
                extra_fields,
                protected_fields: json(id, "protected_fields", &protected_fields)?,
            },
            allowed_domains: json(id, "allowed_domains", &allowed_domains)?,
            allowed_redirects: redirects.into_iter().map(Origin::stored).collect(),
            management_url,
            created_at: Timestamp(created_at),
            updated_at: updated_at.map(Timestamp),
            version,
        };
        Ok(Self { provider, sealed_secrets: secrets, warnings, changed_by })
    }
}
