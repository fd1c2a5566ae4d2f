//! Every door of an instance, opened by somebody who may do everything, and what a provider looks like behind each.

use axum::{
    body::Body,
    http::{Request, header},
};
use serde_json::{Value, json};
use vestibule::{
    Builder,
    domain::{
        actor::{Actor, Role},
        id::TenantId,
        tenant::{NewTenant, TenantStatus},
    },
};

use crate::support::{Answer, TestApp, Visitor, app::PEER};

/// ScaiKey's administration of providers.
pub(super) const ADMIN: &str = "/api/v1/admin/identity-providers/";
/// Waldur's collection.
pub(super) const WALDUR: &str = "/api/identity-providers/";
/// AVEVA's collection.
pub(super) const AVEVA: &str = "/api/IdentityProvider/";

/// An instance with two tenants, `acme` and `globex`.
pub(super) struct Doors {
    pub(super) app: TestApp,
    token: String,
    visitor: Visitor,
    pub(super) acme: TenantId,
    pub(super) globex: TenantId,
}

impl Doors {
    pub(super) async fn open() -> Self {
        Self::open_with(|builder| builder).await
    }

    /// The doors of an instance that is set up further.
    pub(super) async fn open_with(change: impl FnOnce(Builder) -> Builder) -> Self {
        let app = TestApp::start_with(change).await;
        let tenant = async |slug: &str| {
            let new = NewTenant {
                slug: Some(slug.to_owned()),
                name: slug.to_owned(),
                partner: None,
                status: TenantStatus::Active,
            };
            app.services.tenants.create(&Actor::operator(), new).await.expect("a tenant").id
        };
        let (acme, globex) = (tenant("acme").await, tenant("globex").await);
        let token = app.token(Role::PlatformAdmin).await;
        let visitor = app.signed_in(Role::PlatformAdmin).await;
        Self { app, token, visitor, acme, globex }
    }

    /// A request of a dialect with the token in its scheme. The body is JSON.
    pub(super) async fn rest(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let scheme = if path.starts_with(WALDUR) { "Token" } else { "Bearer" };
        let request = Request::builder()
            .method(method)
            .uri(self.app.path(path))
            .header(header::AUTHORIZATION, format!("{scheme} {}", self.token));
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.app.send(request.expect("a request"), PEER).await
    }

    /// A server function of the portal.
    pub(super) async fn portal(&self, endpoint: &str, arguments: Value) -> Answer {
        self.app.call(&self.visitor, endpoint, arguments).await
    }

    /// What the portal's editor of a provider starts from.
    pub(super) async fn opened(&self, id: &str) -> Value {
        self.portal("providers/get", json!({"id": id})).await.expect(200)["provider"].clone()
    }

    /// Saves a change as the portal does.
    pub(super) async fn save(&self, id: &str, change: Value) -> Answer {
        let version = self.opened(id).await["version"].clone();
        self.portal("providers/update", json!({"id": id, "version": version, "change": change})).await
    }

    /// The slugs that each door lists, in no order: Waldur, ScaiKey's administration, AVEVA, the portal.
    pub(super) async fn listed(&self) -> [Vec<String>; 4] {
        let list = json!({
            "filter": {}, "sort": {"key": "label", "direction": "ascending"}, "page": {"offset": 0, "limit": 100},
        });
        [
            slugs(&self.rest("GET", WALDUR, None).await.expect(200), "provider"),
            slugs(&self.rest("GET", ADMIN, None).await.expect(200)["data"], "slug"),
            slugs(&self.rest("GET", AVEVA, None).await.expect(200), "Scheme"),
            slugs(&self.portal("providers/list", list).await.expect(200)["items"], "slug"),
        ]
    }

    /// The names or slugs that each door lists for a tenant: ScaiKey (names), AVEVA and the portal (slugs).
    pub(super) async fn listed_for(&self, tenant: TenantId) -> [Vec<String>; 3] {
        let page = json!({"tenant": tenant, "page": {"offset": 0, "limit": 100}});
        let rows = self.portal("assignments/tenant-providers", page).await.expect(200)["items"].clone();
        let rows: Vec<_> = rows.as_array().expect("a list").iter().map(|row| row["provider"].clone()).collect();
        [
            slugs(&self.rest("GET", &of_tenant(tenant, ""), None).await.expect(200)["data"], "name"),
            slugs(&self.rest("GET", &linked_to(tenant, ""), None).await.expect(200), "Scheme"),
            slugs(&Value::Array(rows), "slug"),
        ]
    }

    /// What each way to one provider answers: ScaiKey's administration, AVEVA by identifier and by scheme, the portal,
    /// and Waldur.
    pub(super) async fn found(&self, id: &str, slug: &str) -> [u16; 5] {
        [
            self.rest("GET", &format!("{ADMIN}{id}"), None).await.status,
            self.rest("GET", &format!("{AVEVA}{id}"), None).await.status,
            self.rest("GET", &format!("{AVEVA}schemes/{slug}"), None).await.status,
            self.portal("providers/get", json!({"id": id})).await.status,
            self.rest("GET", &format!("{WALDUR}{slug}/"), None).await.status,
        ]
    }

    /// What each way to a provider of a tenant answers: ScaiKey's tenant group, AVEVA.
    pub(super) async fn found_in(&self, tenant: TenantId, id: &str) -> [u16; 2] {
        [
            self.rest("GET", &of_tenant(tenant, id), None).await.status,
            self.rest("GET", &linked_to(tenant, id), None).await.status,
        ]
    }

    /// Links a provider to a tenant through AVEVA.
    pub(super) async fn link(&self, tenant: TenantId, id: &str) {
        self.rest("POST", &linked_to(tenant, id), None).await.expect(201);
    }
}

/// A path of ScaiKey's tenant group.
pub(super) fn of_tenant(tenant: TenantId, rest: &str) -> String {
    format!("/api/v1/tenants/{}/identity-providers/{rest}", tenant.prefixed())
}

/// A path of AVEVA's tenants.
pub(super) fn linked_to(tenant: TenantId, rest: &str) -> String {
    format!("/api/Tenants/{tenant}/IdentityProvider/{rest}")
}

/// An identifier without a dialect's prefix, as every door takes it.
pub(super) fn bare(id: &Value) -> String {
    let text = id.as_str().expect("a text").trim_start_matches("idp_");
    text.parse::<uuid::Uuid>().expect("an identifier").to_string()
}

fn slugs(rows: &Value, key: &str) -> Vec<String> {
    let rows = rows.as_array().expect("a list").iter();
    let mut found: Vec<_> = rows.map(|row| row[key].as_str().expect("a text").to_owned()).collect();
    found.sort_unstable();
    found
}
