//! Reading users while the ones that were read before are stored.
//!
//! A task of its own reads: it knows nothing of the database, and uses another core. No transaction waits for it.

use std::{collections::HashSet, panic::resume_unwind, sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinSet, time::Instant};
use vestibule_app::domain::sync::{EntryCode, Fault};

use super::{
    super::{
        entries::{EntryReader, SeenUser, fingerprint},
        error::RunError,
        limits::{BATCH, RunLimits, YIELD_EVERY},
        running::Stop,
    },
    coverage::SeenEntries,
};
use crate::{
    protocol::ldap::{Directory, Entries, Entry, Query},
    trace_context,
};

/// How long entries are collected before they are stored, so that the log shows progress on a slow directory.
const MAX_WAIT: Duration = Duration::from_secs(1);

/// Users that were read together.
#[derive(Default)]
pub(super) struct Portion {
    pub(super) users: Vec<SeenUser>,
    pub(super) faults: Vec<UnidentifiedEntry>,
}

/// An entry without an identifier, or with the identifier of another one.
pub(super) struct UnidentifiedEntry {
    pub(super) dn: String,
    /// The identifier that another entry has too.
    pub(super) shared_id: Option<String>,
    pub(super) fault: Fault,
}

/// The users that a search finds, portion by portion.
pub(super) struct Intake {
    portions: mpsc::Receiver<Portion>,
    /// Dropping the set aborts the task.
    task: JoinSet<IntakeOutcome>,
}

impl Intake {
    /// Begins to read. `disabled` has the fingerprints of the users that are switched off in the directory, where that is
    /// known.
    pub(super) fn start(
        reader: Arc<EntryReader>,
        limits: RunLimits,
        disabled: Option<HashSet<u128>>,
        directory: Directory,
        query: Query,
    ) -> Self {
        let (sender, portions) = mpsc::channel(1);
        let reading = IntakeTask { reader, limits, disabled, seen: SeenEntries::default(), count: 0 };
        let mut task = JoinSet::new();
        task.spawn(trace_context::carried(reading.run(directory, query, sender)));
        Self { portions, task }
    }

    /// The next portion; nothing once the search has ended or failed.
    pub(super) async fn next(&mut self) -> Option<Portion> {
        self.portions.recv().await
    }

    /// The directory and what was seen, or why the search ended early.
    pub(super) async fn finish(mut self) -> Result<(Directory, SeenEntries), RunError> {
        match self.task.join_next().await {
            Some(Ok(IntakeOutcome { directory, seen, result })) => result.map(|()| (directory, seen)),
            Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
            Some(Err(_)) | None => Err(Stop::Cancelled.into()),
        }
    }
}

/// What reads them.
struct IntakeTask {
    reader: Arc<EntryReader>,
    limits: RunLimits,
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

impl IntakeTask {
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
