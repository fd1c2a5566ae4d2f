//! Starting a run: on request, or for the schedule.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::sync::oneshot;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, FieldChange},
        id::{ProviderId, SyncLogId},
        problem::{ProblemCode, ServiceError},
        provider::ProviderConfig,
        sync::{SyncLog, SyncOptions, SyncTrigger},
    },
    service::{ProviderRef, ServiceResult},
};

use super::{
    WHAT, audit_entry,
    lease::LEASE_SECONDS,
    maintenance::close_logs,
    run::{Run, RunResources, SyncTarget, new_log},
};
use crate::{
    core::{
        audit::record,
        new_uuid,
        providers::{self, ProviderSecrets},
        tenants,
    },
    store::{Conn, Presence, syncs as rows},
    trace_context,
};

/// How long a request waits for the end of the run that it started.
const WAIT: Duration = Duration::from_secs(25);

/// Starts runs. A run in the background holds a clone, since it outlives the request that started it.
#[derive(Clone)]
pub(super) struct RunStarter {
    /// What the runs use, and nothing more.
    pub(super) resources: RunResources,
    /// Opens bind passwords.
    pub(super) secrets: ProviderSecrets,
    /// Shows other processes that this one lives, for as long as a run does.
    pub(super) _presence: Arc<Mutex<Presence>>,
}

impl RunStarter {
    pub(super) async fn start(
        &self,
        actor: &Actor,
        provider: ProviderId,
        options: SyncOptions,
    ) -> ServiceResult<SyncLog> {
        let store = &self.resources.store;
        let stored = {
            let mut read = store.read().await?;
            let conn = &mut read.conn();
            let reference = ProviderRef::Id(provider);
            providers::get_for(conn, actor, Permission::ManageProviders, &reference).await?.provider
        };
        if !matches!(stored.config, ProviderConfig::Ldap(_)) {
            let message = "Only LDAP identity providers can be synchronised.";
            return Err(ServiceError::invalid("provider", ProblemCode::NotAllowed, message));
        }
        if !stored.enabled {
            let message = "The identity provider is disabled. Enable it to synchronise it.";
            return Err(ServiceError::invalid("enabled", ProblemCode::NotAllowed, message));
        }
        // A task of its own, since the caller may disconnect at any moment and the lease must be released all the same.
        let (sender, started) = oneshot::channel();
        let (starter, actor) = (self.clone(), actor.clone());
        let task = tokio::spawn(trace_context::carried(async move {
            match starter.claim(&actor, SyncTrigger::Manual, provider, options).await {
                Ok(run) => {
                    let _ = sender.send(Ok(run.id()));
                    run.execute().await;
                }
                Err(error) => {
                    let _ = sender.send(Err(error));
                }
            }
        }));
        let id = started.await.unwrap_or(Err(ServiceError::Internal))?;
        // When the time is up, the handle is dropped and the run goes on.
        let _ = tokio::time::timeout(WAIT, task).await;
        let mut read = store.read().await?;
        rows::find(&mut read.conn(), provider, id).await?.ok_or_else(|| ServiceError::not_found(WHAT))
    }

    /// Claims a provider for a run and inserts the run's log. The caller has checked the permission.
    pub(super) async fn claim(
        &self,
        actor: &Actor,
        trigger: SyncTrigger,
        provider: ProviderId,
        options: SyncOptions,
    ) -> ServiceResult<Run> {
        // Held until the run can be stopped: a shutdown of this node waits for it, so no lease stays behind.
        let RunResources { store, clock, running, .. } = &self.resources;
        let Some(_start) = running.admit() else { return Err(ServiceError::Unavailable) };
        let now = clock.now();
        let id = SyncLogId(new_uuid());
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        let target = get_target(conn, &self.secrets, provider).await?;
        let until = now.plus_seconds(LEASE_SECONDS);
        rows::shorten_leases(conn, until).await?;
        if !rows::claim(conn, provider, id, now, until).await? {
            // Committed, so that a lease that was shortened stays so: otherwise it might never run out.
            tx.commit().await?;
            return Err(ServiceError::AlreadyRunning { what: WHAT.to_owned() });
        }
        // The run that held the provider before did not renew its lease in time.
        close_logs(conn, now, Some(provider)).await?;
        let log = new_log(id, &target.provider, trigger, actor.name(), options, now);
        rows::insert(conn, &log).await?;
        if trigger == SyncTrigger::Manual {
            record(conn, actor, now, audit_entry(AuditAction::SyncStarted, &target.provider, audited(options))).await?;
        }
        tx.commit().await?;
        Ok(Run::new(&self.resources, target, options, log))
    }
}

/// The directory of an enabled LDAP provider, with its secrets.
async fn get_target(conn: &mut Conn<'_>, secrets: &ProviderSecrets, provider: ProviderId) -> ServiceResult<SyncTarget> {
    let found = crate::store::providers::find(conn, &ProviderRef::Id(provider)).await?;
    let missing = || ServiceError::not_found(providers::WHAT);
    let stored = found.filter(|stored| stored.provider.enabled).ok_or_else(missing)?;
    let provider = secrets.open(stored);
    let config = match &provider.config {
        ProviderConfig::Ldap(config) => config.clone(),
        ProviderConfig::Oidc(_) | ProviderConfig::Saml(_) => return Err(missing()),
    };
    let tenant = match provider.owner {
        Some(tenant) => tenant,
        None => tenants::default_id(conn).await?,
    };
    Ok(SyncTarget { provider, config, tenant })
}

/// What the audit log shows of the options of a run.
fn audited(options: SyncOptions) -> Vec<FieldChange> {
    let SyncOptions { mode, dry_run, confirmed_vanished } = options;
    let change = |field: &str, after: String| FieldChange { field: field.to_owned(), before: None, after: Some(after) };
    let mut changes = vec![change("mode", mode.as_str().to_owned()), change("dry_run", dry_run.to_string())];
    changes.extend(confirmed_vanished.map(|number| change("confirmed_vanished", number.to_string())));
    changes
}
