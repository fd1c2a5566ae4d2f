//! The origins that users may be sent back to.

use serde_json::{Value, json};

use super::api::Api;

async fn refused(redirects: Value) -> Value {
    let api = Api::start().await;
    api.create("okta", json!({})).await;
    api.staff("PATCH", "okta/", Some(json!({"allowed_redirects": redirects}))).await.expect(400)["allowed_redirects"]
        .clone()
}

#[tokio::test]
async fn origins_lose_their_slash_and_become_lower_case() {
    let api = Api::start().await;
    let made = api
        .create(
            "okta",
            json!({"allowed_redirects": [
                "HTTPS://Portal.Example.COM/",
                "https://portal.example.com:8443",
                "http://localhost:3000",
                "http://127.0.0.1:8000/",
                "https://portal.example.com:443",
                "https://portal.example.com",
            ]}),
        )
        .await;
    assert_eq!(
        made["allowed_redirects"],
        json!([
            "https://portal.example.com",
            "https://portal.example.com:8443",
            "http://localhost:3000",
            "http://127.0.0.1:8000",
            "https://portal.example.com:443",
            "https://portal.example.com",
        ])
    );
}

#[tokio::test]
async fn each_flaw_has_its_sentence() {
    for (url, message) in [
        (
            "https://a.example.com/x",
            "Redirect URL must not contain a path: https://a.example.com/x. Only origin (scheme + domain + port) is allowed.",
        ),
        ("https://a.example.com?x=1", "Redirect URL must not contain query parameters: https://a.example.com?x=1"),
        ("https://a.example.com#x", "Redirect URL must not contain fragments: https://a.example.com#x"),
        ("http://a.example.com", "HTTPS required for http://a.example.com. HTTP is only allowed for localhost."),
        ("http://[::1]", "HTTPS required for http://[::1]. HTTP is only allowed for localhost."),
        ("ftp://a.example.com", "Invalid URL scheme for ftp://a.example.com. Only http and https are allowed."),
        ("not a url", "Invalid redirect URL not a url: Enter a valid URL."),
        ("javascript:alert(1)", "Invalid redirect URL javascript:alert(1): Enter a valid URL."),
        ("https://intranet", "Invalid redirect URL https://intranet: Enter a valid URL."),
        ("https://u:p@a.example.com", "Invalid redirect URL https://u:p@a.example.com: Enter a valid URL."),
        ("https://a.example.com:99999", "Invalid redirect URL https://a.example.com:99999: Enter a valid URL."),
    ] {
        assert_eq!(refused(json!([url])).await, json!([message]));
    }
}

#[tokio::test]
async fn what_is_no_list_of_texts_is_refused() {
    for (value, errors) in [
        (json!("https://a.example.com"), json!(["Expected a list of items but got type \"str\"."])),
        (json!({}), json!(["Expected a list of items but got type \"dict\"."])),
        (json!(null), json!(["This field may not be null."])),
        (
            json!(["https://a.example.com", {}, " "]),
            json!({"1": ["Not a valid string."], "2": ["This field may not be blank."]}),
        ),
    ] {
        assert_eq!(refused(value).await, errors);
    }
}
