//! Settings of the binary: defaults, then the file, then the environment, then flags.
//!
//! The file is TOML; every key is explained in [`DEFAULTS`], which is the file that `docs/reference/configuration.md` shows.
//! Unknown keys refuse to start and name the nearest known one.

mod file;
mod key;

use std::{net::SocketAddr, path::PathBuf, str::FromStr, time::Duration};

use clap::Args;
use url::Url;

pub use crate::request::TrustedProxies;
pub use file::DEFAULTS;
pub use key::{KeySource, load_vault, prepend_key};

use self::file::{File, Http, Jwt};
use crate::{
    auth::JwtSettings,
    core::ConnectionTests,
    protocol::http::OutboundPolicy,
    serve::ServeLimits,
    store::{DatabaseOptions, DatabaseUrl, UnknownSynchronous},
};

/// Settings from flags and environment, the same for every command.
#[derive(Debug, Clone, Default, Args)]
pub struct Overrides {
    /// Configuration file (TOML)
    #[arg(long, global = true, env = "VESTIBULE_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database: sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long, global = true, env = "VESTIBULE_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// How sure SQLite is of its last changes when the power fails: `normal` or `full`
    #[arg(long, global = true, env = "VESTIBULE_SQLITE_SYNCHRONOUS", value_name = "WAY")]
    pub sqlite_synchronous: Option<String>,
    /// Address and port to listen on
    #[arg(long, global = true, env = "VESTIBULE_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Public address of the portal, with the path it is mounted under
    #[arg(long, global = true, env = "VESTIBULE_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// File with the key that seals secrets
    #[arg(long, global = true, env = "VESTIBULE_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,
    /// Connections that are open at once; 0 follows the limit of open files
    #[arg(long, global = true, env = "VESTIBULE_HTTP_MAX_CONNECTIONS", value_name = "COUNT")]
    pub http_max_connections: Option<u32>,
    /// Seconds that the header of a request may take to arrive
    #[arg(long, global = true, env = "VESTIBULE_HTTP_HEADER_TIMEOUT_SECONDS", value_name = "SECONDS")]
    pub http_header_timeout_seconds: Option<u32>,
    /// Seconds that the body of a request may take to arrive
    #[arg(long, global = true, env = "VESTIBULE_HTTP_BODY_TIMEOUT_SECONDS", value_name = "SECONDS")]
    pub http_body_timeout_seconds: Option<u32>,
    /// Hosts and CIDR ranges that may be called although they are private or speak plain HTTP, separated by commas
    #[arg(long, global = true, env = "VESTIBULE_OUTBOUND_ALLOW", value_name = "LIST")]
    pub outbound_allow: Option<String>,
    /// Refuse providers whose TLS certificate is not checked
    #[arg(long, global = true, env = "VESTIBULE_FORBID_INSECURE_TLS", value_name = "BOOL")]
    pub forbid_insecure_tls: Option<bool>,
    /// Proxies whose X-Forwarded-For is believed: addresses and CIDR ranges, separated by commas
    #[arg(long, global = true, env = "VESTIBULE_TRUSTED_PROXIES", value_name = "LIST")]
    pub trusted_proxies: Option<String>,
    /// Log as `text` or `json`
    #[arg(long, global = true, env = "VESTIBULE_LOG_FORMAT", value_name = "FORMAT")]
    pub log_format: Option<String>,
    /// What to log, such as `info` or `vestibule=debug`
    #[arg(long, global = true, env = "VESTIBULE_LOG", value_name = "FILTER")]
    pub log: Option<String>,
    /// Serve the Waldur dialect
    #[arg(long, global = true, env = "VESTIBULE_WALDUR", value_name = "BOOL")]
    pub waldur: Option<bool>,
    /// Let the Waldur dialect be read without a token, as Waldur's own is
    #[arg(long, global = true, env = "VESTIBULE_WALDUR_ANONYMOUS_READING", value_name = "BOOL")]
    pub waldur_anonymous_reading: Option<bool>,
    /// Serve the AVEVA dialect
    #[arg(long, global = true, env = "VESTIBULE_AVEVA", value_name = "BOOL")]
    pub aveva: Option<bool>,
    /// Serve the ScaiKey dialect
    #[arg(long, global = true, env = "VESTIBULE_SCAIKEY", value_name = "BOOL")]
    pub scaikey: Option<bool>,
    /// Issuer whose tokens are trusted beside API tokens, as they state it in `iss`
    #[arg(long, global = true, env = "VESTIBULE_JWT_ISSUER", value_name = "ISSUER")]
    pub jwt_issuer: Option<String>,
    /// What those tokens state in `aud`
    #[arg(long, global = true, env = "VESTIBULE_JWT_AUDIENCE", value_name = "AUDIENCE")]
    pub jwt_audience: Option<String>,
    /// Where the issuer's keys are
    #[arg(long, global = true, env = "VESTIBULE_JWT_JWKS_URL", value_name = "URL")]
    pub jwt_jwks_url: Option<String>,
    /// By how many seconds the issuer's clock may differ
    #[arg(long, global = true, env = "VESTIBULE_JWT_LEEWAY_SECONDS", value_name = "SECONDS")]
    pub jwt_leeway_seconds: Option<u32>,
    /// Days that audit entries are kept; 0 keeps them forever
    #[arg(long, global = true, env = "VESTIBULE_AUDIT_RETENTION_DAYS", value_name = "DAYS")]
    pub audit_retention_days: Option<u32>,
    /// Minutes between two connection tests of a provider; 0 tests none unasked
    #[arg(long, global = true, env = "VESTIBULE_CONNECTION_TESTS_INTERVAL_MINUTES", value_name = "MINUTES")]
    pub connection_tests_interval_minutes: Option<u32>,
    /// Scheduled connection tests that run at once
    #[arg(long, global = true, env = "VESTIBULE_CONNECTION_TESTS_CONCURRENCY", value_name = "COUNT")]
    pub connection_tests_concurrency: Option<u32>,
    /// Connection tests that are kept of each provider
    #[arg(long, global = true, env = "VESTIBULE_CONNECTION_TESTS_KEEP", value_name = "COUNT")]
    pub connection_tests_keep: Option<u32>,
    /// Days that connection tests are kept; 0 keeps them forever
    #[arg(long, global = true, env = "VESTIBULE_CONNECTION_TESTS_RETENTION_DAYS", value_name = "DAYS")]
    pub connection_tests_retention_days: Option<u32>,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What the settings mean.
#[derive(Debug, Clone)]
pub struct Config {
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
    /// Whether the Waldur dialect is served.
    pub waldur: bool,
    /// Whether it may be read without a token.
    pub waldur_anonymous_reading: bool,
    /// Whether the AVEVA dialect is served.
    pub aveva: bool,
    /// Whether the ScaiKey dialect is served.
    pub scaikey: bool,
    /// Whose tokens are trusted beside API tokens.
    pub jwt: Option<JwtSettings>,
    /// Days that audit entries are kept; 0 keeps them forever.
    pub audit_retention_days: u32,
    /// How connection tests are scheduled and kept.
    pub connection_tests: ConnectionTests,
}

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no TOML, or a value has the wrong type.
    #[error("{path}: {message}")]
    Malformed {
        /// The file.
        path: String,
        /// What and where; values are not repeated.
        message: String,
    },
    /// A key that does not exist.
    #[error("{path}: unknown key `{key}`{}", nearest.map_or_else(String::new, |key| format!("; did you mean `{key}`?")))]
    UnknownKey {
        /// The file.
        path: String,
        /// The key as written.
        key: String,
        /// The known key that is spelled most alike.
        nearest: Option<&'static str>,
    },
    /// A value that cannot be used.
    #[error("{setting}: {message}")]
    Invalid {
        /// The setting's name in the file.
        setting: &'static str,
        /// What is wrong and what to do.
        message: String,
    },
}

