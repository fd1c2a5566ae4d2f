//! `POST /logout`: who may send it, and what it ends.

use axum::http::{Method, Request, request};

use super::browser::{Browser, Place};
use crate::support::TestApp;

fn logout(app: &TestApp, query: &str, origin: Option<&str>) -> request::Builder {
    let request = Request::builder().method(Method::POST).uri(app.path(&format!("/logout{query}")));
    match origin {
        Some(origin) => request.header("origin", origin),
        None => request,
    }
}

const OWN: Option<&str> = Some("https://id.example.com");

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_the_cookie() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    let cookie = browser.session().expect("a session").clone();
    let answer = browser.request(&place.app, logout(&place.app, "?return_to=/bye", OWN)).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/bye")), "{}", answer.text());
    assert_eq!(browser.session(), None);
    assert!(place.app.services.sign_ins.resume(&cookie).await.expect("an answer").is_none());
    // Without a session it is over already.
    let answer = browser.request(&place.app, logout(&place.app, "", OWN)).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
}

#[tokio::test]
async fn other_pages_and_other_methods_sign_nobody_out() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    for origin in [None, Some("null"), Some("https://evil.example.com"), Some("http://id.example.com")] {
        let answer = browser.request(&place.app, logout(&place.app, "", origin)).await;
        assert_eq!(answer.status, 403, "{origin:?}");
    }
    for method in [Method::GET, Method::HEAD, Method::DELETE] {
        let answer = browser.send(&place.app, method.clone(), "/logout").await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("POST")), "{method}");
    }
    for bad in ["//evil.example", "https://evil.example/", "/%5Cevil.example", "javascript:alert(1)"] {
        let answer = browser.request(&place.app, logout(&place.app, &format!("?return_to={bad}"), OWN)).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{bad}");
    }
    assert!(browser.user(&place.app).await.is_some());
}
