//! The provider that a run holds: reading and writing what the database has of it, as long as the lease lasts.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        id::{ProviderId, SyncLogId, TenantId},
        sync::SyncLog,
        timestamp::Timestamp,
    },
    service::TenantRef,
};

use super::{
    error::RunError,
    journal::{Journal, LogDraft},
    lease::LEASE_SECONDS,
    running::Stop,
};
use crate::{
    clock::Clock,
    store::{
        Conn, Lock, Read, Store, StoreResult, Tx, directories,
        syncs::{self as rows, Lease},
        tenants,
    },
};

pub(super) struct HeldProvider {
    store: Store,
    clock: Arc<dyn Clock>,
    /// The run's log, which identifies it.
    run: SyncLogId,
    provider: ProviderId,
    /// The tenant that new users belong to.
    tenant: TenantId,
    is_dry_run: bool,
}

impl HeldProvider {
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>, log: &SyncLog, tenant: TenantId) -> Self {
        Self { store, clock, run: log.id, provider: log.provider, tenant, is_dry_run: log.dry_run }
    }

    pub(super) const fn run(&self) -> SyncLogId {
        self.run
    }

    pub(super) const fn provider(&self) -> ProviderId {
        self.provider
    }

    pub(super) const fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// Whether the run writes more than its log.
    pub(super) const fn writes(&self) -> bool {
        !self.is_dry_run
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) async fn read(&self) -> StoreResult<Read> {
        self.store.read_long().await
    }

    /// Begins a transaction that holds tenant and provider. Fails when the run has been stopped or has lost its lease.
    pub(super) async fn begin(&self) -> Result<Tx, RunError> {
        let mut tx = self.store.begin_long().await?;
        self.hold(&mut tx.conn()).await?;
        Ok(tx)
    }

    /// Begins a transaction whether or not the run has been stopped.
    pub(super) async fn begin_unheld(&self) -> StoreResult<Tx> {
        self.store.begin_long().await
    }

    pub(super) async fn renew(&self, conn: &mut Conn<'_>) -> StoreResult<Lease> {
        rows::renew(conn, self.provider, self.run, self.now().plus_seconds(LEASE_SECONDS)).await
    }

    /// Stores a draft of the log in a transaction of its own.
    pub(super) async fn save(&self, journal: &mut Journal, draft: LogDraft) -> StoreResult<()> {
        journal.save(&self.store, draft).await
    }

    /// Locks the tenant before the provider, the order that everything else locks them in.
    async fn hold(&self, conn: &mut Conn<'_>) -> Result<(), RunError> {
        let tenant = TenantRef::Id(self.tenant);
        if tenants::find_locked(conn, &tenant, Lock::Shared).await?.is_none() {
            return Err(Stop::ProviderGone.into());
        }
        directories::prefer_indexes(conn).await?;
        Stop::of(self.renew(conn).await?).map_or(Ok(()), |stop| Err(stop.into()))
    }
}
