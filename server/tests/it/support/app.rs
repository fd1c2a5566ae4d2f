//! Vestibule with everything behind it, over a fresh database and a clock that tests set.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, header, request},
};
use serde_json::{Value, json};
use tower::ServiceExt;
use url::Url;
use vestibule::{
    BuildError, Builder, Dialect, OutboundPolicy, Secret, Vestibule,
    domain::{
        actor::{Actor, Grant, Identity, Role},
        administrator::{Administrator, NewAdministrator},
        id::{TenantId, TokenId},
        mapping::UserMapping,
        page::PageRequest,
        patch::Patch,
        provider::{
            ConfigInput, DiscoveryDemand, EMAIL_NAME_ID, IdentityProvider, NewProvider, OidcInput, ProviderPatch,
            Provisioning, SamlInput,
        },
        tenant::TenantFilter,
        timestamp::Timestamp,
        token::NewApiToken,
    },
    service::{ProviderRef, Rediscover, ServiceResult, Services, UpdateOptions},
    testing::Clock,
};

use super::{database::TestDatabase, openid::OpenIdProvider};

/// The key of every instance that a test is not about.
pub(crate) const KEY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
/// The password of every administrator that a test is not about.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// A signing certificate that holds at the tests' time.
pub(crate) const CERTIFICATE: &str = include_str!("../../data/saml/certificates/good.pem");
/// All of a short list.
pub(crate) const ALL: PageRequest = PageRequest { offset: 0, limit: 1000 };
/// An update that asks for nothing special.
pub(crate) const PLAIN: UpdateOptions = UpdateOptions {
    expected_version: None,
    rediscover: Rediscover::WhenConnectionChanges,
    demand: DiscoveryDemand::Usable,
};

/// A running instance.
pub(crate) struct TestApp {
    pub(crate) vestibule: Vestibule,
    pub(crate) services: Services,
    pub(crate) clock: TestClock,
    pub(crate) openid: OpenIdProvider,
    /// The instance as its host mounts it.
    pub(crate) router: Router,
    pub(crate) base_url: Url,
    pub(crate) database: Arc<TestDatabase>,
}

impl TestApp {
    /// An instance below a path, with every dialect.
    pub(crate) async fn start() -> Self {
        Self::start_with(|builder| builder).await
    }

    /// An instance that is set up further.
    pub(crate) async fn start_with(change: impl FnOnce(Builder) -> Builder) -> Self {
        Self::over(Arc::new(TestDatabase::migrated().await), TestClock::default(), change).await
    }

    /// An instance over a database that there is already.
    pub(crate) async fn over(
        database: Arc<TestDatabase>,
        clock: TestClock,
        change: impl FnOnce(Builder) -> Builder,
    ) -> Self {
        let base_url: Url = "https://id.example.com/sso".parse().expect("a URL");
        Self::try_over(database, clock, base_url, change).await.expect("an instance")
    }

    /// An instance under a public address of the test's choice.
    pub(crate) async fn at(base_url: &str) -> Self {
        let base_url = base_url.parse().expect("a URL");
        let database = Arc::new(TestDatabase::migrated().await);
        Self::try_over(database, TestClock::default(), base_url, |builder| builder).await.expect("an instance")
    }

    /// An instance, or why there is none.
    pub(crate) async fn try_over(
        database: Arc<TestDatabase>,
        clock: TestClock,
        base_url: Url,
        change: impl FnOnce(Builder) -> Builder,
    ) -> Result<Self, BuildError> {
        let builder = builder(&clock).database_url(database.url()).base_url(base_url.as_str());
        let vestibule = change(builder).build().await?;
        let mount = base_url.path().trim_end_matches('/');
        let router = vestibule.router().merge(vestibule.metrics_router());
        let router = if mount.is_empty() { router } else { Router::new().nest_service(mount, router) };
        let services = vestibule.services();
        let openid = OpenIdProvider::setup().document("other", |_| {}).start().await;
        Ok(Self { vestibule, services, clock, openid, router, base_url, database })
    }

    /// Another instance over the same database, as a second node would be.
    pub(crate) async fn second_node(&self) -> Self {
        Self::over(self.database.clone(), self.clock.clone(), |builder| builder).await
    }

