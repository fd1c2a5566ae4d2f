//! POST: defaults, coercions, everything that is refused, and that nothing is stored then.

use serde_json::json;

use super::{api::Api, documents::address_of_nobody};

#[tokio::test]
async fn staff_create_a_provider_with_discovered_endpoints() {
    let api = Api::start().await;
    let made = api.staff("POST", "", Some(api.least("okta"))).await.expect(201);
    assert_eq!(
        made,
        json!({
            "protected_fields": [],
            "allowed_redirects": [],
            "provider": "okta",
            "is_active": true,
            "client_id": "client",
            "client_secret": "secret",
            "verify_ssl": true,
            "enable_post_logout_redirect": true,
            "enable_pkce": false,
            "discovery_url": api.documents.discovery_url_of("good"),
            "userinfo_url": made["auth_url"].as_str().map(|url| url.replace("authorize", "userinfo")),
            "token_url": made["auth_url"].as_str().map(|url| url.replace("authorize", "token")),
            "auth_url": made["auth_url"],
            "logout_url": made["auth_url"].as_str().map(|url| url.replace("authorize", "logout")),
            "label": "Label",
            "management_url": "",
            "extra_scope": null,
            "user_field": "username",
            "user_claim": "sub",
            "attribute_mapping": {},
            "extra_fields": null,
        })
    );
    assert_eq!(api.staff("GET", "okta/", None).await.expect(200), made);
}

#[tokio::test]
async fn a_key_that_is_too_long_is_reported_as_such() {
    let api = Api::start().await;
    let reported = api.staff("POST", "", Some(api.least(&"k".repeat(33)))).await.expect(400);
    assert_eq!(reported, json!({"provider": ["Ensure this field has no more than 32 characters."]}));
    api.assert_empty().await;
}

#[tokio::test]
async fn the_keys_of_an_answer_stand_in_their_order() {
    let api = Api::start().await;
    let answer = api.staff("POST", "", Some(api.least("okta"))).await;
    let text = answer.text();
    let places: Vec<_> = [
        "protected_fields",
        "allowed_redirects",
        "provider",
        "is_active",
        "client_id",
        "client_secret",
        "verify_ssl",
        "enable_post_logout_redirect",
        "enable_pkce",
        "discovery_url",
        "userinfo_url",
        "token_url",
        "auth_url",
        "logout_url",
        "label",
        "management_url",
        "extra_scope",
        "user_field",
        "user_claim",
        "attribute_mapping",
        "extra_fields",
    ]
    .iter()
    .map(|key| text.find(&format!("\"{key}\":")))
    .collect();
    assert!(places.is_sorted() && places[0].is_some(), "{text}");
}

#[tokio::test]
async fn a_provider_without_a_logout_endpoint_has_an_empty_one() {
    let api = Api::start().await;
    let made = api.create("okta", json!({"discovery_url": api.documents.discovery_url_of("other")})).await;
    assert_eq!(made["logout_url"], "");
}

#[tokio::test]
async fn keycloak_brings_its_mapping_and_given_claims_win() {
    let api = Api::start().await;
    let made = api.create("keycloak", json!({"attribute_mapping": {"email": "x  y"}, "user_field": "email"})).await;
    assert_eq!(made["attribute_mapping"]["email"], "x y");
    assert_eq!(made["attribute_mapping"]["organization"], "schac_home_organization affiliation org");
    assert_eq!(made["attribute_mapping"].as_object().map(serde_json::Map::len), Some(20));
    assert_eq!((&made["user_field"], &made["extra_fields"]), (&json!("email"), &json!("site_username")));
}

#[tokio::test]
async fn eduteams_brings_its_scopes_unless_they_are_given() {
    let api = Api::start().await;
    let made = api.create("eduteams", json!({})).await;
    assert_eq!(made["extra_scope"], "profile email eduperson_assurance ssh_public_key");
    api.staff("DELETE", "eduteams/", None).await.expect(204);
    let made = api.create("eduteams", json!({"extra_scope": null})).await;
    assert_eq!(made["extra_scope"], json!(null));
}

#[tokio::test]
async fn null_and_blank_scopes_stay_apart() {
    let api = Api::start().await;
    assert_eq!(api.create("a", json!({"extra_scope": null})).await["extra_scope"], json!(null));
    assert_eq!(api.create("b", json!({"extra_scope": ""})).await["extra_scope"], "");
    assert_eq!(api.create("c", json!({"extra_fields": ""})).await["extra_fields"], "");
}

