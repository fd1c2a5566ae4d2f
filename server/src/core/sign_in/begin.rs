//! Beginning a sign-in: which tenant, which provider, and the way there.

use std::sync::Arc;

use url::Url;
use vestibule_app::{
    domain::{
        id::{SignInId, TenantId},
        problem::{ProblemCode, ServiceError},
        sign_in::{AttemptKind, AttemptOutcome, ReturnTo, SignInAttempt},
        tenant::{Tenant, TenantStatus},
    },
    service::{
        ProofRequest, ProviderChoice, ProviderRef, ServiceResult, SignInRequest, SignInStep, StartCookie, TenantRef,
    },
};

use super::{
    attempts::{AttemptLog, AttemptRecord},
    proof::PendingLink,
    protocols::SignInProtocols,
    replacement::{Replaced, Replacement},
    start::{Start, StartSealer, key_of},
};
use crate::{
    clock::Clock,
    core::{new_uuid, public_address::PublicAddress, random::reference, tenants::default_id},
    protocol::{
        recorder::Recorder,
        sign_in::{Hints, ProtocolRequest},
    },
    store::{
        Conn, Lock, Store,
        providers::StoredProvider,
        sign_in::serving::{self, Choice},
        tenants,
    },
};

/// The most providers that a page shows.
const MAX_CHOICES: usize = 100;

/// Begins sign-ins.
pub(super) struct SignInBeginning {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) starts: StartSealer,
    pub(super) address: PublicAddress,
    /// For `return_to`.
    pub(super) base_url: Url,
    pub(super) protocols: SignInProtocols,
    pub(super) attempts: AttemptLog,
    pub(super) replacement: Replacement,
}

impl SignInBeginning {
    pub(super) async fn begin(&self, request: &SignInRequest, session: Option<&str>) -> ServiceResult<SignInStep> {
        let proves = request.proof.as_ref().map(|proof| self.pending(proof)).transpose()?;
        let (tenant, mut usable) = {
            let mut read = self.store.read().await?;
            let conn = &mut read.conn();
            let tenant = self.tenant(conn, request.tenant.as_deref()).await?;
            let mut usable = self.usable(conn, tenant.id, request).await?;
            if let Some(pending) = &proves {
                let linked = serving::list_of_user(conn, tenant.id, pending.user, pending.provider).await?;
                usable.retain(|stored| linked.iter().any(|linked| linked.provider.id == stored.provider.id));
            }
            (tenant, usable)
        };
        if proves.as_ref().is_some_and(|pending| pending.tenant != tenant.id) {
            return Err(unproven());
        }
        let is_complete = usable.len() <= MAX_CHOICES;
        // Of providers that are not listed, the origins are not known yet.
        if is_complete && request.search.is_none() {
            self.check_return_to(request.return_to.as_deref(), &usable)?;
        }
        match usable.len() {
            // The page of a search has a form, after which browsers follow no redirect to a provider.
            _ if request.search.is_some() => Ok(choose(tenant, usable, is_complete)),
            0 => Err(ServiceError::not_found("identity provider")),
            1 => match self.replacement.decide(&tenant, request, session).await? {
                Replaced::Ask(question) => Ok(question),
                Replaced::Agreed(replaces) => {
                    self.request(&tenant, usable.remove(0), request, (replaces, proves)).await
                }
            },
            _ => Ok(choose(tenant, usable, is_complete)),
        }
    }

    /// The link that waits for its proof in this browser.
    fn pending(&self, proof: &ProofRequest) -> ServiceResult<PendingLink> {
        let key = key_of(&proof.token);
        let sealed = proof.starts.iter().find(|(name, _)| *name == key).map(|(_, sealed)| sealed);
        let pending = sealed.and_then(|sealed| self.starts.open_link(&proof.token, sealed));
        pending.filter(|pending| !pending.is_over(self.clock.now())).ok_or_else(unproven)
    }

    /// The tenant that is meant: named, or the default one.
    async fn tenant(&self, conn: &mut Conn<'_>, named: Option<&str>) -> ServiceResult<Tenant> {
        let tenant = match named {
            Some(name) => {
                let by_id = name.parse::<TenantId>().ok().map(TenantRef::Id);
                let reference = by_id.unwrap_or_else(|| TenantRef::Slug(name.to_owned()));
                tenants::find_locked(conn, &reference, Lock::None).await?
            }
            None => {
                let id = default_id(conn).await?;
                tenants::find(conn, id).await?
            }
        };
        tenant.filter(|tenant| tenant.status == TenantStatus::Active).ok_or_else(|| ServiceError::not_found("tenant"))
    }

