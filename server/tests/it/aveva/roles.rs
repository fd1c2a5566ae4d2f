//! Every role and every operation, as the documentation allows them; and in which order a request is judged.

use vestibule::domain::actor::{Grant, Role};

use super::api::{Api, refusal};

/// Platform administrator, Cluster Operator, Cluster Support, Account Administrator of the tenant and of another one,
/// member of the tenant.
const CALLERS: usize = 6;

struct Callers([Option<String>; CALLERS]);

impl Callers {
    async fn of(api: &Api) -> Self {
        let member = Grant { role: Role::TenantMember, tenant: Some(api.a), partner: None };
        Self([
            Some(api.token(Grant::platform(Role::PlatformAdmin)).await),
            Some(api.token(Grant::platform(Role::PlatformReader)).await),
            Some(api.token(Grant::platform(Role::PlatformSupport)).await),
            Some(api.admin_of(api.a).await),
            Some(api.admin_of(api.b).await),
            Some(api.token(member).await),
        ])
    }

    async fn answers(&self, api: &Api, method: &str, path: &str) -> [u16; CALLERS] {
        let mut answers = [0; CALLERS];
        for (answer, token) in answers.iter_mut().zip(&self.0) {
            *answer = api.call_as(token.as_deref(), method, path).await.status;
        }
        answers
    }
}

#[tokio::test]
async fn every_operation_is_open_to_its_roles_alone() {
    let api = Api::start().await;
    let callers = Callers::of(&api).await;
    let okta = api.app.create("Okta").await.id;
    let own = api.app.create_for(api.a, "Own").await.id;
    let global = |id| format!("/api/IdentityProvider/{id}");
    let of_tenant = |id| format!("/api/Tenants/a/IdentityProvider/{id}");
    for (method, path, expected) in [
        ("GET", global(okta), [200, 200, 200, 200, 200, 403]),
        ("GET", global(own), [200, 200, 200, 200, 404, 403]),
        ("GET", "/api/IdentityProvider/schemes/okta".to_owned(), [200, 200, 403, 403, 403, 403]),
        ("GET", "/api/IdentityProvider/".to_owned(), [200, 200, 403, 403, 403, 403]),
        ("GET", "/api/Tenants/a/IdentityProvider/".to_owned(), [200, 200, 200, 200, 403, 403]),
        ("GET", of_tenant(own), [200, 200, 200, 200, 403, 403]),
        ("POST", of_tenant(okta), [201, 403, 403, 201, 403, 403]),
        ("DELETE", of_tenant(okta), [204, 403, 403, 404, 403, 403]),
    ] {
        assert_eq!(callers.answers(&api, method, &path).await, expected, "{method} {path}");
        refusal(&api.call_as(None, method, &path).await, 401, "Unauthorized.");
    }
}

#[tokio::test]
async fn an_administrator_of_another_tenant_learns_nothing_of_what_exists() {
    let api = Api::start().await;
    let token = api.admin_of(api.b).await;
    let own = api.app.create_for(api.a, "Own").await.id;
    let absent = "00000000-0000-0000-0000-000000000007";
    for (tenant, provider) in [("a", own.to_string()), ("a", absent.to_owned()), ("nobody", absent.to_owned())] {
        for method in ["GET", "POST", "DELETE"] {
            let path = format!("/api/Tenants/{tenant}/IdentityProvider/{provider}");
            refusal(&api.call_as(Some(&token), method, &path).await, 403, "Forbidden.");
        }
        let path = format!("/api/Tenants/{tenant}/IdentityProvider/");
        refusal(&api.call_as(Some(&token), "GET", &path).await, 403, "Forbidden.");
    }
}

