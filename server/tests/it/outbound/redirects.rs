//! Redirects: where they may lead, how many, and what travels along.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get as on_get;
use vestibule::testing::protocol::http::{FetchErrorKind, RedirectFault, Refusal, UrlFault};

use super::{client, get, url};
use crate::support::hostile::{Hostile, Then, json, redirect};
use crate::support::lookup::Script;

#[tokio::test]
async fn three_redirects_are_followed_and_the_last_url_is_reported() {
    let router = Router::new()
        .route("/1", redirect(301, "/2"))
        .route("/2", redirect(302, "3"))
        .route("/3", redirect(307, "/4#part"))
        .route("/4", json("{}"));
    let server = Hostile::serve(router).await;
    let fetched = get(&client(), &server.url("/1")).await.expect("three are allowed");
    assert_eq!(fetched.final_url, server.url("/4"));
}

#[tokio::test]
async fn a_fourth_redirect_is_not_followed_though_a_document_stands_behind_it() {
    let router = Router::new()
        .route("/1", redirect(302, "/2"))
        .route("/2", redirect(302, "/3"))
        .route("/3", redirect(302, "/4"))
        .route("/4", redirect(302, "/5"))
        .route("/5", json("{}"));
    let server = Hostile::serve(router).await;
    let error = get(&client(), &server.url("/1")).await.expect_err("four are too many");
    assert_eq!(error.kind, FetchErrorKind::TooManyRedirects { limit: 3 });
    assert_eq!(error.last, server.url("/4"));
}

#[tokio::test]
async fn a_redirect_loop_ends_after_three() {
    let server = Hostile::serve(Router::new().route("/", redirect(308, "/"))).await;
    let error = get(&client(), &server.url("/")).await.expect_err("it has no end");
    assert_eq!(error.kind, FetchErrorKind::TooManyRedirects { limit: 3 });
}

#[tokio::test]
async fn a_redirect_to_a_refused_address_is_not_followed() {
    for target in [
        "http://169.254.169.254/latest/meta-data/",
        "http://127.0.0.2/",
        "https://[::1]/",
        "//10.0.0.1/",
        "https://0x7f.0.0.2/",
    ] {
        let server = Hostile::serve(Router::new().route("/", redirect(302, target))).await;
        let error = get(&client(), &server.url("/")).await.expect_err(target);
        assert!(error.is_refused(), "{target}: {error}");
        assert_ne!(error.last, error.requested, "{target}");
    }
}

#[tokio::test]
async fn a_redirect_that_drops_to_http_is_not_followed() {
    let server = Hostile::serve(Router::new().route("/", redirect(302, "http://public.example/"))).await;
    let client = client().with_lookup(Arc::new(Script::new(&[&["8.8.8.8"]])));
    let error = get(&client, &server.url("/")).await.expect_err("the target is not opened");
    assert_eq!(error.kind, FetchErrorKind::Refused(Refusal::PlainHttp { host: "public.example".to_owned() }));
    assert_eq!(error.last, url("http://public.example/"));
}

#[tokio::test]
async fn a_redirect_to_another_scheme_or_with_a_password_is_not_followed() {
    for (target, fault) in
        [("file:///etc/passwd", UrlFault::Scheme), ("https://user:MARKER@idp.example/", UrlFault::Userinfo)]
    {
        let server = Hostile::serve(Router::new().route("/", redirect(302, target))).await;
        let error = get(&client(), &server.url("/")).await.expect_err(target);
        assert_eq!(error.kind, FetchErrorKind::InvalidUrl(fault), "{target}");
        assert!(!format!("{error} {error:?}").contains("MARKER"));
    }
}

#[tokio::test]
async fn a_redirect_to_nowhere_says_so() {
    for (location, fault) in [
        ("", RedirectFault::Missing),
        ("location: https://[half\r\n", RedirectFault::Unreadable),
        ("location: /\u{e4}\r\n", RedirectFault::Unreadable),
    ] {
        let answer = format!("HTTP/1.1 302 Found\r\n{location}content-length: 0\r\n\r\n");
        let server = Hostile::raw(answer, Then::Close).await;
        let error = get(&client(), &server.url("/")).await.expect_err(location);
        assert_eq!(error.kind, FetchErrorKind::BadRedirect(fault), "{location}");
    }
}

#[tokio::test]
async fn no_cookie_credential_or_referrer_travels_along() {
    let seen: Arc<Mutex<Vec<HeaderMap>>> = Arc::default();
    let record = Arc::clone(&seen);
    let router = Router::new()
        .route("/", on_get(|| async { (axum::http::StatusCode::FOUND, [("set-cookie", "a=b"), ("location", "/end")]) }))
        .route(
            "/end",
            on_get(move |headers: HeaderMap| async move {
                record.lock().expect("no test panics while holding it").push(headers);
                "{}"
            }),
        );
    let server = Hostile::serve(router).await;
    get(&client(), &server.url("/")).await.expect("it is a document");
    let seen = seen.lock().expect("no test panics while holding it");
    let mut names: Vec<_> = seen[0].keys().map(|name| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "host", "user-agent"]);
    assert_eq!(seen[0]["accept"], "application/json");
    assert!(seen[0]["user-agent"].to_str().expect("ASCII").starts_with("Vestibule/"));
}
