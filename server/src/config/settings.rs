//! The settings, declared once.
//!
//! Flags, environment variables, keys of the file, the commented defaults ([`super::document`]) and the tables of the
//! documents all come from the declarations below. What a value means, and which values are rejected, is up to
//! [`super::Config`].

use std::{convert::Infallible, path::PathBuf, str::FromStr};

use clap::{Arg, Args, Command};
use serde::Deserialize;

/// Settings from flags and environment, the same for every command.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Overrides {
    /// Configuration file (TOML)
    #[arg(long, global = true, env = "VESTIBULE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The settings that override the file.
    #[command(flatten)]
    pub settings: Settings,
}

/// A list: separated by commas in flags and in the environment, an array in the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct List(pub Vec<String>);

impl FromStr for List {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()))
    }
}

/// What applies when a setting is absent.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fallback {
    /// A default.
    Default {
        /// As TOML.
        value: &'static str,
        /// What it means, for the documents' tables, where that is not plain.
        #[cfg_attr(not(test), expect(dead_code, reason = "a test holds the tables against it"))]
        means: Option<&'static str>,
    },
    /// No value.
    Unset {
        /// What happens instead.
        means: &'static str,
        /// A value as TOML, for the commented file.
        example: &'static str,
    },
}

/// Declares one struct for each section of the file. The first paragraph of a field's documentation is the help of its
/// flag; all of it is the comment in the file. `default(VALUE)` may say what the value means; `unset(MEANS, EXAMPLE)`
/// declares a setting without a default. `+` lists the sections below this one.
macro_rules! settings {
    ($(
        $(#[$about:meta])*
        $Section:ident $prefix:literal {
            $($(#[$field:meta])* $name:ident: $Type:ty = $fallback:ident $values:tt,)*
        }
        $(+ { $($inner:ident: $Inner:ident,)* })?
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Default, Args, Deserialize)]
        #[serde(default)]
        pub(crate) struct $Section {
            $($(#[$field])* #[arg(id = concat!($prefix, stringify!($name)), global = true)] pub $name: Option<$Type>,)*
            $($(#[command(flatten)] #[doc = concat!("The section `", stringify!($inner), "`.")] pub $inner: $Inner,)*)?
        }

        impl $Section {
            /// Fills in what is absent.
            pub(super) fn or(self, other: Self) -> Self {
                Self {
                    $($name: self.$name.or(other.$name),)*
                    $($($inner: self.$inner.or(other.$inner),)*)?
                }
            }

            fn fallback(key: &str) -> Option<Fallback> {
                $(if key == concat!($prefix, stringify!($name)) {
                    return Some(fallback!($fallback $values));
                })*
                $($(if let Some(found) = $Inner::fallback(key) {
                    return Some(found);
                })*)?
                None
            }
        }
    )*};
}

macro_rules! fallback {
    (default ($value:tt)) => {
        Fallback::Default { value: stringify!($value), means: None }
    };
    (default ($value:tt, $means:literal)) => {
        Fallback::Default { value: stringify!($value), means: Some($means) }
    };
    (unset ($means:literal, $example:tt)) => {
        Fallback::Unset { means: $means, example: stringify!($example) }
    };
}

settings! {
    /// All settings of the file, and those outside of its sections.
    Settings "" {
        /// Database: sqlite:PATH or postgres://USER@HOST/DATABASE
        ///
        /// Use PostgreSQL 15 or newer when there is more than one node.
        #[arg(long = "database-url", env = "VESTIBULE_DATABASE_URL", value_name = "URL", hide_env_values = true)]
        database_url: String = default("sqlite:data/vestibule.db"),
        /// When SQLite flushes changes to the disk: `normal` or `full`
        ///
        /// With `normal`, a power failure may lose the last changes, and the file stays intact. With `full` it loses
        /// nothing, and each change waits for a flush. A process that is killed loses nothing either way.
        #[arg(long = "sqlite-synchronous", env = "VESTIBULE_SQLITE_SYNCHRONOUS", value_name = "MODE")]
        sqlite_synchronous: String = default("normal"),
        /// Address and port to listen on
        ///
        /// TLS is left to a proxy in front.
        #[arg(long = "listen", env = "VESTIBULE_LISTEN", value_name = "ADDRESS")]
        listen: String = default("127.0.0.1:8080"),
        /// Public URL of the portal, with the path when a proxy serves it under one
        ///
        /// Cookies and the check of where requests come from depend on it.
        #[arg(long = "base-url", env = "VESTIBULE_BASE_URL", value_name = "URL")]
        base_url: String = unset("`http://` and the listening address", "https://sso.example.com"),
        /// File with the key that seals secrets
        ///
        /// VESTIBULE_KEY holds the key itself and wins over the file. A missing file is created, but only while the
        /// database holds no secrets.
        #[arg(long = "key-file", env = "VESTIBULE_KEY_FILE", value_name = "FILE")]
        key_file: PathBuf = unset("`vestibule.key` beside the SQLite file; none with PostgreSQL", "/etc/vestibule/key"),
        /// Proxies whose X-Forwarded-For is trusted: addresses and CIDR ranges
        #[arg(long = "trusted-proxies", env = "VESTIBULE_TRUSTED_PROXIES", value_name = "LIST")]
        trusted_proxies: List = default([]),
    } + {
        http: Http,
        outbound: Outbound,
        log: Log,
        telemetry: Telemetry,
        metrics: Metrics,
        waldur: Waldur,
        aveva: Aveva,
        scaikey: ScaiKey,
        jwt: Jwt,
        audit: Audit,
        sign_in: SignIn,
        connection_tests: Tests,
        user_sessions: UserSessions,
    }

    /// How requests arrive.
    Http "http." {
        /// Connections that are open at once; 0 takes three quarters of the limit of open files, at most 10000
        ///
        /// New connections wait until one closes.
        #[arg(long = "http-max-connections", env = "VESTIBULE_HTTP_MAX_CONNECTIONS", value_name = "COUNT")]
        max_connections: u32 = default(0, "three quarters of the limit of open files"),
        /// Seconds that the header of a request may take to arrive; 1 to 300
        #[arg(
            long = "http-header-timeout-seconds",
            env = "VESTIBULE_HTTP_HEADER_TIMEOUT_SECONDS",
            value_name = "SECONDS"
        )]
        header_timeout_seconds: u32 = default(10),
        /// Seconds that the body of a request may take to arrive; 1 to 3600
        #[arg(long = "http-body-timeout-seconds", env = "VESTIBULE_HTTP_BODY_TIMEOUT_SECONDS", value_name = "SECONDS")]
        body_timeout_seconds: u32 = default(30),
    }

    /// What may be called.
    Outbound "outbound." {
        /// Hosts and CIDR ranges that may be called although they are private, loopback or use plain HTTP
        #[arg(long = "outbound-allow", env = "VESTIBULE_OUTBOUND_ALLOW", value_name = "LIST")]
        allow: List = unset("none", ["keycloak.internal", "10.20.0.0/16"]),
        /// Refuse providers whose TLS certificate is not verified
        #[arg(long = "forbid-insecure-tls", env = "VESTIBULE_FORBID_INSECURE_TLS", value_name = "BOOL")]
        forbid_insecure_tls: bool = default(false),
    }

    /// The log on standard error.
    Log "log." {
        /// Log format: `text` or `json`
        #[arg(long = "log-format", env = "VESTIBULE_LOG_FORMAT", value_name = "FORMAT")]
        format: String = default("text"),
        /// What to log: a level such as `info`, or levels by module such as `info,vestibule=debug`
        #[arg(long = "log", env = "VESTIBULE_LOG", value_name = "FILTER")]
        filter: String = default("info"),
    }

    /// The export of spans.
    Telemetry "telemetry." {
        /// OpenTelemetry collector that spans are exported to (OTLP over HTTP); needs a binary with the feature `otel`
        #[arg(long = "otlp-endpoint", env = "VESTIBULE_OTLP_ENDPOINT", value_name = "URL")]
        otlp_endpoint: String = unset("none", "http://localhost:4318"),
    }

    /// The metrics, which are served nowhere unless one of these is set.
    Metrics "metrics." {
        /// Address and port that serve /metrics alone, for your monitoring
        #[arg(long = "metrics-listen", env = "VESTIBULE_METRICS_LISTEN", value_name = "ADDRESS")]
        listen: String = unset("none", "127.0.0.1:9464"),
        /// Token that callers of /metrics send as `Authorization: Bearer`
        ///
        /// Without an address of its own, /metrics is then served beside the portal.
        #[arg(long = "metrics-token", env = "VESTIBULE_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
        token: String = unset("none", "a-long-random-text"),
    }

    /// The Waldur dialect.
    Waldur "waldur." {
        /// Serve the Waldur dialect below /api/identity-providers/
        #[arg(long = "waldur", env = "VESTIBULE_WALDUR", value_name = "BOOL")]
        enabled: bool = default(true),
        /// Let the Waldur dialect be read without a token, as Waldur's own API can be
        ///
        /// Sign-in pages need it before anyone has signed in.
        #[arg(
            long = "waldur-anonymous-reading",
            env = "VESTIBULE_WALDUR_ANONYMOUS_READING",
            value_name = "BOOL"
        )]
        anonymous_reading: bool = default(true),
    }

    /// The AVEVA dialect.
    Aveva "aveva." {
        /// Serve the AVEVA dialect below /api/IdentityProvider/ and /api/Tenants/{tenantId}/IdentityProvider/
        #[arg(long = "aveva", env = "VESTIBULE_AVEVA", value_name = "BOOL")]
        enabled: bool = default(true),
    }

    /// The ScaiKey dialect.
    ScaiKey "scaikey." {
        /// Serve the ScaiKey dialect below /api/v1/admin/ and /api/v1/tenants/
        #[arg(long = "scaikey", env = "VESTIBULE_SCAIKEY", value_name = "BOOL")]
        enabled: bool = default(true),
    }

    /// Tokens of a trusted issuer.
    Jwt "jwt." {
        /// Issuer whose tokens are trusted beside API tokens, exactly as they state it in `iss`
        #[arg(long = "jwt-issuer", env = "VESTIBULE_JWT_ISSUER", value_name = "ISSUER")]
        issuer: String = unset("none", "https://scaikey.example.com/tenants/platform"),
        /// Audience that the issuer's tokens must state in `aud`; required with an issuer
        #[arg(long = "jwt-audience", env = "VESTIBULE_JWT_AUDIENCE", value_name = "AUDIENCE")]
        audience: String = unset("none", "vestibule"),
        /// URL of the issuer's keys
        #[arg(long = "jwt-jwks-url", env = "VESTIBULE_JWT_JWKS_URL", value_name = "URL")]
        jwks_url: String = unset("from the issuer's discovery document", "https://scaikey.example.com/keys"),
        /// Seconds by which the issuer's clock may differ; at most 600
        #[arg(long = "jwt-leeway-seconds", env = "VESTIBULE_JWT_LEEWAY_SECONDS", value_name = "SECONDS")]
        leeway_seconds: u32 = default(60),
    }

    /// The audit log.
    Audit "audit." {
        /// Days that audit entries are kept; 0 keeps them forever
        #[arg(long = "audit-retention-days", env = "VESTIBULE_AUDIT_RETENTION_DAYS", value_name = "DAYS")]
        retention_days: u32 = default(365),
    }

    /// People who sign in.
    SignIn "sign_in." {
        /// Days that attempts to sign in are kept, with their traces; 0 keeps them forever
        #[arg(long = "sign-in-retention-days", env = "VESTIBULE_SIGN_IN_RETENTION_DAYS", value_name = "DAYS")]
        retention_days: u32 = default(30),
        /// Days that the claims of sign-ins are kept, sealed; 0 keeps them as long as the attempts
        ///
        /// They are what providers say about people. Without them, an attempt has its steps and its reason.
        #[arg(
            long = "sign-in-claims-retention-days",
            env = "VESTIBULE_SIGN_IN_CLAIMS_RETENTION_DAYS",
            value_name = "DAYS"
        )]
        claims_retention_days: u32 = default(7),
    }

    /// Tests of providers' connections.
    Tests "connection_tests." {
        /// Minutes between two scheduled connection tests of each enabled provider; 0 schedules none
        ///
        /// Every test calls the provider, so decide whether your customers expect that; 60 is a good value.
        #[arg(
            long = "connection-tests-interval-minutes",
            env = "VESTIBULE_CONNECTION_TESTS_INTERVAL_MINUTES",
            value_name = "MINUTES"
        )]
        interval_minutes: u32 = default(0),
        /// Scheduled connection tests that run at once on each node; 1 to 64
        #[arg(
            long = "connection-tests-concurrency",
            env = "VESTIBULE_CONNECTION_TESTS_CONCURRENCY",
            value_name = "COUNT"
        )]
        concurrency: u32 = default(4),
        /// Connection tests that are kept for each provider
        #[arg(long = "connection-tests-keep", env = "VESTIBULE_CONNECTION_TESTS_KEEP", value_name = "COUNT")]
        keep: u32 = default(100),
        /// Days that connection tests are kept; 0 keeps them forever
        #[arg(
            long = "connection-tests-retention-days",
            env = "VESTIBULE_CONNECTION_TESTS_RETENTION_DAYS",
            value_name = "DAYS"
        )]
        retention_days: u32 = default(90),
    }

    /// Sessions of users who sign in through providers.
    UserSessions "user_sessions." {
        /// Minutes after which the session of a user ends without a request
        #[arg(
            long = "user-sessions-idle-minutes",
            env = "VESTIBULE_USER_SESSIONS_IDLE_MINUTES",
            value_name = "MINUTES"
        )]
        idle_minutes: u32 = default(480),
        /// Minutes after which the session of a user ends in any case
        #[arg(
            long = "user-sessions-lifetime-minutes",
            env = "VESTIBULE_USER_SESSIONS_LIFETIME_MINUTES",
            value_name = "MINUTES"
        )]
        lifetime_minutes: u32 = default(1440),
    }
}

/// A setting as it was declared.
pub(super) struct Declared {
    /// The key in the file, with its section.
    pub(super) key: String,
    pub(super) fallback: Fallback,
    /// The flag with its variable and help.
    pub(super) arg: Arg,
}

/// Every setting, in the order of the file.
pub(super) fn declared() -> Vec<Declared> {
    let command = Settings::augment_args(Command::new("settings"));
    let settings = command.get_arguments().map(|arg| {
        let key = arg.get_id().as_str().to_owned();
        let fallback = Settings::fallback(&key).expect("every setting is declared with a fallback");
        Declared { key, fallback, arg: arg.clone() }
    });
    settings.collect()
}
