//! Attempts to sign in: they are recorded in the background, shown to administrators, and removed when they are old.

mod allowance;
mod log;
mod purge;
mod queue;
mod service;
mod waiting;

pub(in crate::core) use log::AttemptLog;
pub(super) use log::{AttemptRecord, Evidence};
pub(crate) use purge::{AttemptPurge, AttemptRetention};
pub(crate) use queue::AttemptObserver;
pub(in crate::core) use service::AttemptService;
