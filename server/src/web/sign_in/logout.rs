//! `POST /logout`: ends the session of this browser.

use axum::{
    extract::{Request, State},
    http::{
        HeaderValue, Method, StatusCode,
        header::{ALLOW, LOCATION, SET_COOKIE},
    },
    response::{IntoResponse as _, Response},
};
use url::form_urlencoded;
use vestibule_app::domain::sign_in::ReturnTo;

use super::{page, state::SignInState};

/// `POST /logout?return_to=`, from a page of the own origin. `return_to` is a path of that origin; `/` without it.
pub(super) async fn answer(State(state): State<SignInState>, request: Request) -> Response {
    if request.method() != Method::POST {
        let mut response = page::problem(StatusCode::METHOD_NOT_ALLOWED, "This address only accepts POST.");
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        return response;
    }
    // A page of a sibling domain is the same site, and its form brings the cookie.
    if state.origin.check(request.headers(), true).is_err() {
        return page::problem(StatusCode::FORBIDDEN, "This request does not come from a page of this site.");
    }
    let query = request.uri().query().unwrap_or_default();
    let wanted = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "return_to");
    let return_to = match wanted.map(|(_, value)| ReturnTo::parse(&value, &state.base_url, &[])).transpose() {
        Ok(return_to) => return_to,
        Err(_) => return page::problem(StatusCode::BAD_REQUEST, "The address to return to cannot be used."),
    };
    let location = HeaderValue::from_str(return_to.as_ref().map_or("/", ReturnTo::as_str));
    let Ok(location) = location else {
        return page::problem(StatusCode::BAD_REQUEST, "The address to return to cannot be used.");
    };
    if let Some(cookie) = state.cookies.session(request.headers())
        && state.services.sign_ins.sign_out(&cookie).await.is_err()
    {
        let message = "Signing out is not possible at the moment. Try again shortly.";
        return page::problem(StatusCode::SERVICE_UNAVAILABLE, message);
    }
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    response.headers_mut().append(SET_COOKIE, state.cookies.clear_session());
    page::with_headers(response)
}
