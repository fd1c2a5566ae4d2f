use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::{
    mapping::{Claims, UserMapping, evaluate},
    provider::{EmailTrust, FieldUpdate, Linking},
    user::Profile,
};

fn mapping(user_field: &str, user_claim: &str) -> UserMapping {
    let mapping = json!({
        "user_field": user_field, "user_claim": user_claim, "extra_fields": "department",
        "attributes": {"email": "email", "first_name": "given_name", "organization": "org"},
    });
    serde_json::from_value(mapping).expect("a mapping")
}

fn policy() -> SignInPolicy {
    SignInPolicy {
        creates: true,
        update: UpdatePolicy { default: FieldUpdate::Always, fields: BTreeMap::new() },
        linking: Linking::Never,
        match_existing_users: false,
        email_trust: EmailTrust::Claim,
        confirmed_domains: Vec::new(),
        allowed_domains: Vec::new(),
    }
}

fn subject(claims: serde_json::Value) -> AuthenticatedSubject {
    AuthenticatedSubject {
        issuer: "https://idp.example".to_owned(),
        subject: claims["sub"].as_str().unwrap_or_default().to_owned(),
        claims: Claims::parse(&claims.to_string()).expect("claims"),
        is_complete: true,
        authenticated_at: None,
        methods: Vec::new(),
        context: None,
        session: None,
    }
}

fn ada() -> AuthenticatedSubject {
    subject(json!({"sub": "a1", "email": "ada@corp.example", "email_verified": true, "given_name": "Ada"}))
}

fn user(number: u32, username: &str, email: &str) -> KnownUser<u32> {
    let profile = Profile { username: username.to_owned(), email: Some(email.to_owned()), ..Profile::default() };
    KnownUser {
        user: number,
        profile,
        email_verified: true,
        is_linked: false,
        protected_fields: Vec::new(),
        is_blocked: false,
        is_active: true,
    }
}

fn link(user: KnownUser<u32>, subject: &str) -> StoredLink<u32> {
    StoredLink { user: Some(user), subject: subject.to_owned() }
}

const fn none_known() -> KnownUsers<u32> {
    KnownUsers { by_value: None, by_subject: None, by_field: None, by_email: None, by_username: None }
}

fn outcome(
    subject: &AuthenticatedSubject,
    mapping: &UserMapping,
    policy: &SignInPolicy,
    known: &KnownUsers<u32>,
) -> Decision<u32> {
    decide(subject, mapping, &evaluate(mapping, &subject.claims), policy, known)
}

