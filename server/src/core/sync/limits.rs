//! The limits of a run: when it is stopped, its deadline, how many entries it reads, and how many it handles at once.

use std::time::Duration;

use tokio::{sync::watch, time::Instant};
use vestibule_app::domain::{provider::LdapLimits, sync::SyncFailureCode, words::counted};

use super::{error::RunError, running::Stop};
use crate::protocol::ldap::LdapError;

/// How many users share a transaction.
pub(super) const BATCH: usize = 500;

/// After how many entries a run yields to other tasks of its thread: a page arrives at once, and working on it takes a
/// while.
pub(super) const YIELD_EVERY: usize = 16;

/// Ends a run that was stopped, is past its deadline, or reads more entries than the settings allow.
#[derive(Clone)]
pub(super) struct RunLimits {
    stop: watch::Receiver<Option<Stop>>,
    deadline: Instant,
    timeout_seconds: u32,
    max_entries: u32,
}

impl RunLimits {
    /// The time begins now.
    pub(super) fn start(limits: &LdapLimits, stop: watch::Receiver<Option<Stop>>) -> Self {
        let timeout_seconds = limits.sync_timeout_seconds;
        let deadline = Instant::now() + Duration::from_secs(u64::from(timeout_seconds));
        Self { stop, deadline, timeout_seconds, max_entries: limits.max_entries }
    }

    /// Waits for the network until the run is stopped or its time is up.
    pub(super) async fn wait<T>(&self, work: impl Future<Output = Result<T, LdapError>>) -> Result<T, RunError> {
        let mut stop = self.stop.clone();
        let unless_stopped = async {
            tokio::select! {
                biased;
                stopped = stop.wait_for(Option::is_some) => {
                    Err(stopped.ok().and_then(|why| *why).unwrap_or(Stop::LeaseLost))
                }
                done = work => Ok(done),
            }
        };
        match tokio::time::timeout_at(self.deadline, unless_stopped).await {
            Ok(done) => Ok(done??),
            Err(_) => Err(self.time_is_up()),
        }
    }

    /// Fails when the run was stopped or its time is up.
    pub(super) fn check(&self) -> Result<(), RunError> {
        let stop = *self.stop.borrow();
        if let Some(stop) = stop {
            return Err(stop.into());
        }
        if Instant::now() >= self.deadline { Err(self.time_is_up()) } else { Ok(()) }
    }

    /// Fails when a search found more entries than the settings allow.
    pub(super) fn check_count(&self, found: usize) -> Result<(), RunError> {
        let max_entries = self.max_entries;
        if u32::try_from(found).is_ok_and(|found| found <= max_entries) {
            return Ok(());
        }
        let message = format!(
            "The directory has more than {}, the “Entry limit” (max_entries). Make the search narrower, or allow more.",
            counted(max_entries, "entry")
        );
        Err(RunError::failed(SyncFailureCode::TooManyEntries, message))
    }

    fn time_is_up(&self) -> RunError {
        let message = format!(
            "The run did not end within {} (sync_timeout_seconds). What was read until then is stored; allow \
             more time, or make the search narrower.",
            counted(self.timeout_seconds, "second")
        );
        RunError::failed(SyncFailureCode::Timeout, message)
    }
}
