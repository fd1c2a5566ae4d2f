//! Descriptions of the dialects in OpenAPI 3.1: generated from the code, served as JSON, and shown as a page.
//!
//! Each mounted dialect is described below `/api/openapi/`, and can be read below `/api/docs/`. Neither needs a
//! credential: of this installation they contain only its address.

pub(in crate::rest) mod complete;
mod page;
mod responses;
mod schema;

pub(in crate::rest) use responses::responses;

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::Value;
use url::Url;
use utoipa::openapi::{OpenApi, ServerBuilder};

/// A dialect's description.
#[derive(Clone)]
pub struct Description {
    /// The last segment of the description's path: `waldur`.
    pub name: &'static str,
    /// Makes it.
    pub document: fn() -> OpenApi,
}

impl Description {
    /// The description as it is checked into `docs/reference/openapi`: indented, with a line break at its end.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        Ok((self.document)().to_pretty_json()? + "\n")
    }
}

#[derive(Clone)]
struct Documents {
    /// Name, JSON, and page of each.
    all: std::sync::Arc<[(&'static str, String, String)]>,
    overview: std::sync::Arc<str>,
}

/// The routes that serve the descriptions of the mounted dialects, as found under the base URL.
pub(crate) fn router(descriptions: &[Description], base_url: &Url) -> Router {
    let all: Vec<_> = descriptions
        .iter()
        .map(|description| {
            let mut document = (description.document)();
            let server = ServerBuilder::new().url(base_url.as_str().trim_end_matches('/')).build();
            document.servers = Some(vec![server]);
            let value = serde_json::to_value(&document).unwrap_or(Value::Null);
            (description.name, value.to_string(), page::document(description.name, &value).into_string())
        })
        .collect();
    let titles: Vec<_> = descriptions.iter().map(|one| (one.name, (one.document)().info)).collect();
    let documents = Documents { all: all.into(), overview: page::overview(&titles).into_string().into() };
    Router::new()
        .route("/api/openapi/{name}", get(json))
        .route("/api/docs/", get(overview))
        .route("/api/docs/{name}", get(page))
        .with_state(documents)
}

async fn json(State(documents): State<Documents>, Path(name): Path<String>) -> Response {
    match documents.all.iter().find(|(known, ..)| name.strip_suffix(".json") == Some(*known)) {
        Some((_, json, _)) => ([(header::CONTENT_TYPE, "application/json")], json.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn overview(State(documents): State<Documents>) -> Response {
    html(documents.overview.to_string())
}

async fn page(State(documents): State<Documents>, Path(name): Path<String>) -> Response {
    if name == page::STYLE_NAME {
        return ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], page::STYLE).into_response();
    }
    match documents.all.iter().find(|(known, ..)| name == *known) {
        Some((.., page)) => html(page.clone()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A page that loads its own style sheet and nothing else.
fn html(page: String) -> Response {
    let policy = HeaderValue::from_static(
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, policy)], page).into_response()
}
