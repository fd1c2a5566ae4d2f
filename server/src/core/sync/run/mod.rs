//! A run from the connection to the last line of its log.

mod execute;

mod connect;
mod finish;
mod plan;
mod settings;

pub(super) use execute::{Run, RunResources, SyncTarget, new_log};
