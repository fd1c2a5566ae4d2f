//! What every part of a run uses. It never changes during the run, and holds no secret: only `run/connect` has the
//! settings of the connection.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        id::{ProviderId, SyncLogId, TenantId},
        provider::{DeltaStrategy, LdapGroups, SyncPolicy},
        sync::SyncOptions,
        timestamp::Timestamp,
    },
    service::TenantRef,
};

use super::{
    entries::{EntryReader, EntrySearches},
    error::RunError,
    lease::LEASE_SECONDS,
    limits::RunLimits,
    running::Stop,
};
use crate::{
    clock::Clock,
    store::{Conn, Lock, Store, Tx, directories, syncs as rows, tenants},
};

pub(super) struct RunContext {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// The run's log, which identifies it.
    pub(super) id: SyncLogId,
    pub(super) provider: ProviderId,
    /// Whether unknown entries become users.
    pub(super) creates_users: bool,
    /// How groups are read.
    pub(super) groups: LdapGroups,
    /// What is done with users, and when the schedule runs.
    pub(super) policy: SyncPolicy,
    /// How a delta run finds changes, where the directory's product decides too.
    pub(super) strategy: DeltaStrategy,
    /// The tenant that new users belong to.
    pub(super) tenant: TenantId,
    pub(super) options: SyncOptions,
    pub(super) reader: Arc<EntryReader>,
    pub(super) searches: EntrySearches,
    pub(super) limits: RunLimits,
}

impl RunContext {
    /// Whether the run writes more than its log.
    pub(super) const fn writes(&self) -> bool {
        !self.options.dry_run
    }

    /// When a lease ends that is renewed now.
    pub(super) fn lease_end(&self) -> Timestamp {
        self.clock.now().plus_seconds(LEASE_SECONDS)
    }

    /// Begins a transaction that holds tenant and provider. Fails when the run has been stopped or has lost its lease.
    pub(super) async fn begin(&self) -> Result<Tx, RunError> {
        let mut tx = self.store.begin_long().await?;
        self.hold(&mut tx.conn()).await?;
        Ok(tx)
    }

    /// Locks the tenant before the provider, the order that everything else locks them in.
    async fn hold(&self, conn: &mut Conn<'_>) -> Result<(), RunError> {
        let tenant = TenantRef::Id(self.tenant);
        if tenants::find_locked(conn, &tenant, Lock::Shared).await?.is_none() {
            return Err(Stop::ProviderGone.into());
        }
        directories::prefer_indexes(conn).await?;
        let lease = rows::renew(conn, self.provider, self.id, self.lease_end()).await?;
        Stop::of(lease).map_or(Ok(()), |stop| Err(stop.into()))
    }
}
