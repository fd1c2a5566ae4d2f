//! The first step's input: the provider's address and the client.

use crate::{
    api::wire::SecretInput,
    domain::{
        discovery::{DiscoveryReport, DiscoveryUrlError, check_discovery_url},
        problem::ProblemCode,
        words::sentence,
    },
};

use super::problems::Problems;

/// The provider's address and the client.
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

/// A report with the input that it was fetched for.
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
    /// Whether the report belongs to the form's current input.
    pub fn answers(&self, draft: &ConnectDraft) -> bool {
        self.address == draft.discovery_url.trim() && self.verify_tls == draft.verify_tls
    }
}

impl ConnectDraft {
    /// Problems found before the provider is contacted.
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

    /// Problems that keep the user from continuing: a usable report must have been fetched.
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
                "The URL or the certificate check changed since the last fetch. Fetch again.",
            ),
            Some(fetched) if !fetched.report.is_usable() => problems.add(
                "discovery_url",
                ProblemCode::Unreachable,
                "This provider cannot be used for signing in. The findings below say why.",
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
        problems.require("client_id", &self.client_id, "Enter the client ID from the provider.");
        if self.client_id.trim().chars().count() > 255 {
            problems.add("client_id", ProblemCode::TooLong { limit: 255 }, "A client ID has at most 255 characters.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::discovery::{Finding, FindingCode, Severity},
        ui::pages::providers::forms::fixtures::report,
    };

    fn draft() -> ConnectDraft {
        ConnectDraft {
            discovery_url: "https://id.example ".to_owned(),
            client_id: "portal".to_owned(),
            ..ConnectDraft::default()
        }
    }

    fn fetched() -> FetchedReport {
        FetchedReport { address: "https://id.example".to_owned(), verify_tls: true, report: report() }
    }

    #[test]
    fn a_usable_answer_lets_one_go_on() {
        assert!(draft().check(Some(&fetched())).is_empty());
        assert!(draft().check(None).concern("discovery_url"));
    }

    #[test]
    fn an_answer_to_another_question_does_not_count() {
        let unchecked = ConnectDraft { verify_tls: false, ..draft() };
        assert!(unchecked.check(Some(&fetched())).concern("discovery_url"));
        let elsewhere = ConnectDraft { discovery_url: "https://other.example".to_owned(), ..draft() };
        assert!(elsewhere.check(Some(&fetched())).concern("discovery_url"));
    }

    #[test]
    fn an_unusable_provider_stops_here() {
        let mut fetched = fetched();
        fetched.report.findings.push(unusable());
        assert!(draft().check(Some(&fetched)).concern("discovery_url"));
    }

    #[test]
    fn an_address_is_judged_before_it_is_asked() {
        let wrong = ConnectDraft { discovery_url: "id.example".to_owned(), client_id: " ".to_owned(), ..draft() };
        let problems = wrong.check(None);
        assert!(problems.concern("discovery_url") && problems.concern("client_id"));
    }

    fn unusable() -> Finding {
        Finding {
            severity: Severity::Error,
            code: FindingCode::MemberMissing,
            member: None,
            message: "The token endpoint is missing.".to_owned(),
            advice: String::new(),
        }
    }
}
