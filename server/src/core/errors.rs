//! Converts errors of the store and the protocols to errors of the services, and logs unexpected ones, once.

use vestibule_app::domain::problem::{Problem, ProblemCode, ServiceError};

use super::vault::VaultError;
use crate::store::{StoreError, UniqueKey};

impl From<StoreError> for ServiceError {
    fn from(error: StoreError) -> Self {
        let taken =
            |field, message: &str| Self::Invalid { problems: vec![Problem::new(field, ProblemCode::Taken, message)] };
        match error.unique_key() {
            Some(UniqueKey::ProviderSlug) => return taken("slug", "A provider with this slug exists already."),
            Some(UniqueKey::ProviderName) => return taken("name", "A provider with this name exists already."),
            Some(UniqueKey::AdministratorEmail) => {
                return taken("email", "An administrator with this address exists already.");
            }
            Some(UniqueKey::TenantSlug) => return taken("slug", "A tenant with this slug exists already."),
            Some(UniqueKey::GroupName) => return taken("name", "A group with this name exists already."),
            Some(UniqueKey::GroupMappingPair) => {
                return taken("external_group_id", "These two groups are mapped to each other already.");
            }
            Some(UniqueKey::UserName) => return taken("username", "A user with this name exists already."),
            Some(UniqueKey::UserEmail) => return taken("email", "A user with this email address exists already."),
            // Both are answered by those who write them.
            Some(UniqueKey::IdentityLink | UniqueKey::UsedStart) | None => {}
        }
        if error.is_unstorable_text() {
            return Self::invalid("", ProblemCode::Malformed, "Texts must not hold the NUL character.");
        }
        let chain = chain(&error);
        match error.fault() {
            Some(fault) => {
                tracing::error!(error = %chain, "the database cannot be used: {}", fault.reason());
                Self::DatabaseUnavailable { fault }
            }
            None => {
                tracing::error!(error = %chain, "a database operation failed");
                Self::Internal
            }
        }
    }
}

impl From<VaultError> for ServiceError {
    fn from(error: VaultError) -> Self {
        tracing::error!(error = %chain(&error), "a sealed secret cannot be handled");
        Self::Internal
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
