//! What no door accepts, and where each says so.

use serde_json::{Value, json};

use super::doors::{ADMIN, Doors, WALDUR, bare, of_tenant};

const TENANTS: &str = "/api/v1/admin/tenants/";
const GROUPS: &str = "/api/v1/admin/groups/";

fn oidc(name: &str) -> Value {
    json!({
        "name": name, "protocol": "OIDC", "oidc_config": {"issuer": "https://login.example.com", "client_id": "abc"},
    })
}

/// The places and messages of a refusal of ScaiKey.
fn reported(answer: &Value) -> Vec<(String, String)> {
    let entries = answer["detail"].as_array().expect("a list").iter();
    let place = |entry: &Value| {
        let steps = entry["loc"].as_array().expect("a place").iter().skip(1);
        steps.map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned)).collect::<Vec<_>>().join(".")
    };
    entries.map(|entry| (place(entry), entry["msg"].as_str().expect("a text").to_owned())).collect()
}

#[tokio::test]
async fn domains_that_match_nobody_are_named_by_place_and_reason() {
    let doors = Doors::open().await;
    let domains = json!(["*.example", "example.com", "corp.example,other.example", "ada@example.com", "10.0.0.1"]);
    let expected = [
        ("allowed_domains.0", "\"*.example\""),
        ("allowed_domains.2", "enter one domain in each place"),
        ("allowed_domains.3", "enter the part after @ alone"),
        ("allowed_domains.4", "IP addresses are not supported"),
    ];
    let mut body = oidc("okta");
    body["allowed_domains"] = domains.clone();
    let directory = json!({
        "name": "d", "provider_type": "LDAP", "allowed_domains": domains,
        "ldap_config": {"urls": ["ldap://127.0.0.1:1"], "base_dn": "dc=x", "bind_dn": "cn=x", "bind_password": "x"},
    });
    let stored = doors.app.create("Stored").await.id.to_string();
    for (method, path, body) in [
        ("POST", ADMIN.to_owned(), body.clone()),
        ("POST", ADMIN.to_owned(), directory),
        ("POST", of_tenant(doors.acme, ""), body),
        ("PATCH", format!("{ADMIN}{stored}"), json!({ "allowed_domains": domains })),
    ] {
        let answer = reported(&doors.rest(method, &path, Some(body)).await.expect(422));
        assert_eq!(answer.len(), expected.len(), "{method} {path}: {answer:?}");
        for ((place, message), (expected_place, words)) in answer.iter().zip(expected) {
            assert_eq!(place, expected_place, "{method} {path}");
            assert!(message.contains(words), "{message}");
        }
    }
    let answer = doors.save(&stored, json!({ "allowed_domains": domains })).await;
    assert_eq!(answer.status, 422);
    for (place, words) in expected {
        assert!(answer.text().contains(place), "{}", answer.text());
        assert!(answer.text().contains(&words.replace('"', "\\\"")), "{}", answer.text());
    }
    // Nothing of it was written, and what can match is normalised.
    let path = format!("{ADMIN}{stored}");
    assert_eq!(doors.rest("GET", &path, None).await.expect(200)["data"]["allowed_domains"], json!(null));
    let good = json!({"allowed_domains": ["Example.COM.", "@bücher.example"]});
    let shown = doors.rest("PATCH", &path, Some(good)).await.expect(200)["data"]["allowed_domains"].clone();
    assert_eq!(shown, json!(["example.com", "xn--bcher-kva.example"]));
}

#[tokio::test]
async fn an_issuer_and_a_sign_on_address_that_lead_nowhere_say_why() {
    let doors = Doors::open().await;
    let certificate = crate::support::app::CERTIFICATE;
    for (address, words) in [
        ("https://*.example.com", "wildcards match nothing here"),
        ("https://a.example.com,b.example.com", "enter one address only"),
        ("https://a.example.com:0", "a port is a number from 1 to 65535"),
        ("https://a.example.com.", "remove the dot at the end of the host"),
        ("https://a.example.com/a b", "remove the spaces"),
        ("https://u:p@a.example.com", "user name"),
        ("https://a.example.com/#x", "after #"),
        ("a.example.com", "https://"),
        ("https://", "https://"),
    ] {
        let mut oidc = oidc("okta");
        oidc["oidc_config"]["issuer"] = json!(address);
        let saml = json!({
            "name": "adfs", "protocol": "SAML",
            "saml_config": {"entity_id": "urn:a", "sso_url": address, "certificate": certificate},
        });
        for path in [ADMIN.to_owned(), of_tenant(doors.acme, "")] {
            for (body, place) in [(&oidc, "oidc_config.issuer"), (&saml, "saml_config.sso_url")] {
                let answer = reported(&doors.rest("POST", &path, Some(body.clone())).await.expect(422));
                assert_eq!(answer.len(), 1, "{address}: {answer:?}");
                assert_eq!(answer[0].0, place, "{address}");
                assert!(answer[0].1.contains(words), "{address}: {}", answer[0].1);
            }
        }
    }
    let mut upper = oidc("upper");
    upper["oidc_config"]["issuer"] = json!("HTTPS://Login.Example.COM/Realms/A");
    let shown = doors.rest("POST", ADMIN, Some(upper.clone())).await.expect(201)["data"].clone();
    assert_eq!(shown["oidc_config"]["issuer"], "https://login.example.com/Realms/A");
}

