//! What the settings mean, and which values are rejected.

use std::{net::SocketAddr, time::Duration};

use url::Url;
use vestibule_app::domain::secret::Secret;

use super::{
    error::{ConfigError, invalid},
    jwt::trusted_issuer,
    key::KeySource,
    settings::{
        Audit, Aveva, Http, Log, Metrics, Outbound, Overrides, ScaiKey, Settings, SignIn, Telemetry, Tests,
        UserSessions, Waldur,
    },
    values::{given, not_blank},
};
use crate::{
    auth::JwtSettings,
    base_url::parse_base_url,
    core::{ConnectionTests, SessionLifetimes},
    protocol::http::OutboundPolicy,
    request::TrustedProxies,
    serve::ServeLimits,
    store::{DatabaseOptions, DatabaseUrl, InvalidDatabaseUrl, SqliteSynchronous},
};

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Where metrics are served.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct MetricsConfig {
    /// An address of their own.
    pub(crate) listen: Option<SocketAddr>,
    /// What callers send.
    pub(crate) token: Option<Secret>,
}

/// What the settings mean.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    /// Where the data is.
    pub database: DatabaseUrl,
    pub(crate) database_options: DatabaseOptions,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The public address; made from the listening address when absent.
    pub base_url: Option<Url>,
    /// Where the key is.
    pub key: KeySource,
    /// How long requests may take to arrive, and how many connections there are.
    pub limits: ServeLimits,
    /// What may be called.
    pub outbound: OutboundPolicy,
    /// Whose X-Forwarded-For is believed.
    pub trusted_proxies: TrustedProxies,
    /// How log lines are written.
    pub log_format: LogFormat,
    /// What is logged.
    pub log: String,
    /// Where spans are exported to.
    pub collector: Option<Url>,
    /// Where metrics are served.
    pub(crate) metrics: MetricsConfig,
    /// Whether the Waldur dialect is served.
    pub waldur: bool,
    /// Whether it may be read without a token.
    pub waldur_anonymous_reading: bool,
    /// Whether the AVEVA dialect is served.
    pub aveva: bool,
    /// Whether the ScaiKey dialect is served.
    pub scaikey: bool,
    /// Issuer of trusted tokens. Without it, no JWT is accepted.
    pub jwt: Option<JwtSettings>,
    /// Days that audit entries are kept; 0 keeps them forever.
    pub audit_retention_days: u32,
    /// Days that attempts to sign in are kept; 0 keeps them forever.
    pub sign_in_retention_days: u32,
    /// Days that the claims of sign-ins are kept; 0 keeps them as long as the attempts.
    pub sign_in_claims_retention_days: u32,
    /// How connection tests are scheduled and kept.
    pub connection_tests: ConnectionTests,
    /// How long sessions of users last.
    pub(crate) session_lifetimes: SessionLifetimes,
}

impl Config {
    /// Reads the file, if there is one, and applies what overrides it.
    ///
    /// # Errors
    /// The first setting that cannot be used, by name.
    pub(crate) fn load(overrides: Overrides) -> Result<Self, ConfigError> {
        let Overrides { config, settings } = overrides;
        let file = config.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
        Self::resolve(settings.or(file).or(Settings::defaults()))
    }

    fn resolve(settings: Settings) -> Result<Self, ConfigError> {
        let Settings {
            database_url,
            sqlite_synchronous,
            listen,
            base_url,
            key_file,
            trusted_proxies,
            http,
            outbound: Outbound { allow, forbid_insecure_tls },
            log: Log { format, filter },
            telemetry: Telemetry { otlp_endpoint },
            metrics: Metrics { listen: metrics_listen, token: metrics_token },
            waldur: Waldur { enabled: waldur, anonymous_reading },
            aveva: Aveva { enabled: aveva },
            scaikey: ScaiKey { enabled: scaikey },
            jwt,
            audit: Audit { retention_days },
            sign_in: SignIn { retention_days: sign_in_retention_days, claims_retention_days },
            connection_tests,
            user_sessions,
        } = settings;
        let database =
            given(database_url).parse().map_err(|error: InvalidDatabaseUrl| invalid("database_url", error))?;
        let synchronous = given(sqlite_synchronous);
        let synchronous =
            SqliteSynchronous::parse(&synchronous).map_err(|error| invalid("sqlite_synchronous", error))?;
        let metrics = MetricsConfig {
            listen: not_blank(metrics_listen).map(|text| address("metrics.listen", &text)).transpose()?,
            token: not_blank(metrics_token).map(token_of_metrics).transpose()?,
        };
        let allow = allow.unwrap_or_default().0;
        let outbound =
            OutboundPolicy::parse(allow.iter().map(String::as_str)).map_err(|e| invalid("outbound.allow", e))?;
        let log_format = match given(format).as_str() {
            "text" => LogFormat::Text,
            "json" => LogFormat::Json,
            other => return Err(invalid("log.format", format!("{other:?} is neither text nor json"))),
        };
        let proxies = given(trusted_proxies).0;
        Ok(Self {
            base_url: base_url
                .map(|text| parse_base_url(&text).map_err(|error| invalid("base_url", error)))
                .transpose()?,
            key: KeySource::choose(key_file, &database),
            database,
            database_options: DatabaseOptions { synchronous, ..DatabaseOptions::default() },
            listen: address("listen", &given(listen))?,
            limits: serve_limits(http)?,
            outbound: outbound.with_insecure_tls(!given(forbid_insecure_tls)),
            trusted_proxies: TrustedProxies::parse(&proxies).map_err(|error| invalid("trusted_proxies", error))?,
            log_format,
            log: given(filter),
            collector: not_blank(otlp_endpoint).map(collector).transpose()?,
            metrics,
            waldur: given(waldur),
            waldur_anonymous_reading: given(anonymous_reading),
            aveva: given(aveva),
            scaikey: given(scaikey),
            jwt: trusted_issuer(jwt)?,
            audit_retention_days: given(retention_days),
            sign_in_retention_days: given(sign_in_retention_days),
            sign_in_claims_retention_days: given(claims_retention_days),
            connection_tests: schedule(connection_tests)?,
            session_lifetimes: session_lifetimes(user_sessions)?,
        })
    }
}

