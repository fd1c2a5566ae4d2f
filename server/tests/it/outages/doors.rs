//! The same reading and the same change through every door.

use std::cell::Cell;

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use vestibule::domain::actor::Role;

use crate::support::{Answer, TestApp, Visitor, app::PEER};

/// An instance with callers that have used their credentials a moment ago.
pub(super) struct Doors {
    pub(super) app: TestApp,
    admin: Visitor,
    token: String,
    provider: String,
    changes: Cell<u32>,
    is_linked: Cell<bool>,
}

impl Doors {
    pub(super) async fn of(app: TestApp) -> Self {
        let admin = app.signed_in(Role::PlatformAdmin).await;
        let token = app.token(Role::PlatformAdmin).await;
        let provider = app.create("Okta").await.id.to_string();
        let doors = Self { app, admin, token, provider, changes: Cell::new(0), is_linked: Cell::new(false) };
        doors.work().await;
        doors
    }

    /// A list through each door, at once.
    pub(super) async fn read(&self) -> Vec<Answer> {
        let page = json!({"filter": {}, "page": {"offset": 0, "limit": 10}});
        let (scaikey, waldur, aveva, portal) = tokio::join!(
            self.send("GET", "/api/v1/admin/groups/", None),
            self.send("GET", "/api/identity-providers/", None),
            self.send("GET", "/api/IdentityProvider", None),
            self.app.call(&self.admin, "groups/list", page),
        );
        vec![scaikey, waldur, aveva, portal]
    }

    /// A change through each door, at once.
    pub(super) async fn write(&self) -> Vec<Answer> {
        self.changes.set(self.changes.get() + 1);
        let number = self.changes.get();
        let tenant = json!({"name": format!("Tenant {number}"), "slug": format!("tenant-{number}")});
        let label = json!({"label": format!("Label {number}")});
        let link = format!("/api/Tenants/default/IdentityProvider/{}", self.provider);
        // What is there already is not added again.
        let (method, does_link) = if self.is_linked.get() { ("DELETE", false) } else { ("POST", true) };
        let token = json!({"new": {"name": format!("ci {number}"), "lifetime_seconds": null,
            "grant": {"role": "platform_reader", "tenant": null, "partner": null}}});
        let (scaikey, waldur, aveva, portal) = tokio::join!(
            self.send("POST", "/api/v1/admin/tenants/", Some(tenant)),
            self.send("PATCH", "/api/identity-providers/okta/", Some(label)),
            self.send(method, &link, None),
            self.app.call(&self.admin, "tokens/create", token),
        );
        if (200..300).contains(&aveva.status) {
            self.is_linked.set(does_link);
        }
        vec![scaikey, waldur, aveva, portal]
    }

    /// Everybody can read and change.
    pub(super) async fn work(&self) {
        for answer in self.read().await.iter().chain(&self.write().await) {
            assert!((200..300).contains(&answer.status), "{}: {}", answer.what, answer.text());
        }
        self.app.get("/readyz", None).await.expect(200);
    }

    /// Nobody can change anything, and every door says why in its own shape; so does the check of readiness.
    pub(super) async fn no_writing(&self, fault: &str, words: &str) {
        says(&self.write().await, fault, words);
        self.not_ready(words).await;
    }

    /// Nobody can read either.
    pub(super) async fn nothing(&self, fault: &str, words: &str) {
        says(&self.read().await, fault, words);
        self.no_writing(fault, words).await;
    }

    /// The check of readiness says why, as soon as its last answer has run out.
    pub(super) async fn not_ready(&self, words: &str) {
        let mut answer = self.app.get("/readyz", None).await;
        while answer.status == 200 {
            tokio::task::yield_now().await;
            answer = self.app.get("/readyz", None).await;
        }
        let answer = answer.expect(503);
        assert!(answer["status"].as_str().is_some_and(|status| status.contains(words)), "{answer}");
    }

    /// Waits until the instance is ready again, which takes no restart.
    pub(super) async fn until_ready(&self) {
        while self.app.get("/readyz", None).await.status != 200 {
            tokio::task::yield_now().await;
        }
    }

    pub(super) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let scheme = if path.starts_with("/api/identity-providers/") { "Token" } else { "Bearer" };
        let request = Request::builder()
            .method(method)
            .uri(self.app.path(path))
            .header("authorization", format!("{scheme} {}", self.token))
            .header("content-type", "application/json")
            .body(body.map_or_else(Body::empty, |body| Body::from(body.to_string())));
        self.app.send(request.expect("a request"), PEER).await
    }
}

#[track_caller]
fn says(answers: &[Answer], fault: &str, words: &str) {
    let [scaikey, waldur, aveva, portal] = answers else { panic!("four doors") };
    for (answer, member) in [(scaikey, "detail"), (waldur, "detail"), (aveva, "Reason")] {
        let body = answer.expect(503);
        assert!(body[member].as_str().is_some_and(|text| text.contains(words)), "{}: {body}", answer.what);
    }
    assert_eq!(portal.expect(503), json!({"service": {"database_unavailable": {"fault": fault}}}));
}
