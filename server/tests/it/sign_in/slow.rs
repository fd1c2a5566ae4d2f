//! Providers that do not answer, or never stop answering.

use std::time::{Duration, Instant};

use axum::{
    body::{Body, Bytes},
    http::header::CONTENT_TYPE,
    response::{IntoResponse as _, Response},
};
use serde_json::Value;
use vestibule::domain::provider::ProviderPatch;

use super::{
    browser::{Browser, Place},
    provider::{KEYS, TOKEN, USER_INFO},
};

const LIMIT: Duration = Duration::from_millis(200);

/// Far more than the limit, and less than the 10 s that providers have outside of tests.
const MOST: Duration = Duration::from_secs(8);

/// What an administrator reads about each endpoint.
const ENDPOINTS: [(&str, &str); 3] = [
    (TOKEN, "no complete answer in time"),
    (KEYS, "the provider's keys cannot be read"),
    (USER_INFO, "no complete answer in time"),
];

/// An instance whose sign-ins ask all endpoints.
async fn asking_all_endpoints(timeout: Duration) -> Place {
    let place = Place::with_timeout(timeout).await;
    // The address decides who may sign in.
    let allowed_domains = Some(vec!["corp.example".to_owned()]);
    let patch = ProviderPatch { allowed_domains, ..ProviderPatch::default() };
    place.app.update(&place.provider, patch).await.expect("a change");
    place.openid.claims(|claims| claims["email"] = Value::Null);
    place
}

async fn refused_in_time(place: &Place, reason: &str) {
    let started = Instant::now();
    let mut browser = Browser::default();
    let answer = browser.sign_in(place, "").await;
    assert_eq!(answer.status, 403, "{}", answer.text());
    assert!(started.elapsed() < MOST, "{:?}", started.elapsed());
    assert!(browser.session().is_none() && place.users().await.is_empty());
    place.check_reason(reason);
}

#[tokio::test]
async fn an_endpoint_that_does_not_answer_ends_the_sign_in_in_time() {
    for (path, reason) in ENDPOINTS {
        let place = asking_all_endpoints(LIMIT).await;
        place.openid.hang_at(path);
        refused_in_time(&place, reason).await;
    }
}

#[tokio::test]
async fn a_body_that_does_not_end_in_time_ends_the_sign_in() {
    for (path, reason) in ENDPOINTS {
        let place = asking_all_endpoints(LIMIT).await;
        place.openid.answer_at(path, || {
            let begun = tokio_stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"{"))]);
            json(Body::from_stream(tokio_stream::StreamExt::chain(begun, tokio_stream::pending())))
        });
        refused_in_time(&place, reason).await;
    }
}

#[tokio::test]
async fn an_endless_body_is_read_to_its_limit_alone() {
    for (path, reason) in [(TOKEN, "longer than 262144 bytes"), ENDPOINTS[1], (USER_INFO, "longer than 262144 bytes")] {
        // Time is not what ends it.
        let place = asking_all_endpoints(Duration::from_secs(60)).await;
        place.openid.answer_at(path, || {
            let pieces = std::iter::repeat_with(|| Ok::<_, std::io::Error>(Bytes::from_static(&[b' '; 4096])));
            json(Body::from_stream(tokio_stream::iter(pieces)))
        });
        refused_in_time(&place, reason).await;
    }
}

fn json(body: Body) -> Response {
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
