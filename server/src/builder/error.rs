//! Why an instance could not be built.

use crate::{
    core::{error_chain, key::KeyError, vault::VaultError},
    store::StoreError,
};

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
    /// The address of the dialects cannot be used.
    #[error("dialects_base_url: {0}")]
    DialectsBaseUrl(String),
    /// The address of the host application's sign-in is neither a URL nor a path.
    #[error("sign_in_url: {0:?} is neither a path such as /login nor a URL such as https://app.example.com/login")]
    SignInUrl(String),
    /// Sessions of users would end too soon.
    #[error("{0}: sessions last at least a minute")]
    SessionLifetime(&'static str),
    /// The database cannot be used: it rejected the connection or did not answer, or a pool lacks a setting. The message
    /// contains the cause.
    #[error("the database cannot be used: {}", cause(.0))]
    Store(StoreError),
}

/// Why the database cannot be used. The message of a fault says that it cannot, too.
fn cause(error: &StoreError) -> String {
    match error {
        StoreError::Fault(fault) => fault.reason().to_owned(),
        error => error_chain(error),
    }
}

impl From<StoreError> for BuildError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
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
