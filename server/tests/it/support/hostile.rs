//! A server on 127.0.0.1 that answers as tests want it to: wrongly, slowly, endlessly or not at all.
//!
//! What HTTP allows is an axum router; what HTTP forbids is written onto the socket by hand. Dropping the server ends
//! it, connections that hang included.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use url::Url;

use super::tls::{Identity, TlsListener};

/// A running server.
pub(crate) struct Hostile {
    scheme: &'static str,
    address: SocketAddr,
    /// Connections to a raw server so far.
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Hostile {
    /// Serves `router` over plain http.
    pub(crate) async fn serve(router: Router) -> Self {
        Self::serve_at("127.0.0.1:0", router).await
    }

    /// Serves over plain http what `router` makes of the server's own address, `http://127.0.0.1:port`.
    pub(crate) async fn serve_knowing_itself(router: impl FnOnce(&str) -> Router) -> Self {
        let listener = listener("127.0.0.1:0").await;
        let router = router(&format!("http://{}", local(&listener)));
        Self::serve_on(listener, router)
    }

    /// Serves `router` over plain http at an address of the test's choice.
    pub(crate) async fn serve_at(address: &str, router: Router) -> Self {
        Self::serve_on(listener(address).await, router)
    }

    /// Serves `router` over TLS with this certificate.
    pub(crate) async fn serve_tls(identity: Identity, router: Router) -> Self {
        let listener = listener("127.0.0.1:0").await;
        let address = local(&listener);
        let task = tokio::spawn(async move {
            // It ends with the test; an error has nobody to hear it.
            let _ = axum::serve(TlsListener::new(listener, identity), router).await;
        });
        Self { scheme: "https", address, connections: Arc::default(), task }
    }

    /// Reads each request's head, writes `answer` as it stands, then goes on as `then` says.
    pub(crate) async fn raw(answer: impl Into<Vec<u8>>, then: Then) -> Self {
        let answer = answer.into();
        let listener = listener("127.0.0.1:0").await;
        let address = local(&listener);
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            // Connections live in this set, so that they end with the task.
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                open.spawn(answer_raw(stream, answer.clone(), then));
            }
        });
        Self { scheme: "http", address, connections, task }
    }

    fn serve_on(listener: TcpListener, router: Router) -> Self {
        let address = local(&listener);
        let task = tokio::spawn(async move {
            // It ends with the test; an error has nobody to hear it.
            let _ = axum::serve(listener, router).await;
        });
        Self { scheme: "http", address, connections: Arc::default(), task }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often somebody connected to a raw server.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// A URL of this server by its address.
    pub(crate) fn url(&self, path: &str) -> Url {
        self.url_at("127.0.0.1", path)
    }

    /// A URL of this server by a host name that tests resolve as they like.
    pub(crate) fn url_at(&self, host: &str, path: &str) -> Url {
        let text = format!("{}://{host}:{}{path}", self.scheme, self.address.port());
        text.parse().expect("tests use well-formed paths")
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What happens after a raw answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Then {
    /// The connection is closed.
    Close,
    /// Nothing more, and the connection stays open.
    Hang,
    /// The same answer's last line again, without end.
    Repeat(&'static [u8]),
}

/// A page with this status, media type and text.
pub(crate) fn page(status: u16, content_type: &'static str, text: impl Into<String>) -> MethodRouter {
    let status = StatusCode::from_u16(status).expect("tests use real status codes");
    let text = text.into();
    get(move || async move { (status, [(header::CONTENT_TYPE, content_type)], text).into_response() })
}

/// A JSON document.
pub(crate) fn json(text: impl Into<String>) -> MethodRouter {
    page(200, "application/json", text)
}

/// A redirect to wherever, well-formed or not.
pub(crate) fn redirect(status: u16, location: impl Into<String>) -> MethodRouter {
    let status = StatusCode::from_u16(status).expect("tests use real status codes");
    let location = location.into();
    get(move || async move { (status, [(header::LOCATION, location)]).into_response() })
}

async fn listener(address: &str) -> TcpListener {
    TcpListener::bind(address).await.expect("a loopback port is free")
}

fn local(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().expect("a bound socket has an address")
}

async fn answer_raw(mut stream: TcpStream, answer: Vec<u8>, then: Then) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    if stream.write_all(&answer).await.is_err() {
        return;
    }
    match then {
        Then::Close => drop(stream),
        Then::Hang => std::future::pending().await,
        Then::Repeat(piece) => while stream.write_all(piece).await.is_ok() {},
    }
}
