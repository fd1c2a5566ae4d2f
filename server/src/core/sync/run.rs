//! A run from connecting to the log's last line.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use vestibule_app::domain::{
    id::{DirectoryGroupId, SyncLogId, TenantId, UserId},
    provider::{DeltaStrategy, IdentityProvider, LdapConfig},
    sync::{
        Evidence, Marks, Plan, Position, SyncCursor, SyncFailure, SyncFailureCode, SyncLog, SyncMode, SyncOptions,
        SyncServer, SyncStatus, SyncTrigger, effective_strategy, plan,
    },
    timestamp::Timestamp,
};

use super::SyncService;
use super::{
    batch::Names,
    journal::{Journal, shortened},
    lease::{Keeper, LEASE_SECONDS, Stop},
    left_out::LeftOuts,
    patience::Patience,
    read::{Reader, SeenUser, fingerprint},
};
use crate::{
    core::{error_chain, random::fraction},
    protocol::ldap::{Directory, LdapError, LdapErrorKind},
    store::{
        StoreError, directories,
        syncs::{self as rows, Lease},
    },
};

/// How many entries share a transaction.
pub(super) const BATCH: usize = 500;

/// After how many entries others of the same thread have their turn: a page is there at once, and working on it takes a
/// while.
pub(super) const PORTION: usize = 16;

/// How many entries whose name was taken are looked at again at the end of the run, when names may be free.
pub(super) const MAX_AGAIN: usize = 10_000;

/// How many logs of a provider are kept.
const KEEP_LOGS: u32 = 100;

/// Why a run ends before it is done.
#[derive(Debug)]
pub(super) enum End {
    /// The directory, a limit or a setting ends it.
    Failed(SyncFailure),
    /// It was told to end.
    Stopped(Stop),
    /// The database failed.
    Store(StoreError),
}

impl From<StoreError> for End {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Stop> for End {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

impl From<LdapError> for End {
    fn from(error: LdapError) -> Self {
        let LdapError { kind, message, advice } = error;
        let code = match kind {
            LdapErrorKind::Refused | LdapErrorKind::Connect => SyncFailureCode::ConnectFailed,
            LdapErrorKind::Tls => SyncFailureCode::TlsFailed,
            LdapErrorKind::Bind => SyncFailureCode::BindFailed,
            LdapErrorKind::NoSuchBase => SyncFailureCode::BaseNotFound,
            LdapErrorKind::Filter | LdapErrorKind::Other => SyncFailureCode::SearchFailed,
            LdapErrorKind::Timeout => SyncFailureCode::Timeout,
            LdapErrorKind::Limit | LdapErrorKind::Busy => SyncFailureCode::LimitExceeded,
            LdapErrorKind::Lost => SyncFailureCode::ConnectionLost,
        };
        Self::Failed(SyncFailure { code, message: shortened(format!("{message} {advice}").trim().to_owned()) })
    }
}

/// A failure in words.
pub(super) fn failed(code: SyncFailureCode, message: impl Into<String>) -> End {
    End::Failed(SyncFailure { code, message: message.into() })
}

/// A run that is going on.
pub(super) struct Run {
    pub(super) core: SyncService,
    pub(super) provider: IdentityProvider,
    pub(super) config: LdapConfig,
    pub(super) options: SyncOptions,
    /// Where users that are new belong.
    pub(super) tenant: TenantId,
    pub(super) reader: Arc<Reader>,
    pub(super) journal: Journal,
    pub(super) patience: Patience,
    /// Keeps the provider until the run is dropped.
    _keeper: Keeper,
    /// Names that this run gave and took, as far as the database does not know.
    pub(super) names: Names,
    /// In a dry run, what groups would call the users it would have written, by the fingerprint of the identifier.
    pub(super) planned: HashMap<u128, (u128, UserId)>,
    /// Fingerprints of entries that no longer stand for a user, by what this run did or a dry one would have done.
    pub(super) gone: HashSet<u128>,
    /// How many members groups lost with users that this run deleted.
    pub(super) left_with_users: HashMap<DirectoryGroupId, u64>,
    /// Whether every entry of the directory was seen.
    pub(super) has_read_everything: bool,
    /// What a full run knows of users that it did not see, once it has read everything.
    pub(super) evidence: Option<Evidence>,
    /// Values that no field can hold, for the warnings.
    pub(super) left_out: LeftOuts,
    /// Entries whose name was taken, for another look at the end.
    pub(super) again: Vec<SeenUser>,
    /// Filter values of entries that the next run looks at although they did not change.
    pub(super) retry: Vec<String>,
    /// Fingerprints of the identifiers that were seen.
    pub(super) seen: HashSet<u128>,
    /// How many users the directory had when the run began.
    pub(super) linked: u64,
    /// Entries that told nothing that identifies them.
    pub(super) unidentified: u64,
}

impl Run {
    pub(super) fn new(
        core: &SyncService,
        provider: IdentityProvider,
        config: LdapConfig,
        tenant: TenantId,
        options: SyncOptions,
        log: SyncLog,
    ) -> Self {
        let keeper = Keeper::begin(core, provider.id, log.id);
        Self {
            core: core.clone(),
            reader: Arc::new(Reader::new(&provider, &config)),
            patience: Patience::begin(&config, keeper.signal()),
            _keeper: keeper,
            provider,
            config,
            options,
            tenant,
            journal: Journal::new(log),
            names: Names::default(),
            planned: HashMap::new(),
            gone: HashSet::new(),
            left_with_users: HashMap::new(),
            has_read_everything: false,
            evidence: None,
            left_out: LeftOuts::default(),
            again: Vec::new(),
            retry: Vec::new(),
            seen: HashSet::new(),
            linked: 0,
            unidentified: 0,
        }
    }

