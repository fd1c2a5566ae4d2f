//! Counters for Prometheus, in a registry of this instance: two instances in one process do not mix theirs.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        histogram::{Histogram, exponential_buckets},
    },
    registry::Registry,
};

/// What a request is counted under. The route is the pattern, never the address, so that the number of series is bounded.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct RequestLabels {
    pub(crate) method: String,
    pub(crate) route: String,
    pub(crate) status: u16,
}

/// What a connection test is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct TestLabels {
    outcome: &'static str,
}

/// Counts requests and how long they take, and connection tests by their outcome.
#[derive(Clone)]
pub(crate) struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    duration: Histogram,
    tests: Family<TestLabels, Counter>,
    dropped_attempts: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let requests = Family::<RequestLabels, Counter>::default();
        // From 0.5 ms in steps of factor two up to 16 s.
        let duration = Histogram::new(exponential_buckets(0.0005, 2.0, 16));
        let mut registry = Registry::with_prefix("vestibule");
        registry.register("http_requests", "Requests answered", requests.clone());
        registry.register("http_request_duration_seconds", "Time to answer a request", duration.clone());
        let tests = Family::<TestLabels, Counter>::default();
        registry.register("connection_tests", "Connection tests kept, by outcome", tests.clone());
        let dropped_attempts = Counter::default();
        let help = "Traces of sign-ins that were not stored";
        registry.register("sign_in_traces_dropped", help, dropped_attempts.clone());
        Self { registry: Arc::new(registry), requests, duration, tests, dropped_attempts }
    }
}

impl Metrics {
    pub(super) fn observe(&self, labels: &RequestLabels, seconds: f64) {
        self.requests.get_or_create(labels).inc();
        self.duration.observe(seconds);
    }

    /// Counts a connection test; `outcome` is one of a closed set.
    pub(crate) fn count_test(&self, outcome: &'static str) {
        self.tests.get_or_create(&TestLabels { outcome }).inc();
    }

    /// Counts starts and ends of sign-ins whose traces were not stored.
    pub(crate) fn count_dropped_attempts(&self, number: u64) {
        self.dropped_attempts.inc_by(number);
    }
}

/// Answers in the OpenMetrics text format, which Prometheus reads.
pub(super) async fn render(State(metrics): State<Metrics>) -> impl IntoResponse {
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => {
            ([(CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
