//! Reading users while the database works on those that were read before.

use std::{collections::HashSet, mem, panic::resume_unwind, sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinSet, time::Instant};
use vestibule_app::domain::sync::{EntryAction, EntryCode, EntryObject, Fault};

use super::{
    batch::Pass,
    journal::{refused, told},
    lease::Stop,
    patience::Patience,
    read::{Reader, SeenUser, fingerprint},
    run::{BATCH, End, PORTION, Run},
};
use crate::{
    core::error_chain,
    protocol::ldap::{Directory, Entries, Entry, Query},
    store::{StoreResult, directories},
};

/// For how long entries are gathered before they are worked on.
const LONGEST: Duration = Duration::from_secs(1);

/// Users that were read one after the other.
#[derive(Default)]
struct Portion {
    users: Vec<SeenUser>,
    /// Entries that cannot be distinguished from others.
    faults: Vec<Unclear>,
}

/// An entry without an identifier, or with the identifier of another one.
struct Unclear {
    dn: String,
    /// What it shares with the other one.
    shared: Option<String>,
    fault: Fault,
}

/// What reads users, in a task of its own: it knows nothing of the database, and another core takes entries apart while
/// this one writes.
struct Intake {
    reader: Arc<Reader>,
    patience: Patience,
    disabled: Option<HashSet<u128>>,
    /// Fingerprints of the identifiers that were seen.
    seen: HashSet<u128>,
    unidentified: u64,
    count: usize,
}

impl Intake {
    /// Reads all that a search finds, portion by portion. What arrived before the directory failed was good.
    async fn run(mut self, mut directory: Directory, query: Query, hand: mpsc::Sender<Portion>) -> Taken {
        let ended = self.read_all(&mut directory, query, &hand).await;
        let Self { seen, unidentified, .. } = self;
        Taken { directory, seen, unidentified, ended }
    }

    async fn read_all(
        &mut self,
        directory: &mut Directory,
        query: Query,
        hand: &mpsc::Sender<Portion>,
    ) -> Result<(), End> {
        let mut entries = self.patience.wait(directory.search(query)).await?;
        loop {
            let (portion, read) = self.read(&mut entries).await;
            if let Err(End::Stopped(_)) = read {
                return read.map(drop);
            }
            // Nobody takes it when the work on what came before has failed, and that is told there.
            let is_wanted = hand.send(portion).await.is_ok();
            if read? || !is_wanted {
                return Ok(());
            }
        }
    }

    /// Reads the next entries: what arrived, and whether that was all.
    async fn read(&mut self, entries: &mut Entries<'_>) -> (Portion, Result<bool, End>) {
        let mut portion = Portion::default();
        let began = Instant::now();
        // Whoever watches a slow directory sees how far it is.
        while portion.users.len() + portion.faults.len() < BATCH
            && (portion.users.is_empty() || began.elapsed() < LONGEST)
        {
            let entry = match self.patience.wait(entries.next()).await {
                Ok(Some(entry)) => entry,
                Ok(None) => return (portion, Ok(true)),
                Err(end) => return (portion, Err(end)),
            };
            self.count += 1;
            if let Err(end) = self.patience.limit(self.count) {
                return (portion, Err(end));
            }
            match self.take(&entry) {
                Ok(user) => portion.users.push(user),
                Err((shared, fault)) => portion.faults.push(Unclear { dn: entry.dn, shared, fault }),
            }
            if self.count.is_multiple_of(PORTION) {
                tokio::task::yield_now().await;
            }
        }
        (portion, Ok(false))
    }

    /// Reads an entry; each identifier once.
    fn take(&mut self, entry: &Entry) -> Result<SeenUser, (Option<String>, Fault)> {
        let is_disabled = |id: &str| self.disabled.as_ref().is_some_and(|disabled| disabled.contains(&fingerprint(id)));
        let user = self.reader.user(entry, is_disabled).map_err(|fault| (None, fault));
        let user = user.inspect_err(|_| self.unidentified += 1)?;
        if self.seen.insert(fingerprint(&user.external_id)) {
            return Ok(user);
        }
        let (attribute, id) = (self.reader.identifier(), user.external_id);
        let message = format!(
            "Another entry of this run has the same {attribute}, {id}, which must identify one for good. Choose an \
             attribute that no two entries share (external_id_attribute)."
        );
        Err((Some(id), Fault::new(EntryCode::DuplicateExternalId, message)))
    }
}

/// What remains when everything was read.
struct Taken {
    directory: Directory,
    seen: HashSet<u128>,
    unidentified: u64,
    ended: Result<(), End>,
}

impl Run {
    /// Reads the users that a search finds, and works on them. The next ones are read meanwhile; no transaction waits for
    /// them.
    pub(super) async fn take_in(
        &mut self,
        directory: Directory,
        query: Query,
        disabled: Option<HashSet<u128>>,
    ) -> Result<Directory, End> {
        let intake = Intake {
            reader: self.reader.clone(),
            patience: self.patience.clone(),
            disabled,
            seen: mem::take(&mut self.seen),
            unidentified: self.unidentified,
            count: 0,
        };
        let (hand, mut portions) = mpsc::channel(1);
        // Reading ends with this set, whatever ends the work.
        let mut reading = JoinSet::new();
        reading.spawn(intake.run(directory, query, hand));
        while let Some(portion) = portions.recv().await {
            self.work_on(portion).await?;
        }
        match reading.join_next().await {
            Some(Ok(taken)) => {
                let Taken { directory, seen, unidentified, ended } = taken;
                (self.seen, self.unidentified) = (seen, unidentified);
                ended.map(|()| directory)
            }
            Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
            // Nobody else ends it.
            Some(Err(_)) | None => Err(Stop::Cancelled.into()),
        }
    }

    async fn work_on(&mut self, portion: Portion) -> Result<(), End> {
        let Portion { users, faults } = portion;
        if !users.is_empty() {
            self.patience.check()?;
        }
        users.iter().for_each(|user| self.left_out.add(user));
        self.process(users, Pass::First).await?;
        // The other one of two that share an identifier is stored by now.
        for unclear in faults {
            self.refuse(unclear).await?;
        }
        Ok(())
    }

    /// Counts an entry that cannot be told from others.
    async fn refuse(&mut self, unclear: Unclear) -> Result<(), End> {
        let Unclear { dn, shared, fault } = unclear;
        let other = match &shared {
            Some(id) => {
                // It only words the message.
                let found = self.stored_place(id).await;
                found.unwrap_or_else(|error| {
                    tracing::debug!(error = %error_chain(&error), "could not look up an entry with the same identifier");
                    None
                })
            }
            None => None,
        };
        let mut message = fault.message;
        if let Some(other) = other {
            message = format!("{message} The other one is {other}.");
        }
        let mut draft = self.journal.draft();
        draft.log.users.seen += 1;
        draft.log.users.failed += 1;
        let told = told(EntryObject::User, EntryAction::Failed, &shared.unwrap_or_default(), &dn, None);
        draft.note(refused(told, fault.code, message));
        self.keep(draft).await
    }

    /// Where the entry with an identifier lay when it was stored.
    async fn stored_place(&self, external_id: &str) -> StoreResult<Option<String>> {
        let mut read = self.core.store.read_long().await?;
        directories::dn_of(&mut read.conn(), self.provider.id, external_id).await
    }
}
