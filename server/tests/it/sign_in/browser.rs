//! A person's browser: it keeps cookies and follows redirects.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, header::COOKIE, request},
};
use tracing::{Level, subscriber::DefaultGuard};
use url::form_urlencoded;
use vestibule::{
    Secret,
    domain::{
        actor::Actor,
        id::TenantId,
        mapping::UserMapping,
        patch::Patch,
        provider::{ConfigInput, IdentityProvider, NewProvider},
    },
    service::{SignedInUser, TenantRef},
};

use super::provider::{SECRET, SigningProvider};
use crate::support::{Answer, TestApp, Visitor, log::Log};

/// A browser.
#[derive(Debug, Clone, Default)]
pub(super) struct Browser {
    /// Names and values, the oldest first, as browsers send them (RFC 6265, section 5.4).
    pub(super) cookies: Vec<(String, String)>,
}

impl Browser {
    /// Goes to an address of the instance.
    pub(super) async fn get(&mut self, app: &TestApp, path: &str) -> Answer {
        self.send(app, Method::GET, path).await
    }

    /// Sends a request without a body.
    pub(super) async fn send(&mut self, app: &TestApp, method: Method, path: &str) -> Answer {
        let request = Request::builder().method(method).uri(app.path(path));
        self.complete(app, request, Body::empty()).await
    }

    /// Posts a form from the instance's own site, with the cookies.
    pub(super) async fn post(&mut self, app: &TestApp, path: &str, form: &[(String, String)]) -> Answer {
        self.complete(app, posting(app, path), encoded(form).into()).await
    }

    /// Posts a form from another site, so that the browser sends no `Lax` cookie.
    pub(super) async fn post_across_sites(&mut self, app: &TestApp, path: &str, form: &[(String, String)]) -> Answer {
        Self::default().post(app, path, form).await
    }

    /// Sends a request of a test's own.
    pub(super) async fn request(&mut self, app: &TestApp, request: request::Builder) -> Answer {
        self.complete(app, request, Body::empty()).await
    }

