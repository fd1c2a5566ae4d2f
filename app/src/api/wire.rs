//! The commands that the portal's forms send, and their conversion to the domain.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{directories::LdapForm, saml::SamlSettings};
use crate::domain::{
    actor::Grant,
    id::TenantId,
    mapping::{AttributeMapping, UserMapping},
    provider::{ConfigInput, DiscoveryDemand, NewProvider, OidcEndpoints, OidcInput, Provisioning},
    secret::Secret,
};
#[cfg(feature = "ssr")]
use crate::domain::{
    patch::Patch,
    problem::ServiceError,
    provider::{IdentityProvider, OidcPatch, ProviderPatch},
};

/// A secret on its way from a form to the server. The server never sends one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretInput(pub String);

impl fmt::Debug for SecretInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretInput(••••)")
    }
}

impl From<SecretInput> for Secret {
    fn from(input: SecretInput) -> Self {
        Self::new(input.0)
    }
}

/// The input of all steps that create an OpenID provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewOidcProvider {
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
    /// An issuer or the address of a discovery document.
    pub discovery_url: String,
    /// The client identifier.
    pub client_id: String,
    /// The client secret; empty for a public client.
    pub client_secret: SecretInput,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: bool,
    /// Scopes to request beside `openid`.
    pub extra_scopes: Vec<String>,
    /// Whether the code flow uses PKCE.
    pub pkce: bool,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: bool,
    /// How claims become user fields.
    pub mapping: UserMapping,
    /// Email domains whose users may sign in.
    pub allowed_domains: Vec<String>,
    /// Origins to which users may be sent after signing in.
    pub allowed_redirects: Vec<String>,
    /// Where users manage their account at the provider.
    pub management_url: String,
}

impl From<NewOidcProvider> for NewProvider {
    fn from(form: NewOidcProvider) -> Self {
        let NewOidcProvider {
            slug,
            label,
            owner,
            enabled,
            provisioning,
            discovery_url,
            client_id,
            client_secret,
            verify_tls,
            extra_scopes,
            pkce,
            post_logout_redirect,
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
            config: ConfigInput::Oidc(OidcInput {
                discovery_url: discovery_url.trim().to_owned(),
                client_id: client_id.trim().to_owned(),
                client_secret: Some(client_secret).filter(|secret| !secret.0.is_empty()).map(Secret::from),
                extra_scopes: Some(extra_scopes),
                verify_tls,
                pkce,
                post_logout_redirect,
                overrides: OidcEndpoints::default(),
                demand: DiscoveryDemand::Usable,
            }),
            mapping,
            allowed_domains,
            allowed_redirects,
            management_url,
        }
    }
}

/// A change made on one of a provider's tabs. Absent members stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProviderChange {
    /// The display name.
    pub label: Option<String>,
    /// Whether users may sign in with it.
    pub enabled: Option<bool>,
    /// What happens to users when they sign in.
    pub provisioning: Option<Provisioning>,
    /// An issuer or the address of a discovery document.
    pub discovery_url: Option<String>,
    /// The client identifier.
    pub client_id: Option<String>,
    /// A new client secret; an empty one removes it.
    pub client_secret: Option<SecretInput>,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: Option<bool>,
    /// Scopes to request beside `openid`.
    pub extra_scopes: Option<Vec<String>>,
    /// Whether the code flow uses PKCE.
    pub pkce: Option<bool>,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: Option<bool>,
    /// The settings of a SAML provider, as a whole.
    pub saml: Option<SamlSettings>,
    /// The settings of a directory, as a whole.
    pub ldap: Option<LdapForm>,
    /// The user field that identifies a user.
    pub user_field: Option<String>,
    /// The claims that identify a user.
    pub user_claim: Option<String>,
    /// Claims to user fields, as a whole.
    pub attributes: Option<AttributeMapping>,
    /// Claims kept beside the user fields; empty for none.
    pub extra_fields: Option<String>,
    /// User fields that a user of this provider cannot edit.
    pub protected_fields: Option<Vec<String>>,
    /// Email domains whose users may sign in.
    pub allowed_domains: Option<Vec<String>>,
    /// Origins to which users may be sent after signing in.
    pub allowed_redirects: Option<Vec<String>>,
    /// Where users manage their account at the provider.
    pub management_url: Option<String>,
}

impl ProviderChange {
    /// Converts to the domain. A value that was not edited, but that the form shows in another form than it is stored,
    /// is left out.
    ///
    /// # Errors
    ///
    /// Unknown settings and invalid values.
    #[cfg(feature = "ssr")]
    pub fn into_patch(self, stored: &IdentityProvider) -> Result<ProviderPatch, ServiceError> {
        let Self {
            label,
            enabled,
            provisioning,
            discovery_url,
            client_id,
            client_secret,
            verify_tls,
            extra_scopes,
            pkce,
            post_logout_redirect,
            saml,
            ldap,
            user_field,
            user_claim,
            attributes,
            extra_fields,
            protected_fields,
            allowed_domains,
            allowed_redirects,
            management_url,
        } = self;
        let label = label.filter(|label| label.trim() != stored.label());
        let scopes = stored.oidc().and_then(|oidc| oidc.extra_scopes.as_deref()).unwrap_or_default();
        let extra_scopes = extra_scopes.filter(|wanted| wanted != scopes);
        let kept = stored.mapping.extra_fields.as_deref().unwrap_or_default();
        let extra_fields = extra_fields.filter(|wanted| wanted.trim() != kept);
        let oidc = OidcPatch {
            discovery_url,
            client_id,
            client_secret: match client_secret {
                None => Patch::Keep,
                Some(secret) if secret.0.is_empty() => Patch::Clear,
                Some(secret) => Patch::Set(secret.into()),
            },
            extra_scopes: extra_scopes.map_or(Patch::Keep, Patch::Set),
            verify_tls,
            pkce,
            post_logout_redirect,
            overrides: None,
        };
        // The portal has one name, the one that is shown.
        let (name, display_name) = match (label, stored.display_name.is_some()) {
            (Some(label), true) => (None, Patch::Set(label)),
            (label, _) => (label, Patch::Keep),
        };
        Ok(ProviderPatch {
            name,
            display_name,
            enabled,
            provisioning,
            oidc: Some(oidc).filter(|oidc| *oidc != OidcPatch::default()),
            saml: saml.map(Into::into),
            ldap: ldap.map(LdapForm::into_config).transpose()?,
            user_field,
            user_claim,
            attributes,
            extra_fields: match extra_fields {
                None => Patch::Keep,
                Some(text) if text.trim().is_empty() => Patch::Clear,
                Some(text) => Patch::Set(text),
            },
            protected_fields,
            allowed_domains,
            allowed_redirects,
            management_url,
        })
    }
}

/// An administrator to add.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NewAdministratorForm {
    /// The email address they sign in with.
    pub email: String,
    /// The temporary password.
    pub password: SecretInput,
    /// Their role.
    pub grant: Grant,
}
