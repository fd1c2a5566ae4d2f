//! The session cookie's name and attributes by the public address.

use serde_json::json;
use vestibule::domain::actor::Role;

use crate::support::{PASSWORD, TestApp, Visitor};

async fn set_cookie(base_url: &str) -> String {
    let app = TestApp::at(base_url).await;
    app.signed_in(Role::PlatformAdmin).await;
    let arguments = json!({"email": "platform_admin@example.com", "password": PASSWORD});
    let answer = app.call(&Visitor::default(), "session/sign-in", arguments).await;
    let header = answer.header("set-cookie").expect("a cookie");
    let (name, rest) = header.split_once('=').expect("a value");
    let (value, attributes) = rest.split_once("; ").expect("attributes");
    assert!(value.len() >= 43, "256 bits in base64: {value}");
    format!("{name}; {attributes}")
}

#[tokio::test]
async fn with_https_it_is_bound_to_the_host() {
    let expected = "__Host-vestibule; HttpOnly; SameSite=Lax; Secure; Path=/";
    assert_eq!(set_cookie("https://id.example.com").await, expected);
}

#[tokio::test]
async fn below_a_path_with_https_the_path_stands_in_the_name() {
    let expected = "__Host-vestibule-2fx-2fy; HttpOnly; SameSite=Lax; Secure; Path=/";
    assert_eq!(set_cookie("https://id.example.com/x/y").await, expected);
}

#[tokio::test]
async fn with_plain_http_it_is_bound_to_the_path() {
    assert_eq!(set_cookie("http://127.0.0.1:8080").await, "vestibule; HttpOnly; SameSite=Lax; Path=/");
    assert_eq!(set_cookie("http://127.0.0.1:8080/x").await, "vestibule-2fx; HttpOnly; SameSite=Lax; Path=/x");
}
