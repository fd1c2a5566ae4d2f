//! The steps of a sign-in.

use serde::{Deserialize, Serialize};

use crate::domain::{named::named, sign_in::Refusal};

named! {
    /// A step of a sign-in.
    StepName, UnknownStepName {
        /// The address that the browser returns to is allowed.
        ReturnTo = "return_to" / "Address to return to",
        /// The request to the provider is made.
        Request = "request" / "Request to the provider",
        /// The start that the browser brings back is opened.
        Start = "start" / "Start of the sign-in",
        /// The start is marked as used.
        Claim = "claim" / "First use of the start",
        /// The tenant and the provider can be used.
        Access = "access" / "Tenant and provider",
        /// What the provider sent along with the browser is read.
        Response = "response" / "Response of the provider",
        /// The response is exchanged for tokens.
        TokenRequest = "token_request" / "Token request",
        /// The provider's keys are read, or taken from memory.
        Keys = "keys" / "Keys of the provider",
        /// The token about the person is verified.
        TokenCheck = "token_check" / "Check of the token",
        /// Further claims are read.
        ClaimsRequest = "claims_request" / "Request for further claims",
        /// Who the person is, and whether they may sign in.
        Decision = "decision" / "Decision",
        /// The application that contains Vestibule receives the person.
        Application = "application" / "Application",
        /// The session begins, and what the decision changes is stored.
        Session = "session" / "Session",
    }
}

/// What was done, how long it took, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TraceStep {
    /// The step.
    pub name: StepName,
    /// How long it took, in microseconds.
    pub took_micros: u64,
    /// What was asked of the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// What came back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    /// The check that failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<StepFailure>,
}

/// A request to a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The method.
    pub method: String,
    /// The address, without user name, password, query and fragment.
    pub address: String,
}

/// What a provider answered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The names of the claims, without their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<String>,
}

/// A check that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepFailure {
    /// What happened, as a sentence.
    pub message: String,
    /// The rule that it breaks: specification and section.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What to do about it, at the provider or here.
    pub advice: String,
}

impl From<&Refusal> for StepFailure {
    fn from(refusal: &Refusal) -> Self {
        Self { message: refusal.explain(), rule: None, advice: refusal.advice().to_owned() }
    }
}
