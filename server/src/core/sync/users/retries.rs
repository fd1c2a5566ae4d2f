//! Entries that are processed again, at the end of this run or by the next one.

use vestibule_app::domain::sync::MAX_RETRIES;

use super::super::entries::SeenUser;

/// How many entries are deferred to the end of the run. They are kept in memory.
const MAX_DEFERRED: usize = 10_000;

#[derive(Default)]
pub(super) struct RetryQueue {
    /// Entries whose name was taken.
    deferred: Vec<SeenUser>,
    /// Identifiers, as filters have them, for the next run.
    next_run: Vec<String>,
}

impl RetryQueue {
    /// Whether one more entry fits, besides those deferred here and `pending` ones of an open transaction.
    pub(super) const fn has_room(&self, pending: usize) -> bool {
        self.deferred.len() + pending < MAX_DEFERRED
    }

    pub(super) fn defer(&mut self, entries: Vec<SeenUser>) {
        self.deferred.extend(entries);
    }

    pub(super) fn take_deferred(&mut self) -> Vec<SeenUser> {
        std::mem::take(&mut self.deferred)
    }

    /// Leaves entries to the next run. One more than [`MAX_RETRIES`] is enough to make that run full.
    pub(super) fn leave_to_next_run(&mut self, assertions: Vec<String>) {
        let room = (MAX_RETRIES + 1).saturating_sub(self.next_run.len());
        self.next_run.extend(assertions.into_iter().take(room));
    }

    pub(super) fn into_next_run(self) -> Vec<String> {
        self.next_run
    }
}
