//! Reading users while the database works on those that were read before.

use std::{collections::HashSet, mem, sync::Arc};

use vestibule_app::domain::sync::{EntryAction, EntryCode, EntryObject, Fault};

use super::{
    journal::{refused, told},
    patience::Patience,
    read::{Reader, SeenUser, fingerprint},
    run::{BATCH, End, PORTION, Run},
};
use crate::protocol::ldap::{Directory, Entries, Entry, Query};

/// Users that were read one after the other.
#[derive(Default)]
struct Portion {
    users: Vec<SeenUser>,
    /// Entries that tell nothing that identifies them, by their places.
    faults: Vec<(String, Fault)>,
}

/// What reads users. It knows nothing of the database, so that both go on at once.
struct Intake<'a> {
    reader: Arc<Reader>,
    patience: Patience,
    disabled: Option<&'a HashSet<u128>>,
    /// Fingerprints of the identifiers that were seen.
    seen: HashSet<u128>,
    unidentified: u64,
    count: usize,
}

impl Intake<'_> {
    /// Reads the next entries: what arrived, and whether that was all.
    async fn read(&mut self, entries: &mut Entries<'_>) -> (Portion, Result<bool, End>) {
        let mut portion = Portion::default();
        while portion.users.len() + portion.faults.len() < BATCH {
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
                Err(fault) => portion.faults.push((entry.dn, fault)),
            }
            if self.count.is_multiple_of(PORTION) {
                tokio::task::yield_now().await;
            }
        }
        (portion, Ok(false))
    }

    /// Reads an entry; each identifier once.
    fn take(&mut self, entry: &Entry) -> Result<SeenUser, Fault> {
        let is_disabled = |id: &str| self.disabled.is_some_and(|disabled| disabled.contains(&fingerprint(id)));
        let user = self.reader.user(entry, is_disabled).inspect_err(|_| self.unidentified += 1)?;
        if self.seen.insert(fingerprint(&user.external_id)) {
            return Ok(user);
        }
        let attribute = self.reader.identifier();
        let message = format!("Another entry of this run has the same {attribute}, which must identify one for good.");
        Err(Fault::new(EntryCode::DuplicateExternalId, message))
    }
}

impl Run {
    /// Reads the users that a search finds, and works on them.
    pub(super) async fn take_in(
        &mut self,
        directory: &mut Directory,
        query: Query,
        disabled: Option<&HashSet<u128>>,
    ) -> Result<(), End> {
        let mut intake = Intake {
            reader: self.reader.clone(),
            patience: self.patience.clone(),
            disabled,
            seen: mem::take(&mut self.seen),
            unidentified: self.unidentified,
            count: 0,
        };
        let ended = self.take_in_by(&mut intake, directory, query).await;
        (self.seen, self.unidentified) = (intake.seen, intake.unidentified);
        ended
    }

    async fn take_in_by(
        &mut self,
        intake: &mut Intake<'_>,
        directory: &mut Directory,
        query: Query,
    ) -> Result<(), End> {
        let mut entries = self.patience.wait(directory.search(query)).await?;
        let mut portion = Portion::default();
        loop {
            // The next entries are read while the database works on these. No transaction waits for them.
            let next = async { Ok(intake.read(&mut entries).await) };
            let ((), (read, ended)) = tokio::try_join!(self.work_on(portion), next)?;
            portion = read;
            match ended {
                Ok(false) => {}
                Ok(true) => return self.work_on(portion).await,
                Err(end @ (End::Stopped(_) | End::Store(_))) => return Err(end),
                // What arrived before the end was good.
                Err(end) => {
                    self.work_on(portion).await?;
                    return Err(end);
                }
            }
        }
    }

    async fn work_on(&mut self, portion: Portion) -> Result<(), End> {
        let Portion { users, faults } = portion;
        for (dn, fault) in faults {
            self.refuse(&dn, &fault).await?;
        }
        if !users.is_empty() {
            self.patience.check()?;
        }
        self.process(users, false).await
    }

    /// Counts an entry that cannot be told from others.
    async fn refuse(&mut self, dn: &str, fault: &Fault) -> Result<(), End> {
        let mut draft = self.journal.draft();
        draft.log.users.seen += 1;
        draft.log.users.failed += 1;
        let told = told(EntryObject::User, EntryAction::Failed, "", dn, None);
        draft.note(refused(told, fault.code, fault.message.clone()));
        self.keep(draft).await
    }
}
