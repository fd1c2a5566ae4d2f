//! The log of a run while it is written.

use vestibule_app::domain::{
    id::SyncLogId,
    sync::{EntryAction, EntryCode, EntryObject, SyncEntry, SyncLog},
    words::counted,
};

use crate::store::{Conn, StoreResult, syncs as rows};

/// How many entries of a run are kept.
const MAX_ENTRIES: usize = 1000;

/// How many warnings are kept, besides the one that says how many were not.
const MAX_WARNINGS: usize = 50;

/// The longest text of an entry, in characters: it may repeat what a directory answered.
const MAX_TEXT: usize = 1000;

/// The log of a run, and which entries it has.
#[derive(Debug, Clone)]
pub(super) struct Journal {
    pub(super) log: SyncLog,
    kept: Kept,
    /// How many warnings there was no room for.
    dropped_warnings: u64,
}

/// The positions of the entries that are kept, by rank. Of each rank those are kept that came first, and a better rank
/// takes the room of a worse one, so what is kept does not depend on the order of ranks.
#[derive(Debug, Clone, Default)]
struct Kept {
    positions: [Vec<u32>; Rank::COUNT],
    next: u32,
}

/// What is kept first when there is not room for everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Failed,
    Skipped,
    Changed,
}

impl Rank {
    const COUNT: usize = 3;

    fn of(entry: &SyncEntry) -> Self {
        match (entry.action, entry.code) {
            (EntryAction::Failed, _) => Self::Failed,
            (EntryAction::Skipped, _) | (_, Some(_)) => Self::Skipped,
            _ => Self::Changed,
        }
    }
}

impl Kept {
    fn count(&self) -> usize {
        self.positions.iter().map(Vec::len).sum()
    }

    /// Makes room for one more of a rank. Answers its position and the one that it takes the place of; nothing when there
    /// is no room.
    fn admit(&mut self, rank: Rank, room: usize) -> Option<(u32, Option<(Rank, u32)>)> {
        let mut removed = None;
        if self.count() >= room {
            let worse = [Rank::Changed, Rank::Skipped].into_iter().filter(|worse| *worse > rank);
            removed = worse.filter_map(|worse| Some((worse, self.positions[worse as usize].pop()?))).next();
            removed?;
        }
        let position = self.next;
        self.next += 1;
        self.positions[rank as usize].push(position);
        Some((position, removed))
    }
}

/// What a transaction adds to the log. It counts only once the transaction has succeeded.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) log: SyncLog,
    kept: Kept,
    first: u32,
    entries: Vec<(u32, SyncEntry)>,
    /// Positions of entries that were written before and make room.
    removed: Vec<u32>,
}

impl Journal {
    pub(super) fn new(log: SyncLog) -> Self {
        Self { log, kept: Kept::default(), dropped_warnings: 0 }
    }

    pub(super) fn draft(&self) -> Draft {
        let kept = self.kept.clone();
        Draft { log: self.log.clone(), first: kept.next, kept, entries: Vec::new(), removed: Vec::new() }
    }

    /// Takes over what a transaction that succeeded had to tell.
    pub(super) fn adopt(&mut self, draft: Draft) {
        let Draft { log, kept, .. } = draft;
        self.log = log;
        self.kept = kept;
    }

    /// Adds something that deserves attention, once.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        add_warning(&mut self.log.warnings, &mut self.dropped_warnings, shortened(warning.into()));
    }
}

impl Draft {
    /// Tells what happened to an entry.
    pub(super) fn note(&mut self, mut entry: SyncEntry) {
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

    /// Writes counts and entries.
    pub(super) async fn write(&self, conn: &mut Conn<'_>) -> StoreResult<()> {
        let id: SyncLogId = self.log.id;
        rows::delete_entries(conn, id, &self.removed).await?;
        rows::insert_entries(conn, id, &self.entries).await?;
        rows::progress(conn, &self.log).await
    }
}

/// Keeps a warning, or counts it in the last one when there is no room.
fn add_warning(warnings: &mut Vec<String>, dropped: &mut u64, warning: String) {
    if warnings.contains(&warning) {
        return;
    }
    if warnings.len() < MAX_WARNINGS {
        warnings.push(warning);
        return;
    }
    *dropped += 1;
    warnings.truncate(MAX_WARNINGS);
    warnings.push(format!("{} had no room in this log.", counted(*dropped, "more warning")));
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

/// An entry of the log that was used all the same, and what was not.
pub(super) fn remarked(entry: SyncEntry, code: EntryCode, message: impl Into<String>) -> SyncEntry {
    SyncEntry { code: Some(code), message: Some(message.into()), ..entry }
}

/// A text that can be stored and is not without end.
pub(super) fn shortened(text: String) -> String {
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_take_the_room_of_what_is_less_urgent_in_whatever_order_they_come() {
        const ROOM: usize = 4;
        let kept = |ranks: &[Rank]| {
            let mut kept = Kept::default();
            for rank in ranks {
                kept.admit(*rank, ROOM);
            }
            kept.positions.map(|positions| positions.len())
        };
        use Rank::{Changed, Failed, Skipped};
        assert_eq!(kept(&[Changed; 9]), [0, 0, 4]);
        assert_eq!(kept(&[Changed, Changed, Changed, Changed, Failed, Skipped, Failed]), [2, 1, 1]);
        assert_eq!(kept(&[Failed, Failed, Skipped, Changed, Changed, Changed, Changed]), [2, 1, 1]);
        assert_eq!(kept(&[Skipped, Skipped, Skipped, Skipped, Skipped, Failed, Changed]), [1, 3, 0]);
        assert_eq!(kept(&[Failed; 9]), [4, 0, 0]);
    }

    #[test]
    fn warnings_that_have_no_room_are_counted() {
        let (mut warnings, mut dropped) = (Vec::new(), 0);
        for number in (0..MAX_WARNINGS).chain(0..MAX_WARNINGS) {
            add_warning(&mut warnings, &mut dropped, format!("Warning {number}."));
        }
        assert_eq!((warnings.len(), dropped), (MAX_WARNINGS, 0));
        for (number, last) in
            [(1, "1 more warning had no room in this log."), (2, "2 more warnings had no room in this log.")]
        {
            add_warning(&mut warnings, &mut dropped, format!("Another {number}."));
            assert_eq!((warnings.len(), warnings.last().map(String::as_str)), (MAX_WARNINGS + 1, Some(last)));
        }
        assert_eq!(warnings[MAX_WARNINGS - 1], "Warning 49.");
    }
}
