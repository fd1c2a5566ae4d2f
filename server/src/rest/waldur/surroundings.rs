//! What Django adds to an API: the redirect to the slash, the answer to OPTIONS, and refusals of methods and paths.

use axum::{
    extract::State,
    http::{HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use serde::Serialize;

use super::{
    error::{Refusal, Result},
    providers::ProviderKey,
};
use crate::rest::{
    RestState,
    http::{json, outside_path},
};

const LIST_METHODS: &str = "GET, POST, HEAD, OPTIONS";
const INSTANCE_METHODS: &str = "GET, PUT, PATCH, DELETE, HEAD, OPTIONS";
const ACTION_METHODS: &str = "POST, OPTIONS";

/// Redirects to the path with a slash at its end, whatever the method.
pub(super) async fn add_slash(State(state): State<RestState>, uri: Uri) -> Response {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let location = format!("{}/{query}", outside_path(&state.base_url, uri.path()));
    let mut response = Response::default();
    *response.status_mut() = StatusCode::MOVED_PERMANENTLY;
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

/// As [`add_slash`], for a path that ends with a provider's key or an action.
pub(super) async fn add_slash_to_key(state: State<RestState>, _: ProviderKey, uri: Uri) -> Response {
    add_slash(state, uri).await
}

#[derive(Serialize)]
struct Description {
    name: &'static str,
    description: &'static str,
    renders: [&'static str; 1],
    parses: [&'static str; 3],
}

fn describe(name: &'static str, description: &'static str, allowed: &'static str) -> Response {
    let description = Description {
        name,
        description,
        renders: ["application/json"],
        parses: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
    };
    let mut response = json(StatusCode::OK, &description);
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    response
}

pub(super) async fn describe_list() -> Response {
    describe("Identity Provider List", "", LIST_METHODS)
}

pub(super) async fn describe_instance(_: ProviderKey) -> Response {
    describe("Identity Provider Instance", "", INSTANCE_METHODS)
}

pub(super) async fn describe_discovery() -> Response {
    describe("Discover metadata", "Discover OIDC provider metadata", ACTION_METHODS)
}

pub(super) async fn describe_generation() -> Response {
    describe("Generate mapping", "Generate default attribute mapping", ACTION_METHODS)
}

pub(super) async fn refuse_list_method(method: Method) -> Refusal {
    Refusal::Method { tried: method, allowed: LIST_METHODS }
}

pub(super) async fn refuse_instance_method(_: ProviderKey, method: Method) -> Refusal {
    Refusal::Method { tried: method, allowed: INSTANCE_METHODS }
}

pub(super) async fn refuse_action_method(method: Method) -> Refusal {
    Refusal::Method { tried: method, allowed: ACTION_METHODS }
}

/// Nothing is below a provider.
pub(super) async fn refuse_path() -> Result<Response> {
    Err(Refusal::NoRoute)
}
