//! The routes of an application around an instance: who is signed in, and who is let through.

use axum::{
    Router,
    http::{HeaderMap, Method, Request, request},
    response::{IntoResponse as _, Redirect},
    routing::{get, post},
};
use vestibule::{OptionalSignedIn, SignedIn, Vestibule};

use super::browser::{Browser, Place, link};
use crate::support::{Answer, TestApp};

async fn name(SignedIn(user): SignedIn) -> String {
    format!("{} of {}", user.user.profile.username, user.tenant_slug)
}

async fn greeting(OptionalSignedIn(user): OptionalSignedIn) -> String {
    user.map_or("nobody".to_owned(), |user| user.user.profile.username)
}

/// Routes with each layer, and one with none.
fn application(vestibule: &Vestibule) -> Router {
    let open =
        Router::new().route("/greeting", get(greeting)).route("/name", get(name)).layer(vestibule.sign_in_layer());
    let guarded = Router::new().route("/projects/{id}", get(name).post(name)).route_layer(vestibule.require_sign_in());
    let acme = Router::new().route("/orders", get(name)).route_layer(vestibule.require_sign_in().tenant("acme"));
    Router::new()
        .route("/bare", get(greeting))
        .merge(open)
        .nest("/app", guarded)
        .nest("/acme", acme)
        .nest_service("/sso", vestibule.router())
}

async fn place() -> Place {
    let mut place = Place::new().await;
    place.app.router = application(&place.app.vestibule);
    place
}

async fn page(browser: &mut Browser, app: &TestApp, path: &str) -> Answer {
    browser.request(app, asking(Method::GET, path).header("accept", "text/html,application/xhtml+xml;q=0.9")).await
}

fn asking(method: Method, path: &str) -> request::Builder {
    Request::builder().method(method).uri(path)
}

#[tokio::test]
async fn handlers_take_the_user_who_signed_in() {
    let place = place().await;
    let mut browser = Browser::default();
    assert_eq!(page(&mut browser, &place.app, "/greeting").await.text(), "nobody");
    let answer = page(&mut browser, &place.app, "/name").await;
    assert_eq!((answer.status, answer.text()), (401, "Sign in first."));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    browser.sign_in(&place, "").await;
    assert_eq!(page(&mut browser, &place.app, "/greeting").await.text(), "ada");
    assert_eq!(page(&mut browser, &place.app, "/name").await.text(), "ada of default");
    // Without a layer nothing is known, and the user must not be guessed.
    assert_eq!(page(&mut browser, &place.app, "/bare").await.status, 500);
}

#[tokio::test]
async fn pages_send_browsers_to_the_sign_in_and_back() {
    let place = place().await;
    let mut browser = Browser::default();
    let answer = page(&mut browser, &place.app, "/app/projects/7?tab=a%26b").await;
    let location = "/sso/login?return_to=%2Fapp%2Fprojects%2F7%3Ftab%3Da%2526b";
    assert_eq!((answer.status, answer.header("location")), (303, Some(location)));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let answer = browser.sign_in(&place, location.split_once('?').expect("a query").1).await;
    assert_eq!(answer.header("location"), Some("/app/projects/7?tab=a%26b"));
    let answer = page(&mut browser, &place.app, "/app/projects/7").await;
    assert_eq!((answer.text(), answer.header("cache-control")), ("ada of default", Some("private, no-cache")));
    // What cannot be returned to is left out.
    let answer = page(&mut Browser::default(), &place.app, &format!("/app/projects/{}", "x".repeat(1000))).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/sso/login")));
}

#[tokio::test]
async fn other_requests_are_refused_in_their_own_words() {
    let place = place().await;
    let mut browser = Browser::default();
    for request in [
        asking(Method::GET, "/app/projects/7"),
        asking(Method::GET, "/app/projects/7").header("accept", "*/*"),
        asking(Method::POST, "/app/projects/7").header("accept", "text/html"),
    ] {
        let answer = browser.request(&place.app, request).await;
        assert_eq!((answer.status, answer.text(), answer.header("location")), (401, "Sign in first.", None));
    }
    let request = asking(Method::GET, "/app/projects/7").header("accept", "application/json;q=0.8, text/plain");
    let answer = browser.request(&place.app, request).await;
    assert_eq!(answer.expect(401)["detail"], "Sign in first.");
    // Who is not let through does not learn which routes there are not.
    assert_eq!(page(&mut browser, &place.app, "/app/nothing").await.status, 404);
}

