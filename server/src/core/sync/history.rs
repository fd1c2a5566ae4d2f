//! Reading the state of a provider's synchronisation, its logs, and the groups that its runs found.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::{ProviderId, SyncLogId},
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::ProviderConfig,
        sync::{SyncEntry, SyncEntryFilter, SyncLog, SyncOverview},
        user::DirectoryGroup,
    },
    service::{ProviderRef, ServiceResult},
};

use crate::{
    clock::Clock,
    core::{
        permission::{VisibleTenants, require_somewhere},
        providers,
    },
    store::{Conn, Store, directories, syncs as rows},
};

/// Reads what runs left behind.
#[derive(Clone)]
pub(super) struct SyncHistory {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
}

impl SyncHistory {
    pub(super) async fn get_overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let reference = ProviderRef::Id(provider);
        let stored = providers::get_for(conn, actor, Permission::ViewProvider, &reference).await?.provider;
        let state = rows::find_state(conn, provider).await?;
        let now = self.clock.now();
        let running = match state.as_ref().and_then(|state| state.holder).filter(|(_, until)| *until >= now) {
            Some((run, _)) => rows::find(conn, provider, run).await?,
            None => None,
        };
        let is_scheduled = match &stored.config {
            ProviderConfig::Ldap(config) => stored.enabled && config.sync.enabled,
            ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => false,
        };
        let next_run = state.map_or(now, |state| state.next_run_at.max(now));
        Ok(SyncOverview {
            as_of: now,
            running,
            last: rows::list_last_finished(conn, &[provider]).await?.pop(),
            next_run: is_scheduled.then_some(next_run),
            users: directories::count_users(conn, provider).await?,
            groups: directories::count_groups(conn, provider).await?,
        })
    }

    pub(super) async fn list_logs(
        &self,
        actor: &Actor,
        provider: ProviderId,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncLog>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        providers::get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
        Ok(rows::list(conn, provider, page).await?)
    }

    pub(super) async fn get_log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
        let mut read = self.store.read().await?;
        get_log(&mut read.conn(), actor, provider, id).await
    }

    pub(super) async fn list_entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        get_log(conn, actor, provider, id).await?;
        let mut page = rows::list_entries(conn, id, filter, page).await?;
        // Only callers who may see users learn which user has the name that an entry wants.
        let reference = ProviderRef::Id(provider);
        if providers::get_for(conn, actor, Permission::ViewUsers, &reference).await.is_err() {
            page.items.iter_mut().for_each(SyncEntry::hide_other_user);
        }
        Ok(page)
    }

    pub(super) async fn list_groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        // Groups and the number of their members say something about users.
        providers::get_for(conn, actor, Permission::ViewUsers, &ProviderRef::Id(provider)).await?;
        Ok(directories::list_groups_page(conn, provider, search, page).await?)
    }

    pub(super) async fn list_last(&self, actor: &Actor, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>> {
        require_somewhere(actor, Permission::ViewProvider)?;
        if providers.is_empty() {
            return Ok(Vec::new());
        }
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let mut tenants = VisibleTenants::new(actor, Permission::ViewProvider);
        let mut visible = Vec::new();
        for log in rows::list_last_finished(conn, providers).await? {
            if tenants.contains(conn, log.tenant).await? {
                visible.push(log);
            }
        }
        Ok(visible)
    }
}

async fn get_log(conn: &mut Conn<'_>, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
    providers::get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
    rows::find(conn, provider, id).await?.ok_or_else(|| ServiceError::not_found("sync log"))
}
