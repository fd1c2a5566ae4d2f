//! Every way to be wrong that the contract measured, in the words of FastAPI.

use serde_json::{Value, json};

use super::api::{ADMIN, Api, oidc, text};
use crate::support::Answer;

const GROUPS: &str = "/api/v1/admin/groups/";

const FIELD_REQUIRED: &str = "Field required";
const NO_MODEL: &str = "Input should be a valid dictionary or object to extract fields from";
const NO_DICTIONARY: &str = "Input should be a valid dictionary";
const NO_STRING: &str = "Input should be a valid string";
const NO_TRUTH: &str = "Input should be a valid boolean, unable to interpret input";

/// A provider of a tenant with some members changed; null ones in `without` are left out.
fn with(change: Value) -> Value {
    let mut body = oidc("okta");
    body.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
    body
}

#[tokio::test]
async fn every_wrong_member_is_reported_as_pydantic_tells_it() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let config = |change: Value| {
        let mut config = json!({"issuer": "https://a.example", "client_id": "c"});
        config.as_object_mut().expect("an object").extend(change.as_object().expect("an object").clone());
        with(json!({"oidc_config": config}))
    };
    let saml = json!({"name": "n", "protocol": "SAML", "saml_config": {"entity_id": "urn:a", "sso_url": "https://a"}});
    let long = "x".repeat(256);
    for (body, kind, loc, msg) in [
        (with(json!({"name": null})), "string_type", json!(["name"]), NO_STRING),
        (with(json!({"name": 5})), "string_type", json!(["name"]), NO_STRING),
        (with(json!({"name": ""})), "string_too_short", json!(["name"]), "String should have at least 1 character"),
        (with(json!({"name": long})), "string_too_long", json!(["name"]), "String should have at most 255 characters"),
        (with(json!({"protocol": null})), "string_type", json!(["protocol"]), NO_STRING),
        (with(json!({"protocol": "CAS"})), "literal_error", json!(["protocol"]), "Input should be 'OIDC' or 'SAML'"),
        (with(json!({"display_name": true})), "string_type", json!(["display_name"]), NO_STRING),
        (with(json!({"enabled": "maybe"})), "bool_parsing", json!(["enabled"]), NO_TRUTH),
        (with(json!({"enabled": " true"})), "bool_parsing", json!(["enabled"]), NO_TRUTH),
        (with(json!({"enabled": 2})), "bool_parsing", json!(["enabled"]), NO_TRUTH),
        (with(json!({"enabled": null})), "bool_type", json!(["enabled"]), "Input should be a valid boolean"),
        (
            with(json!({"allowed_domains": "a.b"})),
            "list_type",
            json!(["allowed_domains"]),
            "Input should be a valid list",
        ),
        (with(json!({"allowed_domains": ["a.b", 1]})), "string_type", json!(["allowed_domains", 1]), NO_STRING),
        (with(json!({"oidc_config": []})), "model_attributes_type", json!(["oidc_config"]), NO_MODEL),
        (with(json!({"oidc_config": null})), "missing", json!(["oidc_config"]), FIELD_REQUIRED),
        (with(json!({"attribute_mapping": "x"})), "model_attributes_type", json!(["attribute_mapping"]), NO_MODEL),
        (
            with(json!({"attribute_mapping": {"email": null}})),
            "string_type",
            json!(["attribute_mapping", "email"]),
            NO_STRING,
        ),
        (config(json!({"issuer": 1})), "string_type", json!(["oidc_config", "issuer"]), NO_STRING),
        (config(json!({"client_secret": 1})), "string_type", json!(["oidc_config", "client_secret"]), NO_STRING),
        (
            config(json!({"scopes": null})),
            "list_type",
            json!(["oidc_config", "scopes"]),
            "Input should be a valid list",
        ),
        (config(json!({"scopes": ["a", 2]})), "string_type", json!(["oidc_config", "scopes", 1]), NO_STRING),
        (saml, "missing", json!(["saml_config", "certificate"]), FIELD_REQUIRED),
        (json!([]), "model_attributes_type", json!([]), NO_MODEL),
        (json!("x"), "model_attributes_type", json!([]), NO_MODEL),
        (json!(null), "missing", json!([]), FIELD_REQUIRED),
    ] {
        let answer = api.send("POST", &tenant.providers, Some(body.clone())).await;
        let reported = answer.expect(422)["detail"].clone();
        let place: Vec<_> = std::iter::once(json!("body")).chain(loc.as_array().expect("a list").clone()).collect();
        assert_eq!(reported.as_array().map(Vec::len), Some(1), "{body}: {reported}");
        assert_eq!(
            (&reported[0]["type"], &reported[0]["loc"], &reported[0]["msg"]),
            (&json!(kind), &json!(place), &json!(msg)),
            "{body}"
        );
    }
}

