//! Groups of the directory, who is in them, and the groups of tenants that mappings make of them.
//!
//! Groups are read completely in every run: that a user joined one changes the group's entry and not the user's, and
//! what Active Directory says of it at the user (`memberOf`) changes no time stamp. Who the members are is worked out
//! only where a group's entry changed, or somebody came, went or moved since that was done last.

use std::collections::{BTreeSet, HashMap, HashSet};

use vestibule_app::{
    domain::{
        direction::{changes_direction, without_direction_changes},
        group::GroupMapping,
        id::{DirectoryGroupId, GroupId, UserId},
        ldap::fold_dn,
        provider::MemberFormat,
        sync::{EntryAction, EntryCode, EntryObject, Fault, MemberCounts, is_member, resolve},
        words::counted,
    },
    service::TenantRef,
};

use super::{
    journal::{Draft, refused, remarked, told},
    lease::Stop,
    read::{Digest, check_dn, content_hash, fingerprint, stored_dn},
    run::{End, PORTION, Run},
};
use crate::{
    core::{error_chain, new_uuid},
    protocol::ldap::{Directory, Entry},
    store::{
        Conn, Lock,
        directories::{self, MemberKey, StoredGroup},
        group_mappings, syncs as rows, tenants,
    },
};

/// How many groups share a transaction.
const BATCH: usize = 100;

/// The length of a hash as text.
const HASH: usize = 32;

/// In which way members are worked out of entries; another number when that changes, so that every group is looked at
/// once more.
const WAY: u8 = 3;

/// The longest name of a group, in characters.
const MAX_NAME: usize = 255;

/// A group as it was read.
struct SeenGroup {
    external_id: String,
    dn: String,
    name: String,
    /// Whether characters that change the direction of text were removed from its name.
    has_odd_name: bool,
    key: u128,
    /// A hash of the entry and of the settings that say what it means.
    entry: String,
    /// Whether its members are the ones that are stored.
    is_same: bool,
    /// What was not used of it, and why.
    remarks: Vec<(EntryCode, String)>,
}

/// Everything that was read of groups.
#[derive(Default)]
struct Read {
    groups: Vec<SeenGroup>,
    /// Fingerprints of what groups call their members, of the groups whose members have to be worked out.
    members: HashMap<u128, Vec<u128>>,
    /// Whether an entry was seen that told nothing that identifies it.
    has_unidentified: bool,
    /// How the groups list their members.
    counts: MemberCounts,
}

/// A group with the users who are in it.
struct Resolved {
    group: StoredGroup,
    members: Vec<UserId>,
    change: Change,
    remarks: Vec<(EntryCode, String)>,
}

/// What is to be written of a group.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    New,
    Changed,
    /// The entry changed, and nothing follows from it.
    Entry,
}

impl Run {
    /// Reads all groups and writes what changed; forgets groups when they are not read any more.
    pub(super) async fn sync_groups(&mut self, directory: &mut Directory) -> Result<(), End> {
        if !self.config.groups.enabled {
            return self.forget_groups().await;
        }
        let (stored, is_stale) = self.stored_groups().await?;
        let read = self.read_groups(directory, &stored, is_stale).await?;
        let others: Vec<&SeenGroup> = read.groups.iter().filter(|group| !group.is_same).collect();
        self.journal.log.groups.unchanged += (read.groups.len() - others.len()) as u64;
        let groups = &self.config.groups;
        if let Some(warning) = read.counts.explain(&groups.member_attribute, groups.member_format) {
            self.journal.warn(warning);
        }
        let is_cut = |group: &&SeenGroup| group.remarks.iter().any(|(code, _)| *code == EntryCode::ValuesLeftOut);
        if let Some(first) = read.groups.iter().find(is_cut) {
            let cut = counted(read.groups.iter().filter(is_cut).count() as u64, "group");
            self.journal.warn(format!(
                "Names of more than {MAX_NAME} characters were cut at {cut}, the first of them {}. Name such groups by \
                 distinguished name or identifier in mappings.",
                first.dn
            ));
        }
        if !others.is_empty() {
            let users = self.users_by_key().await?;
            self.warn_of_strangers(&read, &users);
            // Who is in a group is kept in memory for these groups alone.
            for some in others.chunks(BATCH) {
                let changed = self.compare(some, &read.members, &stored, &users).await?;
                self.patience.check()?;
                self.write_groups(&changed).await?;
            }
        }
        let seen: HashSet<&str> = read.groups.iter().map(|group| group.external_id.as_str()).collect();
        let gone: Vec<_> = stored.values().filter(|group| !seen.contains(group.external_id.as_str())).collect();
        if gone.is_empty() {
            // Nothing vanished.
        } else if read.groups.is_empty() {
            self.journal.warn("The directory answered no group at all, so none was removed.");
        } else if read.has_unidentified {
            self.journal.warn("Groups without an identifier were seen, so none was removed.");
        } else {
            self.remove_groups(&gone).await?;
        }
        self.warn_of_odd_names(&read.groups);
        self.apply_mappings().await
    }

