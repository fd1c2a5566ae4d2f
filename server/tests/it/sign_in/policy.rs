//! What the settings of a provider say about people who sign in: whom they are linked to, which addresses count as
//! verified, and what is updated.

use serde_json::json;
use vestibule::domain::{
    patch::Patch,
    provider::{EmailTrust, FieldUpdate, Linking, ProviderPatch, SignInPatch, UpdateRules},
};

use super::{
    browser::{Browser, Place},
    provider::SigningProvider,
};

/// A user whom the first provider brought, and a second provider.
async fn two_providers(change: SignInPatch) -> Place {
    let place = Place::new().await;
    assert_eq!(Browser::default().sign_in(&place, "provider=corp").await.status, 303);
    let place = place.at(SigningProvider::start().await, "Other").await;
    set(&place, change).await;
    place
}

async fn set(place: &Place, sign_in: SignInPatch) {
    let patch = ProviderPatch { sign_in, ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
}

/// Comes from the second provider, and returns the reason of a refusal.
async fn arrive(place: &Place, sub: &'static str, email: &'static str, is_verified: bool) -> Option<String> {
    place.openid.claims(move |claims| {
        claims["sub"] = json!(sub);
        claims["email"] = json!(email);
        claims["email_verified"] = json!(is_verified);
    });
    let answer = Browser::default().sign_in(place, "provider=other").await;
    match answer.status {
        303 => None,
        _ => Some(place.logged()),
    }
}

async fn users(place: &Place) -> usize {
    place.users().await.len()
}

fn domains(domains: &[&str]) -> Patch<Vec<String>> {
    Patch::Set(domains.iter().map(|domain| (*domain).to_owned()).collect())
}

#[tokio::test]
async fn a_user_of_another_provider_is_found_by_the_user_field_where_that_is_on() {
    let place = two_providers(SignInPatch::default()).await;
    assert!(arrive(&place, "ada", "else@corp.example", false).await.is_some());
    let place = two_providers(SignInPatch { match_existing_users: Patch::Set(true), ..SignInPatch::default() }).await;
    assert_eq!(arrive(&place, "ada", "else@corp.example", false).await, None);
    assert_eq!(users(&place).await, 1);
    // The link stays when the setting is off again.
    set(&place, SignInPatch { match_existing_users: Patch::Clear, ..SignInPatch::default() }).await;
    assert_eq!(arrive(&place, "ada", "else@corp.example", false).await, None);
}

#[tokio::test]
async fn a_verified_address_of_a_confirmed_domain_links_where_that_is_set() {
    let linking = Patch::Set(Linking::VerifiedEmail);
    let taken = "Another user of the tenant has this email address";
    for (change, is_verified) in [
        (SignInPatch { confirmed_domains: domains(&["corp.example"]), ..SignInPatch::default() }, true),
        (SignInPatch { linking: linking.clone(), ..SignInPatch::default() }, true),
        (
            SignInPatch {
                linking: linking.clone(),
                confirmed_domains: domains(&["x.example"]),
                ..SignInPatch::default()
            },
            true,
        ),
        // Take-over by an unverified address.
        (
            SignInPatch {
                linking: linking.clone(),
                confirmed_domains: domains(&["corp.example"]),
                ..SignInPatch::default()
            },
            false,
        ),
    ] {
        let place = two_providers(change.clone()).await;
        let reason = arrive(&place, "a2", "ada@corp.example", is_verified).await.expect("a refusal");
        assert!(reason.contains(taken), "{change:?}: {reason}");
        assert_eq!(users(&place).await, 1);
    }
    let change = SignInPatch { linking, confirmed_domains: domains(&["Corp.Example"]), ..SignInPatch::default() };
    let place = two_providers(change).await;
    assert_eq!(arrive(&place, "a2", "ada@corp.example", true).await, None);
    assert_eq!(users(&place).await, 1);
    // A domain that is not confirmed is no reason to link, and the person becomes a user.
    assert_eq!(arrive(&place, "a3", "eve@corp.example", true).await, None);
    assert_eq!(users(&place).await, 2);
}

#[tokio::test]
async fn addresses_count_as_verified_by_the_providers_trust() {
    let with = |trust| SignInPatch {
        linking: Patch::Set(Linking::VerifiedEmail),
        email_trust: Patch::Set(trust),
        confirmed_domains: domains(&["corp.example"]),
        ..SignInPatch::default()
    };
    // `always` is for providers that send a false `email_verified` for addresses that they manage.
    for (trust, is_linked) in [(EmailTrust::Claim, false), (EmailTrust::Domains, false), (EmailTrust::Always, true)] {
        let place = two_providers(with(trust)).await;
        assert_eq!(arrive(&place, "a2", "ada@corp.example", false).await.is_none(), is_linked, "{trust:?}");
    }
    // What counts as verified is stored.
    for (trust, is_verified) in [(EmailTrust::Claim, false), (EmailTrust::Domains, false), (EmailTrust::Always, true)] {
        let place = two_providers(with(trust)).await;
        assert_eq!(arrive(&place, "eve", "eve@other.example", false).await, None);
        let users = place.users().await;
        let eve = users.iter().find(|user| user.profile.username == "eve").expect("the user");
        assert_eq!(eve.email_verified, is_verified, "{trust:?}");
    }
}

#[tokio::test]
async fn another_person_of_a_provider_gets_no_user_of_it() {
    let change = SignInPatch {
        linking: Patch::Set(Linking::VerifiedEmail),
        match_existing_users: Patch::Set(true),
        confirmed_domains: domains(&["corp.example"]),
        ..SignInPatch::default()
    };
    let place = two_providers(change).await;
    assert_eq!(arrive(&place, "a2", "ada@corp.example", true).await, None);
    // The address is another person's at the provider now.
    let reason = arrive(&place, "e1", "ada@corp.example", true).await.expect("a refusal");
    assert!(reason.contains("Another user of the tenant has this email address"), "{reason}");
    assert_eq!(users(&place).await, 1);
}

#[tokio::test]
async fn an_address_that_was_entered_and_never_verified_waits_for_no_one() {
    let place = two_providers(SignInPatch::default()).await;
    assert_eq!(arrive(&place, "mallory", "victim@corp.example", false).await, None);
    let place = place.at(SigningProvider::start().await, "Third").await;
    let change = SignInPatch {
        linking: Patch::Set(Linking::VerifiedEmail),
        confirmed_domains: domains(&["corp.example"]),
        ..SignInPatch::default()
    };
    set(&place, change).await;
    place.openid.claims(|claims| {
        claims["sub"] = json!("victim");
        claims["email"] = json!("victim@corp.example");
        claims["email_verified"] = json!(true);
    });
    assert_ne!(Browser::default().sign_in(&place, "provider=third").await.status, 303);
    assert!(place.logged().contains("Another user of the tenant has this email address"), "{}", place.logged());
}

#[tokio::test]
async fn a_sign_in_changes_no_field_that_the_users_first_provider_protects() {
    for (protected, email) in [(vec!["email".to_owned()], "ada@corp.example"), (vec![], "else@corp.example")] {
        let place = Place::with(|mut new| {
            new.mapping.protected_fields = protected;
            new
        })
        .await;
        assert_eq!(Browser::default().sign_in(&place, "provider=corp").await.status, 303);
        let place = place.at(SigningProvider::start().await, "Other").await;
        set(&place, SignInPatch { match_existing_users: Patch::Set(true), ..SignInPatch::default() }).await;
        assert_eq!(arrive(&place, "ada", "else@corp.example", false).await, None);
        assert_eq!(place.users().await[0].profile.email.as_deref(), Some(email));
    }
}

#[tokio::test]
async fn each_field_is_updated_by_its_rule() {
    let place = Place::with(|mut new| {
        let attributes = json!({"email": "email", "first_name": "given_name", "last_name": "family_name"});
        new.mapping.attributes = serde_json::from_value(attributes).expect("attributes");
        new
    })
    .await;
    let sends = |first: &'static str, last: &'static str, email: &'static str| {
        place.openid.claims(move |claims| {
            claims["given_name"] = json!(first);
            claims["family_name"] = json!(last);
            claims["email"] = json!(email);
        });
        place.openid.user_info(json!({"sub": "ada"}));
    };
    let names = async || {
        let [user] = &place.users().await[..] else { panic!("one user") };
        let profile = &user.profile;
        [&profile.first_name, &profile.last_name, &profile.email].map(|name| name.clone().unwrap_or_default())
    };
    sends("Augusta", "", "ada@corp.example");
    Browser::default().sign_in(&place, "").await;
    let rules = UpdateRules {
        default: Some(FieldUpdate::Never),
        fields: [("last_name", FieldUpdate::WhenEmpty), ("first_name", FieldUpdate::Mirror)]
            .map(|(name, rule)| (name.to_owned(), rule))
            .into_iter()
            .collect(),
    };
    set(&place, SignInPatch { update_policy: Patch::Set(rules), ..SignInPatch::default() }).await;
    sends("Ada", "Lovelace", "countess@corp.example");
    Browser::default().sign_in(&place, "").await;
    assert_eq!(names().await, ["Ada", "Lovelace", "ada@corp.example"]);
    sends("", "King", "countess@corp.example");
    Browser::default().sign_in(&place, "").await;
    assert_eq!(names().await, ["", "Lovelace", "ada@corp.example"]);
    // Without rules, `update_user_on_login` decides, which is on.
    set(&place, SignInPatch { update_policy: Patch::Clear, ..SignInPatch::default() }).await;
    sends("", "King", "countess@corp.example");
    Browser::default().sign_in(&place, "").await;
    assert_eq!(names().await, ["", "King", "countess@corp.example"]);
}
