//! What surrounds the operations: slashes, methods, OPTIONS, body types and paths.

use serde_json::json;

use super::api::Api;

#[tokio::test]
async fn a_path_without_its_slash_is_redirected_for_every_method() {
    let api = Api::start().await;
    for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
        for (path, query) in [("", ""), ("/keycloak", "?a=b"), ("/discover_metadata", "")] {
            let uri = format!("{}/api/identity-providers{path}{query}", api.mount_path());
            let request = axum::http::Request::builder().method(method).uri(&uri);
            let answer = api.send(request.body(String::new().into()).expect("a request")).await;
            assert_eq!(answer.status, 301, "{method} {uri}");
            let location = format!("{}/api/identity-providers{path}/{query}", api.mount_path());
            assert_eq!(answer.header("location"), Some(&*location));
        }
    }
}

#[tokio::test]
async fn a_key_with_a_dot_or_a_slash_is_no_path() {
    let api = Api::start().await;
    for path in ["a.b/", "a.b", "a%2Fb/", "%ff/"] {
        for method in ["GET", "PUT", "POST", "OPTIONS"] {
            let answer = api.staff(method, path, Some(json!({}))).await.expect(404);
            assert_eq!(answer, json!({"detail": "Not found."}), "{method} {path}");
        }
    }
    api.staff("GET", "a/b/", None).await.expect(404);
}

#[tokio::test]
async fn wrong_methods_are_answered_with_the_right_ones() {
    let api = Api::start().await;
    for (path, method, allow) in [
        ("", "PUT", "GET, POST, HEAD, OPTIONS"),
        ("", "DELETE", "GET, POST, HEAD, OPTIONS"),
        ("keycloak/", "POST", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        ("discover_metadata/", "GET", "POST, OPTIONS"),
        ("discover_metadata/", "DELETE", "POST, OPTIONS"),
        ("generate-mapping/", "PATCH", "POST, OPTIONS"),
    ] {
        let answer = api.staff(method, path, None).await;
        assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
        assert_eq!(answer.expect(405), json!({"detail": format!("Method \"{method}\" not allowed.")}));
    }
}

#[tokio::test]
async fn options_describes_every_path_to_everybody() {
    let api = Api::start().await;
    for (path, name, allow) in [
        ("", "Identity Provider List", "GET, POST, HEAD, OPTIONS"),
        ("keycloak/", "Identity Provider Instance", "GET, PUT, PATCH, DELETE, HEAD, OPTIONS"),
        ("discover_metadata/", "Discover metadata", "POST, OPTIONS"),
        ("generate-mapping/", "Generate mapping", "POST, OPTIONS"),
    ] {
        let answer = api.with(None, "OPTIONS", path, None).await;
        assert_eq!(answer.header("allow"), Some(allow));
        let description = answer.expect(200);
        assert_eq!(description["name"], name);
        assert_eq!(
            description["parses"],
            json!(["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
        );
    }
}

#[tokio::test]
async fn other_body_types_are_refused() {
    let api = Api::start().await;
    let answer = api.post_as("text/plain", "hello".to_owned()).await.expect(415);
    assert_eq!(answer, json!({"detail": "Unsupported media type \"text/plain\" in request."}));
}

#[tokio::test]
async fn broken_json_is_explained() {
    let api = Api::start().await;
    let answer = api.post_as("application/json", "{".to_owned()).await.expect(400);
    assert!(answer["detail"].as_str().is_some_and(|text| text.starts_with("JSON parse error - ")), "{answer}");
}

#[tokio::test]
async fn json_that_is_no_object_is_named() {
    let api = Api::start().await;
    for (body, message) in [
        ("[]", "Invalid data. Expected a dictionary, but got list."),
        ("\"x\"", "Invalid data. Expected a dictionary, but got str."),
        ("5", "Invalid data. Expected a dictionary, but got int."),
        ("null", "No data provided"),
    ] {
        let answer = api.post_as("application/json", body.to_owned()).await.expect(400);
        assert_eq!(answer, json!({"non_field_errors": [message]}));
    }
}

#[tokio::test]
async fn an_oversized_body_is_refused() {
    let api = Api::start().await;
    let answer = api.post_as("application/json", format!("\"{}\"", "x".repeat(300_000))).await.expect(413);
    assert_eq!(answer, json!({"detail": "Request body is too large."}));
}

#[tokio::test]
async fn answers_are_kept_by_no_cache() {
    let api = Api::start().await;
    api.create("okta", json!({})).await;
    for path in ["", "okta/"] {
        assert_eq!(api.staff("GET", path, None).await.header("cache-control"), Some("no-store"));
    }
}
