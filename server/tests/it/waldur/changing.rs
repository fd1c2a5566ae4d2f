//! PUT, PATCH and DELETE.

use serde_json::{Value, json};

use super::api::Api;

fn without_endpoints(mut provider: Value) -> Value {
    for key in ["auth_url", "token_url", "userinfo_url", "logout_url"] {
        provider[key] = json!(null);
    }
    provider
}

#[tokio::test]
async fn a_single_field_can_be_patched() {
    let api = Api::start().await;
    let mut made = api.create("okta", json!({})).await;
    for (field, value) in [
        ("is_active", json!(false)),
        ("label", json!("Renamed")),
        ("client_secret", json!("another")),
        ("extra_scope", json!("email")),
        ("extra_scope", json!(null)),
        ("extra_fields", json!("amr acr")),
        ("user_claim", json!("email sub")),
        ("management_url", json!("https://id.example.com/account")),
        ("protected_fields", json!(["email"])),
        ("attribute_mapping", json!({"email": "mail"})),
        ("enable_pkce", json!(true)),
    ] {
        made[field] = value.clone();
        let patched = api.staff("PATCH", "okta/", Some(json!({field: value}))).await.expect(200);
        assert_eq!(patched, made, "{field}");
        assert_eq!(api.staff("GET", "okta/", None).await.expect(200), made, "{field}");
    }
}

#[tokio::test]
async fn a_patch_says_what_is_wrong() {
    let api = Api::start().await;
    let made = api.create("okta", json!({})).await;
    for (sent, errors) in [
        (json!({"label": null}), json!({"label": ["This field may not be null."]})),
        (json!({"client_secret": ""}), json!({"client_secret": ["This field may not be blank."]})),
        (
            json!({"user_field": "u".repeat(101)}),
            json!({"user_field": ["Ensure this field has no more than 100 characters."]}),
        ),
        (json!({"discovery_url": "ftp://a/b"}), json!({"non_field_errors": ["Invalid discovery URL."]})),
    ] {
        assert_eq!(api.staff("PATCH", "okta/", Some(sent)).await.expect(400), errors);
    }
    assert_eq!(api.staff("GET", "okta/", None).await.expect(200), made);
}

#[tokio::test]
async fn a_new_discovery_address_is_read_at_once() {
    let api = Api::start().await;
    api.create("okta", json!({})).await;
    let patch = json!({"discovery_url": api.documents.discovery_url_of("other")});
    let patched = api.staff("PATCH", "okta/", Some(patch)).await.expect(200);
    assert!(patched["auth_url"].as_str().is_some_and(|url| url.contains("/other/")), "{patched}");
    assert_eq!(patched["logout_url"], "");
    let patch = json!({"discovery_url": api.documents.discovery_url_of("broken"), "label": "Lost"});
    let answer = api.staff("PATCH", "okta/", Some(patch)).await.expect(400);
    assert_eq!(answer, json!(["Unable to discover endpoints."]));
    assert_eq!(api.staff("GET", "okta/", None).await.expect(200), patched);
}

#[tokio::test]
async fn the_whole_record_can_be_put_back() {
    let api = Api::start().await;
    let made = api.create("keycloak", json!({"allowed_redirects": ["https://a.example.com"]})).await;
    assert_eq!(api.staff("PUT", "keycloak/", Some(made.clone())).await.expect(200), made);
}

#[tokio::test]
async fn a_put_needs_what_a_provider_needs_and_keeps_the_rest() {
    let api = Api::start().await;
    let made = api.create("okta", json!({"extra_scope": "email", "is_active": false})).await;
    let required = json!(["This field is required."]);
    assert_eq!(
        api.staff("PUT", "okta/", Some(json!({}))).await.expect(400),
        json!({"client_id": required, "client_secret": required, "discovery_url": required, "label": required})
    );
    let mut least = api.least("another-key");
    least["auth_url"] = json!("https://evil.example.com");
    assert_eq!(api.staff("PUT", "okta/", Some(least)).await.expect(200), made);
}