#[tokio::test]
async fn a_session_of_another_tenant_does_not_pass() {
    let place = place().await;
    let acme = place.app.database.insert_tenant("acme", None).await;
    link(&place.app, acme, &place.provider).await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    assert_eq!(page(&mut browser, &place.app, "/name").await.text(), "ada of default");
    let answer = page(&mut browser, &place.app, "/acme/orders").await;
    let location = "/sso/login?tenant=acme&return_to=%2Facme%2Forders";
    assert_eq!((answer.status, answer.header("location")), (303, Some(location)));
    let answer = browser.request(&place.app, asking(Method::GET, "/acme/orders")).await;
    assert_eq!(answer.status, 401);
    let mut browser = Browser::default();
    let answer = browser.sign_in(&place, location.split_once('?').expect("a query").1).await;
    assert_eq!(answer.header("location"), Some("/acme/orders"));
    assert_eq!(page(&mut browser, &place.app, "/acme/orders").await.text(), "ada of acme");
    // By the identifier too, and by no other one.
    let gate = |tenant: String| {
        Router::new().route("/", get(name)).route_layer(place.app.vestibule.require_sign_in().tenant(tenant))
    };
    for (tenant, status) in [(acme.to_string(), 200), (place.app.default_tenant().await.to_string(), 401)] {
        let mut request = asking(Method::GET, "/").header("cookie", browser.header());
        request = request.header("accept", "application/json");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        let answer = crate::support::app::send(&gate(tenant), request, crate::support::app::PEER).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn a_blocked_user_is_let_through_no_more() {
    use vestibule::domain::actor::Actor;
    let place = place().await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    let user = browser.user(&place.app).await.expect("a user").user.id;
    place.app.services.users.set_blocked(&Actor::operator(), user, true, None).await.expect("a block");
    assert_eq!(page(&mut browser, &place.app, "/app/projects/7").await.status, 303);
    assert_eq!(page(&mut browser, &place.app, "/greeting").await.text(), "nobody");
}

#[tokio::test]
async fn without_the_database_nobody_is_let_through() {
    let place = place().await;
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    place.app.vestibule.close().await;
    for path in ["/app/projects/7", "/name", "/greeting"] {
        assert_eq!(page(&mut browser, &place.app, path).await.status, 503, "{path}");
    }
}

#[tokio::test]
async fn two_instances_feed_each_its_own_routes() {
    let (x, y) = (Place::new().await, TestApp::at("https://id.example.com/y").await);
    let routes = |vestibule: &Vestibule| Router::new().route("/who", get(greeting)).layer(vestibule.sign_in_layer());
    let mut app = TestApp::over(x.app.database.clone(), x.app.clock.clone(), |builder| builder).await;
    app.router = Router::new().nest("/of-x", routes(&x.app.vestibule)).nest("/of-y", routes(&y.vestibule));
    // The innermost of several layers counts.
    let app = TestApp { router: app.router.clone().layer(y.vestibule.sign_in_layer()), ..app };
    let mut browser = Browser::default();
    browser.sign_in(&x, "").await;
    assert_eq!(page(&mut browser, &app, "/of-x/who").await.text(), "ada");
    assert_eq!(page(&mut browser, &app, "/of-y/who").await.text(), "nobody");
    // A session of one is none of the other, under its name neither.
    let renamed = browser.header().replace("vestibule-user73736f-", "vestibule-user79-");
    assert_ne!(renamed, browser.header());
    let mut browser = Browser {
        cookies: renamed
            .split("; ")
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
    };
    assert_eq!(page(&mut browser, &app, "/of-y/who").await.text(), "nobody");
}

#[tokio::test]
async fn a_handler_signs_out() {
    let mut place = Place::new().await;
    let vestibule = std::sync::Arc::new(std::mem::replace(
        &mut place.app.vestibule,
        TestApp::at("https://id.example.com/other").await.vestibule,
    ));
    let held = vestibule.clone();
    let leave = move |headers: HeaderMap| {
        let held = held.clone();
        async move {
            match held.sign_out(&headers).await {
                Ok(signed_out) => (signed_out, Redirect::to("/bye")).into_response(),
                Err(_) => axum::http::StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    };
    place.app.router = Router::new().route("/leave", post(leave)).nest_service("/sso", vestibule.router());
    let mut browser = Browser::default();
    browser.sign_in(&place, "").await;
    let cookie = browser.session().expect("a session").clone();
    let answer = browser.request(&place.app, asking(Method::POST, "/leave")).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/bye")));
    assert_eq!(browser.session(), None);
    assert!(vestibule.services().sign_ins.resume(&cookie).await.expect("an answer").is_none());
}
