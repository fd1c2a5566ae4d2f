//! Synchronisations: their logs, and the state of each provider.

mod logs;

mod entries;
mod state;

pub(crate) use entries::{delete_entries, insert_entries, list_entries};
pub(crate) use logs::{
    delete_old, find, find_last_complete, finish, insert, keep_newest, list, list_abandoned, list_last_finished,
    update_progress,
};
pub(crate) use state::{
    Lease, are_members_stale, cancel, claim, claim_schedule, find as find_state, forget_marks, list_due, put_marks,
    release, release_all, renew, set_members_stale, set_next_run, shorten_leases,
};
