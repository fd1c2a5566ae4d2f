//! What the provider's report says about a claim of the mapping.

use std::collections::BTreeSet;

use crate::domain::{
    discovery::DiscoveryReport,
    mapping::{
        AttributeMapping, UserField,
        suggest::{Candidate, Why},
    },
};

/// Whether a provider sends a claim, as far as it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// It lists the claim, or lists none at all.
    Yes,
    /// It does not list the claim, and there are reasons to expect it all the same.
    Expected,
    /// It lists other claims only.
    No,
}

/// Whether a provider sends a claim for a field.
pub fn listed(field: UserField, claim: &str, report: &DiscoveryReport) -> Listed {
    let Some(published) = &report.metadata.claims_supported else { return Listed::Yes };
    let parent = claim.split_once('.').map_or(claim, |(parent, _)| parent);
    if published.iter().any(|known| known == claim || known == parent) {
        return Listed::Yes;
    }
    let is_expected = candidates(field, report).iter().any(|candidate| candidate.claim == claim);
    if is_expected { Listed::Expected } else { Listed::No }
}

/// The claims suggested for a field, the best first.
pub fn candidates(field: UserField, report: &DiscoveryReport) -> &[Candidate] {
    let suggestion = report.suggestions.iter().find(|suggestion| suggestion.field == field);
    suggestion.map(|suggestion| suggestion.candidates.as_slice()).unwrap_or_default()
}

/// The fields to show at first: those that are mapped and those that something is suggested for.
pub fn interesting_fields(attributes: &AttributeMapping, report: Option<&DiscoveryReport>) -> BTreeSet<UserField> {
    let mapped = attributes.iter().map(|(field, _)| field);
    let suggested = report.into_iter().flat_map(|report| report.suggestions.iter().map(|suggestion| suggestion.field));
    mapped.chain(suggested).collect()
}

/// A reason in two or three words, for a chip.
pub fn short_reason(candidate: &Candidate) -> String {
    match &candidate.why {
        Why::Exact => match &candidate.scope {
            Some(scope) => format!("listed, scope {scope}"),
            None => "listed".to_owned(),
        },
        Why::OtherSpelling => "other spelling".to_owned(),
        Why::KnownProvider(vendor) => format!("known from {}", vendor.display_name()),
        Why::OnlyWithScope(scope) => format!("only with scope {scope}"),
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
        let report = report();
        assert_eq!(listed(UserField::Email, "email", &report), Listed::Yes);
        assert_eq!(listed(UserField::CountryOfResidence, "address.country", &report), Listed::Yes);
        assert_eq!(listed(UserField::PhoneNumber, "phone_number", &report), Listed::Expected);
        assert_eq!(listed(UserField::Email, "mail", &report), Listed::No);
    }

    #[test]
    fn a_provider_that_lists_nothing_misses_nothing() {
        let mut report = report();
        report.metadata.claims_supported = None;
        assert_eq!(listed(UserField::Email, "mail", &report), Listed::Yes);
    }

    #[test]
    fn mapped_and_suggested_fields_are_shown_first() {
        let attributes = AttributeMapping::new().with(UserField::UidNumber, "uid");
        let shown = interesting_fields(&attributes, Some(&report()));
        assert!(shown.contains(&UserField::UidNumber) && shown.contains(&UserField::Email));
        assert!(shown.len() < UserField::ALL.len());
        assert_eq!(interesting_fields(&attributes, None).len(), 1);
    }
}
