//! The export of spans by the binary, to a collector that answers and beside those that do not.

mod collector;
mod server;

use std::{
    collections::HashMap,
    net::TcpListener,
    time::{Duration, Instant},
};

use collector::Collector;
use opentelemetry_proto::tonic::trace::v1::Span;
use server::Server;

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";
const CLIENT_SECRET: &str = "a-client-secret-of-acme";

/// Creates a provider through Waldur's API, within the caller's trace.
async fn create_provider(server: &Server, collector: &Collector, token: &str) {
    let body = serde_json::json!({
        "provider": "acme", "client_id": "client", "client_secret": CLIENT_SECRET, "label": "Acme",
        "discovery_url": format!("{}/.well-known/openid-configuration", collector.address),
    });
    let request = reqwest::Client::new().post(format!("{}/api/identity-providers/?q=a-query-value", server.address));
    let request = request.header("authorization", format!("Token {token}"));
    let answer = request.header("traceparent", format!("00-{TRACE}-{CALLER}-01")).json(&body).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 201, "{:?}", answer.text().await);
}

/// Waits until the span of the request is there: it ends last, so all others were sent before it or with it.
async fn spans_of_the_trace(collector: &Collector) -> Vec<Span> {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let spans = collector.spans().into_iter().filter(|span| hex::encode(&span.trace_id) == TRACE);
        let spans: Vec<Span> = spans.collect();
        if spans.iter().any(|span| span.name == "http.request") {
            return spans;
        }
        assert!(Instant::now() < end, "no span of the request arrived");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_exported_as_spans_of_the_callers_trace() {
    let collector = Collector::start().await;
    let server = Server::start(&collector.address);
    let token = server.token();
    create_provider(&server, &collector, &token).await;
    let spans = spans_of_the_trace(&collector).await;

    let by_id: HashMap<&[u8], &Span> = spans.iter().map(|span| (span.span_id.as_slice(), span)).collect();
    let one = |name: &str| -> &Span {
        let found = spans.iter().find(|span| span.name == name);
        found.unwrap_or_else(|| panic!("no {name} among {:?}", spans.iter().map(|s| &s.name).collect::<Vec<_>>()))
    };
    // The names from a span up to the request, whose parent is the caller's.
    let path = |name: &str| -> Vec<String> {
        let mut span = one(name);
        let mut names = vec![span.name.clone()];
        while let Some(parent) = by_id.get(span.parent_span_id.as_slice()) {
            span = parent;
            names.push(span.name.clone());
        }
        assert_eq!(hex::encode(&span.parent_span_id), CALLER, "{names:?}");
        names
    };
    assert_eq!(path("core.provider.create"), ["core.provider.create", "http.request"]);
    assert_eq!(path("store.provider.insert"), ["store.provider.insert", "core.provider.create", "http.request"]);
    assert_eq!(
        path("store.token.find_by_hash"),
        ["store.token.find_by_hash", "core.token.authenticate", "http.request"]
    );
    for span in &spans {
        let parts: Vec<&str> = span.name.split('.').collect();
        let is_named = matches!(parts[..], ["core" | "store", _, _]) || span.name == "http.request";
        assert!(is_named, "{}", span.name);
    }

    // The request to the provider names one of these spans as its parent.
    let traceparents = collector.traceparents();
    let parts: Vec<&str> = traceparents[0].split('-').collect();
    assert_eq!(parts[1], TRACE);
    assert_eq!(by_id[hex::decode(parts[2]).expect("hexadecimal").as_slice()].name, "core.provider.create");

    for bytes in collector.exports() {
        for secret in [token.as_str(), CLIENT_SECRET, "a-query-value"] {
            let is_in = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_in, "{secret} was exported");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_spans_are_exported_when_the_server_stops() {
    let collector = Collector::start().await;
    let server = Server::start(&collector.address);
    let token = server.token();
    create_provider(&server, &collector, &token).await;
    let (_, log) = server.stop();
    assert!(collector.spans().iter().any(|span| span.name == "http.request"));
    assert_eq!(log.iter().filter(|line| line.contains("spans")).count(), 0, "{log:?}");
}

/// Answers of a server whose collector is at an address, over several batches; then its end.
async fn served_beside(address: &str) -> (Duration, Vec<String>) {
    let server = Server::start(address);
    for _ in 0..4 {
        let answer = reqwest::get(format!("{}/healthz", server.address)).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
    server.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_is_logged_once() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    drop(listener);
    let (elapsed, log) = served_beside(&address).await;
    assert_eq!(log.iter().filter(|line| line.contains("does not accept spans")).count(), 1, "{log:?}");
    assert!(elapsed < Duration::from_secs(3), "stopping took {elapsed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_delays_the_end_by_three_seconds_at_most() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (elapsed, log) = served_beside(&address).await;
    assert_eq!(log.iter().filter(|line| line.contains("the last spans were not exported")).count(), 1, "{log:?}");
    assert!(elapsed < Duration::from_secs(6), "stopping took {elapsed:?}");
}
