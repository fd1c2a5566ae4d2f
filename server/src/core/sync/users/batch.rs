//! A batch of entries in one transaction.

use vestibule_app::domain::sync::{Decision, EntryAction, EntryCode};

use super::{
    super::{
        effects::GroupEffects,
        entries::SeenUser,
        error::RunError,
        held::HeldProvider,
        journal::{LogDraft, refused},
        limits::{RunLimits, YIELD_EVERY},
    },
    coverage::Coverage,
    log::{explain, user_entry},
    lookup::{EntryRules, Lookup},
    names::NameTable,
    record::UserRecord,
    retries::RetryQueue,
    writer::{Change, UserWriter, WriteRules, Written},
};
use crate::{
    core::error_chain,
    store::{StoreError, UniqueKey},
};

/// When in the run an entry is processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pass {
    /// As it is read. An entry whose name is taken is deferred to the end of the run.
    First,
    /// At the end, with others that get each other's names. All of their users release their names first.
    Settled,
    /// At the end, alone.
    Last,
}

/// What a committed transaction changed.
struct BatchOutcome {
    draft: LogDraft,
    names: NameTable,
    effects: GroupEffects,
    deferred: Vec<SeenUser>,
    /// Identifiers, as filters have them, for the next run.
    retry: Vec<String>,
}

/// Stores entries, and remembers those that are processed again.
pub(super) struct BatchStore<'a> {
    held: &'a HeldProvider,
    limits: &'a RunLimits,
    entry_rules: EntryRules,
    write_rules: WriteRules,
    /// Names that a dry run would have given and taken. What other runs did is in the database.
    planned_names: NameTable,
    retries: RetryQueue,
}

impl<'a> BatchStore<'a> {
    pub(super) fn new(
        held: &'a HeldProvider,
        limits: &'a RunLimits,
        entry_rules: EntryRules,
        write_rules: WriteRules,
    ) -> Self {
        let (planned_names, retries) = (NameTable::default(), RetryQueue::default());
        Self { held, limits, entry_rules, write_rules, planned_names, retries }
    }

    pub(super) const fn lookup<'b>(&'b self, coverage: &'b Coverage) -> Lookup<'b> {
        Lookup::new(self.held, self.entry_rules, coverage, &self.planned_names)
    }

    pub(super) fn take_deferred(&mut self) -> Vec<SeenUser> {
        self.retries.take_deferred()
    }

    /// The filter values of entries that the next run processes again.
    pub(super) fn into_next_run(self) -> Vec<String> {
        self.retries.into_next_run()
    }