#[tokio::test]
async fn a_refusal_names_the_roles_that_are_missing() {
    let api = Api::start().await;
    let member = api.token(Grant { role: Role::TenantMember, tenant: Some(api.a), partner: None }).await;
    let okta = api.app.create("Okta").await.id;
    let everybody = "Account Administrator, Cluster Operator, Cluster Support";
    for (method, path, roles) in [
        ("GET", format!("/api/IdentityProvider/{okta}"), everybody),
        ("GET", "/api/IdentityProvider/".to_owned(), "Cluster Operator"),
        ("GET", "/api/IdentityProvider/schemes/okta".to_owned(), "Cluster Operator"),
        ("GET", "/api/Tenants/a/IdentityProvider/".to_owned(), everybody),
        ("GET", format!("/api/Tenants/a/IdentityProvider/{okta}"), everybody),
        ("POST", format!("/api/Tenants/a/IdentityProvider/{okta}"), "Account Administrator"),
        ("DELETE", format!("/api/Tenants/a/IdentityProvider/{okta}"), "Account Administrator"),
    ] {
        let reason = refusal(&api.call_as(Some(&member), method, &path).await, 403, "Forbidden.");
        assert_eq!(reason, format!("The caller holds none of the roles: {roles}."), "{method} {path}");
    }
}

#[tokio::test]
async fn who_asks_is_judged_before_what_is_asked() {
    let api = Api::start().await;
    let callers = Callers::of(&api).await;
    // Nothing of these exists, and the numbers are none.
    for (method, path, expected) in [
        ("GET", "/api/IdentityProvider/?skip=x", [400, 400, 403, 403, 403, 403]),
        ("GET", "/api/IdentityProvider/schemes/nobody", [404, 404, 403, 403, 403, 403]),
        ("GET", "/api/IdentityProvider/nobody", [404, 404, 404, 404, 404, 403]),
        ("GET", "/api/Tenants/a/IdentityProvider/?count=x", [400, 400, 400, 400, 403, 403]),
        ("GET", "/api/Tenants/nobody/IdentityProvider/?count=x", [400, 400, 400, 403, 403, 403]),
        ("GET", "/api/Tenants/nobody/IdentityProvider/", [404, 404, 404, 403, 403, 403]),
        ("GET", "/api/Tenants/a/IdentityProvider/nobody", [404, 404, 404, 404, 403, 403]),
        ("POST", "/api/Tenants/a/IdentityProvider/nobody", [400, 403, 403, 400, 403, 403]),
        ("POST", "/api/Tenants/nobody/IdentityProvider/nobody", [400, 403, 403, 403, 403, 403]),
        ("DELETE", "/api/Tenants/a/IdentityProvider/nobody", [404, 403, 403, 404, 403, 403]),
    ] {
        assert_eq!(callers.answers(&api, method, path).await, expected, "{method} {path}");
        refusal(&api.call_as(None, method, path).await, 401, "Unauthorized.");
    }
}

#[tokio::test]
async fn the_token_stands_behind_the_word_bearer() {
    let api = Api::start().await;
    let token = api.token(Grant::platform(Role::PlatformReader)).await;
    let path = "/api/IdentityProvider/";
    for value in [format!("Bearer {token}"), format!("bearer {token}"), format!("BEARER  {token}")] {
        api.authorized(Some(&value), "GET", path).await.expect(200);
    }
    for value in
        ["", "Bearer", "Bearer vst_unknown", "Basic YTpi", &format!("Token {token}"), &format!("Bearer {token} x")]
    {
        let answer = api.authorized(Some(value), "GET", path).await;
        assert_eq!(refusal(&answer, 401, "Unauthorized."), "No valid access token was sent.", "{value}");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
}

#[tokio::test]
async fn a_portals_cookie_is_not_looked_at() {
    let api = Api::start().await;
    let visitor = api.app.signed_in(Role::PlatformAdmin).await;
    let request = axum::http::Request::builder()
        .uri(api.app.path("/api/IdentityProvider/"))
        .header("cookie", visitor.cookie.expect("a cookie"))
        .body(axum::body::Body::empty())
        .expect("a request");
    refusal(&api.app.send(request, crate::support::app::PEER).await, 401, "Unauthorized.");
}
