//! Where names lead: lists, objects, delimited texts and JSON in texts, and what is said where they lead nowhere.

use super::*;
use crate::domain::mapping::FieldOutcome;

/// What becomes of `field`, mapped to `names`, with claims given as JSON text.
fn outcome(field: UserField, names: &str, claims: &str) -> FieldOutcome {
    evaluate(&mapping(&[(field, names)]), &Claims::parse(claims).unwrap()).fields.remove(0)
}

fn value(field: UserField, names: &str, claims: &str) -> Value {
    let outcome = outcome(field, names, claims);
    outcome.value.as_ref().unwrap_or_else(|| panic!("{outcome:?}")).to_json()
}

/// Why `field` stays empty, in words.
fn why(field: UserField, name: &str, claims: &str) -> String {
    let outcome = outcome(field, name, claims);
    assert_eq!(outcome.value, None);
    outcome.skipped[0].reason.explain(name)
}

const ADDRESSES: &str = r#"{"emails":["j@x.example","k@x.example"]}"#;

#[test]
fn an_item_of_a_list_is_taken_by_its_position() {
    assert_eq!(value(UserField::Email, "emails[0]", ADDRESSES), "j@x.example");
    assert_eq!(value(UserField::Email, "emails[1]", ADDRESSES), "k@x.example");
    assert_eq!(value(UserField::Email, "emails[0]", r#"{"emails":"j@x.example"}"#), "j@x.example");
    let objects = r#"{"emails":[{"value":"j@x.example","primary":true}]}"#;
    assert_eq!(value(UserField::Email, "emails[0].value", objects), "j@x.example");
    assert_eq!(
        why(UserField::Email, "emails", ADDRESSES),
        "has 2 values, and this field holds one: take the first with emails[0]"
    );
    assert_eq!(why(UserField::Email, "emails.0", ADDRESSES), "leads into “emails”, which is a list: write emails[0]");
    assert_eq!(why(UserField::Email, "emails[2]", ADDRESSES), "asks for item 2, counted from 0, of a list of 2 items");
    assert_eq!(
        why(UserField::Email, "emails", r#"{"emails":[{"value":"j@x.example"},{"value":"k@x.example"}]}"#),
        "is a list of objects: choose one of their members, such as emails[0].value"
    );
}

const OBJECTS: &str = r#"{"groups":[{"gid":"1","displayName":"g1"},{"gid":2,"displayName":"g2"}]}"#;

#[test]
fn each_object_of_a_list_gives_one_of_its_members() {
    assert_eq!(value(UserField::Groups, "groups[].displayName", OBJECTS), json!(["g1", "g2"]));
    assert_eq!(value(UserField::Groups, "groups[].gid", OBJECTS), json!(["1", "2"]));
    assert_eq!(value(UserField::Groups, "groups[0].displayName", OBJECTS), json!(["g1"]));
    assert_eq!(value(UserField::Groups, "groups[].name", r#"{"groups":{"name":"only"}}"#), json!(["only"]));
    assert_eq!(
        value(UserField::Groups, "a[].b[].c", r#"{"a":[{"b":[{"c":1},{"c":2}]},{"b":{"c":3}}]}"#),
        json!(["1", "2", "3"])
    );
    assert_eq!(
        value(UserField::Groups, "orgs[].roles", r#"{"orgs":[{"roles":["a","b"]},{"roles":["c"]}]}"#),
        json!(["a", "b", "c"])
    );
    assert_eq!(
        why(UserField::Groups, "groups", OBJECTS),
        "is a list of objects: choose one of their members, such as groups[].displayName, groups[].gid"
    );
    assert_eq!(
        why(UserField::Groups, "groups.displayName", OBJECTS),
        "leads into “groups”, which is a list: write groups[].displayName"
    );
}

#[test]
fn an_item_without_the_member_is_left_out_and_named() {
    let claims = r#"{"groups":[{"name":"a"},{"id":1},{"name":"c"}]}"#;
    let outcome = outcome(UserField::Groups, "groups[].name", claims);
    assert_eq!(outcome.value.unwrap().to_json(), json!(["a", "c"]));
    let left_out = SkippedClaim { claim: "groups[1].name".to_owned(), reason: SkipReason::Missing };
    assert_eq!(outcome.left_out, [left_out]);
    assert_eq!(why(UserField::Groups, "groups[].nam", claims), "was not sent by the provider");
}

#[test]
fn the_names_of_members_are_taken_as_values() {
    let zitadel = r#"{"urn:zitadel:iam:org:project:roles":{"admin":{"1":"o.example"},"user":{}}}"#;
    let name = "urn:zitadel:iam:org:project:roles";
    assert_eq!(value(UserField::Groups, &format!("{name}{{}}"), zitadel), json!(["admin", "user"]));
    assert_eq!(value(UserField::DisplayName, &format!("{name}{{}}[0]"), zitadel), "admin");
    assert_eq!(value(UserField::Groups, "a[]{}", r#"{"a":[{"x":1},{"y":2}]}"#), json!(["x", "y"]));
    assert_eq!(
        why(UserField::Groups, name, zitadel),
        format!(
            "is an object, which this field cannot hold: choose a member, as in {name}.name, or take the names of its \
             members with {name}{{}}"
        )
    );
    assert_eq!(why(UserField::Groups, "groups{}", OBJECTS), "leads into “groups”, which is a list: write groups[]{}");
}

#[test]
fn a_text_is_split_only_where_the_mapping_says_so() {
    let claims = r#"{"comma":"dev, ops,admins","pipe":"a|b","space":"x  y","dn":"CN=a,OU=b","many":["a,b","c"]}"#;
    assert_eq!(value(UserField::Groups, "comma[,]", claims), json!(["dev", "ops", "admins"]));
    assert_eq!(value(UserField::Groups, "pipe[|]", claims), json!(["a", "b"]));
    assert_eq!(value(UserField::Groups, "space[space]", claims), json!(["x", "y"]));
    assert_eq!(value(UserField::Groups, "many[][,]", claims), json!(["a", "b", "c"]));
    assert_eq!(value(UserField::Email, "mails[;][0]", r#"{"mails":"a@x.example;b@x.example"}"#), "a@x.example");
    assert_eq!(
        why(UserField::Email, "mails", r#"{"mails":"a@x.example; b@x.example"}"#),
        "holds several email addresses in one text: take the first with mails[;][0]"
    );
    assert_eq!(why(UserField::Groups, "many[,]", claims), "leads into “many”, which is a list: write many[][,]");

    for (name, taken, by) in [
        ("comma", "dev, ops,admins", Some(',')),
        ("pipe", "a|b", Some('|')),
        ("space", "x  y", Some(' ')),
        ("dn", "CN=a,OU=b", None),
    ] {
        let outcome = outcome(UserField::Groups, name, claims);
        assert_eq!(outcome.value.unwrap().to_json(), json!([taken]));
        assert_eq!(outcome.hint, by.map(|by| Hint::Separated { by }), "{name}");
    }
    assert_eq!(
        Hint::Separated { by: ',' }.explain("comma"),
        "is taken as one value: if “,” separates several, write comma[,]"
    );
}

#[test]
fn json_in_a_text_is_read_only_where_the_mapping_says_so() {
    let claims = r#"{"groups":"[\"dev\",\"ops\"]","profile":"{\"mail\":\"a@x.example\"}","plain":"dev"}"#;
    assert_eq!(value(UserField::Groups, "groups[json]", claims), json!(["dev", "ops"]));
    assert_eq!(value(UserField::Email, "profile[json].mail", claims), "a@x.example");
    assert_eq!(value(UserField::Groups, "g[json][]", r#"{"g":["a","b"]}"#), json!(["a", "b"]));
    assert_eq!(outcome(UserField::Groups, "groups", claims).hint, Some(Hint::JsonText));
    assert_eq!(why(UserField::Email, "profile", claims), "is JSON written as a text: read it with profile[json]");
    assert_eq!(
        why(UserField::Email, "profile.mail", claims),
        "leads into “profile”, which is text: write profile[json].mail"
    );
    assert_eq!(why(UserField::Groups, "plain[json]", claims), "is not JSON written as a text");
}

#[test]
fn a_claim_of_the_whole_name_wins_over_every_path() {
    for name in ["a.b", "a[0]", "a[].b", "a{}", "a[,]", "a[json]", "https://x.example/a.b", "urn:x:a[0]"] {
        let claims = json!({name: "whole", "a": {"b": "path"}, "https://x": {"example/a": {"b": "path"}}});
        assert_eq!(
            run(&[(UserField::Organization, name)], claims).value(UserField::Organization).unwrap().to_json(),
            "whole"
        );
    }
    let inner = r#"{"o":{"x.y":["first"],"x":{"y":["second"]},"z[0]":"third"}}"#;
    assert_eq!(value(UserField::Organization, "o.x.y[0]", inner), "first");
    assert_eq!(value(UserField::Organization, "o.z[0]", inner), "third");
}

#[test]
fn what_is_no_path_says_so() {
    assert_eq!(why(UserField::Groups, "a[x]", r#"{"a":[]}"#), "ends in “[x]”, which is no step of a path");
    assert_eq!(why(UserField::Groups, "b[x]", r#"{"a":[]}"#), "was not sent by the provider");
    assert_eq!(why(UserField::Email, "email.x", r#"{"email":"a@b"}"#), "leads into “email”, which is text");
    let long = format!("a{}", "[0]".repeat(100_000));
    assert_eq!(why(UserField::Groups, &long, r#"{"a":"b"}"#), "has more than 16 steps");
}

#[test]
fn groups_that_entra_left_out_are_not_called_missing() {
    let reason = "was left out by the provider: too many groups (_claim_names)";
    let overage = r#"{"sub":"a","_claim_names":{"groups":"src1"},
        "_claim_sources":{"src1":{"endpoint":"https://graph.example/x"}}}"#;
    assert!(why(UserField::Groups, "groups", overage).starts_with(reason));
    assert!(why(UserField::Groups, "groups[0]", overage).starts_with(reason));
    assert!(why(UserField::Groups, "groups", r#"{"hasgroups":true}"#).contains("too many groups (hasgroups)"));
    let saml = r#"{"http://schemas.microsoft.com/claims/groups.link":"https://graph.windows.net/x"}"#;
    let groups = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    assert!(why(UserField::Groups, groups, saml).contains("too many groups (groups.link)"));
    assert_eq!(why(UserField::Groups, "roles", overage), "was not sent by the provider");
}

#[test]
fn claims_that_another_party_holds_say_so() {
    let claims = r#"{"_claim_names":{"address":"s","groups":"s"},"_claim_sources":{"s":{"JWT":"a.b.c"}}}"#;
    let reason = "was left out by the provider, which refers to another source for it (_claim_names)";
    assert_eq!(why(UserField::Address, "address", claims), reason);
    assert_eq!(why(UserField::CountryOfResidence, "address.country", claims), reason);
    assert_eq!(why(UserField::Groups, "groups", claims), reason);
}

#[test]
fn an_identity_is_never_taken_from_the_rest_of_a_list() {
    let find = |user_claim: &str, claims: &str| {
        let mapping = UserMapping { user_claim: user_claim.to_owned(), ..UserMapping::default() };
        evaluate(&mapping, &Claims::parse(claims).unwrap()).identity
    };
    let ids = r#"{"ids":[{"id":"a"},{"uid":"b"}],"sub":"s"}"#;
    assert_eq!(find("ids[0].id", ids).value(), Some("a"));
    assert_eq!(find("ids[].id sub", ids).value(), None);
    assert_eq!(find("ids[7] sub", ids).value(), None);
    assert_eq!(find("absent[0] sub", ids).value(), Some("s"));
    assert_eq!(find("oid sub", r#"{"_claim_names":{"oid":"x"},"sub":"s"}"#).value(), None);
}

proptest! {
    #[test]
    fn any_path_into_any_claims_gives_a_value_that_fits_or_a_reason(
        claims in any_claims(),
        name in r"(a|b|a\.b|c)((\.(a|b|formatted))|\[[0-2]?\]|\{\}|\[,\]|\[json\]|\[space\]|[\[\]{}.]){0,6}",
        wild in "[abc.\\[\\]{},0j]{0,14}",
    ) {
        let claims = Claims::from(claims);
        for field in UserField::ALL {
            for name in [&name, &wild] {
                let mut mapping = mapping(&[(field, name)]);
                mapping.user_claim.clone_from(name);
                mapping.extra_fields = Some(name.clone());
                let evaluation = evaluate(&mapping, &claims);
                for outcome in &evaluation.fields {
                    match &outcome.value {
                        Some(value) => prop_assert!(fits(field, value), "{outcome:?}"),
                        None => prop_assert!(!outcome.skipped[0].reason.explain(name).is_empty()),
                    }
                }
            }
        }
    }

    #[test]
    fn the_whole_name_wins_whatever_it_looks_like(name in "[a-c.:/\\[\\]{},0]{1,12}", claims in any_claims()) {
        let mut claims = Claims::from(claims);
        claims.insert(name.as_str(), "whole");
        let evaluation = evaluate(&mapping(&[(UserField::Organization, &name)]), &claims);
        prop_assert_eq!(evaluation.value(UserField::Organization).unwrap().to_json(), "whole");
    }
}