    async fn complete(&mut self, app: &TestApp, mut request: request::Builder, body: Body) -> Answer {
        if !self.cookies.is_empty() {
            request = request.header("cookie", self.header());
        }
        let answer = app.send(request.body(body).expect("a request"), Visitor::default().peer).await;
        for set in answer.headers.get_all("set-cookie") {
            let set = set.to_str().expect("text");
            assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Secure"), "{set}");
            let (name, value) = set.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            assert!(name.starts_with("__Host-"), "{set}");
            if set.contains("Max-Age=0") {
                self.cookies.retain(|(held, _)| held != name);
            } else if let Some((_, held)) = self.cookies.iter_mut().find(|(held, _)| held == name) {
                value.clone_into(held);
            } else {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    pub(super) fn header(&self) -> String {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        cookies.join("; ")
    }

    /// The session's cookie.
    pub(super) fn session(&self) -> Option<&String> {
        self.cookies.iter().find(|(name, _)| name.ends_with("-session")).map(|(_, value)| value)
    }

    /// The user whom the instance knows in this browser.
    pub(super) async fn user(&self, app: &TestApp) -> Option<SignedInUser> {
        let headers = [(COOKIE, self.header().parse().expect("a header"))].into_iter().collect();
        app.vestibule.signed_in(&headers).await.expect("an answer")
    }

    /// Signs in: goes to the provider, authenticates there, and comes back.
    pub(super) async fn sign_in(&mut self, place: &Place, query: &str) -> Answer {
        let callback = self.begin(place, query).await;
        self.finish(place, &callback).await
    }

    /// Goes to the provider and authenticates there.
    pub(super) async fn begin(&mut self, place: &Place, query: &str) -> Vec<(String, String)> {
        let answer = self.get(&place.app, &format!("/login?{query}")).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        place.openid.authenticate(answer.header("location").expect("an address"))
    }

    /// Comes back from the provider.
    pub(super) async fn finish(&mut self, place: &Place, callback: &[(String, String)]) -> Answer {
        self.get(&place.app, &format!("{}?{}", place.callback(), encoded(callback))).await
    }
}

fn posting(app: &TestApp, path: &str) -> request::Builder {
    let request = Request::builder().method(Method::POST).uri(app.path(path));
    request.header("content-type", "application/x-www-form-urlencoded")
}

/// Parameters as a query and as a form.
pub(super) fn encoded(parameters: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// An instance with one provider.
pub(super) struct Place {
    pub(super) app: TestApp,
    pub(super) openid: SigningProvider,
    pub(super) provider: IdentityProvider,
    log: Log,
    _guard: DefaultGuard,
}

impl Place {
    pub(super) async fn new() -> Self {
        Self::with(|new| new).await
    }

    pub(super) async fn with(change: impl FnOnce(NewProvider) -> NewProvider) -> Self {
        Self::over(TestApp::start().await, change).await
    }

    /// An instance that asks providers for so long.
    pub(super) async fn with_timeout(timeout: Duration) -> Self {
        Self::over(TestApp::start_with(|builder| builder.sign_in_timeout(timeout)).await, |new| new).await
    }

    pub(super) async fn over(app: TestApp, change: impl FnOnce(NewProvider) -> NewProvider) -> Self {
        let openid = SigningProvider::start().await;
        let new = change(new_provider(&app, &openid, "Corp"));
        let provider = app.create_new(new).await.expect("a provider");
        link(&app, app.default_tenant().await, &provider).await;
        let (log, guard) = Log::collect(Level::WARN);
        Self { app, openid, provider, log, _guard: guard }
    }

    /// The callback's path.
    pub(super) fn callback(&self) -> String {
        format!("/callback/{}", self.provider.id)
    }

    /// Adds a provider that serves the default tenant.
    pub(super) async fn add(&self, new: NewProvider) -> IdentityProvider {
        let provider = self.app.create_new(new).await.expect("a provider");
        link(&self.app, self.app.default_tenant().await, &provider).await;
        provider
    }

    /// The same instance with another provider.
    pub(super) async fn at(self, openid: SigningProvider, name: &str) -> Self {
        let new = new_provider(&self.app, &openid, name);
        self.with_provider(openid, new).await
    }

    /// The same instance with another provider, by its settings.
    pub(super) async fn with_provider(self, openid: SigningProvider, new: NewProvider) -> Self {
        let provider = self.add(new).await;
        Self { openid, provider, ..self }
    }

    /// The same instance and peer, with another provider.
    pub(super) fn about(self, provider: IdentityProvider) -> Self {
        Self { provider, ..self }
    }

    /// Checks the reason for which the last sign-in was refused, as administrators read it.
    #[track_caller]
    pub(super) fn check_reason(&self, reason: &str) {
        let logged = self.logged();
        assert!(logged.contains("a sign-in was refused"), "{logged}");
        assert!(logged.contains(reason), "{reason:?} is not in {logged}");
    }

    /// What administrators read in the log since the last call.
    pub(super) fn logged(&self) -> String {
        String::from_utf8(self.log.take()).expect("text")
    }

    /// All users.
    pub(super) async fn users(&self) -> Vec<vestibule::domain::user::User> {
        use vestibule::domain::user::UserFilter;
        let page = crate::support::ALL;
        self.app.services.users.list(&Actor::operator(), &UserFilter::default(), page).await.expect("users").items
    }
}

/// Lets a tenant's people sign in with a provider.
pub(super) async fn link(app: &TestApp, tenant: TenantId, provider: &IdentityProvider) {
    app.services.assignments.link(&Actor::operator(), &TenantRef::Id(tenant), provider.id).await.expect("a link");
}

/// A provider that maps the address.
pub(super) fn new_provider(app: &TestApp, openid: &SigningProvider, name: &str) -> NewProvider {
    let mut new = app.new_provider(name);
    if let ConfigInput::Oidc(oidc) = &mut new.config {
        oidc.discovery_url = openid.discovery_url();
        oidc.client_secret = Patch::Set(Secret::new(SECRET));
    }
    let attributes = serde_json::from_value(serde_json::json!({"email": "email"})).expect("attributes");
    NewProvider { mapping: UserMapping { attributes, ..UserMapping::default() }, ..new }
}
