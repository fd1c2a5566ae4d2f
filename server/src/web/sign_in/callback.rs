//! `GET|POST /callback/{provider}`: the browser returns from a provider.
//!
//! A provider that answers with a form posts it across sites, and no `Lax` cookie comes with that. Such a callback is
//! answered with a page that posts the form again from this site, with the cookies (docs/adr/0021).

use axum::{
    Extension,
    extract::{Path, Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{ALLOW, LOCATION, SET_COOKIE, USER_AGENT},
    },
    response::{IntoResponse as _, Response},
};
use url::form_urlencoded;
use vestibule_app::{
    domain::id::ProviderId,
    service::{SignInCallback, SignInEnd},
};

use super::{login, page, query, state::SignInState};
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
    let headers = request.headers().clone();
    let parameters = if request.method() == Method::GET {
        read(query.as_bytes())
    } else {
        match read_form(request).await {
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
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let callback = SignInCallback {
        provider,
        parameters,
        starts: state.cookies.starts(&headers),
        session: state.cookies.session(&headers),
        address,
        user_agent: user_agent.to_owned(),
    };
    finish(&state, &callback).await
}

async fn finish(state: &SignInState, callback: &SignInCallback) -> Response {
    match state.services.sign_ins.finish(callback).await {
        SignInEnd::SignedIn { session, return_to, key } => {
            let Ok(location) = HeaderValue::from_str(&return_to) else {
                return page::problem(StatusCode::BAD_REQUEST, "The address to return to cannot be used.");
            };
            let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
            response.headers_mut().append(SET_COOKIE, state.cookies.set_session(&session));
            response.headers_mut().append(SET_COOKIE, state.cookies.clear_start(&key));
            page::with_headers(response)
        }
        SignInEnd::Tested { trace, key } => {
            let mut response = page::tested(&trace);
            response.headers_mut().append(SET_COOKIE, state.cookies.clear_start(&key));
            response
        }
        SignInEnd::Refused { trace, again, key } => {
            let again = again.map(|request| format!("{}/login?{}", state.mount, query::write(&request)));
            let mut response = page::failure(&trace, again.as_deref());
            if let Some(key) = key {
                response.headers_mut().append(SET_COOKIE, state.cookies.clear_start(&key));
            }
            response
        }
        SignInEnd::Failed { trace, is_temporary: true } => login::unavailable(&trace),
        SignInEnd::Failed { trace, is_temporary: false } => login::failed(&trace),
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