fn invalid(setting: &'static str, message: impl ToString) -> ConfigError {
    ConfigError::Invalid { setting, message: message.to_string() }
}

impl Config {
    /// Reads the file, if there is one, and applies what overrides it.
    ///
    /// # Errors
    /// The first setting that cannot be used, by name.
    pub fn load(overrides: Overrides) -> Result<Self, ConfigError> {
        let file = match &overrides.config {
            Some(path) => File::read(path)?,
            None => File::default(),
        };
        Self::resolve(overrides, file)
    }

    fn resolve(overrides: Overrides, file: File) -> Result<Self, ConfigError> {
        let Overrides {
            config: _,
            database_url,
            sqlite_synchronous,
            listen,
            base_url,
            key_file,
            http_max_connections,
            http_header_timeout_seconds,
            http_body_timeout_seconds,
            outbound_allow,
            forbid_insecure_tls,
            trusted_proxies,
            log_format,
            log,
            waldur,
            waldur_anonymous_reading,
            aveva,
            scaikey,
            jwt_issuer,
            jwt_audience,
            jwt_jwks_url,
            jwt_leeway_seconds,
            audit_retention_days,
            connection_tests_interval_minutes,
            connection_tests_concurrency,
            connection_tests_keep,
            connection_tests_retention_days,
        } = overrides;
        let database_url = database_url.or(file.database_url).unwrap_or_else(|| "sqlite:data/vestibule.db".to_owned());
        let database = DatabaseUrl::from_str(&database_url).map_err(|error| invalid("database_url", error))?;
        let mut database_options = DatabaseOptions::default();
        if let Some(synchronous) = sqlite_synchronous.or(file.sqlite_synchronous) {
            database_options.synchronous =
                synchronous.parse().map_err(|error: UnknownSynchronous| invalid("sqlite_synchronous", error))?;
        }
        let listen = listen.or(file.listen).unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        let listen = listen.parse().map_err(|_| {
            invalid("listen", format!("{listen:?} is not an address with a port, such as 127.0.0.1:8080"))
        })?;
        let base_url = base_url.or(file.base_url).map(|text| parse_base_url(&text)).transpose()?;
        let limits = serve_limits(Http {
            max_connections: http_max_connections.or(file.http.max_connections),
            header_timeout_seconds: http_header_timeout_seconds.or(file.http.header_timeout_seconds),
            body_timeout_seconds: http_body_timeout_seconds.or(file.http.body_timeout_seconds),
        })?;
        let allowed = outbound_allow.map(split).or(file.outbound.allow).unwrap_or_default();
        let outbound =
            OutboundPolicy::parse(allowed.iter().map(String::as_str)).map_err(|e| invalid("outbound.allow", e))?;
        let forbidden = forbid_insecure_tls.or(file.outbound.forbid_insecure_tls).unwrap_or(false);
        let proxies = trusted_proxies.map(split).or(file.trusted_proxies).unwrap_or_default();
        let log_format = match log_format.or(file.log.format).as_deref() {
            None | Some("text") => LogFormat::Text,
            Some("json") => LogFormat::Json,
            Some(other) => return Err(invalid("log.format", format!("{other:?} is neither text nor json"))),
        };
        let jwt = Jwt {
            issuer: jwt_issuer.or(file.jwt.issuer),
            audience: jwt_audience.or(file.jwt.audience),
            jwks_url: jwt_jwks_url.or(file.jwt.jwks_url),
            leeway_seconds: jwt_leeway_seconds.or(file.jwt.leeway_seconds),
        };
        let tests = file.connection_tests;
        let defaults = ConnectionTests::default();
        let connection_tests = ConnectionTests {
            interval_minutes: connection_tests_interval_minutes
                .or(tests.interval_minutes)
                .unwrap_or(defaults.interval_minutes),
            concurrency: connection_tests_concurrency.or(tests.concurrency).unwrap_or(defaults.concurrency),
            keep: connection_tests_keep.or(tests.keep).unwrap_or(defaults.keep),
            retention_days: connection_tests_retention_days.or(tests.retention_days).unwrap_or(defaults.retention_days),
        };
        if !(1..=64).contains(&connection_tests.concurrency) {
            return Err(invalid("connection_tests.concurrency", "must be from 1 to 64"));
        }
        if connection_tests.keep == 0 {
            return Err(invalid("connection_tests.keep", "must be at least 1: the portal shows the last test"));
        }
        Ok(Self {
            key: KeySource::choose(key_from_environment(), key_file.or(file.key_file), &database),
            database,
            database_options,
            listen,
            base_url,
            limits,
            outbound: outbound.with_insecure_tls(!forbidden),
            trusted_proxies: TrustedProxies::parse(&proxies).map_err(|error| invalid("trusted_proxies", error))?,
            log_format,
            log: log.or(file.log.filter).unwrap_or_else(|| "info".to_owned()),
            waldur: waldur.or(file.waldur.enabled).unwrap_or(true),
            waldur_anonymous_reading: waldur_anonymous_reading.or(file.waldur.anonymous_reading).unwrap_or(true),
            aveva: aveva.or(file.aveva.enabled).unwrap_or(true),
            scaikey: scaikey.or(file.scaikey.enabled).unwrap_or(true),
            jwt: trusted_issuer(jwt)?,
            audit_retention_days: audit_retention_days.or(file.audit.retention_days).unwrap_or(365),
            connection_tests,
        })
    }
}

