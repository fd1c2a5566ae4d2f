//! What is known about the claims of a provider, and what is suggested for its mapping.

use std::collections::BTreeSet;

use crate::domain::{
    discovery::DiscoveryReport,
    mapping::{
        AttributeMapping, UserField, path,
        suggest::{Candidate, FieldSuggestion, SuggestionReason, rank_saml},
    },
    provider::Protocol,
    saml_metadata::SamlAttribute,
};

/// Whether a provider sends a claim, as far as its documents say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It lists the claim, or lists none at all.
    Yes,
    /// It does not list the claim, but it is expected to send it.
    Expected,
    /// It lists other claims only.
    No,
}

/// The claims or attributes that a provider lists, and the suggestions based on them.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownClaims {
    /// The provider's protocol.
    pub protocol: Protocol,
    /// What it lists; `None` when it lists none or was not read.
    pub listed: Option<Vec<String>>,
    /// What could fill the fields.
    pub suggestions: Vec<FieldSuggestion>,
    /// Whether its document was read and lists no claims.
    pub is_silent: bool,
}

impl KnownClaims {
    /// For a provider about which nothing is known.
    pub fn unknown(protocol: Protocol) -> Self {
        Self { protocol, listed: None, suggestions: Vec::new(), is_silent: false }
    }

    /// What the discovery of an OpenID provider found.
    pub fn of_report(report: DiscoveryReport) -> Self {
        let DiscoveryReport { metadata, suggestions, .. } = report;
        Self {
            protocol: Protocol::Oidc,
            is_silent: metadata.claims_supported.is_none(),
            listed: metadata.claims_supported,
            suggestions,
        }
    }

    /// The schema of a directory; empty when it was not read. Attributes have the short names that SAML providers use
    /// as well.
    pub fn of_directory(attributes: Vec<String>) -> Self {
        if attributes.is_empty() {
            return Self::unknown(Protocol::Ldap);
        }
        let named = attributes.into_iter().map(|name| SamlAttribute { name, friendly_name: None });
        Self { protocol: Protocol::Ldap, ..Self::of_saml("", &named.collect::<Vec<_>>()) }
    }

    /// For a SAML provider: the attributes of its metadata, or the common ones.
    pub fn of_saml(entity_id: &str, attributes: &[SamlAttribute]) -> Self {
        let listed = attributes.iter().map(|attribute| attribute.name.clone()).collect::<Vec<_>>();
        Self {
            protocol: Protocol::Saml,
            listed: Some(listed).filter(|listed| !listed.is_empty()),
            suggestions: rank_saml(entity_id, attributes),
            is_silent: false,
        }
    }
}

/// Whether a provider sends a claim for a field.
pub fn listed(field: UserField, claim: &str, known_claims: &KnownClaims) -> Listed {
    let Some(published) = &known_claims.listed else { return Listed::Yes };
    let claim_of = path::claim_of(claim);
    let parent = claim_of.split_once('.').map_or(claim_of, |(parent, _)| parent);
    if published.iter().any(|known| known == claim || known == claim_of || known == parent) {
        return Listed::Yes;
    }
    let is_expected = candidates(field, known_claims).iter().any(|candidate| candidate.claim == claim);
    if is_expected { Listed::Expected } else { Listed::No }
}

/// The claims suggested for a field, the best first.
pub fn candidates(field: UserField, known_claims: &KnownClaims) -> &[Candidate] {
    let suggestion = known_claims.suggestions.iter().find(|suggestion| suggestion.field == field);
    suggestion.map(|suggestion| suggestion.candidates.as_slice()).unwrap_or_default()
}

/// Fields that most deployments fill.
const COMMON: [UserField; 5] =
    [UserField::FirstName, UserField::LastName, UserField::Email, UserField::DisplayName, UserField::Groups];

/// The fields to show at first: mapped ones and those with suggestions. A common name alone is no information about
/// this provider, so it counts for common fields only.
pub fn interesting_fields(attributes: &AttributeMapping, known_claims: &KnownClaims) -> BTreeSet<UserField> {
    let mapped = attributes.iter().map(|(field, _)| field);
    let counts = |suggestion: &&FieldSuggestion| {
        COMMON.contains(&suggestion.field)
            || suggestion.candidates.iter().any(|candidate| candidate.why != SuggestionReason::CommonName)
    };
    let suggested = known_claims.suggestions.iter().filter(counts).map(|suggestion| suggestion.field);
    mapped.chain(suggested).collect()
}

/// A reason in two or three words, for a chip.
pub fn short_reason(candidate: &Candidate) -> String {
    match &candidate.why {
        SuggestionReason::Exact => match &candidate.scope {
            Some(scope) => format!("listed, scope {scope}"),
            None => "listed".to_owned(),
        },
        SuggestionReason::Alternative => "alternative".to_owned(),
        SuggestionReason::KnownProvider(vendor) => format!("known from {}", vendor.label()),
        SuggestionReason::OnlyWithScope(scope) => format!("only with scope {scope}"),
        SuggestionReason::CommonName => "common name".to_owned(),
    }
}

/// The reason as sentences, with what to know before choosing it.
pub fn long_reason(candidate: &Candidate) -> String {
    let reason = candidate.why.explain();
    match &candidate.note {
        Some(note) => format!("{reason} {note}"),
        None => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::providers::forms::fixtures::report;

    #[test]
    fn a_claim_that_is_not_listed_is_missing_unless_it_is_expected() {
        let report = KnownClaims::of_report(report());
        assert_eq!(listed(UserField::Email, "email", &report), Listed::Yes);
        assert_eq!(listed(UserField::CountryOfResidence, "address.country", &report), Listed::Yes);
        assert_eq!(listed(UserField::PhoneNumber, "phone_number", &report), Listed::Expected);
        assert_eq!(listed(UserField::Email, "mail", &report), Listed::No);
    }

    #[test]
    fn a_provider_that_lists_nothing_misses_nothing() {
        let mut report = report();
        report.metadata.claims_supported = None;
        let report = KnownClaims::of_report(report);
        assert_eq!(listed(UserField::Email, "mail", &report), Listed::Yes);
    }

    #[test]
    fn mapped_and_suggested_fields_are_shown_first() {
        let attributes = AttributeMapping::new().with(UserField::UidNumber, "uid");
        let shown = interesting_fields(&attributes, &KnownClaims::of_report(report()));
        assert!(shown.contains(&UserField::UidNumber) && shown.contains(&UserField::Email));
        assert!(shown.len() < UserField::ALL.len());
        assert_eq!(interesting_fields(&attributes, &KnownClaims::unknown(Protocol::Oidc)).len(), 1);
    }

    #[test]
    fn a_saml_provider_that_lists_nothing_shows_the_common_fields() {
        let known_claims = KnownClaims::of_saml("https://idp.example", &[]);
        assert_eq!(interesting_fields(&AttributeMapping::new(), &known_claims), COMMON.into());
        assert!(!candidates(UserField::BirthDate, &known_claims).is_empty());
        assert_eq!(listed(UserField::Email, "anything", &known_claims), Listed::Yes);
        let attribute = SamlAttribute { name: "mail".to_owned(), friendly_name: None };
        let known_claims = KnownClaims::of_saml("https://idp.example", &[attribute]);
        assert_eq!(listed(UserField::Email, "mail", &known_claims), Listed::Yes);
        assert_eq!(listed(UserField::Email, "urn:oid:0.9.2342.19200300.100.1.3", &known_claims), Listed::No);
    }
}
