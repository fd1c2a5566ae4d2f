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
            "ca_certificate": null, "client_certificate": null, "client_key_set": false,
            "bind_type": "simple", "bind_dn": "CN=svc,DC=corp,DC=example", "bind_password_set": true,
            "base_dn": "DC=corp,DC=example", "user_base_dn": null, "user_search_scope": "subtree",
            "user_object_classes": [], "user_filter": null, "username_attribute": null, "external_id_attribute": null,
            "disabled_filter": null,
            "sync_groups": false, "group_base_dn": null, "group_search_scope": "subtree", "group_object_classes": [],
            "group_filter": null, "group_name_attribute": "cn", "group_member_attribute": "member",
            "group_member_format": "dn", "nested_groups": false,
            "page_size": 500, "connect_timeout_seconds": 5, "operation_timeout_seconds": 30,
            "sync_timeout_seconds": 900, "max_entries": 200_000, "referrals": "ignore",
            "sync_enabled": false, "sync_interval_minutes": 60, "full_sync_interval_hours": 24,
            "delta_strategy": "auto", "clock_skew_seconds": 300, "missing_users": "deactivate",
            "reactivate": "sync_deactivated", "max_deactivation_percent": 20, "link_existing": "none",
            "trust_email": false,
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
    // An empty one would sign in as nobody.
    let mut config = ldap("")["ldap_config"].clone();
    config["bind_password"] = json!("");
    let reported = api.send("PATCH", &path, Some(json!({ "ldap_config": config }))).await.expect(422);
    assert_eq!(reported["detail"][0]["loc"], json!(["body", "ldap_config", "bind_password"]));
    // Anyone who needs none can do without.
    config["bind_type"] = json!("anonymous");
    let answer = api.send("PATCH", &path, Some(json!({ "ldap_config": config }))).await.expect(200);
    assert_eq!(answer["data"]["ldap_config"]["bind_password_set"], json!(false));
}

#[tokio::test]
async fn the_stored_password_does_not_follow_a_change_of_servers_or_tls() {
    let api = Api::start().await;
    let body = api.send("POST", ADMIN, Some(ldap("corp-ad"))).await.expect(201);
    let path = format!("{ADMIN}{}", text(&body["data"]["id"]));
    let leading = [
        json!({"urls": ["ldaps://dc1.evil.example:636"]}),
        json!({"urls": ["ldaps://dc1.corp.example:636", "ldaps://dc1.evil.example:636"]}),
        json!({"urls": ["ldap://dc1.corp.example"]}),
        json!({"url": "ldaps://dc1.evil.example:636", "urls": null}),
        json!({"tls_verify": false}),
        json!({"referrals": "follow"}),
    ];
    for changes in leading {
        let mut config = ldap("")["ldap_config"].clone();
        let settings = config.as_object_mut().expect("an object");
        settings.remove("bind_password");
        for (name, value) in changes.as_object().expect("an object") {
            match value.is_null() {
                true => settings.remove(name),
                false => settings.insert(name.clone(), value.clone()),
            };
        }
        let reported = api.send("PATCH", &path, Some(json!({ "ldap_config": config.clone() }))).await.expect(422);
        let places: Vec<_> =
            reported["detail"].as_array().expect("details").iter().map(|detail| &detail["loc"]).collect();
        assert!(places.contains(&&json!(["body", "ldap_config", "bind_password"])), "{changes}: {reported}");
    }
    let mut config = ldap("")["ldap_config"].clone();
    config["urls"] = json!(["ldaps://dc2.corp.example:636"]);
    api.send("PATCH", &path, Some(json!({ "ldap_config": config }))).await.expect(200);
}

/// A certificate with its key, in PEM.
fn pair() -> (String, String) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["sync.example".to_owned()]).expect("a name");
    (params.self_signed(&key).expect("a certificate").pem(), key.serialize_pem())
}

