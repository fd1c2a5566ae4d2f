//! The configuration file.

use std::path::Path;

use serde::Deserialize;

use super::ConfigError;

/// The file with every key and its default, as a starting point.
pub const DEFAULTS: &str = include_str!("defaults.toml");

/// The file as it is written. What is absent falls back to a default.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    pub(super) database_url: Option<String>,
    pub(super) sqlite_synchronous: Option<String>,
    pub(super) listen: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) key_file: Option<std::path::PathBuf>,
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) http: Http,
    pub(super) outbound: Outbound,
    pub(super) log: Log,
    pub(super) waldur: Waldur,
    pub(super) aveva: Aveva,
    pub(super) scaikey: ScaiKey,
    pub(super) jwt: Jwt,
    pub(super) audit: Audit,
    pub(super) connection_tests: ConnectionTests,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Http {
    pub(super) max_connections: Option<u32>,
    pub(super) header_timeout_seconds: Option<u32>,
    pub(super) body_timeout_seconds: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Outbound {
    pub(super) allow: Option<Vec<String>>,
    pub(super) forbid_insecure_tls: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Log {
    pub(super) format: Option<String>,
    pub(super) filter: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Waldur {
    pub(super) enabled: Option<bool>,
    pub(super) anonymous_reading: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ScaiKey {
    pub(super) enabled: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Aveva {
    pub(super) enabled: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Jwt {
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) jwks_url: Option<String>,
    pub(super) leeway_seconds: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Audit {
    pub(super) retention_days: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ConnectionTests {
    pub(super) interval_minutes: Option<u32>,
    pub(super) concurrency: Option<u32>,
    pub(super) keep: Option<u32>,
    pub(super) retention_days: Option<u32>,
}

/// Every key of the file. A test holds it against [`DEFAULTS`].
const KEYS: [&str; 26] = [
    "database_url",
    "sqlite_synchronous",
    "listen",
    "base_url",
    "key_file",
    "trusted_proxies",
    "http.max_connections",
    "http.header_timeout_seconds",
    "http.body_timeout_seconds",
    "outbound.allow",
    "outbound.forbid_insecure_tls",
    "log.format",
    "log.filter",
    "waldur.enabled",
    "waldur.anonymous_reading",
    "aveva.enabled",
    "scaikey.enabled",
    "jwt.issuer",
    "jwt.audience",
    "jwt.jwks_url",
    "jwt.leeway_seconds",
    "audit.retention_days",
    "connection_tests.interval_minutes",
    "connection_tests.concurrency",
    "connection_tests.keep",
    "connection_tests.retention_days",
];

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&name, &text),
            Err(source) => Err(ConfigError::Unreadable { path: name, source }),
        }
    }

    pub(super) fn parse(path: &str, text: &str) -> Result<Self, ConfigError> {
        // The parser's own message quotes the line, which may hold a password; place and reason are enough.
        let malformed = |error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            ConfigError::Malformed { path: path.to_owned(), message: format!("line {line}: {}", error.message()) }
        };
        let table: toml::Table = toml::from_str(text).map_err(malformed)?;
        check_keys(path, &table, "")?;
        toml::from_str(text).map_err(malformed)
    }
}

fn check_keys(path: &str, table: &toml::Table, prefix: &str) -> Result<(), ConfigError> {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        let section = format!("{key}.");
        match value {
            toml::Value::Table(inner) if KEYS.iter().any(|known| known.starts_with(&section)) => {
                check_keys(path, inner, &section)?;
            }
            _ if KEYS.contains(&key.as_str()) => {}
            _ => {
                let nearest = KEYS.into_iter().min_by_key(|known| strsim::damerau_levenshtein(known, &key));
                let nearest = nearest.filter(|known| strsim::normalized_damerau_levenshtein(known, &key) > 0.5);
                return Err(ConfigError::UnknownKey { path: path.to_owned(), key, nearest });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_file_explains_every_key() {
        for key in KEYS {
            let name = key.rsplit('.').next().unwrap_or(key);
            let stands = DEFAULTS.lines().any(|line| line.trim_start_matches("#: ").starts_with(&format!("{name} = ")));
            assert!(stands, "{key} is missing");
        }
    }

    #[test]
    fn a_syntax_error_tells_the_line_and_not_its_text() {
        let error =
            File::parse("f.toml", "listen = \"a\"\ndatabase_url = hunter2\n").map(|_| ()).map_err(|e| e.to_string());
        assert!(error.as_ref().is_err_and(|text| text.contains("line 2") && !text.contains("hunter2")), "{error:?}");
    }
}
