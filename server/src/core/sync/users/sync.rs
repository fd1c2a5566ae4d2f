//! What the users of a run need, and the order of the work.

use std::collections::HashSet;

use vestibule_app::domain::sync::{Plan, SyncMode};

use super::{
    super::{
        context::RunContext,
        effects::GroupEffects,
        entries::{Changes, fingerprint},
        error::RunError,
        journal::Journal,
    },
    coverage::Coverage,
    left_out::LeftOuts,
    lookup::Lookup,
    names::NameTable,
    retries::RetryQueue,
};
use crate::protocol::ldap::Directory;

/// The users of a run.
pub(crate) struct UserSync<'a> {
    pub(super) context: &'a RunContext,
    pub(super) journal: &'a mut Journal,
    pub(super) coverage: Coverage,
    /// Names that a dry run would have given and taken. What other runs did is in the database.
    pub(super) planned_names: NameTable,
    pub(super) retries: RetryQueue,
    pub(super) left_out: LeftOuts,
    pub(super) effects: GroupEffects,
}

impl<'a> UserSync<'a> {
    /// `linked` is the number of users that the directory had before.
    pub(crate) fn new(context: &'a RunContext, journal: &'a mut Journal, linked: u64) -> Self {
        Self {
            context,
            journal,
            coverage: Coverage::new(linked),
            planned_names: NameTable::default(),
            retries: RetryQueue::default(),
            left_out: LeftOuts::default(),
            effects: GroupEffects::default(),
        }
    }

    /// Reads the users that the plan asks for, and stores what changed.
    pub(crate) async fn read(&mut self, mut directory: Directory, plan: &Plan) -> Result<Directory, RunError> {
        let changes = Changes::of(plan);
        let disabled = self.read_disabled(&mut directory, changes.as_ref()).await?;
        let query = self.context.searches.users(changes.as_ref());
        let directory = self.take_in(directory, query, disabled).await?;
        self.coverage.is_complete = plan.mode() == SyncMode::Full;
        let deferred = self.retries.take_deferred();
        // Before any of the vanished users is taken over by an entry that was deferred.
        self.gather_evidence(plan.mode(), &deferred).await?;
        self.store_deferred(deferred).await?;
        for warning in self.left_out.warnings() {
            self.journal.warn(warning);
        }
        Ok(directory)
    }

    /// What the changes mean for groups, and the filter values of entries that the next run processes again.
    pub(crate) fn finish(self) -> (GroupEffects, Vec<String>) {
        (self.effects, self.retries.into_next_run())
    }

    /// Fingerprints of the users that are switched off in the directory. Returns `None` when the settings do not say
    /// which those are.
    async fn read_disabled(
        &self,
        directory: &mut Directory,
        changes: Option<&Changes<'_>>,
    ) -> Result<Option<HashSet<u128>>, RunError> {
        let RunContext { reader, searches, limits, .. } = self.context;
        let Some(query) = searches.disabled_users(changes) else { return Ok(None) };
        let mut disabled = HashSet::new();
        let mut entries = limits.wait(directory.search(query)).await?;
        while let Some(entry) = limits.wait(entries.next()).await? {
            if let Ok((id, _)) = reader.external_id(&entry) {
                disabled.insert(fingerprint(&id));
            }
            limits.check_count(disabled.len())?;
        }
        Ok(Some(disabled))
    }

    pub(super) const fn lookup(&self) -> Lookup<'_> {
        Lookup { context: self.context, coverage: &self.coverage, planned_names: &self.planned_names }
    }
}
