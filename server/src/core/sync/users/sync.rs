//! The order of the work on users.

use std::{collections::HashSet, sync::Arc};

use vestibule_app::domain::{
    provider::{MemberFormat, SyncPolicy},
    sync::{Plan, Policy, SyncMode},
};

use super::{
    super::{
        effects::GroupEffects,
        entries::{Changes, EntryReader, EntrySearches, fingerprint},
        error::RunError,
        held::HeldProvider,
        journal::Journal,
        limits::RunLimits,
    },
    batch::{BatchStore, Pass},
    coverage::Coverage,
    deferred::DeferredEntries,
    intake::{Intake, Portion},
    left_out::LeftOuts,
    lookup::EntryRules,
    record::UserRecord,
    unidentified::log_unidentified,
    vanished::{VanishedRules, VanishedUsers},
    writer::WriteRules,
};
use crate::protocol::ldap::Directory;

/// The settings that the work on users depends on.
pub(crate) struct UserSettings<'a> {
    /// Whether unknown entries become users.
    pub(crate) creates: bool,
    pub(crate) policy: &'a SyncPolicy,
    /// How groups list users, where groups are read.
    pub(crate) listed_by: Option<MemberFormat>,
    /// How many missing users an administrator has confirmed.
    pub(crate) confirmed_vanished: Option<u64>,
    pub(crate) reader: &'a Arc<EntryReader>,
    pub(crate) searches: &'a EntrySearches,
}

/// The users of a run.
pub(crate) struct UserSync<'a> {
    held: &'a HeldProvider,
    limits: &'a RunLimits,
    reader: &'a Arc<EntryReader>,
    searches: &'a EntrySearches,
    policy: Policy,
    record: UserRecord<'a>,
    coverage: Coverage,
    left_out: LeftOuts,
    batches: BatchStore<'a>,
    vanished: VanishedUsers<'a>,
}

impl<'a> UserSync<'a> {
    /// `linked` is the number of users that the directory had before.
    pub(crate) fn new(
        held: &'a HeldProvider,
        limits: &'a RunLimits,
        settings: UserSettings<'a>,
        journal: &'a mut Journal,
        linked: u64,
    ) -> Self {
        let UserSettings { creates, policy: sync, listed_by, confirmed_vanished, reader, searches } = settings;
        let SyncPolicy { missing_users, link_existing, reactivate, trust_email, .. } = *sync;
        let policy = Policy { creates, reactivate, link_existing };
        let vanished = VanishedRules {
            missing_users,
            link_existing,
            limit_percent: sync.max_deactivation_percent,
            confirmed: confirmed_vanished,
        };
        Self {
            held,
            limits,
            reader,
            searches,
            policy,
            record: UserRecord::new(journal),
            coverage: Coverage::new(linked),
            left_out: LeftOuts::default(),
            batches: BatchStore::new(
                held,
                limits,
                EntryRules { policy, missing_users },
                WriteRules { link_existing, reactivate, trust_email, listed_by },
            ),
            vanished: VanishedUsers::new(held, limits, vanished),
        }
    }

    /// Reads the users that the plan asks for, and stores what changed.
    pub(crate) async fn read(&mut self, mut directory: Directory, plan: &Plan) -> Result<Directory, RunError> {
        let changes = Changes::of(plan);
        let disabled = self.read_disabled(&mut directory, changes.as_ref()).await?;
        let query = self.searches.users(changes.as_ref());
        let mut intake = Intake::start(self.reader.clone(), self.limits.clone(), disabled, directory, query);
        while let Some(portion) = intake.next().await {
            self.store_portion(portion).await?;
        }
        let (directory, seen) = intake.finish().await?;
        let is_full = plan.mode() == SyncMode::Full;
        self.coverage.finish(seen, is_full);
        let deferred = DeferredEntries::new(self.batches.take_deferred(), self.policy);
        if is_full {
            // Before any of the vanished users is taken over by an entry that was deferred.
            let lookup = self.batches.lookup(&self.coverage);
            let evidence = self.vanished.gather_evidence(&self.coverage, &self.record, &deferred, lookup).await?;
            self.coverage.set_evidence(evidence);
        }
        deferred.store(self.limits, &mut self.batches, &mut self.record, &self.coverage).await?;
        for warning in self.left_out.warnings() {
            self.record.warn(warning);
        }
        Ok(directory)
    }

    /// Deactivates or deletes users that were not seen, unless the safeguard keeps them. Called only after every page of
    /// users has arrived.
    pub(crate) async fn judge_vanished(&mut self, mode: SyncMode) -> Result<(), RunError> {
        self.vanished.judge(&self.coverage, &mut self.record, mode).await
    }

    /// What the changes mean for groups, and the filter values of entries that the next run processes again.
    pub(crate) fn finish(self) -> (GroupEffects, Vec<String>) {
        (self.record.into_effects(), self.batches.into_next_run())
    }

    /// Fingerprints of the users that are switched off in the directory. Returns `None` when the settings do not say
    /// which those are.
    async fn read_disabled(
        &self,
        directory: &mut Directory,
        changes: Option<&Changes<'_>>,
    ) -> Result<Option<HashSet<u128>>, RunError> {
        let Some(query) = self.searches.disabled_users(changes) else { return Ok(None) };
        let mut disabled = HashSet::new();
        let mut entries = self.limits.wait(directory.search(query)).await?;
        while let Some(entry) = self.limits.wait(entries.next()).await? {
            if let Ok((id, _)) = self.reader.external_id(&entry) {
                disabled.insert(fingerprint(&id));
            }
            self.limits.check_count(disabled.len())?;
        }
        Ok(Some(disabled))
    }

    async fn store_portion(&mut self, portion: Portion) -> Result<(), RunError> {
        let Portion { users, faults } = portion;
        if !users.is_empty() {
            self.limits.check()?;
        }
        users.iter().for_each(|user| self.left_out.add(user));
        self.batches.store(&mut self.record, &self.coverage, users, Pass::First).await?;
        // After the users, so that the other entry of a shared identifier is stored.
        for entry in faults {
            log_unidentified(self.held, &mut self.record, entry).await?;
        }
        Ok(())
    }
}