fn address(setting: &'static str, text: &str) -> Result<SocketAddr, ConfigError> {
    let parsed = text.parse();
    parsed.map_err(|_| invalid(setting, format!("{text:?} is not an address with a port, such as 127.0.0.1:8080")))
}

fn token_of_metrics(text: String) -> Result<Secret, ConfigError> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(Secret::new(text));
    }
    Err(invalid("metrics.token", "it contains characters other than printable ASCII, which a header cannot hold"))
}

fn collector(text: String) -> Result<Url, ConfigError> {
    let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        invalid("telemetry.otlp_endpoint", format!("{text:?} is not a URL such as http://localhost:4318"))
    })
}

fn serve_limits(http: Http) -> Result<ServeLimits, ConfigError> {
    let Http { max_connections, header_timeout_seconds, body_timeout_seconds } = http;
    let seconds = |setting, seconds: u32, most: u32| match seconds {
        seconds if (1..=most).contains(&seconds) => Ok(Duration::from_secs(seconds.into())),
        _ => Err(invalid(setting, format!("must be from 1 to {most}"))),
    };
    let defaults = ServeLimits::default();
    Ok(ServeLimits {
        connections: match given(max_connections) {
            0 => defaults.connections,
            count => usize::try_from(count).unwrap_or(usize::MAX),
        },
        header: seconds("http.header_timeout_seconds", given(header_timeout_seconds), 300)?,
        body: seconds("http.body_timeout_seconds", given(body_timeout_seconds), 3600)?,
        ..defaults
    })
}

fn schedule(tests: Tests) -> Result<ConnectionTests, ConfigError> {
    let Tests { interval_minutes, concurrency, keep, retention_days } = tests;
    let tests = ConnectionTests {
        interval_minutes: given(interval_minutes),
        concurrency: given(concurrency),
        keep: given(keep),
        retention_days: given(retention_days),
    };
    if !(1..=64).contains(&tests.concurrency) {
        return Err(invalid("connection_tests.concurrency", "must be from 1 to 64"));
    }
    if tests.keep == 0 {
        return Err(invalid("connection_tests.keep", "must be at least 1: the portal shows the last test"));
    }
    Ok(tests)
}

