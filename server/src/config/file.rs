//! The configuration file.

use std::path::Path;

use super::{
    document::commented_defaults,
    error::ConfigError,
    settings::{Settings, declared},
};

impl Settings {
    /// Every setting that has a default, from the file that `vestibule config` prints.
    pub(super) fn defaults() -> Self {
        Self::parse("defaults", &commented_defaults()).expect("a test reads the defaults")
    }

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
        let keys: Vec<String> = declared().into_iter().map(|setting| setting.key).collect();
        check_keys(path, &keys, &table, "")?;
        toml::from_str(text).map_err(malformed)
    }
}

fn check_keys(path: &str, keys: &[String], table: &toml::Table, prefix: &str) -> Result<(), ConfigError> {
    for (name, value) in table {
        let key = format!("{prefix}{name}");
        let section = format!("{key}.");
        match value {
            toml::Value::Table(inner) if keys.iter().any(|known| known.starts_with(&section)) => {
                check_keys(path, keys, inner, &section)?;
            }
            _ if keys.contains(&key) => {}
            _ => {
                let nearest = keys.iter().min_by_key(|known| strsim::damerau_levenshtein(known, &key));
                let nearest = nearest.filter(|known| strsim::normalized_damerau_levenshtein(known, &key) > 0.5);
                return Err(ConfigError::UnknownKey { path: path.to_owned(), key, nearest: nearest.cloned() });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_names_the_line_and_not_its_text() {
        let error = Settings::parse("f.toml", "listen = \"a\"\ndatabase_url = hunter2\n").map(|_| ());
        let error = error.map_err(|error| error.to_string());
        assert!(error.as_ref().is_err_and(|text| text.contains("line 2") && !text.contains("hunter2")), "{error:?}");
    }
}
