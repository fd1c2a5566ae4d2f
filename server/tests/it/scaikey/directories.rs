//! Directories, which only the administration knows.

use serde_json::json;
use vestibule::{
    domain::{actor::Actor, provider::ProviderPatch},
    service::ProviderRef,
};

use super::api::{ADMIN, Api, ldap, text};

#[tokio::test]
async fn a_directory_is_shown_with_its_settings_and_without_its_password() {
    let api = Api::start().await;
    let answer = api.send("POST", ADMIN, Some(ldap("corp-ad"))).await;
    assert!(!answer.text().contains("hush"), "{}", answer.text());
    let data = answer.expect(201)["data"].clone();
    assert_eq!(
        (&data["provider_type"], &data["oidc_config"], &data["saml_config"]),
        (&json!("LDAP"), &json!(null), &json!(null))
    );
    assert_eq!(
        data["ldap_config"],
        json!({
            "vendor": "generic", "urls": ["ldaps://dc1.corp.example:636"], "start_tls": false, "tls_verify": true,
            "bind_type": "simple", "bind_dn": "CN=svc,DC=corp,DC=example", "bind_password_set": true,
            "base_dn": "DC=corp,DC=example", "user_base_dn": null, "user_search_scope": "subtree",
            "user_object_classes": [], "user_filter": null, "username_attribute": null, "external_id_attribute": null,
        })
    );
    let mapping = json!({
        "email": "mail", "first_name": "givenName", "last_name": "sn", "display_name": "displayName",
        "groups": "memberOf",
    });
    assert_eq!(data["attribute_mapping"], mapping);
}

#[tokio::test]
async fn a_password_stays_until_it_is_said_otherwise() {
    let api = Api::start().await;
    let body = api.send("POST", ADMIN, Some(ldap("corp-ad"))).await.expect(201);
    let path = format!("{ADMIN}{}", text(&body["data"]["id"]));
    let change = async |password: Option<&str>, base: &str| {
        let mut config = ldap("")["ldap_config"].clone();
        config["base_dn"] = json!(base);
        match password {
            Some(password) => config["bind_password"] = json!(password),
            None => {
                config.as_object_mut().expect("an object").remove("bind_password");
            }
        }
        let answer = api.send("PATCH", &path, Some(json!({"ldap_config": config}))).await;
        assert!(!answer.text().contains("hush"), "{}", answer.text());
        let config = answer.expect(200)["data"]["ldap_config"].clone();
        (config["base_dn"].clone(), config["bind_password_set"].clone())
    };
    assert_eq!(change(None, "DC=a").await, (json!("DC=a"), json!(true)));
    assert_eq!(change(Some("hush again"), "DC=b").await, (json!("DC=b"), json!(true)));
    assert_eq!(change(Some(""), "DC=b").await, (json!("DC=b"), json!(false)));
    assert_eq!(change(None, "DC=b").await, (json!("DC=b"), json!(false)));
}

#[tokio::test]
async fn users_are_identified_by_the_attribute_that_never_changes_unless_another_was_chosen() {
    let api = Api::start().await;
    let body = api.send("POST", ADMIN, Some(ldap("corp-ad"))).await.expect(201);
    let id = text(&body["data"]["id"]).to_owned();
    let reference = ProviderRef::Id(id.parse().expect("an identifier"));
    let stored = async || api.app.services.providers.get(&Actor::operator(), &reference).await.expect("a provider");
    let change = async |vendor: &str, attribute: Option<&str>| {
        let mut config = ldap("")["ldap_config"].clone();
        config["vendor"] = json!(vendor);
        config["external_id_attribute"] = json!(attribute);
        api.send("PATCH", &format!("{ADMIN}{id}"), Some(json!({"ldap_config": config}))).await.expect(200);
        stored().await.mapping.user_claim
    };
    assert_eq!(stored().await.mapping.user_claim, "entryUUID");
    assert_eq!(change("active_directory", None).await, "objectGUID");
    assert_eq!(change("active_directory", Some("employeeNumber")).await, "employeeNumber");
    let patch = ProviderPatch { user_claim: Some("uid".to_owned()), ..ProviderPatch::default() };
    api.app.update(&stored().await, patch).await.expect("a change");
    assert_eq!(change("openldap", None).await, "uid");
}

#[tokio::test]
async fn what_cannot_work_is_told_at_its_place() {
    let api = Api::start().await;
    for (change, places) in [
        (json!({"urls": []}), vec![json!(["body", "ldap_config", "urls"])]),
        (json!({"urls": ["ldap://a", "https://b"]}), vec![json!(["body", "ldap_config", "urls", 1])]),
        (json!({"start_tls": true}), vec![json!(["body", "ldap_config", "start_tls"])]),
        (json!({"bind_dn": null}), vec![json!(["body", "ldap_config", "bind_dn"])]),
        (json!({"bind_password": ""}), vec![json!(["body", "ldap_config", "bind_password"])]),
        (json!({"vendor": "oracle"}), vec![json!(["body", "ldap_config", "vendor"])]),
        (
            json!({"external_id_attribute": "x".repeat(256)}),
            vec![json!(["body", "ldap_config", "external_id_attribute"])],
        ),
        (
            json!({"tls_verify": "maybe", "base_dn": 5}),
            vec![json!(["body", "ldap_config", "tls_verify"]), json!(["body", "ldap_config", "base_dn"])],
        ),
    ] {
        let mut body = ldap("corp-ad");
        let config = body["ldap_config"].as_object_mut().expect("an object");
        config.extend(change.as_object().expect("an object").clone());
        let told = api.send("POST", ADMIN, Some(body)).await.expect(422);
        let told: Vec<_> =
            told["detail"].as_array().expect("a list").iter().map(|entry| entry["loc"].clone()).collect();
        assert_eq!(told, places, "{change}");
    }
}

#[tokio::test]
async fn a_tenant_sees_its_directory_without_settings_and_cannot_make_one() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let mut body = ldap("corp-ad");
    body["tenant_id"] = json!("acme");
    let body = api.send("POST", ADMIN, Some(body)).await.expect(201);
    let data = api.send("GET", &tenant.path(text(&body["data"]["id"])), None).await.expect(200)["data"].clone();
    assert_eq!(
        (&data["protocol"], &data["oidc_config"], data.get("ldap_config")),
        (&json!("LDAP"), &json!(null), None)
    );
    let mut body = ldap("other");
    body["protocol"] = json!("LDAP");
    let told = api.send("POST", &tenant.providers, Some(body)).await.expect(422);
    assert_eq!(told["detail"][0]["loc"], json!(["body", "protocol"]));
    assert_eq!(told["detail"][0]["msg"], "Input should be 'OIDC' or 'SAML'");
}