#[tokio::test]
async fn all_that_is_wrong_is_reported_at_once_byte_for_byte() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let answer = api.send_raw("POST", &tenant.providers, "application/json", r#"{"enabled":"maybe"}"#).await;
    assert_eq!(
        answer.text(),
        concat!(
            r#"{"detail":[{"type":"missing","loc":["body","name"],"msg":"Field required","input":{"enabled":"maybe"}},"#,
            r#"{"type":"missing","loc":["body","protocol"],"msg":"Field required","input":{"enabled":"maybe"}},"#,
            r#"{"type":"bool_parsing","loc":["body","enabled"],"#,
            r#""msg":"Input should be a valid boolean, unable to interpret input","input":"maybe"}]}"#,
        )
    );
}

#[tokio::test]
async fn booleans_and_letter_case_are_forgiven() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    for (index, (value, truth)) in
        [(json!("YES"), true), (json!("f"), false), (json!(1), true), (json!(0.0), false)].into_iter().enumerate()
    {
        let body = with(json!({"name": format!("p{index}"), "enabled": value, "protocol": "oIdC"}));
        let data = api.send("POST", &tenant.providers, Some(body)).await.expect(201)["data"].clone();
        assert_eq!((&data["enabled"], &data["protocol"]), (&json!(truth), &json!("OIDC")));
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_reported_by_its_declaration() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    for (path, kind, msg) in
        [(ADMIN, "dict_type", NO_DICTIONARY), (tenant.providers.as_str(), "model_attributes_type", NO_MODEL)]
    {
        for (content_type, body) in [
            ("application/json", "[]"),
            ("application/json", "\"x\""),
            ("text/plain", "{}"),
            ("application/x-www-form-urlencoded", "name=x"),
            ("", "{}"),
        ] {
            let answer = api.send_raw("POST", path, content_type, body).await;
            let reported = answer.expect(422)["detail"][0].clone();
            let expected = (&json!(kind), &json!(["body"]), &json!(msg));
            assert_eq!(
                (&reported["type"], &reported["loc"], &reported["msg"]),
                expected,
                "{path} {content_type} {body}"
            );
        }
        for (content_type, body) in [("application/json", ""), ("", ""), ("application/json", "null")] {
            let reported = api.send_raw("POST", path, content_type, body).await.expect(422)["detail"].clone();
            assert_eq!(reported, json!([{"type": "missing", "loc": ["body"], "msg": FIELD_REQUIRED, "input": null}]));
        }
        let reported =
            api.send_raw("POST", path, "application/json", "{\"name\": }").await.expect(422)["detail"].clone();
        assert_eq!(reported[0]["type"], "json_invalid");
        assert_eq!((&reported[0]["loc"], &reported[0]["msg"]), (&json!(["body", 9]), &json!("JSON decode error")));
        assert_eq!(reported[0]["input"], json!({}));
        assert!(reported[0]["ctx"]["error"].is_string());
    }
}

