//! The settings of a SAML provider as inputs hold them, and what they mean.

use crate::domain::{
    provider::{EMAIL_NAME_ID, SamlCertificate, SamlConfig, SamlEndpoint, SamlInput, SamlService},
    saml_metadata::MetadataProvider,
    words::counted,
};

use super::problems::Problems;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const BINDINGS: &str = "urn:oasis:names:tc:SAML:2.0:bindings:";

/// What the inputs of a SAML provider hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamlDraft {
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

impl Default for SamlDraft {
    fn default() -> Self {
        Self::from(SamlInput::default())
    }
}

impl From<SamlInput> for SamlDraft {
    fn from(input: SamlInput) -> Self {
        let SamlInput {
            entity_id,
            sso_url,
            slo_url,
            certificate,
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints,
            metadata_url,
        } = input;
        Self {
            entity_id,
            sso_url,
            slo_url: slo_url.unwrap_or_default(),
            certificate,
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints,
            metadata_url: metadata_url.unwrap_or_default(),
        }
    }
}

impl SamlDraft {
    /// The draft of stored settings.
    pub fn of(config: &SamlConfig) -> Self {
        let SamlConfig {
            entity_id,
            sso_url,
            slo_url,
            certificates,
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints,
            metadata_url,
        } = config.clone();
        Self {
            entity_id,
            sso_url,
            slo_url: slo_url.unwrap_or_default(),
            certificate: pem(&certificates),
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints,
            metadata_url: metadata_url.unwrap_or_default(),
        }
    }

    /// The settings that the inputs describe.
    pub fn input(&self) -> SamlInput {
        let Self {
            entity_id,
            sso_url,
            slo_url,
            certificate,
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints,
            metadata_url,
        } = self;
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        SamlInput {
            entity_id: entity_id.trim().to_owned(),
            sso_url: sso_url.trim().to_owned(),
            slo_url: filled(slo_url),
            certificate: certificate.clone(),
            sign_requests: *sign_requests,
            want_assertions_signed: *want_assertions_signed,
            name_id_format: name_id_format.trim().to_owned(),
            endpoints: endpoints.clone(),
            metadata_url: filled(metadata_url),
        }
    }
}

/// The settings after reading metadata. Choices that metadata does not contain are kept.
pub fn adopt(before: &SamlDraft, provider: &MetadataProvider, url: Option<&str>) -> SamlDraft {
    let MetadataProvider { entity_id, endpoints, certificates, name_id_formats, want_requests_signed, .. } = provider;
    let is_offered = |format: &String| name_id_formats.is_empty() || name_id_formats.contains(format);
    SamlDraft {
        entity_id: entity_id.clone(),
        sso_url: preferred(endpoints, SamlService::SingleSignOn).unwrap_or_default(),
        slo_url: preferred(endpoints, SamlService::SingleLogout).unwrap_or_default(),
        certificate: pem(certificates),
        sign_requests: before.sign_requests || *want_requests_signed,
        want_assertions_signed: before.want_assertions_signed,
        name_id_format: Some(&before.name_id_format)
            .filter(|format| is_offered(format))
            .or_else(|| name_id_formats.first())
            .cloned()
            .unwrap_or_else(|| EMAIL_NAME_ID.to_owned()),
        endpoints: endpoints.clone(),
        metadata_url: url.unwrap_or_default().to_owned(),
    }
}

/// Problems found before anything is sent; the server checks the certificates.
pub fn check_saml(settings: &SamlDraft) -> Problems {
    let mut problems = Problems::default();
    problems.require("entity_id", &settings.entity_id, "Enter the provider's entity ID.");
    problems.require("sso_url", &settings.sso_url, "Enter the sign-on URL of the provider.");
    problems.require("certificate", &settings.certificate, "Add the provider's signing certificate.");
    problems
}

