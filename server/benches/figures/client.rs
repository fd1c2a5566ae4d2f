//! A client that costs little beside what it measures: HTTP/1.1 over kept connections, written by hand.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::Router;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// How many connections load comes over.
const CONNECTIONS: usize = 16;

/// Serves a router on a free port, as the binary does.
pub(crate) async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(vestibule::serve(listener, router, vestibule::ServeLimits::default(), std::future::pending()));
    address
}

/// A request, ready to send.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) address: SocketAddr,
    bytes: Arc<[u8]>,
}

impl Request {
    pub(crate) fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Self {
        Self::new(address, "GET", path, headers, "")
    }

    pub(crate) fn post(address: SocketAddr, path: &str, headers: &[(&str, &str)], json: &str) -> Self {
        let length = json.len().to_string();
        let mut all = vec![("content-type", "application/json"), ("content-length", length.as_str())];
        all.extend(headers);
        Self::new(address, "POST", path, &all, json)
    }

    fn new(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Self {
        let mut text = format!("{method} {path} HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        text.push_str(body);
        Self { address, bytes: text.into_bytes().into() }
    }

    /// The status of the answer, whatever it is, over a connection of its own.
    pub(crate) async fn status(&self) -> u16 {
        let mut connection = Connection::open(self.address).await;
        connection.exchange(self).await;
        let status = connection.buffer.get(9..12).and_then(|status| std::str::from_utf8(status).ok());
        status.and_then(|status| status.parse().ok()).expect("a status")
    }

    /// Sends it once over a connection of its own.
    pub(crate) async fn send(&self) -> Answer {
        Connection::open(self.address).await.ask(self).await
    }
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", self.head, String::from_utf8_lossy(&self.body))
    }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        fields(&self.head, name).next()
    }

    /// All values of a header, such as `Set-Cookie`.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        fields(&self.head, name)
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("text")
    }
}

fn fields<'a>(head: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// A connection that is kept.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket option");
        Self { stream, buffer: Vec::with_capacity(16 * 1024) }
    }

    /// Sends a request and reads the answer, which must succeed.
    pub(crate) async fn ask(&mut self, request: &Request) -> Answer {
        let answer = self.answer(request).await;
        assert!((200..300).contains(&answer.status), "{answer:?}");
        answer
    }

    /// Sends a request and reads the answer, whatever its status.
    pub(crate) async fn answer(&mut self, request: &Request) -> Answer {
        let (head_length, length) = self.exchange(request).await;
        let head = std::str::from_utf8(&self.buffer[..head_length]).expect("text").to_owned();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let body = self.buffer[head_length..head_length + length].to_vec();
        Answer { status, head, body }
    }

    /// Leaves an answer in the buffer; answers the lengths of its head and body.
    async fn exchange(&mut self, request: &Request) -> (usize, usize) {
        self.stream.write_all(&request.bytes).await.expect("a request sent");
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("an answer");
            assert!(read > 0, "the connection was closed");
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.buffer[..end]).expect("text");
                let length: usize =
                    fields(head, "content-length").next().map_or(0, |value| value.parse().expect("a length"));
                while self.buffer.len() < end + 4 + length {
                    assert!(self.stream.read_buf(&mut self.buffer).await.expect("a body") > 0, "a body cut short");
                }
                return (end + 4, length);
            }
        }
    }
}

/// Makes the request of a number, counted from 0.
pub(crate) type Make = Arc<dyn Fn(u64) -> Request + Send + Sync>;

/// How many requests are answered, and in which time, when `at_once` connections ask without a pause.
pub(crate) async fn load(request: &Make, at_once: usize, time: Duration) -> (u64, Duration) {
    let first = request(0);
    let mut connections = Vec::new();
    for _ in 0..at_once {
        connections.push(Connection::open(first.address).await);
    }
    let (stop, number) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(1)));
    let mut asking = JoinSet::new();
    let start = Instant::now();
    for mut connection in connections {
        let (request, stop, number) = (request.clone(), stop.clone(), number.clone());
        asking.spawn(async move {
            let mut answered = 0_u64;
            while !stop.load(Ordering::Relaxed) {
                connection.exchange(&request(number.fetch_add(1, Ordering::Relaxed))).await;
                assert!(connection.buffer.starts_with(b"HTTP/1.1 20"), "{}", connection.buffer.escape_ascii());
                answered += 1;
            }
            answered
        });
    }
    tokio::time::sleep(time).await;
    stop.store(true, Ordering::Relaxed);
    let answered = asking.join_all().await.into_iter().sum();
    (answered, start.elapsed())
}

/// How many requests a second are answered when several connections ask without a pause.
pub(crate) async fn throughput(request: &Request, time: Duration) -> f64 {
    let request = request.clone();
    let make: Make = Arc::new(move |_| request.clone());
    let (answered, time) = load(&make, CONNECTIONS, time).await;
    answered as f64 / time.as_secs_f64()
}
