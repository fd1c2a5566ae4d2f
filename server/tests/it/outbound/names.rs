//! Names whose addresses are chosen by somebody else.

use std::sync::Arc;

use axum::Router;
use vestibule::testing::protocol::http::{
    AddressClass, FetchErrorKind, OutboundClient, Refusal, ResolveError, resolve,
};

use super::{client, get, policy, url};
use crate::support::hostile::{Hostile, Then, json};
use crate::support::lookup::Script;

const CLOSING: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{}";

#[tokio::test]
async fn a_name_that_turns_to_a_refused_address_at_the_second_look_is_refused_then() {
    let server = Hostile::raw(CLOSING, Then::Close).await;
    let script = Arc::new(Script::new(&[&["127.0.0.1"], &["169.254.169.254"]]));
    let client = client().with_lookup(script.clone());
    let target = server.url_at("rebind.example", "/");
    get(&client, &target).await.expect("the first look finds an opened address");
    let error = get(&client, &target).await.expect_err("the second look finds a metadata address");
    assert_eq!(error.refusal().and_then(Refusal::address), "169.254.169.254".parse().ok());
}

#[tokio::test]
async fn a_name_is_looked_up_once_per_connection_so_the_judged_address_is_the_connected_one() {
    let server = Hostile::raw(CLOSING, Then::Close).await;
    let script = Arc::new(Script::new(&[&["127.0.0.1"], &["127.0.0.2"]]));
    let client = client().with_lookup(script.clone());
    get(&client, &server.url_at("rebind.example", "/")).await.expect("the address is open");
    assert_eq!(script.asked(), ["rebind.example"]);
}

#[tokio::test]
async fn of_several_addresses_only_the_fit_ones_are_connected_to() {
    let good = Hostile::serve(Router::new().route("/", json(r#"{"who":"good"}"#))).await;
    let trap = format!("127.0.0.2:{}", good.address().port());
    let _bad = Hostile::serve_at(&trap, Router::new().route("/", json(r#"{"who":"bad"}"#))).await;
    let script = Script::new(&[&["127.0.0.2", "127.0.0.1"]]);
    let client = client().with_lookup(Arc::new(script));
    let fetched = get(&client, &good.url_at("two.example", "/")).await.expect("one address is open");
    assert_eq!(fetched.value["who"], "good");
}

#[tokio::test]
async fn a_name_is_open_on_its_port_only() {
    let server = Hostile::serve(Router::new().route("/", json("{}"))).await;
    let opened = format!("idp.internal:{}", server.address().port());
    let script = Arc::new(Script::new(&[&["127.0.0.1"]]));
    let client = OutboundClient::new(policy(&[&opened])).with_lookup(script);
    get(&client, &server.url_at("idp.internal", "/")).await.expect("host and port are opened");
    let error = get(&client, &url("https://idp.internal:1/")).await.expect_err("the port is not opened");
    assert!(error.is_refused(), "{error}");
}

#[tokio::test]
async fn an_unknown_name_is_distinguished_from_a_refused_one() {
    let client = client().with_lookup(Arc::new(Script::new(&[])));
    let error = get(&client, &url("https://nowhere.example/")).await.expect_err("the name is unknown");
    assert_eq!(error.kind, FetchErrorKind::Unresolvable { host: "nowhere.example".to_owned() });
    assert!(error.is_connect());
    assert_eq!(error.kind.to_string(), "Unable to resolve host 'nowhere.example'.");
}

#[tokio::test]
async fn plain_http_to_a_name_reaches_opened_ranges_only() {
    let client = client().with_lookup(Arc::new(Script::new(&[&["8.8.8.8"]])));
    let error = get(&client, &url("http://public.example/")).await.expect_err("the address is public");
    assert_eq!(error.kind, FetchErrorKind::Refused(Refusal::PlainHttp { host: "public.example".to_owned() }));
}

#[tokio::test]
async fn what_one_opened_name_may_reach_another_name_may_not() {
    let server = Hostile::serve(Router::new().route("/", json("{}"))).await;
    let client = OutboundClient::new(policy(&["idp.internal", "10.0.0.0/8"]))
        .with_lookup(Arc::new(Script::new(&[&["127.0.0.1"]])));
    get(&client, &server.url_at("idp.internal", "/")).await.expect("the name is opened");
    let error = get(&client, &server.url_at("other.internal", "/")).await.expect_err("this one is not");
    assert_eq!(error.refusal().and_then(Refusal::address), "127.0.0.1".parse().ok());
}

#[tokio::test]
async fn other_protocols_resolve_under_the_same_policy() {
    let script = Script::new(&[&["10.0.0.7", "127.0.0.1"]]);
    let policy = policy(&["10.0.0.0/8"]);
    let found = resolve(&policy, &script, "ldap.example", 636).await;
    assert_eq!(found, Ok(vec!["10.0.0.7:636".parse().expect("an address")]));
    let literal = resolve(&policy, &script, "[::1]", 636).await;
    assert!(matches!(literal, Err(ResolveError::Refused(Refusal::Address { class: AddressClass::Loopback, .. }))));
}
