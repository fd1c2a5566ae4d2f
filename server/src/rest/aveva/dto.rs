//! A provider in this API's shape: four texts.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::provider::{self, NAME_ID, ProviderConfig};

/// A provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct IdentityProvider {
    /// Id of an identity provider.
    id: String,
    /// Identity provider display name to use.
    display_name: String,
    /// The provider's slug.
    scheme: String,
    /// What identifies a user: the claim of an OpenID provider, the format of SAML's name identifier or the attribute
    /// that was chosen in its place, the attribute of a directory.
    user_id_claim_type: String,
}

impl From<provider::IdentityProvider> for IdentityProvider {
    fn from(provider: provider::IdentityProvider) -> Self {
        Self {
            id: provider.id.to_string(),
            display_name: provider.label().to_owned(),
            scheme: provider.slug.to_string(),
            user_id_claim_type: user_id_claim_type(&provider),
        }
    }
}

fn user_id_claim_type(provider: &provider::IdentityProvider) -> String {
    match &provider.config {
        ProviderConfig::Saml(saml) if provider.mapping.user_claim == NAME_ID => saml.name_id_format.clone(),
        ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => provider.mapping.user_claim.clone(),
        ProviderConfig::Ldap(ldap) => ldap.identifying_attribute().to_owned(),
    }
}
