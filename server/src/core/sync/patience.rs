//! How long a run goes on, and how much it reads.

use std::time::Duration;

use tokio::{sync::watch, time::Instant};
use vestibule_app::domain::{provider::LdapConfig, sync::SyncFailureCode, words::counted};

use super::{
    lease::Stop,
    run::{End, failed},
};
use crate::protocol::ldap::LdapError;

/// What ends a run before it is done: somebody says so, its time is up, or there is more than is allowed.
#[derive(Clone)]
pub(super) struct Patience {
    stop: watch::Receiver<Option<Stop>>,
    deadline: Instant,
    seconds: u32,
    most: u32,
}

impl Patience {
    /// The time begins now.
    pub(super) fn begin(config: &LdapConfig, stop: watch::Receiver<Option<Stop>>) -> Self {
        let seconds = config.limits.sync_timeout_seconds;
        let deadline = Instant::now() + Duration::from_secs(u64::from(seconds));
        Self { stop, deadline, seconds, most: config.limits.max_entries }
    }

    /// Waits for the network, unless the run is told to end or its time is up.
    pub(super) async fn wait<T>(&self, work: impl Future<Output = Result<T, LdapError>>) -> Result<T, End> {
        let mut stop = self.stop.clone();
        let unless_stopped = async {
            tokio::select! {
                biased;
                told = stop.wait_for(Option::is_some) => Err(told.ok().and_then(|why| *why).unwrap_or(Stop::LeaseLost)),
                done = work => Ok(done),
            }
        };
        match tokio::time::timeout_at(self.deadline, unless_stopped).await {
            Ok(done) => Ok(done??),
            Err(_) => Err(self.time_up()),
        }
    }

    /// Goes on only while nothing speaks against it.
    pub(super) fn check(&self) -> Result<(), End> {
        let stop = *self.stop.borrow();
        if let Some(stop) = stop {
            return Err(stop.into());
        }
        if Instant::now() >= self.deadline { Err(self.time_up()) } else { Ok(()) }
    }

    /// Ends a run that sees more than the settings allow.
    pub(super) fn limit(&self, seen: usize) -> Result<(), End> {
        let most = self.most;
        if u32::try_from(seen).is_ok_and(|seen| seen <= most) {
            return Ok(());
        }
        let message = format!(
            "The directory has more than {} (max_entries). Make the search narrower, or allow more.",
            counted(most.into(), "entry")
        );
        Err(failed(SyncFailureCode::TooManyEntries, message))
    }

    fn time_up(&self) -> End {
        let message = format!(
            "The run did not end within {} seconds (sync_timeout_seconds). What was read until then is stored; allow \
             more time, or make the search narrower.",
            self.seconds
        );
        failed(SyncFailureCode::Timeout, message)
    }
}
