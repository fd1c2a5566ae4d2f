//! Callbacks by POST (OAuth 2.0 Form Post Response Mode): they come from another site, without cookies, and a page of ours
//! posts them again.

use axum::{body::Body, http::Request};
use vestibule::domain::provider::ProviderPatch;

use super::browser::{Browser, Place};
use crate::support::{Answer, Visitor};

/// What a browser without scripts sends when the person chooses the button of the page: address and fields.
pub(super) fn form_of(page: &Answer) -> (String, Vec<(String, String)>) {
    let text = page.text();
    let between = |text: &str, start: &str, end: &str| {
        let (_, rest) = text.split_once(start)?;
        rest.split_once(end).map(|(found, rest)| (found.to_owned(), rest.to_owned()))
    };
    let (action, mut rest) = between(text, "<form method=\"post\" action=\"/sso", "\">").expect("a form");
    let mut fields = Vec::new();
    while let Some((name, after)) = between(&rest, "<input type=\"hidden\" name=\"", "\" value=\"") {
        let (value, after) = after.split_once("\">").expect("a value");
        fields.push((unescaped(&name), unescaped(value)));
        rest = after.to_owned();
    }
    assert!(rest.contains("<button"), "a button for browsers without scripts");
    (action, fields)
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn policy_of(page: &Answer) -> &str {
    page.header("content-security-policy").expect("a policy")
}

#[tokio::test]
async fn a_callback_by_post_is_posted_again_from_our_own_site() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "return_to=/orders").await;
    let page = browser.post_across_sites(&place.app, &place.callback(), &callback).await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")), "{}", page.text());
    let policy = policy_of(&page);
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("; script-src 'sha256-") && policy.contains("; form-action 'self';"), "{policy}");
    assert!(page.text().len() < 15_000 && page.header("set-cookie").is_none(), "{}", page.text());
    let (action, fields) = form_of(&page);
    assert_eq!((action.as_str(), &fields), (&*format!("{}?again", place.callback()), &callback));
    assert_eq!(place.openid.token_requests(), 0, "nothing is asked before the cookies come");
    let answer = browser.post(&place.app, &action, &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/orders")), "{}", answer.text());
    assert!(browser.user(&place.app).await.is_some());
}

#[tokio::test]
async fn the_page_may_be_redirected_to_the_landing_alone() {
    let place = Place::new().await;
    let allowed = ["https://portal.example:8443", "https://other.example"].map(str::to_owned).to_vec();
    let patch = ProviderPatch { allowed_redirects: Some(allowed), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "return_to=https://portal.example:8443/x%3Fy").await;
    let page = browser.post_across_sites(&place.app, &place.callback(), &callback).await;
    let policy = policy_of(&page);
    assert!(policy.contains("; form-action 'self' https://portal.example:8443;"), "{policy}");
    let (action, fields) = form_of(&page);
    let answer = browser.post(&place.app, &action, &fields).await;
    assert_eq!(answer.header("location"), Some("https://portal.example:8443/x?y"));
    // An address of our own origin needs no more than that, however it is written.
    let callback = browser.begin(&place, "return_to=https://id.example.com/x").await;
    let page = browser.post_across_sites(&place.app, &place.callback(), &callback).await;
    assert!(policy_of(&page).contains("; form-action 'self';"), "{}", policy_of(&page));
}

#[tokio::test]
async fn an_origin_in_the_state_counts_only_as_it_was_sealed() {
    let place = Place::new().await;
    let allowed = vec!["https://portal.example".to_owned()];
    let patch = ProviderPatch { allowed_redirects: Some(allowed), ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    let mut browser = Browser::default();
    let state = browser.begin(&place, "return_to=https://portal.example/").await[1].1.clone();
    let (random, sealed) = state.split_once('.').expect("a sealed origin");
    let other = browser.begin(&place, "return_to=https://portal.example/").await[1].1.clone();
    let (other, _) = other.split_once('.').expect("a sealed origin");
    for forged in [
        format!("{other}.{sealed}"),
        format!("{random}.aHR0cHM6Ly9ldmlsLmV4YW1wbGU"),
        format!("{random}.https://evil.example"),
        format!("{random}."),
        format!("; script-src *.{sealed}"),
        String::new(),
    ] {
        let callback = [("code".to_owned(), "x".to_owned()), ("state".to_owned(), forged.clone())];
        let page = browser.post_across_sites(&place.app, &place.callback(), &callback).await;
        assert!(policy_of(&page).contains("; form-action 'self';"), "{forged}: {}", policy_of(&page));
    }
}

#[tokio::test]
async fn a_post_that_another_site_marks_as_ours_is_refused() {
    let place = Place::new().await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    let marked = format!("{}?again", place.callback());
    let answer = browser.post_across_sites(&place.app, &marked, &callback).await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    place.check_reason("this browser did not start");
    assert_eq!(place.openid.token_requests(), 0);
    // A query beside the form is not read.
    let path = format!("{}?state=x&code=y", place.callback());
    let page = browser.post_across_sites(&place.app, &path, &callback).await;
    assert_eq!(form_of(&page).1, callback);
    assert_eq!(browser.post(&place.app, &marked, &callback).await.status, 303, "the start is not used up");
}

#[tokio::test]
async fn what_was_posted_is_shown_as_text() {
    let place = Place::new().await;
    let fields = [
        ("state".to_owned(), "\"><script>alert(1)</script>".to_owned()),
        ("\"><b>&amp;".to_owned(), "' onload='x\nä€".to_owned()),
        ("submit".to_owned(), "x".to_owned()),
    ];
    let page = Browser::default().post_across_sites(&place.app, &place.callback(), &fields).await;
    assert_eq!(form_of(&page).1, fields);
    let text = page.text();
    assert!(!text.contains("<script>alert") && !text.contains("<b>"), "{text}");
    assert_eq!(text.matches("<script>").count(), 1, "{text}");
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused() {
    let place = Place::new().await;
    let path = place.app.path(&place.callback());
    let post = async |content_type: &str, body: String| {
        let request = Request::post(&path).header("content-type", content_type).body(Body::from(body));
        place.app.send(request.expect("a request"), Visitor::default().peer).await
    };
    let form = "application/x-www-form-urlencoded";
    assert_eq!(post("application/json", "{}".to_owned()).await.status, 415);
    assert_eq!(post("multipart/form-data; boundary=x", "--x--".to_owned()).await.status, 415);
    assert_eq!(post(form, "x".repeat(256 * 1024 + 1)).await.status, 413);
    let answer = post("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=b".to_owned()).await;
    assert_eq!((answer.status, form_of(&answer).1.len()), (200, 1));
    let answer = post(form, "a=b&".repeat(1000)).await;
    assert_eq!((answer.status, form_of(&answer).1.len()), (200, 50));
}
