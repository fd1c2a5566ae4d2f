//! How long requests and answers may take, and how many connections there are.

use axum::{Router, routing::get};
use serde_json::json;
use tokio::{io::AsyncWriteExt as _, task::JoinSet};
use vestibule::{ServeLimits, domain::actor::Role};

use super::{AMPLE, Client, SHORT, Served, patient};
use crate::support::{TestApp, openid::OpenIdProvider};

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" })).route("/large", get(|| async { vec![0_u8; 64 << 20] }))
}

#[tokio::test]
async fn a_connection_ends_when_no_header_is_complete_in_time() {
    let served = Served::start(hello(), ServeLimits { header: SHORT, ..patient() }).await;
    for beginning in ["", "GET / HTTP/1.1\r\nhost: x\r\n", "PRI * HTTP/2.0\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut client = served.connect().await;
        client.send(beginning).await;
        let rest = client.stream;
        drain(rest).await;
    }
    assert_eq!(served.kept().await.1.body, "hello");
}

/// Waits until the server closes, whatever it says before.
async fn drain(mut stream: tokio::net::TcpStream) {
    let mut sink = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut sink).await;
}

#[tokio::test]
async fn a_header_that_comes_byte_by_byte_gets_no_more_time() {
    let served = Served::start(hello(), ServeLimits { header: SHORT, ..patient() }).await;
    let mut client = served.connect().await;
    client.send("GET / HTTP/1.1\r\nx: ").await;
    while client.stream.write_all(b"x").await.is_ok() {
        tokio::time::sleep(SHORT / 10).await;
    }
}

#[tokio::test]
async fn a_second_header_on_a_kept_connection_has_its_time_too() {
    let served = Served::start(hello(), ServeLimits { header: SHORT, ..patient() }).await;
    let (mut kept, _) = served.kept().await;
    // Longer than a header may take, since another connection ended for that reason meanwhile.
    served.connect().await.rest().await;
    kept.get("/").await;
    kept.send("GET / HT").await;
    assert_eq!(kept.rest().await, "");
}

#[tokio::test]
async fn a_connection_without_a_request_ends_after_its_time() {
    let served = Served::start(hello(), ServeLimits { idle: SHORT, ..patient() }).await;
    let mut client = served.connect().await;
    client.get("/").await;
    assert_eq!(client.rest().await, "");
}

