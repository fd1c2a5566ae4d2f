//! Proving an account that exists already (`linking` = `ask`), by signing in with a provider that it is linked to.

use std::collections::HashMap;

use serde_json::json;
use url::Url;
use vestibule::domain::{
    actor::Actor,
    patch::Patch,
    provider::{IdentityProvider, Linking, ProviderPatch, SignInPatch},
};

use super::{
    browser::{Browser, Place, encoded, new_provider},
    provider::SigningProvider,
};
use crate::support::Answer;

/// Ada signs in with `Corp`. `New` claims to know her address, and asks for a proof.
struct Two {
    corp: Place,
    openid: SigningProvider,
    new: IdentityProvider,
}

async fn two() -> Two {
    let corp = Place::new().await;
    assert_eq!(Browser::default().sign_in(&corp, "provider=corp").await.status, 303);
    let openid = SigningProvider::start().await;
    let mut new = new_provider(&corp.app, &openid, "New");
    new.sign_in.linking = Linking::Ask;
    let new = corp.add(new).await;
    openid.claims(|claims| claims["sub"] = json!("n1"));
    Two { corp, openid, new }
}

impl Two {
    /// Signs in with `New`.
    async fn arrive(&self, browser: &mut Browser) -> Answer {
        let answer = browser.get(&self.corp.app, "/login?provider=new&return_to=/orders").await;
        let callback = self.openid.authenticate(answer.header("location").expect("an address"));
        browser.get(&self.corp.app, &format!("/callback/{}?{}", self.new.id, encoded(&callback))).await
    }

    /// Signs in with `New`, and returns the way to the proof.
    async fn asked(&self, browser: &mut Browser) -> String {
        let page = self.arrive(browser).await;
        assert_eq!(page.status, 200, "{}", self.corp.logged());
        assert!(browser.session().is_none());
        link(&page)
    }

    /// Goes to `Corp` for the proof, and comes back.
    async fn prove(&self, browser: &mut Browser, path: &str) -> Answer {
        let answer = browser.get(&self.corp.app, path).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        let callback = self.corp.openid.authenticate(answer.header("location").expect("an address"));
        browser.finish(&self.corp, &callback).await
    }

    /// Whether `New` lets Ada in.
    async fn is_linked(&self) -> bool {
        let answer = self.arrive(&mut Browser::default()).await;
        assert!(matches!(answer.status, 200 | 303 | 403), "{}", answer.text());
        answer.status == 303
    }

    async fn links(&self) -> usize {
        self.corp.app.database.texts("SELECT subject FROM vestibule_identity_links").await.len()
    }
}

/// The only link of a page, without the mount.
fn link(page: &Answer) -> String {
    let html = page.text();
    let (_, rest) = html.split_once("href=\"").expect("a link");
    let (href, rest) = rest.split_once('"').expect("a link");
    assert!(!rest.contains("href="), "{html}");
    let href = href.replace("&amp;", "&");
    href[href.find("/login").expect("an address")..].to_owned()
}

fn token(path: &str) -> String {
    let (_, query) = path.split_once('?').expect("a query");
    let pairs: HashMap<_, _> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    pairs["proof"].clone()
}

#[tokio::test]
async fn a_person_who_proves_the_account_signs_in_with_both() {
    let two = two().await;
    let mut browser = Browser::default();
    let page = two.arrive(&mut browser).await;
    let text = page.text();
    assert!(text.contains("New") && text.contains("Corp"), "{text}");
    for detail in ["ada", "corp.example", "n1"] {
        assert!(!text.contains(detail), "{detail} is in {text}");
    }
    let path = link(&page);
    let asked = browser.get(&two.corp.app, &path).await;
    let location = Url::parse(asked.header("location").expect("an address")).expect("an address");
    assert!(location.query_pairs().any(|(name, value)| name == "prompt" && value == "login"), "{location}");
    let answer = two.prove(&mut browser, &path).await;
    assert_eq!(answer.status, 303, "{}", two.corp.logged());
    assert_eq!(answer.header("location"), Some("/orders"));
    let user = browser.user(&two.corp.app).await.expect("a user");
    assert_eq!(two.corp.users().await.len(), 1);
    let mut other = Browser::default();
    assert_eq!(two.arrive(&mut other).await.status, 303);
    assert_eq!(other.user(&two.corp.app).await.expect("a user").user.id, user.user.id);
    assert_eq!(two.links().await, 2);
    let audit = &two.corp.app.services.audit;
    let events = audit.list(&Actor::operator(), &Default::default(), crate::support::ALL).await.expect("events").items;
    let linked = events.iter().flat_map(|event| &event.changes).find(|change| change.field == "linked_provider");
    assert_eq!(linked.and_then(|change| change.after.as_deref()), Some("New"));
}

