//! Serves a router over TCP with the limits that `axum::serve` does not have: how long a request may take to arrive, how
//! many connections there are, and how long the server waits for what is running when it stops.
//!
//! The binary serves with it, and so can a host application. TLS is left to a proxy in front.

mod activity;
mod body;
mod connection;
mod limits;
mod socket;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, serve::Listener};
use hyper_util::service::TowerToHyperService;
use tokio::{
    net::TcpListener,
    sync::{Notify, OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{Instant, timeout, timeout_at},
};

pub use self::limits::ServeLimits;
use self::{connection::Connection, socket::Socket};

/// How long a new connection waits for room before idle connections are closed for it.
const PRESSING: Duration = Duration::from_millis(100);

/// How often the log repeats that the limit of connections is reached.
const REMINDER: Duration = Duration::from_secs(60);

/// What was cut off when the server stopped; all zero after an orderly stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CutOff {
    /// Connections that were closed.
    pub connections: usize,
    /// Requests on them that were not answered completely.
    pub requests: usize,
}

/// Serves `router` until `shutdown` ends, then answers what is running for at most [`ServeLimits::drain`].
///
/// Handlers and [`Vestibule::router`](crate::Vestibule::router) learn the client's address from
/// `ConnectInfo<SocketAddr>`, which this sets. HTTP/1.1 and HTTP/2 without TLS are understood.
///
/// ```no_run
/// # async fn example(app: axum::Router) -> std::io::Result<()> {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
/// let shutdown = async {
///     let _ = tokio::signal::ctrl_c().await;
/// };
/// vestibule::serve(listener, app, vestibule::ServeLimits::default(), shutdown).await;
/// # Ok(()) }
/// ```
pub async fn serve(
    mut listener: TcpListener,
    router: Router,
    limits: ServeLimits,
    shutdown: impl Future<Output = ()>,
) -> CutOff {
    let limits = Arc::new(limits);
    let room = Room::new(limits.connections);
    let router = TowerToHyperService::new(router);
    let requests = Arc::new(AtomicUsize::new(0));
    let (stop, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        let accepted = async {
            let permit = room.enter().await;
            // Waits for a moment by itself when the process has no descriptors left.
            let (stream, peer) = Listener::accept(&mut listener).await;
            (permit, stream, peer)
        };
        let (permit, stream, peer) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut shutdown => break,
        };
        while connections.try_join_next().is_some() {}
        // Answers are written at once: the lines of a connection test must not wait for each other.
        let _ = stream.set_nodelay(true);
        let connection = Connection {
            router: router.clone(),
            limits: limits.clone(),
            peer,
            requests: requests.clone(),
            stopped: stopped.clone(),
            pressed: room.pressed.clone(),
        };
        connections.spawn(connection.serve(stream, permit));
    }
    drop(listener);
    stop.send_replace(true);
    let deadline = Instant::now() + limits.drain;
    while let Ok(Some(_)) = timeout_at(deadline, connections.join_next()).await {}
    let cut = CutOff { connections: connections.len(), requests: requests.load(Ordering::Relaxed) };
    if cut.connections > 0 {
        let CutOff { connections, requests } = cut;
        tracing::warn!(connections, requests, "closed connections whose requests did not end in time");
    }
    connections.shutdown().await;
    cut
}

/// Room for connections: each takes a descriptor, and the database and outbound requests need some too.
struct Room {
    permits: Arc<Semaphore>,
    limit: usize,
    /// Wakes idle connections when others wait for room.
    pressed: Arc<Notify>,
    reminded: std::sync::Mutex<Option<Instant>>,
}

impl Room {
    fn new(limit: usize) -> Self {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        Self { permits: Arc::new(Semaphore::new(limit)), limit, pressed: Arc::default(), reminded: Default::default() }
    }

    async fn enter(&self) -> OwnedSemaphorePermit {
        loop {
            if let Ok(permit) = timeout(PRESSING, self.permits.clone().acquire_owned()).await {
                return permit.expect("the semaphore is never closed");
            }
            self.pressed.notify_waiters();
            self.remind();
        }
    }

    fn remind(&self) {
        let mut reminded = self.reminded.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if reminded.is_none_or(|at| at.elapsed() >= REMINDER) {
            *reminded = Some(Instant::now());
            let limit = self.limit;
            tracing::warn!(limit, "the limit of connections is reached; new connections wait");
        }
    }
}