    /// Says of which groups the name was changed.
    fn warn_of_odd_names(&mut self, groups: &[SeenGroup]) {
        let mut odd = groups.iter().filter(|group| group.has_odd_name);
        let Some(first) = odd.next() else { return };
        self.journal.warn(format!(
            "Characters that change the direction of text were removed from the names of {}, the first of them {}.",
            counted(1 + odd.count() as u64, "group"),
            without_direction_changes(&first.dn)
        ));
    }

    /// Says so when groups list members and none of them is known.
    fn warn_of_strangers(&mut self, read: &Read, users: &HashMap<u128, UserId>) {
        let is_known = |key: &u128| users.contains_key(key) || read.members.contains_key(key);
        let is_whole = read.groups.iter().all(|group| !group.is_same);
        let named = read.counts.listed - read.counts.unread;
        if is_whole && named > 0 && !users.is_empty() && !read.members.values().flatten().any(is_known) {
            let attribute = &self.config.groups.member_attribute;
            self.journal.warn(format!(
                "None of the members that groups list in {attribute} is a user or a group that was found ({} in {}), so \
                 nobody is in a group. Check the search base and filter of users, username_attribute, and \
                 group_member_format.",
                counted(named, "member"),
                counted(read.counts.groups, "group")
            ));
        }
    }

    /// The groups by identifier, and whether somebody came, went or moved since their members were worked out.
    async fn stored_groups(&self) -> Result<(HashMap<String, StoredGroup>, bool), End> {
        let mut connection = self.core.store.read_long().await?;
        let conn = &mut connection.conn();
        let groups = directories::list_groups(conn, self.provider.id).await?;
        // By user name, a user may be meant whom another directory has renamed.
        let is_stale = self.config.groups.member_format == MemberFormat::Username
            || !self.planned.is_empty()
            || !self.gone.is_empty()
            || rows::are_members_stale(conn, self.provider.id).await?;
        Ok((groups.into_iter().map(|group| (group.external_id.clone(), group)).collect(), is_stale))
    }