#[tokio::test]
async fn values_are_coerced() {
    let api = Api::start().await;
    let made = api
        .create("okta", json!({"label": "  A label ", "client_id": 17, "is_active": "no", "enable_pkce": 1, "x": "y"}))
        .await;
    assert_eq!((&made["label"], &made["client_id"]), (&json!("A label"), &json!("17")));
    assert_eq!((&made["is_active"], &made["enable_pkce"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn forms_are_read_too() {
    let api = Api::start().await;
    let url: String = url::form_urlencoded::byte_serialize(api.documents.discovery_url_of("good").as_bytes()).collect();
    let body =
        format!("provider=okta&client_id=i&client_secret=s&label=A+label&discovery_url={url}&protected_fields=a");
    let made = api.post_as("application/x-www-form-urlencoded", body).await.expect(201);
    assert_eq!((&made["label"], &made["protected_fields"]), (&json!("A label"), &json!(["a"])));
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once() {
    let api = Api::start().await;
    let required = json!(["This field is required."]);
    assert_eq!(
        api.staff("POST", "", Some(json!({}))).await.expect(400),
        json!({"provider": required, "client_id": required, "client_secret": required, "discovery_url": required, "label": required})
    );
    let mut sent = api.least("Okta");
    sent["label"] = json!(" ");
    sent["client_id"] = json!(null);
    sent["client_secret"] = json!("s".repeat(201));
    sent["is_active"] = json!("perhaps");
    sent["attribute_mapping"] = json!({"shoe_size": "x", "email": ""});
    sent["allowed_redirects"] = json!(["https://a.example.com", 5, true]);
    assert_eq!(
        api.staff("POST", "", Some(sent)).await.expect(400),
        json!({
            "provider": ["Invalid provider."],
            "label": ["This field may not be blank."],
            "client_id": ["This field may not be null."],
            "client_secret": ["Ensure this field has no more than 200 characters."],
            "is_active": ["Must be a valid boolean."],
            "attribute_mapping": [
                "Invalid attribute mapping keys: shoe_size",
                "Attribute mapping value for 'email' is empty string.",
            ],
            "allowed_redirects": {"2": ["Not a valid string."]},
        })
    );
    api.assert_empty().await;
}

#[tokio::test]
async fn a_second_provider_with_the_same_key_is_refused_with_everything_else() {
    let api = Api::start().await;
    api.create("okta", json!({})).await;
    let mut sent = api.least("okta");
    sent["label"] = json!("");
    assert_eq!(
        api.staff("POST", "", Some(sent)).await.expect(400),
        json!({
            "provider": ["identity provider with this provider already exists."],
            "label": ["This field may not be blank."],
        })
    );
}

#[tokio::test]
async fn the_names_of_the_actions_are_no_keys() {
    let api = Api::start().await;
    for key in ["discover_metadata", "generate-mapping"] {
        let answer = api.staff("POST", "", Some(api.least(key))).await.expect(400);
        assert_eq!(answer, json!({"provider": ["Invalid provider."]}));
    }
}

#[tokio::test]
async fn three_keys_are_tied_to_hosts() {
    let api = Api::start().await;
    for (key, address) in [
        ("tara", "https://id.example.com/oidc"),
        ("keycloak", "https://proxy.eduteams.org/.well-known/openid-configuration"),
        ("keycloak", "https://tara.ria.ee/.well-known/openid-configuration"),
        ("okta", "ftp://id.example.com/x"),
        ("okta", "no address"),
    ] {
        let mut sent = api.least(key);
        sent["discovery_url"] = json!(address);
        let answer = api.staff("POST", "", Some(sent)).await.expect(400);
        assert_eq!(answer, json!({"non_field_errors": ["Invalid discovery URL."]}), "{key} at {address}");
    }
}

#[tokio::test]
async fn a_failed_discovery_is_a_bare_list_and_stores_nothing() {
    let api = Api::start().await;
    let unreachable = json!(["Unable to discover endpoints."]);
    let unusable = json!(["Unable to parse JSON in discovery response."]);
    let not_an_object = json!(["The discovery response is JSON, but not an object."]);
    let missing = json!(["Missing required endpoint in discovery document: 'userinfo_endpoint'"]);
    let relative = json!([
        "Invalid endpoint in discovery document: 'userinfo_endpoint' is not a string.",
        "Invalid endpoint in discovery document: 'token_endpoint' is not a full URL.",
        "Invalid endpoint in discovery document: 'authorization_endpoint' is not a full URL.",
        "Invalid endpoint in discovery document: 'jwks_uri' is not a full URL.",
        "Invalid endpoint in discovery document: 'end_session_endpoint' is not a full URL.",
    ]);
    for (address, message) in [
        (address_of_nobody().await, &unreachable),
        (api.documents.discovery_url_of("broken"), &unreachable),
        (api.documents.discovery_url_of("absent"), &unreachable),
        (api.documents.discovery_url_of("page"), &unusable),
        (api.documents.discovery_url_of("list"), &not_an_object),
        (api.documents.discovery_url_of("incomplete"), &missing),
        (api.documents.discovery_url_of("null"), &missing),
        (api.documents.discovery_url_of("relative"), &relative),
    ] {
        let mut sent = api.least("okta");
        sent["discovery_url"] = json!(address);
        assert_eq!(&api.staff("POST", "", Some(sent)).await.expect(400), message, "{address}");
    }
    api.assert_empty().await;
}

#[tokio::test]
async fn an_address_that_must_not_be_called_is_refused_and_nothing_is_stored() {
    let api = Api::start().await;
    for address in [
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:169.254.169.254]/x",
        "http://0.0.0.0/x",
        "http://224.0.0.1/x",
        "http://nobody.invalid/x",
    ] {
        let mut sent = api.least("okta");
        sent["discovery_url"] = json!(address);
        let answer = api.staff("POST", "", Some(sent)).await.expect(400);
        assert_eq!(answer["discovery_url"].as_array().map(Vec::len), Some(1), "{answer}");
    }
    api.assert_empty().await;
}
