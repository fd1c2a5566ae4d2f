//! This API's roles, and how a service's refusal reads for them.
//!
//! Platform administrators hold every role, platform readers are Cluster Operators, platform support is Cluster
//! Support, and whoever administers a tenant is an Account Administrator of it. The services decide; where they tell
//! less apart than this API does, the decision is asked of the same function.

use vestibule_app::domain::{
    actor::{Actor, Decision, Owner, Permission},
    problem::ServiceError,
};

use super::error::Refusal;

/// Whom the documentation allows an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allowed {
    /// Account Administrators, Cluster Operators and Cluster Support.
    Everybody,
    /// Cluster Operators.
    Operators,
    /// Account Administrators.
    Administrators,
}

impl Allowed {
    /// The roles as the documentation writes them.
    pub(super) const fn names(self) -> &'static str {
        match self {
            Self::Everybody => "Account Administrator, Cluster Operator, Cluster Support",
            Self::Operators => "Cluster Operator",
            Self::Administrators => "Account Administrator",
        }
    }
}

/// Goes on for Cluster Operators: those who see every provider, and not those of some tenants alone.
pub(super) fn demand_operator(actor: &Actor) -> Result<(), Refusal> {
    match actor.decide(Permission::ListProviders, Owner::Platform) {
        Decision::Allowed => Ok(()),
        Decision::Unauthenticated => Err(Refusal::Unauthenticated),
        Decision::Denied | Decision::Hidden => Err(Refusal::Forbidden(Allowed::Operators)),
    }
}

/// What an operation was about, for the words of a refusal.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) allowed: Allowed,
    pub(super) provider: &'a str,
    pub(super) tenant: &'a str,
}

impl About<'_> {
    /// What a service's refusal means to this caller.
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
