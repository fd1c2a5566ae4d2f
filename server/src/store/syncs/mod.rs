//! Synchronisations: their logs, and the state of each provider.

mod logs;

mod entries;
mod state;

pub(crate) use entries::{delete_entries, insert_entries, list_entries};
pub(crate) use logs::{
    abandoned, delete_old, find, finish, insert, keep_newest, last_complete, last_finished, list, progress,
};
pub(crate) use state::{
    Lease, are_members_stale, cancel, claim, claim_schedule, due, find as find_state, forget_marks, put_marks, release,
    release_all, renew, set_members_stale, set_next_run, shorten_leases,
};
