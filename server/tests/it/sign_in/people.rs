//! Who a person is: users, links, and who stays out.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use vestibule::domain::{
    actor::Actor,
    audit::{AuditAction, AuditFilter, AuditObject, FieldChange},
    provider::{NewProvider, ProviderPatch, Provisioning},
};

use super::browser::{Browser, Place, encoded};
use crate::support::TestApp;

#[tokio::test]
async fn a_blocked_user_and_a_deleted_one_stay_out() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    let cookie = browser.session().expect("a session").clone();
    let [user] = &place.users().await[..] else { panic!("one user") };
    let users = &place.app.services.users;
    users.set_blocked(&Actor::operator(), user.id, true, None).await.expect("a block");
    assert!(place.app.services.sign_ins.resume(&cookie).await.expect("an answer").is_none());
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("An administrator blocked the user.");
    users.set_blocked(&Actor::operator(), user.id, false, None).await.expect("no block");
    let resumed = place.app.services.sign_ins.resume(&cookie).await.expect("an answer");
    assert!(resumed.is_none(), "the block ended the session");
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    users.delete(&Actor::operator(), user.id).await.expect("a deletion");
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("The user was deleted.");
    assert!(place.users().await.is_empty());
}

#[tokio::test]
async fn unknown_people_become_users_only_where_that_is_on() {
    let closed = Provisioning { auto_create_users: false, update_user_on_login: true };
    let place = Place::with(|new| NewProvider { provisioning: closed, ..new }).await;
    let mut browser = Browser::default();
    let answer = browser.sign_in(&place, "").await;
    assert_eq!(answer.status, 403);
    assert!(!answer.text().contains("auto_create_users"), "nothing technical is shown");
    place.check_reason("auto_create_users");
    assert!(place.users().await.is_empty() && browser.session().is_none());
}

#[tokio::test]
async fn known_users_get_what_the_provider_sends_unless_that_is_off() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    place.openid.claims(|claims| claims["email"] = json!("countess@corp.example"));
    Browser::default().sign_in(&place, "").await;
    assert_eq!(place.users().await[0].profile.email.as_deref(), Some("countess@corp.example"));
    let kept = Provisioning { auto_create_users: true, update_user_on_login: false };
    let patch = ProviderPatch { provisioning: Some(kept), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    place.openid.claims(|claims| claims["email"] = json!("other@corp.example"));
    Browser::default().sign_in(&place, "").await;
    assert_eq!(place.users().await[0].profile.email.as_deref(), Some("countess@corp.example"));
}

#[tokio::test]
async fn the_same_sub_at_another_provider_is_another_person_and_takes_nothing_over() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "provider=corp").await;
    // The second provider claims to know the same subject, with the same verified address.
    let evil = super::provider::SigningProvider::start().await;
    let there = place.at(evil, "Evil").await;
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&there, "provider=evil").await.status, 403);
    there.check_reason("Another user of the tenant has this user name.");
    assert!(browser.session().is_none());
    assert_eq!(there.users().await.len(), 1);
    // With names of its own it is a second user.
    there.openid.claims(|claims| {
        claims["sub"] = json!("eve");
        claims["email"] = json!("eve@evil.example");
    });
    assert_eq!(browser.sign_in(&there, "provider=evil").await.status, 303);
    assert_eq!(there.users().await.len(), 2);
}

#[tokio::test]
async fn an_address_that_was_given_to_another_person_does_not_give_the_account_away() {
    let place = Place::with(|mut new| {
        new.mapping.user_field = "email".to_owned();
        new.mapping.user_claim = "email".to_owned();
        new
    })
    .await;
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    place.openid.claims(|claims| claims["sub"] = json!("another person"));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("the permanent identifier (sub) differs");
    // The same person with a new address is the same user.
    place.openid.claims(|claims| claims["email"] = json!("countess@corp.example"));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!(place.users().await.len(), 1);
}