#[tokio::test]
async fn the_administration_tells_faults_in_the_same_words() {
    let api = Api::start().await;
    let reported = api.send("POST", ADMIN, Some(json!({"tenant_id": 5}))).await.expect(422)["detail"].clone();
    let reported: Vec<_> = reported
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| (entry["loc"][1].clone(), entry["type"].clone()))
        .collect();
    let expected = [("name", "missing"), ("provider_type", "missing"), ("tenant_id", "string_type")];
    assert_eq!(reported, expected.map(|(place, kind)| (json!(place), json!(kind))));
    let differing = with(json!({"provider_type": "SAML"}));
    let reported = api.send("POST", ADMIN, Some(differing)).await.expect(422)["detail"].clone();
    assert_eq!(reported[0]["loc"], json!(["body", "protocol"]));
}

#[tokio::test]
async fn what_only_the_core_can_judge_is_reported_in_the_same_shape() {
    let api = Api::start().await;
    let body = with(json!({
        "name": " ", "allowed_domains": ["example.com", "no domain"],
        "oidc_config": {"issuer": "nowhere", "client_id": "c", "jwks_uri": "ftp://x", "scopes": ["a b"]},
    }));
    let reported = api.send("POST", ADMIN, Some(body)).await.expect(422)["detail"].clone();
    let places: Vec<_> = reported.as_array().expect("a list").iter().map(|entry| entry["loc"].clone()).collect();
    assert_eq!(
        places,
        [
            json!(["body", "name"]),
            json!(["body", "oidc_config", "scopes", 0]),
            json!(["body", "oidc_config", "jwks_uri"]),
            json!(["body", "allowed_domains", 1]),
            json!(["body", "oidc_config", "issuer"]),
        ]
    );
    for entry in reported.as_array().expect("a list") {
        assert_eq!(entry["type"], "value_error");
        assert!(entry["msg"].as_str().is_some_and(|text| text.starts_with("Value error, ")), "{entry}");
    }
}

/// Where the answer to a refused request says that something is wrong, as `oidc_config.scopes.1`.
fn places(answer: &Answer) -> Vec<String> {
    let reported = answer.expect(422)["detail"].clone();
    let step = |step: &Value| step.as_str().map_or_else(|| step.to_string(), str::to_owned);
    let place = |entry: &Value| entry["loc"].as_array().expect("a list").iter().skip(1).map(step).collect::<Vec<_>>();
    let places = reported.as_array().expect("a list").iter().map(|entry| place(entry).join("."));
    places.collect()
}

