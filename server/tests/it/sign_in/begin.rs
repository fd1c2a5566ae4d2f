//! `GET /login`: which provider, where to afterwards, and what the browser keeps.

use vestibule::{
    domain::{
        actor::Actor,
        provider::{NewProvider, Origin, ProviderPatch},
    },
    service::TenantRef,
};

use super::{
    browser::{Browser, Place, new_provider},
    provider::SigningProvider,
};
use crate::support::{TestApp, app::saml_provider};

#[tokio::test]
async fn one_provider_is_gone_to_at_once_and_several_are_shown() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let answer = browser.get(&place.app, "/login").await;
    assert_eq!(answer.status, 303);
    let location = answer.header("location").expect("an address");
    assert!(location.starts_with(&format!("{}/authorize?", place.openid.issuer())), "{location}");
    for part in [
        "scope=openid",
        "code_challenge_method=S256",
        "client_id=client",
        "redirect_uri=https%3A%2F%2Fid.example.com%2Fsso%2Fcallback%2F",
    ] {
        assert!(location.contains(part), "{location}");
    }
    place.add(new_provider(&place.app, &place.openid, "<b>Zweite</b>")).await;
    let answer = browser.get(&place.app, "/login?return_to=/orders%3Fa%3Db%26c").await;
    assert_eq!(answer.status, 200);
    let page = answer.text();
    assert!(page.contains("Corp") && page.contains("&lt;b&gt;Zweite&lt;/b&gt;"), "{page}");
    assert!(page.contains("/sso/login?provider=corp&amp;return_to=%2Forders%3Fa%3Db%26c"), "{page}");
    assert!(page.len() < 15_000 && !page.contains("<script"), "{} bytes", page.len());
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    let chosen = browser.get(&place.app, "/login?provider=corp").await;
    assert_eq!(chosen.status, 303);
}

#[tokio::test]
async fn without_a_provider_or_a_tenant_the_page_says_so() {
    let app = TestApp::start().await;
    let mut browser = Browser::default();
    for (path, text) in [
        ("/login", "There is no identity provider to sign in with."),
        ("/login?provider=nothing", "There is no identity provider to sign in with."),
        ("/login?tenant=nobody", "This organisation does not exist"),
        ("/login?tenant=%00", "This organisation does not exist"),
        ("/login?tenant=a&tenant=b", "The address has tenant twice."),
    ] {
        let answer = browser.get(&app, path).await;
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(answer.text().contains(text), "{path}: {}", answer.text());
    }
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn browsers_return_to_own_paths_and_allowed_origins_alone() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let answer = browser.sign_in(&place, "return_to=/orders%3Fid%3D1").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/orders?id=1")), "{}", answer.text());
    let answer = browser.sign_in(&place, "").await;
    assert_eq!(answer.header("location"), Some("/"));
    for bad in [
        "//evil.example",
        "/%5Cevil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "https://id.example.com@evil.example/",
        "https://id.example.com.evil.example/",
        "https://id.example.com:444/",
        "http://id.example.com/",
        "https://id.ex%D0%B0mple.com/",
        "https%3A%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "%2F%09%2Fevil.example",
        "%0A//evil.example",
        "%EF%BC%8F%EF%BC%8Fevil.example",
        "data:text/html,x",
        "orders",
        "https://",
    ] {
        let answer = browser.get(&place.app, &format!("/login?return_to={bad}")).await;
        assert_eq!(answer.status, 400, "{bad}");
        assert!(answer.header("location").is_none());
        let answer = browser.get(&place.app, &format!("/login?target_link_uri={bad}")).await;
        assert_eq!((answer.status, answer.header("location")), (400, None), "{bad}");
    }
    // An origin that is taken from the list after the start does not count any more.
    let allowed = vec!["https://portal.example".to_owned()];
    let patch = ProviderPatch { allowed_redirects: Some(allowed), ..ProviderPatch::default() };
    let provider = place.app.update(&place.provider, patch).await.expect("a change");
    assert_eq!(provider.allowed_redirects, [Origin::parse("https://portal.example").expect("an origin")]);
    let answer = browser.sign_in(&place, "return_to=https://portal.example/x").await;
    assert_eq!(answer.header("location"), Some("https://portal.example/x"));
    let callback = browser.begin(&place, "return_to=https://portal.example/x").await;
    let patch = ProviderPatch { allowed_redirects: Some(Vec::new()), ..ProviderPatch::default() };
    place.app.update(&provider, patch).await.expect("a change");
    let answer = browser.finish(&place, &callback).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
}