#[tokio::test]
async fn links_move_to_another_claim_at_the_next_sign_in() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    let [user] = &place.users().await[..] else { panic!("one user") };
    let count = async |claims: &str| {
        let providers = &place.app.services.providers;
        providers.count_links_to_move(&Actor::operator(), place.provider.id, claims).await.expect("a count")
    };
    assert_eq!((count("sub").await, count("email").await, count("email sub").await), (0, 1, 0));
    let patch = ProviderPatch { user_claim: Some("email".to_owned()), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    assert_eq!((count("sub").await, count("email").await), (0, 1), "until the person signs in");
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!((count("sub").await, count("email").await), (1, 0));
    assert_eq!(place.users().await[0].id, user.id);
    // The person who gets the address later is somebody else.
    place.openid.claims(|claims| claims["sub"] = json!("eve"));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("the permanent identifier (sub) differs");
}

#[tokio::test]
async fn sub_domains_sign_in_where_a_wildcard_says_so() {
    let domains = vec!["corp.example".to_owned(), "*.Branch.example".to_owned()];
    let place = Place::with(|new| NewProvider { allowed_domains: domains, ..new }).await;
    assert_eq!(place.provider.allowed_domains, ["corp.example", "*.branch.example"]);
    for (number, (email, is_allowed)) in [
        ("ada@corp.example", true),
        ("ada@a.branch.example", true),
        ("ada@A.B.BRANCH.example", true),
        ("ada@branch.example", false),
        ("ada@evilbranch.example", false),
        ("ada@a.corp.example", false),
        ("ada@a.branch.example.evil.example", false),
    ]
    .into_iter()
    .enumerate()
    {
        place.openid.claims(move |claims| {
            claims["sub"] = json!(format!("ada{number}"));
            claims["email"] = json!(email);
        });
        let status = Browser::default().sign_in(&place, "").await.status;
        assert_eq!(status, if is_allowed { 303 } else { 403 }, "{email}");
    }
}

#[tokio::test]
async fn only_allowed_domains_sign_in() {
    let domains = vec!["corp.example".to_owned()];
    let place = Place::with(|new| NewProvider { allowed_domains: domains, ..new }).await;
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    let (other, none) = ("none of the provider's allowed domains", "sent no address");
    for (email, reason) in [
        ("eve@evil.example", other),
        ("eve@sub.corp.example", other),
        ("eve@evil.example@corp.example", none),
        ("eve", none),
        ("", none),
    ] {
        place.openid.claims(move |claims| {
            claims["sub"] = json!("eve");
            claims["email"] = json!(email);
        });
        place.openid.user_info(json!({"sub": "eve", "email": email}));
        assert_eq!(Browser::default().sign_in(&place, "").await.status, 403, "{email}");
        let logged = place.logged();
        assert!(logged.contains(reason) && !logged.contains("evil.example"), "{email}: {logged}");
    }
    assert_eq!(place.users().await.len(), 1);
}

#[tokio::test]
async fn numbers_keep_every_digit() {
    let place = Place::new().await;
    place.openid.token({
        let key = place.openid.key().clone();
        move |token| {
            // The number does not fit into the 64 bits of a JSON value, so the payload is written as text.
            let payload = token.split('.').nth(1).expect("a payload");
            resigned(&key, payload, |json| json.replace("\"sub\":\"ada\"", "\"sub\":112233445566778899001"))
        }
    });
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!(place.users().await[0].profile.username, "112233445566778899001");
}

#[tokio::test]
async fn identifiers_with_control_characters_are_refused() {
    let place = Place::new().await;
    for sub in ["a\0b", "a\nb", "\u{7f}"] {
        place.openid.claims(move |claims| claims["sub"] = json!(sub));
        assert_eq!(Browser::default().sign_in(&place, "").await.status, 403, "{sub:?}");
        place.check_reason("the sub of the ID token has control characters");
    }
    // The provider's session is no reason to refuse; it is stored where it can be.
    for (sid, stored) in [("s\0", ""), (&*"s".repeat(256), ""), ("s1", "s1")] {
        let sid = sid.to_owned();
        place.openid.claims(move |claims| claims["sid"] = json!(sid));
        let mut browser = Browser::default();
        assert_eq!(browser.sign_in(&place, "").await.status, 303);
        let found = "SELECT provider_session FROM vestibule_user_sessions ORDER BY id DESC LIMIT 1";
        assert_eq!(place.app.database.texts(found).await, [stored]);
    }
}