#[tokio::test]
async fn every_setting_is_kept_and_a_key_stays_with_its_certificate() {
    let api = Api::start().await;
    let (certificate, key) = pair();
    let settings = json!({
        "vendor": "active_directory", "urls": ["ldap://dc1.corp.example", "ldap://dc2.corp.example:3268"],
        "start_tls": true, "tls_verify": true, "ca_certificate": certificate, "client_certificate": certificate,
        "bind_type": "simple", "bind_dn": "reader@corp.example", "base_dn": "DC=corp,DC=example",
        "user_base_dn": "OU=Staff, DC=corp, DC=example", "user_search_scope": "one_level",
        "user_object_classes": ["user", "person"], "user_filter": "(!(cn=svc*))", "username_attribute": "userPrincipalName",
        "external_id_attribute": "objectGUID", "disabled_filter": "(userAccountControl:1.2.840.113556.1.4.803:=2)",
        "sync_groups": true, "group_base_dn": "OU=Groups,DC=corp,DC=example", "group_search_scope": "one_level",
        "group_object_classes": ["posixGroup"], "group_filter": "(cn=app-*)", "group_name_attribute": "displayName",
        "group_member_attribute": "memberUid", "group_member_format": "username", "nested_groups": true,
        "page_size": 0, "connect_timeout_seconds": 60, "operation_timeout_seconds": 300, "sync_timeout_seconds": 86_400,
        "max_entries": 10_000_000, "referrals": "follow", "sync_enabled": true, "sync_interval_minutes": 5,
        "full_sync_interval_hours": 8760, "delta_strategy": "modify_timestamp", "clock_skew_seconds": 0,
        "missing_users": "ignore", "reactivate": "never", "max_deactivation_percent": 100, "link_existing": "email",
        "trust_email": true,
    });
    let mut written = settings.clone();
    written["bind_password"] = json!("hush hush");
    written["client_key"] = json!(key);
    let mut body = ldap("corp-ad");
    body["ldap_config"] = written;
    let answer = api.send("POST", ADMIN, Some(body)).await;
    assert!(!answer.text().contains("PRIVATE KEY") && !answer.text().contains("hush"), "{}", answer.text());
    let data = answer.expect(201)["data"].clone();
    let mut shown = settings.clone();
    shown["bind_password_set"] = json!(true);
    shown["client_key_set"] = json!(true);
    assert_eq!(data["ldap_config"], shown);

    // What was read can be written back: both secrets stay.
    let path = format!("{ADMIN}{}", text(&data["id"]));
    let answer = api.send("PATCH", &path, Some(json!({ "ldap_config": settings }))).await.expect(200);
    assert_eq!(answer["data"]["ldap_config"], shown);
    // Another certificate needs a key of its own.
    let mut other = settings.clone();
    other["client_certificate"] = json!(pair().0);
    let reported = api.send("PATCH", &path, Some(json!({ "ldap_config": other }))).await.expect(422);
    assert_eq!(reported["detail"][0]["loc"], json!(["body", "ldap_config", "client_key"]));
    assert!(text(&reported["detail"][0]["msg"]).contains("does not belong"), "{reported}");
    // Without a certificate the key goes.
    let mut without = settings;
    without["client_certificate"] = json!(null);
    let answer = api.send("PATCH", &path, Some(json!({ "ldap_config": without }))).await.expect(200);
    assert_eq!(answer["data"]["ldap_config"]["client_key_set"], json!(false));
}

