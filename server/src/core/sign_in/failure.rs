//! Why a sign-in cannot begin, or ends without a session.

use vestibule_app::{
    domain::{
        problem::ServiceError,
        sign_in::{AttemptOutcome, Refusal, ReturnToProblem, StepFailure, StepName},
    },
    service::StartRefusal,
};

use super::reason::{Reason, SERVER, UNPROVEN};
use crate::{
    protocol::{recorder::server_failure, sign_in::SignInFault},
    store::StoreError,
};

/// What to do about an application that failed.
const APPLICATION_ADVICE: &str = "Read the server's log, and correct the application (Builder::on_sign_in).";

/// Why a sign-in cannot begin.
pub(super) enum Obstacle {
    /// The tenant does not exist, or its people cannot sign in.
    Tenant(Reason),
    /// There is no provider that can be used.
    Provider(Reason),
    /// The browser would not be sent back to the address.
    ReturnTo { problem: ReturnToProblem, origin: Option<String> },
    /// There is no link in this browser that waits for its proof.
    Proof,
    /// The ticket of a test sign-in cannot be used.
    Ticket(Reason),
    /// The protocol cannot make a request.
    Protocol(SignInFault),
    /// The database or this server failed.
    Server(ServiceError),
}

impl Obstacle {
    pub(super) const fn outcome(&self) -> AttemptOutcome {
        match self {
            Self::Tenant(_) | Self::Provider(_) | Self::ReturnTo { .. } | Self::Ticket(_) | Self::Proof => {
                AttemptOutcome::Refused
            }
            Self::Protocol(_) | Self::Server(_) => AttemptOutcome::Failed,
        }
    }

    /// The reason in one word.
    pub(super) const fn code(&self) -> &'static str {
        match self {
            Self::Tenant(reason) | Self::Provider(reason) | Self::Ticket(reason) => reason.code,
            Self::ReturnTo { .. } => StepName::ReturnTo.as_str(),
            Self::Proof => UNPROVEN,
            Self::Protocol(_) => StepName::Request.as_str(),
            Self::Server(_) => SERVER,
        }
    }

    /// What the person sees.
    pub(super) fn shown(&self) -> StartRefusal {
        match self {
            Self::Tenant(_) => StartRefusal::Tenant,
            Self::Provider(_) | Self::Protocol(_) => StartRefusal::Provider,
            Self::ReturnTo { problem, .. } => {
                let message = format!("The address to return to (return_to) cannot be used: {problem}.");
                StartRefusal::ReturnTo { message }
            }
            Self::Ticket(_) => StartRefusal::Ticket,
            Self::Proof => StartRefusal::Proof,
            Self::Server(error) if is_temporary(error) => StartRefusal::Unavailable,
            Self::Server(_) => StartRefusal::Internal,
        }
    }
}

impl From<ServiceError> for Obstacle {
    fn from(error: ServiceError) -> Self {
        Self::Server(error)
    }
}

impl From<StoreError> for Obstacle {
    fn from(error: StoreError) -> Self {
        Self::Server(error.into())
    }
}

impl From<&Obstacle> for StepFailure {
    fn from(obstacle: &Obstacle) -> Self {
        match obstacle {
            Obstacle::Tenant(reason) | Obstacle::Provider(reason) | Obstacle::Ticket(reason) => reason.into(),
            Obstacle::ReturnTo { problem, origin } => {
                let named = origin.as_ref().map(|origin| format!(" ({origin})")).unwrap_or_default();
                Self {
                    message: format!("return_to cannot be used{named}: {problem}"),
                    rule: None,
                    advice: "Add the origin to the provider's allowed redirects, or correct the link.".to_owned(),
                }
            }
            Obstacle::Proof => Self {
                message: "the account was to be proven after more than ten minutes, or in another browser".to_owned(),
                rule: None,
                advice: "The person starts again.".to_owned(),
            },
            Obstacle::Protocol(fault) => fault.into(),
            Obstacle::Server(_) => server_failure(),
        }
    }
}

/// Why a sign-in ended without a session.
pub(super) enum Failure {
    /// There is no start that this callback could end.
    NoStart(Reason),
    /// The tenant, the provider or the user cannot be used any more.
    Unusable(Reason),
    /// The protocol did not authenticate a person.
    Protocol(SignInFault),
    /// The person may not sign in.
    Person(Refusal),
    /// The application failed.
    Application(String),
}

impl Failure {
    /// What happened, for the log.
    pub(super) fn explain(&self) -> String {
        match self {
            Self::NoStart(reason) | Self::Unusable(reason) => reason.message.to_owned(),
            Self::Protocol(fault) => fault.message.clone(),
            Self::Person(refusal) => refusal.explain(),
            Self::Application(error) => format!("the application failed: {error}"),
        }
    }

    pub(super) fn advice(&self) -> String {
        match self {
            Self::NoStart(reason) | Self::Unusable(reason) => reason.advice.to_owned(),
            Self::Protocol(fault) => fault.advice.clone(),
            Self::Person(refusal) => refusal.advice().to_owned(),
            Self::Application(_) => APPLICATION_ADVICE.to_owned(),
        }
    }

    /// The rule that the provider broke.
    pub(super) const fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Protocol(fault) => fault.rule,
            Self::NoStart(_) | Self::Unusable(_) | Self::Person(_) | Self::Application(_) => None,
        }
    }

    pub(super) const fn outcome(&self) -> AttemptOutcome {
        match self {
            Self::NoStart(_) | Self::Protocol(_) | Self::Application(_) => AttemptOutcome::Failed,
            Self::Unusable(_) | Self::Person(_) => AttemptOutcome::Refused,
        }
    }

    /// The reason in one word: of a protocol, the step that failed.
    pub(super) fn code(&self, failed: Option<StepName>) -> &'static str {
        match self {
            Self::NoStart(reason) | Self::Unusable(reason) => reason.code,
            Self::Protocol(_) => failed.map_or("protocol", StepName::as_str),
            Self::Person(refusal) => refusal.code(),
            Self::Application(_) => StepName::Application.as_str(),
        }
    }
}

impl From<&Failure> for StepFailure {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::NoStart(reason) | Failure::Unusable(reason) => reason.into(),
            Failure::Protocol(fault) => fault.into(),
            Failure::Person(refusal) => refusal.into(),
            // Administrators of tenants read traces; what the application says of itself is for its operator.
            Failure::Application(_) => {
                Self { message: "the application failed".to_owned(), rule: None, advice: APPLICATION_ADVICE.to_owned() }
            }
        }
    }
}

/// Whether trying again soon may help.
pub(super) const fn is_temporary(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Unavailable | ServiceError::DatabaseUnavailable { .. })
}
