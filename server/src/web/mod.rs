//! The portal's side of HTTP: the embedded bundle, server functions, health and metrics, and what every answer carries.

mod assets;
mod connection_tests;
mod files;
mod headers;
mod health;
mod index;
pub(crate) mod metrics;
mod observe;
mod saml_metadata;
mod server_fns;
mod unread;

use std::sync::Arc;

use axum::{
    Json, Router,
    http::StatusCode,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use url::Url;
use vestibule_app::{api, service::Services};

use self::{headers::PageHeaders, index::Index, metrics::Metrics, observe::Observer, server_fns::ServerFns};
use crate::{
    auth::{Authenticator, OriginCheck, PortalCallers, SessionCookie},
    request::TrustedProxies,
    store::Store,
};

/// What the portal's routes need.
pub(crate) struct WebParts {
    pub(crate) services: Services,
    pub(crate) store: Store,
    /// The public address with the mount path.
    pub(crate) base_url: Url,
    pub(crate) host: Option<Arc<dyn Authenticator>>,
    /// Where that signs users in.
    pub(crate) sign_in_url: Option<Arc<str>>,
    pub(crate) trusted_proxies: TrustedProxies,
    pub(crate) metrics: Metrics,
}

/// The whole router: the portal around the dialects.
pub(crate) fn router(parts: WebParts, dialects: Router) -> Router {
    let WebParts { services, store, base_url, host, sign_in_url, trusted_proxies, metrics } = parts;
    let cookie = SessionCookie::new(&base_url);
    let index = Arc::new(Index::new(base_url.path()));
    let page_headers = PageHeaders::new(&index);
    let metadata =
        Router::new().route("/saml/metadata/{provider}", get(saml_metadata::show)).with_state(services.clone());
    let server_fns = ServerFns {
        origin: OriginCheck::new(&base_url),
        callers: PortalCallers { services, cookie, host },
        sign_in_url,
    };
    let portal = Router::new()
        .route(&format!("{}/{{*name}}", api::PREFIX), post(server_fns::handle))
        .route("/_ui/connection-tests", post(connection_tests::stream))
        .with_state(server_fns)
        .fallback_service(get(assets::serve).fallback(assets::refuse_method).with_state(index))
        .layer(middleware::from_fn_with_state(page_headers, headers::add));
    let operations = Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(store)
        .merge(metadata);
    observed(operations.merge(dialects).merge(portal), metrics, trusted_proxies)
}

/// `/metrics` alone.
pub(crate) fn metrics_router(metrics: Metrics, trusted_proxies: TrustedProxies) -> Router {
    let router = Router::new().route("/metrics", get(metrics::render)).with_state(metrics.clone());
    observed(router, metrics, trusted_proxies)
}

/// Puts around a router what every request needs: an id, the client's address, a log line, a count, and an end of its body.
pub(crate) fn observed(router: Router, metrics: Metrics, trusted_proxies: TrustedProxies) -> Router {
    let observer = Observer { metrics, trusted_proxies };
    router
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn_with_state(observer, observe::observe))
        .layer(middleware::from_fn(unread::finish))
}

/// A panic ends the request and not the connection. Its message is in the log already.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, Json(json!({ "detail": "Internal server error." }))).into_response()
}
