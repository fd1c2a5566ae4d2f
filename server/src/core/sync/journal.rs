//! The log of a run while it is written.

use vestibule_app::domain::{
    id::SyncLogId,
    sync::{EntryAction, EntryCode, EntryObject, SyncEntry, SyncLog},
};

use crate::store::{Conn, StoreResult, syncs as rows};

/// How many entries of a run are kept.
const MAX_ENTRIES: u32 = 1000;

/// How many warnings are kept.
const MAX_WARNINGS: usize = 50;

/// The longest text of an entry, in characters: it may repeat what a directory answered.
const MAX_TEXT: usize = 1000;

/// The log of a run, and how many entries it has.
#[derive(Debug, Clone)]
pub(super) struct Journal {
    pub(super) log: SyncLog,
    kept: u32,
}

/// What a transaction adds to the log. It counts only once the transaction has succeeded.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) log: SyncLog,
    first: u32,
    entries: Vec<SyncEntry>,
}

impl Journal {
    pub(super) const fn new(log: SyncLog) -> Self {
        Self { log, kept: 0 }
    }

    pub(super) fn draft(&self) -> Draft {
        Draft { log: self.log.clone(), first: self.kept, entries: Vec::new() }
    }

    /// Takes over what a transaction that succeeded had to tell.
    pub(super) fn adopt(&mut self, draft: Draft) {
        let Draft { log, first, entries } = draft;
        self.log = log;
        self.kept = first + u32::try_from(entries.len()).unwrap_or(MAX_ENTRIES);
    }

    /// Adds something that deserves attention, once.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if self.log.warnings.len() < MAX_WARNINGS && !self.log.warnings.contains(&warning) {
            self.log.warnings.push(warning);
        }
    }
}

impl Draft {
    /// Tells what happened to an entry.
    pub(super) fn note(&mut self, mut entry: SyncEntry) {
        if self.first as usize + self.entries.len() >= MAX_ENTRIES as usize {
            self.log.entries_truncated = true;
            return;
        }
        entry.dn = shortened(entry.dn);
        entry.external_id = entry.external_id.map(shortened);
        entry.username = entry.username.map(shortened);
        self.entries.push(entry);
    }

    /// Writes counts and entries.
    pub(super) async fn write(&self, conn: &mut Conn<'_>) -> StoreResult<()> {
        let id: SyncLogId = self.log.id;
        rows::insert_entries(conn, id, self.first, &self.entries).await?;
        rows::progress(conn, &self.log).await
    }
}

/// An entry of the log without a reason.
pub(super) fn told(
    object: EntryObject,
    action: EntryAction,
    external_id: &str,
    dn: &str,
    username: Option<&str>,
) -> SyncEntry {
    SyncEntry {
        external_id: Some(external_id.to_owned()).filter(|id| !id.is_empty()),
        dn: dn.to_owned(),
        username: username.map(str::to_owned),
        object,
        action,
        changed_fields: Vec::new(),
        code: None,
        message: None,
    }
}

/// An entry of the log that was not used, and why.
pub(super) fn refused(entry: SyncEntry, code: EntryCode, message: impl Into<String>) -> SyncEntry {
    let action = if code.is_policy() { EntryAction::Skipped } else { EntryAction::Failed };
    SyncEntry { action, code: Some(code), message: Some(message.into()), ..entry }
}

/// A text that can be stored and is not without end.
pub(super) fn shortened(text: String) -> String {
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
