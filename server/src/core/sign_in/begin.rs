//! Beginning a sign-in: which tenant, which provider, and the way there.

use std::sync::Arc;

use url::Url;
use vestibule_app::{
    domain::{
        id::{SignInId, TenantId},
        problem::ServiceError,
        sign_in::{AttemptKind, AttemptOutcome, ReturnTo, SignInAttempt, StepName},
        tenant::{Tenant, TenantStatus},
    },
    service::{
        ProofRequest, ProviderChoice, ProviderRef, SignInRequest, SignInStep, StartCookie, StartRefusal, TenantRef,
        TraceReference,
    },
};

use super::{
    attempts::{AttemptLog, AttemptRecord, Evidence},
    failure::Obstacle,
    proof::PendingLink,
    protocols::SignInProtocols,
    reason::{
        NO_PROTOCOL, NO_PROVIDER, OTHER_ISSUER, PROVIDER_DELETED, PROVIDER_UNKNOWN, TENANT_UNKNOWN, TENANT_UNUSABLE,
        USED_TICKET,
    },
    replacement::{Replaced, Replacement},
    serving::why_not_serving,
    start::{Start, StartSealer, key_of},
    ticket::{Ticket, TicketSealer},
};
use crate::{
    clock::Clock,
    core::{new_uuid, public_address::PublicAddress, random::reference, tenants::default_id},
    protocol::{
        recorder::Recorder,
        sign_in::{Hints, ProtocolRequest},
    },
    store::{
        Conn, Lock, Store, UniqueKey,
        providers::{self, StoredProvider},
        sign_in::{
            serving::{self, Choice},
            starts,
        },
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
    pub(super) tickets: TicketSealer,
    pub(super) replacement: Replacement,
    pub(super) address: PublicAddress,
    /// For `return_to`.
    pub(super) base_url: Url,
    pub(super) protocols: SignInProtocols,
    pub(super) attempts: AttemptLog,
}

impl SignInBeginning {
    pub(super) async fn begin(&self, request: &SignInRequest, session: Option<&str>) -> SignInStep {
        let mut attempt = self.new_attempt();
        let trace = Recorder::default();
        match self.try_begin(request, session, &mut attempt, &trace).await {
            Ok(step) => step,
            Err(obstacle) => self.refuse(&obstacle, attempt, &trace),
        }
    }

    pub(super) async fn begin_test(&self, ticket: &str, browser: Option<&str>) -> SignInStep {
        let mut attempt = self.new_attempt();
        let trace = Recorder::default();
        match self.try_begin_test(ticket, browser, &mut attempt, &trace).await {
            Ok(step) => step,
            Err(obstacle) => self.refuse(&obstacle, attempt, &trace),
        }
    }

    fn new_attempt(&self) -> SignInAttempt {
        SignInAttempt {
            id: SignInId(new_uuid()),
            reference: reference(),
            kind: AttemptKind::Real,
            outcome: AttemptOutcome::Started,
            reason: None,
            tenant: None,
            provider: None,
            user: None,
            started_at: self.clock.now(),
            ended_at: None,
        }
    }

    /// Records why a sign-in cannot begin.
    fn refuse(&self, obstacle: &Obstacle, attempt: SignInAttempt, trace: &Recorder) -> SignInStep {
        let (reference, at, reason) = (attempt.reference.clone(), self.clock.now(), obstacle.code());
        let refusal = obstacle.shown();
        let provider = attempt.provider.map(tracing::field::display);
        if refusal == StartRefusal::Internal {
            tracing::error!(%reference, provider, reason, "a sign-in cannot begin");
        } else {
            tracing::warn!(%reference, provider, reason, "a sign-in cannot begin");
        }
        let attempt = SignInAttempt {
            outcome: obstacle.outcome(),
            reason: Some(reason.to_owned()),
            ended_at: Some(at),
            ..attempt
        };
        self.attempts.record(AttemptRecord { attempt, steps: trace.take(), evidence: Evidence::Nothing });
        SignInStep::Refused { trace: TraceReference { reference, at }, refusal }
    }

    async fn try_begin(
        &self,
        request: &SignInRequest,
        session: Option<&str>,
        attempt: &mut SignInAttempt,
        trace: &Recorder,
    ) -> Result<SignInStep, Obstacle> {
        let step = trace.begin(StepName::Start);
        let proves = request.proof.as_ref().map(|proof| self.pending(proof)).transpose();
        let proves = step.end_failed(proves)?;
        let step = trace.begin(StepName::Access);
        let (tenant, mut usable) = step.end_failed(self.access(request, proves.as_ref(), attempt).await)?;
        let is_complete = usable.len() <= MAX_CHOICES;
        // Of providers that are not listed, the origins are not known yet.
        if is_complete && request.search.is_none() {
            let step = trace.begin(StepName::ReturnTo);
            step.end_failed(self.check_return_to(request.return_to.as_deref(), &usable))?;
        }
        // The page of a search has a form, after which browsers follow no redirect to a provider.
        if usable.len() > 1 || request.search.is_some() {
            return Ok(choose(tenant, usable, is_complete));
        }
        let stored = usable.pop().ok_or(Obstacle::Provider(NO_PROVIDER))?;
        attempt.provider = Some(stored.provider.id);
        let replaces = match self.replacement.decide(&tenant, request, session).await? {
            Replaced::Ask(question) => return Ok(question),
            Replaced::Agreed(replaces) => replaces,
        };
        let hints = Hints {
            login_hint: request.login_hint.clone(),
            // The person proves the account, and not that somebody signed in with it lately.
            prompt: if proves.is_some() { Some("login".to_owned()) } else { request.prompt.clone() },
            ui_locales: request.ui_locales.clone(),
        };
        let wanted = Wanted {
            tenant: tenant.id,
            stored: &stored,
            hints,
            return_to: request.return_to.clone(),
            replaces,
            proves,
            tester: None,
        };
        self.redirect(wanted, attempt, trace).await
    }

    /// A test needs no provider that is enabled and linked; that it has none is part of the result.
    async fn try_begin_test(
        &self,
        ticket: &str,
        browser: Option<&str>,
        attempt: &mut SignInAttempt,
        trace: &Recorder,
    ) -> Result<SignInStep, Obstacle> {
        let step = trace.begin(StepName::Start);
        let ticket = step.end_failed(self.tickets.open(ticket, browser, self.clock.now()))?;
        let step = trace.begin(StepName::Claim);
        step.end_failed(self.claim(&ticket).await)?;
        attempt.id = ticket.id;
        attempt.reference.clone_from(&ticket.reference);
        attempt.kind = AttemptKind::Test;
        (attempt.tenant, attempt.provider) = (Some(ticket.tenant), Some(ticket.provider));
        let stored = providers::find(&mut self.store.read().await?.conn(), &ProviderRef::Id(ticket.provider)).await?;
        let step = trace.begin(StepName::Access);
        let stored = step.end_failed(stored.ok_or(Obstacle::Provider(PROVIDER_DELETED)))?;
        let wanted = Wanted {
            tenant: ticket.tenant,
            stored: &stored,
            hints: Hints::default(),
            return_to: None,
            replaces: None,
            proves: None,
            tester: Some(ticket.tester),
        };
        self.redirect(wanted, attempt, trace).await
    }

    /// The link that waits for its proof in this browser.
    fn pending(&self, proof: &ProofRequest) -> Result<PendingLink, Obstacle> {
        let key = key_of(&proof.token);
        let sealed = proof.starts.iter().find(|(name, _)| *name == key).map(|(_, sealed)| sealed);
        let pending = sealed.and_then(|sealed| self.starts.open_link(&proof.token, sealed));
        pending.filter(|pending| !pending.is_over(self.clock.now())).ok_or(Obstacle::Proof)
    }

    /// Uses a ticket up.
    async fn claim(&self, ticket: &Ticket) -> Result<(), Obstacle> {
        let mut tx = self.store.begin().await?;
        match starts::claim(&mut tx.conn(), ticket.once, ticket.used_until()).await {
            Ok(()) => Ok(tx.commit().await?),
            Err(error) if error.unique_key() == Some(UniqueKey::UsedStart) => Err(Obstacle::Ticket(USED_TICKET)),
            Err(error) => Err(error.into()),
        }
    }

    /// The tenant that is meant, and its providers with which people can sign in, as far as the request leaves a choice: at
    /// least one, unless it searches.
    async fn access(
        &self,
        request: &SignInRequest,
        proves: Option<&PendingLink>,
        attempt: &mut SignInAttempt,
    ) -> Result<(Tenant, Vec<StoredProvider>), Obstacle> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = find_tenant(conn, request.tenant.as_deref()).await?.ok_or(Obstacle::Tenant(TENANT_UNKNOWN))?;
        attempt.tenant = Some(tenant.id);
        if tenant.status != TenantStatus::Active {
            return Err(Obstacle::Tenant(TENANT_UNUSABLE));
        }
        if proves.is_some_and(|pending| pending.tenant != tenant.id) {
            return Err(Obstacle::Proof);
        }
        let issuer = request.issuer.as_deref();
        if let Some(name) = &request.provider {
            let by_id = name.parse().ok().map(ProviderRef::Id);
            let reference = by_id.unwrap_or_else(|| ProviderRef::Slug(name.clone()));
            let Some(found) = serving::find(conn, tenant.id, &reference).await? else {
                let known = providers::find(conn, &reference).await?.ok_or(Obstacle::Provider(PROVIDER_UNKNOWN))?;
                return Err(Obstacle::Provider(why_not_serving(conn, tenant.id, known.provider.id).await?));
            };
            self.check_named(&found, issuer)?;
            let mut named = vec![found];
            keep_proving(conn, &mut named, proves).await?;
            return Ok((tenant, named));
        }
        let protocols = self.protocols.names();
        let search = request.search.as_deref();
        // One more than is shown, which says whether these are all.
        let choice = Choice { protocols: &protocols, issuer, search, limit: MAX_CHOICES + 1 };
        let mut usable = serving::list(conn, tenant.id, choice).await?;
        keep_proving(conn, &mut usable, proves).await?;
        if usable.is_empty() && search.is_none() {
            return Err(Obstacle::Provider(if issuer.is_some() { OTHER_ISSUER } else { NO_PROVIDER }));
        }
        usable.sort_by_key(|stored| stored.provider.label().to_lowercase());
        Ok((tenant, usable))
    }

    /// Checks that people can sign in with a provider that the request names.
    fn check_named(&self, found: &StoredProvider, issuer: Option<&str>) -> Result<(), Obstacle> {
        let provider = &found.provider;
        if self.protocols.of(provider).is_none() {
            return Err(Obstacle::Provider(NO_PROTOCOL));
        }
        if issuer.is_some() && issuer != provider.config.issuer() {
            return Err(Obstacle::Provider(OTHER_ISSUER));
        }
        Ok(())
    }

    /// Checks `return_to` against the origins of every provider that may be chosen; it is checked again for the one that was.
    fn check_return_to(&self, return_to: Option<&str>, usable: &[StoredProvider]) -> Result<(), Obstacle> {
        let Some(return_to) = return_to else { return Ok(()) };
        let allowed: Vec<_> = usable.iter().flat_map(|stored| stored.provider.allowed_redirects.clone()).collect();
        let checked = ReturnTo::parse(return_to, &self.base_url, &allowed);
        checked.map(drop).map_err(|problem| Obstacle::ReturnTo { problem, origin: origin_of(return_to) })
    }

    /// The way to the provider.
    async fn redirect(
        &self,
        wanted: Wanted<'_>,
        attempt: &SignInAttempt,
        trace: &Recorder,
    ) -> Result<SignInStep, Obstacle> {
        let Wanted { tenant, stored: StoredProvider { provider, .. }, hints, return_to, replaces, proves, tester } =
            wanted;
        let internal = |error| {
            tracing::error!(%error, "a start cannot be sealed");
            Obstacle::Server(ServiceError::Internal)
        };
        let protocol = self.protocols.of(provider).ok_or(Obstacle::Provider(NO_PROTOCOL))?;
        let to = return_to.as_deref();
        let landing = to.and_then(|to| ReturnTo::parse(to, &self.base_url, &provider.allowed_redirects).ok());
        let landing_origin = landing.and_then(|landing| landing.other_origin(&self.base_url));
        let state = self.starts.new_state(landing_origin.as_deref()).map_err(internal)?;
        let callback_url = self.address.callback_url(provider.id);
        let authentication =
            ProtocolRequest { provider, callback_url: &callback_url, state: state.expose(), hints: &hints, trace };
        let redirect = protocol.request(authentication).await.map_err(Obstacle::Protocol)?;
        let start = Start {
            id: attempt.id,
            reference: attempt.reference.clone(),
            at: attempt.started_at,
            tenant,
            provider: provider.id,
            return_to,
            replaces,
            carried: redirect.carried,
            proves,
            tester,
        };
        let value = self.starts.seal(&state, &start).map_err(internal)?;
        let start = StartCookie { key: key_of(state.expose()), value };
        let record = AttemptRecord { attempt: attempt.clone(), steps: trace.take(), evidence: Evidence::Nothing };
        self.attempts.record(record);
        Ok(SignInStep::Redirect { url: redirect.url.into(), start })
    }
}

