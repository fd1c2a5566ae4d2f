//! The log of a run, and the drafts of its transactions.

use vestibule_app::domain::{
    id::SyncLogId,
    sync::{SyncEntry, SyncLog},
};

use super::{
    entry::shortened,
    kept::{Kept, Rank},
    warnings::add_warning,
};
use crate::store::{Conn, Store, StoreResult, syncs as rows};

/// How many entries of a run are kept.
const MAX_ENTRIES: usize = 1000;

/// The log of a run, and which entries it keeps.
#[derive(Debug, Clone)]
pub(crate) struct Journal {
    pub(crate) log: SyncLog,
    kept: Kept,
    /// How many warnings did not fit.
    dropped_warnings: u64,
}

/// The log as a transaction changes it. It counts only after the commit ([`Journal::adopt`]).
#[derive(Debug, Clone)]
pub(crate) struct LogDraft {
    pub(crate) log: SyncLog,
    kept: Kept,
    first: u32,
    entries: Vec<(u32, SyncEntry)>,
    /// Positions of stored entries that were displaced.
    removed: Vec<u32>,
}

impl Journal {
    pub(crate) fn new(log: SyncLog) -> Self {
        Self { log, kept: Kept::default(), dropped_warnings: 0 }
    }

    pub(crate) fn draft(&self) -> LogDraft {
        let kept = self.kept.clone();
        LogDraft { log: self.log.clone(), first: kept.next, kept, entries: Vec::new(), removed: Vec::new() }
    }

    /// Takes over the log of a transaction that was committed.
    pub(crate) fn adopt(&mut self, draft: LogDraft) {
        let LogDraft { log, kept, .. } = draft;
        self.log = log;
        self.kept = kept;
    }

    /// Stores a draft in a transaction of its own.
    pub(crate) async fn save(&mut self, store: &Store, draft: LogDraft) -> StoreResult<()> {
        let mut tx = store.begin_long().await?;
        draft.write(&mut tx.conn()).await?;
        tx.commit().await?;
        self.adopt(draft);
        Ok(())
    }

    /// Adds a warning, once.
    pub(crate) fn warn(&mut self, warning: impl Into<String>) {
        add_warning(&mut self.log.warnings, &mut self.dropped_warnings, shortened(warning.into()));
    }
}

impl LogDraft {
    /// Adds an entry, unless entries that matter more need the room.
    pub(crate) fn add(&mut self, mut entry: SyncEntry) {
        let rank = Rank::of(&entry);
        let admitted = self.kept.admit(rank, MAX_ENTRIES);
        let lost = match &admitted {
            None => Some(rank),
            Some((_, removed)) => removed.map(|(rank, _)| rank),
        };
        if let Some(rank) = lost {
            self.log.entries_truncated = true;
            let omitted = &mut self.log.omitted;
            match rank {
                Rank::Failed => omitted.failed += 1,
                Rank::Skipped => omitted.skipped += 1,
                Rank::Changed => omitted.changed += 1,
            }
        }
        let Some((position, removed)) = admitted else { return };
        match removed {
            Some((_, removed)) if removed < self.first => self.removed.push(removed),
            Some((_, removed)) => self.entries.retain(|(position, _)| *position != removed),
            None => {}
        }
        entry.dn = shortened(entry.dn);
        entry.external_id = entry.external_id.map(shortened);
        entry.username = entry.username.map(shortened);
        entry.message = entry.message.map(shortened);
        self.entries.push((position, entry));
    }

    /// Stores counts and entries in the transaction that they belong to.
    pub(crate) async fn write(&self, conn: &mut Conn<'_>) -> StoreResult<()> {
        let id: SyncLogId = self.log.id;
        rows::delete_entries(conn, id, &self.removed).await?;
        rows::insert_entries(conn, id, &self.entries).await?;
        rows::update_progress(conn, &self.log).await
    }
}
