//! `GET /login`: the way to a provider, a choice between several, or a question before another session ends.
//! `GET /login/test` is a test sign-in.

use axum::{
    extract::{RawQuery, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{LOCATION, SET_COOKIE},
    },
    response::{IntoResponse as _, Response},
};
use url::form_urlencoded;
use vestibule_app::service::{SignInRequest, SignInStep, StartRefusal, TraceReference};

use super::{choice, page, query, state::SignInState};

/// `GET /login?tenant=&provider=&return_to=&login_hint=&prompt=&ui_locales=&iss=&target_link_uri=&search=`
pub(super) async fn begin(State(state): State<SignInState>, RawQuery(given): RawQuery, headers: HeaderMap) -> Response {
    let mut request = match query::read(given.as_deref().unwrap_or_default()) {
        Ok(request) => request,
        Err(fault) => return page::problem(StatusCode::BAD_REQUEST, &fault.to_string()),
    };
    if let Some(proof) = &mut request.proof {
        proof.starts = state.cookies.starts(&headers);
    }
    let session = state.cookies.session(&headers);
    let step = state.services.sign_ins.begin(&request, session.as_deref()).await;
    answer(&state, &headers, request, step)
}

/// `GET /login/test?ticket=`: in the query, which is not logged.
pub(super) async fn begin_test(
    State(state): State<SignInState>,
    RawQuery(given): RawQuery,
    headers: HeaderMap,
) -> Response {
    let ticket = form_urlencoded::parse(given.as_deref().unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "ticket")
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let browser = state.test_cookie(&headers);
    let step = state.services.sign_ins.begin_test(&ticket, browser.as_deref()).await;
    answer(&state, &headers, SignInRequest::default(), step)
}

fn answer(state: &SignInState, headers: &HeaderMap, request: SignInRequest, step: SignInStep) -> Response {
    match step {
        SignInStep::Redirect { url, start } => {
            let Some(cookies) = state.cookies.set_start(headers, &start) else {
                return page::problem(StatusCode::BAD_REQUEST, "The address is too long.");
            };
            let Ok(location) = HeaderValue::from_str(&url) else {
                return page::problem(StatusCode::BAD_GATEWAY, "The identity provider's address cannot be used.");
            };
            let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
            for cookie in cookies {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            page::with_headers(response)
        }
        SignInStep::Choose { tenant, providers, is_complete } => {
            choice::page(&state.mount, &tenant, (&providers, is_complete), &request)
        }
        SignInStep::Confirm { current, wanted, confirmation } => {
            let confirmed = SignInRequest { confirmation: Some(confirmation), ..request };
            let address = format!("{}/login?{}", state.mount, query::write(&confirmed));
            page::confirm(&current, &wanted, &address)
        }
        SignInStep::Refused { trace, refusal } => refused(&refusal, &trace),
    }
}

fn refused(refusal: &StartRefusal, trace: &TraceReference) -> Response {
    let (status, message) = match refusal {
        StartRefusal::Tenant => {
            (StatusCode::NOT_FOUND, "This organisation does not exist, or its people cannot sign in.")
        }
        StartRefusal::Provider => (
            StatusCode::NOT_FOUND,
            "There is no identity provider to sign in with. Ask your administrator to set one up.",
        ),
        StartRefusal::ReturnTo { message } => (StatusCode::BAD_REQUEST, message.as_str()),
        StartRefusal::Proof => {
            (StatusCode::BAD_REQUEST, "It took longer than ten minutes, or began in another browser. Sign in again.")
        }
        StartRefusal::Ticket => {
            (StatusCode::FORBIDDEN, "This test cannot begin here. Begin another one in the portal.")
        }
        StartRefusal::Unavailable => return unavailable(trace),
        StartRefusal::Internal => return failed(trace),
    };
    page::refused(status, message, trace)
}

/// Trying again soon may help.
pub(super) fn unavailable(trace: &TraceReference) -> Response {
    let message = "Signing in is not possible at the moment. Try again shortly.";
    page::refused(StatusCode::SERVICE_UNAVAILABLE, message, trace)
}

/// This server failed.
pub(super) fn failed(trace: &TraceReference) -> Response {
    page::refused(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. Try again.", trace)
}
