//! Callbacks: each counts once, in its browser, in time, and at its provider.

use axum::{
    http::{Method, StatusCode},
    response::IntoResponse as _,
};
use vestibule::domain::provider::ProviderPatch;

use super::browser::{Browser, Place, encoded, link, new_provider};

#[tokio::test]
async fn beginning_again_keeps_the_tenant() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = format!("/callback/{}?code=x&state=y", place.provider.id);
    let tenant = place.app.default_tenant().await;
    let again = format!("/sso/login?tenant={tenant}&amp;provider={}\"", place.provider.id);
    let answer = browser.get(&place.app, &callback).await;
    assert!(answer.text().contains(&again), "{}", answer.text());
    // With the start it is known what the browser wanted.
    let other = place.app.database.insert_tenant("other", None).await;
    link(&place.app, other, &place.provider).await;
    let begun = browser.begin(&place, "tenant=other&return_to=/orders").await;
    let refused = [("error".to_owned(), "access_denied".to_owned()), begun[1].clone()];
    let answer = browser.finish(&place, &refused).await;
    let again = format!("/sso/login?tenant={other}&amp;provider={}&amp;return_to=%2Forders\"", place.provider.id);
    assert!(answer.text().contains(&again), "{}", answer.text());
    // Without it, the provider may serve several tenants, or none.
    let answer = browser.get(&place.app, &callback).await;
    assert!(answer.status == 403 && !answer.text().contains("Try again"), "{}", answer.text());
    let unknown = "/callback/00000000-0000-4000-8000-000000000000?code=x&state=y";
    let answer = browser.get(&place.app, unknown).await;
    assert!(answer.status == 403 && !answer.text().contains("Try again"), "{}", answer.text());
}

#[tokio::test]
async fn callbacks_accept_get_and_post_alone() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    for method in [Method::HEAD, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let path = format!("{}?{}", place.callback(), encoded(&callback));
        let answer = browser.send(&place.app, method.clone(), &path).await;
        assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, POST")), "{method}");
        assert!(
            answer.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'"))
        );
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    assert_eq!(place.openid.token_requests(), 0);
    assert_eq!(browser.finish(&place, &callback).await.status, 303, "the start is not used up");
}

#[tokio::test]
async fn a_callback_counts_once_in_its_browser_in_time_and_at_its_provider() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let refused = async |browser: &mut Browser, callback: &[(String, String)], reason: &str| {
        let answer = browser.finish(&place, callback).await;
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert!(answer.text().contains("Try again"), "{}", answer.text());
        assert!(browser.session().is_none());
        place.check_reason(reason);
    };
    // Another browser, no cookie, another state, no state, two.
    refused(&mut Browser::default(), &callback, "this browser did not start").await;
    let with_state = |state: &str| vec![callback[0].clone(), ("state".to_owned(), state.to_owned())];
    refused(&mut browser.clone(), &with_state("x"), "this browser did not start").await;
    refused(&mut browser.clone(), &callback[..1], "no state").await;
    refused(&mut browser.clone(), &[&callback[..], &callback[1..]].concat(), "no state, or several").await;
    assert_eq!(place.openid.token_requests(), 0, "nothing is asked before the start is found");
    let mut late = browser.clone();
    // Parallel callbacks: one of them counts, on whichever node.
    let second = place.app.second_node().await;
    let mut twin = browser.clone();
    let path = format!("{}?{}", place.callback(), encoded(&callback));
    let (one, other) = tokio::join!(browser.get(&place.app, &path), twin.get(&second, &path));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 403]);
    assert_eq!(place.openid.token_requests(), 1);
    // After its time.
    let callback = late.begin(&place, "").await;
    place.app.clock.advance(601);
    refused(&mut late, &callback, "more than ten minutes ago").await;
}

#[tokio::test]
async fn a_provider_that_was_disabled_meanwhile_does_not_sign_in() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    let answer = browser.finish(&place, &callback).await;
    assert_eq!(answer.status, 403);
    place.check_reason("the provider is disabled");
    assert_eq!(place.openid.token_requests(), 0);
    assert_eq!(browser.get(&place.app, "/login").await.status, 404);
}

#[tokio::test]
async fn a_callback_that_is_replayed_is_refused_even_with_the_cookie() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let mut kept = browser.clone();
    assert_eq!(browser.finish(&place, &callback).await.status, 303);
    assert_eq!(kept.finish(&place, &callback).await.status, 403);
    place.check_reason("the sign-in came back twice");
    assert!(kept.session().is_none());
    // The start is used up whatever became of the token request, since the code may be used up too.
    let callback = browser.begin(&place, "").await;
    let mut kept = browser.clone();
    place.openid.answer(|| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    assert_eq!(browser.finish(&place, &callback).await.status, 403);
    place.check_reason("answered HTTP 500");
    place.openid.reset();
    assert_eq!(kept.finish(&place, &callback).await.status, 403);
    place.check_reason("the sign-in came back twice");
    assert_eq!(place.openid.token_requests(), 2);
}

#[tokio::test]
async fn a_state_of_another_browser_does_not_sign_in() {
    let place = Place::new().await;
    let (mut attacker, mut victim) = (Browser::default(), Browser::default());
    let of_attacker = attacker.begin(&place, "").await;
    let of_victim = victim.begin(&place, "").await;
    // The attacker's whole callback in the victim's browser, and the attacker's code in the victim's sign-in.
    assert_eq!(victim.finish(&place, &of_attacker).await.status, 403);
    place.check_reason("this browser did not start");
    // A cookie under the name that belongs to the attacker's state, with the victim's start.
    let mut mixed = victim.clone();
    let name = attacker.cookies[0].0.clone();
    mixed.cookies[0].0 = name;
    assert_eq!(mixed.finish(&place, &of_attacker).await.status, 403);
    place.check_reason("the start of the sign-in cannot be opened");
    assert_eq!(place.openid.token_requests(), 0);
    assert_eq!(victim.finish(&place, &of_victim).await.status, 303);
}

#[tokio::test]
async fn a_callback_at_the_address_of_another_provider_is_refused() {
    let place = Place::new().await;
    let other = place.add(new_provider(&place.app, &place.openid, "Zweite")).await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "provider=corp").await;
    let answer = browser.get(&place.app, &format!("/callback/{}?{}", other.id, encoded(&callback))).await;
    assert_eq!(answer.status, 403);
    place.check_reason("the sign-in was started with another provider");
    assert_eq!(place.openid.token_requests(), 0);
}

#[tokio::test]
async fn cookies_that_cannot_be_opened_are_refused() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let sealed = browser.cookies[0].1.clone();
    for value in ["", "x", "v1.", "v1.00000000.AAAA", &sealed[..sealed.len() - 4], &format!("{sealed}AAAA")] {
        let mut altered = browser.clone();
        value.clone_into(&mut altered.cookies[0].1);
        assert_eq!(altered.finish(&place, &callback).await.status, 403, "{value:?}");
        place.check_reason("the start of the sign-in cannot be opened");
    }
    assert_eq!(browser.finish(&place, &callback).await.status, 303);
}
