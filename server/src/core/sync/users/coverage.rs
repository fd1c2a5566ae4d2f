//! Which entries of the directory a run has seen, and what that says about the users it has not seen.

use std::collections::HashSet;

use vestibule_app::domain::{
    provider::MissingUsers,
    sync::{Evidence, HolderStatus, Verdict, judge_vanished},
};

use super::super::entries::fingerprint;

/// Fingerprints of the identifiers that were seen.
#[derive(Default)]
pub(super) struct SeenEntries {
    ids: HashSet<u128>,
    /// How many entries had no usable identifier.
    pub(super) unidentified: u64,
}

impl SeenEntries {
    /// Returns false when the identifier was seen before.
    pub(super) fn insert(&mut self, external_id: &str) -> bool {
        self.ids.insert(fingerprint(external_id))
    }
}

pub(super) struct Coverage {
    seen: SeenEntries,
    /// How many users the directory had when the run began.
    linked: u64,
    /// Whether every entry of the directory was seen.
    is_complete: bool,
    /// What a full run knows of users that it did not see, once it has read everything.
    evidence: Option<Evidence>,
}

impl Coverage {
    pub(super) fn new(linked: u64) -> Self {
        Self { seen: SeenEntries::default(), linked, is_complete: false, evidence: None }
    }

    /// Notes what was seen once reading has ended.
    pub(super) fn finish(&mut self, seen: SeenEntries, is_complete: bool) {
        self.seen = seen;
        self.is_complete = is_complete;
    }

    pub(super) const fn set_evidence(&mut self, evidence: Evidence) {
        self.evidence = Some(evidence);
    }

    pub(super) fn contains(&self, fingerprint: u128) -> bool {
        self.seen.ids.contains(&fingerprint)
    }

    pub(super) const fn unidentified(&self) -> u64 {
        self.seen.unidentified
    }

    pub(super) const fn linked(&self) -> u64 {
        self.linked
    }

    pub(super) const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Whether there is evidence that users have vanished.
    pub(super) fn has_vanished(&self) -> bool {
        self.evidence.is_some_and(|evidence| evidence.vanished > 0)
    }

    /// Whether an entry may take over the user that a known entry stands for.
    pub(super) fn status(&self, policy: MissingUsers, external_id: &str) -> HolderStatus {
        if !self.is_complete || self.contains(fingerprint(external_id)) {
            HolderStatus::Linked
        } else if matches!(self.verdict(policy), Some(Verdict::Apply { .. })) {
            HolderStatus::Free
        } else {
            HolderStatus::Guarded
        }
    }

    /// The verdict about users that were not seen. Returns `None` before there is evidence, and in delta runs.
    pub(super) fn verdict(&self, policy: MissingUsers) -> Option<Verdict> {
        let policy = match policy {
            // No user is deactivated, but the safeguard also decides whether they can be taken over.
            MissingUsers::Ignore => MissingUsers::Deactivate,
            policy => policy,
        };
        self.evidence.map(|evidence| judge_vanished(policy, evidence))
    }
}
