//! The providers of a tenant: reading one, adding and removing it.

use axum::{body::Body, http::Request};
use vestibule::domain::actor::{Grant, Role};

use super::api::{Api, refusal, shown};
use crate::support::app::PEER;

#[tokio::test]
async fn a_provider_is_added_read_and_removed() {
    let api = Api::start().await;
    let admin = api.admin_of(api.a).await;
    let okta = api.app.create("Okta").await;
    let path = format!("/api/Tenants/a/IdentityProvider/{}", okta.id);
    let missing = refusal(&api.call("GET", &path).await, 404, "Identity provider or tenant not found.");
    assert_eq!(missing, format!("There is no identity provider \"{}\" for the tenant \"a\".", okta.id));
    let added = api.call_as(Some(&admin), "POST", &path).await;
    assert_eq!(added.expect(201), shown(&okta, "sub"));
    let read = api.call_as(Some(&admin), "GET", &path).await;
    assert_eq!(read.expect(200), shown(&okta, "sub"));
    let removed = api.call_as(Some(&admin), "DELETE", &path).await;
    assert_eq!((removed.status, removed.text()), (204, ""));
    assert!(removed.header("operation-id").is_some());
    refusal(&api.call_as(Some(&admin), "DELETE", &path).await, 404, "Identity provider or tenant not found.");
    // The provider itself stays.
    api.call_as(Some(&admin), "GET", &format!("/api/IdentityProvider/{}", okta.id)).await.expect(200);
}

#[tokio::test]
async fn adding_a_second_time_answers_the_same() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    let path = format!("/api/Tenants/a/IdentityProvider/{}", okta.id);
    let (first, second) = (api.call("POST", &path).await.expect(201), api.call("POST", &path).await.expect(201));
    assert_eq!(first, second);
    let list = api.call("GET", "/api/Tenants/a/IdentityProvider/").await;
    assert_eq!(list.header("total-count"), Some("1"));
}

#[tokio::test]
async fn a_body_is_not_looked_at() {
    let api = Api::start().await;
    let okta = api.app.create("Okta").await;
    let admin = api.admin_of(api.a).await;
    for (content_type, body) in [("application/json", "{broken"), ("text/plain", "x"), ("application/json", "{}")] {
        let request = Request::builder()
            .method("POST")
            .uri(api.app.path(&format!("/api/Tenants/a/IdentityProvider/{}", okta.id)))
            .header("authorization", format!("Bearer {admin}"))
            .header("content-type", content_type)
            .body(Body::from(body));
        api.app.send(request.expect("a request"), PEER).await.expect(201);
    }
}

#[tokio::test]
async fn what_cannot_be_added_is_named() {
    let api = Api::start().await;
    let admin = api.admin_of(api.a).await;
    let foreign = api.app.create_for(api.b, "Foreign").await.id.to_string();
    for id in [foreign.as_str(), "00000000-0000-0000-0000-000000000007"] {
        let answer = api.call_as(Some(&admin), "POST", &format!("/api/Tenants/a/IdentityProvider/{id}")).await;
        let reason = refusal(&answer, 404, "Identity provider not found.");
        assert_eq!(reason, format!("There is no identity provider {id:?}."));
    }
    let answer = api.call("POST", &format!("/api/Tenants/nobody/IdentityProvider/{foreign}")).await;
    assert_eq!(refusal(&answer, 404, "Tenant not found."), "There is no tenant \"nobody\".");
    for tenant in ["a", "nobody"] {
        let answer = api.call("POST", &format!("/api/Tenants/{tenant}/IdentityProvider/okta")).await;
        let reason = refusal(&answer, 400, "Missing or invalid inputs.");
        assert_eq!(reason, "\"okta\" is no identifier of an identity provider.");
    }
}

#[tokio::test]
async fn another_tenants_provider_is_added_by_who_administers_both() {
    let api = Api::start().await;
    let lent = api.app.create_for(api.a, "Lent").await;
    let path = format!("/api/Tenants/b/IdentityProvider/{}", lent.id);
    let admin = api.admin_of(api.b).await;
    refusal(&api.call_as(Some(&admin), "POST", &path).await, 404, "Identity provider not found.");
    api.call("POST", &path).await.expect(201);
    assert_eq!(api.call_as(Some(&admin), "GET", &path).await.expect(200), shown(&lent, "sub"));
    // Lent to the tenant, it is found by its administrator globally too.
    api.call_as(Some(&admin), "GET", &format!("/api/IdentityProvider/{}", lent.id)).await.expect(200);
    api.call_as(Some(&admin), "DELETE", &path).await.expect(204);
}

#[tokio::test]
async fn a_partners_administrator_is_one_of_each_of_its_tenants() {
    let api = Api::start().await;
    let token = api.token(Grant { role: Role::PartnerAdmin, tenant: None, partner: Some("acme".to_owned()) }).await;
    let okta = api.app.create("Okta").await;
    let path = |tenant: &str| format!("/api/Tenants/{tenant}/IdentityProvider/{}", okta.id);
    api.call_as(Some(&token), "POST", &path("a")).await.expect(201);
    for tenant in ["b", "nobody"] {
        refusal(&api.call_as(Some(&token), "POST", &path(tenant)).await, 403, "Forbidden.");
    }
}
