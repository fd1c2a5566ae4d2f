//! The settings of a SAML 2.0 identity provider.

use serde::{Deserialize, Serialize};

/// The settings of a SAML 2.0 identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlConfig {
    /// The provider's entity identifier.
    pub entity_id: String,
    /// Where authentication requests go.
    pub sso_url: String,
    /// Where logout requests go.
    #[serde(default)]
    pub slo_url: Option<String>,
    /// Signing certificates as PEM blocks, the newest first.
    pub certificates: Vec<String>,
    /// Whether authentication requests are signed.
    #[serde(default = "yes")]
    pub sign_requests: bool,
    /// Whether assertions must be signed.
    #[serde(default = "yes")]
    pub want_assertions_signed: bool,
    /// The format of the name identifier.
    #[serde(default = "email_name_id")]
    pub name_id_format: String,
}

const fn yes() -> bool {
    true
}

fn email_name_id() -> String {
    "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".to_owned()
}
