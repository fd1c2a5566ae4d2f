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

    pub(super) fn contains(&self, fingerprint: u128) -> bool {
        self.ids.contains(&fingerprint)
    }
}

pub(super) struct Coverage {
    pub(super) seen: SeenEntries,
    /// How many users the directory had when the run began.
    pub(super) linked: u64,
    /// Whether every entry of the directory was seen.
    pub(super) is_complete: bool,
    /// What a full run knows of users that it did not see, once it has read everything.
    pub(super) evidence: Option<Evidence>,
}

impl Coverage {
    pub(super) fn new(linked: u64) -> Self {
        Self { seen: SeenEntries::default(), linked, is_complete: false, evidence: None }
    }

    /// Whether an entry may take over the user that a known entry stands for.
    pub(super) fn status(&self, policy: MissingUsers, external_id: &str) -> HolderStatus {
        if !self.is_complete || self.seen.contains(fingerprint(external_id)) {
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
