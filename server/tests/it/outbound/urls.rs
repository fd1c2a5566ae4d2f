//! What a URL alone gives away, before anything is sent.

use vestibule::{
    OutboundPolicy,
    testing::protocol::http::{AddressClass, FetchErrorKind, OutboundClient, Refusal, UrlFault},
};

use super::{client, get, policy, url};

#[tokio::test]
async fn an_address_in_any_notation_is_judged_though_no_name_is_resolved() {
    let closed = OutboundClient::new(OutboundPolicy::default());
    for text in [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://127.0.0.1./",
        "https://127.0.0.1:8443/",
        "https://１２７.０.０.１/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[64:ff9b::7f00:1]/",
    ] {
        let error = get(&closed, &url(text)).await.expect_err(text);
        assert!(
            matches!(error.kind, FetchErrorKind::Refused(Refusal::Address { class: AddressClass::Loopback, .. })),
            "{text}: {error}"
        );
    }
}

#[tokio::test]
async fn localhost_is_refused_by_the_address_it_stands_for() {
    let closed = OutboundClient::new(OutboundPolicy::default());
    for text in ["https://localhost/", "https://LOCALHOST./", "https://ⓛocalhost/"] {
        let error = get(&closed, &url(text)).await.expect_err(text);
        assert!(error.is_refused() || matches!(error.kind, FetchErrorKind::Unresolvable { .. }), "{text}: {error}");
    }
}

#[tokio::test]
async fn only_http_and_https_are_requested() {
    for text in ["ftp://idp.example/", "file:///etc/passwd", "mailto:admin@idp.example", "gopher://127.0.0.1/"] {
        let error = get(&client(), &url(text)).await.expect_err(text);
        assert_eq!(error.kind, FetchErrorKind::InvalidUrl(UrlFault::Scheme), "{text}");
    }
}

#[tokio::test]
async fn a_password_in_the_url_is_refused_and_not_repeated() {
    let error = get(&client(), &url("https://admin:MARKER@idp.example/?code=MARKER#MARKER"))
        .await
        .expect_err("userinfo is not sent");
    assert_eq!(error.kind, FetchErrorKind::InvalidUrl(UrlFault::Userinfo));
    assert!(!format!("{error} {error:?} {}", error.advice()).contains("MARKER"), "{error:?}");
}

#[tokio::test]
async fn plain_http_to_a_host_that_is_not_opened_is_refused() {
    let closed = OutboundClient::new(OutboundPolicy::default());
    let error = get(&closed, &url("http://idp.example/")).await.expect_err("it is not opened");
    assert_eq!(error.kind, FetchErrorKind::Refused(Refusal::PlainHttp { host: "idp.example".to_owned() }));
    let error = get(&closed, &url("http://8.8.8.8/")).await.expect_err("it is not opened");
    assert_eq!(error.kind, FetchErrorKind::Refused(Refusal::PlainHttp { host: "8.8.8.8".to_owned() }));
}

#[test]
fn a_url_can_be_checked_without_a_request() {
    let policy = policy(&["idp.internal:8080"]);
    assert!(policy.check_url(&url("http://idp.internal:8080/")).is_ok());
    assert!(policy.check_url(&url("http://idp.internal/")).is_err());
    assert!(policy.check_url(&url("https://idp.example/")).is_ok());
    assert!(policy.check_url(&url("https://10.0.0.1/")).is_err());
}
