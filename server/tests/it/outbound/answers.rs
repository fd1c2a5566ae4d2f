//! What comes back: status, length, text that is JSON and text that is not.

use axum::Router;
use tokio::net::TcpListener;
use vestibule::testing::protocol::http::FetchErrorKind;

use super::{LIMIT, client, get, url};
use crate::support::hostile::{Hostile, Then, json, page};

#[tokio::test]
async fn a_document_is_read_with_its_length_and_type() {
    let server = Hostile::serve(Router::new().route("/", json(r#"{"a":1}"#))).await;
    let fetched = get(&client(), &server.url("/")).await.expect("it is a document");
    assert_eq!(fetched.value["a"], 1);
    assert_eq!((fetched.status, fetched.bytes), (200, 7));
    assert_eq!(fetched.content_type.as_deref(), Some("application/json"));
    assert!(fetched.has_json_content_type());
}

#[tokio::test]
async fn a_byte_order_mark_before_the_document_does_no_harm() {
    let server = Hostile::serve(Router::new().route("/", json("\u{feff}{}"))).await;
    get(&client(), &server.url("/")).await.expect("it is a document");
}

#[tokio::test]
async fn json_under_another_content_type_is_read_and_noticed() {
    let server = Hostile::serve(Router::new().route("/", page(200, "text/plain; charset=utf-8", "{}"))).await;
    let fetched = get(&client(), &server.url("/")).await.expect("it is JSON all the same");
    assert_eq!(fetched.content_type.as_deref(), Some("text/plain"));
    assert!(!fetched.has_json_content_type());
}

#[tokio::test]
async fn a_web_page_is_not_json_and_the_advice_says_it_is_a_web_page() {
    let text = "<!doctype html><title>MARKER</title>";
    let server = Hostile::serve(Router::new().route("/", page(200, "text/html", text))).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it is a web page");
    assert!(error.is_not_json());
    assert!(error.advice().contains("web page"));
    assert!(!format!("{error} {error:?} {}", error.advice()).contains("MARKER"));
}

#[tokio::test]
async fn broken_json_is_reported_by_its_position_and_not_by_its_text() {
    let server = Hostile::serve(Router::new().route("/", json("{\n  \"a\": MARKER\n}"))).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it is broken");
    assert!(matches!(error.kind, FetchErrorKind::NotJson { line: 2, column: 8, bytes: 17, .. }), "{error:?}");
    assert!(error.to_string().contains("line 2, column 8"), "{error}");
    assert!(!format!("{error} {error:?} {}", error.advice()).contains("MARKER"));
}

#[tokio::test]
async fn an_empty_answer_and_one_nested_without_end_are_not_json() {
    for text in [String::new(), "[".repeat(10_000), "\u{0}".to_owned(), "{}{}".to_owned()] {
        let server = Hostile::serve(Router::new().route("/", json(text))).await;
        let error = get(&client(), &server.url("/")).await.expect_err("it is no document");
        assert!(error.is_not_json(), "{error}");
    }
}

#[tokio::test]
async fn a_content_type_that_is_no_media_type_is_not_repeated() {
    let server = Hostile::serve(Router::new().route("/", page(200, "MARKER <script>", "x"))).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it is no document");
    assert!(!format!("{error:?}").contains("arker") && error.to_string().contains("content type missing"), "{error}");
}

#[tokio::test]
async fn every_status_but_success_is_reported_and_its_page_is_not() {
    for status in [204, 304, 400, 401, 404, 418, 500, 503] {
        let server = Hostile::serve(Router::new().route("/", page(status, "text/plain", "MARKER"))).await;
        let error = get(&client(), &server.url("/")).await.expect_err("it is no document");
        if status == 204 {
            assert!(error.is_not_json(), "{error}");
        } else {
            assert_eq!(error.status(), Some(status));
            assert!(error.to_string().ends_with(&format!("the server answered HTTP {status}")), "{error}");
        }
        assert!(!format!("{error} {error:?}").contains("MARKER"));
    }
}

#[tokio::test]
async fn a_document_that_announces_too_many_bytes_is_not_read() {
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", LIMIT + 1);
    let server = Hostile::raw(answer, Then::Hang).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it is too long");
    assert_eq!(error.kind, FetchErrorKind::TooLarge { limit: LIMIT });
}

#[tokio::test]
async fn an_endless_document_is_given_up_at_the_limit() {
    let server = Hostile::raw("HTTP/1.1 200 OK\r\n\r\n[", Then::Repeat(b"1234567,")).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it never ends");
    assert!(error.is_too_large(), "{error}");
}

#[tokio::test]
async fn endless_headers_are_given_up() {
    let server = Hostile::raw("HTTP/1.1 200 OK\r\n", Then::Repeat(b"x-marker: MARKER\r\n")).await;
    let error = get(&client(), &server.url("/")).await.expect_err("they never end");
    assert!(error.to_string().contains("more headers than are read"), "{error}");
    assert!(!format!("{error} {error:?}").contains("MARKER"));
    assert!(matches!(error.kind, FetchErrorKind::Interrupted(_)) && !error.is_connect());
}

#[tokio::test]
async fn a_document_of_exactly_the_limit_is_read() {
    let text = format!("\"{}\"", "x".repeat(LIMIT - 2));
    let server = Hostile::serve(Router::new().route("/", json(text))).await;
    assert_eq!(get(&client(), &server.url("/")).await.expect("it fits").bytes, LIMIT);
}

#[tokio::test]
async fn a_connection_closed_in_the_middle_of_the_document_is_an_incomplete_answer() {
    let server = Hostile::raw("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"a\": \"MARKER", Then::Close).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it is cut off");
    assert!(error.to_string().contains("closed the connection before the answer was complete"), "{error}");
    assert!(!format!("{error} {error:?}").contains("MARKER"));
    assert!(matches!(error.kind, FetchErrorKind::Interrupted(_)) && !error.is_connect());
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_reported_as_such() {
    let server = Hostile::raw("", Then::Close).await;
    let error = get(&client(), &server.url("/")).await.expect_err("nothing came");
    assert!(error.to_string().contains("closed the connection"), "{error}");
    assert!(matches!(error.kind, FetchErrorKind::Interrupted(_)) && !error.is_connect());
}

#[tokio::test]
async fn a_server_that_speaks_another_protocol_is_reported_as_such() {
    let server = Hostile::raw("SSH-2.0-MARKER\r\n", Then::Hang).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it is no HTTP");
    assert!(error.to_string().contains("does not speak HTTP"), "{error}");
    assert!(!format!("{error} {error:?}").contains("MARKER"));
    assert!(matches!(error.kind, FetchErrorKind::Interrupted(_)) && !error.is_connect());
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses_the_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let port = listener.local_addr().expect("it is bound").port();
    drop(listener);
    let error = get(&client(), &url(&format!("http://127.0.0.1:{port}/"))).await.expect_err("nobody listens");
    assert_eq!(error.kind, FetchErrorKind::Connect("connection refused"));
    assert!(error.is_connect());
}
