//! What the binary alone needs of an instance.

use axum::Router;
use vestibule_app::{domain::actor::Actor, service::ServiceResult};

use super::{Builder, Database, Vestibule};
use crate::{
    core::{SessionLifetimes, key, keys::Keys, vault::Vault},
    store::Store,
    web,
};

impl Builder {
    /// Uses a database that is open.
    pub(crate) fn store(mut self, store: Store) -> Self {
        self.database = Some(Database::Opened(store));
        self
    }

    /// Keys that can be read again while the instance runs.
    pub(crate) fn keys(mut self, keys: Keys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// How long sessions of users last.
    pub(crate) fn session_lifetimes(mut self, lifetimes: SessionLifetimes) -> Self {
        self.session_lifetimes = lifetimes;
        self
    }

    /// Serves no requests and runs no jobs.
    pub(crate) fn offline(mut self) -> Self {
        self.serves = false;
        self
    }
}

impl Vestibule {
    /// [`Self::metrics_router`] with a guard around the route. What the guard answers is logged and counted as well.
    pub(crate) fn guarded_metrics_router(&self, guard: impl FnOnce(Router) -> Router) -> Router {
        web::metrics_router(self.metrics.clone(), self.trusted_proxies.clone(), guard)
    }

    /// Seals every secret again with the active key of a vault.
    pub(crate) async fn reseal(&self, actor: &Actor, vault: &Vault) -> ServiceResult<u64> {
        key::reseal_all(actor, &self.store, &*self.clock, vault).await
    }
}
