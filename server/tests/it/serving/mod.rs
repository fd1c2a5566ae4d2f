//! The server's socket: how long requests may take, how many connections there are, and how it stops.

mod http2;
mod limits;
mod stopping;
mod unread;

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};
use vestibule::{CutOff, ServeLimits};

/// Far beyond what a test takes.
const LONG: Duration = Duration::from_secs(3600);

/// What a test does not wait for on purpose.
const SHORT: Duration = Duration::from_millis(50);

/// What is enough for a request that is sent at once, and can be waited for.
const AMPLE: Duration = Duration::from_secs(2);

/// No limit that a test could meet.
fn patient() -> ServeLimits {
    ServeLimits { header: LONG, body: LONG, idle: LONG, stall: LONG, drain: LONG, connections: 100 }
}

/// A router behind a socket.
struct Served {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<CutOff>,
}

impl Served {
    async fn start(router: Router, limits: ServeLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(vestibule::serve(listener, router, limits, async {
            let _ = stopped.await;
        }));
        Self { address, stop, serving }
    }

    async fn connect(&self) -> Client {
        Client { stream: TcpStream::connect(self.address).await.expect("a connection"), read: Vec::new() }
    }

    /// A connection that has got an answer to `GET /`, however often it takes to be in time.
    async fn kept(&self) -> (Client, Received) {
        loop {
            let mut client = self.connect().await;
            if let Some(answer) = client.try_get("/").await {
                return (client, answer);
            }
        }
    }

    async fn stop(self) -> CutOff {
        self.stop.send(()).expect("it is serving");
        self.serving.await.expect("no panic")
    }
}

/// A connection, spoken to in bytes.
struct Client {
    stream: TcpStream,
    /// What was read beyond the last answer.
    read: Vec<u8>,
}

/// An answer as it came.
#[derive(Debug)]
struct Received {
    status: u16,
    head: String,
    body: String,
}

impl Received {
    fn closes(&self) -> bool {
        self.head.to_ascii_lowercase().contains("\r\nconnection: close")
    }
}

impl Client {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.expect("sent");
    }

    async fn get(&mut self, path: &str) -> Received {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")).await;
        self.receive().await
    }

    /// The same, unless the server closes before it answers.
    async fn try_get(&mut self, path: &str) -> Option<Received> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        self.stream.write_all(request.as_bytes()).await.ok()?;
        (self.stream.read_buf(&mut self.read).await.ok()? > 0).then_some(())?;
        Some(self.receive().await)
    }

    /// The next answer, which must say how long it is.
    async fn receive(&mut self) -> Received {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more().await;
        };
        let head = String::from_utf8(self.read.drain(..end).collect()).expect("text");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let length = head.lines().filter_map(|line| line.split_once(": ")).find(|(name, _)| *name == "content-length");
        let length = length.map_or(0, |(_, length)| length.parse().expect("a length"));
        while self.read.len() < length {
            self.more().await;
        }
        let body = String::from_utf8(self.read.drain(..length).collect()).expect("text");
        Received { status, head, body }
    }

    async fn more(&mut self) {
        assert!(self.stream.read_buf(&mut self.read).await.expect("an answer") > 0, "closed after {:?}", self.read);
    }

    /// What still comes until the server closes the connection.
    async fn rest(mut self) -> String {
        // However it is closed.
        let _ = self.stream.read_to_end(&mut self.read).await;
        String::from_utf8(self.read).expect("text")
    }
}
