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
use tokio::net::TcpListener;
use vestibule_app::domain::secret::Secret;

use crate::config::MetricsConfig;

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

/// `router` for callers who send the token as `Authorization: Bearer`.
pub(super) fn guarded(router: Router, token: Secret) -> Router {
    router.layer(middleware::from_fn_with_state(token, check))
}

async fn check(State(token): State<Secret>, request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let is_allowed = sent.is_some_and(|sent| verify_slices_are_equal(sent, token.expose().as_bytes()).is_ok());
    if is_allowed {
        return next.run(request).await;
    }
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response()
}