    /// Runs to the end, and writes how it ended.
    pub(super) async fn execute(mut self) {
        let mut marks = None;
        let end = self.work(&mut marks).await.err();
        let (provider, id) = (self.provider.id, self.id());
        if let Err(error) = self.finish(end, marks).await {
            // The log is told apart from one that runs once the lease has run out.
            tracing::error!(error = %error_chain(&error), %provider, log = %id, "could not finish a synchronisation");
        }
    }

    async fn work(&mut self, marks: &mut Option<Marks>) -> Result<(), End> {
        let before = {
            let mut read = self.core.store.read_long().await?;
            let conn = &mut read.conn();
            self.linked = directories::count(conn, self.provider.id).await?;
            rows::find_state(conn, self.provider.id).await?.and_then(|state| state.marks)
        };
        let mut directory = self.connect().await?;
        let plan = self.plan(&directory, before.as_ref(), marks).await?;
        let disabled = self.read_disabled(&mut directory, &plan).await?;
        let mut directory = self.read_users(directory, &plan, disabled).await?;
        for warning in self.left_out.warnings() {
            self.journal.warn(warning);
        }
        // Whoever vanished is in no group any more, so that is settled first.
        let judged = held_back(self.judge_vanished(plan.mode()).await)?;
        // Users were read completely, whatever became of them, and so are groups.
        let grouped = held_back(self.sync_groups(&mut directory).await)?;
        match (judged, grouped) {
            (None, None) => Ok(()),
            (Some(failure), None) | (None, Some(failure)) => Err(End::Failed(failure)),
            (Some(failure), Some(other)) => {
                self.journal.warn(format!("Groups were not read to their end: {}", other.message));
                Err(End::Failed(failure))
            }
        }
    }

    pub(super) const fn id(&self) -> SyncLogId {
        self.journal.log.id
    }

    /// When the lease ends that is asked for now.
    pub(super) fn lease_end(&self) -> Timestamp {
        self.core.clock.now().plus_seconds(LEASE_SECONDS)
    }

    async fn connect(&mut self) -> Result<Directory, End> {
        let core = self.core.clone();
        let open = Directory::open(core.outbound.policy(), core.outbound.lookup(), &self.config);
        let directory = self.patience.wait(open).await?;
        let root = directory.root();
        self.journal.log.server = Some(SyncServer {
            url: directory.url().to_owned(),
            vendor: root.vendor,
            product: root.product.clone(),
            paged: root.pages && self.config.limits.page_size > 0,
        });
        if !root.pages && self.config.limits.page_size > 0 {
            self.journal.warn(
                "The server does not offer paged results (RFC 2696), so everything is asked for at once and its size \
                 limit holds.",
            );
        }
        Ok(directory)
    }

