//! Synchronisation with directories: what happens to an entry and why, what happens to users that vanished, whether a
//! run reads everything or changes only, and what its log contains.
//!
//! Nothing here reads a directory or writes a row. The same functions decide for a dry run and for a real one, so that
//! both decide alike.
//!
//! - [`plan`]: whether a run is full.
//! - [`read_user`]: an entry's attributes to a [`super::user::Profile`].
//! - [`remove_directions`]: a profile without characters that change the direction of text.
//! - [`decide`]: an entry to what happens to it.
//! - [`settle`]: which users get the names that they want from each other.
//! - [`judge_vanished`]: whether users that were not seen are deactivated.
//! - [`resolve`]: the members of nested groups.
//! - [`SyncLog`]: the log of a run.
//! - [`advise`], [`explain_taken`]: what the log says where another user has a name.
//! - [`sample`]: how an entry would be read, before anything is saved.

mod plan;

mod direction;
mod read;
mod rules;

mod decide;
mod groups;
mod settle;
mod vanished;

mod counts;
mod fault;
mod log;
mod taken;

mod sample;

#[cfg(test)]
mod tests;

pub use counts::{GroupCounts, MembershipCounts, Omitted, UserCounts};
pub use decide::{
    Collisions, Decision, Holder, HolderStatus, LinkState, Linked, Policy, Seen, UnknownLinkState, decide,
};
pub use direction::{direction_note, remove_directions};
pub use fault::{EntryCode, Fault, LeftOut, UnknownEntryCode};
pub use groups::{MAX_DEPTH, MemberCounts, is_member, resolve};
pub use log::{
    EntryAction, EntryObject, SyncCursor, SyncEntry, SyncEntryFilter, SyncFailure, SyncFailureCode, SyncLog,
    SyncOptions, SyncOverview, SyncServer, SyncStatus, SyncTrigger, UnknownEntryAction, UnknownEntryObject,
    UnknownSyncFailureCode, UnknownSyncStatus, UnknownSyncTrigger,
};
pub use plan::{
    FullReason, MAX_RETRIES, Marks, Plan, Position, SyncMode, UnknownSyncMode, UnknownWantedMode, WantedMode,
    effective_strategy, plan,
};
pub use read::{MAX_EXTERNAL_ID, MAX_USERNAME, UserReading, Values, read_user};
pub use rules::{UserRules, default_attributes};
pub use sample::{explain_first, explain_shared, mark_shared, sample, sample_remarks, unidentified};
pub use settle::{NameClaim, SettledClaims, settle};
pub use taken::{TakenAdvice, UserLabel, advise, explain_taken, explain_taken_unnamed};
pub use vanished::{Evidence, NotJudged, Safeguard, Verdict, judge_vanished};
