//! The API with everything behind it, and short ways to speak to it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, header, request::Builder},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use vestibule::{Clock, Dialect, OutboundPolicy, Secret, SystemClock, Vestibule};
use vestibule_app::{
    domain::{
        actor::{Actor, Grant, Role, RoleNeeds},
        mapping::UserField,
        page::PageRequest,
        provider::{DiscoveryDemand, ProviderPatch},
        timestamp::Timestamp,
        token::NewApiToken,
    },
    service::{ProviderRef, Rediscover, Services, UpdateOptions},
};

use super::documents::Documents;
use crate::support::TestDatabase;

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
    pub(super) documents: Documents,
    router: Router,
    services: Services,
    base_url: url::Url,
    staff: String,
    clock: TestClock,
    _database: TestDatabase,
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
        let database = TestDatabase::migrated().await;
        let base_url: url::Url = "https://id.example.com/sso".parse().expect("a URL");
        let clock = TestClock::default();
        let vestibule = Vestibule::builder()
            .database_url(database.url())
            .key(Secret::new("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="))
            .base_url(base_url.as_str())
            .outbound(OutboundPolicy::parse(["127.0.0.1"]).expect("a policy"))
            .clock(Arc::new(clock.clone()))
            .dialects([Dialect::Waldur { anonymous_reading }])
            .build()
            .await
            .expect("an instance");
        let router = Router::new().nest("/sso", vestibule.router());
        let services = vestibule.services();
        let staff = token(&services, "staff", Grant::platform(Role::PlatformAdmin), None).await;
        Self { documents: Documents::start().await, router, services, base_url, staff, clock, _database: database }
    }

    /// The token of a platform administrator.
    pub(super) fn staff_token(&self) -> &str {
        &self.staff
    }

    /// A new token with a role, for the default tenant or a partner where the role needs one.
    pub(super) async fn token(&self, role: Role) -> String {
        let (mut tenant, mut partner) = (None, None);
        match role.needs() {
            RoleNeeds::Nothing => {}
            RoleNeeds::Partner => partner = Some("acme".to_owned()),
            RoleNeeds::Tenant => {
                let page = PageRequest { offset: 0, limit: 1 };
                let tenants = self
                    .services
                    .tenants
                    .list(&Actor::operator(), &Default::default(), page)
                    .await
                    .expect("the tenants");
                tenant = Some(tenants.items.first().expect("the default tenant").id);
            }
        }
        token(&self.services, "other", Grant { role, tenant, partner }, None).await
    }

    /// A new token of staff that holds for an hour.
    pub(super) async fn token_for_an_hour(&self) -> String {
        token(&self.services, "short", Grant::platform(Role::PlatformAdmin), Some(3600)).await
    }

    /// Lets an hour pass.
    pub(super) fn wait_an_hour(&self) {
        self.clock.0.fetch_add(3600, Ordering::Relaxed);
    }

    /// Ends every token but the one of staff.
    pub(super) async fn revoke_all_but_staff(&self) {
        let page = PageRequest { offset: 0, limit: 100 };
        let tokens = self.services.tokens.list(&Actor::operator(), page).await.expect("the tokens");
        for token in tokens.items.into_iter().filter(|token| token.name != "staff") {
            self.services.tokens.revoke(&Actor::operator(), token.id).await.expect("an end");
        }
    }

    /// The least that a provider needs.
    pub(super) fn least(&self, key: &str) -> Value {
        json!({
            "provider": key,
            "client_id": "client",
            "client_secret": "secret",
            "discovery_url": self.documents.at("good"),
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
        let provider = self.services.providers.get(&actor, &reference).await.expect("the provider");
        let attributes = provider.mapping.attributes.with(UserField::Groups, "groups");
        let patch = ProviderPatch { attributes: Some(attributes), ..ProviderPatch::default() };
        let options = UpdateOptions {
            expected_version: None,
            rediscover: Rediscover::default(),
            demand: DiscoveryDemand::Endpoints,
        };
        self.services.providers.update(&actor, &reference, patch, options).await.expect("a change");
    }

    /// Whether that field is still mapped.
    pub(super) async fn hidden_field_is_mapped(&self, key: &str) -> bool {
        let reference = ProviderRef::PlatformOidc(key.to_owned());
        let provider = self.services.providers.get(&Actor::operator(), &reference).await.expect("the provider");
        provider.mapping.attributes.get(UserField::Groups) == ["groups"]
    }

    /// The outside address of a path below the list.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}/api/identity-providers/{path}", self.base_url)
    }

    /// The path that the application is mounted at.
    pub(super) fn mount_path(&self) -> String {
        self.base_url.path().to_owned()
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
        Request::builder().method(method).uri(format!("{}/api/identity-providers/{path}", self.base_url.path()))
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
        let what = format!("{} {}", request.method(), request.uri());
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8(body.to_vec()).expect("text");
        Answer { what, status: parts.status.as_u16(), headers: parts.headers, text }
    }
}

/// The machine's clock, set forward.
#[derive(Clone, Default)]
struct TestClock(Arc<AtomicI64>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        SystemClock.now().plus_seconds(self.0.load(Ordering::Relaxed))
    }
}

async fn token(services: &Services, name: &str, grant: Grant, lifetime_seconds: Option<i64>) -> String {
    let new = NewApiToken { name: name.to_owned(), grant, lifetime_seconds };
    let (_, secret) = services.tokens.create(&Actor::operator(), new).await.expect("a token");
    secret.expose().to_owned()
}

/// An answer.
pub(super) struct Answer {
    what: String,
    pub(super) status: u16,
    headers: HeaderMap,
    pub(super) text: String,
}

impl Answer {
    /// A header as text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON, after checking the status; nothing for an answer without a body.
    #[track_caller]
    pub(super) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// Checks the status and that there is no body.
    #[track_caller]
    pub(super) fn expect_empty(self, status: u16) {
        assert_eq!((self.status, self.text.as_str()), (status, ""), "{}", self.what);
    }
}
