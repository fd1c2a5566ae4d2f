//! Settings that cannot be used.

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is not TOML, or a value has the wrong type.
    #[error("{path}: {message}")]
    Malformed {
        /// The file.
        path: String,
        /// What and where; values are not repeated.
        message: String,
    },
    /// A key that does not exist.
    #[error("{path}: unknown key `{key}`{}", nearest.as_ref().map_or_else(String::new, |key| format!("; did you mean `{key}`?")))]
    UnknownKey {
        /// The file.
        path: String,
        /// The key as written.
        key: String,
        /// The known key that is spelled most alike.
        nearest: Option<String>,
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

pub(super) fn invalid(setting: &'static str, message: impl ToString) -> ConfigError {
    ConfigError::Invalid { setting, message: message.to_string() }
}
