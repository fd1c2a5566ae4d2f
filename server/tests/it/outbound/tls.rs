//! Certificates: which are trusted, which are distinguished, and who may look away.

use std::sync::Arc;

use axum::Router;
use vestibule::testing::protocol::http::{FetchErrorKind, OutboundClient, Refusal};

use super::{client, get, get_unverified, policy, url};
use crate::support::hostile::{Hostile, json};
use crate::support::lookup::Script;
use crate::support::tls::{Authority, Identity};

#[tokio::test]
async fn a_self_signed_certificate_is_a_tls_failure() {
    let server = Hostile::serve_tls(Identity::self_signed("127.0.0.1"), document()).await;
    let error = get(&client(), &server.url("/")).await.expect_err("nobody vouches for it");
    assert!(error.is_tls(), "{error}");
    assert!(error.to_string().contains("self-signed"), "{error}");
    assert!(!error.is_connect() && !error.is_timeout());
}

#[tokio::test]
async fn a_self_signed_certificate_is_accepted_where_operator_and_caller_agree() {
    let server = Hostile::serve_tls(Identity::self_signed("127.0.0.1"), document()).await;
    let client = OutboundClient::new(policy(&["127.0.0.1"]).with_insecure_tls(true));
    get_unverified(&client, &server.url("/")).await.expect("nobody checks");
    let error = get(&client, &server.url("/")).await.expect_err("this caller checks");
    assert!(error.is_tls(), "{error}");
}

#[tokio::test]
async fn a_server_without_the_key_of_its_certificate_is_refused_even_unverified() {
    let copied = Identity::self_signed("127.0.0.1").with_key_of(Identity::self_signed("127.0.0.1"));
    let server = Hostile::serve_tls(copied, document()).await;
    let client = OutboundClient::new(policy(&["127.0.0.1"]).with_insecure_tls(true));
    let error = get_unverified(&client, &server.url("/")).await.expect_err("the key is another's");
    assert!(error.is_tls(), "{error}");
}

#[tokio::test]
async fn an_operator_who_does_not_permit_it_forbids_requests_without_verification() {
    let server = Hostile::serve_tls(Identity::self_signed("127.0.0.1"), document()).await;
    let error = get_unverified(&client(), &server.url("/")).await.expect_err("it is not permitted");
    assert_eq!(error.kind, FetchErrorKind::Refused(Refusal::UnverifiedTls));
}

#[tokio::test]
async fn a_certificate_of_a_trusted_authority_is_accepted() {
    let authority = Authority::new();
    let server = Hostile::serve_tls(authority.issue("127.0.0.1"), document()).await;
    get(&trusting(&authority), &server.url("/")).await.expect("the authority is trusted");
}

#[tokio::test]
async fn an_expired_certificate_is_reported_as_expired() {
    let authority = Authority::new();
    let server = Hostile::serve_tls(authority.issue_expired("127.0.0.1"), document()).await;
    let error = get(&trusting(&authority), &server.url("/")).await.expect_err("it has expired");
    assert_eq!(error.kind, FetchErrorKind::Tls("the certificate has expired"));
}

#[tokio::test]
async fn a_certificate_for_another_name_is_reported_as_such() {
    let authority = Authority::new();
    let server = Hostile::serve_tls(authority.issue("other.example"), document()).await;
    let client = trusting(&authority).with_lookup(Arc::new(Script::new(&[&["127.0.0.1"]])));
    for target in [server.url("/"), server.url_at("idp.example", "/")] {
        let error = get(&client, &target).await.expect_err("the name differs");
        assert_eq!(error.kind, FetchErrorKind::Tls("the certificate is for another host name"));
    }
    get(&client, &server.url_at("other.example", "/")).await.expect("the name is right");
}

#[tokio::test]
async fn https_to_a_port_that_speaks_plain_http_is_a_tls_failure() {
    let server = Hostile::serve(document()).await;
    let target = url(&format!("https://{}/", server.address()));
    let error = get(&client(), &target).await.expect_err("it does not speak TLS");
    assert_eq!(error.kind, FetchErrorKind::Tls("the port does not speak TLS"));
}

#[test]
fn roots_that_are_no_certificates_are_refused() {
    for text in ["", "not a certificate", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"] {
        assert!(client().with_extra_roots(text.as_bytes()).is_err(), "{text}");
    }
}

fn trusting(authority: &Authority) -> OutboundClient {
    client().with_extra_roots(authority.pem()).expect("it is a certificate")
}

fn document() -> Router {
    Router::new().route("/", json("{}"))
}
