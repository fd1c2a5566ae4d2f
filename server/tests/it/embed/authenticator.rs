//! The host's own sign-in decides who is an administrator.

use axum::http::request::Parts;
use serde_json::{Value, json};
use vestibule::{
    Authenticator, BuildError, HostUser,
    domain::actor::{Actor, Grant, Role},
};

use crate::support::{ALL, TestApp, TestClock, TestDatabase, Visitor};

/// Believes a header, as no real host should. Of a role that is none, it makes a user without a role.
struct Header;

#[vestibule::async_trait]
impl Authenticator for Header {
    async fn authenticate(&self, request: &Parts) -> Option<HostUser> {
        let role = request.headers.get("cookie")?.to_str().ok()?.strip_prefix("host-role=")?;
        let name = format!("host {role}");
        Some(match role.parse() {
            Ok(role) => HostUser::new(name, Grant::platform(role)),
            Err(_) => HostUser::without_role(name),
        })
    }
}

async fn start() -> TestApp {
    TestApp::start_with(|builder| builder.authenticator(Header)).await
}

fn visitor(role: Role) -> Visitor {
    Visitor { cookie: Some(format!("host-role={}", role.as_str())), ..Visitor::default() }
}

async fn status(app: &TestApp, visitor: &Visitor) -> Value {
    app.call(visitor, "session/status", json!({})).await.expect(200)
}

#[tokio::test]
async fn the_host_decides_who_may_do_what() {
    let app = start().await;
    let page = json!({"page": ALL});
    app.call(&Visitor::default(), "tokens/list", page.clone()).await.expect(401);
    app.call(&visitor(Role::PlatformReader), "tokens/list", page.clone()).await.expect(403);
    app.call(&visitor(Role::PlatformAdmin), "tokens/list", page).await.expect(200);
    let seen = status(&app, &visitor(Role::PlatformReader)).await;
    assert_eq!(seen["user"]["name"], "host platform_reader");
    assert_eq!((&seen["user"]["has_password"], &seen["host_signs_in"]), (&json!(false), &json!(true)));
}

#[tokio::test]
async fn a_user_without_a_role_is_signed_in_and_refused() {
    let app = start().await;
    let visitor = Visitor { cookie: Some("host-role=accountant".to_owned()), ..Visitor::default() };
    app.call(&visitor, "tokens/list", json!({"page": ALL})).await.expect(403);
    let seen = status(&app, &visitor).await;
    assert_eq!((&seen["user"], &seen["without_role"]), (&Value::Null, &json!("host accountant")));
    // Without a sign-in, and with a role.
    for visitor in [Visitor::default(), self::visitor(Role::PlatformReader)] {
        assert_eq!(status(&app, &visitor).await["without_role"], Value::Null);
    }
}

#[tokio::test]
async fn the_portal_knows_where_the_host_signs_users_in() {
    for address in ["/login?next=/sso/", "https://login.example.com/"] {
        let app = TestApp::start_with(|builder| builder.authenticator(Header).sign_in_url(address)).await;
        assert_eq!(status(&app, &Visitor::default()).await["sign_in_url"], address);
    }
    assert_eq!(status(&start().await, &Visitor::default()).await["sign_in_url"], Value::Null);
}

#[tokio::test]
async fn a_sign_in_address_that_is_no_page_is_rejected() {
    for address in ["javascript:alert(1)", "login", "//login.example.com", "data:text/html,x", ""] {
        let database = TestDatabase::migrated().await.into();
        let base_url = "https://id.example.com".parse().expect("a URL");
        let built = TestApp::try_over(database, TestClock::default(), base_url, |builder| builder.sign_in_url(address));
        let error = built.await.map(|_| ()).expect_err(address);
        assert!(matches!(error, BuildError::SignInUrl(_)) && error.to_string().starts_with("sign_in_url: "), "{error}");
    }
}

#[tokio::test]
async fn the_audit_log_names_the_hosts_user() {
    let app = start().await;
    let grant = json!({"role": "platform_reader", "tenant": null, "partner": null});
    let new = json!({"new": {"name": "ci", "grant": grant, "lifetime_seconds": null}});
    app.call(&visitor(Role::PlatformAdmin), "tokens/create", new).await.expect(200);
    let log = app.services.audit.list(&Actor::operator(), &Default::default(), ALL).await.expect("the log");
    assert_eq!(log.items[0].actor, "host platform_admin");
}

#[tokio::test]
async fn there_is_no_set_up_link() {
    let app = start().await;
    assert!(app.vestibule.set_up_link().await.expect("an answer").is_none());
    assert_eq!(status(&app, &Visitor::default()).await["needs_set_up"], false);
}

#[tokio::test]
async fn sessions_of_our_own_count_nothing() {
    let own = TestApp::start().await;
    let ada = own.signed_in(Role::PlatformAdmin).await;
    let host = TestApp::over(own.database.clone(), own.clock.clone(), |builder| builder.authenticator(Header)).await;
    assert!(status(&host, &ada).await["user"].is_null());
    // Who has no session of ours has none to manage either.
    for endpoint in ["session/list", "session/sign-out"] {
        host.call(&visitor(Role::PlatformAdmin), endpoint, json!({})).await.expect(403);
    }
}

#[tokio::test]
async fn another_site_cannot_use_the_hosts_cookie() {
    let app = start().await;
    let page = json!({"page": ALL});
    let elsewhere = visitor(Role::PlatformAdmin).with_origin("https://evil.example");
    app.call(&elsewhere, "tokens/list", page).await.expect(403);
    let request = axum::http::Request::builder()
        .method("POST")
        .uri(app.path("/_ui/fn/tokens/list"))
        .header("content-type", "application/json")
        .header("cookie", "host-role=platform_admin")
        .body(json!({"page": ALL}).to_string().into());
    app.send(request.expect("a request"), crate::support::app::PEER).await.expect(403);
}
