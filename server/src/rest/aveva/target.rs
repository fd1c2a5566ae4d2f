//! What an error of a service means for a request.
//!
//! Where the services distinguish less than this API does, [`Actor::decide`] decides.

use vestibule_app::domain::{
    actor::{Actor, Decision, Owner, Permission},
    problem::ServiceError,
};

use super::{error::Refusal, roles::Allowed};

/// What a request named, for the words of a refusal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) allowed: Allowed,
    pub(super) provider: &'a str,
    pub(super) tenant: &'a str,
}

impl Target<'_> {
    /// What a service's error means to this caller.
    ///
    /// A tenant that an Account Administrator does not administer is forbidden, whether it exists or not: the role holds
    /// for a tenant, and the caller does not hold it for that one.
    pub(super) fn refuse(self, actor: &Actor, error: ServiceError) -> Refusal {
        match error {
            ServiceError::Unauthenticated => Refusal::Unauthenticated,
            ServiceError::Forbidden => Refusal::Forbidden(self.allowed),
            ServiceError::NotFound { what } if what == "tenant" => {
                match actor.decide(Permission::ViewAssignments, Owner::Platform) {
                    Decision::Allowed => Refusal::NoTenant(self.tenant.to_owned()),
                    _ => Refusal::Forbidden(self.allowed),
                }
            }
            ServiceError::NotFound { .. } if self.tenant.is_empty() => Refusal::NoProvider(self.provider.to_owned()),
            ServiceError::NotFound { .. } => {
                Refusal::NoProviderOfTenant { provider: self.provider.to_owned(), tenant: self.tenant.to_owned() }
            }
            ServiceError::Invalid { problems } => {
                let messages: Vec<_> = problems.into_iter().map(|problem| problem.message).collect();
                Refusal::Invalid(messages.join(" "))
            }
            ServiceError::Unavailable => Refusal::Unavailable,
            ServiceError::DatabaseUnavailable { fault } => Refusal::Database(fault),
            ServiceError::TooManyRequests { .. }
            | ServiceError::Conflict { .. }
            | ServiceError::AlreadyRunning { .. }
            | ServiceError::Upstream { .. }
            | ServiceError::Internal => Refusal::Internal,
        }
    }
}
