//! Servers that take their time. The deadline is the caller's; nothing here measures how long something took.

use std::time::Duration;

use axum::Router;
use vestibule::testing::protocol::http::{FetchErrorKind, Phase};

use super::{client, get, get_within};
use crate::support::hostile::{Hostile, Then, json};

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let server = Hostile::raw("", Then::Hang).await;
    let error = get_within(&client(), &server.url("/"), Duration::from_millis(200)).await.expect_err("it hangs");
    assert_eq!(error.kind, FetchErrorKind::Timeout { phase: Phase::Response });
    assert!(error.is_timeout() && !error.is_connect());
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_of_its_headers_is_given_up() {
    let server = Hostile::raw("HTTP/1.1 200 OK\r\ncontent-", Then::Hang).await;
    let error = get_within(&client(), &server.url("/"), Duration::from_millis(200)).await.expect_err("it hangs");
    assert!(error.is_timeout(), "{error}");
}

#[tokio::test]
async fn a_server_that_stops_in_the_middle_of_its_document_is_given_up() {
    let hanging = Hostile::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\":", Then::Hang).await;
    let client = client();
    // The first use sets up the client, which would otherwise eat into the deadline on a busy machine.
    let swift = Hostile::serve(Router::new().route("/", json("{}"))).await;
    get(&client, &swift.url("/")).await.expect("it is a document");
    let error = get_within(&client, &hanging.url("/"), Duration::from_secs(2)).await.expect_err("it hangs");
    assert_eq!(error.kind, FetchErrorKind::Timeout { phase: Phase::Body });
}

#[tokio::test]
async fn a_deadline_that_has_passed_sends_nothing_useful_and_says_timeout() {
    let server = Hostile::raw("", Then::Hang).await;
    let error = get_within(&client(), &server.url("/"), Duration::ZERO).await.expect_err("there is no time");
    assert!(error.is_timeout(), "{error}");
}
