//! Clients over HTTP/2 that decide how much of an answer they take.

use std::sync::Arc;

use axum::{Router, routing::get};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    sync::Notify,
};
use vestibule::{CutOff, ServeLimits};

use super::{SHORT, Served, patient};

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const WINDOW_UPDATE: u8 = 8;
/// The flag of `SETTINGS` and `PING` that answers one.
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// A client that takes nothing of an answer unless it says so, and else behaves well.
struct Http2(TcpStream);

/// A frame as it came.
struct Frame {
    kind: u8,
    flags: u8,
    stream: u32,
    payload: Vec<u8>,
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short frame");
    let mut frame = length.to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

fn request(stream: u32, path: &str) -> Vec<u8> {
    // GET and http by their numbers in HPACK's table, then path and authority as they are.
    let mut header = vec![0x82, 0x86, 0x04, u8::try_from(path.len()).expect("a short path")];
    header.extend(path.as_bytes());
    header.extend([0x01, 1, b'x']);
    frame(HEADERS, END_STREAM | END_HEADERS, stream, &header)
}

impl Http2 {
    /// A client that asks for all of these, each in its stream. It says everything at once, so that it is not given up
    /// before it has.
    async fn asking(served: &Served, requests: &[(u32, &str)]) -> Self {
        let mut bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec();
        // SETTINGS_INITIAL_WINDOW_SIZE
        bytes.extend(frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]));
        bytes.extend(requests.iter().flat_map(|(stream, path)| request(*stream, path)));
        let mut client = Self(TcpStream::connect(served.address).await.expect("a connection"));
        client.0.write_all(&bytes).await.expect("sent");
        client
    }

    /// The next frame that is about a request; nothing once the connection is closed.
    async fn next(&mut self) -> Option<Frame> {
        loop {
            let mut head = [0; 9];
            self.0.read_exact(&mut head).await.ok()?;
            let [a, b, c, kind, flags, stream @ ..] = head;
            let mut payload = vec![0; usize::try_from(u32::from_be_bytes([0, a, b, c])).expect("a length")];
            self.0.read_exact(&mut payload).await.ok()?;
            match kind {
                // So that the server knows that the client is there.
                SETTINGS | PING if flags & ACK == 0 => {
                    let answer = if kind == PING { payload } else { Vec::new() };
                    // It may have closed the connection after what is still to be read.
                    let _ = self.0.write_all(&frame(kind, ACK, 0, &answer)).await;
                }
                DATA | HEADERS => return Some(Frame { kind, flags, stream: u32::from_be_bytes(stream), payload }),
                _ => {}
            }
        }
    }

    async fn header_of(&mut self, stream: u32) {
        let frame = self.next().await.expect("a header");
        assert_eq!((frame.kind, frame.stream), (HEADERS, stream));
    }

    async fn data_of(&mut self, stream: u32) -> Vec<u8> {
        let mut data = Vec::new();
        loop {
            let frame = self.next().await.expect("data");
            assert_eq!((frame.kind, frame.stream), (DATA, stream));
            data.extend(frame.payload);
            if frame.flags & END_STREAM != 0 {
                return data;
            }
        }
    }
}

fn stalling() -> ServeLimits {
    ServeLimits { stall: SHORT, ..patient() }
}

fn router() -> (Router, Arc<Notify>) {
    let go = Arc::new(Notify::new());
    let wait = go.clone();
    let waiting = move || async move {
        wait.notified().await;
        "done"
    };
    let router = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/large", get(|| async { vec![b'x'; 40_000] }))
        .route("/waiting", get(waiting));
    (router, go)
}

#[tokio::test]
async fn a_client_that_opens_no_window_is_given_up() {
    let served = Served::start(router().0, stalling()).await;
    for requests in [&[(1, "/")][..], &[(1, "/"), (3, "/large")]] {
        let mut client = Http2::asking(&served, requests).await;
        for (stream, _) in requests {
            client.header_of(*stream).await;
        }
        assert!(client.next().await.is_none());
    }
    assert_eq!(served.stop().await, CutOff::default());
}

#[tokio::test]
async fn an_answer_that_is_not_taken_ends_no_connection_while_another_runs() {
    let (router, go) = router();
    let served = Served::start(router, stalling()).await;
    let mut client = Http2::asking(&served, &[(1, "/waiting"), (3, "/")]).await;
    client.header_of(3).await;
    // The limit is over when others that began later were given up.
    for _ in 0..3 {
        let mut other = Http2::asking(&served, &[(1, "/")]).await;
        other.header_of(1).await;
        assert!(other.next().await.is_none());
    }
    go.notify_one();
    client.header_of(1).await;
}

#[tokio::test]
async fn an_answer_in_parts_arrives_whole_when_the_client_opens_its_window() {
    let served = Served::start(router().0, patient()).await;
    let mut client = Http2::asking(&served, &[(1, "/large")]).await;
    client.header_of(1).await;
    let window = frame(WINDOW_UPDATE, 0, 1, &50_000_u32.to_be_bytes());
    client.0.write_all(&window).await.expect("sent");
    assert_eq!(client.data_of(1).await, vec![b'x'; 40_000]);
}
