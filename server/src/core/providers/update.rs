//! Updates a provider. A change of its connection reads the discovery document again, unless the options say later.

use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        audit::{AuditAction, AuditObject},
        id::ProviderId,
        problem::{Problem, ProblemCode, ServiceError},
        provider::{
            IdentityProvider, OidcConfig, Protocol, ProviderConfig, ProviderPatch, check_directory_mapping,
            check_patch, detail::LastDiscovery,
        },
    },
    service::{ProviderRef, Rediscover, ServiceResult, UpdateOptions},
};

use super::{
    ProviderService, WHAT, apply, changes,
    create::{check_unread_address, name_taken},
    get_for, ldap, saml, secrets,
};
use crate::{
    core::{
        audit::{AuditEntry, record},
        discovery::discover,
        running::Stop,
    },
    store::providers::{self as rows, StoredProvider},
};

impl ProviderService {
    pub(super) async fn update_provider(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        mut patch: ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<IdentityProvider> {
        let (before, last) = self.get_for_change(actor, provider, options.expected_version).await?;
        patch.assign_label(&before.provider);
        self.check_change(&before.provider, &patch, options).await?;
        let moved = unread_address(&before.provider, &patch, options).map(str::to_owned);
        if let (Rediscover::Later, Some(change)) = (options.rediscover, &mut patch.oidc) {
            change.discovery_url = None;
        }
        let mut after = before.clone();
        apply::patch(&mut after.provider, patch);
        let mut last = last;
        if let (Some(address), ProviderConfig::Oidc(oidc)) = (moved, &mut after.provider.config) {
            apply::address(oidc, &address);
            last = None;
        }
        let discovery = self.discover_if_asked(&before.provider, &mut after.provider, options).await?;
        let action = match (before.provider.enabled, after.provider.enabled) {
            (false, true) => AuditAction::Enabled,
            (true, false) => AuditAction::Disabled,
            _ => AuditAction::Updated,
        };
        after.warnings = apply::warning_count(discovery.as_ref().or(last.as_ref()), &after.provider);
        self.store_change(actor, &before.provider, after, discovery, action).await
    }

    /// Returns all problems of a change at once, before anything is fetched.
    pub(super) async fn check_change(
        &self,
        before: &IdentityProvider,
        patch: &ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<()> {
        let Self { store, outbound, .. } = self;
        let mut problems = check_patch(patch);
        // A malformed name is not looked up: PostgreSQL rejects some of them.
        let name_is_fine = !problems.iter().any(|problem| problem.field == "name");
        if let Some(name) = patch.name.as_ref().filter(|_| name_is_fine) {
            let mut read = store.read().await?;
            problems.extend(name_taken(&mut read.conn(), before.owner, name, Some(before.id)).await?);
        }
        check_protocol(&mut problems, patch, before.config.protocol());
        if before.config.protocol() == Protocol::Saml {
            problems.extend(patch.saml.as_ref().and_then(saml::problem));
        }
        if let (ProviderConfig::Ldap(stored), Some(config)) = (&before.config, &patch.ldap) {
            problems.extend(ldap::problems(outbound.policy(), config, Some(stored)));
        }
        if before.config.protocol() == Protocol::Ldap {
            let extra_fields = patch.extra_fields.value().map(String::as_str);
            problems.extend(check_directory_mapping(patch.attributes.as_ref(), extra_fields, Some(&before.mapping)));
        }
        if let Some(address) = unread_address(before, patch, options) {
            check_unread_address(&mut problems, address);
        }
        if problems.is_empty() { Ok(()) } else { Err(ServiceError::Invalid { problems }) }
    }

    /// The provider with its secrets opened, for a caller who may change it.
    pub(super) async fn get_for_change(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        expected_version: Option<i64>,
    ) -> ServiceResult<(StoredProvider, Option<LastDiscovery>)> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let mut stored = get_for(conn, actor, Permission::ManageProviders, provider).await?;
        if expected_version.is_some_and(|version| version != stored.provider.version) {
            return Err(ServiceError::Conflict { what: WHAT.to_owned(), by: Some(stored.changed_by) });
        }
        // A secret that does not open stays, unless the change brings another one.
        self.secrets.try_open(&mut stored);
        let last = rows::find_discovery(conn, stored.provider.id).await?;
        Ok((stored, last))
    }

    async fn discover_if_asked(
        &self,
        before: &IdentityProvider,
        after: &mut IdentityProvider,
        options: UpdateOptions,
    ) -> ServiceResult<Option<LastDiscovery>> {
        let ProviderConfig::Oidc(oidc) = &mut after.config else { return Ok(None) };
        let connection_changes = before
            .oidc()
            .is_none_or(|old| old.discovery_url != oidc.discovery_url || old.verify_tls != oidc.verify_tls);
        let verify_tls = match options.rediscover {
            Rediscover::Always { verify_tls } => verify_tls,
            Rediscover::WhenConnectionChanges if connection_changes => oidc.verify_tls,
            Rediscover::WhenConnectionChanges | Rediscover::Later => return Ok(None),
        };
        let report = discover(&self.outbound, &oidc.discovery_url, verify_tls, options.demand).await?;
        apply::report(oidc, &report, options.demand);
        Ok(Some(LastDiscovery { at: self.clock.now(), report }))
    }

    /// Stores a changed provider. When nothing differs, only `updated_at` changes, without a new version or an audit
    /// entry.
    pub(super) async fn store_change(
        &self,
        actor: &Actor,
        before: &IdentityProvider,
        mut after: StoredProvider,
        discovery: Option<LastDiscovery>,
        action: AuditAction,
    ) -> ServiceResult<IdentityProvider> {
        let Self { store, clock, secrets, totals, running, .. } = self;
        let now = clock.now();
        secrets::date(Some(before), &mut after.provider, now);
        let is_changed = after.provider != *before || action == AuditAction::Rediscovered;
        after.provider.updated_at = Some(now);
        if is_changed {
            after.provider.version = before.version + 1;
            after.changed_by = actor.name();
        }
        if secrets::is_carried(&after.provider) || !secrets::is_stored(&after.provider) {
            after.sealed_secrets = secrets.seal(&after.provider)?;
        }
        let mut tx = store.begin().await?;
        let conn = &mut tx.conn();
        if !rows::update(conn, &after, before.version).await? {
            drop(tx);
            return Err(self.changed_meanwhile(before.id).await);
        }
        let is_elsewhere = |oidc: &OidcConfig| before.oidc().is_some_and(|old| old.discovery_url != oidc.discovery_url);
        if let Some(discovery) = &discovery {
            rows::put_discovery(conn, after.provider.id, discovery).await?;
        } else if after.provider.oidc().is_some_and(is_elsewhere) {
            // The stored discovery belongs to another address.
            rows::delete_discovery(conn, after.provider.id).await?;
        }
        if is_changed {
            let entry = AuditEntry {
                action,
                object: AuditObject::Provider,
                id: after.provider.id.to_string(),
                name: after.provider.label(),
                tenant: after.provider.owner,
                changes: changes::between(before, &after.provider),
            };
            record(conn, actor, now, entry).await?;
        }
        tx.commit().await?;
        totals.forget();
        if !after.provider.enabled {
            running.stop(after.provider.id, Stop::ProviderGone);
        }
        Ok(if secrets::is_carried(&after.provider) { after.provider } else { secrets.keep_sealed(after) })
    }

    /// The error when another write came between our read and ours: who wrote, or that the provider is gone.
    async fn changed_meanwhile(&self, id: ProviderId) -> ServiceError {
        let mut read = match self.store.read().await {
            Ok(read) => read,
            Err(error) => return error.into(),
        };
        match rows::find(&mut read.conn(), &ProviderRef::Id(id)).await {
            Ok(Some(stored)) => ServiceError::Conflict { what: WHAT.to_owned(), by: Some(stored.changed_by) },
            Ok(None) => ServiceError::not_found(WHAT),
            Err(error) => error.into(),
        }
    }
}

/// The new address of a document that is not read now; `None` for the stored address and its issuer.
fn unread_address<'a>(before: &IdentityProvider, patch: &'a ProviderPatch, options: UpdateOptions) -> Option<&'a str> {
    let oidc = before.oidc().filter(|_| options.rediscover == Rediscover::Later)?;
    let address = patch.oidc.as_ref()?.discovery_url.as_deref()?;
    Some(address).filter(|address| !apply::is_address_of(oidc, address))
}

/// Rejects settings of another protocol than the provider's.
fn check_protocol(problems: &mut Vec<Problem>, patch: &ProviderPatch, spoken: Protocol) {
    for (protocol, is_given) in [
        (Protocol::Oidc, patch.oidc.is_some()),
        (Protocol::Saml, patch.saml.is_some()),
        (Protocol::Ldap, patch.ldap.is_some()),
    ] {
        if is_given && protocol != spoken {
            let message = format!("These settings belong to {}, which this provider does not speak.", protocol.label());
            problems.push(Problem::new(protocol.as_str(), ProblemCode::NotAllowed, message));
        }
    }
}