#[tokio::test]
async fn what_a_sign_in_changes_is_in_the_audit_log_without_values() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    place.openid.claims(|claims| claims["email"] = json!("countess@corp.example"));
    Browser::default().sign_in(&place, "").await;
    Browser::default().sign_in(&place, "").await;
    let audit = &place.app.services.audit;
    let events = audit.list(&Actor::operator(), &AuditFilter::default(), crate::support::ALL).await.expect("events");
    let of_user: Vec<_> = events.items.into_iter().filter(|event| event.object == AuditObject::User).collect();
    let [updated, created] = &of_user[..] else { panic!("{of_user:?}") };
    assert_eq!((created.action, updated.action), (AuditAction::Created, AuditAction::Updated));
    assert_eq!(updated.changes, [FieldChange::hidden("email")]);
    assert_eq!(updated.actor, "subject Corp");
}

#[tokio::test]
async fn an_address_of_another_user_is_left_to_them_whatever_the_user_name() {
    let place = Place::with(|mut new| {
        new.mapping.user_field = "email".to_owned();
        new
    })
    .await;
    Browser::default().sign_in(&place, "").await;
    // A sub that cannot be a user name.
    let long = "x".repeat(255);
    let sends = move |email: &'static str| {
        let long = long.clone();
        move |claims: &mut serde_json::Value| {
            claims["sub"] = json!(long);
            claims["email"] = json!(email);
        }
    };
    place.openid.claims(sends("grace@corp.example"));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    let patch = ProviderPatch { user_field: Some("username".to_owned()), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    place.openid.claims(sends("ada@corp.example"));
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    let mut addresses: Vec<_> = place.users().await.into_iter().filter_map(|user| user.profile.email).collect();
    addresses.sort_unstable();
    assert_eq!(addresses, ["ada@corp.example", "grace@corp.example"]);
}

#[tokio::test]
async fn two_first_sign_ins_of_one_person_are_one_user() {
    let place = Place::new().await;
    let node = place.app.second_node().await;
    for number in 0..4 {
        place.openid.claims(move |claims| {
            claims["sub"] = json!(format!("ada{number}"));
            claims["email"] = json!(format!("ada{number}@corp.example"));
        });
        sign_in_twice(&place, &node).await;
    }
    assert_eq!(place.users().await.len(), 4);
}

#[tokio::test]
async fn two_first_sign_ins_of_one_sub_with_two_addresses_are_one_user() {
    let place = Place::with(|mut new| {
        new.mapping.user_field = "email".to_owned();
        new.mapping.user_claim = "email".to_owned();
        new
    })
    .await;
    let node = place.app.second_node().await;
    for number in 0..4 {
        let sent = AtomicUsize::new(0);
        place.openid.claims(move |claims| {
            let address = sent.fetch_add(1, Ordering::SeqCst);
            claims["sub"] = json!(format!("ada{number}"));
            claims["email"] = json!(format!("ada{number}.{address}@corp.example"));
        });
        sign_in_twice(&place, &node).await;
    }
    assert_eq!(place.users().await.len(), 4);
}

/// One person signs in at two nodes at once.
async fn sign_in_twice(place: &Place, node: &TestApp) {
    let (mut one, mut other) = (Browser::default(), Browser::default());
    let callbacks = [one.begin(place, "").await, other.begin(place, "").await];
    let [first, second] = callbacks.map(|callback| format!("{}?{}", place.callback(), encoded(&callback)));
    let (first, second) = tokio::join!(one.get(&place.app, &first), other.get(node, &second));
    assert_eq!((first.status, second.status), (303, 303), "{}", place.logged());
}

#[tokio::test]
async fn a_deleted_person_stays_out_under_another_issuer_too() {
    let place = Place::new().await;
    Browser::default().sign_in(&place, "").await;
    let [user] = &place.users().await[..] else { panic!("one user") };
    place.app.services.users.delete(&Actor::operator(), user.id).await.expect("a deletion");
    // What is stored of a person who signed in while the provider had another issuer.
    let earlier =
        "UPDATE vestibule_identity_links SET issuer = 'https://old.example', key_hash = 'k', subject_hash = 's'";
    place.app.database.execute(earlier).await;
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 403);
    place.check_reason("The user was deleted.");
    assert!(place.users().await.is_empty());
}

