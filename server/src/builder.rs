//! Builds an instance from its settings, and is what a host sees of it.

use std::{sync::Arc, time::Duration};

use axum::Router;
use url::Url;
use vestibule_app::{
    domain::{actor::Actor, secret::Secret},
    service::{ServiceResult, Services},
};

use crate::{
    auth::{Authenticator, Bearer, FetchKeys, JwtSettings, JwtVerifier},
    clock::{Clock, SystemClock},
    config::parse_base_url,
    core::{
        AssembledServices, ConnectionTests, Resources, SyncService, ensure_default_tenant, error_chain,
        key::{self, KeyError},
        keys::Keys,
        vault::{Vault, VaultError},
    },
    jobs::Jobs,
    protocol::{
        http::{OutboundClient, OutboundPolicy},
        oidc,
    },
    request::TrustedProxies,
    rest::{self, RestParts, RestState},
    store::{DatabaseOptions, HostPool, InvalidDatabaseUrl, SqliteSynchronous, Store, StoreError},
    web::{self, WebParts, metrics::Metrics},
};

/// A REST interface in the words of another system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Waldur's, below `/api/identity-providers/`.
    Waldur {
        /// Whether enabled providers may be read without a token, as Waldur's own may.
        anonymous_reading: bool,
    },
    /// ScaiKey's, below `/api/v1/admin/` and `/api/v1/tenants/`.
    ScaiKey,
    /// AVEVA's, below `/api/IdentityProvider/` and `/api/Tenants/{tenantId}/IdentityProvider/`.
    Aveva,
}

impl Dialect {
    const fn description(self) -> rest::openapi::Description {
        match self {
            Self::Waldur { .. } => rest::waldur::DESCRIPTION,
            Self::ScaiKey => rest::scaikey::DESCRIPTION,
            Self::Aveva => rest::aveva::DESCRIPTION,
        }
    }
}

/// Why an instance could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Neither a database URL nor a pool was given.
    #[error("no database was given: call `database_url` or `pool`")]
    NoDatabase,
    /// The database URL is malformed.
    #[error("{0}")]
    DatabaseUrl(String),
    /// No key was given.
    #[error("no key was given: call `key`")]
    NoKey,
    /// The key cannot be used.
    #[error("the key cannot be used: {0}")]
    Key(String),
    /// The database holds secrets that were sealed with another key.
    #[error(
        "the database was sealed with another key than this node's (active here: {active}). Give every node the same \
         key, or restore the one from your backup"
    )]
    WrongKey {
        /// Names the key of this node.
        active: String,
    },
    /// No base URL was given, or it cannot be used.
    #[error("base_url: {0}")]
    BaseUrl(String),
    /// The database rejected the connection or did not answer.
    #[error("the database cannot be used")]
    Store(#[from] StoreError),
}

impl From<VaultError> for BuildError {
    fn from(error: VaultError) -> Self {
        Self::Key(error_chain(&error))
    }
}

impl From<KeyError> for BuildError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::WrongKey { active } => Self::WrongKey { active },
            KeyError::Vault(error) => error.into(),
            KeyError::Store(error) => Self::Store(error),
        }
    }
}

enum Database {
    Url(String),
    Pool(HostPool),
    Opened(Store),
}

/// Collects the settings of an instance. [`Vestibule::builder`] creates one.
#[must_use]
pub struct Builder {
    database: Option<Database>,
    database_options: DatabaseOptions,
    key: Option<Secret>,
    keys: Option<Keys>,
    base_url: Option<Result<Url, String>>,
    authenticator: Option<Arc<dyn Authenticator>>,
    dialects: Vec<Dialect>,
    jwt: Option<JwtSettings>,
    outbound: OutboundPolicy,
    trusted_proxies: TrustedProxies,
    clock: Arc<dyn Clock>,
    connection_tests: ConnectionTests,
    migrate: bool,
    serves: bool,
}

impl Builder {
    fn new() -> Self {
        Self {
            database: None,
            database_options: DatabaseOptions::default(),
            key: None,
            keys: None,
            base_url: None,
            authenticator: None,
            dialects: Vec::new(),
            jwt: None,
            outbound: OutboundPolicy::default().with_insecure_tls(true),
            trusted_proxies: TrustedProxies::default(),
            clock: Arc::new(SystemClock),
            connection_tests: ConnectionTests::default(),
            migrate: true,
            serves: true,
        }
    }