#[tokio::test]
async fn origins_that_no_browser_sends_are_refused() {
    let doors = Doors::open().await;
    let id = doors.app.create("Okta").await.id.to_string();
    for (origin, words) in [
        ("https://*.example.com", "wildcards match nothing here"),
        ("https://a.example.com,https://b.example.com", "enter one address only"),
        ("https://a.example.com:0", "a port is a number"),
        ("https://a.example.com.", "remove the dot"),
        ("https://u@a.example.com", "user name"),
    ] {
        let list = json!(["https://good.example.com", origin]);
        let answer = doors.save(&id, json!({ "allowed_redirects": list })).await;
        assert_eq!(answer.status, 422, "{origin}");
        assert!(answer.text().contains("allowed_redirects.1") && answer.text().contains(words), "{}", answer.text());
        // Waldur has one sentence for all that its URL check refuses.
        let answer = doors.rest("PATCH", &format!("{WALDUR}okta/"), Some(json!({ "allowed_redirects": list }))).await;
        let message = format!("Invalid redirect URL {origin}: Enter a valid URL.");
        assert_eq!(answer.expect(400)["allowed_redirects"], json!([message]));
    }
}

#[tokio::test]
async fn characters_that_turn_text_around_are_refused_in_every_name() {
    let doors = Doors::open().await;
    let odd = "Ad\u{202E}nim";
    let stored = doors.app.create("Okta").await.id.to_string();
    let tenant = doors.acme.prefixed();
    let mappings = of_tenant(doors.acme, &format!("{stored}/group-mappings"));
    doors.link(doors.acme, &stored).await;
    let group = json!({"tenant_id": tenant, "name": "Staff"});
    let group = doors.rest("POST", GROUPS, Some(group)).await.expect(201)["data"]["id"].clone();
    let group = format!("{GROUPS}{}", group.as_str().expect("an id"));
    for (method, path, body, place) in [
        ("POST", ADMIN.to_owned(), oidc(odd), "name"),
        ("POST", of_tenant(doors.acme, ""), oidc(odd), "name"),
        ("PATCH", format!("{ADMIN}{stored}"), json!({"name": odd}), "name"),
        ("PATCH", format!("{ADMIN}{stored}"), json!({"display_name": odd}), "display_name"),
        ("PATCH", format!("{ADMIN}{stored}"), json!({"attribute_mapping": {"email": odd}}), "attribute_mapping"),
        ("POST", TENANTS.to_owned(), json!({"name": odd}), "name"),
        ("POST", TENANTS.to_owned(), json!({"name": "a", "partner_id": odd}), "partner_id"),
        ("PATCH", format!("{TENANTS}{tenant}"), json!({"name": odd}), "name"),
        ("POST", GROUPS.to_owned(), json!({"tenant_id": tenant, "name": odd}), "name"),
        ("PATCH", group.clone(), json!({"description": odd}), "description"),
        ("POST", mappings.clone(), json!({"external_group_id": odd, "internal_group_id": "g"}), "external_group_id"),
    ] {
        let answer = doors.rest(method, &path, Some(body)).await;
        let answer = reported(&answer.expect(422));
        assert_eq!(answer.len(), 1, "{path}: {answer:?}");
        assert_eq!(answer[0].0, place, "{path}");
        assert!(answer[0].1.contains("U+202E"), "{}", answer[0].1);
    }
    for (body, field) in [(json!({"label": odd}), "label"), (json!({"protected_fields": [odd]}), "protected_fields")] {
        let answer = doors.rest("PATCH", &format!("{WALDUR}okta/"), Some(body)).await.expect(400);
        assert!(answer[field].to_string().contains("U+202E"), "{answer}");
    }
    let grant = json!({"role": "platform_reader", "tenant": null, "partner": null});
    for (endpoint, arguments) in [
        ("tenants/create", json!({"new": {"slug": null, "name": odd, "partner": null, "status": "active"}})),
        ("tokens/create", json!({"new": {"name": odd, "grant": grant, "lifetime_seconds": null}})),
    ] {
        let answer = doors.portal(endpoint, arguments).await;
        assert_eq!(answer.status, 422, "{endpoint}: {}", answer.text());
        assert!(answer.text().contains("U+202E"), "{}", answer.text());
    }
    assert_eq!(doors.save(&stored, json!({"label": odd})).await.status, 422);
    // The marks that names in two scripts need stay.
    let marked = "\u{200F}שלום\u{200E} Ltd";
    let shown = doors.rest("PATCH", &format!("{ADMIN}{stored}"), Some(json!({"display_name": marked}))).await;
    assert_eq!(shown.expect(200)["data"]["display_name"], marked);
}

