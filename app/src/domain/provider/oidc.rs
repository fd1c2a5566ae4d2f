//! The settings of an OpenID provider.

use serde::{Deserialize, Serialize};

use super::{OidcSignIn, SigningAlgorithm};
use crate::domain::{discovery::ProviderMetadata, secret::Secret, timestamp::Timestamp};

/// The settings of an OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcConfig {
    /// Where the discovery document is.
    pub discovery_url: String,
    /// The issuer in the discovery document (OpenID Connect Discovery 1.0, section 3).
    pub issuer: Option<String>,
    /// The client identifier registered at the provider.
    pub client_id: String,
    /// The client secret. Absent for public clients, and for callers who may not see it.
    #[serde(skip)]
    pub client_secret: Option<Secret>,
    /// Whether a client secret is stored, for callers who may not see it.
    pub has_client_secret: bool,
    /// When the client secret was last changed. Absent without one, and when it was set before this was recorded.
    #[serde(default)]
    pub client_secret_changed_at: Option<Timestamp>,
    /// Scopes to request beside `openid`, in order. The Waldur dialect distinguishes absent and empty. `openid` is
    /// listed only where a caller did not put it first.
    pub extra_scopes: Option<Vec<String>>,
    /// Whether the provider's TLS certificate is checked.
    pub verify_tls: bool,
    /// Whether the code flow uses PKCE with S256 (RFC 7636).
    pub pkce: bool,
    /// Whether users who sign out are sent to the provider's logout page and back.
    pub post_logout_redirect: bool,
    /// What the last discovery found.
    pub endpoints: OidcEndpoints,
    /// What the last discovery document promises about sign-ins. The browser does not read it.
    #[cfg_attr(feature = "service", serde(default))]
    #[cfg_attr(not(feature = "service"), serde(skip))]
    pub promised: OidcPromises,
    /// Endpoints that were entered by hand. They override discovered ones.
    #[serde(default)]
    pub overrides: OidcEndpoints,
    /// How people sign in with it.
    #[serde(default)]
    pub sign_in: OidcSignIn,
}

impl OidcConfig {
    /// The scopes of an authentication request. `openid` is always included, first unless it is listed elsewhere.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        let placed = self.extra_scopes.iter().flatten().any(|scope| scope == "openid");
        (!placed).then_some("openid").into_iter().chain(self.extra_scopes.iter().flatten().map(String::as_str))
    }

    /// The endpoints in use: those entered by hand, else the discovered ones.
    pub fn effective_endpoints(&self) -> OidcEndpoints {
        let OidcEndpoints { authorization, token, userinfo, jwks, end_session } = self.overrides.clone();
        let found = self.endpoints.clone();
        OidcEndpoints {
            authorization: authorization.or(found.authorization),
            token: token.or(found.token),
            userinfo: userinfo.or(found.userinfo),
            jwks: jwks.or(found.jwks),
            end_session: end_session.or(found.end_session),
        }
    }
}

/// What a discovery document promises about the responses of a sign-in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OidcPromises {
    /// Each authentication response names its issuer (`authorization_response_iss_parameter_supported`, RFC 9207).
    pub response_names_issuer: bool,
    /// The algorithms of ID tokens that have a key pair and are supported here (`id_token_signing_alg_values_supported`).
    pub signing_algs: Vec<SigningAlgorithm>,
}

impl OidcPromises {
    /// Those of a document.
    pub fn of(metadata: &ProviderMetadata) -> Self {
        let listed = metadata.id_token_signing_alg_values_supported.iter().flatten();
        let known = listed.filter_map(|name| name.parse::<SigningAlgorithm>().ok());
        Self {
            response_names_issuer: metadata.authorization_response_iss_parameter_supported == Some(true),
            signing_algs: known.filter(|algorithm| !algorithm.is_hmac()).collect(),
        }
    }
}

/// The addresses of an OpenID provider (OpenID Connect Discovery 1.0, section 3).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OidcEndpoints {
    /// `authorization_endpoint`.
    pub authorization: Option<String>,
    /// `token_endpoint`.
    pub token: Option<String>,
    /// `userinfo_endpoint`.
    pub userinfo: Option<String>,
    /// `jwks_uri`.
    pub jwks: Option<String>,
    /// `end_session_endpoint` (OpenID Connect RP-Initiated Logout 1.0).
    pub end_session: Option<String>,
}
