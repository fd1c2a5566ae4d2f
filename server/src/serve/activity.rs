//! What happens on a connection, as far as time limits depend on it. Shared by its socket, its requests and its task.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use axum::http::Version;
use tokio::time::Instant;

use super::ServeLimits;

/// What happens on a connection.
pub(super) struct Activity(Mutex<State>);

struct State {
    /// Requests whose answers are not complete.
    running: usize,
    /// When the connection was opened, an answer was completed, or bytes of it were last taken.
    waiting_since: Instant,
    /// When the first byte of a header came.
    header_since: Option<Instant>,
    /// Whether there was a request yet.
    has_served: bool,
    /// HTTP/2 sends bytes of its own between requests both ways, so that they mean nothing.
    is_http2: bool,
    lingers: bool,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State {
            running: 0,
            waiting_since: Instant::now(),
            header_since: None,
            has_served: false,
            is_http2: false,
            lingers: false,
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes came from the client.
    pub(super) fn received(&self) {
        let mut state = self.state();
        if state.running == 0 && state.header_since.is_none() && !state.is_http2 {
            state.header_since = Some(Instant::now());
        }
    }

    /// The client took bytes.
    pub(super) fn sent(&self) {
        let mut state = self.state();
        if !state.is_http2 {
            state.waiting_since = Instant::now();
        }
    }

    /// The answer says that the connection ends although the client may still be sending.
    pub(super) fn linger(&self) {
        self.state().lingers = true;
    }

    pub(super) fn lingers(&self) -> bool {
        self.state().lingers
    }

    /// When the connection has been without a request for too long; nothing while one runs.
    pub(super) fn deadline(&self, limits: &ServeLimits) -> Option<Instant> {
        let state = self.state();
        match *state {
            State { running: 1.., .. } => None,
            State { header_since: Some(since), .. } => Some(since + limits.header),
            State { has_served: false, .. } => Some(state.waiting_since + limits.header),
            _ => Some(state.waiting_since + limits.idle),
        }
    }

    /// Since when nothing runs and nothing is sent; nothing while a request runs.
    pub(super) fn quiet_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.running == 0).then_some(state.waiting_since)
    }

    /// Whether the connection is kept for a request that has not begun.
    pub(super) fn is_spare(&self) -> bool {
        let state = self.state();
        state.running == 0 && state.has_served && state.header_since.is_none()
    }
}

/// A request from its header to the end of its answer.
pub(super) struct Running {
    activity: Arc<Activity>,
    /// The requests of all connections.
    all: Arc<AtomicUsize>,
}

impl Running {
    pub(super) fn begin(activity: Arc<Activity>, all: Arc<AtomicUsize>, version: Version) -> Self {
        {
            let mut state = activity.state();
            state.running += 1;
            state.header_since = None;
            state.has_served = true;
            state.is_http2 = version == Version::HTTP_2;
        }
        all.fetch_add(1, Ordering::Relaxed);
        Self { activity, all }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.running -= 1;
        state.waiting_since = Instant::now();
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}