    /// Runs the first round of housekeeping, which comes at once, until it has had its effect.
    pub(crate) async fn keep_house(&self, is_done: impl AsyncFn() -> bool) {
        let done = async {
            while !is_done().await {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            () = self.vestibule.housekeeping(0) => panic!("it never ends"),
            () = done => {}
        }
    }

    /// The tenant that every installation begins with.
    pub(crate) async fn default_tenant(&self) -> TenantId {
        let tenants = self
            .services
            .tenants
            .list(
                &Actor::operator(),
                &TenantFilter { search: Some("default".to_owned()), ..TenantFilter::default() },
                ALL,
            )
            .await
            .expect("the tenants");
        tenants.items.first().expect("the default tenant").id
    }

    /// A grant of a role, for the default tenant or the partner `acme` where the role needs one.
    pub(crate) async fn grant(&self, role: Role) -> Grant {
        use vestibule::domain::actor::RoleNeeds;
        match role.needs() {
            RoleNeeds::Nothing => Grant::platform(role),
            RoleNeeds::Partner => Grant { role, tenant: None, partner: Some("acme".to_owned()) },
            RoleNeeds::Tenant => Grant { role, tenant: Some(self.default_tenant().await), partner: None },
        }
    }

    /// A new API token with a role.
    pub(crate) async fn token(&self, role: Role) -> String {
        let grant = self.grant(role).await;
        self.new_token(NewApiToken { name: role.as_str().to_owned(), grant, lifetime_seconds: None }).await.1
    }

    /// A new API token.
    pub(crate) async fn new_token(&self, new: NewApiToken) -> (TokenId, String) {
        let (token, secret) = self.services.tokens.create(&Actor::operator(), new).await.expect("a token");
        (token.id, secret.expose().to_owned())
    }

    /// A new administrator with the usual password.
    pub(crate) async fn administrator(&self, email: &str, grant: Grant) -> Administrator {
        let new = NewAdministrator { email: email.to_owned(), password: Secret::new(PASSWORD), grant };
        self.services.administrators.create(&Actor::operator(), new).await.expect("an administrator")
    }

    /// A new administrator with a role, signed in.
    pub(crate) async fn signed_in(&self, role: Role) -> Visitor {
        let email = format!("{}@example.com", role.as_str());
        let grant = self.grant(role).await;
        self.administrator(&email, grant).await;
        self.sign_in(&email).await
    }

    /// A browser in which somebody signed in with the usual password.
    pub(crate) async fn sign_in(&self, email: &str) -> Visitor {
        let visitor = Visitor::default();
        let answer = self.call(&visitor, "session/sign-in", json!({"email": email, "password": PASSWORD})).await;
        let cookie = answer.cookie().expect("a cookie");
        answer.expect(200);
        Visitor { cookie: Some(cookie), ..visitor }
    }

    /// Calls a server function the way the portal does.
    pub(crate) async fn call(&self, visitor: &Visitor, endpoint: &str, arguments: Value) -> Answer {
        let request = self.function(visitor, endpoint).body(Body::from(arguments.to_string()));
        self.send(request.expect("a request"), visitor.peer).await
    }

    /// The beginning of a call of a server function.
    pub(crate) fn function(&self, visitor: &Visitor, endpoint: &str) -> request::Builder {
        let mut request = Request::builder()
            .method("POST")
            .uri(self.path(&format!("/_ui/fn/{endpoint}")))
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(origin) = &visitor.origin {
            request = request.header(header::ORIGIN, origin);
        } else {
            request = request.header(header::ORIGIN, self.base_url.origin().ascii_serialization());
        }
        if let Some(cookie) = &visitor.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request
    }

    /// A request without a body; `authorization` is the header's value.
    pub(crate) async fn get(&self, path: &str, authorization: Option<&str>) -> Answer {
        let mut request = Request::builder().uri(self.path(path));
        if let Some(value) = authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        self.send(request.body(Body::empty()).expect("a request"), PEER).await
    }

    /// The path at which the host has what Vestibule calls `path`.
    pub(crate) fn path(&self, path: &str) -> String {
        format!("{}{path}", self.base_url.path().trim_end_matches('/'))
    }

    /// Sends a request that comes from an address.
    pub(crate) async fn send(&self, request: Request<Body>, peer: SocketAddr) -> Answer {
        send(&self.router, request, peer).await
    }

    /// The least that a new OpenID provider needs.
    pub(crate) fn new_provider(&self, name: &str) -> NewProvider {
        oidc_provider(name, self.openid.discovery_url())
    }

    /// Creates a platform-wide OpenID provider.
    pub(crate) async fn create(&self, name: &str) -> IdentityProvider {
        self.create_new(self.new_provider(name)).await.expect("a provider")
    }

    /// Creates a provider of a tenant.
    pub(crate) async fn create_for(&self, tenant: TenantId, name: &str) -> IdentityProvider {
        let new = NewProvider { owner: Some(tenant), ..self.new_provider(name) };
        self.create_new(new).await.expect("a provider")
    }

    /// Creates a provider as the operator.
    pub(crate) async fn create_new(&self, new: NewProvider) -> ServiceResult<IdentityProvider> {
        self.services.providers.create(&Actor::operator(), new).await
    }

    /// Changes a provider as the operator.
    pub(crate) async fn update(
        &self,
        provider: &IdentityProvider,
        patch: ProviderPatch,
    ) -> ServiceResult<IdentityProvider> {
        self.services.providers.update(&Actor::operator(), &ProviderRef::Id(provider.id), patch, PLAIN).await
    }
}

/// A builder with everything but database and address.
pub(crate) fn builder(clock: &TestClock) -> Builder {
    Vestibule::builder()
        .key(Secret::new(KEY))
        .outbound(OutboundPolicy::parse(["127.0.0.1"]).expect("a policy"))
        .clock(Arc::new(clock.clone()))
        .dialects([Dialect::Waldur { anonymous_reading: true }, Dialect::ScaiKey, Dialect::Aveva])
}

/// The least that a new OpenID provider needs.
pub(crate) fn oidc_provider(name: &str, discovery_url: String) -> NewProvider {
    NewProvider {
        slug: None,
        name: name.to_owned(),
        display_name: None,
        owner: None,
        enabled: true,
        provisioning: Provisioning::default(),
        sign_in: Default::default(),
        config: ConfigInput::Oidc(OidcInput {
            discovery_url,
            client_id: "client".to_owned(),
            client_secret: Patch::Set(Secret::new("a client secret")),
            extra_scopes: None,
            verify_tls: true,
            pkce: true,
            post_logout_redirect: false,
            overrides: Default::default(),
            sign_in: Default::default(),
            demand: DiscoveryDemand::Usable,
        }),
        mapping: UserMapping::default(),
        allowed_domains: Vec::new(),
        allowed_redirects: Vec::new(),
        management_url: String::new(),
    }
}

/// A SAML provider with everything that it needs.
pub(crate) fn saml_provider(name: &str) -> NewProvider {
    NewProvider {
        config: ConfigInput::Saml(SamlInput {
            entity_id: "urn:example:idp".to_owned(),
            sso_url: "https://idp.example.com/sso".to_owned(),
            slo_url: None,
            certificate: CERTIFICATE.to_owned(),
            sign_requests: true,
            want_assertions_signed: true,
            name_id_format: EMAIL_NAME_ID.to_owned(),
            endpoints: Vec::new(),
            metadata_url: None,
        }),
        ..oidc_provider(name, String::new())
    }
}

/// Somebody whom a host application vouches for.
pub(crate) fn host_actor(name: &str, grant: Grant) -> Actor {
    Actor { identity: Identity::Host { name: name.to_owned() }, grant: Some(grant), address: None }
}

/// Sends a request to a router and reads the answer.
pub(crate) async fn send(router: &Router, mut request: Request<Body>, peer: SocketAddr) -> Answer {
    let what = format!("{} {}", request.method(), request.uri());
    request.extensions_mut().insert(ConnectInfo(peer));
    let response = router.clone().oneshot(request).await.expect("an answer");
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.expect("a body");
    Answer { what, status: parts.status.as_u16(), headers: parts.headers, body: body.to_vec() }
}

/// Where requests come from unless a test says otherwise.
pub(crate) const PEER: SocketAddr = SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)), 4711);

