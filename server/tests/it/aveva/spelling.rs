//! Any letter case of the fixed segments, a slash at the end or none; and that other dialects keep their own ways.

use super::api::{Api, schemes, shown};

#[tokio::test]
async fn every_operation_is_reached_in_any_spelling() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    let id = okta.id;
    for spelling in ["/API/Tenants/a/identityprovider", "/Api/TENANTS/a/IdentityProvider"] {
        for slash in ["", "/"] {
            let added = api.call("POST", &format!("{spelling}/{id}{slash}")).await;
            assert_eq!(added.expect(201), shown(&okta, "sub"), "{spelling}");
            let read = api.call("GET", &format!("{spelling}/{id}{slash}")).await;
            assert_eq!(read.expect(200), shown(&okta, "sub"), "{spelling}");
            let list = api.call("GET", &format!("{spelling}{slash}?count=1")).await;
            assert_eq!(schemes(&list.expect(200)), ["okta"]);
            let removed = api.call("DELETE", &format!("{spelling}/{id}{slash}")).await;
            removed.expect(204);
        }
    }
    for spelling in ["/api/identityprovider", "/API/IDENTITYPROVIDER", "/api/identityProvider"] {
        for slash in ["", "/"] {
            let list = api.call("GET", &format!("{spelling}{slash}")).await;
            assert_eq!(schemes(&list.expect(200)), ["okta"]);
            let one = api.call("GET", &format!("{spelling}/{id}{slash}")).await;
            assert_eq!(one.expect(200), shown(&okta, "sub"));
            for schemes in ["schemes", "Schemes", "SCHEMES"] {
                let one = api.call("GET", &format!("{spelling}/{schemes}/okta{slash}")).await;
                assert_eq!(one.expect(200), shown(&okta, "sub"));
            }
        }
    }
}

#[tokio::test]
async fn tenants_and_schemes_keep_their_letter_case() {
    let api = Api::start().await;
    api.app.create("Okta").await;
    api.call("GET", "/api/Tenants/A/IdentityProvider/").await.expect(404);
    api.call("GET", "/api/IdentityProvider/schemes/OKTA").await.expect(404);
}

#[tokio::test]
async fn other_dialects_and_the_portal_keep_their_ways() {
    let api = Api::start().await;
    api.app.create("Okta").await;
    assert_eq!(api.call("GET", "/api/identity-providers/okta/").await.status, 200);
    assert_eq!(api.call("GET", "/api/identity-providers").await.status, 301);
    for path in ["/API/identity-providers/okta/", "/api/Tenants/a", "/api/Tenants/a/Users", "/api/IdentityProviders/"] {
        let answer = api.call("GET", path).await;
        assert_eq!(answer.header("operation-id"), None, "{path}");
    }
}

#[tokio::test]
async fn requests_are_counted_under_the_route_and_not_the_spelling() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await.id;
    api.call("GET", &format!("/API/tenants/a/identityprovider/{okta}/")).await.expect(404);
    let metrics = api.app.get("/metrics", None).await;
    let line = metrics.text().lines().find(|line| line.contains("/Tenants/")).expect("a line").to_owned();
    assert!(line.contains("/api/Tenants/{tenant}/IdentityProvider/{provider}"), "{line}");
    assert!(!metrics.text().contains("/API/"), "{}", metrics.text());
}
