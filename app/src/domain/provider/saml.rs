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
    /// The requested name identifier format.
    #[serde(default = "email_name_id")]
    pub name_id_format: String,
    /// All single sign-on and logout endpoints of the metadata.
    #[serde(default)]
    pub endpoints: Vec<SamlEndpoint>,
    /// The address that the metadata was read from.
    #[serde(default)]
    pub metadata_url: Option<String>,
}

/// A signing certificate with its summary, so that callers need not parse it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlCertificate {
    /// The certificate as one PEM block.
    pub pem: String,
    /// Its contents.
    pub summary: CertificateSummary,
}

/// An endpoint of a SAML provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SamlEndpoint {
    /// Its purpose.
    pub service: SamlService,
    /// The binding's URN.
    pub binding: String,
    /// Where requests go.
    pub location: String,
    /// Where responses go, when elsewhere.
    pub response_location: Option<String>,
}

/// The purpose of a SAML endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamlService {
    /// Signing in.
    SingleSignOn,
    /// Signing out.
    SingleLogout,
}

/// The settings of a SAML provider as entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SamlInput {
    /// The provider's entity identifier; 1 to 1024 characters.
    pub entity_id: String,
    /// Where authentication requests go.
    pub sso_url: String,
    /// Where logout requests go.
    pub slo_url: Option<String>,
    /// One or more signing certificates: PEM blocks one after the other, or one in base64, of the DER form or of PEM.
    pub certificate: String,
    /// Whether authentication requests are signed.
    pub sign_requests: bool,
    /// Whether assertions must be signed.
    pub want_assertions_signed: bool,
    /// The requested name identifier format.
    pub name_id_format: String,
    /// All endpoints of the metadata, when it was read.
    pub endpoints: Vec<SamlEndpoint>,
    /// The address that the metadata was read from.
    pub metadata_url: Option<String>,
}

impl SamlInput {
    /// The settings without space around texts, and blank optional ones absent.
    pub fn trimmed(mut self) -> Self {
        for text in [&mut self.entity_id, &mut self.sso_url, &mut self.certificate, &mut self.name_id_format] {
            *text = text.trim().to_owned();
        }
        for text in [&mut self.slo_url, &mut self.metadata_url] {
            *text = text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        }
        self
    }
}

impl Default for SamlInput {
    fn default() -> Self {
        Self {
            entity_id: String::new(),
            sso_url: String::new(),
            slo_url: None,
            certificate: String::new(),
            sign_requests: true,
            want_assertions_signed: true,
            name_id_format: EMAIL_NAME_ID.to_owned(),
            endpoints: Vec::new(),
            metadata_url: None,
        }
    }
}

/// The name that identifies a user by the name identifier instead of an attribute.
pub const NAME_ID: &str = "NameID";

/// The default name identifier format.
pub const EMAIL_NAME_ID: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

const fn yes() -> bool {
    true
}

fn email_name_id() -> String {
    EMAIL_NAME_ID.to_owned()
}
