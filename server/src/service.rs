//! The services of [`Vestibule::services`](crate::Vestibule::services), with the same permissions, checks and audit entries as the
//! portal and the dialects.

pub use vestibule_app::service::{
    Administrators, Assignments, Audit, Catalogue, CompletedSignIn, Connections, Discovery, GroupMappings, Groups,
    Progress, ProviderRef, Providers, Rediscover, SamlMetadata, ServiceResult, Services, SessionStart, Sessions, SetUp,
    SignInAttempts, SignInTests, SignedInUser, Syncs, TenantRef, Tenants, Tokens, UpdateOptions, UserSessions, Users,
};
