//! Synchronisation with directories: what happens to an entry and why, what becomes of users that vanished, whether a
//! run reads everything or what changed, and what is told of it.
//!
//! Nothing here reads a directory or writes a row. The same functions decide for a dry run and for a real one, so that
//! both decide alike.
//!
//! - [`read_user`]: an entry's attributes to a [`super::user::Profile`].
//! - [`straightened`]: a profile without characters that change the direction of text.
//! - [`sample`]: the same to show before anything is saved.
//! - [`decide`]: an entry to what happens to it.
//! - [`settle`]: which of those who want each other's names get them.
//! - [`advise`], [`explain_taken`]: what the log says where somebody else has a name.
//! - [`judge_vanished`]: whether users that were not seen are deactivated.
//! - [`plan`]: whether a run is full.
//! - [`resolve`]: the members of nested groups.
//! - [`SyncLog`]: what is told of a run.

mod counts;
mod decide;
mod direction;
mod entry;
mod groups;
mod log;
mod plan;
mod sample;
mod settle;
mod taken;
#[cfg(test)]
mod tests;
mod vanished;

pub use counts::{GroupCounts, MembershipCounts, Omitted, UserCounts};
pub use decide::{Collisions, Decision, Holder, LinkState, Linked, Policy, Seen, Standing, UnknownLinkState, decide};
pub use direction::{direction_note, straightened};
pub use entry::{
    EntryCode, Fault, LeftOut, MAX_EXTERNAL_ID, MAX_USERNAME, Reading, UnknownEntryCode, UserRules, Values, attributes,
    read_user,
};
pub use groups::{MAX_DEPTH, MemberCounts, is_member, resolve};
pub use log::{
    EntryAction, EntryObject, SyncCursor, SyncEntry, SyncEntryFilter, SyncFailure, SyncFailureCode, SyncLog,
    SyncOptions, SyncOverview, SyncServer, SyncStatus, SyncTrigger, UnknownEntryAction, UnknownEntryObject,
    UnknownSyncFailureCode, UnknownSyncStatus, UnknownSyncTrigger,
};
pub use plan::{
    FullReason, MAX_RETRIES, Marks, Plan, Position, SyncMode, UnknownSyncMode, WantedMode, effective_strategy, plan,
};
pub use sample::{explain_first, explain_shared, mark_shared, sample, unidentified};
pub use settle::{Claim, Settled, settle};
pub use taken::{Other, TakenAdvice, advise, explain_taken, explain_taken_by_somebody};
pub use vanished::{Evidence, NotJudged, Safeguard, Verdict, judge_vanished};
