//! A session of another tenant is not replaced without a question.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{Method, Request};
use vestibule::domain::id::TenantId;

use super::browser::{Browser, Place, link};

/// A browser that is signed in to the default tenant, and another tenant with the same provider.
async fn signed_in() -> (Place, Browser, TenantId) {
    let place = Place::new().await;
    let acme = place.app.database.insert_tenant("acme", None).await;
    link(&place.app, acme, &place.provider).await;
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    (place, browser, acme)
}

/// The address of the page's link.
fn address(page: &str) -> String {
    let (_, rest) = page.split_once(r#"<a class="choice" href="/sso"#).expect("a link");
    rest.split('"').next().expect("an address").replace("&amp;", "&")
}

#[tokio::test]
async fn the_person_is_asked_before_the_redirect() {
    let (place, mut browser, _) = signed_in().await;
    let answer = browser.get(&place.app, "/login?tenant=acme&provider=corp&return_to=/orders").await;
    let page = answer.text();
    assert_eq!((answer.status, answer.header("location")), (200, None));
    assert!(page.contains("Sign in to Tenant acme?") && !page.contains("<script"), "{page}");
    assert!(browser.cookies.iter().all(|(name, _)| !name.contains("-start-")), "no sign-in begins");
    let confirmed = browser.get(&place.app, &address(page)).await;
    assert_eq!(confirmed.status, 303);
    let callback = place.openid.authenticate(confirmed.header("location").expect("an address"));
    let answer = browser.finish(&place, &callback).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/orders")));
    assert_eq!(browser.user(&place.app).await.expect("a user").tenant_slug, "acme");
}

#[tokio::test]
async fn pages_of_the_own_origin_are_no_exception() {
    let (place, mut browser, _) = signed_in().await;
    // Another page reaches /login through pages of ours: a failure's "Try again", a choice, a callback that is posted again.
    for site in ["cross-site", "same-site", "same-origin", "none"] {
        let ask = async |browser: &mut Browser, query: &str| {
            let request = Request::builder().method(Method::GET).uri(place.app.path(&format!("/login?{query}")));
            browser.request(&place.app, request.header("sec-fetch-site", site)).await.status
        };
        assert_eq!(ask(&mut browser, "tenant=acme").await, 200, "{site}");
        // The own tenant, and a browser without a session, are no question.
        assert_eq!(ask(&mut browser, "tenant=default").await, 303);
        assert_eq!(ask(&mut Browser::default(), "tenant=acme").await, 303);
    }
}

#[tokio::test]
async fn a_session_that_began_meanwhile_is_not_replaced_either() {
    let (place, _, _) = signed_in().await;
    let mut browser = Browser::default();
    // The browser has no session yet, so that nothing is asked.
    let waiting = browser.begin(&place, "tenant=acme&return_to=/orders").await;
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    let asked = place.openid.token_requests();
    let answer = browser.finish(&place, &waiting).await;
    assert_eq!((answer.status, place.openid.token_requests()), (403, asked), "{}", answer.text());
    place.check_reason("the browser has a session of another tenant");
    assert_eq!(browser.user(&place.app).await.expect("a user").tenant_slug, "default");
    // "Try again" asks.
    let again = address(answer.text());
    let page = browser.get(&place.app, &again).await;
    assert!(page.status == 200 && page.text().contains("Sign in to Tenant acme?"), "{}", page.text());
    // What the person agreed to is one session: not the next one, of another tenant too.
    let confirmed = browser.get(&place.app, &address(page.text())).await;
    let waiting = place.openid.authenticate(confirmed.header("location").expect("an address"));
    let other = place.app.database.insert_tenant("globex", None).await;
    link(&place.app, other, &place.provider).await;
    let page = browser.get(&place.app, "/login?tenant=globex").await;
    let confirmed = browser.get(&place.app, &address(page.text())).await;
    let globex = place.openid.authenticate(confirmed.header("location").expect("an address"));
    assert_eq!(browser.finish(&place, &globex).await.status, 303);
    assert_eq!(browser.finish(&place, &waiting).await.status, 403);
    assert_eq!(browser.user(&place.app).await.expect("a user").tenant_slug, "globex");
}

#[tokio::test]
async fn an_agreement_counts_for_one_session_and_one_tenant() {
    let (place, mut browser, _) = signed_in().await;
    let other = place.app.database.insert_tenant("globex", None).await;
    link(&place.app, other, &place.provider).await;
    let agreed = address(browser.get(&place.app, "/login?tenant=acme").await.text());
    let (_, proof) = agreed.split_once("confirmation=").expect("a proof");
    // Of another browser, for another tenant, and invented.
    let mut stranger = Browser::default();
    assert_eq!(stranger.sign_in(&place, "").await.status, 303);
    assert_eq!(stranger.get(&place.app, &agreed).await.status, 200);
    assert_eq!(browser.get(&place.app, &format!("/login?tenant=globex&confirmation={proof}")).await.status, 200);
    for wrong in ["1", "true", &"0".repeat(64), browser.session().expect("a session").clone().as_str()] {
        let answer = browser.get(&place.app, &format!("/login?tenant=acme&confirmation={wrong}")).await;
        assert_eq!(answer.status, 200, "{wrong}");
    }
    assert_eq!(browser.get(&place.app, &agreed).await.status, 303);
    let session = browser.session().expect("a session");
    assert!(!proof.contains(session.as_str()) && proof.len() == 64);
}

#[tokio::test]
async fn a_session_that_has_ended_asks_nothing() {
    let (place, mut browser, _) = signed_in().await;
    place.app.clock.advance(24 * 3600);
    assert_eq!(browser.get(&place.app, "/login?tenant=acme").await.status, 303);
}

#[tokio::test]
async fn forged_callbacks_touch_nothing() {
    let place = Place::new().await;
    let path = place.callback();
    // The keys are read when the provider is created.
    let asked = (place.openid.token_requests(), place.openid.key_requests());
    for number in 0..50 {
        let hash = hex::encode(digest(&SHA256, format!("forged{number}").as_bytes()));
        let mut browser = Browser::default();
        browser.cookies.push((format!("__Host-vestibule-user73736f-start-{}", &hash[..16]), "forged".to_owned()));
        let answer = browser.get(&place.app, &format!("{path}?code=x&state=forged{number}")).await;
        assert_eq!(answer.status, 403);
        place.check_reason("the start of the sign-in cannot be opened");
    }
    for table in ["used_starts", "user_sessions", "identity_links", "users"] {
        let rows = place.app.database.texts(&format!("SELECT 'row' FROM vestibule_{table}")).await;
        assert!(rows.is_empty(), "{table}");
    }
    assert_eq!((place.openid.token_requests(), place.openid.key_requests()), asked);
}
