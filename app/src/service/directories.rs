//! Services about directories: their synchronisation, and the users it makes known.

use async_trait::async_trait;

use super::ServiceResult;
use crate::domain::{
    actor::Actor,
    id::{ProviderId, SyncLogId, UserId},
    page::{Page, PageRequest},
    sync::{SyncEntry, SyncEntryFilter, SyncLog, SyncOptions, SyncOverview},
    user::{DirectoryGroup, User, UserDetail, UserFilter, UserNames},
};

/// Synchronises users and groups with the directories that LDAP providers stand for.
#[async_trait]
pub trait Syncs: Send + Sync {
    /// Begins a run and waits up to 25 seconds for its end; a longer one goes on, and its log says `running`.
    ///
    /// # Errors
    ///
    /// `AlreadyRunning` while another run holds the provider. A problem of `provider` when it is no directory, and of
    /// `enabled` when it is switched off. What goes wrong with the directory is in the log, and no error.
    async fn start(&self, actor: &Actor, provider: ProviderId, options: SyncOptions) -> ServiceResult<SyncLog>;

    /// Asks the run that is going on to end. Answers whether there was one.
    async fn cancel(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool>;

    /// How the synchronisation of a provider stands.
    async fn overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview>;

    /// A page of a provider's logs, newest first.
    async fn logs(&self, actor: &Actor, provider: ProviderId, page: PageRequest) -> ServiceResult<Page<SyncLog>>;

    /// One log.
    async fn log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog>;

    /// A page of what a log tells of single entries, in the order they were met.
    async fn entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>>;

    /// A page of the groups of a directory by name; of those whose name or place holds a text, in any letter case.
    async fn groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>>;

    /// The last run that ended of each of these providers, where there is one; dry runs do not count. Providers that the
    /// actor may not view are left out.
    async fn last_of(&self, actor: &Actor, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>>;
}

/// Manages users of tenants, as directories make them known.
#[async_trait]
pub trait Users: Send + Sync {
    /// A page of those within the caller's reach, by user name.
    async fn list(&self, actor: &Actor, filter: &UserFilter, page: PageRequest) -> ServiceResult<Page<User>>;

    /// The names of the tenants that these users belong to and the providers they come from; none for users that the
    /// caller may not see.
    async fn names(&self, actor: &Actor, users: &[User]) -> ServiceResult<UserNames>;

    /// One user with links and groups.
    async fn get(&self, actor: &Actor, id: UserId) -> ServiceResult<UserDetail>;

    /// Keeps a user out, or no longer. No synchronisation lifts a block. The version is not checked when absent.
    async fn set_blocked(
        &self,
        actor: &Actor,
        id: UserId,
        is_blocked: bool,
        expected_version: Option<i64>,
    ) -> ServiceResult<User>;

    /// Lets a user in again whom a synchronisation deactivated. A problem of `active` when a directory still has the
    /// user switched off, or has no longer got the user.
    async fn reactivate(&self, actor: &Actor, id: UserId, expected_version: Option<i64>) -> ServiceResult<User>;

    /// Removes a user whom no directory has any more. A problem of `user` while one does, since the next run would make
    /// the user anew.
    async fn delete(&self, actor: &Actor, id: UserId) -> ServiceResult<()>;
}
