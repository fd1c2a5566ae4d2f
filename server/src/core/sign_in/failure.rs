//! Why a sign-in ended without a session.

use vestibule_app::domain::sign_in::{AttemptOutcome, Refusal, StepFailure, StepName};

use super::reason::Reason;
use crate::protocol::sign_in::SignInFault;

/// What to do about an application that failed.
const APPLICATION_ADVICE: &str = "Read the server's log, and correct the application (Builder::on_sign_in).";

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