#[tokio::test]
async fn what_has_the_name_already_is_named() {
    let doors = Doors::open().await;
    let mut first = oidc("okta");
    first["display_name"] = json!("Our Okta");
    doors.rest("POST", ADMIN, Some(first)).await.expect(201);
    let detail = async |path: &str, body: Value| {
        let answer = doors.rest("POST", path, Some(body)).await.expect(409);
        answer["detail"].as_str().expect("a text").to_owned()
    };
    assert_eq!(
        detail(ADMIN, oidc("okta")).await,
        "An identity provider with this name already exists: Our Okta (okta)"
    );
    let tenants = json!({"name": "Other", "slug": "acme"});
    assert_eq!(detail(TENANTS, tenants).await, "A tenant with this slug already exists: acme");
    let group = json!({"tenant_id": "acme", "name": "Staff"});
    let id = doors.rest("POST", GROUPS, Some(group.clone())).await.expect(201)["data"]["id"].clone();
    let id = id.as_str().expect("an id");
    assert_eq!(detail(GROUPS, group).await, format!("A group with this name already exists: {id}"));
    let provider = bare(&doors.rest("GET", ADMIN, None).await.expect(200)["data"][0]["id"]);
    doors.link(doors.acme, &provider).await;
    let path = of_tenant(doors.acme, &format!("{provider}/group-mappings"));
    let mapping = json!({"external_group_id": "admins", "internal_group_id": id});
    let made = doors.rest("POST", &path, Some(mapping.clone())).await.expect(201)["data"]["id"].clone();
    let expected = format!("This group mapping already exists: {}", made.as_str().expect("an id"));
    assert_eq!(detail(&path, mapping).await, expected);
    let form = json!({
        "slug": "okta", "label": "okta", "owner": null, "enabled": true,
        "provisioning": {"auto_create_users": true, "update_user_on_login": true},
        "connection": {"oidc": {"discovery_url": doors.app.openid.discovery_url(), "client_id": "c"}},
        "mapping": {}, "allowed_domains": [], "allowed_redirects": [], "management_url": "",
    });
    let answer = doors.portal("providers/create", json!({ "form": form })).await;
    assert_eq!(answer.status, 422);
    for words in ["A provider with this name exists already: Our Okta (okta).", "A provider with this slug exists"] {
        assert!(answer.text().contains(words), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_name_becomes_the_same_slug_behind_every_door() {
    let doors = Doors::open().await;
    for (name, slug) in [("Ärger & Co", "aerger-co"), ("café", "cafe"), ("Łódź", "lodz"), ("Москва", "moskva")]
    {
        let suggested = doors.portal("slugs/suggest", json!({ "name": name })).await.expect(200);
        assert_eq!(suggested, slug);
        let made = doors.rest("POST", ADMIN, Some(oidc(name))).await.expect(201)["data"].clone();
        assert_eq!(made["slug"], slug);
        let tenant = doors.rest("POST", TENANTS, Some(json!({ "name": name }))).await.expect(201)["data"].clone();
        assert_eq!(tenant["slug"], slug);
        let own = doors.rest("POST", &of_tenant(doors.acme, ""), Some(oidc(name))).await.expect(201)["data"].clone();
        let own = doors.rest("GET", &format!("{ADMIN}{}", bare(&own["id"])), None).await.expect(200)["data"].clone();
        assert_eq!(own["slug"], format!("acme--{slug}"));
    }
}
