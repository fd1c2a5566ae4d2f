//! The settings of signing in, which the administration reads and writes and the original does not know.

use serde_json::{Value, json};

use super::api::{ADMIN, Api, oidc, text};

/// Every setting with another value than its default.
fn settings() -> (Value, Value) {
    let requests = json!({
        "token_endpoint_auth_method": "client_secret_post", "response_mode": "form_post",
        "id_token_signing_algs": ["ES256", "HS256"], "allowed_issuers": ["https://a.example/t/v2.0"],
        "userinfo": "never", "max_age": 0, "prompt": ["login", "consent"], "acr_values": ["urn:mfa"],
    });
    let people = json!({
        "linking": "verified_email", "email_trust": "domains", "match_existing_users": true,
        "confirmed_domains": ["corp.example"],
        "update_policy": {"default": "never", "fields": {"email": "always", "extra": "mirror"}},
    });
    (requests, people)
}

fn with(mut body: Value, requests: &Value, people: &Value) -> Value {
    for (name, value) in people.as_object().expect("an object") {
        body[name] = value.clone();
    }
    for (name, value) in requests.as_object().expect("an object") {
        body["oidc_config"][name] = value.clone();
    }
    body
}

/// The values of the members that another object names.
fn of(shown: &Value, named: &Value) -> Value {
    named.as_object().expect("an object").keys().map(|name| (name.clone(), shown[name].clone())).collect()
}

#[tokio::test]
async fn what_is_written_is_shown_and_stays_until_it_is_written_again() {
    let api = Api::start().await;
    let (requests, people) = settings();
    let created =
        api.send("POST", ADMIN, Some(with(oidc("Okta"), &requests, &people))).await.expect(201)["data"].clone();
    assert_eq!((of(&created["oidc_config"], &requests), of(&created, &people)), (requests.clone(), people.clone()));
    let path = format!("{ADMIN}{}", text(&created["id"]));
    // The original's clients do not know the settings.
    let known = json!({
        "oidc_config": {"issuer": "https://login.example.com", "client_id": "abc", "scopes": ["openid", "email"]},
        "enabled": false,
    });
    let kept = api.send("PATCH", &path, Some(known)).await.expect(200)["data"].clone();
    assert_eq!((of(&kept["oidc_config"], &requests), of(&kept, &people)), (requests.clone(), people.clone()));
    let null = |named: &Value| -> Value {
        named.as_object().expect("an object").keys().map(|name| (name.clone(), Value::Null)).collect()
    };
    let body = with(json!({"oidc_config": created["oidc_config"]}), &null(&requests), &null(&people));
    let cleared = api.send("PATCH", &path, Some(body)).await.expect(200)["data"].clone();
    let usual = api.send("POST", ADMIN, Some(oidc("Usual"))).await.expect(201)["data"].clone();
    assert_eq!(of(&cleared["oidc_config"], &requests), of(&usual["oidc_config"], &requests));
    assert_eq!(of(&cleared, &people), of(&usual, &people));
}

#[tokio::test]
async fn a_tenants_operations_neither_show_nor_change_the_settings() {
    let api = Api::start().await;
    let acme = api.tenant("Acme", None).await;
    let id = api.provider_of(&acme, "Okta").await;
    let (requests, people) = settings();
    let admin = format!("{ADMIN}{id}");
    let body = with(json!({"oidc_config": oidc("")["oidc_config"]}), &requests, &people);
    let before = api.send("PATCH", &admin, Some(body)).await.expect(200)["data"].clone();
    let shown = api.send("GET", &acme.path(&id), None).await.expect(200)["data"].clone();
    for name in people.as_object().expect("an object").keys() {
        assert!(shown.get(name).is_none(), "{name}");
    }
    for name in requests.as_object().expect("an object").keys() {
        assert!(shown["oidc_config"].get(name).is_none(), "{name}");
    }
    let mut sent = shown.clone();
    sent["linking"] = json!("ask");
    sent["oidc_config"]["userinfo"] = json!("always");
    api.send("PATCH", &acme.path(&id), Some(sent)).await.expect(200);
    let after = api.send("GET", &admin, None).await.expect(200)["data"].clone();
    assert_eq!(of(&after["oidc_config"], &requests), of(&before["oidc_config"], &requests));
    assert_eq!(of(&after, &people), of(&before, &people));
}

#[tokio::test]
async fn a_tenants_administrator_confirms_no_domain() {
    let api = Api::start().await;
    let acme = api.tenant("Acme", None).await;
    let id = api.provider_of(&acme, "Okta").await;
    let path = format!("{ADMIN}{id}");
    let body = json!({"confirmed_domains": ["corp.example"]});
    let answer = api.send_as(Some(&acme.token), "PATCH", &path, Some(body.clone())).await.expect(422);
    assert_eq!(answer["detail"][0]["loc"], json!(["body", "confirmed_domains"]));
    api.send("PATCH", &path, Some(body.clone())).await.expect(200);
    let linking = json!({"confirmed_domains": ["corp.example"], "linking": "verified_email"});
    let answer = api.send_as(Some(&acme.token), "PATCH", &path, Some(linking)).await.expect(200);
    assert_eq!(answer["data"]["linking"], "verified_email");
}

#[tokio::test]
async fn what_is_wrong_is_named_at_its_place() {
    let api = Api::start().await;
    let (requests, people) = (
        json!({
            "token_endpoint_auth_method": "private_key_jwt", "response_mode": 5, "id_token_signing_algs": ["RS256", "none"],
            "allowed_issuers": ["https://a.example", "https://a.example/{tenantid}"], "userinfo": "sometimes",
            "max_age": -1, "prompt": "login", "acr_values": ["a b"],
        }),
        json!({
            "linking": "always", "email_trust": [], "match_existing_users": "maybe", "confirmed_domains": ["*.example"],
            "update_policy": {"default": "sometimes", "fields": {"email": "always", "phone_number": "no"}},
        }),
    );
    let answer = api.send("POST", ADMIN, Some(with(oidc("Okta"), &requests, &people))).await.expect(422);
    let mut places: Vec<_> =
        answer["detail"].as_array().expect("a list").iter().map(|entry| place(&entry["loc"])).collect();
    places.sort_unstable();
    let mut expected = [
        "oidc_config.token_endpoint_auth_method",
        "oidc_config.response_mode",
        "oidc_config.id_token_signing_algs.1",
        "oidc_config.allowed_issuers.1",
        "oidc_config.userinfo",
        "oidc_config.max_age",
        "oidc_config.prompt",
        "oidc_config.acr_values.0",
        "linking",
        "email_trust",
        "match_existing_users",
        "confirmed_domains.0",
        "update_policy.default",
        "update_policy.fields.phone_number",
    ];
    expected.sort_unstable();
    assert_eq!(places, expected);
}

fn place(loc: &Value) -> String {
    let steps = loc.as_array().expect("a place").iter().skip(1);
    steps.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect::<Vec<_>>().join(".")
}
