//! Services about directories: their synchronisation, and the users that it imports.

use async_trait::async_trait;

use super::ServiceResult;
use crate::domain::{
    actor::Actor,
    id::{IdentityLinkId, ProviderId, SyncLogId, UserId},
    page::{Page, PageRequest},
    sync::{SyncEntry, SyncEntryFilter, SyncLog, SyncOptions, SyncOverview},
    user::{DirectoryGroup, IdentityLink, User, UserDetail, UserFilter, UserSummary},
};

/// Synchronises users and groups with the directories that LDAP providers stand for.
#[async_trait]
pub trait Syncs: Send + Sync {
    /// Starts a run and waits up to 25 s for its end. A longer one goes on, and its log says `running`.
    ///
    /// # Errors
    ///
    /// `AlreadyRunning` while another run holds the provider. A problem of `provider` when it is not a directory, and
    /// of `enabled` when it is disabled. Failures of the directory are in the log and are not errors.
    async fn start(&self, actor: &Actor, provider: ProviderId, options: SyncOptions) -> ServiceResult<SyncLog>;

    /// Cancels the provider's run. Returns whether there was one.
    async fn cancel(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool>;

    /// The state of a provider's synchronisation.
    async fn get_overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview>;

    /// A page of a provider's logs, newest first.
    async fn list_logs(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<SyncLog>>;

    /// One log.
    async fn get_log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog>;

    /// A page of a log's entries, in the order in which they were processed.
    async fn list_entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>>;

    /// A page of the groups of a directory by name, of those whose name or distinguished name contains a text in any
    /// letter case.
    async fn list_groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>>;

    /// The last run that ended of each of these providers, where there is one; dry runs do not count. Providers that
    /// the actor may not view are left out.
    async fn list_last(&self, actor: &Actor, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>>;
}

/// Manages the users of tenants, which are imported from directories.
#[async_trait]
pub trait Users: Send + Sync {
    /// A page of those within the caller's reach, by user name.
    async fn list(&self, actor: &Actor, filter: &UserFilter, page: PageRequest) -> ServiceResult<Page<User>>;

    /// The same page as rows.
    async fn list_summaries(
        &self,
        actor: &Actor,
        filter: &UserFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<UserSummary>>;

    /// One user with links and groups.
    async fn get(&self, actor: &Actor, id: UserId) -> ServiceResult<UserDetail>;

    /// Blocks or unblocks a user. No synchronisation lifts a block. The version is not checked when absent.
    async fn set_blocked(
        &self,
        actor: &Actor,
        id: UserId,
        is_blocked: bool,
        expected_version: Option<i64>,
    ) -> ServiceResult<User>;

    /// Reactivates a user whom a synchronisation deactivated. A problem of `active` while a directory has the user
    /// switched off, or when no directory has the user any more.
    async fn reactivate(&self, actor: &Actor, id: UserId, expected_version: Option<i64>) -> ServiceResult<User>;

    /// The people at providers who sign in as a user, the last used first.
    async fn list_identity_links(&self, actor: &Actor, id: UserId) -> ServiceResult<Vec<IdentityLink>>;

    /// Removes such a link, and ends the user's sessions that began with its provider. The person signs in as this user no
    /// more, unless the provider's settings link them again.
    async fn delete_identity_link(&self, actor: &Actor, id: UserId, link: IdentityLinkId) -> ServiceResult<()>;

    /// Deletes a user whom no directory has any more. A problem of `user` while one does, since the next run would
    /// create the user again.
    async fn delete(&self, actor: &Actor, id: UserId) -> ServiceResult<()>;
}
