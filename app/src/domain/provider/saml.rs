//! The settings of a SAML 2.0 identity provider.

use serde::{Deserialize, Serialize};

use crate::domain::connection::CertificateSummary;

/// The settings of a SAML 2.0 identity provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlConfig {
    /// The provider's entity identifier (SAML metadata, section 2.3.2).
    pub entity_id: String,
    /// Where authentication requests go.
    pub sso_url: String,
    /// Where logout requests go.
    #[serde(default)]
    pub slo_url: Option<String>,
    /// Signing certificates, the newest first.
    pub certificates: Vec<SamlCertificate>,
    /// Whether authentication requests are signed.
    #[serde(default = "yes")]
    pub sign_requests: bool,
    /// Whether assertions must be signed.
    #[serde(default = "yes")]
    pub want_assertions_signed: bool,
    /// The format of the name identifier.
    #[serde(default = "email_name_id")]
    pub name_id_format: String,
    /// Every single sign-on and logout endpoint of the metadata, by binding.
    #[serde(default)]
    pub endpoints: Vec<SamlEndpoint>,
    /// Where the metadata was read from, when it was read from an address.
    #[serde(default)]
    pub metadata_url: Option<String>,
}

/// A signing certificate with what it says, so that readers need not parse it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlCertificate {
    /// The certificate as one PEM block.
    pub pem: String,
    /// What it says.
    pub summary: CertificateSummary,
}

/// An endpoint of a SAML provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlEndpoint {
    /// What it is for.
    pub service: SamlService,
    /// How messages travel: the binding's URN.
    pub binding: String,
    /// Where requests go.
    pub location: String,
    /// Where answers go, when elsewhere.
    pub response_location: Option<String>,
}

/// What an endpoint of a SAML provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamlService {
    /// Signing in.
    SingleSignOn,
    /// Signing out.
    SingleLogout,
}

/// What is entered of a SAML provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlInput {
    /// The provider's entity identifier; 1 to 1024 characters.
    pub entity_id: String,
    /// Where authentication requests go.
    pub sso_url: String,
    /// Where logout requests go.
    pub slo_url: Option<String>,
    /// One or more signing certificates: PEM blocks one after the other, or one in base64, of the
    /// DER form or of PEM.
    pub certificate: String,
    /// Whether authentication requests are signed.
    pub sign_requests: bool,
    /// Whether assertions must be signed.
    pub want_assertions_signed: bool,
    /// The format of the name identifier.
    pub name_id_format: String,
    /// Every endpoint of the metadata, when it was read.
    pub endpoints: Vec<SamlEndpoint>,
    /// Where the metadata was read from.
    pub metadata_url: Option<String>,
}

/// What stands for the name identifier among the attributes, where a user is identified by it.
pub const NAME_ID: &str = "NameID";

/// The format of name identifiers unless another is chosen.
pub const EMAIL_NAME_ID: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

const fn yes() -> bool {
    true
}

fn email_name_id() -> String {
    EMAIL_NAME_ID.to_owned()
}
