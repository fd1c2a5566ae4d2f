//! Discovery as a whole, over the wire: the document, the keys, and what becomes of faults in either.

use std::time::Duration;

use axum::Router;
use axum::routing::MethodRouter;
use serde_json::{Value, json};
use tokio::time::Instant;
use vestibule::protocol::oidc::{DiscoverError, discover, discover_by, fetch_document};
use vestibule_app::domain::discovery::{DiscoveryReport, FindingCode, Severity, WELL_KNOWN_PATH, discovery_url};

use super::client;
use crate::support::{
    hostile::{self, Hostile, Then, page, redirect},
    openid::OpenIdProvider,
};

#[tokio::test]
async fn a_flawless_provider_has_no_errors() {
    let server = provider(|_| {}).await;
    let report = report(&server).await;
    assert_eq!(report.errors().collect::<Vec<_>>(), Vec::<&_>::new());
    assert_eq!(report.jwks.as_ref().map(|jwks| jwks.signing_keys().count()), Some(1));
    assert_eq!(report.requested_url, server.url(WELL_KNOWN_PATH).as_str());
    assert_eq!(report.final_url, report.requested_url);
}

#[tokio::test]
async fn another_issuer_than_expected_is_a_finding() {
    let server = provider(|document| document["issuer"] = json!("https://evil.example")).await;
    assert!(report(&server).await.has(FindingCode::IssuerMismatch));
}

#[tokio::test]
async fn missing_and_null_members_are_findings_alike() {
    let missing = provider(|document| {
        document.as_object_mut().expect("it is an object").remove("token_endpoint");
    })
    .await;
    let null = provider(|document| document["token_endpoint"] = Value::Null).await;
    for server in [missing, null] {
        let report = report(&server).await;
        let found = report.errors().find(|finding| finding.member.as_deref() == Some("token_endpoint"));
        assert!(found.is_some(), "{:?}", report.findings);
    }
}

#[tokio::test]
async fn without_an_address_the_keys_are_not_fetched() {
    for odd in [Value::Null, json!("not a url"), json!("/relative")] {
        let value = odd.clone();
        let server = provider(move |document| document["jwks_uri"] = value.clone()).await;
        let report = report(&server).await;
        assert!(report.jwks.is_none() && !report.has(FindingCode::JwksUnreachable), "{odd}");
        assert!(!report.is_usable(), "{odd}");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_read_are_a_finding_and_the_report_stands() {
    let huge = format!(r#"{{"keys":[],"filler":"{}"}}"#, "x".repeat(256 * 1024));
    for (keys, expected) in [
        (page(404, "text/plain", "MARKER"), "HTTP 404"),
        (page(500, "text/html", "MARKER"), "HTTP 500"),
        (page(200, "text/html", "<p>MARKER"), "not JSON"),
        (hostile::json(huge), "longer than 262144 bytes"),
        (redirect(302, "http://169.254.169.254/latest/"), "169.254.169.254"),
    ] {
        let server = provider_with_keys(keys).await;
        let report = report(&server).await;
        let finding = &report.findings[0];
        assert_eq!((finding.severity, finding.code), (Severity::Error, FindingCode::JwksUnreachable));
        assert_eq!(finding.member.as_deref(), Some("jwks_uri"));
        assert!(finding.message.contains(expected), "{}", finding.message);
        assert!(!finding.advice.is_empty());
        assert!(!format!("{report:?}").contains("MARKER"));
        assert!(report.jwks.is_none() && report.metadata.issuer.is_some());
    }
}

#[tokio::test]
async fn the_address_of_the_keys_is_judged_like_any_other() {
    for target in ["http://127.0.0.2/jwks", "https://[::1]/jwks", "https://169.254.169.254/", "ftp://127.0.0.1/"] {
        let server = provider(move |document| document["jwks_uri"] = json!(target)).await;
        let report = report(&server).await;
        assert!(report.has(FindingCode::JwksUnreachable), "{target}: {:?}", report.findings);
    }
}

#[tokio::test]
async fn symmetric_keys_alone_cannot_verify_anything() {
    let server = provider_with_keys(hostile::json(r#"{"keys":[{"kty":"oct","kid":"a","alg":"HS256"}]}"#)).await;
    assert!(report(&server).await.has(FindingCode::NoSigningKey));
}

#[tokio::test]
async fn keys_that_never_arrive_use_up_the_time_and_the_report_stands() {
    let hanging = Hostile::raw("HTTP/1.1 200 OK\r\n\r\n", Then::Hang).await;
    let jwks_uri = hanging.url("/").to_string();
    let server = provider(move |document| document["jwks_uri"] = json!(jwks_uri)).await;
    let target = discovery_url(server.url("/").as_str()).expect("it is an issuer");
    let deadline = Instant::now() + Duration::from_secs(2);
    let report = discover_by(&client(), &target, true, deadline).await.expect("the document is there");
    assert!(report.findings[0].message.contains("no complete answer in time"), "{:?}", report.findings);
}

#[tokio::test]
async fn a_document_that_is_no_object_is_no_discovery_document() {
    let server = Hostile::serve(Router::new().route(WELL_KNOWN_PATH, hostile::json("[]"))).await;
    let error = try_report(server.url("/").as_str()).await.expect_err("it is a list");
    assert!(matches!(error, DiscoverError::Document { .. }), "{error}");
    assert!(!error.advice().is_empty());
}

#[tokio::test]
async fn a_document_that_cannot_be_fetched_is_an_error_and_not_a_report() {
    let server = Hostile::serve(Router::new()).await;
    let error = try_report(server.url("/").as_str()).await.expect_err("nothing is there");
    assert!(matches!(&error, DiscoverError::Fetch(error) if error.status() == Some(404)), "{error}");
    assert!(error.to_string().contains(server.url(WELL_KNOWN_PATH).as_str()), "{error}");
}

#[tokio::test]
async fn a_document_can_be_read_without_judgement_and_without_keys() {
    let server = Hostile::serve(Router::new().route("/any", hostile::json(r#"{"userinfo_endpoint":1}"#))).await;
    let fetched = fetch_document(&client(), &server.url("/any"), true).await.expect("it is JSON");
    assert_eq!(fetched.value, json!({"userinfo_endpoint": 1}));
}

/// A provider whose document is flawless but for `change`.
async fn provider(change: impl Fn(&mut Value) + Send + 'static) -> OpenIdProvider {
    OpenIdProvider::setup().every(change).start().await
}

/// A flawless document, and something in place of its keys.
async fn provider_with_keys(keys: MethodRouter) -> OpenIdProvider {
    OpenIdProvider::setup().keys(keys).start().await
}

async fn report(server: &OpenIdProvider) -> DiscoveryReport {
    try_report(&server.issuer()).await.expect("the document can be read")
}

async fn try_report(issuer: &str) -> Result<DiscoveryReport, DiscoverError> {
    let target = discovery_url(issuer.trim_end_matches('/')).expect("it is an issuer");
    discover(&client(), &target, true).await
}