fn refusal(decision: Decision<u32>) -> Refusal {
    match decision {
        Decision::Refuse(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn an_unknown_person_becomes_a_user_where_users_are_created() {
    let by_sub = mapping("username", "sub");
    let Decision::Create { profile, verified_email } = outcome(&ada(), &by_sub, &policy(), &none_known()) else {
        panic!("a user is created")
    };
    assert_eq!((profile.username.as_str(), profile.first_name.as_deref()), ("a1", Some("Ada")));
    assert!(verified_email);
    // A mapping that identifies by another field than the user name: the address is the name.
    let Decision::Create { profile, .. } = outcome(&ada(), &mapping("civil_number", "sub"), &policy(), &none_known())
    else {
        panic!("a user is created")
    };
    assert_eq!(profile.username, "ada@corp.example");
    let closed = SignInPolicy { creates: false, ..policy() };
    assert_eq!(refusal(outcome(&ada(), &by_sub, &closed, &none_known())), Refusal::CreationOff);
}

#[test]
fn a_name_or_an_address_that_another_user_has_is_never_taken_over() {
    let by_sub = mapping("username", "sub");
    let named = KnownUsers { by_username: Some(7), ..none_known() };
    assert_eq!(refusal(outcome(&ada(), &by_sub, &policy(), &named)), Refusal::UsernameTaken);
    let addressed = KnownUsers { by_email: Some(user(7, "x", "ada@corp.example")), ..none_known() };
    assert_eq!(refusal(outcome(&ada(), &by_sub, &policy(), &addressed)), Refusal::EmailTaken);
}

#[test]
fn an_unverified_address_links_no_one_and_a_verified_one_only_in_confirmed_domains() {
    let by_sub = mapping("username", "sub");
    let known = KnownUsers { by_email: Some(user(7, "ada", "ada@corp.example")), ..none_known() };
    let linking = |trust, confirmed: &[&str]| SignInPolicy {
        linking: Linking::VerifiedEmail,
        email_trust: trust,
        confirmed_domains: confirmed.iter().map(|domain| (*domain).to_owned()).collect(),
        ..policy()
    };
    let email = |verified: serde_json::Value| {
        subject(json!({"sub": "a1", "email": "ada@corp.example", "email_verified": verified}))
    };
    let confirmed = linking(EmailTrust::Claim, &["corp.example"]);
    for unverified in [json!(false), json!("false"), json!(null), json!(1), json!("yes"), json!([true])] {
        let refused = refusal(outcome(&email(unverified.clone()), &by_sub, &confirmed, &known));
        assert_eq!(refused, Refusal::EmailTaken, "{unverified}");
    }
    for verified in [json!(true), json!("true")] {
        let linked = outcome(&email(verified), &by_sub, &confirmed, &known);
        assert!(matches!(linked, Decision::Existing { user: 7, link: LinkChange::Add, .. }), "{linked:?}");
    }
    let elsewhere = linking(EmailTrust::Always, &["other.example"]);
    assert_eq!(refusal(outcome(&email(json!(true)), &by_sub, &elsewhere, &known)), Refusal::EmailTaken);
    // `email_verified` says nothing about an address that is mapped from another claim.
    let mut upn = mapping("username", "sub");
    upn.attributes = serde_json::from_value(json!({"email": "upn"})).expect("attributes");
    let other =
        subject(json!({"sub": "a1", "upn": "ada@corp.example", "email": "eve@evil.example", "email_verified": true}));
    assert_eq!(refusal(outcome(&other, &upn, &confirmed, &known)), Refusal::EmailTaken);
}

#[test]
fn a_value_that_the_provider_gave_to_another_person_is_refused_and_never_linked_again() {
    let by_email = mapping("email", "email");
    let known = KnownUsers { by_value: Some(link(user(7, "ada", "ada@corp.example"), "old")), ..none_known() };
    let everything = SignInPolicy { match_existing_users: true, linking: Linking::VerifiedEmail, ..policy() };
    let refused = refusal(outcome(&ada(), &by_email, &everything, &known));
    assert_eq!(refused, Refusal::SubjectChanged { claim: "email".to_owned() });
}

#[test]
fn a_link_moves_when_its_claim_or_value_changed_and_the_subject_did_not() {
    let known = KnownUsers { by_subject: Some(link(user(7, "ada", "old@corp.example"), "a1")), ..none_known() };
    let moved = outcome(&ada(), &mapping("email", "email"), &policy(), &known);
    let Decision::Existing { user: 7, link: LinkChange::Move, change, .. } = moved else { panic!("{moved:?}") };
    assert_eq!(change.changed, ["email", "first_name"]);
}

#[test]
fn who_was_deleted_stays_out_whatever_else_would_let_them_in() {
    let gone = StoredLink { user: None, subject: "a1".to_owned() };
    let known = KnownUsers {
        by_value: Some(gone.clone()),
        by_field: Some(user(8, "a1", "x@corp.example")),
        by_email: Some(user(8, "a1", "ada@corp.example")),
        ..none_known()
    };
    let open = SignInPolicy { match_existing_users: true, ..policy() };
    assert_eq!(refusal(outcome(&ada(), &mapping("username", "sub"), &open, &known)), Refusal::Deleted);
    let by_subject = KnownUsers { by_value: None, by_subject: Some(gone), ..known };
    assert_eq!(refusal(outcome(&ada(), &mapping("email", "email"), &open, &by_subject)), Refusal::Deleted);
}

#[test]
fn a_user_whom_the_provider_did_not_bring_is_found_by_field_only_where_that_is_on() {
    let by_sub = mapping("username", "sub");
    let known = KnownUsers { by_field: Some(user(7, "a1", "ada@corp.example")), by_username: Some(7), ..none_known() };
    assert_eq!(refusal(outcome(&ada(), &by_sub, &policy(), &known)), Refusal::UsernameTaken);
    let matching = SignInPolicy { match_existing_users: true, ..policy() };
    let found = outcome(&ada(), &by_sub, &matching, &known);
    assert!(matches!(found, Decision::Existing { user: 7, link: LinkChange::Add, .. }), "{found:?}");
}

#[test]
fn a_user_of_the_same_provider_is_linked_to_no_other_person_of_it() {
    let hers = KnownUser { is_linked: true, ..user(7, "ada", "ada@corp.example") };
    let known = KnownUsers { by_field: Some(hers.clone()), by_email: Some(hers), ..none_known() };
    for linking in [Linking::VerifiedEmail, Linking::Ask] {
        let open = SignInPolicy {
            match_existing_users: true,
            linking,
            confirmed_domains: vec!["corp.example".to_owned()],
            ..policy()
        };
        assert_eq!(refusal(outcome(&ada(), &mapping("username", "sub"), &open, &known)), Refusal::EmailTaken);
    }
}

#[test]
fn an_address_that_the_user_never_verified_links_no_one() {
    let waiting = KnownUser { email_verified: false, ..user(7, "mallory", "ada@corp.example") };
    let known = KnownUsers { by_email: Some(waiting), ..none_known() };
    let linking = SignInPolicy {
        linking: Linking::VerifiedEmail,
        confirmed_domains: vec!["corp.example".to_owned()],
        ..policy()
    };
    assert_eq!(refusal(outcome(&ada(), &mapping("username", "sub"), &linking, &known)), Refusal::EmailTaken);
}

#[test]
fn a_user_is_found_by_the_address_only_where_it_is_verified() {
    let by_email = mapping("email", "email");
    let hers = user(7, "ada", "ada@corp.example");
    let known = KnownUsers { by_field: Some(hers.clone()), by_email: Some(hers), ..none_known() };
    let matching = SignInPolicy { match_existing_users: true, ..policy() };
    let found = outcome(&ada(), &by_email, &matching, &known);
    assert!(matches!(found, Decision::Existing { user: 7, link: LinkChange::Add, .. }), "{found:?}");
    let unverified = subject(json!({"sub": "a1", "email": "ada@corp.example", "email_verified": false}));
    assert_eq!(refusal(outcome(&unverified, &by_email, &matching, &known)), Refusal::EmailTaken);
}

#[test]
fn allowed_domains_are_exact_and_an_address_is_one() {
    let by_sub = mapping("username", "sub");
    let only = SignInPolicy { allowed_domains: vec!["corp.example".to_owned()], ..policy() };
    let with = |email: &str| subject(json!({"sub": "a1", "email": email}));
    for allowed in ["ada@corp.example", "ada+x@CORP.example", "o'hara@corp.example"] {
        let decision = outcome(&with(allowed), &by_sub, &only, &none_known());
        assert!(matches!(decision, Decision::Create { .. }), "{allowed}: {decision:?}");
    }
    for (email, domain) in
        [("ada@sub.corp.example", "sub.corp.example"), ("ada@corp.example.evil.example", "corp.example.evil.example")]
    {
        let refused = refusal(outcome(&with(email), &by_sub, &only, &none_known()));
        assert_eq!(refused, Refusal::DomainNotAllowed { domain: Some(domain.to_owned()) });
    }
    for email in
        ["", "ada", "a@evil.example,b@corp.example", "a@evil.example@corp.example", "\"a@evil.example\"@corp.example"]
    {
        assert_eq!(refusal(outcome(&with(email), &by_sub, &only, &none_known())), Refusal::EmailMissing, "{email}");
    }
    for said in [json!(false), json!("false"), json!("False"), json!(0), json!(null), json!([]), json!("")] {
        let denied = subject(json!({"sub": "a1", "email": "ada@corp.example", "email_verified": said}));
        assert_eq!(refusal(outcome(&denied, &by_sub, &only, &none_known())), Refusal::EmailNotVerified, "{said}");
    }
}

#[test]
fn a_missing_value_clears_a_field_only_where_that_is_set() {
    let by_sub = mapping("username", "sub");
    let mut stored = user(7, "a1", "ada@corp.example");
    stored.profile.first_name = Some("Augusta".to_owned());
    stored.profile.fields = json!({"organization": "Old", "shoe_size": 38}).as_object().expect("fields").clone();
    let known = KnownUsers { by_value: Some(link(stored, "a1")), ..none_known() };
    let bare = subject(json!({"sub": "a1", "org": ""}));
    for (rule, changed) in [
        (FieldUpdate::Never, vec![]),
        (FieldUpdate::WhenEmpty, vec![]),
        (FieldUpdate::Always, vec![]),
        (FieldUpdate::Mirror, vec!["email", "first_name", "organization"]),
    ] {
        let update = UpdatePolicy { default: rule, fields: BTreeMap::new() };
        let decision = outcome(&bare, &by_sub, &SignInPolicy { update, ..policy() }, &known);
        let Decision::Existing { change, .. } = decision else { panic!("{decision:?}") };
        assert_eq!(change.changed, changed, "{rule:?}");
        assert!(change.profile.fields.contains_key("shoe_size"), "a field that is not mapped belongs to others");
    }
    let update = UpdatePolicy { default: FieldUpdate::Mirror, fields: BTreeMap::new() };
    let incomplete = AuthenticatedSubject { is_complete: false, ..bare };
    let decision = outcome(&incomplete, &by_sub, &SignInPolicy { update, ..policy() }, &known);
    let Decision::Existing { change, .. } = decision else { panic!("{decision:?}") };
    assert_eq!(change.changed, [""; 0], "nobody knows whether the provider would have sent it");
}

#[test]
fn fields_that_another_provider_protects_stay() {
    let by_sub = mapping("username", "sub");
    let mut stored = user(7, "a1", "old@corp.example");
    stored.protected_fields = vec!["email".to_owned(), "organization".to_owned()];
    let known = KnownUsers { by_value: Some(link(stored, "a1")), ..none_known() };
    let update = UpdatePolicy { default: FieldUpdate::Mirror, fields: BTreeMap::new() };
    let decision = outcome(&ada(), &by_sub, &SignInPolicy { update, ..policy() }, &known);
    let Decision::Existing { change, verified_email, .. } = decision else { panic!("{decision:?}") };
    assert_eq!(
        (change.changed, change.profile.email.as_deref()),
        (vec!["first_name".to_owned()], Some("old@corp.example"))
    );
    assert_eq!(verified_email, None, "the verified address is not the user's");
}

#[test]
fn an_address_of_another_user_is_left_and_reported() {
    let by_sub = mapping("username", "sub");
    let known = KnownUsers {
        by_value: Some(link(user(7, "a1", "old@corp.example"), "a1")),
        by_email: Some(user(8, "eve", "ada@corp.example")),
        ..none_known()
    };
    let decision = outcome(&ada(), &by_sub, &policy(), &known);
    let Decision::Existing { change, verified_email, .. } = decision else { panic!("{decision:?}") };
    assert_eq!((change.taken, change.profile.email.as_deref()), (vec!["email"], Some("old@corp.example")));
    assert_eq!(verified_email, None, "the verified address is not the user's");
}

fn any_user() -> impl Strategy<Value = KnownUser<u32>> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (0_u32..3, flags).prop_map(|(number, (is_blocked, is_active, email_verified, is_linked))| KnownUser {
        email_verified,
        is_linked,
        is_blocked,
        is_active,
        ..user(number, &format!("u{number}"), &format!("u{number}@corp.example"))
    })
}

fn any_known() -> impl Strategy<Value = KnownUsers<u32>> {
    let any_link = || {
        let subject = prop_oneof![Just("a1".to_owned()), Just("other".to_owned())];
        (prop::option::of(any_user()), subject).prop_map(|(user, subject)| StoredLink { user, subject })
    };
    let of_subject = prop::option::of(any_user()).prop_map(|user| StoredLink { user, subject: "a1".to_owned() });
    (
        prop::option::of(any_link()),
        prop::option::of(of_subject),
        prop::option::of(any_user()),
        prop::option::of(any_user()),
        prop::option::of(0_u32..3),
    )
        .prop_map(|(by_value, by_subject, by_field, by_email, by_username)| KnownUsers {
            by_value,
            by_subject,
            by_field,
            by_email,
            by_username,
        })
}

fn any_policy() -> impl Strategy<Value = SignInPolicy> {
    let linking = prop::sample::select(Linking::ALL);
    let trust = prop::sample::select(EmailTrust::ALL);
    let rule = prop::sample::select(FieldUpdate::ALL);
    (any::<bool>(), any::<bool>(), linking, trust, rule, any::<bool>()).prop_map(
        |(creates, match_existing_users, linking, email_trust, rule, confirms)| SignInPolicy {
            creates,
            match_existing_users,
            linking,
            email_trust,
            update: UpdatePolicy { default: rule, fields: BTreeMap::new() },
            confirmed_domains: if confirms { vec!["corp.example".to_owned()] } else { Vec::new() },
            allowed_domains: Vec::new(),
        },
    )
}

proptest! {
    #[test]
    fn a_person_who_is_let_in_is_an_active_user_for_a_stated_reason(
        known in any_known(), policy in any_policy(), verified in any::<bool>(),
    ) {
        let person = subject(json!({"sub": "a1", "email": "ada@corp.example", "email_verified": verified}));
        let by_sub = mapping("username", "sub");
        match outcome(&person, &by_sub, &policy, &known) {
            Decision::Existing { user, link, change, .. } => {
                let reason = match link {
                    LinkChange::Keep => known.by_value.as_ref().filter(|link| link.subject == "a1").and_then(|link| link.user.as_ref()),
                    LinkChange::Move => known.by_subject.as_ref().and_then(|link| link.user.as_ref()),
                    LinkChange::Add if policy.match_existing_users && known.by_field.as_ref().is_some_and(|user| !user.is_linked) => known.by_field.as_ref(),
                    LinkChange::Add => {
                        prop_assert_eq!(policy.linking, Linking::VerifiedEmail);
                        prop_assert!(!policy.confirmed_domains.is_empty());
                        prop_assert!(verified || policy.email_trust != EmailTrust::Claim);
                        known.by_email.as_ref().filter(|user| user.email_verified && !user.is_linked)
                    }
                };
                let reason = reason.expect("someone");
                prop_assert!(reason.user == user && !reason.is_blocked && reason.is_active);
                let holder = known.by_email.as_ref().map(|holder| holder.user);
                let takes = change.profile.email.as_deref() == Some("ada@corp.example");
                prop_assert!(!takes || holder.is_none_or(|holder| holder == user), "an address with two users");
            }
            Decision::Create { .. } => {
                prop_assert!(policy.creates && known.by_value.is_none() && known.by_subject.is_none());
                prop_assert!(known.by_username.is_none() && known.by_email.is_none());
            }
            Decision::Ask { .. } => prop_assert_eq!(policy.linking, Linking::Ask),
            Decision::Refuse(refusal) => prop_assert!(refusal.explain().ends_with('.') && !refusal.advice().is_empty()),
        }
    }
}
