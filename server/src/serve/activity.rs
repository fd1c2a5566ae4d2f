//! The activity of a connection, as far as time limits depend on it. Its socket, its requests and its task share it.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::http::Version;
use tokio::{sync::Notify, time::Instant};

use super::ServeLimits;

/// How long an idle connection may take to close in an orderly way.
const GRACE: Duration = Duration::from_secs(1);

/// What happens on a connection.
pub(super) struct Activity {
    state: Mutex<State>,
    /// Wakes the connection when it is asked to make room.
    asked: Notify,
}

struct State {
    /// Requests whose answers are not complete.
    running: usize,
    /// Those of them whose answer waits for the client, over HTTP/2.
    untaken: usize,
    /// When the connection was opened, an answer was completed, or bytes of it were last taken.
    waiting_since: Instant,
    /// When an answer last began, went on or ended.
    answered_at: Instant,
    /// When the first byte of a header came.
    header_since: Option<Instant>,
    /// Whether there was a request yet.
    has_served: bool,
    /// HTTP/2 sends bytes of its own between requests both ways, so that they mean nothing.
    is_http2: bool,
    is_asked: bool,
    lingers: bool,
}

/// When a connection ends unless something happens before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deadline {
    pub(super) at: Instant,
    /// Whether it is closed without telling the client before.
    pub(super) is_abrupt: bool,
}

impl Activity {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let state = State {
            running: 0,
            untaken: 0,
            waiting_since: now,
            answered_at: now,
            header_since: None,
            has_served: false,
            is_http2: false,
            is_asked: false,
            lingers: false,
        };
        Self { state: Mutex::new(state), asked: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// When the connection has to end; nothing while a request runs, unless all answers wait for the client. `ending` is
    /// when it began to close in an orderly way.
    ///
    /// One answer that is not taken ends nothing while others go on: a proxy may carry many clients over one connection.
    pub(super) fn deadline(&self, limits: &ServeLimits, ending: Option<Instant>) -> Option<Deadline> {
        let state = self.state();
        if state.running > 0 {
            let at = state.answered_at + limits.stall;
            return (state.untaken == state.running).then_some(Deadline { at, is_abrupt: true });
        }
        let at = match (ending, state.header_since) {
            (Some(since), _) => since.max(state.waiting_since) + grace(limits),
            (None, Some(since)) => since + limits.header,
            (None, None) if !state.has_served => state.waiting_since + limits.header,
            (None, None) => state.waiting_since + limits.idle,
        };
        Some(Deadline { at, is_abrupt: ending.is_some() })
    }

    /// Since when the connection is kept for a request that has not begun, and has not been asked to make room.
    pub(super) fn spare_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.is_spare() && !state.is_asked).then_some(state.waiting_since)
    }

    /// Asks the connection to make room for another.
    pub(super) fn ask_for_room(&self) {
        self.state().is_asked = true;
        self.asked.notify_one();
    }

    /// Waits until the connection is asked to make room. Answers whether it can: a request may have begun since.
    pub(super) async fn asked_for_room(&self) -> bool {
        self.asked.notified().await;
        let mut state = self.state();
        state.is_asked = state.is_spare();
        state.is_asked
    }
}

impl State {
    fn is_spare(&self) -> bool {
        self.running == 0 && self.has_served && self.header_since.is_none()
    }
}

fn grace(limits: &ServeLimits) -> Duration {
    GRACE.min(limits.header)
}

/// How long a deadline may be relied on: a header may begin, and a request end, before it.
pub(super) fn look_again(limits: &ServeLimits, ending: Option<Instant>) -> Duration {
    match ending {
        Some(_) => grace(limits).min(limits.stall),
        None => limits.header.min(limits.idle).min(limits.stall),
    }
}

/// A request from its header to the end of its answer.
pub(super) struct Running {
    activity: Arc<Activity>,
    /// The requests of all connections.
    all: Arc<AtomicUsize>,
    is_http2: bool,
    is_untaken: bool,
}

impl Running {
    pub(super) fn begin(activity: Arc<Activity>, all: Arc<AtomicUsize>, version: Version) -> Self {
        let is_http2 = version == Version::HTTP_2;
        {
            let mut state = activity.state();
            state.running += 1;
            state.header_since = None;
            state.has_served = true;
            state.is_http2 = is_http2;
        }
        all.fetch_add(1, Ordering::Relaxed);
        Self { activity, all, is_http2, is_untaken: false }
    }

    pub(super) fn is_http2(&self) -> bool {
        self.is_http2
    }

    /// A part of the answer was handed over: until the next is asked for, the answer waits for the client. Over HTTP/1.1
    /// the socket knows better, since it sees each byte that is taken.
    pub(super) fn handed_over(&mut self) {
        if self.is_http2 {
            self.wait_for_client(true);
        }
    }

    /// The next part of the answer is asked for, and the handler does not have it yet.
    pub(super) fn waits_for_handler(&mut self) {
        if self.is_untaken {
            self.wait_for_client(false);
        }
    }

    fn wait_for_client(&mut self, waits: bool) {
        let mut state = self.activity.state();
        state.untaken = state.untaken + usize::from(waits) - usize::from(self.is_untaken);
        state.answered_at = Instant::now();
        self.is_untaken = waits;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut state = self.activity.state();
        state.running -= 1;
        state.untaken -= usize::from(self.is_untaken);
        state.waiting_since = Instant::now();
        state.answered_at = state.waiting_since;
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(activity: &Arc<Activity>, version: Version) -> Running {
        Running::begin(activity.clone(), Arc::default(), version)
    }

    fn is_counted(activity: &Activity) -> bool {
        activity.deadline(&ServeLimits::default(), None).is_some()
    }

    #[test]
    fn time_runs_when_all_answers_wait_for_the_client() {
        let activity = Arc::new(Activity::new());
        let (mut first, mut second) = (begin(&activity, Version::HTTP_2), begin(&activity, Version::HTTP_2));
        first.handed_over();
        assert!(!is_counted(&activity));
        second.handed_over();
        assert!(is_counted(&activity));
        second.waits_for_handler();
        assert!(!is_counted(&activity));
        drop(second);
        assert!(is_counted(&activity));
        first.waits_for_handler();
        assert!(!is_counted(&activity));
    }

    #[test]
    fn each_part_that_is_taken_gives_the_client_new_time() {
        let (activity, limits) = (Arc::new(Activity::new()), ServeLimits::default());
        let mut answer = begin(&activity, Version::HTTP_2);
        for _ in 0..3 {
            let before = Instant::now();
            answer.handed_over();
            let deadline = activity.deadline(&limits, None).expect("a deadline");
            assert!(deadline.is_abrupt && deadline.at >= before + limits.stall, "{deadline:?}");
        }
    }

    #[test]
    fn an_answer_over_http_1_has_no_time_but_that_of_the_socket() {
        let activity = Arc::new(Activity::new());
        let mut answer = begin(&activity, Version::HTTP_11);
        answer.handed_over();
        assert!(!is_counted(&activity));
    }

    #[test]
    fn a_connection_is_asked_for_room_once() {
        let activity = Arc::new(Activity::new());
        assert_eq!(activity.spare_since(), None);
        drop(begin(&activity, Version::HTTP_11));
        assert!(activity.spare_since().is_some());
        activity.ask_for_room();
        assert_eq!(activity.spare_since(), None);
    }
}