#[tokio::test]
async fn a_verified_address_is_withdrawn_when_the_provider_denies_it() {
    let place = Place::new().await;
    for (said, verified) in [
        (json!(true), true),
        (Value::Null, true),
        (json!("False"), false),
        (json!("true"), true),
        (json!(false), false),
        (Value::Null, false),
    ] {
        let sent = said.clone();
        place.openid.claims(move |claims| claims["email_verified"] = sent.clone());
        assert_eq!(Browser::default().sign_in(&place, "").await.status, 303, "{said}");
        assert_eq!(place.users().await[0].email_verified, verified, "{said}");
    }
}

#[tokio::test]
async fn an_address_that_the_provider_denies_opens_no_allowed_domain() {
    let domains = vec!["corp.example".to_owned()];
    let place = Place::with(|new| NewProvider { allowed_domains: domains, ..new }).await;
    let says = |said: Value| move |claims: &mut Value| claims["email_verified"] = said.clone();
    for said in [json!(false), json!("false"), json!("False"), json!(0), json!(""), json!([]), json!({})] {
        place.openid.claims(says(said.clone()));
        assert_eq!(Browser::default().sign_in(&place, "").await.status, 403, "{said}");
        place.check_reason("says that the email address is not verified");
    }
    // Where the ID token says nothing, the userinfo endpoint is asked, and the address is the one that it speaks of.
    place.openid.claims(says(Value::Null));
    let (denied, other) = ("says that the email address is not verified", "none of the provider's allowed domains");
    for (user_info, reason) in [
        (json!({"sub": "ada", "email": "ada@corp.example", "email_verified": false}), denied),
        (json!({"sub": "ada", "email": "ada@corp.example", "email_verified": null}), ""),
        (json!({"sub": "ada", "email": "ada@evil.example", "email_verified": true}), other),
        (json!({"sub": "ada", "email_verified": false}), ""),
        (json!({"sub": "ada", "email": "ada@corp.example", "email_verified": true}), ""),
        (json!({"sub": "ada"}), ""),
    ] {
        place.openid.user_info(user_info.clone());
        let status = Browser::default().sign_in(&place, "").await.status;
        assert_eq!(status, if reason.is_empty() { 303 } else { 403 }, "{user_info}");
        if !reason.is_empty() {
            place.check_reason(reason);
        }
    }
}

#[tokio::test]
async fn names_and_addresses_are_stored_as_they_were_sent() {
    let long = format!("{}@corp.example", "a".repeat(64));
    for (number, (sub, email, stored)) in [
        ("Ådä ✓ 李", "ada+orders@corp.example", Some("ada+orders@corp.example")),
        ("a'b\"c<d>&e", "o'brien@corp.example", Some("o'brien@corp.example")),
        ("../../etc", "ADA@Corp.Example", Some("ADA@Corp.Example")),
        ("' OR 1=1 --", "ädä@corp.example", Some("ädä@corp.example")),
        ("x".repeat(200).as_str(), long.as_str(), Some(long.as_str())),
        ("two", "ada@evil.example@corp.example", None),
        ("quoted", "\"a b\"@corp.example", None),
        ("list", "ada@corp.example,eve@corp.example", None),
        ("spaces", "ada @corp.example", None),
    ]
    .into_iter()
    .enumerate()
    {
        let place = Place::new().await;
        let (claimed, address) = (sub.to_owned(), email.to_owned());
        place.openid.user_info(json!({"sub": claimed.clone(), "email": address.clone()}));
        place.openid.claims(move |claims| {
            claims["sub"] = json!(claimed);
            claims["email"] = json!(address);
        });
        let answer = Browser::default().sign_in(&place, "").await;
        assert_eq!(answer.status, 303, "{number}: {}", place.logged());
        let [user] = &place.users().await[..] else { panic!("one user") };
        assert_eq!((user.profile.username.as_str(), user.profile.email.as_deref()), (sub, stored), "{number}");
    }
}

fn resigned(key: &crate::support::issuer::Key, payload: &str, change: impl Fn(String) -> String) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let json = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).expect("base64")).expect("text");
    super::hostile::signed(key, r#"{"alg":"RS256","kid":"k1"}"#, &change(json))
}
