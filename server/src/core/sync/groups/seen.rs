//! Groups as the entries of the directory have them.

use std::collections::HashMap;

use vestibule_app::domain::{
    direction::{changes_direction, without_direction_changes},
    ldap::fold_dn,
    provider::{LdapGroups, MemberFormat},
    sync::{EntryCode, Fault, MemberCounts, is_member},
};

use super::super::entries::{Digest, EntryReader, check_dn, fingerprint, stored_dn};
use crate::protocol::ldap::Entry;

/// Part of each entry's hash. Another number when members are resolved in another way, so that every group is stored once
/// more.
const RESOLUTION: u8 = 3;

/// The longest name of a group, in characters.
pub(super) const MAX_NAME: usize = 255;

pub(super) struct SeenGroup {
    pub(super) external_id: String,
    pub(super) dn: String,
    pub(super) name: String,
    /// Whether characters that change the direction of text were removed from its name.
    pub(super) had_directions: bool,
    /// The fingerprint of the distinguished name, by which other groups list it.
    pub(super) key: u128,
    /// A hash of the entry and of the settings that say how it is read.
    pub(super) entry_hash: String,
    /// Whether its members are the ones that are stored.
    pub(super) is_unchanged: bool,
    /// What was not used of it, and why.
    pub(super) remarks: Vec<(EntryCode, String)>,
}

impl SeenGroup {
    pub(super) fn read(entry: &Entry, reader: &EntryReader, settings: &LdapGroups) -> Result<Self, Fault> {
        let (external_id, _) = reader.external_id(entry)?;
        check_dn(&entry.dn)?;
        let attribute = &settings.name_attribute;
        let name = entry.texts(attribute).find(|name| !without_direction_changes(name).trim().is_empty());
        let Some(name) = name else {
            let message = format!(
                "The group has no {attribute} that is text. Give it one, or choose another group_name_attribute."
            );
            return Err(Fault::new(EntryCode::MissingName, message));
        };
        let had_directions = name.contains(changes_direction);
        let (name, remarks) = stored_name(without_direction_changes(name).trim());
        let mut digest = Digest::new();
        digest.add(&[RESOLUTION, u8::from(settings.nested), u8::from(settings.member_format == MemberFormat::Dn)]);
        digest.add(entry.dn.as_bytes());
        digest.add(name.as_bytes());
        entry.values(&settings.member_attribute).for_each(|value| digest.add(value));
        Ok(Self {
            external_id,
            dn: stored_dn(&entry.dn),
            had_directions,
            name,
            key: fingerprint(&fold_dn(&entry.dn)),
            entry_hash: digest.text(),
            is_unchanged: false,
            remarks,
        })
    }

    /// Whether its name was cut.
    pub(super) fn is_cut(&self) -> bool {
        self.remarks.iter().any(|(code, _)| *code == EntryCode::ValuesLeftOut)
    }
}

/// All groups of a run.
#[derive(Default)]
pub(super) struct ReadGroups {
    pub(super) groups: Vec<SeenGroup>,
    /// Fingerprints of the values by which groups list their members, for the groups whose members are resolved.
    pub(super) members: HashMap<u128, Vec<u128>>,
    /// Whether a group had no usable identifier, so that any group may be missing by mistake.
    pub(super) has_unidentified: bool,
    pub(super) counts: MemberCounts,
    /// The places of groups by identifier.
    pub(super) places: HashMap<String, usize>,
    pub(super) faults: Vec<GroupFault>,
}

/// A group that cannot be used.
pub(super) struct GroupFault {
    /// Empty when the group cannot be identified.
    pub(super) external_id: String,
    pub(super) dn: String,
    pub(super) fault: Fault,
}

/// How a group lists its members.
pub(super) fn count_members(entry: &Entry, settings: &LdapGroups) -> MemberCounts {
    MemberCounts::of_group(entry.values(&settings.member_attribute), settings.member_format)
}

/// Fingerprints of the values by which a group lists its members.
pub(super) async fn member_keys(entry: &Entry, settings: &LdapGroups) -> Vec<u128> {
    let format = settings.member_format;
    let mut keys = Vec::new();
    for value in entry.values(&settings.member_attribute) {
        let Some(value) = std::str::from_utf8(value).ok().filter(|_| is_member(value, format)) else { continue };
        keys.push(match format {
            MemberFormat::Dn => fingerprint(&fold_dn(value)),
            MemberFormat::Username => fingerprint(&value.trim().to_lowercase()),
        });
        // A group may have some hundred thousand.
        if keys.len() % 512 == 0 {
            tokio::task::yield_now().await;
        }
    }
    keys
}

/// A group's name as it is stored, with a remark when it was cut.
fn stored_name(name: &str) -> (String, Vec<(EntryCode, String)>) {
    let name = name.replace('\0', "");
    let length = name.chars().count();
    if length <= MAX_NAME {
        return (name, Vec::new());
    }
    let kept: String = name.chars().take(MAX_NAME - 1).chain(std::iter::once('…')).collect();
    let remark = format!(
        "The name has {length} characters, of which the first {} are kept. Name the group by its distinguished name or \
         identifier in mappings.",
        MAX_NAME - 1
    );
    (kept, vec![(EntryCode::ValuesLeftOut, remark)])
}
