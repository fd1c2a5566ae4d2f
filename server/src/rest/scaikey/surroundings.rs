//! What FastAPI adds to an API: the redirect to the documented spelling of a path, and refusals of paths and
//! methods.

use std::any::Any;

use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Response},
};

use super::error::Refusal;
use crate::rest::{RestState, http::outside_path};

/// Redirects to the documented spelling of a path, with or without a slash at its end, if there is one.
pub(super) async fn redirect_or_refuse(State(state): State<RestState>, uri: Uri) -> Response {
    let Some(path) = documented(uri.path()) else { return Refusal::NoRoute.into_response() };
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut response = Response::default();
    // The method and the body stay what they are (RFC 9110, section 15.4.8).
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    if let Ok(location) = HeaderValue::try_from(format!("{}{query}", outside_path(&state.base_url, &path))) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// The documented spelling of a path that is there but for its last slash.
fn documented(path: &str) -> Option<String> {
    let bare = path.strip_suffix('/').unwrap_or(path);
    let segments: Vec<_> = bare.strip_prefix("/api/v1/")?.split('/').collect();
    if segments.iter().any(|segment| segment.is_empty()) {
        return None;
    }
    let is_collection = match segments.as_slice() {
        ["admin", "identity-providers" | "tenants" | "groups" | "users" | "sign-ins"]
        | ["tenants", _, "identity-providers"] => true,
        ["admin", "identity-providers" | "tenants" | "groups" | "users" | "sign-ins", _]
        | ["admin", "sign-ins", _, "admit"]
        | ["admin", "sign-ins", "test", _]
        | ["admin", "identity-providers", _, "sync" | "sync-logs" | "test"]
        | ["admin", "identity-providers", _, "sync-logs", _]
        | ["tenants", _, "identity-providers", _]
        | ["tenants", _, "identity-providers", _, "group-mappings" | "test"]
        | ["tenants", _, "identity-providers", _, "group-mappings", _] => false,
        _ => return None,
    };
    Some(if is_collection { format!("{bare}/") } else { bare.to_owned() }).filter(|other| other != path)
}

/// The path knows other methods; the router names them.
pub(super) async fn refuse_method() -> Refusal {
    Refusal::Method
}

/// An internal error in this dialect's shape. The panic's message is in the log already.
pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    Refusal::Internal.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_other_spelling_of_a_path_leads_on() {
        for (path, expected) in [
            ("/api/v1/admin/identity-providers", Some("/api/v1/admin/identity-providers/")),
            ("/api/v1/admin/identity-providers/x/", Some("/api/v1/admin/identity-providers/x")),
            ("/api/v1/tenants/t/identity-providers", Some("/api/v1/tenants/t/identity-providers/")),
            ("/api/v1/tenants/t/identity-providers/x/test/", Some("/api/v1/tenants/t/identity-providers/x/test")),
            ("/api/v1/admin/identity-providers/", None),
            ("/api/v1/admin/identity-providers//", None),
            ("/api/v1/admin/users", Some("/api/v1/admin/users/")),
            ("/api/v1/admin/users/x/", Some("/api/v1/admin/users/x")),
            ("/api/v1/admin/sign-ins", Some("/api/v1/admin/sign-ins/")),
            ("/api/v1/admin/administrators", None),
            ("/api/v1/tenants//identity-providers", None),
        ] {
            assert_eq!(documented(path).as_deref(), expected, "{path}");
        }
    }
}
