//! One provider through several doors.

use axum::{body::Body, http::Request};
use serde_json::json;
use vestibule::{
    Dialect,
    domain::{
        actor::{Actor, Role},
        audit::{AuditAction, AuditFilter},
    },
};

use super::api::{Api, refusal, schemes};
use crate::support::{ALL, TestApp, app::PEER};

#[tokio::test]
async fn a_provider_made_through_waldurs_api_is_linked_and_read_here() {
    let api = Api::start().await;
    let staff = api.app.token(Role::PlatformAdmin).await;
    let body = json!({
        "provider": "keycloak-acme", "label": "Keycloak (Acme)", "client_id": "client", "client_secret": "s3cret",
        "discovery_url": api.app.openid.discovery_url(), "user_claim": "preferred_username",
    });
    let waldur = async |method: &str, path: &str, body: Body| {
        let request = Request::builder()
            .method(method)
            .uri(api.app.path(path))
            .header("authorization", format!("Token {staff}"))
            .header("content-type", "application/json")
            .body(body);
        api.app.send(request.expect("a request"), PEER).await
    };
    waldur("POST", "/api/identity-providers/", Body::from(body.to_string())).await.expect(201);

    let found = api.call("GET", "/api/IdentityProvider/schemes/keycloak-acme").await;
    assert!(!found.text().contains("s3cret"));
    let found = found.expect(200);
    assert_eq!(found["DisplayName"], "Keycloak (Acme)");
    assert_eq!(found["UserIdClaimType"], "preferred_username");
    let id = found["Id"].as_str().expect("a text");
    // In no tenant until it is added to one.
    let list = "/api/Tenants/a/IdentityProvider/";
    assert_eq!(api.call("GET", list).await.expect(200), json!([]));
    let admin = api.admin_of(api.a).await;
    let link = format!("{list}{id}");
    assert_eq!(api.call_as(Some(&admin), "POST", &link).await.expect(201), found);
    assert_eq!(api.call_as(Some(&admin), "GET", list).await.expect(200), json!([found]));

    let filter = AuditFilter { object_id: Some(id.to_owned()), ..AuditFilter::default() };
    let log = api.app.services.audit.list(&Actor::operator(), &filter, ALL).await.expect("the log");
    let entry = &log.items[0];
    assert_eq!((entry.action, entry.tenant, entry.actor.as_str()), (AuditAction::Linked, Some(api.a), "token test"));
    assert_eq!(entry.address.as_deref(), Some("192.0.2.1"));

    // Deleted there, it is gone here, and its key is free.
    assert_eq!(waldur("DELETE", "/api/identity-providers/keycloak-acme/", Body::empty()).await.status, 204);
    assert_eq!(api.call("GET", list).await.expect(200), json!([]));
    refusal(&api.call("GET", &format!("/api/IdentityProvider/{id}")).await, 404, "Identity provider not found.");
    waldur("POST", "/api/identity-providers/", Body::from(body.to_string())).await.expect(201);
    assert_eq!(schemes(&api.call("GET", "/api/IdentityProvider/").await.expect(200)), ["keycloak-acme"]);
}

#[tokio::test]
async fn a_tenants_own_provider_is_removed_and_added_again() {
    let api = Api::start().await;
    let admin = api.admin_of(api.a).await;
    let own = api.app.create_for(api.a, "Own").await;
    let path = format!("/api/Tenants/a/IdentityProvider/{}", own.id);
    api.call_as(Some(&admin), "DELETE", &path).await.expect(204);
    refusal(&api.call_as(Some(&admin), "GET", &path).await, 404, "Identity provider or tenant not found.");
    api.call_as(Some(&admin), "GET", &format!("/api/IdentityProvider/{}", own.id)).await.expect(200);
    api.call_as(Some(&admin), "POST", &path).await.expect(201);
    api.call_as(Some(&admin), "GET", &path).await.expect(200);
}

#[tokio::test]
async fn without_the_dialect_there_are_no_routes() {
    let app = TestApp::start_with(|builder| builder.dialects([Dialect::Waldur { anonymous_reading: true }])).await;
    let token = app.token(Role::PlatformAdmin).await;
    for path in ["/api/IdentityProvider/", "/api/identityprovider"] {
        let answer = app.get(path, Some(&format!("Bearer {token}"))).await;
        assert_eq!(answer.header("operation-id"), None, "{path}");
    }
}

#[tokio::test]
async fn a_host_may_mount_the_dialects_alone() {
    let api = Api::start().await;
    api.app.create("Okta").await;
    let token = api.app.token(Role::PlatformReader).await;
    let request = Request::builder()
        .uri("/API/identityprovider")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .expect("a request");
    let answer = crate::support::app::send(&api.app.vestibule.dialects_router(), request, PEER).await;
    assert_eq!(schemes(&answer.expect(200)), ["okta"]);
}
