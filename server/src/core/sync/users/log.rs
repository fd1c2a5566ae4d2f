//! What the log says about users.

use vestibule_app::domain::{
    sync::{EntryAction, EntryCode, EntryObject, LeftOut, LinkState, SyncEntry, explain_taken_unnamed},
    user::Profile,
};

use super::super::{
    entries::{SeenUser, stored_dn},
    journal::{log_entry, remarked},
};
use crate::store::directories::StoredLink;

pub(super) fn user_entry(entry: &SeenUser, action: EntryAction) -> SyncEntry {
    let username = entry.profile.as_ref().ok().map(|profile| profile.username.as_str());
    log_entry(EntryObject::User, action, &entry.external_id, &entry.dn, username)
}

/// An entry that was used, with the values that were not.
pub(super) fn used(logged: SyncEntry, entry: &SeenUser) -> SyncEntry {
    let remarks = remarks(entry);
    if remarks.is_empty() {
        return logged;
    }
    remarked(logged, EntryCode::ValuesLeftOut, remarks.join(" "))
}

/// An entry that took over the user of another one.
pub(super) fn taken_over(logged: SyncEntry, entry: &SeenUser, former_dn: &str) -> SyncEntry {
    let mut sentences = vec![format!("The entry takes over the user of {former_dn}, which was no longer found.")];
    sentences.extend(remarks(entry));
    remarked(logged, EntryCode::TakenOver, sentences.join(" "))
}

/// The fields in which an entry differs from what is stored.
pub(super) fn changed_fields(link: &StoredLink, entry: &SeenUser, profile: &Profile) -> Vec<String> {
    let mut fields = link.user.profile.changed_fields(profile);
    if link.dn != stored_dn(&entry.dn) {
        fields.push("dn".to_owned());
    }
    if link.state != LinkState::Present {
        fields.push("state".to_owned());
    }
    fields
}

/// What was not used of an entry, in sentences.
fn remarks(entry: &SeenUser) -> Vec<String> {
    entry.left_out.iter().map(LeftOut::explain).chain(entry.note.clone()).collect()
}

/// A reason in a sentence that says what to do.
pub(super) const fn explain(code: EntryCode) -> &'static str {
    match code {
        EntryCode::UsernameTaken | EntryCode::EmailTaken => explain_taken_unnamed(code),
        EntryCode::CreationOff => "The user is unknown, and the provider creates none (auto_create_users).",
        EntryCode::NotStored => "The database refused the entry. The server's log says why.",
        _ => code.label(),
    }
}
