//! What a host sees of an instance.

use std::sync::Arc;

use axum::{Router, http::HeaderMap};
use url::Url;
#[cfg(feature = "portal")]
use vestibule_app::domain::secret::Secret;
use vestibule_app::service::{ServiceResult, Services, SignedInUser};

use super::Dialect;
#[cfg(feature = "portal")]
use crate::{auth::Authenticator, web::PortalParts};
use crate::{
    auth::{Bearer, JwtVerifier},
    clock::Clock,
    jobs::Jobs,
    request::TrustedProxies,
    rest::{self, RestParts, RestState},
    store::{Store, StoreError},
    web::{self, HostSignIn, RequireSignIn, SignInHook, SignInLayer, SignedOut, metrics::Metrics},
};

/// An instance: the services and the router over them.
pub struct Vestibule {
    pub(super) services: Services,
    pub(super) jobs: Jobs,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) base_url: Url,
    pub(super) dialects_base_url: Url,
    #[cfg(feature = "portal")]
    pub(super) authenticator: Option<Arc<dyn Authenticator>>,
    #[cfg(feature = "portal")]
    pub(super) sign_in_url: Option<Arc<str>>,
    pub(super) hook: Option<Arc<dyn SignInHook>>,
    pub(super) dialects: Vec<Dialect>,
    pub(super) jwt: Option<Arc<JwtVerifier>>,
    pub(super) trusted_proxies: TrustedProxies,
    pub(super) metrics: Metrics,
}

impl Vestibule {
    /// The services, for an application that manages providers in code.
    pub fn services(&self) -> Services {
        self.services.clone()
    }

    /// All of HTTP except the metrics: portal, dialects and health. Nest it with `nest_service` under the path of the base URL.
    pub fn router(&self) -> Router {
        self.in_any_spelling(self.assemble(self.dialects(&self.base_url)))
    }

    /// The portal with health, without any dialect: for an application that mounts those elsewhere.
    #[cfg(feature = "portal")]
    pub fn portal_router(&self) -> Router {
        self.assemble(Router::new())
    }

    /// The dialects alone, below `/api`. Nest it with `nest_service` under the path of [`Builder::dialects_base_url`].
    pub fn dialects_router(&self) -> Router {
        let dialects = self.dialects(&self.dialects_base_url);
        self.in_any_spelling(web::observed(dialects, self.metrics.clone(), self.trusted_proxies.clone()))
    }