#[tokio::test]
async fn limits_names_and_filters_are_checked_when_they_are_saved() {
    let api = Api::start().await;
    for (field, value) in [
        ("base_dn", json!("example.com")),
        ("user_base_dn", json!("ou=a;b")),
        ("group_base_dn", json!("ou=")),
        ("bind_dn", json!("reader")),
        ("user_filter", json!("cn=x")),
        ("user_filter", json!("(uid=%s)")),
        ("disabled_filter", json!("(cn=x")),
        ("group_filter", json!("(&)")),
        ("username_attribute", json!("uid)(cn=*")),
        ("external_id_attribute", json!("entry uuid")),
        ("group_name_attribute", json!("")),
        ("group_member_attribute", json!("member;range=0-1")),
        ("page_size", json!(1001)),
        ("page_size", json!(70_000)),
        ("page_size", json!(-1)),
        ("page_size", json!("many")),
        ("connect_timeout_seconds", json!(0)),
        ("operation_timeout_seconds", json!(301)),
        ("sync_timeout_seconds", json!(29)),
        ("max_entries", json!(0)),
        ("sync_interval_minutes", json!(4)),
        ("full_sync_interval_hours", json!(8761)),
        ("clock_skew_seconds", json!(86_401)),
        ("max_deactivation_percent", json!(101)),
        ("max_deactivation_percent", json!(300)),
        ("delta_strategy", json!("sometimes")),
        ("missing_users", json!("shred")),
        ("referrals", json!(null)),
        ("ca_certificate", json!("hello")),
        ("client_certificate", json!("hello")),
        ("client_key", json!("hello")),
        ("tls_verify", json!(false)),
    ] {
        let mut body = ldap("corp-ad");
        body["ldap_config"][field] = value.clone();
        let reported = api.send("POST", ADMIN, Some(body)).await.expect(422);
        let found = match field {
            // One without the other is reported where something is missing.
            "client_certificate" => "client_key",
            "client_key" => "client_certificate",
            field => field,
        };
        assert_eq!(reported["detail"][0]["loc"], json!(["body", "ldap_config", found]), "{field} {value}: {reported}");
        assert_eq!(reported["detail"].as_array().map(Vec::len), Some(1), "{reported}");
    }
    let mut body = ldap("corp-ad");
    body["ldap_config"]["user_object_classes"] = json!(["person", "a b"]);
    let reported = api.send("POST", ADMIN, Some(body)).await.expect(422);
    assert_eq!(reported["detail"][0]["loc"], json!(["body", "ldap_config", "user_object_classes", 1]));
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
async fn what_cannot_work_is_reported_at_its_place() {
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
        let reported = api.send("POST", ADMIN, Some(body)).await.expect(422);
        let reported: Vec<_> =
            reported["detail"].as_array().expect("a list").iter().map(|entry| entry["loc"].clone()).collect();
        assert_eq!(reported, places, "{change}");
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
    let reported = api.send("POST", &tenant.providers, Some(body)).await.expect(422);
    assert_eq!(reported["detail"][0]["loc"], json!(["body", "protocol"]));
    assert_eq!(reported["detail"][0]["msg"], "Input should be 'OIDC' or 'SAML'");
}

#[tokio::test]
async fn a_filter_is_kept_as_it_was_written_or_refused_with_the_place_that_is_wrong() {
    let api = Api::start().await;
    let create = async |filter: &str| {
        let mut body = ldap("filters");
        body["ldap_config"]["user_filter"] = json!(filter);
        api.send("POST", ADMIN, Some(body)).await
    };
    for (filter, words) in [
        (
            "(memberOf=cn=Jane Roe (EXT),dc=example,dc=com)",
            r"'(' at character 23. Within a value write \28 for ( and \29",
        ),
        ("(&(cn=a)(uid=b)", "The parenthesis that opens at character 1 is not closed."),
        ("(cn=a)(cn=b)", "To demand several conditions"),
    ] {
        let detail = create(filter).await.expect(422)["detail"][0].clone();
        assert_eq!(detail["loc"], json!(["body", "ldap_config", "user_filter"]));
        assert!(text(&detail["msg"]).contains(words), "{detail}");
    }
    let filter = "(&(objectClass=person) (uid=*))";
    let created = create(filter).await.expect(201);
    assert_eq!(created["data"]["ldap_config"]["user_filter"], json!(filter));
}

#[tokio::test]
async fn a_mapping_of_a_directory_names_attributes() {
    let api = Api::start().await;
    let mut body = ldap("options");
    body["attribute_mapping"] = json!({"first_name": "givenName;lang-en"});
    let created = api.send("POST", ADMIN, Some(body.clone())).await.expect(201);
    assert_eq!(created["data"]["attribute_mapping"]["first_name"], json!("givenName;lang-en"));
    body["name"] = json!("ranges");
    body["attribute_mapping"] = json!({"first_name": "givenName;range=0-1"});
    let detail = api.send("POST", ADMIN, Some(body)).await.expect(422)["detail"][0].clone();
    assert_eq!(detail["loc"][1], json!("attribute_mapping"));
    assert!(text(&detail["msg"]).contains("contains a range option"), "{detail}");
}