    /// Decides between everything and changes, and prepares what the run leaves for the next one.
    async fn plan(
        &mut self,
        directory: &Directory,
        before: Option<&Marks>,
        after: &mut Option<Marks>,
    ) -> Result<Plan, End> {
        let (now, sync) = (self.journal.log.started_at, &self.config.sync);
        let position = match effective_strategy(sync.delta_strategy, self.config.vendor) {
            DeltaStrategy::Auto | DeltaStrategy::ModifyTimestamp => {
                Some(Position::Time(now.plus_seconds(-i64::from(sync.clock_skew_seconds))))
            }
            DeltaStrategy::UsnChanged => {
                // Read before the search, so that nothing falls between it and the next one.
                let root = directory.root();
                root.highest_committed_usn
                    .zip(root.invocation_id.clone())
                    .map(|(highest, invocation_id)| Position::Usn { highest, invocation_id })
            }
            DeltaStrategy::None => None,
        };
        let settings = self.reader.settings(&self.provider);
        let decided = plan(self.options.mode, before, position.as_ref(), &settings, sync.full_interval_hours, now);
        if let (Plan::Full(reason), vestibule_app::domain::sync::WantedMode::Delta) = (&decided, self.options.mode) {
            self.journal.warn(format!("Everything was read although changes were asked for: {}", reason.explain()));
        }
        let full_at = match (&decided, before) {
            (Plan::Delta { .. }, Some(before)) => before.full_at,
            _ => now,
        };
        // Whatever becomes of this run, users may have been written by settings that are taken back before the next one.
        if self.writes() && before.is_some_and(|before| before.settings != settings) {
            let mut tx = self.core.store.begin_long().await?;
            self.hold(&mut tx.conn()).await?;
            rows::forget_marks(&mut tx.conn(), self.provider.id).await?;
            tx.commit().await?;
        }
        *after = position.clone().map(|position| Marks { settings, position, full_at, retry: Vec::new() });
        let log = &mut self.journal.log;
        log.mode = decided.mode();
        log.cursor = SyncCursor {
            before: before.map(|marks| marks.position.describe()),
            after: position.map(|position| position.describe()),
        };
        self.keep(self.journal.draft()).await?;
        Ok(decided)
    }

    /// Fingerprints of the users that are switched off in the directory; nothing when that cannot be told.
    async fn read_disabled(&self, directory: &mut Directory, plan: &Plan) -> Result<Option<HashSet<u128>>, End> {
        let Some(query) = self.reader.disabled_users(since(plan)) else { return Ok(None) };
        let mut disabled = HashSet::new();
        let mut entries = self.patience.wait(directory.search(query)).await?;
        while let Some(entry) = self.patience.wait(entries.next()).await? {
            if let Ok((id, _)) = self.reader.external_id(&entry) {
                disabled.insert(fingerprint(&id));
            }
            self.patience.limit(disabled.len())?;
        }
        Ok(Some(disabled))
    }

    async fn read_users(
        &mut self,
        directory: Directory,
        plan: &Plan,
        disabled: Option<HashSet<u128>>,
    ) -> Result<Directory, End> {
        let directory = self.take_in(directory, self.reader.users(since(plan)), disabled).await?;
        self.has_read_everything = plan.mode() == SyncMode::Full;
        let again = std::mem::take(&mut self.again);
        // Entries that take users over depend on whether those who were not seen count as gone.
        self.gather_evidence(plan.mode(), &again).await?;
        self.look_at_the_rest(again).await?;
        Ok(directory)
    }

