//! The body and headers of what is refused outside of the operations.

use std::collections::BTreeSet;

use super::api::{Api, refusal};

#[tokio::test]
async fn a_wrong_method_is_reported_in_this_apis_words() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await.id;
    for (path, allowed) in [
        ("/api/IdentityProvider/".to_owned(), "GET, HEAD"),
        (format!("/api/IdentityProvider/{okta}"), "GET, HEAD"),
        ("/api/IdentityProvider/schemes/okta".to_owned(), "GET, HEAD"),
        ("/api/Tenants/a/IdentityProvider/".to_owned(), "GET, HEAD"),
        (format!("/api/Tenants/a/IdentityProvider/{okta}"), "GET, HEAD, POST, DELETE"),
    ] {
        for method in ["PUT", "PATCH", "OPTIONS", "BREW"] {
            let answer = api.call(method, &path).await;
            let reason = refusal(&answer, 405, "Method not allowed.");
            assert_eq!(reason, format!("This path does not know the method {method}. It knows {allowed}."));
            assert_eq!(answer.header("allow"), Some(allowed));
        }
    }
}

#[tokio::test]
async fn there_is_nothing_below_a_provider() {
    let api = Api::start().await;
    for path in [
        "/api/IdentityProvider/x/y",
        "/api/IdentityProvider/x/y/z/",
        "/api/IdentityProvider/schemes/x/y",
        "/api/Tenants/a/IdentityProvider/x/y",
        "/API/tenants/a/identityprovider/x/y/",
    ] {
        for token in [None, Some("vst_unknown")] {
            refusal(&api.call_as(token, "GET", path).await, 404, "Not found.");
        }
    }
}

#[tokio::test]
async fn every_operation_has_an_identifier_of_its_own() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await.id;
    let mut seen = BTreeSet::new();
    for path in [
        format!("/api/IdentityProvider/{okta}"),
        format!("/api/IdentityProvider/{okta}"),
        "/api/IdentityProvider/".to_owned(),
        "/api/IdentityProvider/x".to_owned(),
        "/api/Tenants/a/IdentityProvider/".to_owned(),
    ] {
        let answer = api.call("GET", &path).await;
        let id = answer.header("operation-id").expect("an identifier").to_owned();
        assert!(id.parse::<uuid::Uuid>().is_ok(), "{id}");
        assert!(seen.insert(id));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
}

#[tokio::test]
async fn a_fault_of_ours_has_the_same_shape() {
    let api = Api::start().await;
    api.app.create("Okta").await;
    api.app.database.execute("UPDATE vestibule_identity_providers SET config = 'broken'").await;
    let answer = api.call("GET", "/api/IdentityProvider/").await;
    let reason = refusal(&answer, 500, "Internal server error.");
    assert_eq!(reason, "An unexpected error occurred.");
    assert!(!answer.text().contains("broken"));
}
