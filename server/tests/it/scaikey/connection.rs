//! Connection tests, A9 and T9: a provider that does not work is an answer and no error.

use serde_json::{Value, json};
use vestibule::{domain::actor::Actor, service::TenantRef};

use super::api::{ADMIN, Api, detail, ldap, oidc, text};
use crate::support::{
    openid::OpenIdProvider,
    slapd::{READER, READER_PASSWORD, SUFFIX, Slapd, people},
};

/// A provider whose issuer is the one on this machine.
fn working(api: &Api, name: &str) -> Value {
    let mut body = oidc(name);
    let issuer = api.app.openid.discovery_url().replace("/.well-known/openid-configuration", "");
    body["oidc_config"]["issuer"] = json!(issuer);
    body
}

#[tokio::test]
async fn a_provider_that_works_is_reported_step_by_step() {
    let api = Api::start().await;
    let created = api.send("POST", ADMIN, Some(working(&api, "okta"))).await.expect(201);
    let path = format!("{ADMIN}{}/test", text(&created["data"]["id"]));
    let answer = api.send("POST", &path, None).await;
    assert!(!answer.text().contains("hush"), "{}", answer.text());
    let data = answer.expect(200)["data"].clone();
    assert_eq!(data["success"], true, "{data}");
    assert!(data["message"].is_string());
    let steps = data["details"]["steps"].as_array().expect("steps").clone();
    assert!(!steps.is_empty());
    for step in steps {
        let step = step.as_object().expect("an object").clone();
        let names: Vec<_> = step.keys().map(String::as_str).collect();
        assert_eq!(names, ["advice", "message", "ms", "name", "ok", "status"]);
        assert_eq!(step["ok"], json!(step["status"] != "failed"));
    }
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_reported_too() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let mut body = oidc("okta");
    body["oidc_config"]["issuer"] =
        json!(api.app.openid.discovery_url_of("nothing").replace("/.well-known/openid-configuration", ""));
    let created = api.send("POST", &tenant.providers, Some(body)).await.expect(201);
    let path = tenant.path(&format!("{}/test", text(&created["data"]["id"])));
    let answer = api.send_as(Some(&tenant.token), "POST", &path, None).await;
    let data = answer.expect(200)["data"].clone();
    assert_eq!(data["success"], false);
    let failed = data["details"]["steps"].as_array().expect("steps").iter().find(|step| step["ok"] == false).cloned();
    assert_eq!(failed.expect("a failed step")["message"], data["message"]);
}

#[tokio::test]
async fn endpoints_that_are_no_full_urls_are_refused_or_reported_and_no_keys_are_claimed() {
    let api = Api::start().await;
    let mut entered = oidc("entered");
    entered["oidc_config"]["token_endpoint"] = json!("/oauth2/token");
    entered["oidc_config"]["jwks_uri"] = json!("keys");
    let reported = api.send("POST", ADMIN, Some(entered)).await.expect(422)["detail"].clone();
    let places: Vec<_> = reported.as_array().expect("a list").iter().map(|fault| fault["loc"][2].clone()).collect();
    assert_eq!(places, ["token_endpoint", "jwks_uri"]);

    let provider = OpenIdProvider::start().await;
    provider.set("jwks_uri", json!("/jwks"));
    let mut body = oidc("relative");
    body["oidc_config"]["issuer"] = json!(provider.issuer());
    let created = api.send("POST", ADMIN, Some(body)).await.expect(201);
    let path = format!("{ADMIN}{}/test", text(&created["data"]["id"]));
    let data = api.send("POST", &path, None).await.expect(200)["data"].clone();
    assert_eq!(
        (&data["success"], &data["message"]),
        (&json!(false), &json!("jwks_uri is not a full URL: \"/jwks\" is relative."))
    );
    let steps = data["details"]["steps"].as_array().expect("steps").clone();
    assert!(steps.iter().all(|step| step["name"] != "keys"), "{steps:?}");
}

#[tokio::test]
async fn a_documents_own_address_lets_the_document_name_its_issuer() {
    let api = Api::start().await;
    let provider = OpenIdProvider::start().await;
    let issuer = format!("{}/tenantguid/v2.0/", provider.issuer());
    provider.set("issuer", json!(issuer));
    let mut body = oidc("b2c");
    body["oidc_config"]["issuer"] = json!(provider.issuer());
    let created = api.send("POST", ADMIN, Some(body)).await.expect(201);
    let path = format!("{ADMIN}{}", text(&created["data"]["id"]));
    let test = async || api.send("POST", &format!("{path}/test"), None).await.expect(200)["data"].clone();
    assert_eq!(test().await["success"], false);
    // What the step advises.
    let change = json!({"oidc_config": {"issuer": provider.discovery_url(), "client_id": "abc"}});
    let changed = api.send("PATCH", &path, Some(change)).await.expect(200)["data"].clone();
    assert_eq!(changed["oidc_config"]["issuer"], provider.discovery_url());
    assert_eq!(test().await["success"], true);
    // The document was read, and its issuer is what is shown and can be written back.
    let read = api.send("GET", &path, None).await.expect(200)["data"].clone();
    assert_eq!(read["oidc_config"]["issuer"], issuer);
    let back = json!({"oidc_config": read["oidc_config"]});
    assert_eq!(api.send("PATCH", &path, Some(back)).await.expect(200)["data"]["oidc_config"], read["oidc_config"]);
    assert_eq!(test().await["success"], true);
}

#[tokio::test]
async fn a_tenant_tests_its_own_and_linked_providers_alone() {
    let api = Api::start().await;
    let (a, b) = (api.tenant("A", None).await, api.tenant("B", None).await);
    let created = api.send("POST", ADMIN, Some(working(&api, "okta"))).await.expect(201);
    let id = text(&created["data"]["id"]);
    let rest = format!("{id}/test");
    assert_eq!(
        detail(&api.send_as(Some(&a.token), "POST", &a.path(&rest), None).await, 404),
        "Identity provider not found"
    );
    let provider = id.parse().expect("an id");
    let link = api.app.services.assignments.link(&Actor::operator(), &TenantRef::Id(a.id), provider).await;
    link.expect("a link");
    let answer = api.send_as(Some(&a.token), "POST", &a.path(&rest), None).await;
    assert_eq!(answer.expect(200)["data"]["success"], true);
    for path in [a.path(&rest), b.path(&rest), format!("{ADMIN}{rest}")] {
        assert_eq!(api.send_as(Some(&b.token), "POST", &path, None).await.status, 404, "{path}");
    }
    let odd = api.send("POST", &format!("{ADMIN}odd/test"), None).await;
    assert_eq!(detail(&odd, 404), "Identity provider not found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_directory_shows_user_names_and_nothing_more() {
    let slapd = Slapd::setup().entries(&people(1)).start();
    let api = Api::start().await;
    let mut body = ldap("corp");
    let config = &mut body["ldap_config"];
    config["urls"] = json!([slapd.url()]);
    config["bind_dn"] = json!(READER);
    config["bind_password"] = json!(READER_PASSWORD);
    config["base_dn"] = json!(SUFFIX);
    let created = api.send("POST", ADMIN, Some(body)).await.expect(201);
    let path = format!("{ADMIN}{}/test", text(&created["data"]["id"]));
    let answer = api.send("POST", &path, None).await;
    for hidden in ["user0001@example.com", READER_PASSWORD] {
        assert!(!answer.text().contains(hidden), "{}", answer.text());
    }
    let data = answer.expect(200)["data"].clone();
    assert_eq!((&data["success"], &data["details"]["sample"]), (&json!(true), &json!(["user0001"])), "{data}");
}