#[tokio::test]
async fn a_fault_of_the_form_hides_nothing_that_the_core_judges() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let group = api.send("POST", GROUPS, Some(json!({"tenant_id": "acme", "name": "Staff"}))).await;
    let group = format!("{GROUPS}{}", text(&group.expect(201)["data"]["id"]));
    let mappings = tenant.path(&format!("{}/group-mappings", api.provider_of(&tenant, "okta").await));
    let ldap = json!({"urls": ["http://x"], "base_dn": "nonsense", "user_filter": "(uid=", "page_size": 5000,
                      "start_tls": "perhaps", "bind_dn": "cn=a"});
    let saml = json!({"entity_id": "urn:a", "sso_url": "ftp://a", "certificate": "x", "sign_requests": "perhaps"});
    let oidc = json!({"issuer": "nowhere", "client_id": 1, "scopes": ["a b"]});
    for (method, path, body, expected) in [
        (
            "POST",
            ADMIN,
            json!({"name": "", "protocol": "ldap", "ldap_config": ldap}),
            "name ldap_config.start_tls ldap_config.base_dn ldap_config.urls.0 ldap_config.page_size \
             ldap_config.user_filter",
        ),
        (
            "POST",
            &tenant.providers,
            json!({"name": "n", "protocol": "SAML", "saml_config": saml, "allowed_domains": ["no domain"]}),
            "saml_config.sign_requests saml_config.sso_url allowed_domains.0 saml_config.certificate",
        ),
        // What is judged of settings does not wait for the protocol, nor the rest for the settings.
        (
            "POST",
            &tenant.providers,
            json!({"name": "n", "oidc_config": oidc}),
            "protocol oidc_config.client_id oidc_config.scopes.0 oidc_config.issuer",
        ),
        (
            "POST",
            &tenant.providers,
            json!({"name": "n", "protocol": "OIDC", "allowed_domains": ["no domain"]}),
            "oidc_config allowed_domains.0",
        ),
        // A place is reported once: what has not the right form is judged no further.
        (
            "POST",
            &tenant.providers,
            with(json!({"name": null, "allowed_domains": [1, "no domain", "example.com"]})),
            "name allowed_domains.0 allowed_domains.1",
        ),
        (
            "POST",
            ADMIN,
            json!({"name": "n", "protocol": "LDAP", "ldap_config": {
                "urls": ["ldap://a:b@h", "ldap://h/dc=a?uid", 5, "ldaps://h"], "url": "ldap://h", "base_dn": "dc=a",
                "bind_type": "kerberos", "username_attribute": "userPassword", "client_certificate": "x", "client_key": "x"}}),
            "ldap_config.url ldap_config.urls.2 ldap_config.bind_type ldap_config.urls.0 ldap_config.urls.1 \
             ldap_config.username_attribute ldap_config.client_certificate ldap_config.client_key",
        ),
        (
            "POST",
            ADMIN,
            json!({"name": "n", "protocol": "LDAP", "ldap_config": {
                "url": "ldap://h", "base_dn": "dc=a", "bind_type": "sasl_external"}}),
            "ldap_config.start_tls ldap_config.client_certificate",
        ),
        (
            "POST",
            "/api/v1/admin/tenants/",
            json!({"status": "gone", "slug": "No", "partner_id": " "}),
            "name status partner_id slug",
        ),
        (
            "PATCH",
            &group,
            json!({"name": 1, "description": "x".repeat(1001), "tenant_id": "other"}),
            "name tenant_id description",
        ),
        (
            "POST",
            &mappings,
            json!({"external_group_id": 1, "internal_group_id": " "}),
            "external_group_id internal_group_id",
        ),
    ] {
        let answer = api.send(method, path, Some(body.clone())).await;
        assert_eq!(places(&answer), expected.split_whitespace().collect::<Vec<_>>(), "{body}");
    }
}

#[tokio::test]
async fn the_form_of_a_body_is_judged_before_what_it_is_about() {
    let api = Api::start().await;
    let nobody = "tnt_00000000000000000000000000000001";
    for (method, path) in [
        ("PATCH", format!("{ADMIN}idp_00000000000000000000000000000001")),
        ("POST", format!("/api/v1/tenants/{nobody}/identity-providers/")),
        ("PATCH", format!("/api/v1/tenants/{nobody}/identity-providers/odd")),
    ] {
        let body = with(json!({"enabled": "maybe"}));
        assert_eq!(places(&api.send(method, &path, Some(body)).await), ["enabled"], "{method} {path}");
        api.send(method, &path, Some(with(json!({})))).await.expect(404);
    }
}

#[tokio::test]
async fn a_change_tells_all_that_is_wrong_with_it_and_changes_nothing() {
    let api = Api::start().await;
    api.tenant("Acme", None).await;
    let made = api.send("POST", ADMIN, Some(with(json!({"tenant_id": "acme"})))).await.expect(201)["data"].clone();
    let path = format!("{ADMIN}{}", text(&made["id"]));
    let body = json!({
        "name": "Other", "enabled": 2, "provider_type": "SAML", "tenant_id": null, "display_name": "x".repeat(300),
        "oidc_config": {"issuer": "nowhere", "client_id": "", "jwks_uri": "ftp://x"},
    });
    let answer = api.send("PATCH", &path, Some(body)).await;
    let expected = "enabled tenant_id provider_type oidc_config.client_id oidc_config.jwks_uri display_name \
                    oidc_config.issuer";
    assert_eq!(places(&answer), expected.split_whitespace().collect::<Vec<_>>());
    assert_eq!(api.send("GET", &path, None).await.expect(200)["data"], made);
}

