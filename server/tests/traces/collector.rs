//! A collector on this machine that keeps what it receives, and publishes a discovery document beside it.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::HeaderMap,
    routing::{get, post},
};
use opentelemetry_proto::tonic::{collector::trace::v1::ExportTraceServiceRequest, trace::v1::Span};
use prost::Message as _;
use serde_json::{Value, json};
use tokio::net::TcpListener;

#[derive(Default)]
struct Received {
    /// Bodies of exports.
    exports: Mutex<Vec<Bytes>>,
    /// The `traceparent` of requests for the discovery document.
    traceparents: Mutex<Vec<String>>,
}

pub(super) struct Collector {
    pub(super) address: String,
    received: Arc<Received>,
}

impl Collector {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let received = Arc::new(Received::default());
        let document = Json(document(&address));
        let router = Router::new()
            .route("/v1/traces", post(keep))
            .route(
                "/.well-known/openid-configuration",
                get(async move |State(received): State<Arc<Received>>, headers: HeaderMap| {
                    let value = headers.get("traceparent").and_then(|value| value.to_str().ok()).unwrap_or_default();
                    received.traceparents.lock().unwrap_or_else(PoisonError::into_inner).push(value.to_owned());
                    document
                }),
            )
            .route("/keys", get(async || Json(json!({ "keys": [] }))))
            .with_state(received.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, received }
    }

    pub(super) fn exports(&self) -> Vec<Bytes> {
        self.received.exports.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All spans that arrived.
    pub(super) fn spans(&self) -> Vec<Span> {
        let requests = self.exports().into_iter().map(|bytes| ExportTraceServiceRequest::decode(bytes).expect("spans"));
        let scopes = requests.flat_map(|request| request.resource_spans).flat_map(|resource| resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    pub(super) fn traceparents(&self) -> Vec<String> {
        self.received.traceparents.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn keep(State(received): State<Arc<Received>>, body: Bytes) -> impl Future<Output = ()> {
    received.exports.lock().unwrap_or_else(PoisonError::into_inner).push(body);
    std::future::ready(())
}

/// This program cannot use the provider of the integration tests, and needs the headers of the request besides.
fn document(issuer: &str) -> Value {
    let at = |path: &str| format!("{issuer}/{path}");
    json!({
        "issuer": issuer, "authorization_endpoint": at("authorize"), "token_endpoint": at("token"),
        "userinfo_endpoint": at("userinfo"), "jwks_uri": at("keys"), "response_types_supported": ["code"],
        "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["RS256"],
    })
}