    async fn read_groups(
        &mut self,
        directory: &mut Directory,
        stored: &HashMap<String, StoredGroup>,
        is_stale: bool,
    ) -> Result<Read, End> {
        let mut read = Read::default();
        let mut ids: HashMap<String, usize> = HashMap::new();
        let mut entries = self.patience.wait(directory.search(self.reader.groups())).await?;
        let mut faults = Vec::new();
        let mut count = 0;
        while let Some(entry) = self.patience.wait(entries.next()).await? {
            count += 1;
            self.patience.limit(count)?;
            match self.read_group(&entry) {
                Ok(mut group) => {
                    if let Some(first) = ids.get(&group.external_id).and_then(|first| read.groups.get(*first)) {
                        let message = format!(
                            "The group {} has the same {}, {}, which must identify one for good. Choose an attribute that \
                             no two entries share (external_id_attribute).",
                            first.dn,
                            self.reader.identifier(),
                            group.external_id
                        );
                        let fault = Fault::new(EntryCode::DuplicateExternalId, message);
                        faults.push((group.external_id, entry.dn, fault));
                        continue;
                    }
                    ids.insert(group.external_id.clone(), read.groups.len());
                    let counts = self.count_members(&entry);
                    read.counts.add(counts);
                    if let Some(remark) = self.unread_members(counts) {
                        group.remarks.push((EntryCode::MembersNotRead, remark));
                    }
                    let before = stored.get(&group.external_id);
                    group.is_same = !is_stale && before.is_some_and(|before| entry_hash(before) == group.entry);
                    if !group.is_same || self.is_nested() {
                        read.members.insert(group.key, self.member_keys(&entry).await);
                    }
                    read.groups.push(group);
                    if count % PORTION == 0 {
                        tokio::task::yield_now().await;
                    }
                }
                Err(fault) => {
                    // A group that is there and has no name is not one that is gone.
                    read.has_unidentified = true;
                    faults.push((String::new(), entry.dn, fault));
                }
            }
        }
        // Any group may hold one that changed, or one that is gone.
        if self.is_nested() && (stored.len() != read.groups.len() || read.groups.iter().any(|group| !group.is_same)) {
            read.groups.iter_mut().for_each(|group| group.is_same = false);
        }
        let mut draft = self.journal.draft();
        draft.log.groups.seen += read.groups.len() as u64 + faults.len() as u64;
        for (id, dn, fault) in faults {
            draft.log.groups.failed += 1;
            let told = told(EntryObject::Group, EntryAction::Failed, &id, &dn, None);
            draft.note(refused(told, fault.code, fault.message));
        }
        self.keep(draft).await?;
        Ok(read)
    }

    fn read_group(&self, entry: &Entry) -> Result<SeenGroup, Fault> {
        let (external_id, _) = self.reader.external_id(entry)?;
        check_dn(&entry.dn)?;
        let attribute = &self.config.groups.name_attribute;
        let name = entry.texts(attribute).find(|name| !without_direction_changes(name).trim().is_empty());
        let Some(name) = name else {
            let message = format!(
                "The group has no {attribute} that is text. Give it one, or choose another group_name_attribute."
            );
            return Err(Fault::new(EntryCode::MissingName, message));
        };
        let has_odd_name = name.contains(changes_direction);
        let (name, remarks) = kept_name(without_direction_changes(name).trim());
        let groups = &self.config.groups;
        let mut digest = Digest::new();
        digest.add(&[WAY, u8::from(groups.nested), u8::from(groups.member_format == MemberFormat::Dn)]);
        digest.add(entry.dn.as_bytes());
        digest.add(name.as_bytes());
        entry.values(&groups.member_attribute).for_each(|value| digest.add(value));
        Ok(SeenGroup {
            external_id,
            dn: stored_dn(&entry.dn),
            has_odd_name,
            name,
            key: fingerprint(&fold_dn(&entry.dn)),
            entry: digest.text(),
            is_same: false,
            remarks,
        })
    }

    /// How a group lists its members.
    fn count_members(&self, entry: &Entry) -> MemberCounts {
        let groups = &self.config.groups;
        MemberCounts::of_group(entry.values(&groups.member_attribute), groups.member_format)
    }

    /// The remark for a group whose members cannot all be read.
    fn unread_members(&self, counts: MemberCounts) -> Option<String> {
        let groups = &self.config.groups;
        counts.explain(&groups.member_attribute, groups.member_format).filter(|_| counts.unread > 0)
    }

    fn is_nested(&self) -> bool {
        self.config.groups.nested && self.config.groups.member_format == MemberFormat::Dn
    }

