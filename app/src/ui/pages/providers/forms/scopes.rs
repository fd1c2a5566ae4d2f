//! The scopes that can be requested, and what for.

use std::collections::BTreeMap;

use crate::domain::{
    discovery::DiscoveryReport,
    mapping::{
        AttributeMapping, UserField, path,
        suggest::{FieldSuggestion, standard_scope},
    },
};

/// A scope that can be requested beside `openid`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeRow {
    /// The scope.
    pub scope: String,
    /// Whether it is requested.
    pub is_selected: bool,
    /// The mapped fields whose claims come with it.
    pub needed_for: Vec<UserField>,
    /// Whether the provider lists it; unknown when it lists no scopes.
    pub is_offered: Option<bool>,
}

/// The scopes to choose from: what is selected, then what the mapping needs, then what the provider offers.
pub fn scope_rows(
    selected: &[String],
    attributes: &AttributeMapping,
    report: Option<&DiscoveryReport>,
) -> Vec<ScopeRow> {
    let offered = report.and_then(|report| report.metadata.scopes_supported.as_deref());
    let suggestions = report.map(|report| report.suggestions.as_slice()).unwrap_or_default();
    let needed = needed_scopes(attributes, suggestions, offered);
    let names = selected.iter().chain(needed.keys()).chain(offered.unwrap_or_default());
    let mut rows: Vec<ScopeRow> = Vec::new();
    for scope in names {
        if scope == "openid" || rows.iter().any(|row| row.scope == *scope) {
            continue;
        }
        rows.push(ScopeRow {
            scope: scope.clone(),
            is_selected: selected.contains(scope),
            needed_for: needed.get(scope).cloned().unwrap_or_default(),
            is_offered: offered.map(|offered| offered.contains(scope)),
        });
    }
    rows
}

/// The scopes that return the mapped claims. A standard scope that the provider does not offer is not requested.
fn needed_scopes(
    attributes: &AttributeMapping,
    suggestions: &[FieldSuggestion],
    offered: Option<&[String]>,
) -> BTreeMap<String, Vec<UserField>> {
    let mut needed: BTreeMap<String, Vec<UserField>> = BTreeMap::new();
    for (field, claims) in attributes.iter() {
        // The first claim decides; the others are alternatives.
        let Some(claim) = claims.first() else { continue };
        let known = suggestions
            .iter()
            .filter(|suggestion| suggestion.field == field)
            .flat_map(|suggestion| &suggestion.candidates)
            .find(|candidate| candidate.claim == *claim);
        let scope = match known {
            Some(candidate) => candidate.scope.clone(),
            None => standard_scope(path::claim_of(claim))
                .map(str::to_owned)
                .filter(|scope| offered.is_none_or(|offered| offered.contains(scope))),
        };
        if let Some(scope) = scope.filter(|scope| scope != "openid") {
            needed.entry(scope).or_default().push(field);
        }
    }
    needed
}

/// Selects a scope or takes it back, keeping the order of the others.
pub fn select_scope(selected: &mut Vec<String>, scope: &str, on: bool) {
    selected.retain(|known| known != scope);
    if on {
        selected.push(scope.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::providers::forms::fixtures::report;

    #[test]
    fn the_mapping_needs_scopes_even_without_a_report() {
        let attributes = AttributeMapping::new().with(UserField::PhoneNumber, "phone_number");
        let rows = scope_rows(&["groups".to_owned()], &attributes, None);
        let names: Vec<_> = rows.iter().map(|row| (row.scope.as_str(), row.is_selected)).collect();
        assert_eq!(names, [("groups", true), ("phone", false)]);
        assert_eq!(rows[1].needed_for, [UserField::PhoneNumber]);
    }

    #[test]
    fn what_is_selected_stands_before_what_is_needed_and_what_is_offered() {
        let attributes = AttributeMapping::new().with(UserField::Email, "email");
        let rows = scope_rows(&["custom".to_owned()], &attributes, Some(&report()));
        let names: Vec<_> = rows.iter().map(|row| row.scope.as_str()).collect();
        assert_eq!(names, ["custom", "email", "profile", "phone"]);
        assert_eq!(rows[0].is_offered, Some(false));
        assert_eq!(rows[1].needed_for, [UserField::Email]);
    }

    #[test]
    fn a_scope_is_selected_once() {
        let mut selected = vec!["email".to_owned()];
        select_scope(&mut selected, "email", true);
        assert_eq!(selected, ["email"]);
        select_scope(&mut selected, "email", false);
        assert!(selected.is_empty());
    }
}
