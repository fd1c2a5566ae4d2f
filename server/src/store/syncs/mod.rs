//! Synchronisations: their logs, who holds a provider, and what the last runs left.

mod logs;
mod state;

pub(crate) use logs::{
    abandoned, delete_entries, delete_old, entries, find, finish, insert, insert_entries, keep_newest, last_complete,
    last_finished, list, progress,
};
pub(crate) use state::{
    Lease, are_members_stale, cancel, claim, claim_schedule, due, find as find_state, forget_marks, put_marks, release,
    release_all, renew, set_members_stale, set_next_run, shorten_leases,
};
