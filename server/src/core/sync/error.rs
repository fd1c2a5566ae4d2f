//! Why a run ends before everything is done.

use vestibule_app::domain::sync::{SyncFailure, SyncFailureCode};

use super::{journal::shortened, running::Stop};
use crate::{
    protocol::ldap::{LdapError, LdapErrorKind},
    store::StoreError,
};

#[derive(Debug)]
pub(super) enum RunError {
    /// The directory failed, or a limit or a setting ends the run.
    Failed(SyncFailure),
    Stopped(Stop),
    /// The database failed.
    Store(StoreError),
}

impl RunError {
    pub(super) fn failed(code: SyncFailureCode, message: impl Into<String>) -> Self {
        Self::Failed(SyncFailure { code, message: message.into() })
    }

    /// Separates a failure that ends one part of a run from errors that end all of it.
    pub(super) fn split_failure(result: Result<(), Self>) -> Result<Option<SyncFailure>, Self> {
        match result {
            Ok(()) => Ok(None),
            Err(Self::Failed(failure)) => Ok(Some(failure)),
            Err(error) => Err(error),
        }
    }
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Stop> for RunError {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

impl From<LdapError> for RunError {
    fn from(error: LdapError) -> Self {
        let LdapError { kind, message, advice } = error;
        let code = match kind {
            LdapErrorKind::Refused | LdapErrorKind::Connect => SyncFailureCode::ConnectFailed,
            LdapErrorKind::Tls => SyncFailureCode::TlsFailed,
            LdapErrorKind::Bind => SyncFailureCode::BindFailed,
            LdapErrorKind::NoSuchBase => SyncFailureCode::BaseNotFound,
            LdapErrorKind::Filter | LdapErrorKind::Other => SyncFailureCode::SearchFailed,
            LdapErrorKind::Timeout => SyncFailureCode::Timeout,
            LdapErrorKind::Limit | LdapErrorKind::Busy => SyncFailureCode::LimitExceeded,
            LdapErrorKind::Lost => SyncFailureCode::ConnectionLost,
        };
        Self::failed(code, shortened(format!("{message} {advice}").trim().to_owned()))
    }
}
