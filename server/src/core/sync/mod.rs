//! Synchronisation with directories.
//!
//! One run holds a provider at a time: it has a lease in the database, renews it while it works, and writes nothing once
//! the lease is lost. No transaction waits for the network. [`vestibule_app::domain::sync`] decides what happens to an
//! entry; this module stores it. A dry run takes the same path and skips the writes alone.
//!
//! - `service`: the service, which hands each call to an operation.
//! - `start`, `cancel`, `history`, `schedule`, `maintenance`: the operations, each with what it may use.
//! - `run`: a run from the connection to the last line of its log.
//! - `users`, `groups`: the two parts of a run.
//! - `entries`: what is searched for, and how an entry is read.
//! - `journal`: the log while it is written.
//! - `held`: the provider that a run holds, through which its parts read and write.
//! - `lease`: how a run keeps that provider, and reacts to [`running`](super::running).
//! - `limits`, `effects`, `error`: what several of these share.

mod service;

mod cancel;
mod history;
mod maintenance;
mod schedule;
mod start;

mod run;

mod groups;
mod users;

mod effects;
mod entries;
mod error;
mod held;
mod journal;
mod lease;
mod limits;

use vestibule_app::domain::{
    audit::{AuditAction, AuditObject, FieldChange},
    provider::IdentityProvider,
};

use super::{audit::AuditEntry, running};
// Connection tests judge entries as a run does.
pub(super) use entries::{check_dn, identify};
pub(crate) use service::SyncService;

/// The noun of "not found" and "running already".
const WHAT: &str = "synchronisation";

fn audit_entry(action: AuditAction, provider: &IdentityProvider, changes: Vec<FieldChange>) -> AuditEntry<'_> {
    AuditEntry {
        action,
        object: AuditObject::Provider,
        id: provider.id.to_string(),
        name: provider.label(),
        tenant: provider.owner,
        changes,
    }
}
