//! The same providers through this dialect and Waldur's.

use serde_json::{Value, json};
use vestibule::domain::actor::Role;

use super::api::{ADMIN, Api, ldap, oidc, text};

async fn waldur(api: &Api, method: &str, key: &str, body: Option<Value>) -> crate::support::Answer {
    let token = api.app.token(Role::PlatformAdmin).await;
    api.send_as(Some(&token), method, &format!("/api/identity-providers/{key}"), body).await
}

#[tokio::test]
async fn what_is_written_here_is_read_there() {
    let api = Api::start().await;
    let mut body = oidc("Okta");
    body["display_name"] = json!("Our Okta");
    body["oidc_config"]["scopes"] = json!(["openid", "email", "groups"]);
    body["oidc_config"]["token_endpoint"] = json!("https://login.example.com/t");
    api.send("POST", ADMIN, Some(body)).await.expect(201);
    let read = waldur(&api, "GET", "okta/", None).await.expect(200);
    for (name, expected) in [
        ("provider", json!("okta")),
        ("label", json!("Our Okta")),
        ("is_active", json!(true)),
        ("client_id", json!("abc")),
        ("client_secret", json!("hush hush")),
        ("discovery_url", json!("https://login.example.com/.well-known/openid-configuration")),
        ("extra_scope", json!("email groups")),
        ("token_url", json!("https://login.example.com/t")),
        ("auth_url", json!("")),
        ("attribute_mapping", json!({"email": "email", "first_name": "given_name", "last_name": "family_name"})),
    ] {
        assert_eq!(read[name], expected, "{name}");
    }
}

#[tokio::test]
async fn what_is_written_there_is_read_here_and_its_own_survives() {
    let api = Api::start().await;
    let discovery_url = api.app.openid.discovery_url();
    let body = json!({
        "provider": "okta", "label": "Okta", "client_id": "c", "client_secret": "hush", "discovery_url": discovery_url,
        "extra_scope": "email", "management_url": "https://okta.example", "enable_pkce": true,
        "attribute_mapping": {"email": "mail", "civil_number": "pno"}, "user_claim": "eppn",
    });
    waldur(&api, "POST", "", Some(body)).await.expect(201);
    let listed = api.send("GET", ADMIN, None).await.expect(200)["data"][0].clone();
    let issuer = discovery_url.replace("/.well-known/openid-configuration", "");
    assert_eq!(
        (&listed["slug"], &listed["name"], &listed["display_name"]),
        (&json!("okta"), &json!("okta"), &json!("Okta"))
    );
    assert_eq!(
        (&listed["oidc_config"]["issuer"], &listed["oidc_config"]["scopes"]),
        (&json!(issuer), &json!(["openid", "email"]))
    );
    assert_eq!(listed["attribute_mapping"], json!({"email": "mail", "display_name": null, "groups": null}));
    let path = format!("{ADMIN}{}", text(&listed["id"]));
    let change = json!({"oidc_config": listed["oidc_config"], "attribute_mapping": {"email": "email"}});
    api.send("PATCH", &path, Some(change)).await.expect(200);
    let read = waldur(&api, "GET", "okta/", None).await.expect(200);
    for (name, expected) in [
        ("management_url", json!("https://okta.example")),
        ("enable_pkce", json!(true)),
        ("user_claim", json!("eppn")),
        ("client_secret", json!("hush")),
        ("discovery_url", json!(discovery_url)),
        // The issuer stayed, so that what was discovered stays.
        ("token_url", json!(format!("{issuer}/token"))),
        (
            "attribute_mapping",
            json!({"email": "email", "first_name": "given_name", "last_name": "family_name", "civil_number": "pno"}),
        ),
    ] {
        assert_eq!(read[name], expected, "{name}");
    }
    // A Waldur write leaves the names that only this dialect knows.
    waldur(&api, "PATCH", "okta/", Some(json!({"attribute_mapping": {"email": "other"}}))).await.expect(200);
    let read = api.send("GET", &path, None).await.expect(200)["data"]["attribute_mapping"].clone();
    assert_eq!(read, json!({"email": "other", "display_name": "name", "groups": "groups"}));
}

#[tokio::test]
async fn another_issuer_forgets_what_was_discovered() {
    let api = Api::start().await;
    let provider = api.app.create("Okta").await;
    let path = format!("{ADMIN}{}", provider.id);
    let token_url = async || waldur(&api, "GET", "okta/", None).await.expect(200)["token_url"].clone();
    assert_ne!(token_url().await, "");
    let issuer = provider.oidc().and_then(|oidc| oidc.issuer.clone()).expect("an issuer");
    let change = |issuer: &str| Some(json!({"oidc_config": {"issuer": issuer, "client_id": "c"}}));
    api.send("PATCH", &path, change(&issuer)).await.expect(200);
    assert_ne!(token_url().await, "");
    api.send("PATCH", &path, change("https://other.invalid")).await.expect(200);
    assert_eq!(token_url().await, "");
    let operator = vestibule::domain::actor::Actor::operator();
    let detail = api.app.services.providers.get_detail(&operator, provider.id).await.expect("the provider");
    assert!(detail.discovery.is_none());
    let filter = Default::default();
    let list = api.app.services.providers.list(&operator, &filter, Default::default(), crate::support::ALL).await;
    assert_eq!(list.expect("a list").items[0].warnings, 1);
}

#[tokio::test]
async fn what_the_other_dialect_cannot_say_does_not_appear_there() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    api.provider_of(&tenant, "own").await;
    api.send("POST", ADMIN, Some(ldap("directory"))).await.expect(201);
    assert_eq!(waldur(&api, "GET", "", None).await.expect(200), json!([]));
    for key in ["own/", "acme--own/", "directory/"] {
        assert_eq!(waldur(&api, "GET", key, None).await.status, 404, "{key}");
    }
}

#[tokio::test]
async fn a_deletion_holds_everywhere() {
    let api = Api::start().await;
    let id = api.platform_provider("okta").await;
    assert_eq!(waldur(&api, "DELETE", "okta/", None).await.status, 204);
    assert_eq!(api.send("GET", &format!("{ADMIN}{id}"), None).await.status, 404);
    api.platform_provider("okta").await;
    waldur(&api, "GET", "okta/", None).await.expect(200);
}
