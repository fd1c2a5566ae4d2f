//! Asking for a run, waiting for its end, and reading what is told of runs.

use std::time::Duration;

use tokio::sync::oneshot;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject, FieldChange},
        id::{ProviderId, SyncLogId},
        page::{Page, PageRequest},
        problem::{ProblemCode, ServiceError},
        provider::{IdentityProvider, LdapConfig, ProviderConfig},
        sync::{SyncEntry, SyncEntryFilter, SyncLog, SyncMode, SyncOptions, SyncOverview, SyncTrigger, WantedMode},
        user::DirectoryGroup,
    },
    service::{ProviderRef, ServiceResult},
};

use super::SyncService;
use super::{
    WHAT,
    lease::{LEASE_SECONDS, Stop},
    run::{Run, new_log},
};
use crate::{
    core::{
        audit::{AuditEntry, record},
        new_uuid, providers, tenants,
    },
    store::{Conn, directories, syncs as rows},
};

/// How long a request waits for the end of the run that it asked for.
const PATIENCE: Duration = Duration::from_secs(25);

impl SyncService {
    pub(super) async fn start_sync(
        &self,
        actor: &Actor,
        provider: ProviderId,
        options: SyncOptions,
    ) -> ServiceResult<SyncLog> {
        let stored = {
            let mut read = self.store.read().await?;
            let conn = &mut read.conn();
            let reference = ProviderRef::Id(provider);
            providers::get_for(conn, actor, Permission::ManageProviders, &reference).await?.provider
        };
        if !matches!(stored.config, ProviderConfig::Ldap(_)) {
            let message = "Only LDAP identity providers can be synchronised.";
            return Err(ServiceError::invalid("provider", ProblemCode::NotAllowed, message));
        }
        if !stored.enabled {
            let message = "The identity provider is switched off. Enable it to synchronise it.";
            return Err(ServiceError::invalid("enabled", ProblemCode::NotAllowed, message));
        }
        // The caller may go away at any moment, and what was taken has to be let go of.
        let (begun, beginning) = oneshot::channel();
        let (core, actor) = (self.clone(), actor.clone());
        let task = tokio::spawn(async move {
            match core.take_for_sync(&actor, SyncTrigger::Manual, provider, options).await {
                Ok(run) => {
                    let _ = begun.send(Ok(run.id()));
                    run.execute().await;
                }
                Err(error) => {
                    let _ = begun.send(Err(error));
                }
            }
        });
        let id = beginning.await.unwrap_or(Err(ServiceError::Internal))?;
        // Dropping the handle lets the run go on.
        let _ = tokio::time::timeout(PATIENCE, task).await;
        let mut read = self.store.read().await?;
        rows::find(&mut read.conn(), provider, id).await?.ok_or_else(|| ServiceError::not_found(WHAT))
    }

    /// Takes a provider for a run and writes the beginning of its log. Whoever calls this has asked for permission.
    pub(super) async fn take_for_sync(
        &self,
        actor: &Actor,
        trigger: SyncTrigger,
        provider: ProviderId,
        options: SyncOptions,
    ) -> ServiceResult<Run> {
        // Until the run has its signal: a stop of this node waits for that, and no lease is left behind.
        let Some(_beginning) = self.running.admit() else { return Err(ServiceError::Unavailable) };
        let now = self.clock.now();
        let id = SyncLogId(new_uuid());
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let (provider, config) = self.find_directory(conn, provider).await?;
        let until = now.plus_seconds(LEASE_SECONDS);
        rows::shorten_leases(conn, until).await?;
        if !rows::claim(conn, provider.id, id, now, until).await? {
            // A lease that was shortened stays so, or the wait for its end would never end.
            tx.commit().await?;
            return Err(ServiceError::AlreadyRunning { what: WHAT.to_owned() });
        }
        // The run that held it before was not heard of in time.
        self.close_abandoned(conn, Some(provider.id)).await?;
        let tenant = match provider.owner {
            Some(tenant) => tenant,
            None => tenants::default_id(conn).await?,
        };
        let log = new_log(id, &provider, trigger, actor.name(), options, now);
        rows::insert(conn, &log).await?;
        if trigger == SyncTrigger::Manual {
            let entry = audit_entry(AuditAction::SyncStarted, &provider, shown(options));
            record(conn, actor, now, entry).await?;
        }
        tx.commit().await?;
        Ok(Run::new(self, provider, config, tenant, options, log))
    }

