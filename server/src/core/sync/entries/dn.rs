//! Distinguished names as they are stored.

use vestibule_app::domain::sync::{EntryCode, Fault};

/// The longest distinguished name that is stored, in characters. Members are found by whole names, so none is cut.
const MAX_DN: usize = 8000;

/// Rejects a distinguished name that is too long to store.
pub(crate) fn check_dn(dn: &str) -> Result<(), Fault> {
    if dn.len() <= MAX_DN || dn.chars().nth(MAX_DN).is_none() {
        return Ok(());
    }
    let message =
        format!("The distinguished name has more than {MAX_DN} characters. Move the entry nearer to the root.");
    Err(Fault::new(EntryCode::DnTooLong, message))
}

/// A distinguished name as it is stored.
pub(crate) fn stored_dn(dn: &str) -> String {
    let dn = if dn.contains('\0') { dn.replace('\0', "\u{fffd}") } else { dn.to_owned() };
    match dn.char_indices().nth(MAX_DN) {
        Some((end, _)) => format!("{}…", &dn[..end]),
        None => dn,
    }
}