/// How long requests may take to arrive, and how many connections there are.
fn serve_limits(http: Http) -> Result<ServeLimits, ConfigError> {
    let Http { max_connections, header_timeout_seconds, body_timeout_seconds } = http;
    let seconds = |setting, given: Option<u32>, default: Duration, most: u32| match given {
        None => Ok(default),
        Some(seconds) if (1..=most).contains(&seconds) => Ok(Duration::from_secs(seconds.into())),
        Some(_) => Err(invalid(setting, format!("must be from 1 to {most}"))),
    };
    let defaults = ServeLimits::default();
    Ok(ServeLimits {
        connections: match max_connections {
            None | Some(0) => defaults.connections,
            Some(count) => usize::try_from(count).unwrap_or(usize::MAX),
        },
        header: seconds("http.header_timeout_seconds", header_timeout_seconds, defaults.header, 300)?,
        body: seconds("http.body_timeout_seconds", body_timeout_seconds, defaults.body, 3600)?,
        ..defaults
    })
}

/// The key itself comes from the environment alone: arguments are visible to other processes.
#[expect(clippy::disallowed_methods, reason = "this is config")]
fn key_from_environment() -> Option<String> {
    std::env::var("VESTIBULE_KEY").ok()
}

/// A clock that is further away is wrong, and no reason to believe tokens for longer.
const MOST_LEEWAY: u32 = 600;