fn session_lifetimes(sessions: UserSessions) -> Result<SessionLifetimes, ConfigError> {
    /// A year.
    const MOST: u32 = 525_600;
    let UserSessions { idle_minutes, lifetime_minutes } = sessions;
    let seconds = |setting, minutes: u32| match minutes {
        minutes if (1..=MOST).contains(&minutes) => Ok(i64::from(minutes) * 60),
        _ => Err(invalid(setting, format!("must be from 1 to {MOST}"))),
    };
    Ok(SessionLifetimes {
        idle: seconds("user_sessions.idle_minutes", given(idle_minutes))?,
        absolute: seconds("user_sessions.lifetime_minutes", given(lifetime_minutes))?,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::{SqliteSynchronous, config::document::commented_defaults};

    fn load(text: &str) -> Result<Config, ConfigError> {
        Config::resolve(Settings::parse("vestibule.toml", text)?.or(Settings::defaults()))
    }

    #[test]
    fn an_empty_file_means_the_defaults() {
        let config = load("").unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
        assert!(
            config.waldur && config.waldur_anonymous_reading && config.aveva && config.outbound.allows_insecure_tls()
        );
        assert_eq!(config.audit_retention_days, 365);
        assert!(config.scaikey);
        assert_eq!((config.audit_retention_days, config.jwt), (365, None));
        assert_eq!(config.connection_tests.interval_minutes, 0, "no provider is called unless a setting says so");
    }

    #[test]
    fn blank_texts_of_optional_settings_count_as_unset() {
        let config = load("[telemetry]\notlp_endpoint = \" \"\n[jwt]\nissuer = \"\"\n").unwrap();
        assert_eq!((config.collector, config.jwt), (None, None));
    }

    #[test]
    fn the_commented_file_is_accepted_with_every_key_uncommented() {
        let uncommented: String = commented_defaults()
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        load(&uncommented).unwrap();
    }

    #[test]
    fn the_defaults_are_those_of_the_library() {
        let config = load("").unwrap();
        assert_eq!(config.limits, ServeLimits::default());
        assert_eq!(config.connection_tests, ConnectionTests::default());
        assert_eq!(config.session_lifetimes, SessionLifetimes::default());
        assert_eq!(config.database_options.synchronous, DatabaseOptions::default().synchronous);
    }

    #[test]
    fn sessions_last_as_long_as_the_file_says() {
        let config = load("[user_sessions]\nidle_minutes = 1\nlifetime_minutes = 525600\n").unwrap();
        assert_eq!(config.session_lifetimes, SessionLifetimes { idle: 60, absolute: 31_536_000 });
    }

    #[test]
    fn an_unknown_key_names_the_nearest_one() {
        let error = load("[outbound]\nalow = []\n").unwrap_err().to_string();
        assert_eq!(error, "vestibule.toml: unknown key `outbound.alow`; did you mean `outbound.allow`?");
    }

    #[test]
    fn flags_win_over_the_file() {
        let file = Settings::parse("f", "listen = \"127.0.0.1:1\"\n[log]\nfilter = \"warn\"\n").unwrap();
        let flags = Settings { listen: Some("127.0.0.1:2".to_owned()), ..Settings::default() };
        let config = Config::resolve(flags.or(file).or(Settings::defaults())).unwrap();
        assert_eq!((config.listen.port(), config.log.as_str()), (2, "warn"));
    }

    #[test]
    fn a_flush_with_each_change_is_set_by_the_file_and_by_a_flag() {
        let synchronous = |config: Config| config.database_options.synchronous;
        let file = "sqlite_synchronous = \"full\"\n";
        assert_eq!(synchronous(load("").unwrap()), SqliteSynchronous::Normal);
        assert_eq!(synchronous(load(file).unwrap()), SqliteSynchronous::Full);
        let flags = Settings { sqlite_synchronous: Some("normal".to_owned()), ..Settings::default() };
        let settings = flags.or(Settings::parse("f", file).unwrap()).or(Settings::defaults());
        assert_eq!(synchronous(Config::resolve(settings).unwrap()), SqliteSynchronous::Normal);
    }

    #[test]
    fn a_wrong_value_names_its_setting() {
        for (text, setting) in [
            ("listen = \"nowhere\"", "listen:"),
            ("base_url = \"ftp://x\"", "base_url:"),
            ("[metrics]\nlisten = \"9464\"", "metrics.listen:"),
            ("[metrics]\ntoken = \"grün\"", "metrics.token:"),
            ("database_url = \"mysql://x\"", "database_url:"),
            ("sqlite_synchronous = \"off\"", "sqlite_synchronous:"),
            ("trusted_proxies = [\"x\"]", "trusted_proxies:"),
            ("[log]\nformat = \"xml\"", "log.format:"),
            ("[telemetry]\notlp_endpoint = \"collector:4318\"", "telemetry.otlp_endpoint:"),
            ("[jwt]\nissuer = \"https://a.example\"", "jwt.audience:"),
            ("[jwt]\naudience = \"vestibule\"", "jwt.issuer:"),
            ("[jwt]\nissuer = \"a\"\naudience = \"b\"", "jwt.jwks_url:"),
            ("[jwt]\nissuer = \"a\"\naudience = \"b\"\njwks_url = \"ftp://c\"", "jwt.jwks_url:"),
            ("[jwt]\nissuer = \"https://a\"\naudience = \"b\"\nleeway_seconds = 601", "jwt.leeway_seconds:"),
            ("[user_sessions]\nidle_minutes = 0", "user_sessions.idle_minutes:"),
            ("[user_sessions]\nlifetime_minutes = 525601", "user_sessions.lifetime_minutes:"),
            ("[http]\nheader_timeout_seconds = 0", "http.header_timeout_seconds:"),
            ("[http]\nbody_timeout_seconds = 3601", "http.body_timeout_seconds:"),
            ("[connection_tests]\nconcurrency = 0", "connection_tests.concurrency:"),
            ("[connection_tests]\nkeep = 0", "connection_tests.keep:"),
        ] {
            let error = load(text).unwrap_err().to_string();
            assert!(error.starts_with(setting), "{error}");
        }
    }
}
