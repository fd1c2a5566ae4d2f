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
        context::RunContext, entries::EntryReader, error::RunError, groups::GroupSync, journal::Journal,
        lease::LeaseKeeper, limits::RunLimits, service::SyncService, users::UserSync,
    },
    connect::connect,
    plan::{Planned, plan_run},
};
use crate::{
    core::error_chain,
    protocol::http::OutboundClient,
    store::{StoreResult, directories, syncs as rows},
};

/// What a run synchronises.
pub(crate) struct SyncTarget {
    pub(crate) provider: IdentityProvider,
    pub(crate) config: LdapConfig,
    /// The tenant that new users belong to.
    pub(crate) tenant: TenantId,
}

/// A run that has claimed its provider.
pub(crate) struct Run {
    pub(super) context: RunContext,
    pub(super) journal: Journal,
    outbound: OutboundClient,
    /// Keeps the provider until the run is dropped.
    _lease: LeaseKeeper,
}

impl Run {
    pub(crate) fn new(service: &SyncService, target: SyncTarget, options: SyncOptions, log: SyncLog) -> Self {
        let SyncTarget { provider, config, tenant } = target;
        let lease = LeaseKeeper::start(service, provider.id, log.id);
        let context = RunContext {
            store: service.store.clone(),
            clock: service.clock.clone(),
            id: log.id,
            reader: Arc::new(EntryReader::new(&provider, &config)),
            limits: RunLimits::start(&config, lease.stop_signal()),
            provider,
            config,
            tenant,
            options,
        };
        Self { context, journal: Journal::new(log), outbound: service.outbound.clone(), _lease: lease }
    }

    pub(crate) const fn id(&self) -> SyncLogId {
        self.context.id
    }

    /// Runs to the end, and stores how it ended.
    #[tracing::instrument(
        level = "info",
        skip_all,
        name = "core.sync.run",
        fields(provider = %self.context.provider_id(), log = %self.id())
    )]
    pub(crate) async fn execute(mut self) {
        let mut marks = None;
        let error = self.synchronise(&mut marks).await.err();
        let (provider, id) = (self.context.provider_id(), self.id());
        if let Err(error) = self.finish(error, marks).await {
            // The log says "running" until the lease has run out, and is closed then.
            tracing::error!(error = %error_chain(&error), %provider, log = %id, "could not finish a synchronisation");
        }
    }

    /// `marks` gets what the run leaves for the next one as soon as that is known; a run that fails needs it too.
    async fn synchronise(&mut self, marks: &mut Option<Marks>) -> Result<(), RunError> {
        let (linked, before) = self.load_state().await?;
        let Self { context, journal, outbound, .. } = self;
        let context = &*context;
        let directory = connect(context, journal, outbound).await?;
        let Planned { plan, marks: next } = plan_run(context, journal, &directory, before.as_ref()).await?;
        *marks = next;
        let mut users = UserSync::new(context, journal, linked);
        let mut directory = users.read(directory, &plan).await?;
        // Users who vanished are members of no group, so they are judged before the groups are read.
        let judged = RunError::split_failure(users.judge_vanished(plan.mode()).await)?;
        let (effects, retry) = users.finish();
        if let Some(marks) = marks {
            marks.retry = retry;
        }
        // Users were read completely, whatever was decided about the vanished ones, so groups can be read.
        let groups = GroupSync::new(context, journal, &effects);
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
    async fn load_state(&self) -> StoreResult<(u64, Option<Marks>)> {
        let RunContext { store, provider, .. } = &self.context;
        let mut read = store.read_long().await?;
        let conn = &mut read.conn();
        let linked = directories::count_users(conn, provider.id).await?;
        Ok((linked, rows::find_state(conn, provider.id).await?.and_then(|state| state.marks)))
    }
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
