//! The administration's operations on providers, A1 to A8.

use serde_json::json;

use super::api::{ADMIN, Api, detail, ldap, oidc, text};

#[tokio::test]
async fn a_new_provider_is_answered_with_every_member_in_order() {
    let api = Api::start().await;
    let answer = api.send("POST", ADMIN, Some(oidc("Okta"))).await;
    let body = answer.expect(201);
    let id = text(&body["data"]["id"]);
    assert!(id.starts_with("idp_") && id.len() == 36, "{id}");
    let request_id = answer.header("x-request-id").expect("a request id");
    let expected = format!(
        concat!(
            r#"{{"data":{{"id":"{id}","tenant_id":null,"name":"Okta","display_name":null,"slug":"okta","#,
            r#""provider_type":"OIDC","protocol":"OIDC","enabled":true,"auto_create_users":true,"#,
            r#""update_user_on_login":true,"oidc_config":{{"issuer":"https://login.example.com","client_id":"abc","#,
            r#""client_secret":null,"client_secret_set":true,"authorization_endpoint":null,"token_endpoint":null,"#,
            r#""userinfo_endpoint":null,"jwks_uri":null,"scopes":["openid","profile","email"],"#,
            r#""token_endpoint_auth_method":"client_secret_basic","response_mode":"query","id_token_signing_algs":[],"#,
            r#""allowed_issuers":[],"userinfo":"auto","max_age":null,"prompt":[],"acr_values":[]}},"saml_config":null,"#,
            r#""ldap_config":null,"attribute_mapping":{{"email":"email","first_name":"given_name","#,
            r#""last_name":"family_name","display_name":"name","groups":"groups"}},"allowed_domains":null,"#,
            r#""linking":"never","email_trust":"claim","match_existing_users":false,"confirmed_domains":[],"#,
            r#""update_policy":{{"default":null,"fields":{{}}}},"#,
            r#""last_sync":null,"created_at":"2027-01-15T08:00:00Z","updated_at":null,"deleted_at":null}},"#,
            r#""meta":{{"request_id":"{request_id}","timestamp":"2027-01-15T08:00:00Z"}}}}"#,
        ),
        id = id,
        request_id = request_id,
    );
    assert_eq!(answer.text(), expected);
    let read = api.send("GET", &format!("{ADMIN}{id}"), None).await.expect(200);
    assert_eq!(read["data"], body["data"]);
}

#[tokio::test]
async fn nobody_is_called_when_a_provider_is_saved() {
    let api = Api::start().await;
    for (name, issuer, discovery_url) in [
        ("plain", "https://nowhere.invalid", "https://nowhere.invalid/.well-known/openid-configuration"),
        ("slash", "https://nowhere.invalid/a/", "https://nowhere.invalid/a/.well-known/openid-configuration"),
    ] {
        let body = json!({"name": name, "provider_type": "oidc", "oidc_config": {"issuer": issuer, "client_id": "c"}});
        let data = api.send("POST", ADMIN, Some(body)).await.expect(201)["data"].clone();
        assert_eq!(data["oidc_config"]["issuer"], issuer);
        let stored = api.app.get(&format!("/api/identity-providers/{name}/"), None).await.expect(200);
        assert_eq!((&stored["discovery_url"], &stored["auth_url"]), (&json!(discovery_url), &json!("")));
    }
}

#[tokio::test]
async fn a_list_is_paged_in_the_order_of_creation() {
    let api = Api::start().await;
    let empty = api.send("GET", ADMIN, None).await.expect(200);
    let none = json!({"page": 1, "per_page": 20, "total_items": 0, "total_pages": 0});
    assert_eq!((&empty["data"], &empty["pagination"]), (&json!([]), &none));
    for name in ["c", "a", "b"] {
        api.platform_provider(name).await;
        api.app.clock.advance(1);
    }
    let names = async |query: &str| {
        let page = api.send("GET", &format!("{ADMIN}{query}"), None).await.expect(200);
        let names: Vec<_> =
            page["data"].as_array().expect("a list").iter().map(|row| text(&row["name"]).to_owned()).collect();
        (names.join(" "), page["pagination"].clone())
    };
    let page = |page: u64| json!({"page": page, "per_page": 2, "total_items": 3, "total_pages": 2});
    assert_eq!(names("?per_page=2").await, ("c a".to_owned(), page(1)));
    assert_eq!(names("?per_page=2&page=2").await, ("b".to_owned(), page(2)));
    assert_eq!(names("?per_page=2&page=9").await, (String::new(), page(9)));
}

