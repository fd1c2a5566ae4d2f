//! What Vestibule does: implements the services over the store and the protocols.
//!
//! Permission, validation, transactions, secrets and the audit log are settled here, once, for every dialect and the
//! portal. Nothing here knows HTTP.

mod administrators;
mod assignments;
mod attempts;
mod audit;
mod clock;
mod connections;
mod discovery;
mod errors;
mod group_mappings;
mod groups;
pub(crate) mod key;
pub(crate) mod keys;
mod passwords;
mod providers;
pub(crate) mod random;
mod saml_metadata;
mod sessions;
mod set_up;
mod sync;
mod tenants;
mod tokens;
mod totals;
mod touch;
mod users;
pub(crate) mod vault;

use std::sync::Arc;

use url::Url;
use vestibule_app::{
    domain::{
        actor::{Actor, Decision, Owner, Permission},
        id::{ProviderId, TenantId},
        problem::ServiceError,
    },
    service::{ServiceResult, Services},
};

pub use clock::{Clock, SystemClock};
pub use connections::ConnectionTests;
pub(crate) use connections::Tests;
pub(crate) use errors::chain as error_chain;
pub(crate) use random::new_uuid;

use self::{
    keys::Keys,
    passwords::Passwords,
    sync::{Running, SyncService},
    totals::Totals,
};
use crate::{
    protocol::http::OutboundClient,
    store::{Conn, Presence, Store, StoreResult, tenants as tenant_rows},
};

/// The core with everything it needs. Shared by all requests.
pub(crate) struct Core {
    pub(crate) store: Store,
    pub(crate) keys: Arc<Keys>,
    pub(crate) clock: Arc<dyn Clock>,
    outbound: OutboundClient,
    passwords: Passwords,
    totals: Totals,
    pub(crate) tests: Tests,
    pub(crate) syncs: SyncService,
    /// The synchronisations of this node.
    running: Arc<Running>,
    /// Shows other processes that this one lives, for as long as anything of it runs.
    pub(crate) presence: Presence,
    /// The public address, with the mount path and without a trailing slash.
    base_url: String,
}

impl Core {
    /// Puts the core together.
    pub(crate) fn new(
        store: Store,
        keys: Keys,
        outbound: OutboundClient,
        clock: Arc<dyn Clock>,
        base_url: &Url,
        tests: Tests,
    ) -> Self {
        let (keys, running) = (Arc::new(keys), Arc::new(Running::default()));
        let syncs = SyncService::new(store.clone(), clock.clone(), keys.clone(), outbound.clone(), running.clone());
        Self {
            store,
            keys,
            clock,
            outbound,
            syncs,
            running,
            passwords: Passwords::default(),
            totals: Totals::default(),
            tests,
            presence: Presence::default(),
            base_url: base_url.as_str().trim_end_matches('/').to_owned(),
        }
    }

    /// Where a provider sends users back to.
    fn callback_url(&self, provider: ProviderId) -> String {
        format!("{}/callback/{provider}", self.base_url)
    }

    /// The services over this core.
    pub(crate) fn services(self: &Arc<Self>) -> Services {
        Services {
            providers: self.clone(),
            catalogue: self.clone(),
            discovery: self.clone(),
            connections: self.clone(),
            saml_metadata: self.clone(),
            tenants: self.clone(),
            groups: self.clone(),
            group_mappings: self.clone(),
            assignments: self.clone(),
            syncs: Arc::new(self.syncs.clone()),
            users: self.clone(),
            tokens: self.clone(),
            administrators: self.clone(),
            sessions: self.clone(),
            set_up: self.clone(),
            audit: self.clone(),
        }
    }
}

/// Turns a decision into an error: what is hidden looks like what does not exist.
fn require(actor: &Actor, permission: Permission, owner: Owner<'_>, what: &str) -> ServiceResult<()> {
    match actor.decide(permission, owner) {
        Decision::Allowed => Ok(()),
        Decision::Unauthenticated => Err(ServiceError::Unauthenticated),
        Decision::Denied => Err(ServiceError::Forbidden),
        Decision::Hidden => Err(ServiceError::not_found(what)),
    }
}

/// Turns the decision about a list into an error; what the list shows is the caller's reach.
fn require_anywhere(actor: &Actor, permission: Permission) -> ServiceResult<()> {
    match actor.decide_anywhere(permission) {
        Decision::Allowed => Ok(()),
        Decision::Unauthenticated => Err(ServiceError::Unauthenticated),
        Decision::Denied | Decision::Hidden => Err(ServiceError::Forbidden),
    }
}

/// Stops callers who may do this to nothing at all before anything is looked up, so that they learn nothing about what
/// exists.
fn require_somewhere(actor: &Actor, permission: Permission) -> ServiceResult<()> {
    match actor.decide_anywhere(permission) {
        Decision::Allowed | Decision::Hidden => Ok(()),
        Decision::Unauthenticated => Err(ServiceError::Unauthenticated),
        Decision::Denied => Err(ServiceError::Forbidden),
    }
}

/// Who owns what belongs to a tenant, or to the platform when there is none.
struct OwnedBy {
    tenant: Option<(TenantId, Option<String>)>,
}

impl OwnedBy {
    async fn load(conn: &mut Conn<'_>, tenant: Option<TenantId>) -> StoreResult<Self> {
        let Some(id) = tenant else { return Ok(Self { tenant: None }) };
        let partner = tenant_rows::find(conn, id).await?.and_then(|tenant| tenant.partner);
        Ok(Self { tenant: Some((id, partner)) })
    }

    fn owner(&self) -> Owner<'_> {
        match &self.tenant {
            None => Owner::Platform,
            Some((id, partner)) => Owner::Tenant { id: *id, partner: partner.as_deref() },
        }
    }
}
