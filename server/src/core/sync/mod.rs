//! Synchronisation with directories.
//!
//! One run holds a provider at a time: it has a lease in the database, renews it while it works, and writes nothing once
//! the lease is lost. No transaction waits for the network. [`vestibule_app::domain::sync`] decides what happens to an
//! entry; this module stores it. A dry run takes the same path and skips the writes alone.
//!
//! - `service`: what the service may touch, and its methods.
//! - `start`, `history`, `schedule`, `interrupted`: the operations.
//! - `run`: a run from the connection to the last line of its log.
//! - `users`, `groups`: the two parts of a run.
//! - `entries`: what is searched for, and how an entry is read.
//! - `journal`: the log while it is written.
//! - `context`, `limits`, `effects`, `error`: what several of these share.
//! - `lease`: how a run keeps its provider, and reacts to [`running`](super::running).

mod service;

mod history;
mod interrupted;
mod schedule;
mod start;

mod run;

mod groups;
mod users;

mod context;
mod effects;
mod entries;
mod error;
mod journal;
mod lease;
mod limits;

use super::running;
// Connection tests judge entries as a run does.
pub(super) use entries::{check_dn, identify};
pub(crate) use service::SyncService;
