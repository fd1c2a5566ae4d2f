//! Numbers and booleans: every digit is kept, and two numbers never become one identity.

use super::*;

fn claims(text: &str) -> Claims {
    Claims::parse(text).unwrap()
}

fn identity_of(number: &str) -> IdentityOutcome {
    evaluate(&UserMapping::default(), &claims(&format!(r#"{{"sub":{number}}}"#))).identity
}

#[test]
fn subjects_beyond_64_bits_stay_apart() {
    let (a, b) = (identity_of("112233445566778899001"), identity_of("112233445566778899002"));
    assert_eq!(a.value(), Some("112233445566778899001"));
    assert_eq!(b.value(), Some("112233445566778899002"));
    assert_eq!(identity_of("-7").value(), Some("-7"));
    assert_eq!(identity_of("[18446744073709551616]").value(), Some("18446744073709551616"));
}

#[test]
fn fractions_and_exponents_identify_nobody() {
    for number in ["1.0", "1e3", "1.122334455667789e+20", "0.5"] {
        let expected = IdentityOutcome::NotFound { claim: Some("sub".to_owned()), reason: SkipReason::NotAWholeNumber };
        assert_eq!(identity_of(number), expected);
        assert_eq!(identity_of(&format!(r#""{number}""#)).value(), Some(number), "as text it is what it is");
    }
    // A number that went through a `Value` has lost its digits, and must not identify a user.
    let rounded: Value = serde_json::from_str(r#"{"sub":112233445566778899001}"#).unwrap();
    let rounded = Claims::from(rounded.as_object().unwrap().clone());
    assert_eq!(evaluate(&UserMapping::default(), &rounded).identity.value(), None);
}

#[test]
fn fields_keep_the_digits_of_numbers() {
    let rows = [(UserField::CivilNumber, "id"), (UserField::Organization, "version"), (UserField::Groups, "gids")];
    let sent = claims(r#"{"id":112233445566778899001,"version":1.10,"gids":[112233445566778899001,1e2]}"#);
    let evaluation = evaluate(&mapping(&rows), &sent);
    let value = |field| evaluation.value(field).unwrap().to_json();
    assert_eq!(value(UserField::CivilNumber), "112233445566778899001");
    assert_eq!(value(UserField::Organization), "1.10");
    assert_eq!(value(UserField::Groups), json!(["112233445566778899001", "1e2"]));
}

#[test]
fn parts_of_an_address_may_be_numbers_and_others_are_left_out_by_name() {
    let address = |members: &str| {
        let text = format!(r#"{{"address":{members}}}"#);
        evaluate(&mapping(&[(UserField::Address, "address")]), &claims(&text)).fields.remove(0)
    };
    let sent = address(r#"{"street_address":"1 Rd","postal_code":12345,"locality":"Town"}"#);
    assert_eq!(sent.value.unwrap().as_text(), Some("1 Rd, 12345, Town"));
    assert_eq!(sent.left_out, []);

    let sent = address(r#"{"street_address":["1 Rd"],"postal_code":true,"house":{"no":1},"locality":"Town"}"#);
    assert_eq!(sent.value.unwrap().as_text(), Some("1 Rd, Town"));
    let left_out = |claim: &str, reason| SkippedClaim { claim: claim.to_owned(), reason };
    assert_eq!(
        sent.left_out,
        [
            left_out("address.postal_code", SkipReason::WrongKind { found: JsonKind::Boolean }),
            left_out("address.house", SkipReason::NotAnAddressPart),
        ]
    );
    assert_eq!(address(r#"{"zip":"1"}"#).skipped[0].reason, SkipReason::NotAnAddress);
    assert_eq!(address(r#"{"formatted":7}"#).value.unwrap().as_text(), Some("7"));
}

#[test]
fn extra_claims_are_kept_digit_by_digit_and_others_are_explained() {
    let mapping = UserMapping { extra_fields: Some("o n gone zero".to_owned()), ..UserMapping::default() };
    let sent = r#"{"n":112233445566778899001,"o":{"a":1.0,"b":false,"c":"x","d":112233445566778899002},"zero":0.0}"#;
    let evaluation = evaluate(&mapping, &claims(sent));
    let kept = evaluation.kept();
    assert_eq!(kept.get("n").unwrap().to_string(), "112233445566778899001");
    assert_eq!(kept.get("o").unwrap().to_string(), r#"{"a":1.0,"b":false,"c":"x","d":112233445566778899002}"#);
    assert_eq!(evaluation.extra[2].value, Err(SkipReason::Missing));
    assert_eq!(evaluation.extra[3].value, Err(SkipReason::NotKept));
}

/// A number as JSON may write it.
fn literal() -> impl Strategy<Value = String> {
    "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?"
}

proptest! {
    #[test]
    fn two_numbers_never_become_one_identity(a in literal(), b in literal(), base in "[1-9][0-9]{17,40}", last in 0..10_u8) {
        let nearly = format!("{base}{last}");
        for (a, b) in [(&a, &b), (&base, &nearly), (&nearly, &a)] {
            let (one, other) = (identity_of(a), identity_of(b));
            if let (Some(one), Some(other)) = (one.value(), other.value()) {
                prop_assert_eq!(one == other, a == b, "{} {}", a, b);
            }
        }
    }

    #[test]
    fn any_number_is_kept_as_it_is_written(number in literal()) {
        let sent = claims(&format!(r#"{{"n":{number}}}"#));
        let mapping = UserMapping { extra_fields: Some("n".to_owned()), ..mapping(&[(UserField::Organization, "n")]) };
        let evaluation = evaluate(&mapping, &sent);
        prop_assert_eq!(evaluation.value(UserField::Organization).unwrap().as_text(), Some(number.as_str()));
        if let Some(kept) = evaluation.kept().get("n") {
            prop_assert_eq!(kept.to_string(), number);
        }
    }
}