    /// A provider that is a directory and switched on, with its secrets.
    async fn find_directory(
        &self,
        conn: &mut Conn<'_>,
        provider: ProviderId,
    ) -> ServiceResult<(IdentityProvider, LdapConfig)> {
        let found = crate::store::providers::find(conn, &ProviderRef::Id(provider)).await?;
        let missing = || ServiceError::not_found(providers::WHAT);
        let provider = self.secrets.open(found.filter(|stored| stored.provider.enabled).ok_or_else(missing)?);
        match &provider.config {
            ProviderConfig::Ldap(config) => {
                let config = config.clone();
                Ok((provider, config))
            }
            ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => Err(missing()),
        }
    }

    pub(super) async fn cancel_sync(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<bool> {
        let now = self.clock.now();
        let mut tx = self.store.begin().await?;
        let conn = &mut tx.conn();
        let reference = ProviderRef::Id(provider);
        let stored = providers::get_for(conn, actor, Permission::ManageProviders, &reference).await?.provider;
        let Some(run) = rows::cancel(conn, provider, now).await? else { return Ok(false) };
        let change = FieldChange { field: "run".to_owned(), before: Some(run.prefixed()), after: None };
        record(conn, actor, now, audit_entry(AuditAction::SyncCancelled, &stored, vec![change])).await?;
        tx.commit().await?;
        self.running.stop(provider, Stop::Cancelled);
        Ok(true)
    }

    pub(super) async fn sync_overview(&self, actor: &Actor, provider: ProviderId) -> ServiceResult<SyncOverview> {
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
            last: rows::last_finished(conn, &[provider]).await?.pop(),
            next_run: is_scheduled.then_some(next_run),
            users: directories::count(conn, provider).await?,
            groups: directories::count_groups(conn, provider).await?,
        })
    }

    pub(super) async fn sync_logs(
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

    pub(super) async fn sync_log(&self, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
        let mut read = self.store.read().await?;
        find_log(&mut read.conn(), actor, provider, id).await
    }

    pub(super) async fn sync_entries(
        &self,
        actor: &Actor,
        provider: ProviderId,
        id: SyncLogId,
        filter: SyncEntryFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SyncEntry>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        find_log(conn, actor, provider, id).await?;
        let mut page = rows::entries(conn, id, filter, page).await?;
        // Only callers who may see users learn who has a name that an entry wants.
        let reference = ProviderRef::Id(provider);
        if providers::get_for(conn, actor, Permission::ViewUsers, &reference).await.is_err() {
            page.items.iter_mut().for_each(SyncEntry::forget_others);
        }
        Ok(page)
    }

    pub(super) async fn directory_groups(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<DirectoryGroup>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        // Who is in a group is told of users, so it takes the right to see those.
        providers::get_for(conn, actor, Permission::ViewUsers, &ProviderRef::Id(provider)).await?;
        Ok(directories::page_of_groups(conn, provider, search, page).await?)
    }

    pub(super) async fn last_syncs(&self, providers: &[ProviderId]) -> ServiceResult<Vec<SyncLog>> {
        if providers.is_empty() {
            return Ok(Vec::new());
        }
        let mut read = self.store.read().await?;
        Ok(rows::last_finished(&mut read.conn(), providers).await?)
    }
}

async fn find_log(conn: &mut Conn<'_>, actor: &Actor, provider: ProviderId, id: SyncLogId) -> ServiceResult<SyncLog> {
    providers::get_for(conn, actor, Permission::ViewProvider, &ProviderRef::Id(provider)).await?;
    rows::find(conn, provider, id).await?.ok_or_else(|| ServiceError::not_found("sync log"))
}

/// What the audit log shows of a run that was asked for.
fn shown(options: SyncOptions) -> Vec<FieldChange> {
    let SyncOptions { mode, dry_run, confirmed_vanished } = options;
    let mode = match mode {
        WantedMode::Auto => "auto",
        WantedMode::Full => SyncMode::Full.as_str(),
        WantedMode::Delta => SyncMode::Delta.as_str(),
    };
    let change = |field: &str, after: String| FieldChange { field: field.to_owned(), before: None, after: Some(after) };
    let mut changes = vec![change("mode", mode.to_owned()), change("dry_run", dry_run.to_string())];
    changes.extend(confirmed_vanished.map(|number| change("confirmed_vanished", number.to_string())));
    changes
}

fn audit_entry(action: AuditAction, provider: &IdentityProvider, changes: Vec<FieldChange>) -> AuditEntry<'_> {
    AuditEntry {
        action,
        object: AuditObject::Provider,
        id: provider.id.to_string(),
        name: provider.label(),
        tenant: provider.owner,
        changes,
    }
}
