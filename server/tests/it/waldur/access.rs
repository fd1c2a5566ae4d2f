//! Who sees what and who may do what; the forms of the header.

use serde_json::json;
use vestibule_app::domain::actor::Role;

use super::api::{Api, OPERATIONS_FOR_STAFF};

#[tokio::test]
async fn staff_see_every_provider_and_every_field() {
    let api = Api::start().await;
    api.create("active", json!({})).await;
    api.create("inactive", json!({"is_active": false})).await;
    let rows = api.staff("GET", "", None).await.expect(200);
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!(rows[0].as_object().map(serde_json::Map::len), Some(21));
    assert_eq!(rows[0]["client_secret"], "secret");
}

#[tokio::test]
async fn everybody_else_sees_active_providers_without_five_fields() {
    let api = Api::start().await;
    api.create("active", json!({})).await;
    api.create("inactive", json!({"is_active": false})).await;
    let member = api.token(Role::PlatformReader).await;
    for token in [None, Some(member.as_str())] {
        let rows = api.with(token, "GET", "", None).await.expect(200);
        assert_eq!(rows.as_array().map(Vec::len), Some(1));
        assert_eq!(rows[0]["provider"], "active");
        let keys: Vec<_> = rows[0].as_object().map(|row| row.keys().cloned().collect()).unwrap_or_default();
        assert_eq!(keys.len(), 16);
        for hidden in ["client_secret", "user_field", "user_claim", "attribute_mapping", "extra_fields"] {
            assert!(!keys.contains(&hidden.to_owned()), "{hidden} is shown");
        }
        let one = api.with(token, "GET", "active/", None).await.expect(200);
        assert_eq!(one, rows[0]);
    }
}

#[tokio::test]
async fn an_inactive_provider_exists_for_staff_only() {
    let api = Api::start().await;
    api.create("inactive", json!({"is_active": false})).await;
    let member = api.token(Role::PartnerAdmin).await;
    for token in [None, Some(member.as_str())] {
        let answer = api.with(token, "GET", "inactive/", None).await.expect(404);
        assert_eq!(answer, json!({"detail": "No IdentityProvider matches the given query."}));
    }
    api.staff("GET", "inactive/", None).await.expect(200);
}

#[tokio::test]
async fn a_caller_without_a_token_changes_nothing() {
    let api = Api::start().await;
    api.create("kept", json!({})).await;
    for (method, path) in OPERATIONS_FOR_STAFF {
        let answer = api.with(None, method, path, Some(json!({}))).await;
        assert_eq!(answer.header("www-authenticate"), Some("Token"), "{method} {path}");
        assert_eq!(answer.expect(401), json!({"detail": "Authentication credentials were not provided."}));
    }
    api.staff("GET", "kept/", None).await.expect(200);
}

#[tokio::test]
async fn a_caller_who_is_not_staff_changes_nothing() {
    let api = Api::start().await;
    api.create("kept", json!({})).await;
    for role in [Role::PlatformReader, Role::PlatformSupport, Role::PartnerAdmin, Role::TenantAdmin, Role::TenantMember]
    {
        let token = api.token(role).await;
        for (method, path) in OPERATIONS_FOR_STAFF {
            let answer = api.with(Some(&token), method, path, Some(json!({}))).await.expect(403);
            assert_eq!(answer, json!({"detail": "You do not have permission to perform this action."}));
        }
    }
    api.staff("GET", "kept/", None).await.expect(200);
}

#[tokio::test]
async fn a_bad_token_is_refused_even_where_none_is_needed() {
    let api = Api::start().await;
    for path in ["", "keycloak/"] {
        let answer = api.with(Some("wrong"), "GET", path, None).await;
        assert_eq!(answer.header("www-authenticate"), Some("Token"));
        assert_eq!(answer.expect(401), json!({"detail": "Invalid token."}));
    }
}

#[tokio::test]
async fn a_revoked_token_is_refused() {
    let api = Api::start().await;
    let token = api.token(Role::PlatformAdmin).await;
    api.with(Some(&token), "GET", "", None).await.expect(200);
    api.revoke_all_but_staff().await;
    assert_eq!(api.with(Some(&token), "GET", "", None).await.expect(401), json!({"detail": "Invalid token."}));
}

#[tokio::test]
async fn a_token_that_ran_out_is_refused() {
    let api = Api::start().await;
    let token = api.token_for_an_hour().await;
    api.with(Some(&token), "GET", "", None).await.expect(200);
    api.wait_an_hour();
    assert_eq!(api.with(Some(&token), "GET", "", None).await.expect(401), json!({"detail": "Invalid token."}));
    api.staff("GET", "", None).await.expect(200);
}

#[tokio::test]
async fn every_form_of_the_header_is_the_same_token() {
    let api = Api::start().await;
    api.create("inactive", json!({"is_active": false})).await;
    for scheme in ["Token", "token", "Bearer", "bearer", "Bearer Token", "BEARER TOKEN"] {
        let value = format!("{scheme} {}", api.staff_token());
        api.authorized(&value, "GET", "inactive/", None).await.expect(200);
    }
}

#[tokio::test]
async fn malformed_headers_are_explained_and_foreign_schemes_ignored() {
    let api = Api::start().await;
    for (value, detail) in [
        ("Token", "Invalid token. No credentials provided."),
        ("Bearer", "Invalid token. No credentials provided."),
        ("Token a b", "Invalid token. Token string should not contain spaces."),
    ] {
        assert_eq!(api.authorized(value, "GET", "", None).await.expect(401), json!({"detail": detail}));
    }
    api.authorized("Basic YTpi", "GET", "", None).await.expect(200);
    let answer = api.authorized("Basic YTpi", "POST", "", Some(json!({}))).await.expect(401);
    assert_eq!(answer, json!({"detail": "Authentication credentials were not provided."}));
}

#[tokio::test]
async fn a_cookie_is_no_credential() {
    let api = Api::start().await;
    let request = api.request("POST", "").header("cookie", format!("sessionid={}", api.staff_token()));
    api.send(request.body(String::new().into()).expect("a request")).await.expect(401);
}

#[tokio::test]
async fn reading_without_a_token_can_be_switched_off() {
    let api = Api::start_closed().await;
    api.create("active", json!({})).await;
    for path in ["", "active/"] {
        let answer = api.with(None, "GET", path, None).await.expect(401);
        assert_eq!(answer, json!({"detail": "Authentication credentials were not provided."}));
        let token = api.token(Role::PartnerAdmin).await;
        api.with(Some(&token), "GET", path, None).await.expect(200);
    }
}
