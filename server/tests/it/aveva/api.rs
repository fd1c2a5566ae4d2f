//! The API with everything behind it, and short ways to speak to it.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Grant, Role},
    id::TenantId,
    provider::IdentityProvider,
    tenant::{NewTenant, TenantStatus},
    token::NewApiToken,
};

use crate::support::{Answer, TestApp, app::PEER};

/// Two tenants, the first of the partner `acme`.
pub(super) struct Api {
    pub(super) app: TestApp,
    pub(super) a: TenantId,
    pub(super) b: TenantId,
    operator: String,
}

impl Api {
    pub(super) async fn start() -> Self {
        Self::over(TestApp::start().await).await
    }

    /// The tenants in an instance that is set up further.
    pub(super) async fn over(app: TestApp) -> Self {
        let tenant = async |slug: &str, partner: Option<&str>| {
            let new = NewTenant {
                slug: Some(slug.to_owned()),
                name: format!("Tenant {slug}"),
                partner: partner.map(str::to_owned),
                status: TenantStatus::Active,
            };
            app.services.tenants.create(&Actor::operator(), new).await.expect("a tenant").id
        };
        let (a, b) = (tenant("a", Some("acme")).await, tenant("b", None).await);
        let operator = app.token(Role::PlatformAdmin).await;
        Self { app, a, b, operator }
    }

    /// A token of an Account Administrator.
    pub(super) async fn admin_of(&self, tenant: TenantId) -> String {
        self.token(Grant { role: Role::TenantAdmin, tenant: Some(tenant), partner: None }).await
    }

    pub(super) async fn token(&self, grant: Grant) -> String {
        let new = NewApiToken { name: "test".to_owned(), grant, lifetime_seconds: None };
        self.app.new_token(new).await.1
    }

    /// A call as a platform administrator, who holds every role.
    pub(super) async fn call(&self, method: &str, path: &str) -> Answer {
        self.call_as(Some(&self.operator), method, path).await
    }

    pub(super) async fn call_as(&self, token: Option<&str>, method: &str, path: &str) -> Answer {
        let authorization = token.map(|token| format!("Bearer {token}"));
        self.authorized(authorization.as_deref(), method, path).await
    }

    /// A call with a value of the `Authorization` header.
    pub(super) async fn authorized(&self, authorization: Option<&str>, method: &str, path: &str) -> Answer {
        let mut request = Request::builder().method(method).uri(self.app.path(path));
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        self.app.send(request.body(Body::empty()).expect("a request"), PEER).await
    }

    /// Adds a provider to a tenant.
    pub(super) async fn add(&self, tenant: &str, provider: &IdentityProvider) {
        self.call("POST", &format!("/api/Tenants/{tenant}/IdentityProvider/{}", provider.id)).await.expect(201);
    }
}

/// A provider as the API shows it.
pub(super) fn shown(provider: &IdentityProvider, claim: &str) -> Value {
    json!({
        "Id": provider.id.to_string(),
        "DisplayName": provider.label(),
        "Scheme": provider.slug.to_string(),
        "UserIdClaimType": claim,
    })
}

/// The schemes of a list.
pub(super) fn schemes(list: &Value) -> Vec<&str> {
    list.as_array().expect("an array").iter().map(|row| row["Scheme"].as_str().expect("a text")).collect()
}

/// Checks a refusal: its status, the four members and nothing else, and the identifier in both places.
#[track_caller]
pub(super) fn refusal(answer: &Answer, status: u16, error: &str) -> String {
    let body = answer.expect(status);
    let members: Vec<_> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(members, ["Error", "OperationId", "Reason", "Resolution"], "{body}");
    assert_eq!(body["Error"], error);
    assert_eq!(answer.header("operation-id"), body["OperationId"].as_str());
    assert!(body["OperationId"].as_str().is_some_and(|id| id.parse::<uuid::Uuid>().is_ok()), "{body}");
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(body["Resolution"].as_str().is_some_and(|text| !text.is_empty()), "{body}");
    body["Reason"].as_str().expect("a text").to_owned()
}
