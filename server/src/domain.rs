//! The types of the domain that the services take and return. Rules that work on them stay inside.

/// Who calls, and what they may do.
pub mod actor {
    pub use vestibule_app::domain::actor::{Actor, Grant, Identity, Role, RoleNeeds};
}

/// Administrators of the portal.
pub mod administrator {
    pub use vestibule_app::domain::administrator::{Administrator, NewAdministrator};
}

/// Which tenants sign in with which providers.
pub mod assignment {
    pub use vestibule_app::domain::assignment::{
        AssignedProvider, AssignedTenant, AssignmentFilter, LinkCandidate, Origin,
    };
}

/// Entries of the audit log.
pub mod audit {
    pub use vestibule_app::domain::audit::{AuditAction, AuditEvent, AuditFilter, AuditObject, FieldChange};
}

/// Connection tests and their reports.
pub mod connection {
    pub use vestibule_app::domain::connection::{
        CertificateSummary, Health, SampleEntry, StepName, StepStatus, TestProgress, TestRecord, TestReport, TestStep,
        TestTrigger,
    };
}

/// What a discovery document says.
pub mod discovery {
    pub use vestibule_app::domain::discovery::{
        Change, DiscoveryReport, Finding, FindingCode, JwksSummary, KeySummary, ProviderMetadata, Severity,
    };
}

/// Groups of tenants, and which groups of providers they stand for.
pub mod group {
    pub use vestibule_app::domain::group::{Group, GroupFilter, GroupMapping, GroupPatch, NewGroup, NewGroupMapping};
}

/// Identifiers.
pub mod id {
    pub use vestibule_app::domain::id::{
        AdministratorId, AuditEventId, ConnectionTestId, DirectoryGroupId, GroupId, GroupMappingId, IdentityLinkId,
        ProviderId, SessionId, SignInId, SyncLogId, TenantId, TokenId, UserId, UserSessionId,
    };
}

/// What a directory says of itself.
pub mod ldap {
    pub use vestibule_app::domain::ldap::{DirectoryReport, DirectoryUser, SchemaAttribute};
}

/// How claims become user fields.
pub mod mapping {
    pub use vestibule_app::domain::mapping::{
        AttributeMapping, ClaimNumber, ClaimValue, Claims, UserField, UserMapping,
    };

    /// Suggestions of a mapping.
    pub mod suggest {
        pub use vestibule_app::domain::mapping::suggest::{
            Candidate, Confidence, FieldSuggestion, SuggestionReason, Vendor,
        };
    }
}

/// Pages of lists.
pub mod page {
    pub use vestibule_app::domain::page::{Page, PageRequest};
}

/// Changes: keep, clear or set.
pub mod patch {
    pub use vestibule_app::domain::patch::Patch;
}

/// Errors of the services.
pub mod problem {
    pub use vestibule_app::domain::problem::{
        DatabaseFault, EndpointFault, EndpointFaultKind, Problem, ProblemCode, ServiceError, UpstreamCause,
    };
}

/// Identity providers and their settings.
pub mod provider {
    pub use vestibule_app::domain::provider::{
        ClientAuthentication, ConfigInput, DeltaStrategy, DiscoveryDemand, EMAIL_NAME_ID, EmailTrust, FieldUpdate,
        IdentityProvider, LdapBind, LdapConfig, LdapGroups, LdapInput, LdapLimits, LdapScope, LdapVendor, LinkExisting,
        Linking, MemberFormat, MissingUsers, NAME_ID, NewProvider, OidcConfig, OidcEndpoints, OidcInput, OidcPatch,
        OidcPrompt, OidcSignIn, OidcSignInPatch, Origin, OwnerFilter, Protocol, ProviderConfig, ProviderFilter,
        ProviderPatch, ProviderSort, ProviderSummary, Provisioning, Reactivate, Referrals, ResponseMode,
        SamlCertificate, SamlConfig, SamlEndpoint, SamlInput, SamlService, SignInPatch, SignInSettings,
        SigningAlgorithm, Slug, SortDirection, SortKey, SyncPolicy, UpdateRules, UserInfoUse,
    };

    /// What is shown beside a provider.
    pub mod detail {
        pub use vestibule_app::domain::provider::detail::{Impact, LastDiscovery, ProviderDetail, RediscoveryPreview};
    }
}

/// What a metadata document says.
pub mod saml_metadata {
    pub use vestibule_app::domain::saml_metadata::{MetadataProvider, MetadataReport, SamlAttribute};
}

/// Secrets that print as dots.
pub mod secret {
    pub use vestibule_app::domain::secret::Secret;
}

/// Sessions of the portal and of users.
pub mod session {
    pub use vestibule_app::domain::session::{SessionSummary, UserSession};
}

/// Attempts to sign in, and their traces.
pub mod sign_in {
    pub use vestibule_app::domain::sign_in::{
        Answered, Asked, AttemptDetail, AttemptFilter, AttemptKind, AttemptOutcome, AttemptSummary, GroupChange,
        LinkChange, PeriodLength, PreviewChange, PreviewGroup, PreviewOutcome, PreviewWarning, ReasonCount, Refusal,
        SignInAttempt, SignInPeriod, SignInPreview, SignInStatistics, SignInTest, StatisticsFilter, StepFailure,
        StepName, TraceStep,
    };
}

/// Runs of synchronisations and their logs.
pub mod sync {
    pub use vestibule_app::domain::sync::{
        EntryAction, EntryCode, EntryObject, Fault, GroupCounts, LeftOut, LinkState, MembershipCounts, Omitted,
        Safeguard, SyncCursor, SyncEntry, SyncEntryFilter, SyncFailure, SyncFailureCode, SyncLog, SyncMode,
        SyncOptions, SyncOverview, SyncServer, SyncStatus, SyncTrigger, UserCounts, WantedMode,
    };
}

/// Tenants.
pub mod tenant {
    pub use vestibule_app::domain::tenant::{
        NewTenant, Tenant, TenantDetail, TenantFilter, TenantImpact, TenantPatch, TenantStatus,
    };
}

/// Moments.
pub mod timestamp {
    pub use vestibule_app::domain::timestamp::Timestamp;
}

/// API tokens.
pub mod token {
    pub use vestibule_app::domain::token::{ApiToken, NewApiToken};
}

/// Users of tenants.
pub mod user {
    pub use vestibule_app::domain::user::{
        Block, DirectoryGroup, DirectoryLink, IdentityLink, Profile, User, UserDetail, UserDirectoryGroup, UserFilter,
        UserGroup, UserStatus, UserSummary,
    };
}
