//! The only access to the server's core: narrow traits, each about one thing.
//!
//! Methods take the [`Actor`](crate::domain::actor::Actor) first and check its permissions themselves. The few without
//! one are public, or authenticate the caller, or are for the time before there is one; each says so. Methods validate,
//! keep transactions, and write the audit log, so that an operation means the same in every dialect and in the portal.

mod access;
mod connections;
mod directories;
mod providers;
mod records;

use std::sync::Arc;

pub use access::{Administrators, SessionStart, Sessions, SetUp, Tokens};
pub use connections::{Connections, Progress, SamlMetadata};
pub use directories::{Syncs, Users};
pub use providers::{
    Catalogue, Discovery, Impact, LastDiscovery, ProviderDetail, ProviderRef, Providers, Rediscover,
    RediscoveryPreview, UpdateOptions,
};
pub use records::{Assignments, Audit, GroupMappings, Groups, TenantRef, Tenants};

use crate::domain::problem::ServiceError;

/// The result of a service method.
pub type ServiceResult<T> = Result<T, ServiceError>;

/// Everything that the portal and the dialects reach the core through. Cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Identity providers.
    pub providers: Arc<dyn Providers>,
    /// What is shown of providers to callers without a credential.
    pub catalogue: Arc<dyn Catalogue>,
    /// Discovery of OpenID providers before anything is saved.
    pub discovery: Arc<dyn Discovery>,
    /// Tests of connections.
    pub connections: Arc<dyn Connections>,
    /// SAML metadata before anything is saved.
    pub saml_metadata: Arc<dyn SamlMetadata>,
    /// Tenants.
    pub tenants: Arc<dyn Tenants>,
    /// Groups of tenants.
    pub groups: Arc<dyn Groups>,
    /// Which groups of a provider stand for which of a tenant.
    pub group_mappings: Arc<dyn GroupMappings>,
    /// Which tenants' users sign in with which providers.
    pub assignments: Arc<dyn Assignments>,
    /// Synchronisation with directories.
    pub syncs: Arc<dyn Syncs>,
    /// Users of tenants.
    pub users: Arc<dyn Users>,
    /// API tokens.
    pub tokens: Arc<dyn Tokens>,
    /// Administrators of the portal.
    pub administrators: Arc<dyn Administrators>,
    /// Portal sessions.
    pub sessions: Arc<dyn Sessions>,
    /// The first run.
    pub set_up: Arc<dyn SetUp>,
    /// The audit log.
    pub audit: Arc<dyn Audit>,
}
