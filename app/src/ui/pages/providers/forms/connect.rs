//! The first step's input: where the provider is and which client of it we are.

use crate::{
    api::wire::SecretInput,
    domain::{
        discovery::{DiscoveryReport, DiscoveryUrlError, check_discovery_url},
        problem::ProblemCode,
    },
};

use super::{lists::sentence, problems::Problems};

/// Where the provider is and which client of it we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectDraft {
    /// An issuer or the address of a discovery document.
    pub discovery_url: String,
    /// The client identifier.
    pub client_id: String,
    /// The client secret; empty for a public client.
    pub client_secret: SecretInput,
    /// Whether the TLS certificate is checked.
    pub verify_tls: bool,
}

impl Default for ConnectDraft {
    fn default() -> Self {
        Self {
            discovery_url: String::new(),
            client_id: String::new(),
            client_secret: SecretInput::default(),
            verify_tls: true,
        }
    }
}

/// A report with what was asked to get it.
#[derive(Debug, Clone, PartialEq)]
pub struct FetchedReport {
    /// The address as it was entered.
    pub address: String,
    /// Whether the certificate was checked.
    pub verify_tls: bool,
    /// What came back.
    pub report: DiscoveryReport,
}

impl FetchedReport {
    /// Whether the report answers what the form says now.
    pub fn answers(&self, draft: &ConnectDraft) -> bool {
        self.address == draft.discovery_url.trim() && self.verify_tls == draft.verify_tls
    }
}

impl ConnectDraft {
    /// What is wrong before anything is asked of the provider.
    pub fn check_address(&self) -> Problems {
        let mut problems = Problems::default();
        match check_discovery_url(&self.discovery_url) {
            Ok(()) => {}
            Err(error @ DiscoveryUrlError::Empty) => {
                problems.add("discovery_url", ProblemCode::Blank, sentence(&error.to_string()));
            }
            Err(error) => problems.add("discovery_url", ProblemCode::Malformed, sentence(&error.to_string())),
        }
        problems
    }

    /// What is wrong before going on: the address must have been fetched, with a usable answer.
    pub fn check(&self, fetched: Option<&FetchedReport>) -> Problems {
        let mut problems = self.check_address();
        self.check_client(&mut problems);
        if problems.concern("discovery_url") {
            return problems;
        }
        match fetched {
            Some(fetched) if !fetched.answers(self) => problems.add(
                "discovery_url",
                ProblemCode::Unreachable,
                "The address or the certificate check changed since it was fetched. Fetch it again.",
            ),
            Some(fetched) if !is_usable(&fetched.report) => problems.add(
                "discovery_url",
                ProblemCode::Unreachable,
                "This provider cannot be used for signing in. See what is missing below.",
            ),
            Some(_) => {}
            None => {
                let message = "Fetch the provider's settings first.";
                problems.add("discovery_url", ProblemCode::Unreachable, message);
            }
        }
        problems
    }

    fn check_client(&self, problems: &mut Problems) {
        problems.require("client_id", &self.client_id, "Enter the client ID that the provider gave you.");
        if self.client_id.trim().chars().count() > 255 {
            problems.add("client_id", ProblemCode::TooLong, "A client ID has at most 255 characters.");
        }
    }
}

/// Whether signing in can work with what the provider publishes.
pub fn is_usable(report: &DiscoveryReport) -> bool {
    report.is_usable()
}
