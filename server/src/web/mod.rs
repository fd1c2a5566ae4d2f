//! HTTP beside the dialects: the portal, health and metrics, and what every answer carries.

mod health;
mod host;
pub(crate) mod metrics;
mod observe;
#[cfg(feature = "portal")]
mod portal;
mod saml_metadata;
mod sign_in;
mod unread;

use std::sync::Arc;

use axum::{
    Json, Router,
    http::StatusCode,
    middleware,
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::json;
use tower_http::catch_panic::CatchPanicLayer;
use url::Url;
use vestibule_app::service::Services;

pub(crate) use self::host::HostSignIn;
pub use self::host::{OptionalSignedIn, RequireSignIn, SignInLayer, SignInRejection, SignedIn, SignedOut};
#[cfg(feature = "portal")]
pub(crate) use self::portal::{PortalParts, router as portal_router};
pub use self::sign_in::{AfterSignIn, SignInHook};
use self::{metrics::Metrics, observe::Observer};
use crate::{request::TrustedProxies, store::Store};

/// Health, what identity providers read, and signing in.
pub(crate) fn operations(
    services: Services,
    store: Store,
    base_url: &Url,
    hook: Option<Arc<dyn SignInHook>>,
) -> Router {
    let signing_in = sign_in::router(services.clone(), base_url, hook);
    let metadata = Router::new().route("/saml/metadata/{provider}", get(saml_metadata::show)).with_state(services);
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .with_state(store)
        .merge(metadata)
        .merge(signing_in)
}

/// `/metrics` alone. `guard` wraps the route, inside of what every request needs.
pub(crate) fn metrics_router(
    metrics: Metrics,
    trusted_proxies: TrustedProxies,
    guard: impl FnOnce(Router) -> Router,
) -> Router {
    let router = Router::new().route("/metrics", get(metrics::render)).with_state(metrics.clone());
    observed(guard(router), metrics, trusted_proxies)
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
