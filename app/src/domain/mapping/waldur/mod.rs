//! Waldur's suggestions for a provider's claims, kept to the letter of its API.
//!
//! Clients of that API see these tables and texts, so nothing here is improved; better advice is in
//! [`super::suggest`]. Matching follows Waldur: claims may differ in letter case, scopes may not.

use serde::Serialize;

use super::{AttributeMapping, UserField};

mod defaults;
mod tables;

pub use defaults::{ProviderDefaults, provider_defaults};
pub use tables::suggested_claims;

/// One user field with the claims that could fill it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SuggestedField {
    /// The field.
    pub field: UserField,
    /// What the field means.
    pub description: &'static str,
    /// Claims that usually hold it, preferred first.
    pub suggested_claims: Vec<&'static str>,
    /// Those among them that the provider lists, in the provider's spelling.
    pub available_claims: Vec<String>,
}

/// Waldur's 24 fields in order, each with the claims the provider lists for it.
pub fn waldur_fields(claims_supported: &[String]) -> Vec<SuggestedField> {
    UserField::WALDUR
        .iter()
        .map(|field| SuggestedField {
            field: *field,
            description: field.description(),
            suggested_claims: suggested_claims(*field).to_vec(),
            available_claims: available_claims(*field, claims_supported),
        })
        .collect()
}

/// The scopes to ask for, in ascending order: `openid`, those that bring a listed claim, `profile` and `email`.
///
/// Only `openid` is ever returned without being listed by the provider.
pub fn suggested_scopes(claims_supported: &[String], scopes_supported: &[String]) -> Vec<String> {
    let brought = claims_supported.iter().filter_map(|claim| tables::scope_of(claim));
    let mut scopes: Vec<String> = brought
        .chain(["profile", "email"])
        .filter(|scope| scopes_supported.iter().any(|listed| listed == scope))
        .chain(["openid"])
        .map(str::to_owned)
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    scopes
}

/// A mapping of every field for which the provider lists at least one claim.
pub fn generated_mapping(claims_supported: &[String]) -> AttributeMapping {
    let mut mapping = AttributeMapping::new();
    for field in UserField::WALDUR {
        mapping.set(*field, &available_claims(*field, claims_supported).join(" "));
    }
    mapping
}

/// The suggested scopes without `openid`, joined by spaces.
pub fn generated_extra_scope(claims_supported: &[String], scopes_supported: &[String]) -> String {
    let mut scopes = suggested_scopes(claims_supported, scopes_supported);
    scopes.retain(|scope| scope != "openid");
    scopes.join(" ")
}

/// The listed claims that could fill `field`, in the order of the suggestions.
///
/// An exact spelling wins over another letter case; of several other spellings the one listed last wins.
fn available_claims(field: UserField, claims_supported: &[String]) -> Vec<String> {
    suggested_claims(field)
        .iter()
        .filter_map(|suggested| {
            let exact = claims_supported.iter().find(|claim| claim == suggested);
            let other_case = || claims_supported.iter().rfind(|claim| same_letters(claim, suggested));
            exact.or_else(other_case).cloned()
        })
        .collect()
}

fn same_letters(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!a.is_ascii() && a.to_lowercase() == b.to_lowercase())
}

#[cfg(test)]
mod tests;