    /// The user who signed in through [`Self::router`] in the browser that sent a request with these headers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn signed_in(&self, headers: &HeaderMap) -> ServiceResult<Option<SignedInUser>> {
        self.host_sign_in().user(headers).await
    }

    /// Lets the application's own handlers take [`SignedIn`](crate::SignedIn) and
    /// [`OptionalSignedIn`](crate::OptionalSignedIn). A session is read only where a handler takes one of them.
    pub fn sign_in_layer(&self) -> SignInLayer {
        SignInLayer::new(self.host_sign_in())
    }

    /// Lets only signed-in users through to the application's own routes, and their handlers take
    /// [`SignedIn`](crate::SignedIn). It reads Vestibule's session: not for an application that begins its own
    /// ([`Builder::on_sign_in`]).
    pub fn require_sign_in(&self) -> RequireSignIn {
        RequireSignIn::new(self.host_sign_in())
    }

    /// Ends the session of the browser that sent a request with these headers. The handler returns the value with its
    /// response, which then clears the cookie. A route that calls it accepts POST alone and only from the application's
    /// own pages, as `POST {mount}/logout` does.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sign_out(&self, headers: &HeaderMap) -> ServiceResult<SignedOut> {
        self.host_sign_in().sign_out(headers).await
    }

    fn host_sign_in(&self) -> HostSignIn {
        HostSignIn::new(self.services.sign_ins.clone(), &self.base_url)
    }

    /// `/metrics` in the OpenMetrics text format, which no other router serves. It requires no credential: mount it where
    /// only your monitoring reaches it.
    pub fn metrics_router(&self) -> Router {
        web::metrics_router(self.metrics.clone(), self.trusted_proxies.clone(), |router| router)
    }

    /// Wraps the whole router, since the path is normalised before it is routed.
    fn in_any_spelling(&self, router: Router) -> Router {
        if self.dialects.contains(&Dialect::Aveva) { rest::aveva::in_any_spelling(router) } else { router }
    }

    fn assemble(&self, dialects: Router) -> Router {
        let router =
            web::operations(self.services(), self.store.clone(), &self.base_url, self.hook.clone()).merge(dialects);
        #[cfg(feature = "portal")]
        let router = router.merge(web::portal_router(PortalParts {
            services: self.services(),
            base_url: self.base_url.clone(),
            host: self.authenticator.clone(),
            sign_in_url: self.sign_in_url.clone(),
        }));
        web::observed(router, self.metrics.clone(), self.trusted_proxies.clone())
    }

    /// The dialects at a public address.
    fn dialects(&self, base_url: &Url) -> Router {
        let mut router = Router::new();
        if self.dialects.is_empty() {
            return router;
        }
        let dialects = self.dialects.iter().map(|dialect| dialect.description());
        let descriptions: Vec<_> = dialects.chain([rest::scaikey::sign_ins::DESCRIPTION]).collect();
        router = router.merge(rest::openapi::router(&descriptions, base_url));
        let state = |anonymous_reading| {
            RestState::from(RestParts {
                services: self.services(),
                base_url: base_url.clone(),
                anonymous_reading,
                bearer: Bearer::new(self.services(), self.jwt.clone()),
                clock: self.clock.clone(),
            })
        };
        router = router.merge(rest::scaikey::sign_ins::router(state(false)));
        for dialect in &self.dialects {
            let state = state(matches!(dialect, Dialect::Waldur { anonymous_reading: true }));
            router = match dialect {
                Dialect::Waldur { .. } => router.merge(rest::waldur::router(state)),
                Dialect::ScaiKey => router.merge(rest::scaikey::router(state)),
                Dialect::Aveva => router.merge(rest::aveva::router(state)),
            };
        }
        router
    }

    /// The address of the one-time link that creates the first administrator. `None` once there is one, or when the
    /// application signs administrators in.
    ///
    /// # Errors
    /// When the database does not answer.
    #[cfg(feature = "portal")]
    pub async fn set_up_link(&self) -> ServiceResult<Option<Secret>> {
        if self.authenticator.is_some() {
            return Ok(None);
        }
        let secret = self.services().set_up.issue().await?;
        let base = self.base_url.as_str().trim_end_matches('/');
        Ok(secret.map(|secret| Secret::new(format!("{base}/set-up#{}", secret.expose()))))
    }

    /// Tests the connections of enabled providers as [`Builder::connection_tests`] says, until the future is dropped. Does
    /// nothing when the interval is 0. Nodes that share a database share the work.
    pub async fn connection_tests(&self) {
        self.jobs.connection_tests().await;
    }

    /// Tests the connections that are due now and returns how many: for applications with a schedule of their own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn test_due_connections(&self) -> ServiceResult<u64> {
        self.jobs.connections.schedule.test_due().await
    }

    /// Synchronises directories as their providers' settings say, until the future is dropped. Nodes that share a database
    /// share the work.
    pub async fn syncs(&self) {
        self.jobs.syncs().await;
    }

    /// Synchronises the directories that are due now and returns how many: for applications with a schedule of their
    /// own.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn sync_due_directories(&self) -> ServiceResult<u64> {
        self.jobs.syncs.schedule.run_due().await
    }

    /// Ends the synchronisations of this node, for an application that stops: no new one starts, and running ones end
    /// after their current entries, with a log that says why. Returns when they have. Without this call they are logged
    /// as interrupted after the next start: at once on SQLite, a minute later on PostgreSQL.
    pub async fn end_syncs(&self) {
        self.jobs.syncs.shut_down().await;
    }

    /// Ends an instance whose application stops, after the last request and after its background futures
    /// ([`Self::housekeeping`], [`Self::connection_tests`], [`Self::syncs`]) were dropped: ends the synchronisations of this
    /// node, waits for transactions and closes the database. An SQLite file is then complete without its write-ahead log,
    /// and routers and services of this instance return errors.
    ///
    /// A pool of the application stays open, and nothing waits for the transactions on it. Routers and services go on
    /// working until the application closes the pool; only synchronisations do not start any more.
    pub async fn close(&self) {
        self.end_syncs().await;
        self.jobs.attempts.flush().await;
        self.store.close().await;
        self.jobs.syncs.leave();
    }

    /// Closes the logs of synchronisations whose node did not renew their lease in time. Runs at start, and beside
    /// [`Self::syncs`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close_interrupted_syncs(&self) -> Result<(), StoreError> {
        self.jobs.syncs.maintenance.close_interrupted().await
    }

    /// Removes expired sessions, sign-in counters, traces of sign-ins, connection tests and synchronisation logs, and audit
    /// entries older than `audit_retention_days` (0 keeps them), every ten minutes until the future is dropped.
    pub async fn housekeeping(&self, audit_retention_days: u32) {
        self.jobs.housekeeping(audit_retention_days).await;
    }
}
