//! Where the binary serves its metrics: at an address of their own, behind a token, or nowhere.

use anyhow::Context as _;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::{
    Router,
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
};
use headers::{Authorization, HeaderMapExt as _, authorization::Bearer};
use tokio::net::TcpListener;
use vestibule_app::domain::secret::Secret;

use crate::{Vestibule, config::MetricsConfig};

/// How the metrics are served.
pub(super) enum Metrics {
    /// Not at all.
    Off,
    /// Beside everything else, to callers with the token.
    Beside(Secret),
    /// On a listener of their own, to callers with the token if there is one.
    Apart(TcpListener, Option<Secret>),
}

impl Metrics {
    /// Opens the listener, if there is one.
    pub(super) async fn bind(config: &MetricsConfig) -> anyhow::Result<Self> {
        let MetricsConfig { listen, token } = config;
        Ok(match (listen, token.clone()) {
            (Some(address), token) => {
                let listener = TcpListener::bind(address).await;
                Self::Apart(listener.with_context(|| format!("cannot listen on {address} for metrics"))?, token)
            }
            (None, Some(token)) => Self::Beside(token),
            (None, None) => Self::Off,
        })
    }
}

/// `/metrics`, for callers who send the token as `Authorization: Bearer` if there is one.
pub(super) fn router(vestibule: &Vestibule, token: Option<Secret>) -> Router {
    match token {
        Some(token) => vestibule
            .guarded_metrics_router(|router| router.layer(middleware::from_fn_with_state(token, require_token))),
        None => vestibule.metrics_router(),
    }
}

async fn require_token(State(token): State<Secret>, request: Request, next: Next) -> Response {
    let is_allowed = request
        .headers()
        .typed_get::<Authorization<Bearer>>()
        .is_some_and(|sent| verify_slices_are_equal(sent.token().as_bytes(), token.expose().as_bytes()).is_ok());
    if is_allowed {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response()
}