/// Whose tokens are trusted; nobody's without an issuer.
fn trusted_issuer(jwt: Jwt) -> Result<Option<JwtSettings>, ConfigError> {
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let Jwt { issuer, audience, jwks_url, leeway_seconds } = jwt;
    let (issuer, audience, jwks_url) = (given(issuer), given(audience), given(jwks_url));
    let Some(issuer) = issuer else {
        return match audience.is_some() || jwks_url.is_some() {
            true => Err(invalid("jwt.issuer", "name the issuer, or remove the other settings of jwt")),
            false => Ok(None),
        };
    };
    let audience = audience.ok_or_else(|| invalid("jwt.audience", "name what the issuer's tokens state in `aud`"))?;
    let web = |text: &str| Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let jwks_url = match jwks_url {
        Some(text) => {
            let wrong =
                || invalid("jwt.jwks_url", format!("{text:?} is not a URL such as https://id.example.com/keys"));
            Some(web(&text).ok_or_else(wrong)?)
        }
        None if web(&issuer).is_none() => {
            return Err(invalid("jwt.jwks_url", "the issuer is no URL, so say where its keys are"));
        }
        None => None,
    };
    let leeway_seconds = leeway_seconds.unwrap_or(60);
    if leeway_seconds > MOST_LEEWAY {
        return Err(invalid("jwt.leeway_seconds", format!("choose at most {MOST_LEEWAY}")));
    }
    Ok(Some(JwtSettings { issuer, audience, jwks_url, leeway_seconds, timeout: JwtSettings::TIMEOUT }))
}