/// Which sign-in begins.
struct Wanted<'a> {
    tenant: TenantId,
    stored: &'a StoredProvider,
    hints: Hints,
    return_to: Option<String>,
    /// The session of another tenant that the person agreed to end.
    replaces: Option<String>,
    /// The account that the person proves.
    proves: Option<PendingLink>,
    /// Who tests the provider, if it is a test.
    tester: Option<String>,
}

/// The tenant that is meant: named, or the default one.
async fn find_tenant(conn: &mut Conn<'_>, named: Option<&str>) -> Result<Option<Tenant>, Obstacle> {
    let Some(name) = named else {
        let id = default_id(conn).await?;
        return Ok(tenants::find(conn, id).await?);
    };
    let by_id = name.parse::<TenantId>().ok().map(TenantRef::Id);
    let reference = by_id.unwrap_or_else(|| TenantRef::Slug(name.to_owned()));
    Ok(tenants::find_locked(conn, &reference, Lock::None).await?)
}

/// Leaves the providers with which an account is proven, where one is.
async fn keep_proving(
    conn: &mut Conn<'_>,
    usable: &mut Vec<StoredProvider>,
    proves: Option<&PendingLink>,
) -> Result<(), Obstacle> {
    let Some(pending) = proves else { return Ok(()) };
    let linked = serving::list_of_user(conn, pending.tenant, pending.user, pending.provider).await?;
    usable.retain(|stored| linked.iter().any(|linked| linked.provider.id == stored.provider.id));
    if usable.is_empty() { Err(Obstacle::Provider(NO_PROVIDER)) } else { Ok(()) }
}

fn choose(tenant: Tenant, mut usable: Vec<StoredProvider>, is_complete: bool) -> SignInStep {
    usable.truncate(MAX_CHOICES);
    let choice = |StoredProvider { provider, .. }| ProviderChoice {
        label: provider.label().to_owned(),
        slug: provider.slug.to_string(),
    };
    SignInStep::Choose { tenant: tenant.name, providers: usable.into_iter().map(choice).collect(), is_complete }
}

/// The origin of an address that a link named, for administrators who may allow it.
fn origin_of(address: &str) -> Option<String> {
    let origin = Url::parse(address).ok()?.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}
