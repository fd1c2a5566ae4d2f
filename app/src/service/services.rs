//! One of each service.

use std::sync::Arc;

use super::{
    Administrators, Assignments, Audit, Catalogue, Connections, Discovery, GroupMappings, Groups, Providers,
    SamlMetadata, Sessions, SetUp, SignInAttempts, SignInTests, SignIns, Syncs, Tenants, Tokens, UserSessions, Users,
};

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
    /// Signing people in.
    pub sign_ins: Arc<dyn SignIns>,
    /// Sessions of users who signed in.
    pub user_sessions: Arc<dyn UserSessions>,
    /// Attempts to sign in.
    pub sign_in_attempts: Arc<dyn SignInAttempts>,
    /// Trying providers out.
    pub sign_in_tests: Arc<dyn SignInTests>,
    /// The first run.
    pub set_up: Arc<dyn SetUp>,
    /// The audit log.
    pub audit: Arc<dyn Audit>,
}
