//! Discovery documents as providers in the wild write them, through the portal: what is read, refused and advised.

use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Role},
    connection::StepStatus,
    discovery::{DiscoveryReport, FindingCode},
    problem::ServiceError,
};

use crate::support::{TestApp, Visitor, app::oidc_provider, openid::OpenIdProvider};

/// What the portal shows of an address.
async fn inspect(app: &TestApp, visitor: &Visitor, address: &str) -> DiscoveryReport {
    let arguments = json!({"address": address, "verify_tls": true});
    let answer = app.call(visitor, "discovery/inspect", arguments).await.expect(200);
    serde_json::from_value(answer).expect("a report")
}

async fn refused(app: &TestApp, provider: &OpenIdProvider) -> (String, String) {
    match app.create_new(oidc_provider("x", provider.issuer())).await {
        Err(ServiceError::Upstream { message, advice, .. }) => (message, advice),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn empty_lists_keep_nobody_from_saving() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start().await;
    provider.change(|document| {
        for member in [
            "response_types_supported",
            "id_token_signing_alg_values_supported",
            "scopes_supported",
            "claims_supported",
            "code_challenge_methods_supported",
            "token_endpoint_auth_methods_supported",
            "grant_types_supported",
        ] {
            document[member] = json!([]);
        }
    });
    let report = inspect(&app, &visitor, &provider.issuer()).await;
    assert!(report.is_usable(), "{:?}", report.findings);
    assert!(report.has(FindingCode::MemberEmpty) && !report.has(FindingCode::CodeFlowUnsupported));
    let stored = app.create_new(oidc_provider("Empties", provider.issuer())).await.expect("a provider");
    let tested = app.services.connections.test(&Actor::operator(), stored.id, None).await.expect("a report");
    assert_ne!(tested.status(), StepStatus::Failed, "{}", tested.message());
}

#[tokio::test]
async fn every_endpoint_that_signing_in_needs_is_named_when_it_cannot_be_used() {
    let app = TestApp::start().await;
    let provider = OpenIdProvider::start().await;
    provider.change(|document| {
        document["authorization_endpoint"] = json!("/oauth2/auth");
        document["token_endpoint"] = json!(["https://id.example/token"]);
        document["jwks_uri"] = Value::Null;
    });
    let (message, advice) = refused(&app, &provider).await;
    for part in [
        "authorization_endpoint is not a full URL: \"/oauth2/auth\" is relative.",
        "token_endpoint should be text and is a list.",
        "In the document, jwks_uri is null, which counts as absent.",
    ] {
        assert!(message.contains(part), "{message}");
    }
    assert!(advice.contains("Ask the provider to correct its discovery document."), "{advice}");
}

#[tokio::test]
async fn an_endpoint_that_signing_in_does_without_is_left_out_with_a_finding() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start().await;
    provider.change(|document| {
        document["userinfo_endpoint"] = json!("/userinfo");
        document["end_session_endpoint"] = json!("logout");
    });
    let stored = app.create_new(oidc_provider("Relative", provider.issuer())).await.expect("a provider");
    let endpoints = stored.oidc().expect("an OpenID provider").effective_endpoints();
    assert_eq!((endpoints.userinfo, endpoints.end_session), (None, None));
    let report = inspect(&app, &visitor, &provider.issuer()).await;
    let reported: Vec<_> = report.warnings().filter_map(|finding| finding.member.as_deref()).collect();
    assert_eq!(reported, ["userinfo_endpoint", "end_session_endpoint"]);
}

#[tokio::test]
async fn following_the_advice_about_another_issuer_works() {
    let app = TestApp::start().await;
    let visitor = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start().await;
    let elsewhere = "https://login.example/{tenantid}/v2.0";
    for issuer in [format!("{}/tenantguid/v2.0/", provider.issuer()), elsewhere.to_owned()] {
        provider.set("issuer", json!(issuer));
        let (message, advice) = refused(&app, &provider).await;
        assert!(message.starts_with(&format!("The document names the issuer {issuer}, and ")), "{message}");
        let (_, rest) = advice.split_once("enter the address of its document, ").expect("an address");
        let address = rest.split_once(',').expect("an end").0;
        assert!(inspect(&app, &visitor, address).await.is_usable());
        let stored = app.create_new(oidc_provider(&issuer, address.to_owned())).await.expect("a provider");
        assert_eq!(stored.oidc().and_then(|oidc| oidc.issuer.clone()), Some(issuer));
        let tested = app.services.connections.test(&Actor::operator(), stored.id, None).await.expect("a report");
        assert!(tested.success(), "{}", tested.message());
    }
}