#[tokio::test]
async fn a_client_that_takes_no_answer_is_given_up() {
    let served = Served::start(hello(), ServeLimits { stall: SHORT, ..patient() }).await;
    let mut client = served.connect().await;
    client.send("GET /large HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let mut beginning = [0; 12];
    tokio::io::AsyncReadExt::read_exact(&mut client.stream, &mut beginning).await.expect("an answer");
    assert_eq!(&beginning, b"HTTP/1.1 200");
    // No more is read, so that the server's side has ended before this one looks.
    assert_eq!(served.stop().await, vestibule::CutOff::default());
    let mut sink = Vec::new();
    let read = tokio::io::AsyncReadExt::read_to_end(&mut client.stream, &mut sink).await;
    assert!(read.is_err() || sink.len() < 64 << 20, "{}", sink.len());
}

#[tokio::test]
async fn others_get_in_when_all_room_is_taken_by_half_headers() {
    let served = Served::start(hello(), ServeLimits { header: SHORT, connections: 8, ..patient() }).await;
    let mut held = Vec::new();
    for _ in 0..20 {
        let mut client = served.connect().await;
        client.send("GET / HTTP/1.1\r\nhost:").await;
        held.push(client);
    }
    assert_eq!(served.kept().await.1.body, "hello");
}

#[tokio::test]
async fn a_kept_connection_makes_room_for_a_new_one() {
    let served = Served::start(hello(), ServeLimits { connections: 1, ..patient() }).await;
    let mut first = served.connect().await;
    first.get("/").await;
    assert_eq!(served.connect().await.get("/").await.body, "hello");
    assert_eq!(first.rest().await, "");
}

#[tokio::test]
async fn the_connection_that_is_idle_for_longest_makes_room_and_others_are_kept() {
    let served = Served::start(hello(), ServeLimits { connections: 3, ..patient() }).await;
    let (mut first, mut second, mut third) = (served.connect().await, served.connect().await, served.connect().await);
    for client in [&mut second, &mut first, &mut third] {
        client.get("/").await;
    }
    assert_eq!(served.connect().await.get("/").await.body, "hello");
    assert_eq!(second.rest().await, "");
    for client in [&mut first, &mut third] {
        assert_eq!(client.get("/").await.body, "hello");
    }
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_is_refused_in_the_words_of_its_door() {
    let app = TestApp::start().await;
    let token = app.token(Role::PlatformAdmin).await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let served = Served::start(app.router.clone(), ServeLimits { body: SHORT, ..patient() }).await;
    let cookie = format!("cookie: {}\r\norigin: https://id.example.com", admin.cookie.expect("a cookie"));
    let detail = |text: &str| json!({"detail": text}).to_string();
    for (path, header, body) in [
        (
            "/api/identity-providers/",
            format!("authorization: Token {token}"),
            detail("Request body did not arrive in time."),
        ),
        (
            "/api/v1/admin/identity-providers/",
            format!("authorization: Bearer {token}"),
            detail("Request body did not arrive in time"),
        ),
        (
            "/_ui/fn/discovery/inspect",
            cookie,
            json!({"bad_request": "the request body did not arrive in time"}).to_string(),
        ),
    ] {
        let mut client = served.connect().await;
        let head = format!("POST /sso{path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{header}");
        client.send(format!("{head}\r\ncontent-length: 100\r\n\r\n{{\"a\":")).await;
        let answer = client.receive().await;
        assert_eq!((answer.status, &answer.body), (408, &body), "{path}");
        assert!(answer.closes(), "{path}: {}", answer.head);
    }
}

#[tokio::test]
async fn an_answer_that_takes_long_is_not_cut_short() {
    let app = TestApp::start().await;
    let admin = app.signed_in(Role::PlatformAdmin).await;
    let provider = OpenIdProvider::start_holding().await;
    let limits = ServeLimits { header: AMPLE, body: AMPLE, idle: SHORT, ..patient() };
    let served = Served::start(app.router.clone(), limits).await;
    let form = json!({"connection": {"oidc": {"discovery_url": provider.issuer(), "client_secret": "x"}}}).to_string();
    let mut client = served.connect().await;
    let cookie = admin.cookie.expect("a cookie");
    let head = format!("cookie: {cookie}\r\norigin: https://id.example.com\r\ncontent-type: application/json");
    let length = form.len();
    let head = format!("{head}\r\ncontent-length: {length}");
    client
        .send(format!(
            "POST /sso/_ui/connection-tests HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{head}\r\n\r\n{form}"
        ))
        .await;
    provider.until_asked(1).await;
    // Every limit is over when a connection without a request has ended.
    served.connect().await.rest().await;
    provider.answer(1);
    let answer = client.rest().await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("\"done\""), "{answer}");
}

#[tokio::test]
async fn many_clients_are_served_over_few_connections() {
    let served = Served::start(hello(), ServeLimits { connections: 4, ..patient() }).await;
    let address = served.address;
    let mut asking = JoinSet::new();
    for _ in 0..40 {
        asking.spawn(async move {
            let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
            Client { stream, read: Vec::new() }.get("/").await.status
        });
    }
    assert!(asking.join_all().await.iter().all(|status| *status == 200));
}

#[tokio::test]
async fn the_address_of_a_client_is_known_and_http_2_is_spoken() {
    let who = |axum::extract::ConnectInfo(peer): axum::extract::ConnectInfo<std::net::SocketAddr>| async move {
        peer.ip().to_string()
    };
    let router = Router::new().route("/", get(who));
    let served = Served::start(router, patient()).await;
    assert_eq!(served.connect().await.get("/").await.body, "127.0.0.1");
    let client = reqwest::Client::builder().http2_prior_knowledge().build().expect("a client");
    let answer = client.get(format!("http://{}/", served.address)).send().await.expect("an answer");
    assert_eq!(
        (answer.version(), answer.text().await.expect("text").as_str()),
        (axum::http::Version::HTTP_2, "127.0.0.1")
    );
}
