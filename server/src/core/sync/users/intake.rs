//! Reading users while the ones that were read before are stored.
//!
//! A task of its own reads: it knows nothing of the database, and uses another core. No transaction waits for it.

use std::{collections::HashSet, mem, panic::resume_unwind, sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinSet, time::Instant};
use vestibule_app::domain::sync::{EntryAction, EntryCode, EntryObject, Fault};

use super::{
    super::{
        entries::{EntryReader, SeenUser, fingerprint},
        error::RunError,
        journal::{log_entry, refused},
        limits::{BATCH, RunLimits, YIELD_EVERY},
        running::Stop,
    },
    batch::Pass,
    coverage::SeenEntries,
    sync::UserSync,
};
use crate::{
    core::error_chain,
    protocol::ldap::{Directory, Entries, Entry, Query},
    store::{StoreResult, directories},
    trace_context,
};

/// How long entries are collected before they are stored, so that the log shows progress on a slow directory.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Users that were read together.
#[derive(Default)]
struct Portion {
    users: Vec<SeenUser>,
    faults: Vec<UnidentifiedEntry>,
}

/// An entry without an identifier, or with the identifier of another one.
struct UnidentifiedEntry {
    dn: String,
    /// The identifier that another entry has too.
    shared_id: Option<String>,
    fault: Fault,
}

/// Reads the users that a search finds.
struct Intake {
    reader: Arc<EntryReader>,
    limits: RunLimits,
    /// Fingerprints of the users that are switched off in the directory, where that is known.
    disabled: Option<HashSet<u128>>,
    seen: SeenEntries,
    count: usize,
}

/// What the task returns.
struct IntakeOutcome {
    directory: Directory,
    seen: SeenEntries,
    result: Result<(), RunError>,
}

impl Intake {
    /// Sends users portion by portion. When the directory fails, what arrived before is still sent.
    async fn run(mut self, mut directory: Directory, query: Query, sender: mpsc::Sender<Portion>) -> IntakeOutcome {
        let result = self.read_all(&mut directory, query, &sender).await;
        IntakeOutcome { directory, seen: self.seen, result }
    }

    async fn read_all(
        &mut self,
        directory: &mut Directory,
        query: Query,
        sender: &mpsc::Sender<Portion>,
    ) -> Result<(), RunError> {
        let mut entries = self.limits.wait(directory.search(query)).await?;
        loop {
            let (portion, result) = self.read_portion(&mut entries).await;
            if let Err(RunError::Stopped(_)) = result {
                return result.map(drop);
            }
            // The receiver is gone when storing failed, and reports that itself.
            let is_wanted = sender.send(portion).await.is_ok();
            if result? || !is_wanted {
                return Ok(());
            }
        }
    }

    /// Reads the next users. Returns what arrived, and whether the search has ended.
    async fn read_portion(&mut self, entries: &mut Entries<'_>) -> (Portion, Result<bool, RunError>) {
        let mut portion = Portion::default();
        let began = Instant::now();
        while portion.users.len() + portion.faults.len() < BATCH
            && (portion.users.is_empty() || began.elapsed() < MAX_WAIT)
        {
            let entry = match self.limits.wait(entries.next()).await {
                Ok(Some(entry)) => entry,
                Ok(None) => return (portion, Ok(true)),
                Err(error) => return (portion, Err(error)),
            };
            self.count += 1;
            if let Err(error) = self.limits.check_count(self.count) {
                return (portion, Err(error));
            }
            match self.read_user(&entry) {
                Ok(user) => portion.users.push(user),
                Err((shared_id, fault)) => portion.faults.push(UnidentifiedEntry { dn: entry.dn, shared_id, fault }),
            }
            if self.count.is_multiple_of(YIELD_EVERY) {
                tokio::task::yield_now().await;
            }
        }
        (portion, Ok(false))
    }

    /// Reads an entry, each identifier once.
    fn read_user(&mut self, entry: &Entry) -> Result<SeenUser, (Option<String>, Fault)> {
        let is_disabled = |id: &str| self.disabled.as_ref().is_some_and(|disabled| disabled.contains(&fingerprint(id)));
        let user = self.reader.user(entry, is_disabled).map_err(|fault| (None, fault));
        let user = user.inspect_err(|_| self.seen.unidentified += 1)?;
        if self.seen.insert(&user.external_id) {
            return Ok(user);
        }
        let (attribute, id) = (self.reader.identifying_attribute(), user.external_id);
        let message = format!(
            "Another entry of this run has the same {attribute}, {id}, which must identify a single entry. Choose an \
             attribute that no two entries share as “Permanent identifier” (external_id_attribute)."
        );
        Err((Some(id), Fault::new(EntryCode::DuplicateExternalId, message)))
    }
}

impl UserSync<'_> {
    /// Reads the users that a search finds, and stores them.
    pub(super) async fn take_in(
        &mut self,
        directory: Directory,
        query: Query,
        disabled: Option<HashSet<u128>>,
    ) -> Result<Directory, RunError> {
        let intake = Intake {
            reader: self.context.reader.clone(),
            limits: self.context.limits.clone(),
            disabled,
            seen: mem::take(&mut self.coverage.seen),
            count: 0,
        };
        let (sender, mut portions) = mpsc::channel(1);
        // Dropping the set aborts the task, however this function ends.
        let mut task = JoinSet::new();
        task.spawn(trace_context::carried(intake.run(directory, query, sender)));
        while let Some(portion) = portions.recv().await {
            self.store_portion(portion).await?;
        }
        match task.join_next().await {
            Some(Ok(IntakeOutcome { directory, seen, result })) => {
                self.coverage.seen = seen;
                result.map(|()| directory)
            }
            Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
            // Only dropping the set aborts the task.
            Some(Err(_)) | None => Err(Stop::Cancelled.into()),
        }
    }

    async fn store_portion(&mut self, portion: Portion) -> Result<(), RunError> {
        let Portion { users, faults } = portion;
        if !users.is_empty() {
            self.context.limits.check()?;
        }
        users.iter().for_each(|user| self.left_out.add(user));
        self.store_batch(users, Pass::First).await?;
        // After the users, so that the other entry of a shared identifier is stored.
        for entry in faults {
            self.log_unidentified(entry).await?;
        }
        Ok(())
    }

    async fn log_unidentified(&mut self, entry: UnidentifiedEntry) -> Result<(), RunError> {
        let UnidentifiedEntry { dn, shared_id, fault } = entry;
        let mut message = fault.message;
        if let Some(id) = &shared_id {
            match self.stored_dn_of(id).await {
                Ok(Some(other)) => message = format!("{message} The other one is {other}."),
                Ok(None) => {}
                // The entry is logged all the same, without the other one.
                Err(error) => {
                    tracing::debug!(error = %error_chain(&error), "could not look up an entry with the same identifier");
                }
            }
        }
        let mut draft = self.journal.draft();
        draft.log.users.seen += 1;
        draft.log.users.failed += 1;
        let logged = log_entry(EntryObject::User, EntryAction::Failed, &shared_id.unwrap_or_default(), &dn, None);
        draft.add(refused(logged, fault.code, message));
        Ok(self.journal.save(&self.context.store, draft).await?)
    }

    async fn stored_dn_of(&self, external_id: &str) -> StoreResult<Option<String>> {
        let mut read = self.context.store.read_long().await?;
        directories::find_dn(&mut read.conn(), self.context.provider, external_id).await
    }
}
