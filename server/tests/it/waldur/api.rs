//! Waldur's API, and short ways to speak to it.

use axum::{
    body::Body,
    http::{Request, header, request::Builder},
};
use serde_json::{Value, json};
use vestibule::{
    Dialect,
    domain::{
        actor::{Actor, Grant, Role},
        mapping::UserField,
        provider::{DiscoveryDemand, ProviderPatch},
        token::NewApiToken,
    },
    service::{ProviderRef, Rediscover, UpdateOptions},
};

use super::documents::documents;
use crate::support::{ALL, Answer, TestApp, app::PEER, openid::OpenIdProvider};

/// What only staff may do. The provider that some of them name is `kept`.
pub(super) const OPERATIONS_FOR_STAFF: [(&str, &str); 6] = [
    ("POST", ""),
    ("PUT", "kept/"),
    ("PATCH", "kept/"),
    ("DELETE", "kept/"),
    ("POST", "discover_metadata/"),
    ("POST", "generate-mapping/"),
];

/// The API over a fresh database.
pub(super) struct Api {
    pub(super) documents: OpenIdProvider,
    app: TestApp,
    staff: String,
}

impl Api {
    /// An API that anybody may read.
    pub(super) async fn start() -> Self {
        Self::start_with(true).await
    }

    /// An API that nobody reads without a token.
    pub(super) async fn start_closed() -> Self {
        Self::start_with(false).await
    }

    async fn start_with(anonymous_reading: bool) -> Self {
        let app = TestApp::start_with(|builder| builder.dialects([Dialect::Waldur { anonymous_reading }])).await;
        let staff = token(&app, "staff", None).await;
        Self { documents: documents().await, app, staff }
    }

    /// The token of a platform administrator.
    pub(super) fn staff_token(&self) -> &str {
        &self.staff
    }

    /// A new token with a role, for the default tenant or a partner where the role needs one.
    pub(super) async fn token(&self, role: Role) -> String {
        self.app.token(role).await
    }

    /// A new token of staff that holds for an hour.
    pub(super) async fn token_for_an_hour(&self) -> String {
        token(&self.app, "short", Some(3600)).await
    }

    /// Lets an hour pass.
    pub(super) fn wait_an_hour(&self) {
        self.app.clock.advance(3600);
    }

    /// Ends every token but the one of staff.
    pub(super) async fn revoke_all_but_staff(&self) {
        let tokens = self.app.services.tokens.list(&Actor::operator(), ALL).await.expect("the tokens");
        for token in tokens.items.into_iter().filter(|token| token.name != "staff") {
            self.app.services.tokens.revoke(&Actor::operator(), token.id).await.expect("an end");
        }
    }

    /// The least that a provider needs.
    pub(super) fn least(&self, key: &str) -> Value {
        json!({
            "provider": key,
            "client_id": "client",
            "client_secret": "secret",
            "discovery_url": self.documents.discovery_url_of("good"),
            "label": "Label",
        })
    }

    /// Creates a provider from the least and these fields.
    pub(super) async fn create(&self, key: &str, fields: Value) -> Value {
        let mut sent = self.least(key);
        for (name, value) in fields.as_object().into_iter().flatten() {
            sent[name] = value.clone();
        }
        self.staff("POST", "", Some(sent)).await.expect(201)
    }

    /// Checks that no provider is stored.
    pub(super) async fn assert_empty(&self) {
        assert_eq!(self.staff("GET", "", None).await.expect(200), json!([]));
    }

    /// Maps a user field that this API does not show.
    pub(super) async fn map_hidden_field(&self, key: &str) {
        let reference = ProviderRef::PlatformOidc(key.to_owned());
        let actor = Actor::operator();
        let provider = self.app.services.providers.get(&actor, &reference).await.expect("the provider");
        let attributes = provider.mapping.attributes.with(UserField::Groups, "groups");
        let patch = ProviderPatch { attributes: Some(attributes), ..ProviderPatch::default() };
        let options = UpdateOptions {
            expected_version: None,
            rediscover: Rediscover::default(),
            demand: DiscoveryDemand::Endpoints,
        };
        self.app.services.providers.update(&actor, &reference, patch, options).await.expect("a change");
    }

    /// Whether that field is still mapped.
    pub(super) async fn hidden_field_is_mapped(&self, key: &str) -> bool {
        let reference = ProviderRef::PlatformOidc(key.to_owned());
        let provider = self.app.services.providers.get(&Actor::operator(), &reference).await.expect("the provider");
        provider.mapping.attributes.get(UserField::Groups) == ["groups"]
    }

    /// The outside address of a path below the list.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}/api/identity-providers/{path}", self.app.base_url)
    }

    /// The path that the application is mounted at.
    pub(super) fn mount_path(&self) -> String {
        self.app.base_url.path().to_owned()
    }

    /// A request as staff.
    pub(super) async fn staff(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.with(Some(&self.staff), method, path, body).await
    }

    /// A request with a token or none.
    pub(super) async fn with(&self, token: Option<&str>, method: &str, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.request(method, path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Token {token}"));
        }
        self.finish(request, body).await
    }

    /// A request with a value of the `Authorization` header.
    pub(super) async fn authorized(&self, value: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.finish(self.request(method, path).header(header::AUTHORIZATION, value), body).await
    }

    /// A creation as staff, with a body of any type.
    pub(super) async fn post_as(&self, content_type: &str, body: String) -> Answer {
        let request = self.request("POST", "").header(header::AUTHORIZATION, format!("Token {}", self.staff));
        let request = request.header(header::CONTENT_TYPE, content_type).body(Body::from(body));
        self.send(request.expect("a request")).await
    }

    /// The beginning of a request to a path below the list.
    pub(super) fn request(&self, method: &str, path: &str) -> Builder {
        Request::builder().method(method).uri(format!("{}/api/identity-providers/{path}", self.app.base_url.path()))
    }

    async fn finish(&self, request: Builder, body: Option<Value>) -> Answer {
        let request = match body {
            None => request.body(Body::empty()),
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        };
        self.send(request.expect("a request")).await
    }

    /// Sends a request and reads the answer.
    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        self.app.send(request, PEER).await
    }
}

async fn token(app: &TestApp, name: &str, lifetime_seconds: Option<i64>) -> String {
    let grant = Grant::platform(Role::PlatformAdmin);
    app.new_token(NewApiToken { name: name.to_owned(), grant, lifetime_seconds }).await.1
}
