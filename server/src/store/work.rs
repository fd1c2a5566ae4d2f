//! The kinds of work whose transactions are limited together.

/// A kind of work. At most half of the connections to PostgreSQL are in transactions of one kind, so work that waits for
/// a lock leaves connections to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Work {
    /// Start-up and the command line.
    #[default]
    Setup,
    Administrators,
    Assignments,
    Audit,
    ConnectionTests,
    GroupMappings,
    Groups,
    Providers,
    /// Waits for runs that write to the same provider.
    ProviderDeletion,
    Sessions,
    /// People who sign in.
    SignIns,
    /// Traces of sign-ins, which are written in the background.
    SignInAttempts,
    /// Claiming runs and closing their logs.
    Syncs,
    /// All that runs write. A run holds one transaction at a time, so eight runs of a node write at once.
    SyncRuns,
    /// Renewing leases: a run that waits for runs to write keeps its provider meanwhile.
    SyncLeases,
    /// Also waits for runs that write to a provider of the tenant.
    Tenants,
    Tokens,
    Users,
}