    /// Writes how the run ended, what it leaves for the next one, and lets go of the provider.
    async fn finish(mut self, end: Option<End>, marks: Option<Marks>) -> Result<(), StoreError> {
        let users = self.journal.log.users;
        let failure = match end {
            None => None,
            Some(End::Failed(failure)) => Some(failure),
            Some(End::Stopped(stop)) => Some(stopped(stop)),
            Some(End::Store(error)) => {
                tracing::error!(error = %error_chain(&error), provider = %self.provider.id, "a synchronisation failed");
                let message = "The database failed. The server's log has the details under the provider's id.";
                Some(SyncFailure { code: SyncFailureCode::Internal, message: message.to_owned() })
            }
        };
        let is_complete = failure.is_none();
        let log = &mut self.journal.log;
        log.status = match &failure {
            None if users.failed == 0 && log.groups.failed == 0 => SyncStatus::Success,
            Some(failure) if failure.code == SyncFailureCode::TooManyEntries => SyncStatus::Failed,
            // The directory was read; only what follows from it was held back.
            Some(failure) if failure.code == SyncFailureCode::Safeguard => SyncStatus::Partial,
            Some(_) if users.applied() == 0 => SyncStatus::Failed,
            None | Some(_) => SyncStatus::Partial,
        };
        log.failure = failure;
        log.finished_at = Some(self.core.clock.now());
        // Who vanished is judged by a run that reads everything to its end, so another one has to.
        let forgets = marks.is_some() && !is_complete && !self.options.dry_run && log.mode == SyncMode::Full;
        let marks = marks.filter(|_| is_complete && !self.options.dry_run);
        if marks.is_none() {
            log.cursor.after = None;
        }
        let draft = self.journal.draft();
        let provider = self.provider.id;
        let mut tx = self.core.store.begin_long().await?;
        let conn = &mut tx.conn();
        let is_held = rows::renew(conn, provider, self.id(), self.lease_end()).await? != Lease::Lost;
        rows::finish(conn, &draft.log).await?;
        if is_held {
            if let Some(marks) = marks {
                let retry = std::mem::take(&mut self.retry);
                rows::put_marks(conn, provider, &Marks { retry, ..marks }).await?;
            }
            if forgets {
                rows::forget_marks(conn, provider).await?;
            }
            if !self.options.dry_run {
                rows::set_next_run(conn, provider, self.next_run()).await?;
            }
            rows::keep_newest(conn, provider, KEEP_LOGS).await?;
            rows::release(conn, provider, self.id()).await?;
        }
        tx.commit().await
    }

    /// When the schedule runs the provider next: up to a tenth of the interval sooner, so that runs spread out.
    fn next_run(&self) -> Timestamp {
        let interval = i64::from(self.config.sync.interval_minutes.max(1)) * 60;
        self.journal.log.started_at.plus_seconds(interval - interval / 10 * i64::from(fraction()) / 256)
    }

    /// Whether anything is written but the log.
    pub(super) const fn writes(&self) -> bool {
        !self.options.dry_run
    }
}

/// What keeps a part from being done, and nothing that comes after it.
fn held_back(ended: Result<(), End>) -> Result<Option<SyncFailure>, End> {
    match ended {
        Ok(()) => Ok(None),
        Err(End::Failed(failure)) => Ok(Some(failure)),
        Err(end) => Err(end),
    }
}

/// The positions of a plan, for searches.
fn since(plan: &Plan) -> Option<(&Position, &[String])> {
    match plan {
        Plan::Full(_) => None,
        Plan::Delta { since, retry } => Some((since, retry)),
    }
}

fn stopped(stop: Stop) -> SyncFailure {
    let (code, message) = match stop {
        Stop::Cancelled => (SyncFailureCode::Cancelled, "An administrator ended the run."),
        Stop::ProviderGone => (
            SyncFailureCode::Cancelled,
            "The identity provider was switched off or deleted, which ends its synchronisation.",
        ),
        Stop::LeaseLost => (
            SyncFailureCode::Interrupted,
            "This server was not heard of in time, so another run took the provider over.",
        ),
        Stop::ServerStops => (
            SyncFailureCode::Interrupted,
            "The server was stopped. What was counted until then is stored; the next run goes on.",
        ),
    };
    SyncFailure { code, message: message.to_owned() }
}

/// The log of a run that begins.
pub(super) fn new_log(
    id: SyncLogId,
    provider: &IdentityProvider,
    trigger: SyncTrigger,
    by: String,
    options: SyncOptions,
    now: Timestamp,
) -> SyncLog {
    SyncLog {
        id,
        provider: provider.id,
        tenant: provider.owner,
        status: SyncStatus::Running,
        mode: SyncMode::Full,
        trigger,
        by,
        dry_run: options.dry_run,
        started_at: now,
        finished_at: None,
        users: Default::default(),
        groups: Default::default(),
        memberships: Default::default(),
        failure: None,
        warnings: Vec::new(),
        safeguard: None,
        server: None,
        cursor: SyncCursor::default(),
        entries_truncated: false,
        omitted: Default::default(),
    }
}
