//! `GET|POST /callback/{provider}`: the browser returns from a provider.
//!
//! A provider that answers with a form posts it across sites, and no `Lax` cookie comes with that. Such a callback is
//! answered with a page that posts the form again from this site, with the cookies (docs/adr/0021).

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{ALLOW, CACHE_CONTROL, LOCATION, SET_COOKIE, USER_AGENT},
        request::Parts,
    },
    response::{IntoResponse as _, Response},
};
use tracing::Instrument as _;
use url::form_urlencoded;
use vestibule_app::{
    domain::{id::ProviderId, problem::ServiceError},
    service::{SignInCallback, SignInEnd, SignInReceiver},
};

use super::{choice, hook::HookCall, page, query, state::SignInState};
use crate::request::{BodyProblem, ClientAddress, media_type, read_body};

/// The most parameters that are read.
const MAX_PARAMETERS: usize = 50;

/// The query of the address to which our own page posts. Everyone can write it: it prevents a loop and permits nothing.
const AGAIN: &str = "again";

/// Ends a sign-in, or asks the browser to post again with its cookies.
pub(super) async fn answer(
    State(state): State<SignInState>,
    Path(provider): Path<String>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    request: Request,
) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let is_first_post = match *request.method() {
        Method::GET => false,
        Method::POST => query != AGAIN,
        // HEAD too: it would use the start up, and the browser would not learn of the session.
        _ => {
            let mut response = page::problem(StatusCode::METHOD_NOT_ALLOWED, "This address only accepts GET and POST.");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, POST"));
            return response;
        }
    };
    let Ok(provider) = provider.parse::<ProviderId>() else {
        return page::problem(StatusCode::NOT_FOUND, "There is no such identity provider.");
    };
    let (parts, body) = request.into_parts();
    let parameters = if parts.method == Method::GET {
        read(parts.uri.query().unwrap_or_default().as_bytes())
    } else {
        match read_form(Request::from_parts(parts.clone(), body)).await {
            Ok(parameters) => parameters,
            Err((status, message)) => return page::problem(status, message),
        }
    };
    if is_first_post {
        let given = parameters.iter().find(|(name, _)| name == "state");
        let landing = given.and_then(|(_, value)| state.services.sign_ins.landing_origin(value));
        let action = format!("{}/callback/{provider}?{AGAIN}", state.mount);
        return page::post_again(&action, landing.as_deref(), &parameters);
    }
    let user_agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let callback = SignInCallback {
        provider,
        parameters,
        starts: state.cookies.starts(&parts.headers),
        session: state.cookies.session(&parts.headers),
        address,
        user_agent: user_agent.to_owned(),
    };
    finish(state, callback, parts).await
}

async fn finish(state: SignInState, callback: SignInCallback, request: Parts) -> Response {
    let headers = request.headers.clone();
    let hook = state.hook.clone().map(|hook| Arc::new(HookCall::new(hook, request)));
    let (sign_ins, call, had_session) = (state.services.sign_ins.clone(), hook.clone(), callback.session.is_some());
    let work = async move {
        let receiver = call.as_deref().map(|call| call as &dyn SignInReceiver);
        sign_ins.finish(&callback, receiver).await
    };
    // A task of its own: it goes on when the browser closes the connection, so that its end is recorded.
    let ended = tokio::spawn(work.in_current_span()).await.unwrap_or(Err(ServiceError::Internal));
    match ended {
        Ok(SignInEnd::SignedIn { session, return_to, key }) => {
            let Ok(location) = HeaderValue::from_str(&return_to) else {
                return page::problem(StatusCode::BAD_REQUEST, "The address to return to cannot be used.");
            };
            let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
            response.headers_mut().append(SET_COOKIE, state.cookies.set_session(&session));
            response.headers_mut().append(SET_COOKIE, state.cookies.clear_start(&key));
            page::with_headers(response)
        }
        Ok(SignInEnd::Unproven { provider, providers, request, pending, key }) => {
            let Some(cookies) = state.cookies.set_start(&headers, &pending) else {
                return page::problem(StatusCode::BAD_REQUEST, "The address is too long.");
            };
            let mut response = choice::proof(&state.mount, &provider, &providers, &request);
            for cookie in cookies.into_iter().chain([state.cookies.clear_start(&key)]) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
            response
        }
        Ok(SignInEnd::Answered { key }) => {
            let Some(mut response) = hook.and_then(|call| call.take_response()) else {
                return page::problem(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. Try again.");
            };
            let headers = response.headers_mut();
            headers.append(SET_COOKIE, state.cookies.clear_start(&key));
            if had_session {
                headers.append(SET_COOKIE, state.cookies.clear_session());
            }
            headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
            response
        }
        Ok(SignInEnd::Refused { reference, again, key, is_application_fault }) => {
            let again = again.map(|request| format!("{}/login?{}", state.mount, query::write(&request)));
            let mut response = page::failure(&reference, again.as_deref());
            if is_application_fault {
                // Layers of sessions store no change after an error of the server.
                *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            }
            if let Some(key) = key {
                response.headers_mut().append(SET_COOKIE, state.cookies.clear_start(&key));
            }
            response
        }
        Err(ServiceError::Unavailable | ServiceError::DatabaseUnavailable { .. }) => page::problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "Signing in is not possible at the moment. Try again shortly.",
        ),
        Err(_) => page::problem(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. Try again."),
    }
}

fn read(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().take(MAX_PARAMETERS).collect()
}

async fn read_form(request: Request) -> Result<Vec<(String, String)>, (StatusCode, &'static str)> {
    if media_type(request.headers()) != "application/x-www-form-urlencoded" {
        return Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "The identity provider's answer is not a form."));
    }
    match read_body(request).await {
        Ok(body) => Ok(read(&body)),
        Err(BodyProblem::TooLarge) => {
            Err((StatusCode::PAYLOAD_TOO_LARGE, "The identity provider's answer is too long."))
        }
        Err(BodyProblem::TooSlow) => {
            Err((StatusCode::REQUEST_TIMEOUT, "The identity provider's answer did not arrive in time."))
        }
        Err(BodyProblem::Broken) => Err((StatusCode::BAD_REQUEST, "The identity provider's answer cannot be read.")),
    }
}
