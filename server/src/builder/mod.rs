//! Builds an instance from its settings.

#[cfg(feature = "cli")]
mod binary;
mod dialect;
mod error;
mod instance;

use std::{sync::Arc, time::Duration};

use url::Url;
use vestibule_app::domain::{provider::Protocol, secret::Secret};

pub use self::{dialect::Dialect, error::BuildError, instance::Vestibule};
#[cfg(feature = "portal")]
use crate::auth::Authenticator;
use crate::{
    auth::{JwtSettings, JwtVerifier},
    base_url::parse_base_url,
    clock::{Clock, SystemClock},
    core::{
        AssembledServices, AttemptRetention, ConnectionTests, Resources, SessionLifetimes, SignInProtocols,
        SyncService, ensure_default_tenant, error_chain, key, keys::Keys, vault::Vault,
    },
    jobs::Jobs,
    jose::FetchKeys,
    protocol::{
        http::{OutboundClient, OutboundPolicy},
        oidc::{self, RelyingParty},
        sign_in::SignInProtocol,
    },
    request::TrustedProxies,
    rest,
    store::{DatabaseOptions, HostPool, InvalidDatabaseUrl, SqliteSynchronous, Store, StoreError},
    web::{SignInHook, metrics::Metrics},
};

/// How long attempts to sign in are kept unless an instance is set otherwise.
const ATTEMPT_RETENTION: AttemptRetention = AttemptRetention { attempt_days: 30, claims_days: 7 };

/// Collects the settings of an instance. [`Vestibule::builder`] creates one.
#[must_use]
pub struct Builder {
    database: Option<Database>,
    database_options: DatabaseOptions,
    key: Option<Secret>,
    keys: Option<Keys>,
    base_url: Option<Result<Url, String>>,
    dialects_base_url: Option<Result<Url, String>>,
    #[cfg(feature = "portal")]
    authenticator: Option<Arc<dyn Authenticator>>,
    #[cfg(feature = "portal")]
    sign_in_url: Option<String>,
    hook: Option<Arc<dyn SignInHook>>,
    dialects: Vec<Dialect>,
    jwt: Option<JwtSettings>,
    outbound: OutboundPolicy,
    trusted_proxies: TrustedProxies,
    clock: Arc<dyn Clock>,
    connection_tests: ConnectionTests,
    sign_in_timeout: Duration,
    session_lifetimes: SessionLifetimes,
    attempt_retention: AttemptRetention,
    migrate: bool,
    serves: bool,
}

impl Vestibule {
    /// Collects what an instance needs.
    pub fn builder() -> Builder {
        Builder::new()
    }
}

