//! The key file: made once, kept private, rotated.

use std::sync::Arc;

use vestibule::{Secret, Vestibule, domain::actor::Actor, service::ProviderRef};

use super::{Deployment, mode};
use crate::support::{TestClock, app::builder};

const KEY_FILE: &str = "vestibule.key";

/// An instance over the deployment's files, with whatever keys stand in the key file.
async fn instance(deployment: &Deployment) -> Result<Vestibule, vestibule::BuildError> {
    let keys = std::fs::read_to_string(deployment.path(KEY_FILE)).expect("a key file");
    let builder = builder(&TestClock::default()).database_url(deployment.database_url()).key(Secret::new(keys));
    builder.base_url("https://id.example.com").build().await
}

async fn secret_of(vestibule: &Vestibule) -> Option<String> {
    let reference = ProviderRef::PlatformOidc("okta".to_owned());
    let provider = vestibule.services().providers.get(&Actor::operator(), &reference).await.expect("the provider");
    provider.oidc().and_then(|oidc| oidc.client_secret.as_ref()).map(|secret| secret.expose().to_owned())
}

#[tokio::test]
async fn the_first_start_makes_private_files() {
    let deployment = Deployment::new();
    deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    for file in ["vestibule.db", KEY_FILE] {
        assert_eq!(mode(&deployment.path(file)), 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_lost_key_is_not_replaced_once_something_is_sealed() {
    let deployment = Deployment::new();
    deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    std::fs::remove_file(deployment.path(KEY_FILE)).expect("a file");
    let message = deployment.fail(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    assert!(message.contains("Restore that key"), "{message}");
    assert!(!deployment.path(KEY_FILE).exists());
}

#[tokio::test]
async fn another_key_does_not_start_and_says_why() {
    let deployment = Deployment::new();
    deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    let other = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    std::fs::write(deployment.path(KEY_FILE), other).expect("a file");
    let message = deployment.fail(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    assert!(message.contains("sealed with another key") && !message.contains(other), "{message}");
    let report = deployment.run(&["doctor"]);
    assert!(!report.status.success());
    assert!(super::text(&report.stdout).contains("FAILED   key:"), "{}", super::text(&report.stdout));
}

#[tokio::test]
async fn rotating_seals_everything_anew_and_the_old_key_may_go() {
    let deployment = Deployment::new();
    deployment.succeed(&["migrate"]);
    deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    let openid = crate::support::openid::OpenIdProvider::start().await;
    let before = instance(&deployment).await.expect("an instance");
    let mut new = crate::support::app::oidc_provider("Okta", openid.discovery_url());
    new.slug = Some("okta".to_owned());
    before.services().providers.create(&Actor::operator(), new).await.expect("a provider");
    drop(before);
    let old = std::fs::read_to_string(deployment.path(KEY_FILE)).expect("a key file");
    let old_key = old.lines().find(|line| !line.starts_with('#')).expect("a key").to_owned();

    let output = deployment.run(&["key", "rotate"]);
    assert!(output.status.success(), "{}", super::text(&output.stderr));
    assert!(super::text(&output.stderr).contains("1 secret is sealed with key"), "{}", super::text(&output.stderr));
    assert_eq!(mode(&deployment.path(KEY_FILE)), 0o600);
    let ring = std::fs::read_to_string(deployment.path(KEY_FILE)).expect("a key file");
    assert!(ring.contains(&old_key) && !ring.starts_with(&old));

    // Only the new key stays, and everything opens.
    std::fs::write(deployment.path(KEY_FILE), ring.replace(&old_key, "")).expect("a file");
    let after = instance(&deployment).await.expect("the new key alone");
    assert_eq!(secret_of(&after).await.as_deref(), Some("a client secret"));
    let log = after.services().audit.list(&Actor::operator(), &Default::default(), crate::support::ALL).await;
    use vestibule::domain::audit::AuditAction::KeyRotated;
    assert!(log.expect("the log").items.iter().any(|entry| entry.action == KeyRotated && entry.actor == "operator"));
    drop(after);
    std::fs::write(deployment.path(KEY_FILE), old_key).expect("a file");
    assert!(instance(&deployment).await.is_err(), "the old key opens nothing any more");
}

#[tokio::test]
async fn the_key_may_come_from_the_environment_and_then_no_file_is_made() {
    let deployment = Arc::new(Deployment::new());
    let mut command = deployment.command(&["token", "create", "--name", "ci", "--role", "platform_reader"]);
    let output = command.env("VESTIBULE_KEY", crate::support::KEY).output().expect("the binary starts");
    assert!(output.status.success(), "{}", super::text(&output.stderr));
    assert!(!deployment.path(KEY_FILE).exists());
}