#[tokio::test]
async fn several_tabs_sign_in_and_too_many_drop_the_oldest() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let first = browser.begin(&place, "return_to=/first").await;
    let second = browser.begin(&place, "return_to=/second").await;
    assert_eq!(browser.finish(&place, &second).await.header("location"), Some("/second"));
    assert_eq!(browser.finish(&place, &first).await.header("location"), Some("/first"));
    let long = "x".repeat(900);
    let mut callbacks = Vec::new();
    for number in 0..20 {
        callbacks.push(browser.begin(&place, &format!("return_to=/{number}{long}")).await);
    }
    let starts = browser.cookies.iter().filter(|(name, _)| name.contains("-start-"));
    let total: usize = starts.map(|(_, value)| value.len()).sum();
    assert!(total <= 8 * 1024, "{total} bytes");
    assert_eq!(browser.finish(&place, &callbacks[0]).await.status, 403, "the oldest start is dropped");
    place.check_reason("this browser did not start");
    let newest = browser.finish(&place, &callbacks[19]).await;
    assert!(newest.header("location").is_some_and(|to| to.starts_with("/19x")), "{}", newest.text());
}

#[tokio::test]
async fn a_provider_serves_the_tenants_that_it_is_linked_to_and_no_other() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    place.app.create_new(new_provider(&place.app, &place.openid, "Unlinked")).await.expect("a provider");
    assert_eq!(browser.get(&place.app, "/login").await.status, 303, "one provider is linked");
    assert_eq!(browser.get(&place.app, "/login?provider=unlinked").await.status, 404);
    let other = place.app.database.insert_tenant("other", None).await;
    assert_eq!(browser.get(&place.app, "/login?tenant=other").await.status, 404);
    super::browser::link(&place.app, other, &place.provider).await;
    assert_eq!(browser.get(&place.app, "/login?tenant=other").await.status, 303);
    let assignments = &place.app.services.assignments;
    for tenant in [other, place.app.default_tenant().await] {
        let reference = TenantRef::Id(tenant);
        assignments.unlink(&Actor::operator(), &reference, place.provider.id).await.expect("no link");
        let answer = browser.get(&place.app, &format!("/login?tenant={tenant}&provider=corp")).await;
        assert_eq!(answer.status, 404, "unlinking closes a tenant and opens none");
    }
    assert_eq!(browser.get(&place.app, "/login").await.status, 404);
}

#[tokio::test]
async fn parameters_that_are_too_long_are_named() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    for name in ["tenant", "provider", "iss", "login_hint", "prompt", "ui_locales", "search", "confirmation"] {
        let answer = browser.get(&place.app, &format!("/login?{name}={}", "x".repeat(301))).await;
        assert_eq!(answer.status, 400, "{name}");
        let expected = format!("The parameter {name} is longer than 300 characters.");
        assert!(answer.text().contains(&expected), "{}", answer.text());
    }
    let answer = browser.get(&place.app, &format!("/login?login_hint={}", "%C3%A4".repeat(300))).await;
    assert_eq!(answer.status, 303, "characters are counted, not bytes");
}

#[tokio::test]
async fn only_providers_that_can_be_chosen_are_counted() {
    let place = Place::new().await;
    let second = SigningProvider::start().await;
    place.add(new_provider(&place.app, &second, "Zweite")).await;
    // More than a page shows, ordered before the others.
    for number in 0..101 {
        place.add(saml_provider(&format!("A{number}"))).await;
    }
    let disabled = NewProvider { enabled: false, ..new_provider(&place.app, &second, "Aus") };
    place.add(disabled).await;
    let mut browser = Browser::default();
    let page = browser.get(&place.app, "/login").await;
    assert_eq!((page.status, page.text().matches("class=\"choice\"").count()), (200, 2), "{}", page.text());
    let answer = browser.get(&place.app, &format!("/login?iss={}", second.issuer())).await;
    let location = answer.header("location").unwrap_or_default();
    assert!(location.starts_with(&second.issuer()), "{location}");
    for none in ["https://other.example", "%00"] {
        assert_eq!(browser.get(&place.app, &format!("/login?iss={none}")).await.status, 404);
        assert_eq!(browser.get(&place.app, &format!("/login?provider=corp&iss={none}")).await.status, 404);
    }
}