#[tokio::test]
async fn queries_are_read_with_the_same_rules() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    for path in [ADMIN, tenant.providers.as_str(), "/api/v1/admin/tenants/", "/api/v1/admin/groups/"] {
        let reported =
            api.send("GET", &format!("{path}?page=0&per_page=101"), None).await.expect(422)["detail"].clone();
        assert_eq!(
            reported,
            json!([
                {"type": "greater_than_equal", "loc": ["query", "page"], "input": "0", "ctx": {"ge": 1},
                 "msg": "Input should be greater than or equal to 1"},
                {"type": "less_than_equal", "loc": ["query", "per_page"], "input": "101", "ctx": {"le": 100},
                 "msg": "Input should be less than or equal to 100"},
            ])
        );
        let reported = api.send("GET", &format!("{path}?page=1.5"), None).await.expect(422)["detail"].clone();
        let msg = "Input should be a valid integer, unable to parse string as an integer";
        assert_eq!(reported, json!([{"type": "int_parsing", "loc": ["query", "page"], "input": "1.5", "msg": msg}]));
        for query in
            ["page=%2B1", "page=%201%20", "page=1.0", "per_page=1_0", "page=1&page=2", "page=99999999999999999999"]
        {
            api.send("GET", &format!("{path}?{query}"), None).await.expect(200);
        }
    }
    let reported = api.send("GET", &tenant.path("?enabled_only=maybe"), None).await.expect(422)["detail"].clone();
    assert_eq!(
        reported,
        json!([{"type": "bool_parsing", "loc": ["query", "enabled_only"], "input": "maybe", "msg": NO_TRUTH}])
    );
}

#[tokio::test]
async fn a_near_miss_of_a_setting_is_refused_by_the_administration_with_the_name_that_was_meant() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let certificate = include_str!("../../data/saml/certificates/good.pem");
    let saml = json!({
        "name": "adfs", "protocol": "SAML",
        "saml_config": {"entity_id": "urn:a", "sso_url": "https://a.example", "certificate": certificate},
    });
    for (mut body, config, member, meant) in [
        (super::api::ldap("d"), "ldap_config", "user_filtr", "user_filter"),
        (super::api::ldap("d"), "ldap_config", "userFilter", "user_filter"),
        (super::api::ldap("d"), "ldap_config", "bind_passwd", "bind_password"),
        (super::api::oidc("o"), "oidc_config", "client_secrt", "client_secret"),
        (super::api::oidc("o"), "oidc_config", "scope", "scopes"),
        (saml.clone(), "saml_config", "slo_uri", "slo_url"),
        (saml.clone(), "saml_config", "certificates", "certificate"),
    ] {
        body[config][member] = json!("x");
        let answer = api.send("POST", ADMIN, Some(body.clone())).await;
        assert_eq!(places(&answer), [format!("{config}.{member}")]);
        let msg = format!("Value error, there is no such member; {meant} is probably meant");
        assert_eq!(answer.expect(422)["detail"][0]["msg"], msg);
        // A tenant's model ignores what it does not know.
        if config != "ldap_config" {
            api.send("POST", &tenant.providers, Some(body)).await.expect(201);
            let listed = api.send("GET", &tenant.providers, None).await.expect(200)["data"][0]["id"].clone();
            api.send("DELETE", &tenant.path(text(&listed)), None).await;
        }
    }
    // What is no near miss is ignored, and so is what this API shows and does not take.
    let mut body = super::api::ldap("d");
    for (member, value) in [("comment", json!(1)), ("bind_password_set", json!(false)), ("client_key_set", json!(true))]
    {
        body["ldap_config"][member] = value;
    }
    body["attribute_mapping"] = json!({"emial": "mail"});
    body["allowed_domain"] = json!(["example.com"]);
    let data = api.send("POST", ADMIN, Some(body)).await.expect(201)["data"].clone();
    assert_eq!((&data["ldap_config"]["bind_password_set"], &data["allowed_domains"]), (&json!(true), &json!(null)));
    let mut body = super::api::ldap("e");
    let config = body["ldap_config"].as_object_mut().expect("an object");
    config.remove("urls");
    config.extend([("host".to_owned(), json!("a.example")), ("port".to_owned(), json!(1389))]);
    api.send("POST", ADMIN, Some(body)).await.expect(201);
}
