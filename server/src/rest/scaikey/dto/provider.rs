//! Providers as each group of operations shows them.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::{
    id::TenantId,
    provider::{IdentityProvider, ProviderConfig},
    sync::SyncLog,
};

use super::{
    super::{
        date::rfc3339,
        ldap::Ldap,
        words::{self, protocol_name},
    },
    config::{Mapping, Oidc, Saml},
    sign_in::{AdminOidc, UpdatePolicy},
    sync::LastSync,
};

/// Identity Provider list item.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPListItem)]
pub(in crate::rest::scaikey) struct ListItem<'a> {
    id: String,
    name: &'a str,
    #[schema(required)]
    display_name: Option<&'a str>,
    #[schema(schema_with = words::protocol)]
    protocol: &'static str,
    enabled: bool,
    #[schema(format = DateTime)]
    created_at: String,
}

impl<'a> ListItem<'a> {
    pub(in crate::rest::scaikey) fn of(provider: &'a IdentityProvider) -> Self {
        Self {
            id: provider.id.prefixed(),
            name: &provider.name,
            display_name: provider.display_name.as_deref(),
            protocol: protocol_name(provider.config.protocol()),
            enabled: provider.enabled,
            created_at: rfc3339(provider.created_at),
        }
    }
}

/// Identity Provider response.
#[derive(Serialize, ToSchema)]
#[schema(as = IdPResponse)]
pub(in crate::rest::scaikey) struct Provider<'a> {
    id: String,
    tenant_id: String,
    name: &'a str,
    #[schema(required)]
    display_name: Option<&'a str>,
    #[schema(schema_with = words::protocol)]
    protocol: &'static str,
    enabled: bool,
    auto_create_users: bool,
    update_user_on_login: bool,
    oidc_config: Option<Oidc<'a>>,
    saml_config: Option<Saml<'a>>,
    attribute_mapping: Mapping,
    /// Null when there is no restriction.
    #[schema(value_type = Option<Vec<String>>)]
    allowed_domains: Option<&'a [String]>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime, required)]
    updated_at: Option<String>,
}

impl<'a> Provider<'a> {
    /// The provider as `tenant` sees it, its own or a shared one.
    pub(in crate::rest::scaikey) fn of(provider: &'a IdentityProvider, tenant: TenantId) -> Self {
        let whole = AdminProvider::of(provider, None);
        Self {
            id: whole.id,
            tenant_id: tenant.prefixed(),
            name: whole.name,
            display_name: whole.display_name,
            protocol: whole.protocol,
            enabled: whole.enabled,
            auto_create_users: whole.auto_create_users,
            update_user_on_login: whole.update_user_on_login,
            oidc_config: provider.oidc().map(Oidc::of),
            saml_config: whole.saml_config,
            attribute_mapping: whole.attribute_mapping,
            allowed_domains: whole.allowed_domains,
            created_at: whole.created_at,
            updated_at: whole.updated_at,
        }
    }
}

/// A provider as the administration shows it.
#[derive(Serialize, ToSchema)]
#[schema(as = AdminIdPResponse)]
pub(in crate::rest::scaikey) struct AdminProvider<'a> {
    id: String,
    /// Null for the platform's own.
    #[schema(required)]
    tenant_id: Option<String>,
    name: &'a str,
    #[schema(required)]
    display_name: Option<&'a str>,
    /// Made from the name when the provider was created.
    slug: &'a str,
    #[schema(schema_with = words::protocol)]
    provider_type: &'static str,
    /// The same as `provider_type`.
    #[schema(schema_with = words::protocol)]
    protocol: &'static str,
    enabled: bool,
    auto_create_users: bool,
    update_user_on_login: bool,
    #[schema(required)]
    oidc_config: Option<AdminOidc<'a>>,
    #[schema(required)]
    saml_config: Option<Saml<'a>>,
    #[schema(required)]
    ldap_config: Option<Ldap<'a>>,
    attribute_mapping: Mapping,
    /// Null when there is no restriction.
    #[schema(value_type = Option<Vec<String>>, required)]
    allowed_domains: Option<&'a [String]>,
    /// How an unknown person is linked to a user who exists already.
    #[schema(schema_with = words::linking)]
    linking: &'static str,
    /// When an email address counts as verified.
    #[schema(schema_with = words::email_trust)]
    email_trust: &'static str,
    /// Whether a user whom this provider did not bring is found by the user field.
    match_existing_users: bool,
    /// Email domains that a platform administrator confirmed.
    #[schema(value_type = Vec<String>)]
    confirmed_domains: &'a [String],
    update_policy: UpdatePolicy<'a>,
    /// The last synchronisation that ended.
    #[schema(required)]
    last_sync: Option<LastSync>,
    #[schema(format = DateTime)]
    created_at: String,
    #[schema(format = DateTime, required)]
    updated_at: Option<String>,
    /// Always null: what is deleted is not found.
    #[schema(value_type = Option<String>, format = DateTime, required)]
    deleted_at: Option<()>,
}

impl<'a> AdminProvider<'a> {
    pub(in crate::rest::scaikey) fn of(provider: &'a IdentityProvider, last_sync: Option<&SyncLog>) -> Self {
        let IdentityProvider {
            id,
            slug,
            name,
            display_name,
            owner,
            enabled,
            provisioning,
            sign_in,
            config,
            mapping,
            allowed_domains,
            allowed_redirects: _,
            management_url: _,
            created_at,
            updated_at,
            version: _,
        } = provider;
        let (mut oidc_config, mut saml_config, mut ldap_config) = (None, None, None);
        match config {
            ProviderConfig::Oidc(config) => oidc_config = Some(AdminOidc::of(config)),
            ProviderConfig::Saml(config) => saml_config = Some(Saml::of(config)),
            ProviderConfig::Ldap(config) => ldap_config = Some(Ldap(config)),
        }
        Self {
            id: id.prefixed(),
            tenant_id: owner.map(TenantId::prefixed),
            name,
            display_name: display_name.as_deref(),
            slug: slug.as_str(),
            provider_type: protocol_name(config.protocol()),
            protocol: protocol_name(config.protocol()),
            enabled: *enabled,
            auto_create_users: provisioning.auto_create_users,
            update_user_on_login: provisioning.update_user_on_login,
            oidc_config,
            saml_config,
            ldap_config,
            attribute_mapping: Mapping::of(&mapping.attributes),
            allowed_domains: Some(allowed_domains.as_slice()).filter(|domains| !domains.is_empty()),
            linking: sign_in.linking.as_str(),
            email_trust: sign_in.email_trust.as_str(),
            match_existing_users: sign_in.match_existing_users,
            confirmed_domains: &sign_in.confirmed_domains,
            update_policy: UpdatePolicy::of(&sign_in.update_policy),
            last_sync: last_sync.map(LastSync::of),
            created_at: rfc3339(*created_at),
            updated_at: updated_at.map(rfc3339),
            deleted_at: None,
        }
    }
}
