//! Tests an OpenID provider: reads its discovery document and its keys, and reports their findings by steps.
//!
//! `domain::discovery` validates the document, as for every other reading of it. This module adds what only a
//! configured provider has: endpoints, scopes and a secret.

use vestibule_app::domain::{
    connection::StepStatus,
    discovery::{DiscoveryReport, Finding, FindingCode, ProviderMetadata, Severity},
    patch::Patch,
    problem::ServiceError,
    provider::{DiscoveryDemand, OidcConfig, OidcEndpoints, OidcInput},
};

use super::run::{StepResult, TestRun};
use crate::{
    core::discovery::{sentence, target},
    protocol::{http::OutboundClient, oidc},
};

/// What is tested of an OpenID provider.
pub(super) struct OidcTest {
    address: String,
    /// How to read the address: the stored one is that of the document, an entered one may be an issuer.
    demand: DiscoveryDemand,
    /// The issuer that is stored; the document must name the same.
    issuer: Option<String>,
    verify_tls: bool,
    /// The endpoints that are used; none of a provider that was never discovered.
    endpoints: OidcEndpoints,
    /// Endpoints that were entered by hand.
    overrides: OidcEndpoints,
    /// Whether the document was read before, so that the stored issuer comes from the provider.
    was_read: bool,
    scopes: Vec<String>,
    has_secret: bool,
    pkce: bool,
}

impl OidcTest {
    pub(super) fn stored(config: &OidcConfig) -> Self {
        Self {
            address: config.discovery_url.clone(),
            demand: DiscoveryDemand::CodeFlow,
            issuer: config.issuer.clone(),
            verify_tls: config.verify_tls,
            endpoints: config.effective_endpoints(),
            overrides: config.overrides.clone(),
            was_read: config.endpoints != OidcEndpoints::default(),
            scopes: config.scopes().map(str::to_owned).collect(),
            has_secret: config.has_client_secret,
            pkce: config.pkce,
        }
    }

    /// `has_secret` says whether a secret is stored for an input that keeps it.
    pub(super) fn entered(input: OidcInput, has_secret: bool) -> Self {
        let OidcInput {
            discovery_url,
            client_id: _,
            client_secret,
            extra_scopes,
            verify_tls,
            pkce,
            post_logout_redirect: _,
            overrides,
            demand,
        } = input;
        Self {
            address: discovery_url,
            demand,
            issuer: None,
            verify_tls,
            endpoints: overrides.clone(),
            overrides,
            was_read: false,
            scopes: extra_scopes.unwrap_or_default(),
            has_secret: match client_secret {
                Patch::Keep => has_secret,
                Patch::Clear => false,
                Patch::Set(secret) => !secret.is_empty(),
            },
            pkce,
        }
    }
}

/// Runs the steps; returns the discovery when the document could be read.
pub(super) async fn run(client: &OutboundClient, test: &OidcTest, run: &mut TestRun) -> Option<DiscoveryReport> {
    if !test.verify_tls {
        run.warn("The provider's TLS certificate is not checked.");
    }
    let step = run.step("address", "Address");
    let mut target = match target(&test.address, test.demand) {
        Ok(target) => target,
        Err(error) => {
            run.close(step, unusable(error));
            return None;
        }
    };
    if let Some(issuer) = &test.issuer {
        target.expected_issuer = Some(issuer.clone());
    }
    let admitted = match client.admit(&target.url, run.deadline).await {
        Ok(()) => StepResult::ok("The address may be called, and its name has an address."),
        Err(error) => StepResult::failed(sentence(&error), error.advice()),
    };
    if run.close(step, admitted) == StepStatus::Failed {
        return None;
    }

    let step = run.step("discovery", "Discovery document");
    let document = match oidc::read_document(client, &target, test.verify_tls, run.deadline).await {
        Ok(document) => document,
        Err(error) => {
            run.close(step, StepResult::failed(sentence(&error), error.advice()));
            return None;
        }
    };
    let mut findings = document.findings();
    if test.was_read {
        for finding in findings.iter_mut().filter(|finding| finding.code == FindingCode::IssuerMismatch) {
            finding.advice = "If the provider means to have another issuer, discover it again. If it does not, stop \
                              here: the document speaks for another provider."
                .to_owned();
        }
    }
    let about = |step| findings.iter().filter(move |finding| step_of(finding) == step);
    run.close(step, judged(about(Step::Discovery), "The discovery document was read."));

    let step = run.step("issuer", "Issuer");
    let well = match &target.expected_issuer {
        Some(_) => "The document names the issuer that was expected.".to_owned(),
        None => format!("The document names the issuer {}.", document.metadata().issuer.as_deref().unwrap_or_default()),
    };
    run.close(step, judged(about(Step::Issuer), &well));

    let step = run.step("endpoints", "Endpoints");
    // Endpoints that were entered by hand need not be in the document.
    let needed = about(Step::Endpoints).filter(|finding| !is_entered(&test.overrides, finding.member.as_deref()));
    let found = judged(needed, "The endpoints that signing in needs are there.");
    run.close(step, compare(found, test, document.metadata()));

    let step = run.step("sign_in", "Sign-in methods");
    let needed = about(Step::SignIn).filter(|finding| test.pkce || finding.code != FindingCode::PkceNotListed);
    run.close(step, judged(needed, "The provider offers the authorization code flow."));

    let step = run.step("client", "Client authentication");
    let well = match &document.metadata().token_endpoint_auth_methods_supported {
        Some(_) => {
            "The provider lists a client authentication that is supported here. Client ID and secret are tried when \
             somebody signs in."
        }
        None => {
            "The provider does not list how clients authenticate, which means client_secret_basic. Client ID and \
             secret are tried when a user signs in."
        }
    };
    let found = judged(about(Step::Client), well);
    run.close(step, secret(found, test.has_secret, document.metadata()));

    // A provider that lists no scopes gives nothing to compare with.
    if let Some(supported) = &document.metadata().scopes_supported {
        let step = run.step("scopes", "Scopes");
        let found = judged(about(Step::Scopes), "All requested scopes are supported.");
        run.close(step, scopes(found, &test.scopes, supported));
    }

    // Without an address of the keys the step of the endpoints has failed, and there is nothing to fetch.
    document.keys_address(test.overrides.jwks.as_deref())?;
    let step = run.step("keys", "Signing keys");
    let report = document.read_keys(client, test.verify_tls, test.overrides.jwks.as_deref(), run.deadline).await;
    let about_keys = report.findings.iter().filter(|finding| step_of(finding) == Step::Keys);
    run.close(step, judged(about_keys, "The provider publishes keys that verify its tokens."));
    Some(report)
}