    /// The database: `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    pub fn database_url(mut self, url: impl Into<String>) -> Self {
        self.database = Some(Database::Url(url.into()));
        self
    }

    /// Shares a pool that the application already has. All tables begin with `vestibule_`.
    pub fn pool(mut self, pool: impl Into<HostPool>) -> Self {
        self.database = Some(Database::Pool(pool.into()));
        self
    }

    pub(crate) fn store(mut self, store: Store) -> Self {
        self.database = Some(Database::Opened(store));
        self
    }

    /// How durable the last changes to the SQLite file of [`Self::database_url`] are when the power fails; `Normal` by
    /// default.
    pub fn sqlite_synchronous(mut self, synchronous: SqliteSynchronous) -> Self {
        self.database_options.synchronous = synchronous;
        self
    }

    /// How long a change waits for other changes to the SQLite file of [`Self::database_url`], first this process's and
    /// then another's, before it fails; 5 s by default.
    pub fn sqlite_wait(mut self, wait: Duration) -> Self {
        self.database_options.sqlite_wait = wait;
        self
    }

    /// Serves no requests and runs no jobs.
    pub(crate) fn offline(mut self) -> Self {
        self.serves = false;
        self
    }

    /// The key that seals secrets: 32 bytes in base64. Several, one on each line, open what older ones sealed; the first
    /// seals.
    pub fn key(mut self, key: Secret) -> Self {
        self.key = Some(key);
        self
    }

    pub(crate) fn keys(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// The public address with the path that the router is nested under. Required.
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Some(parse_base_url(url).map_err(|error| error.to_string()));
        self
    }

    /// Lets the application's own sign-in decide who is an administrator. There is no set-up link then.
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticator = Some(Arc::new(authenticator));
        self
    }

    /// Mounts REST dialects; none by default.
    pub fn dialects(mut self, dialects: impl IntoIterator<Item = Dialect>) -> Self {
        self.dialects = dialects.into_iter().collect();
        self
    }

    /// Trusts tokens of an issuer beside API tokens, in the dialects that read `Authorization: Bearer`.
    pub fn jwt(mut self, settings: JwtSettings) -> Self {
        self.jwt = Some(settings);
        self
    }

    /// Hosts and networks that may be called although they are private or use plain HTTP.
    pub fn outbound(mut self, policy: OutboundPolicy) -> Self {
        self.outbound = policy;
        self
    }

    /// Proxies whose `X-Forwarded-For` is trusted.
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// Another clock, for tests.
    #[doc(hidden)]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How connection tests are scheduled and kept; none is scheduled by default.
    pub fn connection_tests(mut self, settings: ConnectionTests) -> Self {
        self.connection_tests = settings;
        self
    }

    /// Whether missing migrations are run at start; on by default.
    pub fn migrate_at_start(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// Opens the database, migrates it, and checks the key.
    ///
    /// # Errors
    /// When a setting is missing or cannot be used; the message says what to do.
    pub async fn build(self) -> Result<Vestibule, BuildError> {
        let store = match self.database.ok_or(BuildError::NoDatabase)? {
            Database::Url(url) => {
                let malformed = |error: InvalidDatabaseUrl| BuildError::DatabaseUrl(error.to_string());
                Store::connect(&url.parse().map_err(malformed)?, self.database_options).await?
            }
            Database::Pool(pool) => Store::adopt(pool).await?,
            Database::Opened(store) => store,
        };
        let base_url = match self.base_url {
            Some(url) => url.map_err(BuildError::BaseUrl)?,
            None => return Err(BuildError::BaseUrl("give the public address: call `base_url`".to_owned())),
        };
        let keys = match (self.keys, self.key) {
            (Some(keys), _) => keys,
            (None, Some(key)) => Keys::new(Vault::parse(key.expose())?, None),
            (None, None) => return Err(BuildError::NoKey),
        };
        if self.migrate {
            store.migrate().await?;
        }
        let outbound = OutboundClient::new(self.outbound);
        let jwt = self.jwt.map(|settings| {
            let fetch = fetch_keys(outbound.clone(), &settings);
            Arc::new(JwtVerifier::new(settings, fetch, self.clock.clone()))
        });
        key::check(&store, &keys.vault()).await?;
        ensure_default_tenant(&store, self.clock.now()).await?;
        let metrics = Metrics::default();
        let counted = metrics.clone();
        let AssembledServices { services, audit, connections, sessions, syncs } =
            AssembledServices::assemble(Resources {
                store: store.clone(),
                keys: Arc::new(keys),
                clock: self.clock.clone(),
                outbound,
                base_url: base_url.clone(),
                reserved_slugs: rest::reserved_slugs(),
                connection_tests: self.connection_tests,
                test_observer: Arc::new(move |status| counted.count_test(status.as_str())),
            });
        close_interrupted_syncs(&syncs, &store, self.serves).await?;
        Ok(Vestibule {
            services,
            jobs: Jobs { audit, connections, sessions, syncs },
            store,
            clock: self.clock,
            base_url,
            authenticator: self.authenticator,
            dialects: self.dialects,
            jwt,
            trusted_proxies: self.trusted_proxies,
            metrics,
        })
    }
}

