//! What the run has done to users so far: its log, and what the changes mean for groups.

use vestibule_app::domain::sync::Safeguard;

use super::super::{
    effects::GroupEffects,
    held::HeldProvider,
    journal::{Journal, LogDraft},
};
use crate::store::StoreResult;

pub(super) struct UserRecord<'a> {
    journal: &'a mut Journal,
    effects: GroupEffects,
}

impl<'a> UserRecord<'a> {
    pub(super) fn new(journal: &'a mut Journal) -> Self {
        Self { journal, effects: GroupEffects::default() }
    }

    pub(super) fn draft(&self) -> LogDraft {
        self.journal.draft()
    }

    /// Takes over what a committed transaction did.
    pub(super) fn adopt(&mut self, draft: LogDraft, effects: GroupEffects) {
        self.journal.adopt(draft);
        self.effects.merge(effects);
    }

    /// Stores a draft of the log in a transaction of its own.
    pub(super) async fn save(&mut self, held: &HeldProvider, draft: LogDraft) -> StoreResult<()> {
        held.save(self.journal, draft).await
    }

    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        self.journal.warn(warning);
    }

    pub(super) const fn set_safeguard(&mut self, safeguard: Safeguard) {
        self.journal.log.safeguard = Some(safeguard);
    }

    /// How many entries were stored or logged.
    pub(super) const fn seen(&self) -> u64 {
        self.journal.log.users.seen
    }

    /// Whether the entry with the fingerprint no longer stands for a user.
    pub(super) fn is_detached(&self, fingerprint: u128) -> bool {
        self.effects.is_detached(fingerprint)
    }

    pub(super) fn into_effects(self) -> GroupEffects {
        self.effects
    }
}
