//! The steps of a run, one after the other.

use std::sync::Arc;

use vestibule_app::domain::{
    id::{SyncLogId, TenantId},
    provider::{IdentityProvider, LdapConfig},
    sync::{Marks, SyncCursor, SyncLog, SyncMode, SyncOptions, SyncStatus, SyncTrigger},
    timestamp::Timestamp,
};

use super::{
    super::{
        error::RunError,
        groups::GroupSync,
        held::HeldProvider,
        journal::Journal,
        lease::{LeaseKeeper, Renewals},
        limits::RunLimits,
        running::Running,
        users::UserSync,
    },
    connect::Connector,
    finish::finish,
    plan::{Planned, plan_run},
    settings::RunSettings,
};
use crate::{
    clock::Clock,
    core::error_chain,
    protocol::http::OutboundClient,
    store::{Store, StoreResult, Work, directories, syncs as rows},
};

/// What a run synchronises.
pub(crate) struct SyncTarget {
    pub(crate) provider: IdentityProvider,
    pub(crate) config: LdapConfig,
    /// The tenant that new users belong to.
    pub(crate) tenant: TenantId,
}

/// What a run may use.
#[derive(Clone)]
pub(crate) struct RunResources {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) outbound: OutboundClient,
    pub(crate) running: Arc<Running>,
}

/// A run that has claimed its provider.
pub(crate) struct Run {
    held: HeldProvider,
    settings: RunSettings,
    limits: RunLimits,
    journal: Journal,
    connector: Connector,
    /// Keeps the provider until the run is dropped.
    lease: LeaseKeeper,
}

impl Run {
    pub(crate) fn new(resources: &RunResources, target: SyncTarget, options: SyncOptions, log: SyncLog) -> Self {
        let RunResources { store, clock, outbound, running } = resources.clone();
        let SyncTarget { provider, config, tenant } = target;
        let renewals = Renewals {
            store: store.for_work(Work::SyncLeases),
            clock: clock.clone(),
            provider: provider.id,
            run: log.id,
        };
        let lease = LeaseKeeper::start(running, renewals);
        Self {
            held: HeldProvider::new(store.for_work(Work::SyncRuns), clock, &log, tenant),
            settings: RunSettings::new(&provider, &config, options),
            limits: RunLimits::start(&config.limits, lease.stop_signal()),
            journal: Journal::new(log),
            connector: Connector { config, outbound },
            lease,
        }
    }

    pub(crate) const fn id(&self) -> SyncLogId {
        self.held.run()
    }

    /// Runs to the end, and stores how it ended.
    #[tracing::instrument(
        level = "info",
        skip_all,
        name = "core.sync.run",
        fields(provider = %self.held.provider(), log = %self.id())
    )]
    pub(crate) async fn execute(self) {
        let Self { held, settings, limits, mut journal, connector, lease: _lease } = self;
        let mut marks = None;
        let error = synchronise(&held, &settings, &limits, &mut journal, connector, &mut marks).await.err();
        if let Err(error) = finish(&held, settings.policy.interval_minutes, journal, error, marks).await {
            // The log says "running" until the lease has run out, and is closed then.
            let (provider, log) = (held.provider(), held.run());
            tracing::error!(error = %error_chain(&error), %provider, %log, "could not finish a synchronisation");
        }
    }
}

/// `marks` gets what the run leaves for the next one as soon as that is known; a run that fails needs it too.
async fn synchronise(
    held: &HeldProvider,
    settings: &RunSettings,
    limits: &RunLimits,
    journal: &mut Journal,
    connector: Connector,
    marks: &mut Option<Marks>,
) -> Result<(), RunError> {
    let (linked, before) = load_state(held).await?;
    let directory = connector.connect(limits, journal).await?;
    let Planned { plan, marks: next } = plan_run(held, settings, journal, &directory, before.as_ref()).await?;
    *marks = next;
    let mut users = UserSync::new(held, limits, settings.of_users(), journal, linked);
    let mut directory = users.read(directory, &plan).await?;
    // Users who vanished are members of no group, so they are judged before the groups are read.
    let judged = RunError::split_failure(users.judge_vanished(plan.mode()).await)?;
    let (effects, retry) = users.finish();
    if let Some(marks) = marks {
        marks.retry = retry;
    }
    // Users were read completely, whatever was decided about the vanished ones, so groups can be read.
    let groups = GroupSync::new(held, limits, settings.of_groups(), journal, &effects);
    let grouped = RunError::split_failure(groups.synchronise(&mut directory).await)?;
    match (judged, grouped) {
        (None, None) => Ok(()),
        (Some(failure), None) | (None, Some(failure)) => Err(RunError::Failed(failure)),
        (Some(failure), Some(other)) => {
            journal.warn(format!("Groups were not read to their end: {}", other.message));
            Err(RunError::Failed(failure))
        }
    }
}

/// How many users the directory has, and what the last run left.
async fn load_state(held: &HeldProvider) -> StoreResult<(u64, Option<Marks>)> {
    let mut read = held.read().await?;
    let conn = &mut read.conn();
    let linked = directories::count_users(conn, held.provider()).await?;
    Ok((linked, rows::find_state(conn, held.provider()).await?.and_then(|state| state.marks)))
}

/// The log of a run that starts.
pub(crate) fn new_log(
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
