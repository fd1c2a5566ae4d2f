//! Ending a sign-in: the browser came back.

use std::sync::Arc;

use url::Url;
use vestibule_app::{
    domain::{
        group::GroupMapping,
        id::{SignInId, TenantId, UserId},
        mapping::Claims,
        problem::ServiceError,
        provider::IdentityProvider,
        sign_in::{AttemptKind, AttemptOutcome, AuthenticatedSubject, ReturnTo, SignInAttempt, StepName},
        timestamp::Timestamp,
    },
    service::{ProviderChoice, ProviderRef, ServiceResult, SignInCallback, SignInEnd, SignInReceiver, SignInRequest},
};

use super::{
    attempts::{AttemptLog, AttemptRecord},
    failure::Failure,
    hand_over::HandOver,
    people::{Admitted, People, Rejection, SessionStart},
    person::Person,
    proof::PendingLink,
    protocols::SignInProtocols,
    reason::{NO_COOKIE, NO_STATE, OTHER_PROVIDER, OTHER_SESSION, TOO_LATE, UNREADABLE_START, USED_TWICE},
    replacement::Replacement,
    serving::why_not_serving,
    start::{Start, StartSealer, key_of},
    user_sessions::UserSessions,
};
use crate::{
    clock::Clock,
    core::{batches::Batch, new_uuid, providers::ProviderSecrets, public_address::PublicAddress, random::reference},
    protocol::{
        recorder::Recorder,
        sign_in::{ProtocolResponse, SignInFault},
    },
    store::{
        Store, StoreResult, UniqueKey, group_mappings,
        sign_in::{serving, starts},
    },
};

/// A provider that the tenant's people sign in with.
struct Serving {
    provider: IdentityProvider,
    /// Its group mappings for the tenant.
    group_mappings: Vec<GroupMapping>,
}

/// What is known of an attempt while it is completed.
#[derive(Default)]
struct Seen {
    /// The tenant of the start, whether the start counts or not.
    tenant: Option<TenantId>,
    /// The start that the callback ends.
    start: Option<Start>,
    /// Whether this callback used the start up, so that the attempt is that of the start.
    is_claimed: bool,
    user: Option<UserId>,
    claims: Option<Claims>,
}

/// Completes sign-ins.
pub(super) struct SignInCompletion {
    pub(super) people: People,
    pub(super) hand_over: HandOver,
    pub(super) replacement: Replacement,
    pub(super) sessions: UserSessions,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) starts: StartSealer,
    /// Opens the client's secret.
    pub(super) secrets: ProviderSecrets,
    pub(super) address: PublicAddress,
    /// For `return_to`.
    pub(super) base_url: Url,
    pub(super) protocols: SignInProtocols,
    pub(super) attempts: AttemptLog,
}

impl SignInCompletion {
    pub(super) fn landing_origin(&self, state: &str) -> Option<String> {
        self.starts.landing_origin(state)
    }

    pub(super) async fn finish(
        &self,
        callback: &SignInCallback,
        receiver: Option<&dyn SignInReceiver>,
    ) -> ServiceResult<SignInEnd> {
        let began = self.clock.now();
        let trace = Recorder::default();
        let mut seen = Seen::default();
        let outcome = self.try_finish(callback, receiver, &trace, &mut seen).await;
        let (ended, reason) = match &outcome {
            Ok(Ok(SignInEnd::Unproven { .. })) => (AttemptOutcome::Refused, Some("unproven")),
            Ok(Ok(_)) => (AttemptOutcome::SignedIn, None),
            Ok(Err(failure)) => (failure.outcome(), Some(failure.code(trace.failed_step()))),
            Err(_) => (AttemptOutcome::Failed, Some("server")),
        };
        let reference = self.record(callback, &trace, &seen, began, (ended, reason));
        match outcome? {
            Ok(end) => Ok(end),
            Err(failure) => {
                let rule = match &failure {
                    Failure::Protocol(fault) => fault.rule.unwrap_or_default(),
                    _ => "",
                };
                tracing::warn!(
                    %reference, provider = %callback.provider, reason = %failure.explain(), rule, advice = %failure.advice(),
                    "a sign-in was refused"
                );
                let is_application_fault = matches!(failure, Failure::Application(_));
                let again = match failure {
                    Failure::Unusable(_) => None,
                    _ => self.again(callback, seen.start.as_ref()).await?,
                };
                let key = state_of(callback).map(key_of);
                Ok(SignInEnd::Refused { reference, again, key, is_application_fault })
            }
        }
    }