/// Reads the public address: http or https, a host, a path without query.
pub(crate) fn parse_base_url(text: &str) -> Result<Url, ConfigError> {
    let wrong = |message: &str| Err(invalid("base_url", format!("{text:?} {message}")));
    let Ok(mut url) = Url::parse(text.trim()) else { return wrong("is not a URL such as https://sso.example.com") };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return wrong("must begin with http:// or https://");
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return wrong("must hold nothing but scheme, host, port and path");
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

fn split(list: String) -> Vec<String> {
    list.split(',').map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;
    use crate::SqliteSynchronous;

    fn load(text: &str) -> Result<Config, ConfigError> {
        Config::resolve(Overrides::default(), File::parse("vestibule.toml", text)?)
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
        assert_eq!(config.connection_tests.interval_minutes, 0, "nobody is called unasked");
    }

    #[test]
    fn the_commented_file_is_accepted_with_every_key_uncommented() {
        let uncommented: String = DEFAULTS
            .lines()
            .map(|line| line.strip_prefix("#: ").unwrap_or(line))
            .map(|line| format!("{line}\n"))
            .collect();
        load(&uncommented).unwrap();
    }

    #[test]
    fn an_unknown_key_names_the_nearest_one() {
        let error = load("[outbound]\nalow = []\n").unwrap_err().to_string();
        assert_eq!(error, "vestibule.toml: unknown key `outbound.alow`; did you mean `outbound.allow`?");
    }

    #[test]
    fn flags_win_over_the_file() {
        let file = File::parse("f", "listen = \"127.0.0.1:1\"\n").unwrap();
        let overrides = Overrides { listen: Some("127.0.0.1:2".to_owned()), ..Overrides::default() };
        assert_eq!(Config::resolve(overrides, file).unwrap().listen.port(), 2);
    }

    #[test]
    fn a_flush_with_each_change_is_set_by_the_file_and_by_a_flag() {
        let synchronous = |config: Config| config.database_options.synchronous;
        let file = "sqlite_synchronous = \"full\"\n";
        assert_eq!(synchronous(load("").unwrap()), SqliteSynchronous::Normal);
        assert_eq!(synchronous(load(file).unwrap()), SqliteSynchronous::Full);
        let overrides = Overrides { sqlite_synchronous: Some("normal".to_owned()), ..Overrides::default() };
        let config = Config::resolve(overrides, File::parse("f", file).unwrap()).unwrap();
        assert_eq!(synchronous(config), SqliteSynchronous::Normal);
    }

    #[test]
    fn a_wrong_value_names_its_setting() {
        for (text, setting) in [
            ("listen = \"nowhere\"", "listen:"),
            ("base_url = \"ftp://x\"", "base_url:"),
            ("database_url = \"mysql://x\"", "database_url:"),
            ("sqlite_synchronous = \"off\"", "sqlite_synchronous:"),
            ("trusted_proxies = [\"x\"]", "trusted_proxies:"),
            ("[log]\nformat = \"xml\"", "log.format:"),
            ("[jwt]\nissuer = \"https://a.example\"", "jwt.audience:"),
            ("[jwt]\naudience = \"vestibule\"", "jwt.issuer:"),
            ("[jwt]\nissuer = \"a\"\naudience = \"b\"", "jwt.jwks_url:"),
            ("[jwt]\nissuer = \"a\"\naudience = \"b\"\njwks_url = \"ftp://c\"", "jwt.jwks_url:"),
            ("[jwt]\nissuer = \"https://a\"\naudience = \"b\"\nleeway_seconds = 601", "jwt.leeway_seconds:"),
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
