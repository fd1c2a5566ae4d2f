//! Attempts to sign in: they are recorded in the background, shown to administrators, and removed when they are old.

mod log;
mod queue;
mod service;

pub(in crate::core) use log::AttemptLog;
pub(super) use log::AttemptRecord;
pub(crate) use queue::AttemptObserver;
pub(crate) use service::AttemptService;