    /// Records the attempt and returns its reference. A callback that used no start up is an attempt of its own, so that it
    /// changes nothing about the attempt of the start.
    fn record(
        &self,
        callback: &SignInCallback,
        trace: &Recorder,
        seen: &Seen,
        began: Timestamp,
        (outcome, reason): (AttemptOutcome, Option<&'static str>),
    ) -> String {
        let Seen { tenant, start, is_claimed, user, claims } = seen;
        let (id, reference, started_at) = match start {
            Some(start) if *is_claimed => (start.id, start.reference.clone(), start.at),
            _ => (SignInId(new_uuid()), reference(), began),
        };
        let attempt = SignInAttempt {
            id,
            reference: reference.clone(),
            kind: AttemptKind::Real,
            outcome,
            reason: reason.map(str::to_owned),
            tenant: *tenant,
            provider: Some(callback.provider),
            user: *user,
            started_at,
            ended_at: Some(self.clock.now()),
        };
        self.attempts.record(AttemptRecord { attempt, steps: trace.take(), claims: claims.as_ref() });
        reference
    }

    async fn try_finish(
        &self,
        callback: &SignInCallback,
        receiver: Option<&dyn SignInReceiver>,
        trace: &Recorder,
        seen: &mut Seen,
    ) -> ServiceResult<Result<SignInEnd, Failure>> {
        let start = match trace.begin(StepName::Start).end(self.start_of(callback, &mut seen.tenant)) {
            Ok(start) => seen.start.insert(start).clone(),
            Err(failure) => return Ok(Err(failure)),
        };
        let step = trace.begin(StepName::Claim);
        if let Err(failure) = step.end(self.claim(&start).await?) {
            return Ok(Err(failure));
        }
        seen.is_claimed = true;
        let step = trace.begin(StepName::Access);
        let serving = match step.end(self.provider_of(&start).await?) {
            Ok(serving) => serving,
            Err(failure) => return Ok(Err(failure)),
        };
        if !self.replacement.is_agreed(&start, callback).await? {
            return Ok(Err(Failure::NoStart(OTHER_SESSION)));
        }
        let subject = match self.authenticate(&serving, &start, callback, trace).await {
            Ok(subject) => subject,
            Err(fault) => return Ok(Err(Failure::Protocol(fault))),
        };
        seen.claims = Some(subject.claims.clone());
        let Serving { provider, group_mappings } = &serving;
        let person = Person { tenant: start.tenant, provider, subject: &subject, group_mappings };
        let session_start = if receiver.is_some() { SessionStart::Later } else { SessionStart::Now };
        let proves = start.proves.as_ref();
        let admitted = self.people.sign_in(&person, proves, callback, session_start, trace).await?;
        let Admitted { user, session } = match admitted {
            Ok(admitted) => admitted,
            Err(Rejection::Unusable(reason)) => return Ok(Err(Failure::Unusable(reason))),
            Err(Rejection::Refused { refusal, user }) => {
                seen.user = user;
                return Ok(Err(Failure::Person(refusal)));
            }
            Err(Rejection::Unproven { pending, providers }) => {
                seen.user = Some(pending.user);
                return self.ask(&start, provider, &pending, &providers, callback).map(Ok);
            }
        };
        seen.user = Some(user);
        let return_to = self.destination(&start, provider);
        let session = match receiver {
            None => session,
            Some(receiver) => {
                let passed = self.hand_over.pass(receiver, (&person, user), return_to.clone(), callback, trace);
                match passed.await? {
                    Ok(session) => session,
                    Err(failure) => return Ok(Err(failure)),
                }
            }
        };
        // In a transaction of its own: within the other one it could wait for a deletion that waits for the user.
        // The new session is stored already: a failure must not withhold its cookie.
        if let Some(earlier) = &callback.session
            && let Err(error) = self.sessions.end(earlier).await
        {
            tracing::warn!(%error, "could not end the earlier session of a browser that signed in");
        }
        let key = state_of(callback).map(key_of).unwrap_or_default();
        Ok(Ok(match session {
            Some(session) => SignInEnd::SignedIn { session, return_to, key },
            None => SignInEnd::Answered { key },
        }))
    }

    /// Asks the person to prove the account, in this browser.
    fn ask(
        &self,
        start: &Start,
        provider: &IdentityProvider,
        pending: &PendingLink,
        linked: &[IdentityProvider],
        callback: &SignInCallback,
    ) -> ServiceResult<SignInEnd> {
        let (proof, pending) = self.starts.seal_link(pending).map_err(|error| {
            tracing::error!(%error, "an account cannot be proven");
            ServiceError::Internal
        })?;
        let choice = |provider: &IdentityProvider| ProviderChoice {
            slug: provider.slug.to_string(),
            label: provider.label().to_owned(),
        };
        Ok(SignInEnd::Unproven {
            provider: provider.label().to_owned(),
            providers: linked.iter().map(choice).collect(),
            request: SignInRequest {
                tenant: Some(start.tenant.to_string()),
                return_to: start.return_to.clone(),
                proof: Some(proof),
                ..SignInRequest::default()
            },
            pending,
            key: state_of(callback).map(key_of).unwrap_or_default(),
        })
    }

    /// Where the person begins again: as before. Without the start it is not known for which tenant, unless the provider
    /// serves one alone.
    async fn again(&self, callback: &SignInCallback, start: Option<&Start>) -> ServiceResult<Option<SignInRequest>> {
        let (tenant, provider, return_to) = match start {
            Some(start) => (start.tenant, start.provider, start.return_to.clone()),
            None => {
                let mut read = self.store.read().await?;
                match serving::find_only_tenant(&mut read.conn(), callback.provider).await? {
                    Some(tenant) => (tenant, callback.provider, None),
                    None => return Ok(None),
                }
            }
        };
        Ok(Some(SignInRequest {
            tenant: Some(tenant.to_string()),
            provider: Some(provider.to_string()),
            return_to,
            ..SignInRequest::default()
        }))
    }

    /// Removes used starts that have expired, in batches.
    pub(super) async fn purge(&self) -> StoreResult<()> {
        let now = self.clock.now();
        let mut batch = Batch::new();
        loop {
            let mut tx = self.store.begin_long().await?;
            let removed = starts::purge(&mut tx.conn(), now, batch.rows()).await?;
            tx.commit().await?;
            if !batch.goes_on(removed).await {
                return Ok(());
            }
        }
    }

    /// The start that the callback ends: this browser's, for this provider, in time.
    fn start_of(&self, callback: &SignInCallback, tenant: &mut Option<TenantId>) -> Result<Start, Failure> {
        let state = state_of(callback).ok_or(Failure::NoStart(NO_STATE))?;
        let key = key_of(state);
        let sealed = callback.starts.iter().find(|(name, _)| *name == key).map(|(_, sealed)| sealed);
        let sealed = sealed.ok_or(Failure::NoStart(NO_COOKIE))?;
        let start = self.starts.open(state, sealed).ok_or(Failure::NoStart(UNREADABLE_START))?;
        *tenant = Some(start.tenant);
        if start.provider != callback.provider {
            return Err(Failure::NoStart(OTHER_PROVIDER));
        }
        if start.is_over(self.clock.now()) {
            return Err(Failure::NoStart(TOO_LATE));
        }
        Ok(start)
    }

    /// Uses the start up, before anything is asked of the provider.
    async fn claim(&self, start: &Start) -> ServiceResult<Result<(), Failure>> {
        let mut tx = self.store.begin().await?;
        match starts::claim(&mut tx.conn(), start.id, start.used_until()).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(Ok(()))
            }
            Err(error) if error.unique_key() == Some(UniqueKey::UsedStart) => Ok(Err(Failure::NoStart(USED_TWICE))),
            Err(error) => Err(error.into()),
        }
    }

    /// The provider as it is now, if the tenant's people may still sign in with it.
    async fn provider_of(&self, start: &Start) -> ServiceResult<Result<Serving, Failure>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let Some(mut stored) = serving::find(conn, start.tenant, &ProviderRef::Id(start.provider)).await? else {
            return Ok(Err(Failure::Unusable(why_not_serving(conn, start.tenant, start.provider).await?)));
        };
        // The protocol sees that a secret is stored which does not open, and does not go on as if there were none.
        self.secrets.try_open(&mut stored);
        let group_mappings = group_mappings::list(conn, start.tenant, start.provider).await?;
        Ok(Ok(Serving { provider: stored.provider, group_mappings }))
    }

    async fn authenticate(
        &self,
        serving: &Serving,
        start: &Start,
        callback: &SignInCallback,
        trace: &Recorder,
    ) -> Result<AuthenticatedSubject, SignInFault> {
        let Serving { provider, group_mappings } = serving;
        let protocol = self.protocols.of(provider).ok_or_else(|| SignInFault {
            message: "people cannot sign in with the provider's protocol".to_owned(),
            rule: None,
            advice: "Choose another provider.".to_owned(),
        })?;
        let callback_url = self.address.callback_url(provider.id);
        let response = ProtocolResponse {
            provider,
            callback_url: &callback_url,
            carried: &start.carried,
            parameters: &callback.parameters,
            group_mappings,
            trace,
        };
        protocol.response(response).await
    }

    /// Where the browser goes: checked once more, since the provider's origins may have changed meanwhile.
    fn destination(&self, start: &Start, provider: &IdentityProvider) -> String {
        let wanted = start.return_to.as_deref();
        let checked = wanted.and_then(|to| ReturnTo::parse(to, &self.base_url, &provider.allowed_redirects).ok());
        checked.map_or_else(|| "/".to_owned(), |to| to.as_str().to_owned())
    }
}

/// The `state` of a callback, if it has one.
fn state_of(callback: &SignInCallback) -> Option<&str> {
    let mut states = callback.parameters.iter().filter(|(name, _)| name == "state").map(|(_, value)| value.as_str());
    match (states.next(), states.next()) {
        (Some(state), None) => Some(state),
        _ => None,
    }
}
