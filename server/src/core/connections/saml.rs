//! Tests a SAML provider: checks its certificates and settings, and whether its addresses answer.
//!
//! Only browsers have to reach a SAML provider, so an address that this server cannot reach is a warning.

use std::time::Duration;

use tokio::time::Instant;
use url::Url;
use vestibule_app::domain::{
    connection::StepName,
    provider::{SamlCertificate, SamlConfig, SamlInput, SamlService},
    saml_metadata::{MetadataProvider, MetadataReport},
    web_url::is_web_address,
};

use super::run::{StepResult, TestRun};
use crate::{
    core::discovery::sentence,
    protocol::{
        http::{Get, OutboundClient},
        saml::{
            certificate::{self, CertificateError},
            metadata::{self, is_known_name_id_format},
        },
    },
};

/// The time limit of the sign-on address, which leaves time for the metadata.
const PROBE: Duration = Duration::from_secs(5);

/// What is tested of a SAML provider.
pub(super) struct SamlTest {
    entity_id: String,
    sso_url: String,
    slo_url: Option<String>,
    certificates: Result<Vec<SamlCertificate>, CertificateError>,
    name_id_format: String,
    metadata_url: Option<String>,
}

impl SamlTest {
    pub(super) fn stored(config: SamlConfig) -> Self {
        let SamlConfig { entity_id, sso_url, slo_url, certificates, name_id_format, metadata_url, .. } = config;
        let certificates = if certificates.is_empty() { Err(CertificateError::Empty) } else { Ok(certificates) };
        Self { entity_id, sso_url, slo_url, certificates, name_id_format, metadata_url }
    }

    pub(super) fn entered(input: SamlInput) -> Self {
        let SamlInput { entity_id, sso_url, slo_url, certificate, name_id_format, metadata_url, .. } = input;
        let certificates = certificate::read(&certificate);
        Self { entity_id, sso_url, slo_url, certificates, name_id_format, metadata_url }
    }
}

pub(super) async fn run(client: &OutboundClient, test: &SamlTest, run: &mut TestRun) {
    let step = run.step(StepName::Certificate);
    let found = certificates(test, run);
    run.close(step, found);

    let step = run.step(StepName::EntityId);
    run.close(step, entity_id(test));

    let step = run.step(StepName::Addresses);
    let found = addresses(test);
    run.close(step, found);

    if let Some(url) = usable(&test.sso_url) {
        let step = run.step(StepName::Sso);
        let deadline = run.deadline.min(Instant::now() + PROBE);
        let found = match client.probe(Get { url: &url, verify_tls: true, max_bytes: 0, deadline }).await {
            Ok(status) => StepResult::ok(format!("The sign-on address answers (HTTP {status}).")),
            Err(error) => StepResult::warning(
                format!("The sign-on address does not answer this server: {error}."),
                "Only users' browsers have to reach it. Check it from where they are.",
            ),
        };
        run.close(step, found);
    }

    let (address, is_entity_id) = match &test.metadata_url {
        Some(address) => (address.as_str(), false),
        None => (test.entity_id.as_str(), true),
    };
    let Some(url) = usable(address) else { return };
    if is_entity_id {
        // An entity ID is a name; many providers serve their metadata at its address, but not all. Without an answer
        // there is nothing to compare with, and no step.
        if let Ok(report) = metadata::fetch_by(client, &url, true, run.now, run.deadline).await {
            let step = run.step(StepName::Metadata);
            run.close(step, compared(test, &report));
        }
        return;
    }
    let step = run.step(StepName::Metadata);
    let found = match metadata::fetch_by(client, &url, true, run.now, run.deadline).await {
        Ok(report) => compared(test, &report),
        Err(error) => StepResult::warning(sentence(&error), error.advice()),
    };
    run.close(step, found);
}

