//! `GET /login`: the way to a provider, a choice between several, or a question before another session ends.

use axum::{
    extract::{RawQuery, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{LOCATION, SET_COOKIE},
    },
    response::{IntoResponse as _, Response},
};
use vestibule_app::{
    domain::problem::ServiceError,
    service::{SignInRequest, SignInStep},
};

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
    match state.services.sign_ins.begin(&request, session.as_deref()).await {
        Ok(SignInStep::Redirect { url, start }) => {
            let Some(cookies) = state.cookies.set_start(&headers, &start) else {
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
        Ok(SignInStep::Choose { tenant, providers, is_complete }) => {
            choice::page(&state.mount, &tenant, (&providers, is_complete), &request)
        }
        Ok(SignInStep::Confirm { current, wanted, confirmation }) => {
            let confirmed = SignInRequest { confirmation: Some(confirmation), ..request };
            let address = format!("{}/login?{}", state.mount, query::write(&confirmed));
            page::confirm(&current, &wanted, &address)
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &ServiceError) -> Response {
    match error {
        ServiceError::NotFound { what } if what == "tenant" => {
            page::problem(StatusCode::NOT_FOUND, "This organisation does not exist, or its people cannot sign in.")
        }
        ServiceError::NotFound { .. } => page::problem(
            StatusCode::NOT_FOUND,
            "There is no identity provider to sign in with. Ask your administrator to set one up.",
        ),
        ServiceError::Invalid { problems } => {
            let message = problems.first().map_or("The address cannot be used.", |problem| problem.message.as_str());
            page::problem(StatusCode::BAD_REQUEST, message)
        }
        ServiceError::Unavailable | ServiceError::DatabaseUnavailable { .. } => page::problem(
            StatusCode::SERVICE_UNAVAILABLE,
            "Signing in is not possible at the moment. Try again shortly.",
        ),
        _ => page::problem(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong. Try again."),
    }
}
