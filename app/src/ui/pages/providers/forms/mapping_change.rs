//! Edits of a mapping: adding, removing and ordering claims, what is wrong with it, what a save would change.

use crate::{
    api::provider_form::ProviderChange,
    domain::{
        mapping::{AttributeMapping, UserField, UserMapping},
        patch::Patch,
        problem::ProblemCode,
    },
};

use super::{
    connection_change::{changed, changed_text},
    problems::Problems,
};

/// Adds claims at the end of a field's list, each once. Several may be given, separated by spaces.
pub fn add_claims(attributes: &mut AttributeMapping, field: UserField, text: &str) {
    let mut claims = attributes.get(field).to_vec();
    for claim in text.split_whitespace() {
        if !claims.iter().any(|known| known == claim) {
            claims.push(claim.to_owned());
        }
    }
    attributes.set(field, &claims.join(" "));
}

/// Takes a claim from a field's list.
pub fn remove_claim(attributes: &mut AttributeMapping, field: UserField, claim: &str) {
    let kept: Vec<&str> = attributes.get(field).iter().map(String::as_str).filter(|kept| *kept != claim).collect();
    let kept = kept.join(" ");
    attributes.set(field, &kept);
}

/// Makes a claim the first that is tried.
pub fn prefer_claim(attributes: &mut AttributeMapping, field: UserField, claim: &str) {
    let mut claims = attributes.get(field).to_vec();
    if let Some(index) = claims.iter().position(|known| known == claim) {
        let claim = claims.remove(index);
        claims.insert(0, claim);
        attributes.set(field, &claims.join(" "));
    }
}

/// Every claim that the mapping reads, each once.
pub fn claims_in_use(mapping: &UserMapping) -> Vec<String> {
    let mut claims: Vec<String> = Vec::new();
    let fields = mapping.attributes.iter().flat_map(|(_, claims)| claims.iter().map(String::as_str));
    for claim in mapping.user_claims().chain(fields).chain(mapping.extra_claims()) {
        if !claims.iter().any(|known| known == claim) {
            claims.push(claim.to_owned());
        }
    }
    claims
}

/// What is wrong with a mapping.
pub fn check_mapping(mapping: &UserMapping) -> Problems {
    let mut problems = Problems::default();
    let user_field = mapping.user_field.trim();
    problems.require("user_field", user_field, "Enter the user field that identifies a user.");
    if user_field.contains(char::is_whitespace) {
        problems.add("user_field", ProblemCode::Malformed, "Enter one field name, without spaces.");
    } else if user_field.chars().count() > 100 {
        problems.add("user_field", ProblemCode::TooLong { limit: 100 }, "A field name has at most 100 characters.");
    }
    problems.require(
        "user_claim",
        &mapping.user_claim,
        "Enter what identifies a user: sub for OpenID Connect, NameID for SAML.",
    );
    if mapping.user_claim.trim().chars().count() > 255 {
        problems.add(
            "user_claim",
            ProblemCode::TooLong { limit: 255 },
            "The names must not exceed 255 characters in total.",
        );
    }
    problems
}

/// The change that leads from one mapping to another; what is equal is left out.
///
/// The protected fields are not looked at: another tab edits them.
pub fn mapping_change(now: &UserMapping, before: &UserMapping) -> ProviderChange {
    let UserMapping { user_field, user_claim, attributes, extra_fields, protected_fields: _ } = now;
    let extra = |fields: &Option<String>| fields.as_deref().unwrap_or_default().trim().to_owned();
    let extra_fields = changed(&extra(extra_fields), &extra(&before.extra_fields));
    ProviderChange {
        user_field: changed_text(user_field, &before.user_field),
        user_claim: changed_text(user_claim, &before.user_claim),
        attributes: changed(attributes, &before.attributes),
        extra_fields: extra_fields.map_or(Patch::Keep, |text| Patch::of_text(&text)),
        ..ProviderChange::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping() -> UserMapping {
        let mut mapping = UserMapping::default();
        add_claims(&mut mapping.attributes, UserField::Email, "email mail");
        mapping
    }

    #[test]
    fn a_claim_is_added_once_and_ordered() {
        let mut mapping = mapping();
        add_claims(&mut mapping.attributes, UserField::Email, "mail upn");
        assert_eq!(mapping.attributes.get(UserField::Email), ["email", "mail", "upn"]);
        prefer_claim(&mut mapping.attributes, UserField::Email, "upn");
        assert_eq!(mapping.attributes.get(UserField::Email), ["upn", "email", "mail"]);
    }

    #[test]
    fn removing_the_last_claim_unmaps_the_field() {
        let mut mapping = mapping();
        remove_claim(&mut mapping.attributes, UserField::Email, "email");
        remove_claim(&mut mapping.attributes, UserField::Email, "mail");
        assert!(mapping.attributes.is_empty());
    }

    #[test]
    fn every_claim_is_named_once() {
        let mut mapping = mapping();
        mapping.extra_fields = Some("groups email".to_owned());
        assert_eq!(claims_in_use(&mapping), ["sub", "email", "mail", "groups"]);
    }

    #[test]
    fn only_what_was_edited_is_sent() {
        let before = mapping();
        assert_eq!(mapping_change(&before, &before), ProviderChange::default());
        let now = UserMapping { extra_fields: Some(" groups ".to_owned()), ..before.clone() };
        let expected = ProviderChange { extra_fields: Patch::Set("groups".to_owned()), ..ProviderChange::default() };
        assert_eq!(mapping_change(&now, &before), expected);
        let cleared = ProviderChange { extra_fields: Patch::Clear, ..ProviderChange::default() };
        assert_eq!(mapping_change(&before, &now), cleared);
    }

    #[test]
    fn an_absent_and_an_empty_list_of_extra_claims_are_the_same() {
        let before = mapping();
        let now = UserMapping { extra_fields: Some(String::new()), ..before.clone() };
        assert_eq!(mapping_change(&now, &before), ProviderChange::default());
    }

    #[test]
    fn user_field_and_claim_are_required() {
        let mapping = UserMapping { user_field: "user name".to_owned(), user_claim: String::new(), ..mapping() };
        let problems = check_mapping(&mapping);
        assert!(problems.concern("user_field") && problems.concern("user_claim"));
    }
}
