//! The API with everything behind it, and short ways to speak to it.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Grant, Role},
    id::TenantId,
    token::NewApiToken,
};

use crate::support::{Answer, TestApp, app::PEER};

/// Where the administration's operations on providers are.
pub(super) const ADMIN: &str = "/api/v1/admin/identity-providers/";

pub(super) struct Api {
    pub(super) app: TestApp,
    admin: String,
}

impl Api {
    pub(super) async fn start() -> Self {
        Self::over(TestApp::start().await).await
    }

    pub(super) async fn over(app: TestApp) -> Self {
        let admin = app.token(Role::PlatformAdmin).await;
        Self { app, admin }
    }

    /// Sends a request as a platform administrator.
    pub(super) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.send_as(Some(&self.admin), method, path, body).await
    }

    /// Sends a request with a bearer token, or without one.
    pub(super) async fn send_as(&self, token: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| ("application/json", body.to_string()));
        self.send_text(token, method, path, body.as_ref().map(|(kind, text)| (*kind, text.as_str()))).await
    }

    /// Sends a request whose body is of any type.
    pub(super) async fn send_text(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: Option<(&str, &str)>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(self.app.path(path));
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = match body {
            Some(("", text)) => request.body(Body::from(text.to_owned())),
            Some((kind, text)) => request.header("content-type", kind).body(Body::from(text.to_owned())),
            None => request.body(Body::empty()),
        };
        self.app.send(request.expect("a request"), PEER).await
    }

    /// Sends a body of any type as a platform administrator.
    pub(super) async fn send_raw(&self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        self.send_text(Some(&self.admin), method, path, Some((kind, body))).await
    }

    /// A new tenant.
    pub(super) async fn tenant(&self, name: &str, partner: Option<&str>) -> Tenant {
        let body = json!({"name": name, "partner_id": partner});
        let data = self.send("POST", "/api/v1/admin/tenants/", Some(body)).await.expect(201)["data"].clone();
        let id: TenantId = text(&data["id"]).parse().expect("an id");
        let grant = Grant { role: Role::TenantAdmin, tenant: Some(id), partner: None };
        let new = NewApiToken { name: format!("admin of {name}"), grant, lifetime_seconds: None };
        let token = self.app.new_token(new).await.1;
        let providers = format!("/api/v1/tenants/{}/identity-providers/", text(&data["id"]));
        Tenant { id, token, providers }
    }

    /// A new OpenID provider of a tenant.
    pub(super) async fn provider_of(&self, tenant: &Tenant, name: &str) -> String {
        let answer = self.send("POST", &tenant.providers, Some(oidc(name))).await;
        text(&answer.expect(201)["data"]["id"]).to_owned()
    }

    /// A new platform-wide OpenID provider.
    pub(super) async fn platform_provider(&self, name: &str) -> String {
        let answer = self.send("POST", ADMIN, Some(oidc(name))).await;
        text(&answer.expect(201)["data"]["id"]).to_owned()
    }
}

/// A tenant with the token of somebody who manages it.
pub(super) struct Tenant {
    pub(super) id: TenantId,
    pub(super) token: String,
    /// The path of its providers.
    pub(super) providers: String,
}

impl Tenant {
    /// The path of one of its providers, or of something below.
    pub(super) fn path(&self, rest: &str) -> String {
        format!("{}{rest}", self.providers)
    }
}

/// The least that a new OpenID provider needs, in either group of operations.
pub(super) fn oidc(name: &str) -> Value {
    json!({
        "name": name,
        "protocol": "OIDC",
        "oidc_config": {"issuer": "https://login.example.com", "client_id": "abc", "client_secret": "hush hush"},
    })
}

/// The least that a new directory needs.
pub(super) fn ldap(name: &str) -> Value {
    json!({
        "name": name,
        "provider_type": "LDAP",
        "ldap_config": {
            "urls": ["ldaps://dc1.corp.example:636"],
            "bind_dn": "CN=svc,DC=corp,DC=example",
            "bind_password": "hush hush",
            "base_dn": "DC=corp,DC=example",
        },
    })
}

/// A JSON text.
#[track_caller]
pub(super) fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// The `detail` of a refusal.
#[track_caller]
pub(super) fn detail(answer: &Answer, status: u16) -> String {
    text(&answer.expect(status)["detail"]).to_owned()
}
