//! The descriptions of the dialects: checked in as they are made, served with the dialects that are mounted, and complete.

use std::{collections::BTreeSet, path::Path};

use axum::{body::Body, http::Request};
use serde_json::Value;
use vestibule::{Dialect, testing::DESCRIPTIONS};

use crate::{
    support::{TestApp, app::PEER},
    sweep::patterns_in_sources,
};

#[test]
fn the_checked_in_descriptions_are_those_that_the_code_makes() {
    for description in DESCRIPTIONS {
        let name = description.name;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/reference/openapi/{name}.json"));
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        let made = description.to_text().expect("a description");
        assert!(checked_in == made, "write it again: vestibule openapi {name} > docs/reference/openapi/{name}.json");
    }
}

/// Every document as JSON, with its name.
fn documents() -> Vec<(&'static str, Value)> {
    let read = |text: String| serde_json::from_str(&text).expect("JSON");
    DESCRIPTIONS.iter().map(|one| (one.name, read(one.to_text().expect("a description")))).collect()
}

/// Every `$ref` inside.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            members.values().flat_map(references).chain(own).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn every_schema_that_is_referred_to_is_there_and_no_other() {
    for (name, document) in documents() {
        let referred: BTreeSet<_> =
            references(&document).into_iter().map(|text| text.rsplit('/').next().unwrap_or(text)).collect();
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let there: BTreeSet<_> = schemas.keys().map(String::as_str).collect();
        assert_eq!(there, referred, "{name}");
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_says_who_may_call_it() {
    for (name, document) in documents() {
        let mut names = BTreeSet::new();
        for (path, item) in document["paths"].as_object().expect("paths") {
            for (method, operation) in item.as_object().expect("operations") {
                let id = operation["operationId"].as_str().expect("a name");
                assert!(names.insert(id.to_owned()), "{name}: {id} twice");
                assert!(operation["security"].is_array(), "{name}: {method} {path} needs no credential");
                assert!(operation["summary"].is_string(), "{name}: {method} {path} says nothing");
                for (status, answer) in operation["responses"].as_object().expect("answers") {
                    assert!(answer["headers"]["X-Request-ID"].is_object(), "{name}: {method} {path} {status}");
                }
            }
        }
    }
}

/// The schemas of the original's document, with the members that it declares and those of them that are required.
const SCAIKEY: [(&str, &[&str], &[&str]); 19] = [
    ("ApiResponse_GroupMappingResponse_", &["data", "meta"], &["data"]),
    ("ApiResponse_IdPResponse_", &["data", "meta"], &["data"]),
    ("ApiResponse_TestConnectionResponse_", &["data", "meta"], &["data"]),
    ("ApiResponse_list_GroupMappingResponse__", &["data", "meta"], &["data"]),
    (
        "GroupMappingCreate",
        &["external_group_id", "external_group_name", "internal_group_id"],
        &["external_group_id", "internal_group_id"],
    ),
    (
        "GroupMappingResponse",
        &[
            "id",
            "idp_id",
            "external_group_id",
            "external_group_name",
            "internal_group_id",
            "internal_group_name",
            "created_at",
        ],
        &["id", "idp_id", "external_group_id", "external_group_name", "internal_group_id", "created_at"],
    ),
    ("HTTPValidationError", &["detail"], &[]),
    ("IdPAttributeMapping", &["email", "first_name", "last_name", "display_name", "groups"], &[]),
    (
        "IdPCreate",
        &[
            "name",
            "display_name",
            "protocol",
            "enabled",
            "auto_create_users",
            "update_user_on_login",
            "oidc_config",
            "saml_config",
            "attribute_mapping",
            "allowed_domains",
        ],
        &["name", "protocol"],
    ),
    (
        "IdPListItem",
        &["id", "name", "display_name", "protocol", "enabled", "created_at"],
        &["id", "name", "display_name", "protocol", "enabled", "created_at"],
    ),
    (
        "IdPOIDCConfig",
        &[
            "issuer",
            "client_id",
            "client_secret",
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "scopes",
        ],
        &["issuer", "client_id"],
    ),
    (
        "IdPResponse",
        &[
            "id",
            "tenant_id",
            "name",
            "display_name",
            "protocol",
            "enabled",
            "auto_create_users",
            "update_user_on_login",
            "oidc_config",
            "saml_config",
            "attribute_mapping",
            "allowed_domains",
            "created_at",
            "updated_at",
        ],
        &[
            "id",
            "tenant_id",
            "name",
            "display_name",
            "protocol",
            "enabled",
            "auto_create_users",
            "update_user_on_login",
            "attribute_mapping",
            "created_at",
            "updated_at",
        ],
    ),
    (
        "IdPSAMLConfig",
        &[
            "entity_id",
            "sso_url",
            "slo_url",
            "certificate",
            "sign_requests",
            "want_assertions_signed",
            "name_id_format",
        ],
        &["entity_id", "sso_url", "certificate"],
    ),
    (
        "IdPUpdate",
        &[
            "name",
            "display_name",
            "enabled",
            "auto_create_users",
            "update_user_on_login",
            "oidc_config",
            "saml_config",
            "attribute_mapping",
            "allowed_domains",
        ],
        &[],
    ),
    // The moment is always there; the original declares a default, which a schema of answers need not.
    ("MetaResponse", &["request_id", "timestamp"], &["timestamp"]),
    ("PaginatedResponse_IdPListItem_", &["data", "pagination", "meta"], &["data", "pagination"]),
    (
        "PaginationMeta",
        &["page", "per_page", "total_items", "total_pages"],
        &["page", "per_page", "total_items", "total_pages"],
    ),
    ("TestConnectionResponse", &["success", "message", "details"], &["success", "message", "details"]),
    ("ValidationError", &["loc", "msg", "type", "input", "ctx"], &["loc", "msg", "type"]),
];

#[test]
fn scaikeys_schemas_have_the_names_and_members_of_the_original() {
    let documents = documents();
    let (_, document) = documents.iter().find(|(name, _)| *name == "scaikey").expect("the document");
    for (name, members, required) in SCAIKEY {
        let schema = &document["components"]["schemas"][name];
        let properties = schema["properties"].as_object().unwrap_or_else(|| panic!("{name} is missing"));
        let declared: BTreeSet<_> = properties.keys().map(String::as_str).collect();
        assert_eq!(declared, members.iter().copied().collect(), "{name}");
        let listed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
        assert_eq!(listed.collect::<BTreeSet<_>>(), required.iter().copied().collect(), "{name}");
    }
}

/// A path with the same name for all its parameters: routes and documents may call them differently.
fn shape(path: &str) -> String {
    let mut parts = path.split('{');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shape, part| shape + "{}" + part.split_once('}').map_or("", |(_, rest)| rest))
}

