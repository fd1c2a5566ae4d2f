//! Updates a provider. A change of its connection reads the discovery document again, unless the options say later.

use std::sync::Arc;

use vestibule_app::{
    domain::{
        actor::Actor,
        audit::AuditAction,
        problem::{Problem, ProblemCode, ServiceError},
        provider::{
            IdentityProvider, Protocol, ProviderConfig, ProviderPatch, check_directory_mapping, check_patch,
            detail::LastDiscovery,
        },
    },
    service::{ProviderRef, Rediscover, ServiceResult, UpdateOptions},
};

use super::{
    ProviderSecrets, apply,
    create::{check_unread_address, name_taken},
    domains,
    get::get_for_change,
    ldap, saml,
    save::ProviderSave,
};
use crate::{clock::Clock, core::discovery::discover, protocol::http::OutboundClient, store::Store};

/// Updates providers.
pub(super) struct ProviderUpdate {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    /// Reads discovery documents.
    pub(super) outbound: OutboundClient,
    pub(super) secrets: ProviderSecrets,
    pub(super) save: ProviderSave,
}

impl ProviderUpdate {
    pub(super) async fn update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        mut patch: ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<IdentityProvider> {
        let Self { store, secrets, save, .. } = self;
        let (before, last) = get_for_change(store, secrets, actor, provider, options.expected_version).await?;
        patch.assign_label(&before.provider);
        self.check_change(actor, &before.provider, &patch, options).await?;
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
        save.store(actor, &before.provider, after, discovery, action).await
    }

    /// Checks a change without storing it.
    pub(super) async fn check(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: &ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<()> {
        let Self { store, secrets, .. } = self;
        let (before, _) = get_for_change(store, secrets, actor, provider, options.expected_version).await?;
        let mut patch = patch.clone();
        patch.assign_label(&before.provider);
        self.check_change(actor, &before.provider, &patch, options).await
    }

    /// Returns all problems of a change at once, before anything is fetched.
    async fn check_change(
        &self,
        actor: &Actor,
        before: &IdentityProvider,
        patch: &ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<()> {
        let Self { store, outbound, .. } = self;
        let mut problems = check_patch(patch);
        problems.extend(domains::problem(actor, &patch.sign_in, &before.sign_in));
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
