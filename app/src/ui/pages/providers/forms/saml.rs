//! The settings of a SAML provider as they are entered.

use crate::domain::{
    provider::{EMAIL_NAME_ID, SamlCertificate, SamlConfig, SamlEndpoint, SamlInput, SamlService},
    saml_metadata::MetadataProvider,
    words::counted,
};

use super::problems::Problems;

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const BINDINGS: &str = "urn:oasis:names:tc:SAML:2.0:bindings:";

/// Stored settings as they are entered.
pub fn entered(config: &SamlConfig) -> SamlInput {
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
    SamlInput {
        entity_id,
        sso_url,
        slo_url,
        certificate: pem(&certificates),
        sign_requests,
        want_assertions_signed,
        name_id_format,
        endpoints,
        metadata_url,
    }
}

/// The settings after reading metadata. Choices that metadata does not contain are kept.
pub fn adopt(before: &SamlInput, provider: &MetadataProvider, url: Option<&str>) -> SamlInput {
    let MetadataProvider { entity_id, endpoints, certificates, name_id_formats, want_requests_signed, .. } = provider;
    let is_offered = |format: &String| name_id_formats.is_empty() || name_id_formats.contains(format);
    SamlInput {
        entity_id: entity_id.clone(),
        sso_url: preferred(endpoints, SamlService::SingleSignOn).unwrap_or_default(),
        slo_url: preferred(endpoints, SamlService::SingleLogout),
        certificate: pem(certificates),
        sign_requests: before.sign_requests || *want_requests_signed,
        want_assertions_signed: before.want_assertions_signed,
        name_id_format: Some(&before.name_id_format)
            .filter(|format| is_offered(format))
            .or_else(|| name_id_formats.first())
            .cloned()
            .unwrap_or_else(|| EMAIL_NAME_ID.to_owned()),
        endpoints: endpoints.clone(),
        metadata_url: url.map(str::to_owned),
    }
}

/// Problems found before anything is sent; the server checks the certificates.
pub fn check_saml(settings: &SamlInput) -> Problems {
    let mut problems = Problems::default();
    problems.require("entity_id", &settings.entity_id, "Enter the provider's entity ID.");
    problems.require("sso_url", &settings.sso_url, "Enter the sign-on URL of the provider.");
    problems.require("certificate", &settings.certificate, "Add the provider's signing certificate.");
    problems
}

/// The differences between settings: the name, the value before and after.
pub fn changes(before: &SamlInput, after: &SamlInput) -> Vec<(&'static str, String, String)> {
    let count = |text: &str| counted(text.matches("BEGIN CERTIFICATE").count(), "certificate");
    let pairs = [
        ("Entity ID", before.entity_id.clone(), after.entity_id.clone()),
        ("Sign-on URL", before.sso_url.clone(), after.sso_url.clone()),
        ("Logout URL", before.slo_url.clone().unwrap_or_default(), after.slo_url.clone().unwrap_or_default()),
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
    fn metadata_fills_the_form_and_prefers_the_redirect() {
        let before = SamlInput { sign_requests: false, ..SamlInput::default() };
        let after = adopt(&before, &provider(), Some("https://idp.example/metadata"));
        assert_eq!(after.sso_url, "https://idp.example/redirect");
        assert_eq!(after.slo_url.as_deref(), Some("https://idp.example/logout"));
        assert_eq!(after.name_id_format, "urn:a");
        assert!(after.sign_requests, "the provider wants requests signed");
    }

    #[test]
    fn what_is_missing_is_reported_at_its_field() {
        let problems = check_saml(&SamlInput::default());
        for field in ["entity_id", "sso_url", "certificate"] {
            assert!(problems.concern(field), "{field}");
        }
    }

    #[test]
    fn a_new_certificate_is_a_change_and_space_around_it_is_none() {
        let certificate = |text: &str| SamlInput { certificate: text.to_owned(), ..SamlInput::default() };
        assert!(changes(&certificate("a"), &certificate(" a\n")).is_empty());
        assert_eq!(changes(&certificate("a"), &certificate("b")).len(), 1);
    }
}