    /// Stores a batch. When the database refuses it, its entries are stored one by one, so that only the bad one fails.
    pub(super) async fn store(
        &mut self,
        record: &mut UserRecord<'_>,
        coverage: &Coverage,
        batch: Vec<SeenUser>,
        pass: Pass,
    ) -> Result<(), RunError> {
        if batch.is_empty() {
            return Ok(());
        }
        match self.try_store(record, coverage, &batch, pass).await {
            Ok(Some(outcome)) => {
                self.adopt(record, outcome);
                return Ok(());
            }
            Err(RunError::Store(error)) if !error.is_unavailable() => {
                tracing::debug!(error = %error_chain(&error), "a batch of a synchronisation is repeated entry by entry");
            }
            Ok(None) => tracing::debug!("names of a synchronisation were taken meanwhile"),
            Err(error) => return Err(error),
        }
        // Names that were settled together are not settled one by one.
        let pass = if pass == Pass::Settled { Pass::Last } else { pass };
        for entry in &batch {
            self.limits.check()?;
            match self.try_store(record, coverage, std::slice::from_ref(entry), pass).await {
                Ok(outcome) => outcome.into_iter().for_each(|outcome| self.adopt(record, outcome)),
                Err(RunError::Store(error)) if !error.is_unavailable() => {
                    self.log_refused(record, coverage, entry, &error).await?
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Returns `None`, and rolls back, when names that were settled are no longer free.
    async fn try_store(
        &self,
        record: &UserRecord<'_>,
        coverage: &Coverage,
        batch: &[SeenUser],
        pass: Pass,
    ) -> Result<Option<BatchOutcome>, RunError> {
        let (held, lookup) = (self.held, self.lookup(coverage));
        let now = held.now();
        let mut tx = held.begin().await?;
        let conn = &mut tx.conn();
        let known = lookup.links(conn, batch).await?;
        let mut links = lookup.lock_changing(conn, batch, &known).await?;
        let names = lookup.names(conn, batch, &known).await?;
        let mut writer = UserWriter::new(held, self.write_rules, now, names, record.draft());
        if pass == Pass::Settled {
            writer.release_names(conn, batch, &known).await?;
        }
        let (mut deferred, mut retry) = (Vec::new(), Vec::new());
        for (done, entry) in batch.iter().enumerate() {
            if done % YIELD_EVERY == 0 {
                tokio::task::yield_now().await;
            }
            let link = links.remove(&entry.external_id);
            let known = known.get(&entry.external_id);
            let (decision, collisions) = lookup.decide(entry, known, writer.names());
            if pass == Pass::Settled && !gets_names(decision) {
                return Ok(None);
            }
            let mut taken = None;
            if let Decision::Fail(code) = decision
                && code.is_retryable()
            {
                if pass == Pass::First && self.retries.has_room(deferred.len()) {
                    deferred.push(entry.clone());
                    continue;
                }
                retry.push(entry.assertion.clone());
                if let Ok(profile) = &entry.profile {
                    taken = Some(lookup.explain_taken(code, profile, &collisions, known.is_some(), writer.names()));
                }
            }
            writer.apply(conn, Change { entry, link, decision, taken }).await?;
        }
        let Written { draft, names, effects } = writer.finish(conn).await?;
        tx.commit().await?;
        Ok(Some(BatchOutcome { draft, names, effects, deferred, retry }))
    }

    fn adopt(&mut self, record: &mut UserRecord<'_>, outcome: BatchOutcome) {
        let BatchOutcome { draft, names, effects, deferred, retry } = outcome;
        record.adopt(draft, effects);
        self.retries.defer(deferred);
        self.retries.leave_to_next_run(retry);
        // Otherwise they are in the database.
        if !self.held.writes() {
            self.planned_names.extend(names);
        }
    }

    /// Logs an entry that the database refused.
    async fn log_refused(
        &mut self,
        record: &mut UserRecord<'_>,
        coverage: &Coverage,
        entry: &SeenUser,
        error: &StoreError,
    ) -> Result<(), RunError> {
        let code = match error.unique_key() {
            Some(UniqueKey::UserName) => EntryCode::UsernameTaken,
            Some(UniqueKey::UserEmail) => EntryCode::EmailTaken,
            _ => {
                let provider = self.held.provider();
                tracing::warn!(error = %error_chain(error), %provider, "an entry could not be stored");
                EntryCode::NotStored
            }
        };
        let message = self.explain_refusal(coverage, entry, code).await?;
        let mut draft = record.draft();
        draft.log.users.seen += 1;
        draft.log.users.failed += 1;
        draft.add(refused(user_entry(entry, EntryAction::Failed), code, message));
        record.save(self.held, draft).await?;
        self.retries.leave_to_next_run(vec![entry.assertion.clone()]);
        Ok(())
    }

    async fn explain_refusal(
        &self,
        coverage: &Coverage,
        entry: &SeenUser,
        code: EntryCode,
    ) -> Result<String, RunError> {
        let (EntryCode::UsernameTaken | EntryCode::EmailTaken, Ok(profile)) = (code, &entry.profile) else {
            return Ok(explain(code).to_owned());
        };
        let lookup = self.lookup(coverage);
        match lookup.read(std::slice::from_ref(entry)).await {
            Ok((known, names)) => {
                let own = known.get(&entry.external_id).map(|link| link.user);
                Ok(lookup.explain_taken(code, profile, &names.collisions(profile, own), own.is_some(), &names))
            }
            // The entry is logged all the same, without the other user.
            Err(RunError::Store(error)) => {
                tracing::debug!(error = %error_chain(&error), "could not look up who has a name");
                Ok(explain(code).to_owned())
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether a decision gives the entry's names to a user.
const fn gets_names<U>(decision: Decision<U>) -> bool
where
    U: Copy,
{
    matches!(decision, Decision::Create | Decision::Link(_) | Decision::Update | Decision::Reactivate)
}
