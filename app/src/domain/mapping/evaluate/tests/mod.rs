//! Each rule by example, and the laws by generated claims.
#![expect(clippy::unwrap_used, reason = "a failing test may panic")]

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::domain::mapping::{FieldKind, FieldValue};
use crate::domain::mapping::{JsonKind, date::is_calendar_date};

mod digits;
mod paths;

fn mapping(rows: &[(UserField, &str)]) -> UserMapping {
    let mut mapping = UserMapping::default();
    for (field, claims) in rows {
        mapping.attributes.set(*field, claims);
    }
    mapping
}

fn sent(claims: Value) -> Claims {
    Claims::parse(&claims.to_string()).unwrap()
}

fn run(rows: &[(UserField, &str)], claims: Value) -> Evaluation {
    evaluate(&mapping(rows), &sent(claims))
}

/// The value of `field` when it is mapped to claim `c`, which holds `value`; as JSON, or the reason.
fn one(field: UserField, value: Value) -> Result<Value, SkipReason> {
    let outcome = run(&[(field, "c")], json!({ "c": value })).fields.remove(0);
    match outcome.value {
        Some(value) => Ok(value.to_json()),
        None => Err(outcome.skipped[0].reason.clone()),
    }
}

#[test]
fn the_first_usable_claim_wins_and_the_others_are_explained() {
    let evaluation = run(
        &[(UserField::Email, "absent blank many email mail")],
        json!({"blank": " ", "many": ["a@b", "c@d"], "email": "ada@example.org", "mail": "x@example.org"}),
    );
    let outcome = &evaluation.fields[0];
    assert_eq!(outcome.claim.as_deref(), Some("email"));
    assert_eq!(evaluation.value(UserField::Email).unwrap().as_text(), Some("ada@example.org"));
    let reasons: Vec<_> = outcome.skipped.iter().map(|skip| (skip.claim.as_str(), skip.reason.clone())).collect();
    assert_eq!(
        reasons,
        [
            ("absent", SkipReason::Missing),
            ("blank", SkipReason::Empty),
            ("many", SkipReason::SeveralValues { count: 2 })
        ]
    );
}

#[test]
fn one_item_lists_stand_for_their_item() {
    assert_eq!(one(UserField::FirstName, json!(["Ada"])), Ok(json!("Ada")));
    assert_eq!(one(UserField::FirstName, json!([])), Err(SkipReason::Empty));
    assert_eq!(one(UserField::FirstName, json!([["Ada"]])), Err(SkipReason::WrongKind { found: JsonKind::List }));
}

#[test]
fn list_fields_keep_lists_and_take_single_values() {
    assert_eq!(one(UserField::Groups, json!(["a", "", null, "b"])), Ok(json!(["a", "b"])));
    assert_eq!(one(UserField::Groups, json!("staff member")), Ok(json!(["staff member"])));
    assert_eq!(one(UserField::Groups, json!([7])), Ok(json!(["7"])));
    assert_eq!(one(UserField::Groups, json!([""])), Err(SkipReason::Empty));
}

#[test]
fn an_unusable_item_of_a_list_never_takes_the_others_with_it() {
    let long = "x".repeat(256);
    let sent = json!({"groups": ["a", {"b": 1}, long, "c", true]});
    let outcome = run(&[(UserField::Groups, "groups")], sent).fields.remove(0);
    assert_eq!(outcome.value.unwrap().to_json(), json!(["a", "c"]));
    let left_out = |index: usize, reason| SkippedClaim { claim: format!("groups[{index}]"), reason };
    assert_eq!(
        outcome.left_out,
        [
            left_out(1, SkipReason::WrongKind { found: JsonKind::Object }),
            left_out(2, SkipReason::TooLong { length: 256, max: 255 }),
            left_out(4, SkipReason::WrongKind { found: JsonKind::Boolean }),
        ]
    );
    assert_eq!(one(UserField::Groups, json!([true, ""])), Err(SkipReason::WrongKind { found: JsonKind::Boolean }));
}

#[test]
fn numbers_become_text_and_booleans_do_not() {
    assert_eq!(one(UserField::FirstName, json!(42)), Ok(json!("42")));
    assert_eq!(one(UserField::FirstName, json!(true)), Err(SkipReason::WrongKind { found: JsonKind::Boolean }));
}

#[test]
fn an_exact_name_wins_over_dots() {
    let claims = json!({"address.country": "EE", "address": {"country": "FI"}, "https://acme.example/email": "a@b.c"});
    let rows = [(UserField::CountryOfResidence, "address.country"), (UserField::Email, "https://acme.example/email")];
    let evaluation = run(&rows, claims);
    assert_eq!(evaluation.value(UserField::CountryOfResidence).unwrap().as_text(), Some("EE"));
    assert_eq!(evaluation.value(UserField::Email).unwrap().as_text(), Some("a@b.c"));
}