    /// The tenant's providers with which people can sign in, as far as the request leaves a choice.
    async fn usable(
        &self,
        conn: &mut Conn<'_>,
        tenant: TenantId,
        request: &SignInRequest,
    ) -> ServiceResult<Vec<StoredProvider>> {
        let issuer = request.issuer.as_deref();
        let protocols = self.protocols.names();
        let mut usable = match &request.provider {
            Some(name) => {
                let by_id = name.parse().ok().map(ProviderRef::Id);
                let reference = by_id.unwrap_or_else(|| ProviderRef::Slug(name.clone()));
                let mut found: Vec<_> = serving::find(conn, tenant, &reference).await?.into_iter().collect();
                found.retain(|StoredProvider { provider, .. }| {
                    protocols.contains(&provider.config.protocol())
                        && (issuer.is_none() || issuer == provider.config.issuer())
                });
                found
            }
            None => {
                let search = request.search.as_deref();
                // One more than is shown, which says whether these are all.
                let choice = Choice { protocols: &protocols, issuer, search, limit: MAX_CHOICES + 1 };
                serving::list(conn, tenant, choice).await?
            }
        };
        usable.sort_by_key(|stored| stored.provider.label().to_lowercase());
        Ok(usable)
    }

    /// Checks `return_to` against the origins of every provider that may be chosen; it is checked again for the one that was.
    fn check_return_to(&self, return_to: Option<&str>, usable: &[StoredProvider]) -> ServiceResult<()> {
        let Some(return_to) = return_to else { return Ok(()) };
        let allowed: Vec<_> = usable.iter().flat_map(|stored| stored.provider.allowed_redirects.clone()).collect();
        match ReturnTo::parse(return_to, &self.base_url, &allowed) {
            Ok(_) => Ok(()),
            Err(problem) => {
                let message = format!("The address to return to (return_to) cannot be used: {problem}.");
                Err(ServiceError::invalid("return_to", ProblemCode::NotAllowed, message))
            }
        }
    }

    async fn request(
        &self,
        tenant: &Tenant,
        stored: StoredProvider,
        request: &SignInRequest,
        (replaces, proves): (Option<String>, Option<PendingLink>),
    ) -> ServiceResult<SignInStep> {
        let provider = &stored.provider;
        let protocol = self.protocols.of(provider).ok_or_else(|| ServiceError::not_found("identity provider"))?;
        let internal = |error| {
            tracing::error!(%error, "a sign-in cannot begin");
            ServiceError::Internal
        };
        let return_to = request.return_to.as_deref();
        let landing = return_to.and_then(|to| ReturnTo::parse(to, &self.base_url, &provider.allowed_redirects).ok());
        let landing_origin = landing.and_then(|landing| landing.other_origin(&self.base_url));
        let state = self.starts.new_state(landing_origin.as_deref()).map_err(internal)?;
        let callback_url = self.address.callback_url(provider.id);
        let hints = Hints {
            login_hint: request.login_hint.clone(),
            // The person proves the account, and not that somebody signed in with it lately.
            prompt: if proves.is_some() { Some("login".to_owned()) } else { request.prompt.clone() },
            ui_locales: request.ui_locales.clone(),
        };
        let trace = Recorder::default();
        let authentication = ProtocolRequest {
            provider,
            callback_url: &callback_url,
            state: state.expose(),
            hints: &hints,
            trace: &trace,
        };
        let attempt = SignInAttempt {
            id: SignInId(new_uuid()),
            reference: reference(),
            kind: AttemptKind::Real,
            outcome: AttemptOutcome::Started,
            reason: None,
            tenant: Some(tenant.id),
            provider: Some(provider.id),
            user: None,
            started_at: self.clock.now(),
            ended_at: None,
        };
        let redirect = protocol.request(authentication).await.map_err(|fault| {
            let reference = attempt.reference.clone();
            tracing::warn!(%reference, provider = %provider.id, message = %fault.message, "a sign-in cannot begin");
            let attempt = SignInAttempt {
                outcome: AttemptOutcome::Failed,
                reason: trace.failed_step().map(|step| step.as_str().to_owned()),
                ended_at: Some(self.clock.now()),
                ..attempt.clone()
            };
            self.attempts.record(AttemptRecord { attempt, steps: trace.take(), claims: None });
            ServiceError::NotFound { what: "identity provider".to_owned() }
        })?;
        let start = Start {
            id: attempt.id,
            reference: attempt.reference.clone(),
            at: attempt.started_at,
            tenant: tenant.id,
            provider: provider.id,
            return_to: request.return_to.clone(),
            replaces,
            carried: redirect.carried,
            proves,
        };
        let value = self.starts.seal(&state, &start).map_err(internal)?;
        let start = StartCookie { key: key_of(state.expose()), value };
        self.attempts.record(AttemptRecord { attempt, steps: trace.take(), claims: None });
        Ok(SignInStep::Redirect { url: redirect.url.into(), start })
    }
}

fn unproven() -> ServiceError {
    let message = "It took longer than ten minutes, or began in another browser. Sign in again.";
    ServiceError::invalid("proof", ProblemCode::NotAllowed, message)
}

fn choose(tenant: Tenant, mut usable: Vec<StoredProvider>, is_complete: bool) -> SignInStep {
    usable.truncate(MAX_CHOICES);
    let choice = |StoredProvider { provider, .. }| ProviderChoice {
        label: provider.label().to_owned(),
        slug: provider.slug.to_string(),
    };
    SignInStep::Choose { tenant: tenant.name, providers: usable.into_iter().map(choice).collect(), is_complete }
}
