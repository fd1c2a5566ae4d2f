//! What the binary alone needs of an instance.

use vestibule_app::{domain::actor::Actor, service::ServiceResult};

use super::{Builder, Database, Vestibule};
use crate::{
    core::{key, keys::Keys, vault::Vault},
    store::Store,
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

    /// Serves no requests and runs no jobs.
    pub(crate) fn offline(mut self) -> Self {
        self.serves = false;
        self
    }
}

impl Vestibule {
    /// Seals every secret again with the active key of a vault.
    pub(crate) async fn reseal(&self, actor: &Actor, vault: &Vault) -> ServiceResult<u64> {
        key::reseal_all(actor, &self.store, &*self.clock, vault).await
    }
}