/// Somebody's browser.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The `Cookie` header.
    pub(crate) cookie: Option<String>,
    /// The `Origin` header; the portal's own when absent.
    pub(crate) origin: Option<String>,
    /// Where the connection comes from.
    pub(crate) peer: SocketAddr,
}

impl Default for Visitor {
    fn default() -> Self {
        Self { cookie: None, origin: None, peer: PEER }
    }
}

impl Visitor {
    /// A browser at another address.
    pub(crate) fn from(address: &str) -> Self {
        let address: IpAddr = address.parse().expect("an address");
        Self { peer: SocketAddr::new(address, 4711), ..Self::default() }
    }

    /// The same browser with another `Origin`.
    pub(crate) fn with_origin(&self, origin: &str) -> Self {
        Self { origin: Some(origin.to_owned()), ..self.clone() }
    }

    /// The same browser after an answer that set a cookie.
    pub(crate) fn after(&self, answer: &Answer) -> Self {
        Self { cookie: answer.cookie(), ..self.clone() }
    }
}

/// A clock that stands until a test moves it.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl Default for TestClock {
    fn default() -> Self {
        // 2027-01-15T08:00:00Z.
        Self(Arc::new(AtomicI64::new(1_800_000_000_000_000)))
    }
}

impl TestClock {
    /// Lets time pass.
    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// An answer.
pub(crate) struct Answer {
    /// Method and path of the request.
    pub(crate) what: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }

    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// What the `Cookie` header of the next request holds.
    pub(crate) fn cookie(&self) -> Option<String> {
        self.header("set-cookie").and_then(|value| value.split(';').next()).map(str::to_owned)
    }

    /// The body as JSON, after checking the status.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}: {}", self.what, String::from_utf8_lossy(&self.body));
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Checks the status and that there is no body.
    #[track_caller]
    pub(crate) fn expect_empty(&self, status: u16) {
        assert_eq!((self.status, self.text()), (status, ""), "{}", self.what);
    }
}