#[test]
fn every_route_of_the_dialects_is_described() {
    let mut described = BTreeSet::new();
    for (_, document) in documents() {
        described.extend(document["paths"].as_object().expect("paths").keys().map(|path| shape(path)));
    }
    let undescribed = [
        // Lead to the same paths with a slash.
        "/api/identity-providers",
        "/api/identity-providers/{provider}",
        // The descriptions themselves.
        "/api/openapi/{name}",
        "/api/docs/",
        "/api/docs/{name}",
    ];
    let routes = patterns_in_sources().into_iter().filter(|path| path.starts_with("/api/") && !path.contains("{*"));
    let routes: BTreeSet<_> = routes.filter(|path| !undescribed.contains(&path.as_str())).map(|p| shape(&p)).collect();
    assert_eq!(described, routes);
}

#[tokio::test]
async fn paths_know_the_methods_that_are_described_and_no_others() {
    let dialects = [Dialect::Waldur { anonymous_reading: false }, Dialect::ScaiKey, Dialect::Aveva];
    let app = TestApp::start_with(|builder| builder.dialects(dialects)).await;
    for (_, document) in documents() {
        for (path, item) in document["paths"].as_object().expect("paths") {
            let path = shape(path).replace("{}", "some");
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
                let request = Request::builder().method(method).uri(app.path(&path)).body(Body::empty());
                let answer = app.send(request.expect("a request"), PEER).await;
                let is_described = item[method.to_ascii_lowercase()].is_object();
                assert_eq!(answer.status, if is_described { 401 } else { 405 }, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn every_mounted_dialect_is_described_with_its_address() {
    let app = TestApp::at("http://apps.example.com/sso").await;
    for (name, made) in documents() {
        let answer = app.get(&format!("/api/openapi/{name}.json"), None).await;
        let document = answer.expect(200);
        assert_eq!(document["servers"][0]["url"], "http://apps.example.com/sso");
        assert_eq!(document["paths"], made["paths"], "{name}");
    }
    assert_eq!(app.get("/api/openapi/none.json", None).await.status, 404);
}

#[tokio::test]
async fn a_dialect_that_is_off_is_not_described() {
    let app = TestApp::start_with(|builder| builder.dialects([Dialect::Aveva])).await;
    app.get("/api/openapi/aveva.json", None).await.expect(200);
    for path in ["/api/openapi/waldur.json", "/api/openapi/scaikey.json", "/api/docs/scaikey"] {
        assert_eq!(app.get(path, None).await.status, 404, "{path}");
    }
    let overview = app.get("/api/docs/", None).await;
    assert!(overview.text().contains("AVEVA") && !overview.text().contains("ScaiKey"), "{}", overview.text());
}

#[tokio::test]
async fn the_pages_load_nothing_but_their_style() {
    let app = TestApp::start().await;
    for path in ["/api/docs/", "/api/docs/waldur", "/api/docs/scaikey", "/api/docs/aveva"] {
        let answer = app.get(path, None).await;
        assert_eq!(answer.status, 200, "{path}");
        let policy = answer.headers["content-security-policy"].to_str().expect("a text");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
        assert!(!answer.text().contains("<script") && answer.text().contains("href=\"style.css\""), "{path}");
    }
    assert!(
        app.get("/api/docs/style.css", None).await.headers["content-type"].to_str().expect("a text").contains("css")
    );
}