#[test]
fn dots_walk_into_objects_by_the_longest_name() {
    let claims = json!({
        "address": {"country": "FI"},
        "resource_access": {"my.app": {"roles": ["editor"]}},
        "https://acme.example/profile": {"title": "Dr."},
    });
    let rows = [
        (UserField::CountryOfResidence, "address.country"),
        (UserField::Groups, "resource_access.my.app.roles"),
        (UserField::PersonalTitle, "https://acme.example/profile.title"),
        (UserField::Nationality, "address.country.code"),
    ];
    let evaluation = run(&rows, claims);
    assert_eq!(evaluation.value(UserField::CountryOfResidence).unwrap().to_json(), json!("FI"));
    assert_eq!(evaluation.value(UserField::Groups).unwrap().to_json(), json!(["editor"]));
    assert_eq!(evaluation.value(UserField::PersonalTitle).unwrap().to_json(), json!("Dr."));
    assert_eq!(evaluation.value(UserField::Nationality), None);
}

#[test]
fn an_address_object_gives_its_formatted_text_or_its_parts() {
    let formatted = json!({"formatted": "Pikk 1\nTallinn", "country": "EE"});
    assert_eq!(one(UserField::Address, formatted), Ok(json!("Pikk 1\nTallinn")));
    let parts = json!({"street_address": "Pikk 1", "locality": "Tallinn", "postal_code": "10123", "country": "EE"});
    assert_eq!(one(UserField::Address, parts), Ok(json!("Pikk 1, 10123, Tallinn, EE")));
    assert_eq!(one(UserField::Address, json!({"zip": "1"})), Err(SkipReason::NotAnAddress));
    assert_eq!(
        one(UserField::FirstName, json!({"formatted": "x"})),
        Err(SkipReason::WrongKind { found: JsonKind::Object })
    );
}

#[test]
fn a_gender_is_lower_cased_and_never_guessed() {
    assert_eq!(one(UserField::Gender, json!("Female")), Ok(json!("female")));
    for strange in [json!("f"), json!("1"), json!(1), json!("mees")] {
        assert_eq!(one(UserField::Gender, strange), Err(SkipReason::NotAGender));
    }
}

#[test]
fn a_birth_date_must_exist() {
    assert_eq!(one(UserField::BirthDate, json!("2000-02-29")), Ok(json!("2000-02-29")));
    for wrong in ["2001-02-29", "29.02.2000", "1990", "2000-02-29T00:00:00Z"] {
        assert_eq!(one(UserField::BirthDate, json!(wrong)), Err(SkipReason::NotADate));
    }
}

#[test]
fn integers_may_be_written_as_digits() {
    assert_eq!(one(UserField::UidNumber, json!("50000")), Ok(json!(50_000)));
    assert_eq!(one(UserField::PrimaryGid, json!(0)), Ok(json!(0)));
    for wrong in [json!(-1), json!("+5"), json!(1.5), json!(4_294_967_296_u64), json!("0x10"), json!("staff")] {
        assert_eq!(one(UserField::UidNumber, wrong), Err(SkipReason::NotAnInteger));
    }
}

#[test]
fn a_schac_urn_becomes_country_and_number() {
    let urn = json!("urn:schac:personalUniqueID:EE:EST:60001019906");
    assert_eq!(one(UserField::CivilNumber, urn), Ok(json!("EE60001019906")));
    assert_eq!(one(UserField::CivilNumber, json!("EE60001019906")), Ok(json!("EE60001019906")));
    assert_eq!(
        one(UserField::CivilNumber, json!("urn:schac:personalUniqueID:EE")),
        Ok(json!("urn:schac:personalUniqueID:EE"))
    );
}

#[test]
fn too_long_unstorable_and_malformed_values_are_passed_over() {
    assert_eq!(one(UserField::FirstName, json!("é".repeat(100))), Ok(json!("é".repeat(100))));
    assert_eq!(one(UserField::FirstName, json!("é".repeat(101))), Err(SkipReason::TooLong { length: 101, max: 100 }));
    assert_eq!(one(UserField::FirstName, json!("a\0b")), Err(SkipReason::Unstorable));
    for wrong in ["ada", "@b", "a@", "a b@c", "a@b@c", "Ada <a@b>"] {
        assert_eq!(one(UserField::Email, json!(wrong)), Err(SkipReason::NotAnEmail));
    }
    for (several, by) in [("a@b,c@d", ','), ("a@b;c@d", ';')] {
        assert_eq!(one(UserField::Email, json!(several)), Err(SkipReason::SeveralEmails { by }));
    }
}

fn identity(user_field: &str, user_claim: &str, claims: Value) -> IdentityOutcome {
    let mapping =
        UserMapping { user_field: user_field.to_owned(), user_claim: user_claim.to_owned(), ..UserMapping::default() };
    evaluate(&mapping, &sent(claims)).identity
}

