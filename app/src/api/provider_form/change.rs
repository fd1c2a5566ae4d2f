//! A change made on one of a provider's tabs.

use serde::{Deserialize, Serialize};

use super::LdapForm;
use crate::{
    api::wire::{SecretInput, only_known},
    domain::{
        mapping::AttributeMapping,
        patch::Patch,
        provider::{
            OidcPatch, OidcSignIn, OidcSignInPatch, ProviderPatch, Provisioning, SamlInput, SignInPatch, SignInSettings,
        },
    },
};

/// A change made on one of a provider's tabs. Absent members stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProviderChange {
    /// The name that is shown.
    pub label: Option<String>,
    /// Whether users may sign in with it.
    pub enabled: Option<bool>,
    /// What happens to users when they sign in.
    #[serde(deserialize_with = "only_known")]
    pub provisioning: Option<Provisioning>,
    /// Whom people who sign in are linked to, and what is updated; as a whole.
    #[serde(deserialize_with = "only_known")]
    pub sign_in: Option<SignInSettings>,
    /// The connection.
    pub connection: Option<ConnectionChange>,
    /// The user field that identifies a user.
    pub user_field: Option<String>,
    /// The claims that identify a user.
    pub user_claim: Option<String>,
    /// Claims to user fields, as a whole.
    pub attributes: Option<AttributeMapping>,
    /// Claims kept beside the user fields.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub extra_fields: Patch<String>,
    /// User fields that a user of this provider cannot edit.
    pub protected_fields: Option<Vec<String>>,
    /// Email domains whose users may sign in.
    pub allowed_domains: Option<Vec<String>>,
    /// Origins to which users may be sent after signing in.
    pub allowed_redirects: Option<Vec<String>>,
    /// Where users manage their account at the provider.
    pub management_url: Option<String>,
}

/// A change of a provider's connection, by protocol.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionChange {
    /// OpenID Connect.
    Oidc(OidcChange),
    /// SAML 2.0, as a whole.
    Saml(SamlInput),
    /// An LDAP directory, as a whole.
    Ldap(Box<LdapForm>),
}

/// A change of an OpenID provider's settings. Absent members stay as they are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OidcChange {
    /// An issuer or the address of a discovery document.
    pub discovery_url: Option<String>,
    /// The client identifier.
    pub client_id: Option<String>,
    /// The client secret.
    #[serde(skip_serializing_if = "Patch::is_keep")]
    pub client_secret: Patch<SecretInput>,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: Option<bool>,
    /// Scopes to request beside `openid`.
    pub extra_scopes: Option<Vec<String>>,
    /// Whether the code flow uses PKCE.
    pub pkce: Option<bool>,
    /// Whether users who sign out are sent to the provider's logout page.
    pub post_logout_redirect: Option<bool>,
    /// How people sign in; as a whole.
    #[serde(deserialize_with = "only_known")]
    pub sign_in: Option<OidcSignIn>,
}

impl From<ProviderChange> for ProviderPatch {
    fn from(change: ProviderChange) -> Self {
        let ProviderChange {
            label,
            enabled,
            provisioning,
            sign_in,
            connection,
            user_field,
            user_claim,
            attributes,
            extra_fields,
            protected_fields,
            allowed_domains,
            allowed_redirects,
            management_url,
        } = change;
        let mut patch = Self {
            label,
            enabled,
            provisioning,
            sign_in: sign_in.map(SignInPatch::from).unwrap_or_default(),
            user_field,
            user_claim,
            attributes,
            extra_fields,
            protected_fields,
            allowed_domains,
            allowed_redirects,
            management_url,
            ..Self::default()
        };
        match connection {
            None => {}
            Some(ConnectionChange::Oidc(change)) => patch.oidc = Some(change.into()),
            Some(ConnectionChange::Saml(saml)) => patch.saml = Some(saml.trimmed()),
            Some(ConnectionChange::Ldap(ldap)) => patch.ldap = Some((*ldap).into()),
        }
        patch
    }
}

impl From<OidcChange> for OidcPatch {
    fn from(change: OidcChange) -> Self {
        let OidcChange {
            discovery_url,
            client_id,
            client_secret,
            verify_tls,
            extra_scopes,
            pkce,
            post_logout_redirect,
            sign_in,
        } = change;
        Self {
            discovery_url,
            client_id,
            client_secret: client_secret.into(),
            extra_scopes: extra_scopes.map_or(Patch::Keep, Patch::Set),
            verify_tls,
            pkce,
            post_logout_redirect,
            overrides: None,
            sign_in: sign_in.map(OidcSignInPatch::from).unwrap_or_default(),
        }
    }
}