#[tokio::test]
async fn a_put_replaces_the_mapping_without_defaults() {
    let api = Api::start().await;
    let made = api.create("keycloak", json!({})).await;
    let mut sent = made.clone();
    sent["attribute_mapping"] = json!({"email": "mail"});
    let put = api.staff("PUT", "keycloak/", Some(sent)).await.expect(200);
    assert_eq!(put["attribute_mapping"], json!({"email": "mail"}));
}

#[tokio::test]
async fn every_put_reads_the_discovery_document() {
    let api = Api::start().await;
    let made = api.create("okta", json!({})).await;
    let mut sent = made.clone();
    sent["discovery_url"] = json!(api.documents.discovery_url_of("other"));
    let put = api.staff("PUT", "okta/", Some(sent.clone())).await.expect(200);
    assert!(put["token_url"].as_str().is_some_and(|url| url.contains("/other/")), "{put}");
    assert_eq!(without_endpoints(put), without_endpoints(sent.clone()));
    sent["discovery_url"] = json!(api.documents.discovery_url_of("page"));
    let answer = api.staff("PUT", "okta/", Some(sent)).await.expect(400);
    assert_eq!(answer, json!(["Unable to parse JSON in discovery response."]));
}

#[tokio::test]
async fn a_put_obeys_the_host_rules_of_the_stored_key() {
    let api = Api::start().await;
    let mut sent = api.create("keycloak", json!({})).await;
    sent["provider"] = json!("okta");
    sent["discovery_url"] = json!("https://tara.ria.ee/x");
    let answer = api.staff("PUT", "keycloak/", Some(sent)).await.expect(400);
    assert_eq!(answer, json!({"non_field_errors": ["Invalid discovery URL."]}));
}

#[tokio::test]
async fn user_fields_that_waldur_does_not_know_survive() {
    let api = Api::start().await;
    api.create("okta", json!({"attribute_mapping": {"email": "email"}})).await;
    api.map_hidden_field("okta").await;
    for (method, body) in [
        ("PATCH", json!({"attribute_mapping": {"first_name": "given_name"}})),
        ("PUT", {
            let mut body = api.least("okta");
            body["attribute_mapping"] = json!({"last_name": "family_name"});
            body
        }),
    ] {
        let expected = body["attribute_mapping"].clone();
        let answer = api.staff(method, "okta/", Some(body)).await.expect(200);
        assert_eq!(answer["attribute_mapping"], expected);
        assert!(api.hidden_field_is_mapped("okta").await, "{method} lost the hidden field");
    }
}

#[tokio::test]
async fn a_deleted_provider_is_gone_and_its_key_free() {
    let api = Api::start().await;
    api.create("okta", json!({})).await;
    let answer = api.staff("DELETE", "okta/", None).await;
    assert_eq!(answer.text(), "");
    answer.expect_empty(204);
    api.staff("GET", "okta/", None).await.expect(404);
    api.staff("DELETE", "okta/", None).await.expect(404);
    api.create("okta", json!({})).await;
}

#[tokio::test]
async fn an_unknown_provider_is_reported_before_the_body_is_judged() {
    let api = Api::start().await;
    for key in ["unknown", "Unknown", "a--b", "%00"] {
        for method in ["GET", "PUT", "PATCH", "DELETE"] {
            let answer = api.staff(method, &format!("{key}/"), Some(json!([]))).await.expect(404);
            assert_eq!(answer, json!({"detail": "No IdentityProvider matches the given query."}), "{method} {key}");
        }
    }
}

#[tokio::test]
async fn changes_at_the_same_time_are_all_made() {
    let api = Api::start().await;
    api.create("okta", json!({})).await;
    let (a, b) = tokio::join!(
        api.staff("PATCH", "okta/", Some(json!({"label": "A"}))),
        api.staff("PATCH", "okta/", Some(json!({"user_claim": "email"}))),
    );
    a.expect(200);
    b.expect(200);
    let stored = api.staff("GET", "okta/", None).await.expect(200);
    assert_eq!((&stored["label"], &stored["user_claim"]), (&json!("A"), &json!("email")));
}