#[test]
fn the_first_present_claim_identifies_the_user() {
    assert_eq!(identity("username", "sub", json!({"sub": " x "})).value(), Some(" x "));
    assert_eq!(identity("username", "oid sub", json!({"oid": null, "sub": "s"})).value(), Some("s"));
    assert_eq!(identity("username", "uid", json!({"uid": 1001})).value(), Some("1001"));
    let urn = json!({"id": "urn:schac:personalUniqueID:EE:EST:60001019906"});
    assert_eq!(identity("civil_number", "id", urn).value(), Some("EE60001019906"));
}

#[test]
fn an_unusable_identity_claim_never_falls_back_to_another() {
    assert_eq!(
        identity("username", "oid sub", json!({"oid": "", "sub": "s"})),
        IdentityOutcome::NotFound { claim: Some("oid".to_owned()), reason: SkipReason::Empty }
    );
    assert_eq!(
        identity("username", "oid sub", json!({"sub": ["a", "b"]})),
        IdentityOutcome::NotFound { claim: Some("sub".to_owned()), reason: SkipReason::SeveralValues { count: 2 } }
    );
    assert_eq!(
        identity("username", "", json!({"sub": "s"})),
        IdentityOutcome::NotFound { claim: None, reason: SkipReason::Missing }
    );
}

#[test]
fn extra_claims_are_kept_as_sent_when_truthy() {
    let mapping =
        UserMapping { extra_fields: Some("amr acr zero none realm_access.roles".to_owned()), ..UserMapping::default() };
    let claims = json!({"amr": ["mfa"], "acr": "", "zero": 0, "none": null, "realm_access": {"roles": ["r"]}});
    let kept = evaluate(&mapping, &sent(claims)).kept();
    assert_eq!(Value::Object(kept.to_json()), json!({"amr": ["mfa"], "realm_access.roles": ["r"]}));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["2000-02-29", "Male", "a@b", "50000", "urn:schac:personalUniqueID:EE:EST:6", " "])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("(a|b|a\\.b|formatted|country)", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_claims() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec(("(a|b|c|a\\.b|sub)", any_json()), 0..6).prop_map(|members| members.into_iter().collect())
}

fn any_field() -> impl Strategy<Value = UserField> {
    prop::sample::select(UserField::ALL.to_vec())
}

fn fits(field: UserField, value: &FieldValue) -> bool {
    let short = |text: &String| !text.trim().is_empty() && text.chars().count() <= field.max_length();
    match (field.kind(), value) {
        (FieldKind::List, FieldValue::List(items)) => !items.is_empty() && items.iter().all(short),
        (FieldKind::Integer, FieldValue::Integer(_)) => true,
        (FieldKind::Date, FieldValue::Text(text)) => is_calendar_date(text),
        (FieldKind::Gender, FieldValue::Text(text)) => ["male", "female", "other", "unknown"].contains(&text.as_str()),
        (FieldKind::Email, FieldValue::Text(text)) => short(text) && text.contains('@'),
        (FieldKind::Text | FieldKind::Address, FieldValue::Text(text)) => short(text),
        _ => false,
    }
}

proptest! {
    #[test]
    fn any_claims_give_values_that_fit(claims in any_claims(), names in "[abc. ]{0,12}", user_claim in "[abc. ]{0,6}") {
        let mut mapping = UserMapping { user_claim, extra_fields: Some(names.clone()), ..UserMapping::default() };
        for field in UserField::ALL {
            mapping.attributes.set(field, &names);
        }
        let claims = Claims::from(claims);
        let evaluation = evaluate(&mapping, &claims);
        for outcome in &evaluation.fields {
            prop_assert_eq!(outcome.value.is_some(), outcome.claim.is_some());
            if let Some(value) = &outcome.value {
                prop_assert!(fits(outcome.field, value), "{:?}", outcome);
            }
        }
        prop_assert_eq!(&evaluation, &evaluate(&mapping, &claims));
    }

    #[test]
    fn the_first_claim_with_a_value_wins(field in any_field(), a in any_json(), b in any_json()) {
        let both = run(&[(field, "x y")], json!({"x": &a, "y": &b}));
        let expected = one(field, a).or_else(|_| one(field, b)).ok();
        prop_assert_eq!(both.value(field).map(FieldValue::to_json), expected);
    }

    #[test]
    fn a_one_item_list_means_its_item(field in any_field(), item in any_json()) {
        prop_assume!(!item.is_array());
        // The reasons may differ: from a list one chooses otherwise than from an object.
        prop_assert_eq!(one(field, json!([&item])).ok(), one(field, item).ok());
    }

    #[test]
    fn a_value_fed_back_stays_the_same(field in any_field(), value in any_json()) {
        if let Ok(value) = one(field, value) {
            prop_assert_eq!(one(field, value.clone()), Ok(value));
        }
    }
}
