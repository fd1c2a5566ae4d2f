//! What a change sets, keeps and clears.

use serde_json::{Value, json};

use super::api::{Api, Tenant, oidc, text};

struct Story {
    api: Api,
    tenant: Tenant,
    path: String,
}

impl Story {
    async fn begin() -> Self {
        let api = Api::start().await;
        let tenant = api.tenant("Acme", None).await;
        let mut body = oidc("okta");
        body["display_name"] = json!("Okta");
        body["allowed_domains"] = json!(["example.com"]);
        let created = api.send("POST", &tenant.providers, Some(body)).await.expect(201);
        let path = tenant.path(text(&created["data"]["id"]));
        Self { api, tenant, path }
    }

    async fn change(&self, body: Value) -> Value {
        let answer = self.api.send_as(Some(&self.tenant.token), "PATCH", &self.path, Some(body)).await;
        assert!(!answer.text().contains("hush"), "{}", answer.text());
        answer.expect(200)["data"].clone()
    }

    async fn refuse(&self, body: Value) -> Value {
        let answer = self.api.send_as(Some(&self.tenant.token), "PATCH", &self.path, Some(body)).await;
        answer.expect(422)["detail"].clone()
    }
}

#[tokio::test]
async fn nothing_said_changes_nothing_but_the_moment() {
    let story = Story::begin().await;
    let before = story.api.send("GET", &story.path, None).await.expect(200)["data"].clone();
    story.api.app.clock.advance(60);
    let mut after = story.change(json!({})).await;
    assert_eq!(after["updated_at"], "2027-01-15T08:01:00Z");
    after["updated_at"] = json!(null);
    assert_eq!(after, before);
    story.change(json!({"protocol": "SAML", "tenant_id": "other", "id": 5})).await;
}

#[tokio::test]
async fn null_keeps_or_clears_by_member() {
    let story = Story::begin().await;
    let data = story
        .change(json!({
            "name": null, "enabled": null, "auto_create_users": null, "update_user_on_login": null,
            "saml_config": null, "display_name": null, "allowed_domains": null, "attribute_mapping": null,
        }))
        .await;
    assert_eq!((&data["name"], &data["enabled"]), (&json!("okta"), &json!(true)));
    assert_eq!((&data["display_name"], &data["allowed_domains"]), (&json!(null), &json!(null)));
    let reported = story.refuse(json!({"oidc_config": null})).await;
    assert_eq!(reported[0]["loc"], json!(["body", "oidc_config"]));
    let certificate = include_str!("../../data/saml/certificates/good.pem");
    let saml = json!({"entity_id": "urn:a", "sso_url": "https://a.example", "certificate": certificate});
    assert_eq!(story.refuse(json!({"saml_config": saml})).await[0]["loc"], json!(["body", "saml_config"]));
}

#[tokio::test]
async fn flags_change_one_at_a_time() {
    let story = Story::begin().await;
    let flags = |data: Value| {
        ["enabled", "auto_create_users", "update_user_on_login"].map(|name| data[name].as_bool().expect("a boolean"))
    };
    assert_eq!(flags(story.change(json!({"auto_create_users": "off"})).await), [true, false, true]);
    assert_eq!(flags(story.change(json!({"update_user_on_login": 0})).await), [true, false, false]);
    assert_eq!(flags(story.change(json!({"enabled": false})).await), [false, false, false]);
}

#[tokio::test]
async fn a_client_secret_stays_until_it_is_said_otherwise() {
    let story = Story::begin().await;
    let set = async |secret: Option<Value>| {
        let mut config = json!({"issuer": "https://login.example.com", "client_id": "abc"});
        if let Some(secret) = secret {
            config["client_secret"] = secret;
        }
        let config = story.change(json!({"oidc_config": config})).await["oidc_config"].clone();
        assert_eq!(config["client_secret"], json!(null));
        config["client_secret_set"].as_bool().expect("a boolean")
    };
    assert!(set(None).await);
    assert!(set(Some(json!(null))).await);
    assert!(!set(Some(json!(""))).await);
    assert!(!set(None).await);
    assert!(set(Some(json!("hush"))).await);
}

#[tokio::test]
async fn settings_are_replaced_as_a_whole() {
    let story = Story::begin().await;
    let first = story
        .change(json!({"oidc_config": {
            "issuer": "https://login.example.com", "client_id": "other", "scopes": ["profile", "openid", "profile"],
            "token_endpoint": "https://login.example.com/t", "jwks_uri": "https://login.example.com/k",
        }}))
        .await["oidc_config"]
        .clone();
    assert_eq!(first["scopes"], json!(["profile", "openid"]));
    assert_eq!(
        (&first["token_endpoint"], &first["client_id"]),
        (&json!("https://login.example.com/t"), &json!("other"))
    );
    // What is shown can be written back.
    assert_eq!(story.change(json!({"oidc_config": first})).await["oidc_config"], first);
    let plain = json!({"issuer": "https://login.example.com", "client_id": "abc"});
    let second = story.change(json!({"oidc_config": plain})).await["oidc_config"].clone();
    assert_eq!((&second["token_endpoint"], &second["jwks_uri"]), (&json!(null), &json!(null)));
    assert_eq!(second["scopes"], json!(["openid", "profile", "email"]));
    let wrong = json!({"oidc_config": {"issuer": "nowhere", "client_id": " ", "userinfo_endpoint": "javascript:x"}});
    let reported = story.refuse(wrong).await;
    let places: Vec<_> = reported.as_array().expect("a list").iter().map(|entry| entry["loc"][2].clone()).collect();
    assert_eq!(places, ["client_id", "userinfo_endpoint", "issuer"]);
}

#[tokio::test]
async fn five_names_are_mapped_and_what_is_left_out_gets_its_default() {
    let story = Story::begin().await;
    let mapping =
        async |mapping: Value| story.change(json!({"attribute_mapping": mapping})).await["attribute_mapping"].clone();
    let defaults = json!({
        "email": "email", "first_name": "given_name", "last_name": "family_name", "display_name": "name",
        "groups": "groups",
    });
    let mut expected = defaults.clone();
    expected["email"] = json!("mail email");
    expected["groups"] = json!(null);
    assert_eq!(mapping(json!({"email": "mail  email", "groups": null})).await, expected);
    assert_eq!(mapping(json!({})).await, defaults);
    let reported = story.refuse(json!({"attribute_mapping": {"email": null, "display_name": 5}})).await;
    let places: Vec<_> = reported.as_array().expect("a list").iter().map(|entry| entry["loc"][2].clone()).collect();
    assert_eq!(places, ["email", "display_name"]);
}

#[tokio::test]
async fn a_change_is_in_the_audit_log_without_the_secret() {
    let story = Story::begin().await;
    let config = json!({"issuer": "https://new.example.com", "client_id": "abc", "client_secret": "hush again"});
    story.change(json!({"oidc_config": config, "display_name": "New"})).await;
    let page = vestibule::domain::page::PageRequest { offset: 0, limit: 1 };
    let operator = vestibule::domain::actor::Actor::operator();
    let log = story.api.app.services.audit.list(&operator, &Default::default(), page).await.expect("the log");
    let entry = log.items.first().expect("an entry");
    assert_eq!(entry.actor, "token admin of Acme");
    let fields: Vec<_> = entry.changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["display_name", "discovery_url", "issuer", "client_secret"]);
    assert!(!format!("{entry:?}").contains("hush"));
}
