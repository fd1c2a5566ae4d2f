//! SAML: reading metadata before a provider is saved, and the settings as forms send them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::TenantId,
    mapping::UserMapping,
    provider::{ConfigInput, EMAIL_NAME_ID, NewProvider, Provisioning, SamlEndpoint, SamlInput},
    saml_metadata::MetadataReport,
};

/// Reads metadata from an address.
#[server(prefix = "/_ui/fn", endpoint = "saml-metadata/fetch", protocol = JsonPost)]
pub async fn fetch_saml_metadata(url: String, verify_tls: bool) -> Result<MetadataReport, ApiError> {
    let call = context()?;
    answer(call.services.saml_metadata.fetch(&call.actor, &url, verify_tls).await)
}

/// Reads metadata that was pasted or uploaded.
#[server(prefix = "/_ui/fn", endpoint = "saml-metadata/read", protocol = JsonPost)]
pub async fn read_saml_metadata(document: String) -> Result<MetadataReport, ApiError> {
    let call = context()?;
    answer(call.services.saml_metadata.read(&call.actor, &document).await)
}

/// The settings of a SAML provider as forms hold them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SamlSettings {
    /// The provider's entity identifier.
    pub entity_id: String,
    /// Where authentication requests go.
    pub sso_url: String,
    /// Where logout requests go; empty when there is no logout.
    pub slo_url: String,
    /// PEM blocks one after the other, or one certificate in bare base64.
    pub certificate: String,
    /// Whether authentication requests are signed.
    pub sign_requests: bool,
    /// Whether assertions must be signed.
    pub want_assertions_signed: bool,
    /// The requested name identifier format.
    pub name_id_format: String,
    /// All endpoints of the metadata, when it was read.
    pub endpoints: Vec<SamlEndpoint>,
    /// The address that the metadata was read from; empty when there was none.
    pub metadata_url: String,
}

impl Default for SamlSettings {
    fn default() -> Self {
        Self {
            entity_id: String::new(),
            sso_url: String::new(),
            slo_url: String::new(),
            certificate: String::new(),
            sign_requests: true,
            want_assertions_signed: true,
            name_id_format: EMAIL_NAME_ID.to_owned(),
            endpoints: Vec::new(),
            metadata_url: String::new(),
        }
    }
}

impl From<SamlSettings> for SamlInput {
    fn from(form: SamlSettings) -> Self {
        let SamlSettings {
            entity_id,
            sso_url,
            slo_url,
            certificate,
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints,
            metadata_url,
        } = form;
        let filled = |text: String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            entity_id: entity_id.trim().to_owned(),
            sso_url: sso_url.trim().to_owned(),
            slo_url: filled(slo_url),
            certificate,
            sign_requests,
            want_assertions_signed,
            name_id_format: name_id_format.trim().to_owned(),
            endpoints,
            metadata_url: filled(metadata_url),
        }
    }
}

/// The input of all steps that create a SAML provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewSamlProvider {
    /// The slug; made from the label when empty.
    pub slug: String,
    /// The display name.
    pub label: String,
    /// The tenant it belongs to; the platform's own when absent.
    pub owner: Option<TenantId>,
    /// Whether users may sign in with it.
    pub enabled: bool,
    /// What happens to users when they sign in.
    pub provisioning: Provisioning,
    /// How to talk to it.
    pub settings: SamlSettings,
    /// The mapping.
    pub mapping: UserMapping,
    /// Email domains whose users may sign in.
    pub allowed_domains: Vec<String>,
    /// Origins to which users may be sent after signing in.
    pub allowed_redirects: Vec<String>,
    /// Where users manage their account at the provider.
    pub management_url: String,
}

impl From<NewSamlProvider> for NewProvider {
    fn from(form: NewSamlProvider) -> Self {
        let NewSamlProvider {
            slug,
            label,
            owner,
            enabled,
            provisioning,
            settings,
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
        } = form;
        Self {
            slug: Some(slug.trim().to_owned()).filter(|slug| !slug.is_empty()),
            name: label.trim().to_owned(),
            display_name: None,
            owner,
            enabled,
            provisioning,
            config: ConfigInput::Saml(settings.into()),
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
        }
    }
}
