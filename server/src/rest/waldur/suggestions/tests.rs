//! Waldur's own tests of its claim mapping, and properties for any provider.

use proptest::prelude::*;

use super::{tables::suggested_claims, *};

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn available(field: UserField, claims: &[&str]) -> Vec<String> {
    available_claims(field, &owned(claims))
}

#[test]
fn given_name_comes_first_for_first_name() {
    assert_eq!(suggested_claims(UserField::FirstName)[0], "given_name");
}

#[test]
fn e_mail_suggestions_hold_email_and_mail() {
    let suggested = suggested_claims(UserField::Email);
    assert!(suggested.contains(&"email") && suggested.contains(&"mail"));
}

#[test]
fn matches_exactly() {
    assert_eq!(available(UserField::Email, &["sub", "email"]), ["email"]);
}

#[test]
fn matches_in_other_letter_case_with_the_provider_s_spelling() {
    assert_eq!(available(UserField::Email, &["EMAIL"]), ["EMAIL"]);
    assert_eq!(available(UserField::Email, &["EMAIL", "Email"]), ["Email"]);
    assert_eq!(available(UserField::Email, &["EMAIL", "email", "Email"]), ["email"]);
}

#[test]
fn no_match_gives_no_claims() {
    assert_eq!(available(UserField::Email, &["sub", "upn"]), Vec::<String>::new());
}

#[test]
fn returns_all_fields_with_a_description() {
    let fields = suggestions(&[]);
    assert_eq!(fields.len(), 24);
    assert_eq!((fields[0].field, fields[23].field), ("first_name", "primary_gid"));
    assert!(fields.iter().all(|field| !field.description.is_empty() && field.available_claims.is_empty()));
    assert_eq!(fields[22].field, "uid_number");
    assert!(fields[22].suggested_claims.is_empty());
}

#[test]
fn openid_is_always_suggested() {
    assert_eq!(suggested_scopes(&[], &[]), ["openid"]);
}

#[test]
fn profile_and_email_are_suggested_when_offered() {
    assert_eq!(suggested_scopes(&[], &owned(&["profile", "email"])), ["email", "openid", "profile"]);
}

#[test]
fn phone_is_suggested_only_when_offered_and_its_claim_listed() {
    let claims = owned(&["phone_number"]);
    assert_eq!(suggested_scopes(&claims, &owned(&["openid", "phone"])), ["openid", "phone"]);
    assert_eq!(suggested_scopes(&claims, &owned(&["openid"])), ["openid"]);
    assert_eq!(suggested_scopes(&[], &owned(&["openid", "phone"])), ["openid"]);
}

#[test]
fn scopes_match_by_exact_letter_case() {
    assert_eq!(suggested_scopes(&owned(&["PHONE_NUMBER"]), &owned(&["phone"])), ["openid"]);
}

#[test]
fn several_claims_are_joined_by_a_space() {
    let mapping = generated_mapping(&owned(&["mail", "email"]));
    assert_eq!(mapping.text(UserField::Email).as_deref(), Some("email mail"));
}

#[test]
fn technical_claims_map_no_name_and_no_e_mail() {
    let mapping = generated_mapping(&owned(&["sub", "aud", "iss"]));
    for field in [UserField::FirstName, UserField::LastName, UserField::Email] {
        assert!(!mapping.contains(field));
    }
}

#[test]
fn schac_claims_fill_organization_and_civil_number() {
    let mapping = generated_mapping(&owned(&["schacHomeOrganization", "schacPersonalUniqueID"]));
    assert_eq!(mapping.get(UserField::Organization), ["schacHomeOrganization"]);
    assert_eq!(mapping.get(UserField::CivilNumber), ["schacPersonalUniqueID"]);
}

#[test]
fn generates_a_scope_string_without_openid() {
    let scopes = owned(&["openid", "profile", "email", "phone"]);
    assert_eq!(generated_extra_scope(&owned(&["email", "given_name"]), &scopes), "email profile");
    assert_eq!(generated_extra_scope(&[], &[]), "");
}

#[test]
fn a_usual_provider_gets_names_e_mail_and_organization() {
    let claims = owned(&["sub", "email", "given_name", "family_name", "schac_home_organization"]);
    let mapping = generated_mapping(&claims);
    let text = serde_json::to_string(&mapping).unwrap_or_default();
    // `sub` fills the civil number upstream too; better advice is in `suggest`.
    assert_eq!(
        text,
        r#"{"first_name":"given_name","last_name":"family_name","organization":"schac_home_organization","civil_number":"sub","email":"email"}"#
    );
    let scopes = owned(&["openid", "profile", "email", "offline_access"]);
    assert_eq!(generated_extra_scope(&claims, &scopes), "email profile");
}

/// Claim names near the tables: suggested ones in any letter case, and strangers.
fn claim_names() -> impl Strategy<Value = Vec<String>> {
    let known: Vec<&str> = UserField::ALL.iter().flat_map(|field| suggested_claims(*field)).copied().collect();
    let near = (prop::sample::select(known), any::<u8>()).prop_map(|(name, case)| match case % 3 {
        0 => name.to_owned(),
        1 => name.to_uppercase(),
        _ => name.to_lowercase(),
    });
    prop::collection::vec(prop_oneof![4 => near, 1 => "\\PC{0,12}"], 0..40)
}

proptest! {
    #[test]
    fn only_listed_claims_are_available(claims in claim_names()) {
        for field in suggestions(&claims) {
            for claim in &field.available_claims {
                prop_assert!(claims.contains(claim));
                prop_assert!(field.suggested_claims.iter().any(|name| name.to_lowercase() == claim.to_lowercase()));
            }
        }
    }

    #[test]
    fn only_listed_scopes_are_suggested_beside_openid(claims in claim_names(), scopes in claim_names()) {
        let suggested = suggested_scopes(&claims, &scopes);
        prop_assert!(suggested.is_sorted());
        prop_assert!(suggested.iter().all(|scope| scope == "openid" || scopes.contains(scope)));
    }

    #[test]
    fn the_mapping_says_what_is_available(claims in claim_names()) {
        let mapping = generated_mapping(&claims);
        prop_assert_eq!(&mapping, &generated_mapping(&claims));
        for field in suggestions(&claims) {
            let name = field.field.parse::<UserField>().expect("a field");
            prop_assert_eq!(mapping.get(name), field.available_claims.as_slice());
        }
    }
}