/// One valid certificate is enough: during a rollover the old one expires beside the new one.
fn certificates(test: &SamlTest, run: &mut TestRun) -> StepResult {
    let certificates = match &test.certificates {
        Ok(certificates) => certificates,
        Err(error) => return StepResult::failed(error.explain(), ""),
    };
    run.show(certificates.iter().map(|certificate| certificate.summary.clone()));
    let judged: Vec<_> = certificates
        .iter()
        .map(|certificate| (&certificate.summary.subject, certificate::judge(&certificate.summary, run.now)))
        .collect();
    let is_fit = judged.iter().any(|(_, faults)| !faults.iter().any(certificate::CertificateFault::is_fatal));
    let well = match certificates.len() {
        1 => "The signing certificate is valid.".to_owned(),
        several => format!("At least one of the {several} signing certificates is valid."),
    };
    let faults = judged.into_iter().flat_map(|(subject, faults)| faults.into_iter().map(move |fault| (subject, fault)));
    faults.fold(StepResult::ok(well), |found, (subject, fault)| {
        let message = format!("The certificate {subject} {fault}.");
        let is_failure = fault.is_fatal() && !is_fit;
        if is_failure { found.and_failed(message, fault.advice()) } else { found.also(message, fault.advice()) }
    })
}

fn entity_id(test: &SamlTest) -> StepResult {
    let found = match test.entity_id.trim() {
        "" => StepResult::failed("There is no entity identifier.", "Enter the entityID of the provider's metadata."),
        id if id.chars().count() > 1024 => StepResult::failed(
            "The entity identifier is longer than 1024 characters.",
            "Enter the entityID of the provider's metadata.",
        ),
        _ => StepResult::ok("The entity identifier is well-formed."),
    };
    if is_known_name_id_format(test.name_id_format.trim()) {
        return found;
    }
    found.also(
        "The name ID format is not one that SAML defines.",
        "Check it against the formats that the provider's metadata lists.",
    )
}

fn addresses(test: &SamlTest) -> StepResult {
    let mut found = StepResult::ok("The addresses are well-formed.");
    for (name, address) in [("sign-on", Some(&test.sso_url)), ("logout", test.slo_url.as_ref())] {
        let Some(address) = address else { continue };
        found = match usable(address) {
            None => found.and_failed(
                format!("The {name} address is not a full http or https address."),
                "Enter the address as the provider's metadata has it.",
            ),
            Some(url) if url.scheme() == "http" && !is_loopback(&url) => found.also(
                format!("The {name} address does not use https."),
                "What is sent to it can be read and changed on the way; use https outside a test.",
            ),
            Some(_) => found,
        };
    }
    found
}

/// Compares what the provider publishes with the configuration. Differences are warnings: the configuration counts.
fn compared(test: &SamlTest, report: &MetadataReport) -> StepResult {
    let Some(provider) = report.providers.iter().find(|provider| provider.entity_id == test.entity_id) else {
        return StepResult::warning(
            "The published metadata is about another entity.",
            "Check the entity identifier, or the address of the metadata.",
        );
    };
    differences(test, provider)
        .into_iter()
        .fold(StepResult::ok("The published metadata agrees with the configuration."), |found, difference| {
            found.also(difference, "Read the metadata again and take over what changed.")
        })
}

fn differences(test: &SamlTest, provider: &MetadataProvider) -> Vec<&'static str> {
    let stands = |service, address: &str| {
        provider.endpoints.iter().any(|endpoint| endpoint.service == service && endpoint.location == address)
    };
    let mut found = Vec::new();
    if !stands(SamlService::SingleSignOn, &test.sso_url) {
        found.push("The published metadata does not name the sign-on address.");
    }
    if test.slo_url.as_ref().is_some_and(|address| !stands(SamlService::SingleLogout, address)) {
        found.push("The published metadata does not name the logout address.");
    }
    let fingerprints = |certificates: &[SamlCertificate]| -> Vec<String> {
        certificates.iter().map(|certificate| certificate.summary.sha256.clone()).collect()
    };
    let configured = fingerprints(test.certificates.as_deref().unwrap_or_default());
    let published = fingerprints(&provider.certificates);
    if published.iter().any(|certificate| !configured.contains(certificate)) {
        found.push("The provider publishes a signing certificate that is not configured.");
    }
    let is_gone = configured.iter().any(|certificate| !published.contains(certificate));
    if provider.has_unread_keys {
        found.push("The published metadata holds a signing key that cannot be read or is left out.");
    } else if is_gone && !published.is_empty() {
        found.push("A configured signing certificate is no longer published.");
    }
    found
}

fn usable(address: &str) -> Option<Url> {
    if is_web_address(address) { Url::parse(address.trim()).ok() } else { None }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
