//! A tenant's operations on its providers, T1 to T5, by somebody who manages the tenant.

use serde_json::json;
use vestibule::{domain::actor::Actor, service::TenantRef};

use super::api::{ADMIN, Api, detail, oidc, text};

#[tokio::test]
async fn a_new_provider_is_answered_with_every_member_in_order() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let mut body = oidc("okta");
    body["display_name"] = json!("Okta");
    body["allowed_domains"] = json!(["@Example.COM", "Bücher.example"]);
    body["unknown"] = json!("passed over");
    let answer = api.send_as(Some(&tenant.token), "POST", &tenant.providers, Some(body)).await;
    let data = answer.expect(201)["data"].clone();
    let expected = format!(
        concat!(
            r#"{{"data":{{"id":"{id}","tenant_id":"{tenant}","name":"okta","display_name":"Okta","protocol":"OIDC","#,
            r#""enabled":true,"auto_create_users":true,"update_user_on_login":true,"#,
            r#""oidc_config":{{"issuer":"https://login.example.com","client_id":"abc","client_secret":null,"#,
            r#""client_secret_set":true,"authorization_endpoint":null,"token_endpoint":null,"#,
            r#""userinfo_endpoint":null,"jwks_uri":null,"scopes":["openid","profile","email"]}},"saml_config":null,"#,
            r#""attribute_mapping":{{"email":"email","first_name":"given_name","last_name":"family_name","#,
            r#""display_name":"name","groups":"groups"}},"#,
            r#""allowed_domains":["example.com","xn--bcher-kva.example"],"#,
            r#""created_at":"2027-01-15T08:00:00Z","updated_at":null}},"meta":{{"request_id":"{request}","#,
            r#""timestamp":"2027-01-15T08:00:00Z"}}}}"#,
        ),
        id = text(&data["id"]),
        tenant = tenant.id.prefixed(),
        request = answer.header("x-request-id").expect("a request id"),
    );
    assert_eq!(answer.text(), expected);
    let read = api.send_as(Some(&tenant.token), "GET", &tenant.path(text(&data["id"])), None).await.expect(200);
    assert_eq!(read["data"], data);
}

#[tokio::test]
async fn a_list_shows_six_members_and_is_narrowed() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let mut off = oidc("off");
    off["enabled"] = json!("no");
    api.send("POST", &tenant.providers, Some(off)).await.expect(201);
    let on = api.provider_of(&tenant, "on").await;
    let answer = api.send_as(Some(&tenant.token), "GET", &tenant.path("?enabled_only=yes"), None).await;
    let expected = format!(
        concat!(
            r#"{{"data":[{{"id":"{}","name":"on","display_name":null,"protocol":"OIDC","enabled":true,"#,
            r#""created_at":"2027-01-15T08:00:00Z"}}],"pagination":{{"page":1,"per_page":20,"total_items":1,"#,
            r#""total_pages":1}},"meta":{{"request_id":"{}","timestamp":"2027-01-15T08:00:00Z"}}}}"#,
        ),
        on,
        answer.header("x-request-id").expect("a request id"),
    );
    assert_eq!(answer.text(), expected);
    for (query, total) in
        [("", 2), ("?protocol=oidc", 2), ("?protocol=SAML", 0), ("?protocol=x", 0), ("?enabled_only=0", 2)]
    {
        let page = api.send("GET", &tenant.path(query), None).await.expect(200);
        assert_eq!(page["pagination"]["total_items"], total, "{query}");
    }
}

#[tokio::test]
async fn a_tenant_is_named_in_every_spelling() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let id = api.provider_of(&tenant, "okta").await;
    for spelling in [tenant.id.prefixed(), tenant.id.to_string(), "acme".to_owned()] {
        let path = format!("/api/v1/tenants/{spelling}/identity-providers/{id}");
        let data = api.send_as(Some(&tenant.token), "GET", &path, None).await.expect(200)["data"].clone();
        assert_eq!(data["tenant_id"], tenant.id.prefixed());
    }
    for wrong in ["nobody", "tnt_00000000000000000000000000000007", "%00"] {
        let answer = api.send("GET", &format!("/api/v1/tenants/{wrong}/identity-providers/"), None).await;
        assert_eq!(detail(&answer, 404), "Tenant not found", "{wrong}");
    }
}

#[tokio::test]
async fn names_are_taken_within_a_tenant_alone() {
    let api = Api::start().await;
    let (a, b) = (api.tenant("A", None).await, api.tenant("B", None).await);
    api.platform_provider("okta").await;
    let first = api.provider_of(&a, "okta").await;
    api.provider_of(&b, "okta").await;
    let second = api.send("POST", &a.providers, Some(oidc("okta"))).await;
    assert_eq!(detail(&second, 409), "An identity provider with this name already exists: okta (a--okta)");
    assert_eq!(api.send_as(Some(&a.token), "DELETE", &a.path(&first), None).await.status, 204);
    assert_eq!(detail(&api.send("DELETE", &a.path(&first), None).await, 404), "Identity provider not found");
    api.provider_of(&a, "okta").await;
}

#[tokio::test]
async fn a_shared_provider_is_seen_and_unlinked_and_not_changed() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let id = api.platform_provider("okta").await;
    let path = tenant.path(&id);
    assert_eq!(detail(&api.send("GET", &path, None).await, 404), "Identity provider not found");
    let tenant_ref = TenantRef::Id(tenant.id);
    let provider = id.parse().expect("an id");
    api.app.services.assignments.link(&Actor::operator(), &tenant_ref, provider).await.expect("a link");

    let mine = Some(tenant.token.as_str());
    let data = api.send_as(mine, "GET", &path, None).await.expect(200)["data"].clone();
    assert_eq!((&data["id"], &data["tenant_id"]), (&json!(id), &json!(tenant.id.prefixed())));
    assert_eq!(api.send_as(mine, "GET", &tenant.providers, None).await.expect(200)["pagination"]["total_items"], 1);
    let change = Some(json!({"enabled": false}));
    assert_eq!(detail(&api.send_as(mine, "PATCH", &path, change.clone()).await, 403), "Insufficient permissions");
    assert_eq!(api.send("PATCH", &path, change).await.expect(200)["data"]["enabled"], false);
    // The administration's operations stay with the platform.
    assert_eq!(api.send_as(mine, "GET", &format!("{ADMIN}{id}"), None).await.status, 404);

    assert_eq!(api.send_as(mine, "DELETE", &path, None).await.status, 204);
    assert_eq!(detail(&api.send_as(mine, "DELETE", &path, None).await, 404), "Identity provider not found");
    api.send("GET", &format!("{ADMIN}{id}"), None).await.expect(200);
}
