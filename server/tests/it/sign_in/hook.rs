//! The application's hook after a sign-in.

use std::sync::{
    Arc, Mutex, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    BoxError, Extension, Router,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse as _, Redirect},
};
use serde_json::json;
use vestibule::{
    AfterSignIn, SignInHook,
    domain::actor::{Actor, Role},
    service::{CompletedSignIn, Services},
};

use super::{
    browser::{Browser, Place, link},
    trace::SIGN_INS,
};
use crate::support::TestApp;

/// What the hook does.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    Respond,
    Accept,
    Fail,
    Panic,
    /// Blocks the user, and accepts.
    BlockAndAccept,
    /// Removes the user's link, and accepts.
    UnlinkAndAccept,
}

#[derive(Default)]
struct Calls {
    count: AtomicUsize,
    last: Mutex<Option<CompletedSignIn>>,
    then: Mutex<Option<Then>>,
    services: OnceLock<Services>,
}

impl Calls {
    fn set(&self, then: Then) {
        *self.then.lock().expect("no panic") = Some(then);
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    fn last(&self) -> CompletedSignIn {
        self.last.lock().expect("no panic").clone().expect("a call")
    }
}

/// What a layer of the application puts into the request.
#[derive(Clone)]
struct Mark(&'static str);

struct Hook(Arc<Calls>);

#[vestibule::async_trait]
impl SignInHook for Hook {
    async fn signed_in(&self, sign_in: CompletedSignIn, request: &Parts) -> Result<AfterSignIn, BoxError> {
        let Mark(mark) = request.extensions.get::<Mark>().ok_or("there is no mark")?;
        self.0.count.fetch_add(1, Ordering::SeqCst);
        *self.0.last.lock().expect("no panic") = Some(sign_in.clone());
        let then = self.0.then.lock().expect("no panic").unwrap_or(Then::Respond);
        match then {
            Then::Respond => {
                let cookie = format!("__Host-own=1-{mark}; HttpOnly; SameSite=Lax; Secure; Path=/");
                let response = ([(header::SET_COOKIE, cookie)], Redirect::to(&sign_in.return_to));
                Ok(AfterSignIn::Respond(response.into_response()))
            }
            Then::Accept => Ok(AfterSignIn::Accept),
            Then::Fail => Err("the billing system says <no>".into()),
            Then::Panic => panic!("the hook panics"),
            Then::UnlinkAndAccept => {
                let users = &self.0.services.get().ok_or("no services")?.users;
                let links = users.list_identity_links(&Actor::operator(), sign_in.user.id).await?;
                users.delete_identity_link(&Actor::operator(), sign_in.user.id, links[0].id).await?;
                Ok(AfterSignIn::Accept)
            }
            Then::BlockAndAccept => {
                let services = self.0.services.get().ok_or("no services")?;
                services.users.set_blocked(&Actor::operator(), sign_in.user.id, true, None).await?;
                Ok(AfterSignIn::Accept)
            }
        }
    }
}

async fn place() -> (Place, Arc<Calls>) {
    let calls = Arc::new(Calls::default());
    let app = TestApp::start_with(|builder| builder.on_sign_in(Hook(calls.clone()))).await;
    assert!(calls.services.set(app.services.clone()).is_ok());
    let mut place = Place::over(app, |new| new).await;
    let router = std::mem::take(&mut place.app.router);
    place.app.router = Router::new().fallback_service(router).layer(Extension(Mark("mark")));
    (place, calls)
}

async fn sessions(place: &Place) -> usize {
    place.app.database.texts("SELECT hash FROM vestibule_user_sessions").await.len()
}

#[tokio::test]
async fn the_application_begins_a_session_of_its_own() {
    let (place, calls) = place().await;
    let mut browser = Browser::default();
    let answer = browser.sign_in(&place, "return_to=/orders%3Fid%3D1").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/orders?id=1")), "{}", place.logged());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(browser.cookies, [("__Host-own".to_owned(), "1-mark".to_owned())], "and no other cookie");
    assert_eq!((calls.count(), sessions(&place).await), (1, 0));
    let sign_in = calls.last();
    let [user] = &place.users().await[..] else { panic!("one user") };
    assert_eq!((sign_in.user.id, sign_in.user.profile.username.as_str()), (user.id, "ada"));
    assert_eq!((sign_in.tenant, sign_in.tenant_slug.as_str()), (user.tenant, "default"));
    assert_eq!((sign_in.provider, sign_in.provider_slug.as_str()), (place.provider.id, "corp"));
    assert_eq!(sign_in.claims.to_json()["email"], "ada@corp.example");
    assert!(sign_in.groups.is_empty());
    let links = place.app.services.users.list_identity_links(&Actor::operator(), user.id).await.expect("links");
    assert_eq!(links.len(), 1);
    // The next time it is the same user.
    assert_eq!(Browser::default().sign_in(&place, "").await.status, 303);
    assert_eq!((calls.count(), place.users().await.len()), (2, 1));
}

#[tokio::test]
async fn the_application_accepts_the_session() {
    let (place, calls) = place().await;
    calls.set(Then::Accept);
    let mut browser = Browser::default();
    let answer = browser.sign_in(&place, "return_to=/orders").await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/orders")), "{}", place.logged());
    let user = browser.user(&place.app).await.expect("a user");
    assert_eq!((user.user.id, sessions(&place).await), (calls.last().user.id, 1));
    // The browser's earlier session ends when the application answers, too.
    calls.set(Then::Respond);
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    assert_eq!((browser.session(), sessions(&place).await), (None, 0));
}

#[tokio::test]
async fn an_application_that_fails_leaves_no_half_sign_in() {
    let (place, calls) = place().await;
    calls.set(Then::Accept);
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    let earlier = browser.session().expect("a session").clone();
    calls.set(Then::Fail);
    let answer = browser.sign_in(&place, "return_to=/orders").await;
    // An error of the server, after which layers of sessions store nothing.
    assert_eq!(answer.status, 500);
    let (_, rest) = answer.text().split_once("class=\"reference\">").expect("a reference");
    let reference = rest.split('<').next().expect("a text");
    assert!(!answer.text().contains("billing") && answer.text().contains("Try again"), "{}", answer.text());
    assert!(answer.headers.get_all("set-cookie").iter().all(|set| !set.to_str().expect("text").contains("-session")));
    place.check_reason("the application failed: the billing system says <no>");
    assert_eq!((sessions(&place).await, browser.session()), (1, Some(&earlier)), "the earlier session goes on");
    let token = place.app.token(Role::PlatformAdmin).await;
    let trace = place.app.get(&format!("{SIGN_INS}{reference}"), Some(&format!("Bearer {token}"))).await.expect(200);
    let trace = &trace["data"];
    assert_eq!((&trace["outcome"], &trace["reason"]), (&json!("failed"), &json!("application")));
    let step = trace["steps"].as_array().and_then(|steps| steps.last()).expect("a step");
    // Tenants' administrators read it: what the application says of itself is in the log alone.
    assert_eq!((&step["name"], &step["failure"]["message"]), (&json!("application"), &json!("the application failed")));
    assert!(!trace.to_string().contains("billing"), "{trace}");
    // User and link are stored, and the person can try again.
    calls.set(Then::Respond);
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    assert_eq!(place.users().await.len(), 1);
}

#[tokio::test]
async fn a_start_reaches_the_application_once() {
    let (place, calls) = place().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let (mut second, mut third) = (browser.clone(), browser.clone());
    let answers = tokio::join!(
        browser.finish(&place, &callback),
        second.finish(&place, &callback),
        third.finish(&place, &callback)
    );
    let mut statuses = [answers.0.status, answers.1.status, answers.2.status];
    statuses.sort_unstable();
    assert_eq!((statuses, calls.count()), ([303, 403, 403], 1));
    assert_eq!(second.finish(&place, &callback).await.status, 403);
    assert_eq!(calls.count(), 1);
}

#[tokio::test]
async fn who_may_not_sign_in_never_reaches_the_application() {
    let (place, calls) = place().await;
    let mut browser = Browser::default();
    assert_eq!(browser.sign_in(&place, "").await.status, 303);
    let user = calls.last().user.id;
    place.app.services.users.set_blocked(&Actor::operator(), user, true, None).await.expect("a block");
    assert_eq!(browser.sign_in(&place, "").await.status, 403);
    place.openid.claims(|claims| claims["nonce"] = json!("another"));
    assert_eq!(browser.sign_in(&place, "").await.status, 403);
    assert_eq!(calls.count(), 1);
}

#[tokio::test]
async fn a_user_who_is_blocked_meanwhile_gets_no_session() {
    let (place, calls) = place().await;
    calls.set(Then::BlockAndAccept);
    let answer = Browser::default().sign_in(&place, "").await;
    assert_eq!((answer.status, sessions(&place).await), (403, 0));
    place.check_reason("the user was blocked, deleted or unlinked meanwhile");
}

#[tokio::test]
async fn a_user_who_is_unlinked_meanwhile_gets_no_session() {
    let (place, calls) = place().await;
    calls.set(Then::UnlinkAndAccept);
    let answer = Browser::default().sign_in(&place, "").await;
    assert_eq!((answer.status, sessions(&place).await), (403, 0));
    place.check_reason("the user was blocked, deleted or unlinked meanwhile");
}

#[tokio::test]
async fn an_application_that_panics_has_failed() {
    let (place, calls) = place().await;
    calls.set(Then::Panic);
    let answer = Browser::default().sign_in(&place, "").await;
    assert_eq!((answer.status, sessions(&place).await), (500, 0));
    assert!(answer.text().contains("class=\"reference\""), "{}", answer.text());
    place.check_reason("the application failed: ");
}

#[tokio::test]
async fn a_sign_in_goes_on_when_the_browser_leaves() {
    let (place, calls) = place().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    {
        let mut finishing = std::pin::pin!(browser.finish(&place, &callback));
        // Until the provider is asked.
        while place.openid.token_requests() == 0 {
            tokio::select! {
                biased;
                _ = &mut finishing => panic!("it ended"),
                () = tokio::task::yield_now() => {}
            }
        }
    }
    while calls.count() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(place.users().await.len(), 1);
}

#[tokio::test]
async fn the_application_reads_the_tenant_that_was_signed_in_to() {
    let (place, calls) = place().await;
    let acme = place.app.database.insert_tenant("acme", None).await;
    link(&place.app, acme, &place.provider).await;
    assert_eq!(Browser::default().sign_in(&place, "tenant=acme").await.status, 303);
    assert_eq!((calls.last().tenant, calls.last().tenant_slug.as_str()), (acme, "acme"));
}

#[tokio::test]
async fn a_callback_by_post_brings_the_extensions_too() {
    let (place, calls) = place().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let first = browser.post_across_sites(&place.app, &place.callback(), &callback).await;
    assert_eq!((first.status, calls.count()), (StatusCode::OK.as_u16(), 0));
    let answer = browser.post(&place.app, &format!("{}?again", place.callback()), &callback).await;
    assert_eq!((answer.status, calls.count()), (303, 1), "{}", place.logged());
}