/// An instance: the services and the router over them.
pub struct Vestibule {
    services: Services,
    jobs: Jobs,
    store: Store,
    clock: Arc<dyn Clock>,
    base_url: Url,
    authenticator: Option<Arc<dyn Authenticator>>,
    dialects: Vec<Dialect>,
    jwt: Option<Arc<JwtVerifier>>,
    trusted_proxies: TrustedProxies,
    metrics: Metrics,
}

impl Vestibule {
    /// Collects what an instance needs.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// The services, for an application that manages providers in code.
    pub fn services(&self) -> Services {
        self.services.clone()
    }

    /// All of HTTP: portal, dialects, health and metrics. Nest it with `nest_service` under the path of the base URL.
    pub fn router(&self) -> Router {
        self.in_any_spelling(self.assemble(self.dialects()))
    }

    /// The portal with health and metrics, without any dialect: for an application that mounts those elsewhere.
    pub fn portal_router(&self) -> Router {
        self.assemble(Router::new())
    }

    /// The dialects alone, below `/api`.
    pub fn dialects_router(&self) -> Router {
        self.in_any_spelling(web::observed(self.dialects(), self.metrics.clone(), self.trusted_proxies.clone()))
    }

    /// Wraps the whole router, since the path is normalised before it is routed.
    fn in_any_spelling(&self, router: Router) -> Router {
        if self.dialects.contains(&Dialect::Aveva) { rest::aveva::in_any_spelling(router) } else { router }
    }

    fn assemble(&self, dialects: Router) -> Router {
        let parts = WebParts {
            services: self.services(),
            store: self.store.clone(),
            base_url: self.base_url.clone(),
            host: self.authenticator.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            metrics: self.metrics.clone(),
        };
        web::router(parts, dialects)
    }

    fn dialects(&self) -> Router {
        let mut router = Router::new();
        let descriptions: Vec<_> = self.dialects.iter().map(|dialect| dialect.description()).collect();
        if !descriptions.is_empty() {
            router = router.merge(rest::openapi::router(&descriptions, &self.base_url));
        }
        for dialect in &self.dialects {
            let state = RestParts {
                services: self.services(),
                base_url: self.base_url.clone(),
                anonymous_reading: matches!(dialect, Dialect::Waldur { anonymous_reading: true }),
                bearer: Bearer::new(self.services(), self.jwt.clone()),
                clock: self.clock.clone(),
            };
            let state = RestState::from(state);
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
        self.jobs.connections.test_due().await
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

    /// Closes the logs of synchronisations whose node did not renew their lease in time. Runs at start, and beside
    /// [`Self::syncs`].
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn close_interrupted_syncs(&self) -> Result<(), StoreError> {
        self.jobs.syncs.maintenance.close_interrupted().await
    }

    /// Removes expired sessions, sign-in counters, connection tests and synchronisation logs, and audit entries older
    /// than `audit_retention_days` (0 keeps them), every ten minutes until the future is dropped.
    pub async fn housekeeping(&self, audit_retention_days: u32) {
        self.jobs.housekeeping(audit_retention_days).await;
    }

    /// Seals every secret again with the active key of a vault, for the command line.
    pub(crate) async fn reseal(&self, actor: &Actor, vault: &Vault) -> ServiceResult<u64> {
        key::reseal_all(actor, &self.store, &*self.clock, vault).await
    }
}

/// Closes the logs of runs whose process died, and shows other processes that this one lives.
async fn close_interrupted_syncs(syncs: &SyncService, store: &Store, serves: bool) -> Result<(), StoreError> {
    if !serves {
        return syncs.maintenance.close_interrupted().await;
    }
    let arrival = store.arrive();
    if arrival.is_alone() {
        syncs.maintenance.close_all().await?;
    } else {
        syncs.maintenance.close_interrupted().await?;
    }
    syncs.hold(arrival.stay().await);
    Ok(())
}

/// Reads the keys of the trusted issuer, through the guarded client as every outgoing request.
fn fetch_keys(outbound: OutboundClient, settings: &JwtSettings) -> FetchKeys {
    let JwtSettings { issuer, jwks_url, timeout, audience: _, leeway_seconds: _ } = settings.clone();
    Box::new(move || {
        let (outbound, issuer, jwks_url) = (outbound.clone(), issuer.clone(), jwks_url.clone());
        Box::pin(async move {
            let keys = oidc::fetch_keys(&outbound, &issuer, jwks_url.as_ref(), timeout).await;
            keys.map_err(|error| error_chain(&error))
        })
    })
}
