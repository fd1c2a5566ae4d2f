//! Ranked suggestions for the portal: which claims could fill which field, and why.
//!
//! Sources, the most certain first: claims that the discovery document lists, claims of the scopes that it offers, and
//! claims that the product is known to send. Where a document lists no claims and the product is unknown, nothing is
//! suggested: a guess presented as knowledge misleads more than an empty row.

mod knowledge;
mod rank;
mod saml;
mod scopes;
mod table;
mod vendor;

use serde::{Deserialize, Serialize};

pub use rank::rank;
pub use saml::rank_saml;
pub use scopes::standard_scope;
pub use vendor::Vendor;

use super::{AttributeMapping, UserField};

/// What suggestions are made from.
#[derive(Clone, Copy, Debug, Default)]
pub struct SuggestionInput<'a> {
    /// The issuer, from which the product is recognised.
    pub issuer: &'a str,
    /// The claims that the provider lists; `None` when it lists none.
    pub claims_supported: Option<&'a [String]>,
    /// The scopes that the provider lists; `None` when it lists none.
    pub scopes_supported: Option<&'a [String]>,
}

/// The claims that could fill one field, best first; never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldSuggestion {
    /// The field.
    pub field: UserField,
    /// The candidates.
    pub candidates: Vec<Candidate>,
}

/// A claim that could fill a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The claim as the provider spells it; with dots where it is inside an object.
    pub claim: String,
    /// Why it is suggested.
    pub why: SuggestionReason,
    /// Whether it is selected in advance.
    pub confidence: Confidence,
    /// The scope to request for it; `None` when `openid` suffices or no scope is known.
    pub scope: Option<String>,
    /// What to know before choosing it, as a sentence.
    pub note: Option<String>,
}

/// Whether a suggestion is certain enough to be selected in advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Select it.
    High,
    /// Offer it.
    Low,
}

/// Why a claim is suggested.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "detail")]
pub enum SuggestionReason {
    /// The common claim for the field, and the provider lists it.
    Exact,
    /// The provider lists it under an alternative name.
    #[serde(rename = "other_spelling")]
    Alternative,
    /// The product is known to send it, although its document does not list it.
    KnownProvider(Vendor),
    /// The document does not list it, but offers the scope that exists for it.
    OnlyWithScope(String),
    /// Many SAML providers use this name, and the metadata does not say what this one sends.
    #[serde(rename = "usual_name")]
    CommonName,
}

impl SuggestionReason {
    /// The reason as a sentence for the portal.
    pub fn explain(&self) -> String {
        match self {
            SuggestionReason::Exact => "The provider lists this claim.".to_owned(),
            SuggestionReason::Alternative => {
                "The provider lists this claim. It is an alternative to the common one for this field.".to_owned()
            }
            SuggestionReason::KnownProvider(vendor) => {
                format!("{vendor} is known to send this claim, although its discovery document does not list it.")
            }
            SuggestionReason::OnlyWithScope(scope) => {
                format!("Not listed, but the provider offers the scope {scope}, which returns this claim.")
            }
            SuggestionReason::CommonName => {
                "A common name. The metadata does not say which attributes the provider sends.".to_owned()
            }
        }
    }
}

/// The mapping to start from: the first candidate of each field, where its confidence is high.
pub fn recommended(suggestions: &[FieldSuggestion]) -> AttributeMapping {
    chosen(suggestions)
        .fold(AttributeMapping::new(), |mapping, (field, candidate)| mapping.with(field, &candidate.claim))
}

/// The scopes that the recommended mapping needs, `openid` first, the others in alphabetical order.
pub fn recommended_scopes(suggestions: &[FieldSuggestion]) -> Vec<String> {
    let mut scopes: Vec<String> = chosen(suggestions).filter_map(|(_, candidate)| candidate.scope.clone()).collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes.retain(|scope| scope != "openid");
    scopes.insert(0, "openid".to_owned());
    scopes
}

fn chosen(suggestions: &[FieldSuggestion]) -> impl Iterator<Item = (UserField, &Candidate)> {
    suggestions.iter().filter_map(|suggestion| {
        let candidate = suggestion.candidates.first()?;
        (candidate.confidence == Confidence::High).then_some((suggestion.field, candidate))
    })
}

#[cfg(test)]
mod tests;
