//! Single entries of the log.

use vestibule_app::domain::sync::{EntryAction, EntryCode, EntryObject, SyncEntry};

/// The longest text of an entry, in characters: it may repeat what a directory answered.
const MAX_TEXT: usize = 1000;

/// An entry of the log without a reason.
pub(crate) fn log_entry(
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

/// The same for an entry that was not used, with the reason.
pub(crate) fn refused(entry: SyncEntry, code: EntryCode, message: impl Into<String>) -> SyncEntry {
    let action = if code.is_policy() { EntryAction::Skipped } else { EntryAction::Failed };
    SyncEntry { action, code: Some(code), message: Some(message.into()), ..entry }
}

/// The same for an entry that was used, with a remark.
pub(crate) fn remarked(entry: SyncEntry, code: EntryCode, message: impl Into<String>) -> SyncEntry {
    SyncEntry { code: Some(code), message: Some(message.into()), ..entry }
}

/// A text that can be stored: without NUL, and cut at 1000 characters.
pub(crate) fn shortened(text: String) -> String {
    let text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    match text.char_indices().nth(MAX_TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
