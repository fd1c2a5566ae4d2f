//! Waldur's suggestions for a provider's claims.
//!
//! Clients of the API see these tables and texts, so nothing here is improved; the portal's own suggestions are in
//! [`vestibule_app::domain::mapping::suggest`]. Matching follows Waldur: claims may differ in letter case, scopes may not.

mod tables;

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::mapping::{AttributeMapping, UserField};

pub(super) use self::tables::FIELDS;

/// Whether Waldur's API knows a user field.
pub(super) fn is_known(field: UserField) -> bool {
    FIELDS.contains(&field)
}

/// One user field with the claims that could fill it.
#[derive(Serialize, ToSchema)]
pub(super) struct Suggestion {
    field: &'static str,
    description: &'static str,
    /// Claims that usually hold the field, preferred first.
    suggested_claims: &'static [&'static str],
    /// Those among them that the provider lists, in the provider's spelling.
    available_claims: Vec<String>,
}

/// Waldur's fields in order, each with the claims that the provider lists for it.
pub(super) fn suggestions(claims_supported: &[String]) -> Vec<Suggestion> {
    let suggestion = |field: &UserField| Suggestion {
        field: field.as_str(),
        description: tables::description(*field),
        suggested_claims: tables::suggested_claims(*field),
        available_claims: available_claims(*field, claims_supported),
    };
    FIELDS.iter().map(suggestion).collect()
}

/// The scopes to request, in ascending order: `openid`, those that bring a listed claim, `profile` and `email`.
///
/// Only `openid` is returned without being listed by the provider.
pub(super) fn suggested_scopes(claims_supported: &[String], scopes_supported: &[String]) -> Vec<String> {
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
pub(super) fn generated_mapping(claims_supported: &[String]) -> AttributeMapping {
    let mut mapping = AttributeMapping::new();
    for field in FIELDS {
        mapping.set(field, &available_claims(field, claims_supported).join(" "));
    }
    mapping
}

/// The suggested scopes without `openid`, joined by spaces.
pub(super) fn generated_extra_scope(claims_supported: &[String], scopes_supported: &[String]) -> String {
    let mut scopes = suggested_scopes(claims_supported, scopes_supported);
    scopes.retain(|scope| scope != "openid");
    scopes.join(" ")
}

/// The listed claims that could fill `field`, in the order of the suggestions.
///
/// An exact spelling wins over another letter case; of several other spellings the one listed last wins.
fn available_claims(field: UserField, claims_supported: &[String]) -> Vec<String> {
    tables::suggested_claims(field)
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
