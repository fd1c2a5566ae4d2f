//! Gives every request an id, the client's address, a log line and a count.

use std::{net::SocketAddr, time::Instant};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method},
    middleware::Next,
    response::Response,
};
use tracing::{Instrument as _, field, info_span};
use uuid::Uuid;

use super::metrics::{Metrics, RequestLabels};
use crate::{
    request::{ClientAddress, RequestId, TrustedProxies},
    trace_context::{self, TraceContext},
};

/// What observing a request needs.
#[derive(Clone)]
pub(super) struct Observer {
    pub(super) metrics: Metrics,
    pub(super) trusted_proxies: TrustedProxies,
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A method of the standard by its name. Clients can send any other, and each would begin series of its own.
fn known_method(method: &Method) -> &str {
    match *method {
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::OPTIONS => {
            method.as_str()
        }
        _ => "other",
    }
}

pub(super) async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let address = observer.trusted_proxies.client_address(peer, request.headers());
    request.extensions_mut().insert(ClientAddress(address));
    let id = Uuid::new_v4().simple().to_string();
    request.extensions_mut().insert(RequestId(id.as_str().into()));
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let method = known_method(request.method()).to_owned();
    // The path may name a provider, which is no secret; the query is left out, since it may carry one.
    let span =
        info_span!("http.request", request_id = %id, %method, path = request.uri().path(), trace_id = field::Empty);
    let trace = TraceContext::of(request.headers());
    if let Some(trace) = &trace {
        trace.adopt(&span);
    }
    let start = Instant::now();
    let mut response = trace_context::within(trace, next.run(request)).instrument(span.clone()).await;
    let elapsed = start.elapsed();
    let status = response.status().as_u16();
    observer.metrics.observe(&RequestLabels { method, route, status }, elapsed.as_secs_f64());
    let duration_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(status, duration_us, "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