#[tokio::test]
async fn another_browser_tenant_or_provider_proves_nothing() {
    let two = two().await;
    let mut browser = Browser::default();
    let path = two.asked(&mut browser).await;
    let status = async |browser: &mut Browser, path: &str| browser.get(&two.corp.app, path).await.status;
    assert_eq!(status(&mut Browser::default(), &path).await, 400, "another browser");
    let mut planted = Browser::default();
    two.asked(&mut planted).await;
    assert_eq!(status(&mut planted, &path).await, 400, "a browser with a pending link of its own");
    let other = two.corp.app.database.insert_tenant("other", None).await;
    super::browser::link(&two.corp.app, other, &two.corp.provider).await;
    let token = token(&path);
    assert_eq!(status(&mut browser, &format!("/login?tenant=other&provider=corp&proof={token}")).await, 400);
    assert_eq!(status(&mut browser, &format!("/login?provider=new&proof={token}")).await, 404, "the new provider");
    let third = two.corp.add(new_provider(&two.corp.app, &SigningProvider::start().await, "Third")).await;
    assert_eq!(status(&mut browser, &format!("/login?provider={}&proof={token}", third.id)).await, 404);
    assert_eq!(status(&mut browser, &format!("/login?provider=corp&proof={token}x")).await, 400);
    assert_eq!(status(&mut browser, &format!("/login?provider=corp&proof={token}")).await, 303, "the link itself");
    assert!(!two.is_linked().await);
}

#[tokio::test]
async fn a_start_is_no_pending_link_and_a_pending_link_is_no_start() {
    let two = two().await;
    let mut browser = Browser::default();
    let path = two.asked(&mut browser).await;
    let callback = browser.begin(&two.corp, "provider=corp").await;
    let (_, state) = callback.iter().find(|(name, _)| name == "state").expect("a state").clone();
    let answer = browser.get(&two.corp.app, &format!("/login?provider=corp&proof={state}")).await;
    assert_eq!(answer.status, 400);
    let forged = [("code".to_owned(), "code 0".to_owned()), ("state".to_owned(), token(&path))];
    assert_eq!(browser.finish(&two.corp, &forged).await.status, 403);
    two.corp.check_reason("the start of the sign-in cannot be opened");
}

#[tokio::test]
async fn a_proof_lasts_ten_minutes_after_the_first_sign_in() {
    let two = two().await;
    let mut browser = Browser::default();
    let path = two.asked(&mut browser).await;
    two.corp.app.clock.advance(599);
    assert_eq!(browser.get(&two.corp.app, &path).await.status, 303);
    two.corp.app.clock.advance(1);
    let late = browser.get(&two.corp.app, &path).await;
    assert_eq!(late.status, 400);
    assert!(late.text().contains("longer than ten minutes"), "{}", late.text());
}

