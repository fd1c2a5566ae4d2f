//! Connection tests: their steps, what is kept, who may, the schedule and the route.

mod access;
mod directories;
mod keeping;
mod limits;
mod oidc;
mod reading;
mod saml;
mod schedule;
mod stream;

use std::sync::{Arc, Mutex, PoisonError};

use vestibule::{
    domain::{
        actor::Actor,
        connection::{StepStatus, TestProgress, TestReport, TestStep},
        provider::{ConfigInput, DiscoveryDemand, IdentityProvider, LdapConfig, NewProvider, OidcInput},
        secret::Secret,
    },
    service::Progress,
};

use crate::support::{TestApp, app::oidc_provider, openid::OpenIdProvider};

/// Collects the progress that a test reports.
#[derive(Clone, Default)]
struct ReportedProgress(Arc<Mutex<Vec<TestProgress>>>);

impl ReportedProgress {
    fn progress(&self) -> Option<Progress> {
        let reported = self.0.clone();
        Some(Arc::new(move |progress| reported.lock().unwrap_or_else(PoisonError::into_inner).push(progress)))
    }

    fn all(&self) -> Vec<TestProgress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A directory where nobody listens.
fn silent_directory(name: &str) -> NewProvider {
    let config = LdapConfig {
        urls: vec!["ldap://127.0.0.1:1".to_owned()],
        bind_dn: Some("cn=reader,dc=example".to_owned()),
        bind_password: Some(Secret::new("hush hush")),
        base_dn: "dc=example".to_owned(),
        ..LdapConfig::default()
    };
    NewProvider { config: ConfigInput::Ldap(Box::new(config.into())), ..oidc_provider(name, String::new()) }
}

/// The names of the steps with how they ended.
fn steps(report: &TestReport) -> Vec<(&str, StepStatus)> {
    report.steps.iter().map(|step| (step.name.as_str(), step.status)).collect()
}

#[track_caller]
fn step<'a>(report: &'a TestReport, name: &str) -> &'a TestStep {
    report
        .steps
        .iter()
        .find(|step| step.name.as_str() == name)
        .unwrap_or_else(|| panic!("no {name} in {:?}", steps(report)))
}

/// The only step that is not as it should.
#[track_caller]
fn odd(report: &TestReport) -> &TestStep {
    let odd: Vec<_> = report.steps.iter().filter(|step| step.status != StepStatus::Ok).collect();
    assert_eq!(odd.len(), 1, "{odd:?}");
    odd[0]
}

/// What an OpenID provider's form holds.
fn entered(address: String) -> OidcInput {
    match oidc_provider("x", address).config {
        ConfigInput::Oidc(input) => input,
        other => panic!("{other:?}"),
    }
}

/// A provider that is stored without a look at it.
async fn unread(app: &TestApp, name: &str, provider: &OpenIdProvider) -> IdentityProvider {
    let config = ConfigInput::Oidc(OidcInput { demand: DiscoveryDemand::Later, ..entered(provider.issuer()) });
    let new = NewProvider { config, ..oidc_provider(name, String::new()) };
    app.create_new(new).await.expect("a provider")
}

async fn test(app: &TestApp, provider: &IdentityProvider) -> TestReport {
    app.services.connections.test(&Actor::operator(), provider.id, None).await.expect("a report")
}

async fn test_entered(app: &TestApp, input: OidcInput) -> TestReport {
    let tests = &app.services.connections;
    tests.test_unsaved(&Actor::operator(), None, None, ConfigInput::Oidc(input), None, None).await.expect("a report")
}
