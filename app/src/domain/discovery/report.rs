//! The result of a discovery, as sent from the server to the browser.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{DiscoveryTarget, Finding, FindingCode, JwksSummary, ProviderMetadata, Severity, inspect_jwks, validate};
use crate::domain::mapping::{
    AttributeMapping,
    suggest::{FieldSuggestion, SuggestionInput, Vendor, rank, recommended, recommended_scopes},
};

/// The result of discovering a provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiscoveryReport {
    /// The address that was requested first.
    pub requested_url: String,
    /// The address that returned the document, after redirects.
    pub final_url: String,
    /// How long fetching took, in milliseconds.
    pub fetched_in_ms: u32,
    /// The product, when the issuer's address reveals it.
    pub vendor: Option<Vendor>,
    /// The document.
    pub metadata: ProviderMetadata,
    /// The keys; `None` when they were not fetched.
    pub jwks: Option<JwksSummary>,
    /// Findings, the most serious first.
    pub findings: Vec<Finding>,
    /// Which claims could fill which fields.
    pub suggestions: Vec<FieldSuggestion>,
    /// The suggested mapping.
    pub recommended_mapping: AttributeMapping,
    /// The scopes to request with that mapping, `openid` first.
    pub recommended_scopes: Vec<String>,
}

impl DiscoveryReport {
    /// Validates a fetched document, and the key set if it was fetched too.
    pub fn new(
        target: &DiscoveryTarget,
        final_url: &str,
        fetched_in_ms: u32,
        metadata: ProviderMetadata,
        key_set: Option<&Value>,
    ) -> DiscoveryReport {
        let mut findings = validate(target, &metadata);
        let jwks = key_set.map(|document| {
            let (summary, about_keys) = inspect_jwks(document);
            findings.extend(about_keys);
            summary
        });
        // The sort is stable: findings of one severity stay in the order of the rules.
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));

        let issuer = metadata.issuer.as_deref().unwrap_or_default();
        let input = SuggestionInput {
            issuer,
            claims_supported: metadata.claims_supported.as_deref(),
            scopes_supported: metadata.scopes_supported.as_deref(),
        };
        let suggestions = rank(&input);
        DiscoveryReport {
            requested_url: target.url.to_string(),
            final_url: final_url.to_owned(),
            fetched_in_ms,
            vendor: Vendor::recognise(issuer),
            recommended_mapping: recommended(&suggestions),
            recommended_scopes: recommended_scopes(&suggestions),
            suggestions,
            metadata,
            jwks,
            findings,
        }
    }

    /// The findings that make the provider unusable.
    pub fn errors(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Error)
    }

    /// The warnings.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.severity == Severity::Warning)
    }

    /// Whether no finding makes the provider unusable.
    pub fn is_usable(&self) -> bool {
        self.errors().next().is_none()
    }

    /// Whether there is a finding with this code.
    pub fn has(&self, code: FindingCode) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::discovery::discovery_url;

    #[test]
    fn findings_stand_the_worst_first_and_keys_count() {
        let document = json!({
            "issuer": "https://id.example/",
            "authorization_endpoint": "https://id.example/authorize",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://id.example/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        let target = discovery_url("https://id.example").unwrap();
        let metadata = ProviderMetadata::from_value(document).unwrap();
        let without_keys = DiscoveryReport::new(&target, target.url.as_str(), 12, metadata.clone(), None);
        assert!(without_keys.is_usable() && without_keys.jwks.is_none());

        let report = DiscoveryReport::new(&target, target.url.as_str(), 12, metadata, Some(&json!({"keys": []})));
        assert!(!report.is_usable());
        assert_eq!(report.errors().map(|finding| finding.code).collect::<Vec<_>>(), [FindingCode::NoSigningKey]);
        assert_eq!(report.warnings().map(|finding| finding.code).collect::<Vec<_>>(), [FindingCode::PkceNotListed]);
        assert!(report.findings.is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity)));
        assert!(report.has(FindingCode::IssuerTrailingSlash));
        let json = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<DiscoveryReport>(&json).unwrap(), report);
    }
}
