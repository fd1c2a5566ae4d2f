//! A batch of entries in one transaction.

use vestibule_app::domain::sync::{Decision, EntryAction, EntryCode};

use super::{
    super::{
        effects::GroupEffects,
        entries::SeenUser,
        error::RunError,
        journal::{LogDraft, refused},
        limits::YIELD_EVERY,
    },
    log::{explain, user_entry},
    names::NameTable,
    sync::UserSync,
    writer::{Change, UserWriter, Written},
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

impl UserSync<'_> {
    /// Stores a batch. When the database refuses it, its entries are stored one by one, so that only the bad one fails.
    pub(super) async fn store_batch(&mut self, batch: Vec<SeenUser>, pass: Pass) -> Result<(), RunError> {
        if batch.is_empty() {
            return Ok(());
        }
        match self.try_store(&batch, pass).await {
            Ok(Some(outcome)) => {
                self.adopt(outcome);
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
            self.context.limits.check()?;
            match self.try_store(std::slice::from_ref(entry), pass).await {
                Ok(outcome) => outcome.into_iter().for_each(|outcome| self.adopt(outcome)),
                Err(RunError::Store(error)) if !error.is_unavailable() => self.log_refused(entry, &error).await?,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Returns `None`, and rolls back, when names that were settled are no longer free.
    async fn try_store(&self, batch: &[SeenUser], pass: Pass) -> Result<Option<BatchOutcome>, RunError> {
        let (context, lookup) = (self.context, self.lookup());
        let now = context.clock.now();
        let mut tx = context.begin().await?;
        let conn = &mut tx.conn();
        let known = lookup.links(conn, batch).await?;
        let mut links = lookup.lock_changing(conn, batch, &known).await?;
        let names = lookup.names(conn, batch, &known).await?;
        let mut writer = UserWriter::new(context, now, names, self.journal.draft());
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
            let (decision, collisions) = lookup.decide(entry, known, &writer.names);
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
                    taken = Some(lookup.explain_taken(code, profile, &collisions, known.is_some(), &writer.names));
                }
            }
            writer.apply(conn, Change { entry, link, decision, taken }).await?;
        }
        let Written { draft, names, effects } = writer.finish(conn).await?;
        tx.commit().await?;
        Ok(Some(BatchOutcome { draft, names, effects, deferred, retry }))
    }

    fn adopt(&mut self, outcome: BatchOutcome) {
        let BatchOutcome { draft, names, effects, deferred, retry } = outcome;
        self.journal.adopt(draft);
        self.effects.merge(effects);
        self.retries.defer(deferred);
        self.retries.leave_to_next_run(retry);
        // Otherwise they are in the database.
        if !self.context.writes() {
            self.planned_names.extend(names);
        }
    }

    /// Logs an entry that the database refused.
    async fn log_refused(&mut self, entry: &SeenUser, error: &StoreError) -> Result<(), RunError> {
        let code = match error.unique_key() {
            Some(UniqueKey::UserName) => EntryCode::UsernameTaken,
            Some(UniqueKey::UserEmail) => EntryCode::EmailTaken,
            _ => {
                let provider = self.context.provider;
                tracing::warn!(error = %error_chain(error), %provider, "an entry could not be stored");
                EntryCode::NotStored
            }
        };
        let message = self.explain_refusal(entry, code).await?;
        let mut draft = self.journal.draft();
        draft.log.users.seen += 1;
        draft.log.users.failed += 1;
        draft.add(refused(user_entry(entry, EntryAction::Failed), code, message));
        self.journal.save(&self.context.store, draft).await?;
        self.retries.leave_to_next_run(vec![entry.assertion.clone()]);
        Ok(())
    }

    async fn explain_refusal(&self, entry: &SeenUser, code: EntryCode) -> Result<String, RunError> {
        let (EntryCode::UsernameTaken | EntryCode::EmailTaken, Ok(profile)) = (code, &entry.profile) else {
            return Ok(explain(code).to_owned());
        };
        let lookup = self.lookup();
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