impl Builder {
    fn new() -> Self {
        Self {
            database: None,
            database_options: DatabaseOptions::default(),
            key: None,
            keys: None,
            base_url: None,
            dialects_base_url: None,
            #[cfg(feature = "portal")]
            authenticator: None,
            #[cfg(feature = "portal")]
            sign_in_url: None,
            hook: None,
            dialects: Vec::new(),
            jwt: None,
            outbound: OutboundPolicy::default().with_insecure_tls(true),
            trusted_proxies: TrustedProxies::default(),
            clock: Arc::new(SystemClock),
            connection_tests: ConnectionTests::default(),
            sign_in_timeout: RelyingParty::TIMEOUT,
            session_lifetimes: SessionLifetimes::default(),
            attempt_retention: ATTEMPT_RETENTION,
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

    /// The key that seals secrets: 32 bytes in base64. Several, one on each line, open what older ones sealed; the first
    /// seals.
    pub fn key(mut self, key: Secret) -> Self {
        self.key = Some(key);
        self
    }

    /// The public address with the path that the router is nested under. Required.
    pub fn base_url(mut self, url: &str) -> Self {
        self.base_url = Some(parse_base_url(url).map_err(|error| error.to_string()));
        self
    }

    /// The public address with the path that [`Vestibule::dialects_router`] is nested under. Required only when it
    /// differs from [`Self::base_url`]: redirects, links and the OpenAPI documents of that router contain it.
    pub fn dialects_base_url(mut self, url: &str) -> Self {
        self.dialects_base_url = Some(parse_base_url(url).map_err(|error| error.to_string()));
        self
    }

    /// Lets the application's own sign-in decide who uses the portal. There is no set-up link then.
    #[cfg(feature = "portal")]
    pub fn authenticator(mut self, authenticator: impl Authenticator) -> Self {
        self.authenticator = Some(Arc::new(authenticator));
        self
    }

    /// Where the application signs users in: a URL, or a path such as `/login`. The portal links to it before users are
    /// signed in.
    #[cfg(feature = "portal")]
    pub fn sign_in_url(mut self, url: impl Into<String>) -> Self {
        self.sign_in_url = Some(url.into());
        self
    }

    /// Lets the application decide what a sign-in leads to: a session of its own, or Vestibule's. Without it, Vestibule's
    /// session begins. Where the hook begins another session, [`Vestibule::require_sign_in`] lets nobody through.
    pub fn on_sign_in(mut self, hook: impl SignInHook) -> Self {
        self.hook = Some(Arc::new(hook));
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

    /// Another limit than 10 s for everything that is asked of a provider while a person signs in, for tests.
    #[doc(hidden)]
    pub fn sign_in_timeout(mut self, timeout: Duration) -> Self {
        self.sign_in_timeout = timeout;
        self
    }

    /// How long the session of a user who signed in through a provider lasts without a request: 8 h by default, a minute at
    /// least.
    pub fn session_idle(mut self, idle: Duration) -> Self {
        self.session_lifetimes.idle = seconds(idle);
        self
    }

    /// How long such a session lasts in any case, from the sign-in: 24 h by default, a minute at least. A change applies to
    /// sessions that begin afterwards.
    pub fn session_lifetime(mut self, lifetime: Duration) -> Self {
        self.session_lifetimes.absolute = seconds(lifetime);
        self
    }

    /// How many days attempts to sign in are kept, with their steps; 30 by default, 0 keeps them forever.
    /// [`Vestibule::housekeeping`] removes older ones.
    pub fn sign_in_retention_days(mut self, days: u32) -> Self {
        self.attempt_retention.attempt_days = days;
        self
    }

    /// How many days it is kept what providers said about people who signed in; 7 by default, 0 keeps it as long as the
    /// attempts. [`Vestibule::housekeeping`] removes what is older.
    pub fn sign_in_claims_retention_days(mut self, days: u32) -> Self {
        self.attempt_retention.claims_days = days;
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
            #[cfg(feature = "cli")]
            Database::Opened(store) => store,
        };
        let base_url = match self.base_url {
            Some(url) => url.map_err(BuildError::BaseUrl)?,
            None => return Err(BuildError::BaseUrl("give the public address: call `base_url`".to_owned())),
        };
        let dialects_base_url = self
            .dialects_base_url
            .transpose()
            .map_err(BuildError::DialectsBaseUrl)?
            .unwrap_or_else(|| base_url.clone());
        let SessionLifetimes { idle, absolute } = self.session_lifetimes;
        for (setting, seconds) in [("session_idle", idle), ("session_lifetime", absolute)] {
            if seconds < 60 {
                return Err(BuildError::SessionLifetime(setting));
            }
        }
        #[cfg(feature = "portal")]
        let sign_in_url = self.sign_in_url.map(check_sign_in_url).transpose()?;
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
        let (counted, uncounted) = (metrics.clone(), metrics.clone());
        let party: Arc<dyn SignInProtocol> =
            Arc::new(RelyingParty::new(outbound.clone(), self.clock.clone(), self.sign_in_timeout));
        let AssembledServices { services, audit, connections, sessions, sign_ins, attempt_purge, syncs } =
            AssembledServices::assemble(Resources {
                store: store.clone(),
                keys: Arc::new(keys),
                clock: self.clock.clone(),
                outbound,
                base_url: base_url.clone(),
                reserved_slugs: rest::reserved_slugs(),
                sign_in: SignInProtocols(Arc::new([(Protocol::Oidc, party)])),
                session_lifetimes: self.session_lifetimes,
                attempt_retention: self.attempt_retention,
                attempt_observer: Arc::new(move |number| uncounted.count_dropped_attempts(number)),
                connection_tests: self.connection_tests,
                test_observer: Arc::new(move |status| counted.count_test(status.as_str())),
            });
        close_interrupted_syncs(&syncs, &store, self.serves).await?;
        Ok(Vestibule {
            services,
            jobs: Jobs { audit, connections, sessions, sign_ins, attempts: attempt_purge, syncs },
            store,
            clock: self.clock,
            base_url,
            dialects_base_url,
            #[cfg(feature = "portal")]
            authenticator: self.authenticator,
            #[cfg(feature = "portal")]
            sign_in_url,
            hook: self.hook,
            dialects: self.dialects,
            jwt,
            trusted_proxies: self.trusted_proxies,
            metrics,
        })
    }
}

enum Database {
    Url(String),
    Pool(HostPool),
    #[cfg(feature = "cli")]
    Opened(Store),
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// A link of the portal must not run a script, so that only addresses of pages are accepted.
#[cfg(feature = "portal")]
fn check_sign_in_url(text: String) -> Result<Arc<str>, BuildError> {
    let is_page = match Url::parse(&text) {
        Ok(url) => matches!(url.scheme(), "http" | "https"),
        Err(_) => text.starts_with('/') && !text.starts_with("//"),
    };
    if is_page { Ok(text.into()) } else { Err(BuildError::SignInUrl(text)) }
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
            let keys = oidc::fetch_keys(&outbound, &issuer, jwks_url.as_ref(), true, timeout).await;
            keys.map_err(|error| error_chain(&error))
        })
    })
}