/// The differences between settings: the name, the value before and after.
pub fn changes(before: &SamlDraft, after: &SamlDraft) -> Vec<(&'static str, String, String)> {
    let count = |text: &str| counted(text.matches("BEGIN CERTIFICATE").count(), "certificate");
    let pairs = [
        ("Entity ID", before.entity_id.clone(), after.entity_id.clone()),
        ("Sign-on URL", before.sso_url.clone(), after.sso_url.clone()),
        ("Logout URL", before.slo_url.clone(), after.slo_url.clone()),
        ("Name ID format", before.name_id_format.clone(), after.name_id_format.clone()),
    ];
    let mut found = pairs.into_iter().filter(|(_, before, after)| before != after).collect::<Vec<_>>();
    if before.certificate.trim() != after.certificate.trim() {
        found.push((
            "Signing certificates",
            count(&before.certificate),
            format!("{}, others", count(&after.certificate)),
        ));
    }
    found
}

/// The binding's name without its prefix: `HTTP-Redirect`.
pub fn binding_label(binding: &str) -> &str {
    binding.strip_prefix(BINDINGS).unwrap_or(binding)
}

/// The address for a purpose, preferring the redirect binding.
fn preferred(endpoints: &[SamlEndpoint], service: SamlService) -> Option<String> {
    let mut fitting = endpoints.iter().filter(|endpoint| endpoint.service == service);
    let first = fitting.clone().next();
    fitting.find(|endpoint| endpoint.binding == REDIRECT).or(first).map(|endpoint| endpoint.location.clone())
}

fn pem(certificates: &[SamlCertificate]) -> String {
    certificates.iter().map(|certificate| certificate.pem.trim()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(service: SamlService, binding: &str, location: &str) -> SamlEndpoint {
        let binding = format!("{BINDINGS}{binding}");
        SamlEndpoint { service, binding, location: location.to_owned(), response_location: None }
    }

    fn provider() -> MetadataProvider {
        MetadataProvider {
            entity_id: "https://idp.example".to_owned(),
            display_name: None,
            endpoints: vec![
                endpoint(SamlService::SingleSignOn, "HTTP-POST", "https://idp.example/post"),
                endpoint(SamlService::SingleSignOn, "HTTP-Redirect", "https://idp.example/redirect"),
                endpoint(SamlService::SingleLogout, "HTTP-POST", "https://idp.example/logout"),
            ],
            certificates: Vec::new(),
            has_unread_keys: false,
            name_id_formats: vec!["urn:a".to_owned()],
            attributes: Vec::new(),
            want_requests_signed: true,
            warnings: Vec::new(),
        }
    }

    #[test]
    fn what_is_sent_is_trimmed_and_empty_addresses_are_absent() {
        let draft = SamlDraft { entity_id: " urn:a ".to_owned(), metadata_url: " ".to_owned(), ..SamlDraft::default() };
        assert_eq!(draft.input(), SamlInput { entity_id: "urn:a".to_owned(), ..SamlInput::default() });
    }

    #[test]
    fn metadata_fills_the_form_and_prefers_the_redirect() {
        let before = SamlDraft { sign_requests: false, ..SamlDraft::default() };
        let after = adopt(&before, &provider(), Some("https://idp.example/metadata"));
        assert_eq!(after.sso_url, "https://idp.example/redirect");
        assert_eq!(after.slo_url, "https://idp.example/logout");
        assert_eq!(after.name_id_format, "urn:a");
        assert!(after.sign_requests, "the provider wants requests signed");
    }

    #[test]
    fn what_is_missing_is_told_at_its_field() {
        let problems = check_saml(&SamlDraft::default());
        for field in ["entity_id", "sso_url", "certificate"] {
            assert!(problems.concern(field), "{field}");
        }
    }

    #[test]
    fn a_new_certificate_is_a_change_and_space_around_it_is_none() {
        let certificate = |text: &str| SamlDraft { certificate: text.to_owned(), ..SamlDraft::default() };
        assert!(changes(&certificate("a"), &certificate(" a\n")).is_empty());
        assert_eq!(changes(&certificate("a"), &certificate("b")).len(), 1);
    }
}