#[tokio::test]
async fn somebody_else_at_the_other_provider_proves_nothing_and_becomes_no_user() {
    let two = two().await;
    for sub in ["eve", "n1"] {
        let mut browser = Browser::default();
        let path = two.asked(&mut browser).await;
        two.corp.openid.claims(move |claims| {
            claims["sub"] = json!(sub);
            claims["email"] = json!("eve@corp.example");
        });
        assert_eq!(two.prove(&mut browser, &path).await.status, 403);
        two.corp.check_reason("signed in as somebody else");
        assert!(browser.session().is_none());
    }
    two.corp.openid.reset();
    assert_eq!((two.corp.users().await.len(), two.links().await), (1, 1));
    // A user who exists and is not the one is not linked either.
    two.corp.openid.claims(|claims| {
        claims["sub"] = json!("eve");
        claims["email"] = json!("eve@corp.example");
    });
    assert_eq!(Browser::default().sign_in(&two.corp, "provider=corp").await.status, 303);
    let mut browser = Browser::default();
    let path = two.asked(&mut browser).await;
    assert_eq!(two.prove(&mut browser, &path).await.status, 403);
    assert!(!two.is_linked().await);
    assert_eq!((two.corp.users().await.len(), two.links().await), (2, 2));
}

#[tokio::test]
async fn an_ordinary_sign_in_of_the_same_browser_links_nothing() {
    let two = two().await;
    let mut browser = Browser::default();
    two.asked(&mut browser).await;
    assert_eq!(browser.sign_in(&two.corp, "provider=corp").await.status, 303);
    assert!(!two.is_linked().await);
}

#[tokio::test]
async fn the_callback_of_a_proof_needs_the_same_browser() {
    let two = two().await;
    let mut browser = Browser::default();
    let path = two.asked(&mut browser).await;
    let answer = browser.get(&two.corp.app, &path).await;
    let callback = two.corp.openid.authenticate(answer.header("location").expect("an address"));
    assert_eq!(Browser::default().finish(&two.corp, &callback).await.status, 403);
    two.corp.check_reason("this browser did not start the sign-in");
    assert!(!two.is_linked().await);
}

#[tokio::test]
async fn settings_that_change_meanwhile_end_the_proof() {
    let two = two().await;
    let set = async |linking| {
        let sign_in = SignInPatch { linking: Patch::Set(linking), ..SignInPatch::default() };
        let patch = ProviderPatch { sign_in, ..ProviderPatch::default() };
        two.corp.app.update(&two.new, patch).await.expect("a change");
    };
    let mut browser = Browser::default();
    let path = two.asked(&mut browser).await;
    set(Linking::Never).await;
    assert_eq!(two.prove(&mut browser, &path).await.status, 403);
    two.corp.check_reason("lets nobody prove an account any more");
    set(Linking::Ask).await;
    let path = two.asked(&mut browser).await;
    let disabled = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    two.corp.app.update(&two.new, disabled).await.expect("a change");
    assert_eq!(two.prove(&mut browser, &path).await.status, 403);
    two.corp.check_reason("the provider is disabled");
    assert_eq!(two.links().await, 1);
}

#[tokio::test]
async fn nobody_is_asked_who_cannot_prove_anything() {
    let two = two().await;
    let taken = "Another user of the tenant has this email address.";
    // The provider denies the address.
    two.openid.claims(|claims| {
        claims["sub"] = json!("n1");
        claims["email_verified"] = json!(false);
    });
    assert_eq!(two.arrive(&mut Browser::default()).await.status, 403);
    two.corp.check_reason(taken);
    two.openid.claims(|claims| claims["sub"] = json!("n1"));
    // The user is blocked.
    let [user] = &two.corp.users().await[..] else { panic!("one user") };
    let users = &two.corp.app.services.users;
    users.set_blocked(&Actor::operator(), user.id, true, None).await.expect("a block");
    assert_eq!(two.arrive(&mut Browser::default()).await.status, 403);
    two.corp.check_reason("An administrator blocked the user.");
    users.set_blocked(&Actor::operator(), user.id, false, None).await.expect("no block");
    // The user's other provider is disabled.
    let disabled = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    two.corp.app.update(&two.corp.provider, disabled).await.expect("a change");
    assert_eq!(two.arrive(&mut Browser::default()).await.status, 403);
    two.corp.check_reason(taken);
}