/// The steps that report findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Discovery,
    Issuer,
    Endpoints,
    SignIn,
    Client,
    Scopes,
    Keys,
}

fn step_of(finding: &Finding) -> Step {
    use FindingCode as Code;
    match finding.code {
        Code::JwksUnreachable
        | Code::JwksNotAKeySet
        | Code::NoSigningKey
        | Code::DuplicateKeyId
        | Code::KeyIdMissing
        | Code::TooManyKeys
        | Code::KeyUnusable
        | Code::PrivateKeyPublished => Step::Keys,
        Code::CodeFlowUnsupported
        | Code::CodeGrantNotListed
        | Code::SigningAlgorithmUnsupported
        | Code::Rs256NotListed
        | Code::PkceNotListed => Step::SignIn,
        Code::ClientAuthenticationUnsupported => Step::Client,
        Code::OpenidScopeNotListed => Step::Scopes,
        _ => match finding.member.as_deref() {
            Some("issuer") => Step::Issuer,
            Some("jwks_uri") => Step::Endpoints,
            Some(member) if member.ends_with("_endpoint") => Step::Endpoints,
            Some("response_types_supported" | "id_token_signing_alg_values_supported") => Step::SignIn,
            _ => Step::Discovery,
        },
    }
}

/// The result of a step from its findings: the worst severity, and all messages.
fn judged<'a>(findings: impl Iterator<Item = &'a Finding>, well: &str) -> StepResult {
    findings.fold(StepResult::ok(well), |found, Finding { severity, message, advice, .. }| match severity {
        Severity::Error => found.and_failed(message, advice),
        Severity::Warning => found.also(message, advice),
        Severity::Info => found,
    })
}

fn named(endpoints: &OidcEndpoints) -> [(&'static str, Option<&String>); 5] {
    let OidcEndpoints { authorization, token, userinfo, jwks, end_session } = endpoints;
    [
        ("authorization_endpoint", authorization.as_ref()),
        ("token_endpoint", token.as_ref()),
        ("userinfo_endpoint", userinfo.as_ref()),
        ("jwks_uri", jwks.as_ref()),
        ("end_session_endpoint", end_session.as_ref()),
    ]
}

fn is_entered(overrides: &OidcEndpoints, member: Option<&str>) -> bool {
    named(overrides).into_iter().any(|(name, address)| address.is_some() && Some(name) == member)
}

/// Compares the endpoints in use with those of the document.
fn compare(found: StepResult, test: &OidcTest, metadata: &ProviderMetadata) -> StepResult {
    let stated = OidcEndpoints {
        authorization: metadata.authorization_endpoint.clone(),
        token: metadata.token_endpoint.clone(),
        userinfo: metadata.userinfo_endpoint.clone(),
        jwks: metadata.jwks_uri.clone(),
        end_session: metadata.end_session_endpoint.clone(),
    };
    named(&test.endpoints).into_iter().zip(named(&stated)).fold(found, |found, ((name, used), (_, stated))| {
        match (used, stated) {
            (Some(used), Some(stated)) if used != stated && !is_entered(&test.overrides, Some(name)) => found.also(
                format!(
                    "The provider is used with the {name} {used}, as its document said before. Now it names {stated}."
                ),
                "Discover the provider again, unless the document is wrong.",
            ),
            (Some(used), Some(stated)) if used != stated => found.also(
                format!("The provider is configured with the {name} {used}, and its document names {stated}."),
                "Read the discovery document again, or correct the address that was entered by hand.",
            ),
            (Some(used), None) => found.also(
                format!("The provider is configured with the {name} {used}, and its document names none."),
                "Make sure that the address still holds.",
            ),
            _ => found,
        }
    })
}

fn secret(found: StepResult, has_secret: bool, metadata: &ProviderMetadata) -> StepResult {
    // Absent means client_secret_basic.
    let methods = metadata.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
    if has_secret || methods.iter().any(|method| method == "none") {
        return found;
    }
    found.also(
        "No client secret is stored, and the provider lists no client authentication without one.",
        "Enter the client secret, unless this client is registered as a public one.",
    )
}

fn scopes(found: StepResult, asked_for: &[String], supported: &[String]) -> StepResult {
    // A missing `openid` is a finding of its own.
    let unlisted: Vec<_> =
        asked_for.iter().filter(|scope| *scope != "openid" && !supported.contains(scope)).map(String::as_str).collect();
    if unlisted.is_empty() {
        return found;
    }
    found.also(
        format!("The provider does not list these scopes: {}.", unlisted.join(", ")),
        "Remove them, or test the sign-in: some providers do not list what they accept.",
    )
}

fn unusable(error: ServiceError) -> StepResult {
    match error {
        ServiceError::Upstream { message, advice, .. } => StepResult::failed(sentence(&message), advice),
        other => StepResult::failed(sentence(&other), String::new()),
    }
}
