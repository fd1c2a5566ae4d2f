//! Ranked suggestions for the portal: which claims could fill which field, and why.
//!
//! Sources, the surest first: what the discovery document lists, then what the scopes it offers are for, then what is
//! known of the product behind it. Where a document lists no claims and the product is unknown, nothing is suggested:
//! a guess that looks like knowledge costs an administrator more than an empty row.

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
    /// The claims the provider lists; `None` when it lists none at all.
    pub claims_supported: Option<&'a [String]>,
    /// The scopes the provider lists; `None` when it lists none at all.
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

/// One claim that could fill a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The claim, in the provider's spelling; with dots where it lies in an object.
    pub claim: String,
    /// Why it is suggested.
    pub why: Why,
    /// Whether to select it without asking.
    pub confidence: Confidence,
    /// The scope to ask for to get it; `None` when `openid` suffices or no scope is known.
    pub scope: Option<String>,
    /// What to know before choosing it, as a sentence.
    pub note: Option<String>,
}

/// Whether a suggestion is good enough to be selected in advance.
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
pub enum Why {
    /// The usual claim for the field, and the provider lists it.
    Exact,
    /// The provider lists it in another spelling, or under another name used for the same thing.
    OtherSpelling,
    /// The product is known to send it, although its document does not list it.
    KnownProvider(Vendor),
    /// The document does not list it, but offers the scope that exists for it.
    OnlyWithScope(String),
    /// Many SAML providers use this name, and the metadata does not say what this one sends.
    UsualName,
}

impl Why {
    /// The reason as a sentence for the portal.
    pub fn explain(&self) -> String {
        match self {
            Why::Exact => "The provider lists this claim.".to_owned(),
            Why::OtherSpelling => {
                "The provider lists this claim. It is not the usual one for this field, but known to carry it."
                    .to_owned()
            }
            Why::KnownProvider(vendor) => {
                format!("{vendor} is known to send this claim, although its discovery document does not list it.")
            }
            Why::OnlyWithScope(scope) => {
                format!("Not listed, but the provider offers the scope {scope}, which exists for this claim.")
            }
            Why::UsualName => "A usual name. The metadata does not say which attributes the provider sends.".to_owned(),
        }
    }
}

/// The mapping to start from: for each field its first candidate, where that one is sure enough.
pub fn recommended(suggestions: &[FieldSuggestion]) -> AttributeMapping {
    chosen(suggestions)
        .fold(AttributeMapping::new(), |mapping, (field, candidate)| mapping.with(field, &candidate.claim))
}

/// The scopes that the recommended mapping needs, `openid` first, the others in ascending order.
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
