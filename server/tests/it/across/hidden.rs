//! What Waldur's API cannot say is not there for it, whatever the method.

use serde_json::{Value, json};

use super::{
    doors::{ADMIN, AVEVA, Doors, WALDUR, bare},
    writing::Writer,
};
use crate::support::app::CERTIFICATE;

fn saml(name: &str) -> Value {
    json!({
        "name": name, "protocol": "SAML",
        "saml_config": {
            "entity_id": "urn:example:idp", "sso_url": "https://idp.example.com/sso", "certificate": CERTIFICATE,
        },
    })
}

fn ldap(name: &str) -> Value {
    json!({
        "name": name, "provider_type": "LDAP",
        "ldap_config": {
            "urls": ["ldaps://dc1.corp.example:636"], "bind_dn": "cn=svc,dc=corp", "bind_password": "hush hush",
            "base_dn": "dc=corp", "vendor": "active_directory",
        },
    })
}

#[tokio::test]
async fn providers_of_tenants_and_of_other_protocols_do_not_exist_for_waldur() {
    let doors = Doors::open().await;
    let mut all = vec![(Writer::Tenant.create(&doors).await, "acme--okta", "sub")];
    for (body, slug, claim) in [
        (saml("adfs"), "adfs", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
        (ldap("directory"), "directory", "objectGUID"),
    ] {
        let id = bare(&doors.rest("POST", ADMIN, Some(body)).await.expect(201)["data"]["id"]);
        all.push((id, slug, claim));
    }
    let everything = ["acme--okta", "adfs", "directory"].map(str::to_owned).to_vec();
    let listed = doors.listed().await;
    assert_eq!(listed, [vec![], everything.clone(), everything.clone(), everything]);
    for (id, slug, claim) in &all {
        let path = format!("{WALDUR}{slug}/");
        let whole = json!({
            "client_id": "c", "client_secret": "s", "label": "Taken over",
            "discovery_url": doors.app.openid.discovery_url(),
        });
        for (method, body) in
            [("GET", None), ("PUT", Some(whole)), ("PATCH", Some(json!({"is_active": false}))), ("DELETE", None)]
        {
            assert_eq!(doors.rest(method, &path, body).await.status, 404, "{method} {slug}");
        }
        assert_eq!(doors.found(id, slug).await, [200, 200, 200, 200, 404], "{slug}");
        let object = doors.rest("GET", &format!("{AVEVA}{id}"), None).await.expect(200);
        assert_eq!((&object["Scheme"], &object["UserIdClaimType"]), (&json!(slug), &json!(claim)));
        assert_eq!(doors.opened(id).await["enabled"], json!(true), "{slug}");
    }
    // Nor does anybody see them without a token.
    assert_eq!(doors.app.get(WALDUR, None).await.expect(200), json!([]));
}

#[tokio::test]
async fn a_slug_that_waldur_cannot_see_is_taken_for_it_all_the_same() {
    let doors = Doors::open().await;
    doors.rest("POST", ADMIN, Some(saml("adfs"))).await.expect(201);
    let body = json!({
        "provider": "adfs", "label": "ADFS", "client_id": "c", "client_secret": "s",
        "discovery_url": doors.app.openid.discovery_url(),
    });
    let reported = doors.rest("POST", WALDUR, Some(body)).await.expect(400);
    assert!(reported["provider"][0].as_str().is_some_and(|text| !text.is_empty()), "{reported}");
    assert_eq!(doors.listed().await[1], ["adfs"]);
}