#[tokio::test]
async fn a_list_is_narrowed_by_tenant_type_and_search() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    api.platform_provider("Platform").await;
    api.provider_of(&tenant, "Own").await;
    api.send("POST", ADMIN, Some(ldap("Directory"))).await.expect(201);
    let names = async |query: &str| {
        let page = api.send("GET", &format!("{ADMIN}?{query}"), None).await.expect(200);
        let rows = page["data"].as_array().expect("a list").clone();
        assert_eq!(page["pagination"]["total_items"], rows.len());
        rows.iter().map(|row| text(&row["name"]).to_owned()).collect::<Vec<_>>().join(" ")
    };
    for (query, expected) in [
        (format!("tenant_id={}", tenant.id.prefixed()), "Own"),
        (format!("tenant_id={}", tenant.id), "Own"),
        ("tenant_id=acme".to_owned(), "Own"),
        ("tenant_id=nobody".to_owned(), ""),
        ("tenant_id=".to_owned(), "Platform Own Directory"),
        ("provider_type=oidc".to_owned(), "Platform Own"),
        ("provider_type=LDAP".to_owned(), "Directory"),
        ("provider_type=CAS".to_owned(), ""),
        ("search=LATF".to_owned(), "Platform"),
        ("search=login.example".to_owned(), "Platform Own"),
        ("search=dc1.corp".to_owned(), "Directory"),
        ("search=%25".to_owned(), ""),
        ("search=%00".to_owned(), ""),
        (format!("search=own&tenant_id={}&provider_type=OIDC", tenant.id), "Own"),
    ] {
        assert_eq!(names(&query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_name_is_taken_once_and_free_again_after_a_deletion() {
    let api = Api::start().await;
    let first = api.platform_provider("Okta").await;
    let second = api.send("POST", ADMIN, Some(oidc("Okta"))).await;
    assert_eq!(detail(&second, 409), "An identity provider with this name already exists: Okta (okta)");
    let other = api.platform_provider("Other").await;
    let renamed = api.send("PATCH", &format!("{ADMIN}{other}"), Some(json!({"name": "Okta"}))).await;
    assert_eq!(detail(&renamed, 409), "An identity provider with this name already exists: Okta (okta)");

    let gone = api.send("DELETE", &format!("{ADMIN}{first}"), None).await;
    assert_eq!((gone.status, gone.text()), (204, ""));
    for (method, body) in [("DELETE", None), ("GET", None), ("PATCH", Some(json!({})))] {
        let answer = api.send(method, &format!("{ADMIN}{first}"), body).await;
        assert_eq!(detail(&answer, 404), "Identity provider not found", "{method}");
    }
    let again = api.send("POST", ADMIN, Some(oidc("Okta"))).await.expect(201);
    assert_eq!(again["data"]["slug"], "okta");
    assert_ne!(again["data"]["id"], first);
}

#[tokio::test]
async fn a_provider_of_a_tenant_is_created_for_it_in_any_spelling() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    for (name, spelling) in [("a", tenant.id.prefixed()), ("b", tenant.id.to_string()), ("c", "acme".to_owned())] {
        let mut body = oidc(name);
        body["tenant_id"] = json!(spelling);
        let data = api.send("POST", ADMIN, Some(body)).await.expect(201)["data"].clone();
        assert_eq!(data["tenant_id"], tenant.id.prefixed());
        assert_eq!(data["slug"], format!("acme--{name}"));
    }
    let listed = api.send("GET", &tenant.providers, None).await.expect(200);
    assert_eq!(listed["pagination"]["total_items"], 3);
    let mut body = oidc("d");
    body["tenant_id"] = json!("tnt_00000000000000000000000000000007");
    assert_eq!(detail(&api.send("POST", ADMIN, Some(body)).await, 404), "Tenant not found");
}

#[tokio::test]
async fn identifiers_are_read_in_every_spelling() {
    let api = Api::start().await;
    let id = api.platform_provider("Okta").await;
    let uuid = id.parse::<vestibule::domain::id::ProviderId>().expect("an id").to_string();
    for spelling in [id.as_str(), uuid.as_str(), id.trim_start_matches("idp_")] {
        let data = api.send("GET", &format!("{ADMIN}{spelling}"), None).await.expect(200)["data"].clone();
        assert_eq!(data["id"], id);
    }
    for wrong in ["x", "idp_", "tnt_00000000000000000000000000000007", "%FF", "idp_00000000000000000000000000000007"] {
        let answer = api.send("GET", &format!("{ADMIN}{wrong}"), None).await;
        assert_eq!(answer.status, 404, "{wrong}");
    }
}

#[tokio::test]
async fn type_and_tenant_of_a_provider_stay() {
    let api = Api::start().await;
    let tenant = api.tenant("Acme", None).await;
    let id = api.provider_of(&tenant, "Own").await;
    let path = format!("{ADMIN}{id}");
    let same = json!({"provider_type": "oidc", "protocol": "OIDC", "tenant_id": "acme", "display_name": "Ours"});
    assert_eq!(api.send("PATCH", &path, Some(same)).await.expect(200)["data"]["display_name"], "Ours");
    for (body, member) in [
        (json!({"provider_type": "SAML"}), "provider_type"),
        (json!({"tenant_id": null}), "tenant_id"),
        (json!({"tenant_id": "default"}), "tenant_id"),
        (json!({"tenant_id": "nobody"}), "tenant_id"),
    ] {
        let reported = api.send("PATCH", &path, Some(body)).await.expect(422);
        assert_eq!(reported["detail"][0]["loc"], json!(["body", member]));
        assert_eq!(reported["detail"][0]["type"], "value_error");
    }
}

#[tokio::test]
async fn a_provider_that_was_never_synchronised_has_an_empty_history() {
    let api = Api::start().await;
    let openid = api.platform_provider("Okta").await;
    let directory = api.send("POST", ADMIN, Some(ldap("Directory"))).await.expect(201);
    assert_eq!(directory["data"]["last_sync"], json!(null));
    let directory = text(&directory["data"]["id"]).to_owned();
    let reported =
        api.send("POST", &format!("{ADMIN}{directory}/sync?dry_run=maybe&mode=slow"), None).await.expect(422);
    let reported: Vec<_> = reported["detail"].as_array().expect("a list").iter().map(|entry| &entry["type"]).collect();
    assert_eq!(reported, ["bool_parsing", "literal_error"]);
    for id in [&openid, &directory] {
        let logs = api.send("GET", &format!("{ADMIN}{id}/sync-logs?per_page=5"), None).await.expect(200);
        let none = json!({"page": 1, "per_page": 5, "total_items": 0, "total_pages": 0});
        assert_eq!((&logs["data"], &logs["pagination"]), (&json!([]), &none));
        for log in ["slg_1", "slg_0b6c1f2e4d5a4c3b9a8f7e6d5c4b3a21"] {
            let log = api.send("GET", &format!("{ADMIN}{id}/sync-logs/{log}"), None).await;
            assert_eq!(detail(&log, 404), "Sync log not found");
        }
    }
    for path in ["idp_7/sync-logs", "idp_7/sync-logs/slg_1"] {
        let answer = api.send("GET", &format!("{ADMIN}{path}"), None).await;
        assert_eq!(detail(&answer, 404), "Identity provider not found");
    }
}
