//! The whole body with which each dialect shows a provider of each protocol, as snapshots: a member that appears, moves
//! or goes is seen.

use serde_json::{Value, json};
use vestibule::domain::provider::{IdentityProvider, Protocol};

use super::doors::{ADMIN, AVEVA, Doors, WALDUR, linked_to, of_tenant};
use crate::support::app::saml_provider;

/// Compares a body with its snapshot. Identifiers are random, and the provider's port is another one in each run.
fn assert_body(name: &str, body: &Value) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[uuid]");
    settings.add_filter(r"\b(idp|tnt|ten|grp|usr)_[0-9A-Za-z]{16,}", "${1}_[id]");
    settings.add_filter(r"\b[0-9a-f]{32}\b", "[request]");
    settings.add_filter(r"127\.0\.0\.1:[0-9]+", "127.0.0.1:[port]");
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_json_snapshot!(name, body));
}

/// Every dialect's answer for one provider of the platform that a tenant uses.
async fn assert_shown(doors: &Doors, protocol: Protocol, id: &str, slug: &str) {
    let protocol = protocol.as_str();
    doors.link(doors.acme, id).await;
    assert_body(
        &format!("scaikey_admin_{protocol}"),
        &doors.rest("GET", &format!("{ADMIN}{id}"), None).await.expect(200),
    );
    let of_acme = doors.rest("GET", &of_tenant(doors.acme, id), None).await.expect(200);
    assert_body(&format!("scaikey_tenant_{protocol}"), &of_acme);
    assert_body(&format!("aveva_{protocol}"), &doors.rest("GET", &format!("{AVEVA}{id}"), None).await.expect(200));
    let linked = doors.rest("GET", &linked_to(doors.acme, id), None).await.expect(200);
    assert_body(&format!("aveva_tenant_{protocol}"), &linked);
    assert_body(&format!("portal_{protocol}"), &doors.opened(id).await);
    if protocol == "oidc" {
        assert_body("waldur_oidc", &doors.rest("GET", &format!("{WALDUR}{slug}/"), None).await.expect(200));
    }
}

#[tokio::test]
async fn an_openid_provider_is_shown_as_the_snapshots_say() {
    let doors = Doors::open().await;
    let IdentityProvider { id, slug, .. } = doors.app.create("Okta").await;
    assert_shown(&doors, Protocol::Oidc, &id.to_string(), slug.as_str()).await;
}

#[tokio::test]
async fn a_saml_provider_is_shown_as_the_snapshots_say() {
    let doors = Doors::open().await;
    let IdentityProvider { id, slug, .. } = doors.app.create_new(saml_provider("ADFS")).await.expect("a provider");
    assert_shown(&doors, Protocol::Saml, &id.to_string(), slug.as_str()).await;
}

#[tokio::test]
async fn a_directory_is_shown_as_the_snapshots_say() {
    let doors = Doors::open().await;
    let body = json!({
        "name": "Directory", "provider_type": "ldap",
        "ldap_config": {"urls": ["ldaps://ldap.example.com"], "base_dn": "dc=example,dc=com", "bind_dn": "cn=reader,dc=example,dc=com", "bind_password": "hush"},
    });
    let made = doors.rest("POST", ADMIN, Some(body)).await.expect(201);
    let id = super::doors::bare(&made["data"]["id"]);
    let slug = made["data"]["slug"].as_str().expect("a slug").to_owned();
    assert_shown(&doors, Protocol::Ldap, &id, &slug).await;
}