    /// Fingerprints of what a group calls its members.
    async fn member_keys(&self, entry: &Entry) -> Vec<u128> {
        let groups = &self.config.groups;
        let mut keys = Vec::new();
        for value in entry.values(&groups.member_attribute) {
            let Some(value) = std::str::from_utf8(value).ok().filter(|_| is_member(value, groups.member_format)) else {
                continue;
            };
            keys.push(match groups.member_format {
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

    /// Which of some groups are new or changed, with their members. Counts those that are as they were.
    async fn compare(
        &mut self,
        groups: &[&SeenGroup],
        called: &HashMap<u128, Vec<u128>>,
        stored: &HashMap<String, StoredGroup>,
        users: &HashMap<u128, UserId>,
    ) -> Result<Vec<Resolved>, End> {
        let is_nested = self.is_nested();
        let mut changed = Vec::new();
        for (done, group) in groups.iter().enumerate() {
            if done % 8 == 0 {
                self.patience.check()?;
                // Groups that hold many others take a while, and others of this thread have work too.
                tokio::task::yield_now().await;
            }
            let keys: HashSet<u128> = if is_nested {
                resolve(group.key, called)
            } else {
                called.get(&group.key).into_iter().flatten().copied().collect()
            };
            let members: BTreeSet<UserId> = keys.iter().filter_map(|key| users.get(key)).copied().collect();
            let mut text = format!("{}\n{}\n", group.name, group.dn);
            for member in &members {
                text.push_str(&member.0.simple().to_string());
            }
            let content = format!("{}{}", group.entry, content_hash(&text));
            let before = stored.get(&group.external_id);
            if before.is_some_and(|before| before.content == content) {
                self.journal.log.groups.unchanged += 1;
                continue;
            }
            let change = match before {
                None => Change::New,
                Some(before) if members_hash(&before.content) == members_hash(&content) => Change::Entry,
                Some(_) => Change::Changed,
            };
            let id = before.map_or_else(|| DirectoryGroupId(new_uuid()), |before| before.id);
            let SeenGroup { external_id, dn, name, remarks, .. } = group;
            let (external_id, dn, name, remarks) = (external_id.clone(), dn.clone(), name.clone(), remarks.clone());
            changed.push(Resolved {
                group: StoredGroup { id, external_id, dn, name, content },
                members: members.into_iter().collect(),
                change,
                remarks,
            });
        }
        Ok(changed)
    }

    /// The users that are there, by what groups call them. In a dry run, those that a run would know then.
    async fn users_by_key(&self) -> Result<HashMap<u128, UserId>, End> {
        let mut users = HashMap::new();
        let mut read = self.core.store.read_long().await?;
        let told = |row: MemberKey| {
            let has_moved = |id: u128| self.planned.contains_key(&id) || self.gone.contains(&id);
            if self.planned.is_empty() && self.gone.is_empty() || !has_moved(fingerprint(&row.external_id)) {
                users.insert(self.member_key(&row.dn, &row.username_folded), UserId(row.user_id));
            }
        };
        directories::each_member(&mut read.conn(), self.provider.id, told).await?;
        users.extend(self.planned.values().copied());
        Ok(users)
    }

    /// A fingerprint of what groups call a user.
    pub(super) fn member_key(&self, dn: &str, folded_username: &str) -> u128 {
        match self.config.groups.member_format {
            MemberFormat::Dn => fingerprint(&fold_dn(dn)),
            MemberFormat::Username => fingerprint(folded_username),
        }
    }

    /// Writes groups; those that the database refuses together are tried one by one.
    async fn write_groups(&mut self, groups: &[Resolved]) -> Result<(), End> {
        if groups.is_empty() {
            return Ok(());
        }
        match self.put_groups(groups).await {
            Err(End::Store(error)) if !error.is_unavailable() => {
                tracing::debug!(error = %error_chain(&error), "groups of a synchronisation are repeated one by one");
                for group in groups {
                    match self.put_groups(std::slice::from_ref(group)).await {
                        Err(End::Store(error)) if !error.is_unavailable() => {
                            let mut draft = self.journal.draft();
                            draft.log.groups.failed += 1;
                            let told = of(&group.group, EntryAction::Failed);
                            let message = "The database refused the group. The server's log says why.";
                            draft.note(refused(told, EntryCode::NotStored, message));
                            tracing::warn!(error = %error_chain(&error), "a group could not be stored");
                            self.keep(draft).await?;
                        }
                        done => done?,
                    }
                }
                Ok(())
            }
            done => done,
        }
    }

    async fn put_groups(&mut self, groups: &[Resolved]) -> Result<(), End> {
        let now = self.core.clock.now();
        let mut draft = self.journal.draft();
        let mut tx = self.core.store.begin_long().await?;
        let conn = &mut tx.conn();
        self.hold(conn).await?;
        // Members of many groups share statements.
        let (mut joining, mut leaving) = (Vec::new(), Vec::new());
        for Resolved { group, members, change, remarks } in groups {
            if self.writes() {
                directories::put_group(conn, self.provider.id, group, now).await?;
            }
            if *change == Change::Entry {
                draft.log.groups.unchanged += 1;
                continue;
            }
            let before: HashSet<UserId> = match change {
                Change::New => HashSet::new(),
                _ => directories::members_of(conn, group.id).await?.into_iter().collect(),
            };
            let kept: HashSet<UserId> = members.iter().copied().collect();
            let (joined, left) = (joining.len(), leaving.len());
            joining.extend(members.iter().filter(|user| !before.contains(user)).map(|user| (group.id, *user)));
            leaving.extend(before.iter().filter(|user| !kept.contains(user)).map(|user| (group.id, *user)));
            let (added, removed) = ((joining.len() - joined) as u64, (leaving.len() - left) as u64);
            let removed = removed + self.left_with_users.get(&group.id).copied().unwrap_or_default();
            draft.log.memberships.added += added;
            draft.log.memberships.removed += removed;
            let action = if *change == Change::New {
                draft.log.groups.created += 1;
                EntryAction::Created
            } else {
                draft.log.groups.updated += 1;
                EntryAction::Updated
            };
            let mut note = of(group, action);
            if added + removed > 0 {
                note.changed_fields.push("members".to_owned());
            }
            if let Some((code, _)) = remarks.last() {
                let told: Vec<&str> = remarks.iter().map(|(_, remark)| remark.as_str()).collect();
                note = remarked(note, *code, told.join(" "));
            }
            draft.note(note);
        }
        if self.writes() {
            directories::add_members(conn, &joining).await?;
            directories::remove_members(conn, &leaving).await?;
        }
        draft.write(conn).await?;
        tx.commit().await?;
        self.journal.adopt(draft);
        Ok(())
    }

    async fn remove_groups(&mut self, gone: &[&StoredGroup]) -> Result<(), End> {
        for some in gone.chunks(BATCH) {
            self.patience.check()?;
            self.remove_some(some).await?;
        }
        Ok(())
    }

    async fn remove_some(&mut self, gone: &[&StoredGroup]) -> Result<(), End> {
        let mut draft = self.journal.draft();
        let mut tx = self.core.store.begin_long().await?;
        let conn = &mut tx.conn();
        self.hold(conn).await?;
        for group in gone {
            draft.log.groups.removed += 1;
            draft.log.memberships.removed += directories::members_of(conn, group.id).await?.len() as u64;
            draft.log.memberships.removed += self.left_with_users.get(&group.id).copied().unwrap_or_default();
            draft.note(of(group, EntryAction::Deleted));
            if self.writes() {
                directories::delete_group(conn, group.id).await?;
            }
        }
        draft.write(conn).await?;
        tx.commit().await?;
        self.journal.adopt(draft);
        Ok(())
    }

    /// Groups that are not read any more would say for good what once was true.
    async fn forget_groups(&mut self) -> Result<(), End> {
        let stored = {
            let mut read = self.core.store.read_long().await?;
            directories::list_groups(&mut read.conn(), self.provider.id).await?
        };
        if stored.is_empty() {
            return Ok(());
        }
        self.remove_groups(&stored.iter().collect::<Vec<_>>()).await?;
        self.apply_mappings().await
    }

    /// Makes the groups of the users' tenant hold whom the directory's groups give them. Members are worked out by then.
    async fn apply_mappings(&self) -> Result<(), End> {
        if !self.writes() {
            return Ok(());
        }
        let mut tx = self.core.store.begin_long().await?;
        let conn = &mut tx.conn();
        self.hold(conn).await?;
        let mappings = group_mappings::list(conn, self.tenant, self.provider.id).await?;
        let groups = directories::list_groups(conn, self.provider.id).await?;
        let meant = Meant::of(if mappings.is_empty() { &[] } else { &groups });
        let pairs: Vec<(DirectoryGroupId, GroupId)> = mappings
            .iter()
            .filter_map(|mapping| Some((mapping, mapping.internal_group_id.parse::<GroupId>().ok()?)))
            .flat_map(|(mapping, to)| meant.by(mapping).into_iter().map(move |from| (from, to)))
            .collect();
        directories::apply_mappings(conn, self.provider.id, self.tenant, &pairs).await?;
        rows::set_members_stale(conn, self.provider.id, false).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Keeps tenant and provider for the transaction, in the order that everybody locks them in, or ends the run.
    pub(super) async fn hold(&self, conn: &mut Conn<'_>) -> Result<(), End> {
        let tenant = TenantRef::Id(self.tenant);
        if tenants::find_locked(conn, &tenant, Lock::Shared).await?.is_none() {
            return Err(Stop::ProviderGone.into());
        }
        directories::prefer_indexes(conn).await?;
        let lease = rows::renew(conn, self.provider.id, self.id(), self.lease_end()).await?;
        Stop::of(lease).map_or(Ok(()), |stop| Err(stop.into()))
    }

    /// Writes what is to tell, in a transaction of its own.
    pub(super) async fn keep(&mut self, draft: Draft) -> Result<(), End> {
        let mut tx = self.core.store.begin_long().await?;
        draft.write(&mut tx.conn()).await?;
        tx.commit().await?;
        self.journal.adopt(draft);
        Ok(())
    }
}

/// Which groups a mapping means: by distinguished name, identifier or name.
struct Meant {
    by_name: Index,
    by_id: Index,
    by_dn: Index,
}

/// Groups by a text, which several may share.
type Index = HashMap<String, Vec<DirectoryGroupId>>;

impl Meant {
    fn of(groups: &[StoredGroup]) -> Self {
        let index = |text: fn(&StoredGroup) -> String| {
            let mut index = Index::new();
            groups.iter().for_each(|group| index.entry(text(group)).or_default().push(group.id));
            index
        };
        Self {
            by_name: index(|group| group.name.clone()),
            by_id: index(|group| group.external_id.to_ascii_lowercase()),
            by_dn: index(|group| fold_dn(&group.dn)),
        }
    }

    fn by(&self, mapping: &GroupMapping) -> BTreeSet<DirectoryGroupId> {
        let text = mapping.external_group_id.trim();
        let by_dn = if text.contains('=') { self.by_dn.get(&fold_dn(text)) } else { None };
        let found = [self.by_name.get(text), self.by_id.get(&text.to_ascii_lowercase()), by_dn];
        found.into_iter().flatten().flatten().copied().collect()
    }
}

/// A group's name as it is kept, and the remark when that is not all of it.
fn kept_name(name: &str) -> (String, Vec<(EntryCode, String)>) {
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

/// The part of what is stored that is a hash of the entry.
fn entry_hash(stored: &StoredGroup) -> &str {
    stored.content.get(..HASH).unwrap_or_default()
}

/// The part of a content that is a hash of name, place and members.
fn members_hash(content: &str) -> &str {
    content.get(HASH..).unwrap_or_default()
}

fn of(group: &StoredGroup, action: EntryAction) -> vestibule_app::domain::sync::SyncEntry {
    told(EntryObject::Group, action, &group.external_id, &group.dn, Some(&group.name))
}
