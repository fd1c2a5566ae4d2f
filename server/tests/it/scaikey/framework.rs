//! What FastAPI puts around an API: spellings of paths, methods, and the shape of every refusal.

use serde_json::json;

use super::api::{ADMIN, Api, oidc};

#[tokio::test]
async fn the_other_spelling_of_a_path_leads_to_the_documented_one() {
    let api = Api::start().await;
    for (method, path, location) in [
        (
            "GET",
            "/api/v1/admin/identity-providers?page=2&search=a%20b",
            "/sso/api/v1/admin/identity-providers/?page=2&search=a%20b",
        ),
        ("POST", "/api/v1/admin/identity-providers", "/sso/api/v1/admin/identity-providers/"),
        ("PATCH", "/api/v1/admin/identity-providers/x/", "/sso/api/v1/admin/identity-providers/x"),
        ("GET", "/api/v1/admin/users", "/sso/api/v1/admin/users/"),
        ("PATCH", "/api/v1/admin/users/x/", "/sso/api/v1/admin/users/x"),
        ("GET", "/api/v1/tenants/t/identity-providers", "/sso/api/v1/tenants/t/identity-providers/"),
        ("POST", "/api/v1/tenants/t/identity-providers/x/test/", "/sso/api/v1/tenants/t/identity-providers/x/test"),
    ] {
        let answer = api.send(method, path, None).await;
        assert_eq!((answer.status, answer.header("location")), (307, Some(location)), "{method} {path}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_in_the_same_shape() {
    let api = Api::start().await;
    for path in ["/api/v1/admin/roles/", "/api/v1/nothing", "/api/v1/admin/identity-providers/x/y/z"] {
        let answer = api.send_as(None, "GET", path, None).await;
        assert_eq!((answer.status, answer.text()), (404, r#"{"detail":"Not Found"}"#), "{path}");
    }
    for (method, path, allowed) in [
        ("PUT", ADMIN.to_owned(), ["GET", "POST"].as_slice()),
        ("PUT", format!("{ADMIN}x"), &["GET", "PATCH", "DELETE"]),
        ("GET", format!("{ADMIN}x/test"), &["POST"]),
        ("POST", format!("{ADMIN}x/sync-logs"), &["GET"]),
        ("GET", "/api/v1/tenants/t/identity-providers/x/group-mappings/y".to_owned(), &["DELETE"]),
    ] {
        let answer = api.send_as(None, method, &path, None).await;
        assert_eq!((answer.status, answer.text()), (405, r#"{"detail":"Method Not Allowed"}"#), "{method} {path}");
        let named = answer.header("allow").unwrap_or_default();
        for method in allowed {
            assert!(named.contains(method), "{path} allows {named:?}");
        }
    }
}

#[tokio::test]
async fn answers_are_json_that_nobody_keeps() {
    let api = Api::start().await;
    for answer in [
        api.send("GET", ADMIN, None).await,
        api.send("POST", ADMIN, Some(oidc("okta"))).await,
        api.send("POST", ADMIN, Some(json!({}))).await,
        api.send_as(None, "GET", ADMIN, None).await,
    ] {
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 32));
    }
}

#[tokio::test]
async fn a_body_beyond_all_measure_is_refused() {
    let api = Api::start().await;
    let body = format!(r#"{{"name":"{}"}}"#, "x".repeat(300 * 1024));
    let answer = api.send_raw("POST", ADMIN, "application/json", &body).await;
    assert_eq!((answer.status, answer.text()), (413, r#"{"detail":"Request body is too large"}"#));
}

#[tokio::test]
async fn a_text_that_no_database_keeps_is_refused() {
    let api = Api::start().await;
    for member in ["name", "display_name"] {
        let mut body = oidc("okta");
        body[member] = json!("a\u{0}b");
        let reported = api.send("POST", ADMIN, Some(body)).await.expect(422);
        assert_eq!(reported["detail"][0]["loc"], json!(["body", member]));
    }
}
