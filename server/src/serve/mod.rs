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
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{Router, serve::Listener};
use hyper_util::service::TowerToHyperService;
use tokio::{
    net::TcpListener,
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
    time::{Instant, timeout, timeout_at},
};

pub use self::limits::ServeLimits;
use self::{activity::Activity, connection::Connection};

/// How long a new connection waits for room before an idle connection is closed for it, and then another one.
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
            activity: room.register(),
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
    open: Mutex<Open>,
    reminded: Mutex<Option<Instant>>,
}

impl Room {
    fn new(limit: usize) -> Self {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        let permits = Arc::new(Semaphore::new(limit));
        Self { permits, limit, open: Mutex::default(), reminded: Mutex::default() }
    }

    async fn enter(&self) -> OwnedSemaphorePermit {
        loop {
            if let Ok(permit) = timeout(PRESSING, self.permits.clone().acquire_owned()).await {
                return permit.expect("the semaphore is never closed");
            }
            self.close_one();
            self.remind();
        }
    }

    /// A new connection, which may be asked to make room later.
    fn register(&self) -> Arc<Activity> {
        let activity = Arc::new(Activity::new());
        self.open.lock().unwrap_or_else(PoisonError::into_inner).add(&activity);
        activity
    }

    /// Closes the connection that has been idle for longest.
    fn close_one(&self) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let spare = open.connections.iter().filter_map(Weak::upgrade);
        let spare = spare.filter_map(|activity| activity.spare_since().map(|since| (since, activity)));
        if let Some((_, activity)) = spare.min_by_key(|(since, _)| *since) {
            activity.ask_for_room();
        }
    }

    fn remind(&self) {
        let mut reminded = self.reminded.lock().unwrap_or_else(PoisonError::into_inner);
        if reminded.is_none_or(|at| at.elapsed() >= REMINDER) {
            *reminded = Some(Instant::now());
            let limit = self.limit;
            tracing::warn!(limit, "the limit of connections is reached; new connections wait");
        }
    }
}

/// The connections that are open, and some that have ended.
#[derive(Default)]
struct Open {
    connections: Vec<Weak<Activity>>,
    /// At how many those that have ended are removed.
    most: usize,
}

impl Open {
    fn add(&mut self, activity: &Arc<Activity>) {
        /// Fewer are not worth the work.
        const FEW: usize = 64;
        if self.connections.len() >= self.most {
            self.connections.retain(|activity| activity.strong_count() > 0);
            self.most = (self.connections.len() * 2).max(FEW);
        }
        self.connections.push(Arc::downgrade(activity));
    }
}
