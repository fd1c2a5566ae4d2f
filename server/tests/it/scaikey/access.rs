//! Who may do what, and what others are reported.

use serde_json::{Value, json};
use vestibule::domain::actor::Role;

use super::api::{ADMIN, Api, Tenant, detail, oidc, text};

/// Every operation on a tenant's provider, with a body that is well-formed.
fn operations(tenant: &Tenant, provider: &str) -> Vec<(&'static str, String, Option<Value>, bool)> {
    let one = format!("{ADMIN}{provider}");
    let mapping = json!({"external_group_id": "a", "internal_group_id": "b"});
    let mut new = oidc("new");
    new["tenant_id"] = json!(tenant.id);
    vec![
        ("GET", ADMIN.to_owned(), None, false),
        ("POST", ADMIN.to_owned(), Some(new), true),
        ("GET", one.clone(), None, false),
        ("PATCH", one.clone(), Some(json!({})), true),
        ("DELETE", one.clone(), None, true),
        ("POST", format!("{one}/sync"), None, true),
        ("GET", format!("{one}/sync-logs"), None, false),
        ("GET", format!("{one}/sync-logs/slg_1"), None, false),
        ("POST", format!("{one}/test"), None, true),
        ("GET", tenant.providers.clone(), None, false),
        ("POST", tenant.providers.clone(), Some(oidc("new")), true),
        ("GET", tenant.path(provider), None, false),
        ("PATCH", tenant.path(provider), Some(json!({})), true),
        ("DELETE", tenant.path(provider), None, true),
        ("GET", tenant.path(&format!("{provider}/group-mappings")), None, false),
        ("POST", tenant.path(&format!("{provider}/group-mappings")), Some(mapping), true),
        ("DELETE", tenant.path(&format!("{provider}/group-mappings/igm_1")), None, true),
        ("POST", tenant.path(&format!("{provider}/test")), None, true),
    ]
}

#[tokio::test]
async fn every_operation_needs_a_token_that_holds() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let provider = api.provider_of(&tenant, "okta").await;
    for (method, path, body, _) in operations(&tenant, &provider) {
        let missing = api.send_as(None, method, &path, body.clone()).await;
        assert_eq!(missing.text(), r#"{"detail":"Not authenticated"}"#, "{method} {path}");
        let bad = api.send_as(Some("vst_bad"), method, &path, body).await;
        assert_eq!(bad.text(), r#"{"detail":"Invalid or expired token"}"#, "{method} {path}");
        for answer in [missing, bad] {
            assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer")), "{method} {path}");
        }
    }
    // What a request is worth is known before it is read.
    let answer = api.send_text(None, "POST", ADMIN, Some(("application/json", "{"))).await;
    assert_eq!(detail(&answer, 401), "Not authenticated");
    for value in ["Token x", "Basic YTpi", "Bearer"] {
        let answer = api.app.get(ADMIN, Some(value)).await;
        assert_eq!(detail(&answer, 401), "Not authenticated", "{value}");
    }
}

#[tokio::test]
async fn readers_read_and_change_nothing() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let provider = api.provider_of(&tenant, "okta").await;
    let reader = api.app.token(Role::PlatformReader).await;
    for (method, path, body, writes) in operations(&tenant, &provider) {
        let answer = api.send_as(Some(&reader), method, &path, body).await;
        if writes {
            assert_eq!(detail(&answer, 403), "Insufficient permissions", "{method} {path}");
        } else {
            let expected = if path.ends_with("slg_1") { 404 } else { 200 };
            assert_eq!(answer.status, expected, "{method} {path}: {}", answer.text());
        }
        assert!(!answer.text().contains("hush"), "{method} {path}");
    }
}

#[tokio::test]
async fn anyone_who_manages_nothing_is_refused() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let provider = api.provider_of(&tenant, "okta").await;
    for role in [Role::TenantMember, Role::PlatformSupport] {
        let token = api.app.token(role).await;
        for (method, path, body, _) in operations(&tenant, &provider) {
            let answer = api.send_as(Some(&token), method, &path, body).await;
            assert_eq!(detail(&answer, 403), "Insufficient permissions", "{method} {path} by {role:?}");
        }
    }
}

#[tokio::test]
async fn another_tenants_provider_does_not_exist() {
    let api = Api::start().await;
    let (a, b) = (api.tenant("A", Some("acme")).await, api.tenant("B", None).await);
    let provider = api.provider_of(&a, "okta").await;
    for (method, path, body, _) in operations(&a, &provider) {
        let answer = api.send_as(Some(&b.token), method, &path, body.clone()).await;
        if path == ADMIN && method == "GET" {
            assert_eq!(answer.expect(200)["data"], json!([]));
            continue;
        }
        let expected = if path.starts_with("/api/v1/tenants/") || path == ADMIN {
            "Tenant not found"
        } else {
            "Identity provider not found"
        };
        let reported = detail(&answer, 404);
        assert!(reported == expected || reported == "Group mapping not found", "{method} {path}: {reported}");
    }
    let on_provider = |path: &str| path.contains(&provider);
    for (method, path, body, _) in operations(&b, &provider).into_iter().filter(|(_, path, ..)| on_provider(path)) {
        let answer = api.send_as(Some(&b.token), method, &path, body).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text());
    }
    // It is there all the same, and its partner's administrator reaches it.
    let partner = api.app.token(Role::PartnerAdmin).await;
    api.send_as(Some(&partner), "GET", &a.path(&provider), None).await.expect(200);
    let listed = api.send_as(Some(&partner), "GET", ADMIN, None).await.expect(200);
    assert_eq!(listed["data"][0]["id"], provider);
    assert_eq!(detail(&api.send_as(Some(&partner), "GET", &b.providers, None).await, 404), "Tenant not found");
}

#[tokio::test]
async fn platform_wide_providers_are_created_by_the_platform_alone() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let partner = api.app.token(Role::PartnerAdmin).await;
    for token in [&tenant.token, &partner] {
        for owner in [json!(null), json!("absent")] {
            let mut body = oidc("okta");
            if owner.is_null() {
                body["tenant_id"] = owner;
            }
            let answer = api.send_as(Some(token), "POST", ADMIN, Some(body)).await;
            assert_eq!(detail(&answer, 403), "Insufficient permissions");
        }
    }
    let mut body = oidc("okta");
    body["tenant_id"] = json!("acme");
    api.send_as(Some(&tenant.token), "POST", ADMIN, Some(body)).await.expect(201);
}

#[tokio::test]
async fn no_answer_of_a_life_holds_the_secret() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let mut texts = Vec::new();
    let created = api.send("POST", &tenant.providers, Some(oidc("okta"))).await;
    let path = tenant.path(text(&created.expect(201)["data"]["id"]));
    texts.push(created);
    for (method, path, body) in [
        ("GET", path.as_str(), None),
        ("GET", tenant.providers.as_str(), None),
        ("GET", ADMIN, None),
        ("PATCH", path.as_str(), Some(json!({"enabled": 0}))),
        ("POST", tenant.providers.as_str(), Some(oidc("okta"))),
        ("POST", tenant.providers.as_str(), Some(json!({"oidc_config": {"client_secret": "hush hush"}}))),
        ("POST", tenant.providers.as_str(), Some(json!([{"client_secret": "hush hush"}]))),
        ("DELETE", path.as_str(), None),
    ] {
        texts.push(api.send(method, path, body).await);
    }
    for answer in texts {
        assert!(!answer.text().contains("hush"), "{}", answer.text());
    }
}
