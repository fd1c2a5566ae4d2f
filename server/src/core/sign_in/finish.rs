//! Ending a sign-in: the browser came back.

use std::sync::Arc;

use url::Url;
use vestibule_app::{
    domain::{
        group::GroupMapping,
        id::{SignInId, UserId},
        problem::ServiceError,
        provider::IdentityProvider,
        secret::Secret,
        sign_in::{
            AttemptKind, AttemptOutcome, AuthenticatedSubject, ReturnTo, SignInAttempt, SignInPreview, StepName,
        },
        timestamp::Timestamp,
    },
    service::{
        ProviderChoice, ProviderRef, ServiceResult, SignInCallback, SignInEnd, SignInReceiver, SignInRequest,
        StartCookie, TraceReference,
    },
};

use super::{
    attempts::{AttemptLog, AttemptRecord, Evidence},
    failure::{Failure, is_temporary},
    hand_over::HandOver,
    people::{Admitted, People, Rejection, SessionStart},
    person::Person,
    preview::Previews,
    proof::PendingLink,
    protocols::SignInProtocols,
    reason::{
        NO_COOKIE, NO_PROTOCOL, NO_STATE, OTHER_PROVIDER, OTHER_SESSION, SERVER, TOO_LATE, UNPROVEN, UNREADABLE_START,
        USED_TWICE,
    },
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
        Store, StoreResult, UniqueKey, group_mappings, providers,
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
    /// The start that the browser brought, whether it counts or not.
    opened: Option<Start>,
    /// The start that the callback ends.
    start: Option<Start>,
    /// Whether this callback used the start up, so that the attempt is that of the start.
    is_claimed: bool,
    user: Option<UserId>,
    subject: Option<AuthenticatedSubject>,
    /// What a test found out.
    preview: Option<SignInPreview>,
}

impl Seen {
    /// Who tests the provider, if the callback ends a test.
    fn tester(&self) -> Option<&str> {
        self.start.as_ref().filter(|_| self.is_claimed)?.tester.as_deref()
    }

    fn evidence(&self) -> Evidence<'_> {
        match &self.subject {
            Some(subject) => Evidence::Person(subject, self.preview.as_ref()),
            None if self.is_claimed => Evidence::Start,
            None => Evidence::Nothing,
        }
    }
}

/// A sign-in that worked.
enum Finished {
    SignedIn {
        session: Secret,
        return_to: String,
    },
    /// The application answers.
    Answered,
    /// The person has to prove an account.
    Unproven(Box<Unproven>),
    Tested,
}

/// What the page about an account to prove shows, and what the browser keeps.
struct Unproven {
    provider: String,
    providers: Vec<ProviderChoice>,
    request: SignInRequest,
    pending: StartCookie,
}

/// Completes sign-ins.
pub(super) struct SignInCompletion {
    pub(super) people: People,
    pub(super) previews: Previews,
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

    pub(super) async fn finish(&self, callback: &SignInCallback, receiver: Option<&dyn SignInReceiver>) -> SignInEnd {
        let began = self.clock.now();
        let trace = Recorder::default();
        let mut seen = Seen::default();
        let outcome = self.try_finish(callback, receiver, &trace, &mut seen).await;
        let (ended, reason) = match &outcome {
            Ok(Ok(Finished::SignedIn { .. } | Finished::Answered)) => (AttemptOutcome::SignedIn, None),
            Ok(Ok(Finished::Tested)) => (AttemptOutcome::Tested, None),
            Ok(Ok(Finished::Unproven(_))) => (AttemptOutcome::Refused, Some(UNPROVEN)),
            Ok(Err(failure)) => (failure.outcome(), Some(failure.code(trace.failed_step()))),
            Err(_) => (AttemptOutcome::Failed, Some(SERVER)),
        };
        let shown = self.record(callback, &trace, &seen, began, (ended, reason));
        let reference = &shown.reference;
        let key = state_of(callback).map(key_of);
        match outcome {
            Ok(Ok(Finished::SignedIn { session, return_to })) => {
                SignInEnd::SignedIn { session, return_to, key: key.unwrap_or_default() }
            }
            Ok(Ok(Finished::Answered)) => SignInEnd::Answered { key: key.unwrap_or_default() },
            Ok(Ok(Finished::Unproven(unproven))) => {
                let Unproven { provider, providers, request, pending } = *unproven;
                SignInEnd::Unproven {
                    provider,
                    providers,
                    request: Box::new(request),
                    pending,
                    key: key.unwrap_or_default(),
                }
            }
            Ok(Ok(Finished::Tested)) => SignInEnd::Tested { trace: shown, key: key.unwrap_or_default() },
            Ok(Err(failure)) => {
                let (rule, advice) = (failure.rule().unwrap_or_default(), failure.advice());
                tracing::warn!(
                    %reference, provider = %callback.provider, reason = %failure.explain(), rule, %advice,
                    "a sign-in was refused"
                );
                if seen.tester().is_some() {
                    return SignInEnd::Tested { trace: shown, key: key.unwrap_or_default() };
                }
                let is_test = seen.opened.as_ref().is_some_and(|start| start.tester.is_some());
                let is_application_fault = matches!(failure, Failure::Application(_));
                let again = match failure {
                    _ if is_test => None,
                    Failure::Unusable(_) => None,
                    _ => self.again(callback, seen.start.as_ref()).await.unwrap_or_default().map(Box::new),
                };
                SignInEnd::Refused { trace: shown, again, key, is_application_fault }
            }
            Err(error) => {
                tracing::warn!(%reference, provider = %callback.provider, "a sign-in failed on this server");
                SignInEnd::Failed { trace: shown, is_temporary: is_temporary(&error) }
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
    ) -> TraceReference {
        let tester = seen.tester();
        let is_test = seen.opened.as_ref().is_some_and(|start| start.tester.is_some());
        let (id, reference, started_at) = match &seen.start {
            Some(start) if seen.is_claimed => (start.id, start.reference.clone(), start.at),
            _ => (SignInId(new_uuid()), reference(), began),
        };
        let at = self.clock.now();
        let attempt = SignInAttempt {
            id,
            reference: reference.clone(),
            kind: if is_test { AttemptKind::Test } else { AttemptKind::Real },
            outcome,
            reason: reason.map(str::to_owned),
            // Of the start: everyone can write the address of another tenant's provider.
            tenant: seen.opened.as_ref().map(|start| start.tenant),
            provider: Some(seen.opened.as_ref().map_or(callback.provider, |start| start.provider)),
            user: seen.user,
            started_at,
            ended_at: Some(at),
        };
        let record = AttemptRecord { attempt, steps: trace.take(), evidence: seen.evidence() };
        self.attempts.record_for(record, tester);
        TraceReference { reference, at }
    }

    async fn try_finish(
        &self,
        callback: &SignInCallback,
        receiver: Option<&dyn SignInReceiver>,
        trace: &Recorder,
        seen: &mut Seen,
    ) -> ServiceResult<Result<Finished, Failure>> {
        let start = match trace.begin(StepName::Start).end(self.start_of(callback, &mut seen.opened)) {
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
        // A test replaces no session.
        if start.tester.is_none() && !self.replacement.is_agreed(&start, callback).await? {
            return Ok(Err(Failure::NoStart(OTHER_SESSION)));
        }
        let subject = match self.authenticate(&serving, &start, callback, trace).await {
            Ok(subject) => subject,
            Err(fault) => return Ok(Err(Failure::Protocol(fault))),
        };
        let subject = &*seen.subject.insert(subject);
        let Serving { provider, group_mappings } = &serving;
        let person = Person { tenant: start.tenant, provider, subject, group_mappings };
        if start.tester.is_some() {
            let step = trace.begin(StepName::Decision);
            let preview = seen.preview.insert(self.previews.preview(&person).await?);
            let refusal = preview.refusal().cloned().map(Failure::Person);
            return Ok(step.end(refusal.map_or(Ok(Finished::Tested), Err)));
        }
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
                return self.ask(&start, provider, &pending, &providers).map(Ok);
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
        Ok(Ok(session.map_or(Finished::Answered, |session| Finished::SignedIn { session, return_to })))
    }

    /// Asks the person to prove the account, in this browser.
    fn ask(
        &self,
        start: &Start,
        provider: &IdentityProvider,
        pending: &PendingLink,
        linked: &[IdentityProvider],
    ) -> ServiceResult<Finished> {
        let (proof, pending) = self.starts.seal_link(pending).map_err(|error| {
            tracing::error!(%error, "an account cannot be proven");
            ServiceError::Internal
        })?;
        let choice = |provider: &IdentityProvider| ProviderChoice {
            slug: provider.slug.to_string(),
            label: provider.label().to_owned(),
        };
        Ok(Finished::Unproven(Box::new(Unproven {
            provider: provider.label().to_owned(),
            providers: linked.iter().map(choice).collect(),
            request: SignInRequest {
                tenant: Some(start.tenant.to_string()),
                return_to: start.return_to.clone(),
                proof: Some(proof),
                ..SignInRequest::default()
            },
            pending,
        })))
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
    fn start_of(&self, callback: &SignInCallback, opened: &mut Option<Start>) -> Result<Start, Failure> {
        let state = state_of(callback).ok_or(Failure::NoStart(NO_STATE))?;
        let key = key_of(state);
        let sealed = callback.starts.iter().find(|(name, _)| *name == key).map(|(_, sealed)| sealed);
        let sealed = sealed.ok_or(Failure::NoStart(NO_COOKIE))?;
        let start = self.starts.open(state, sealed).ok_or(Failure::NoStart(UNREADABLE_START))?;
        *opened = Some(start.clone());
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

    /// The provider as it is now, if the tenant's people may still sign in with it. A test needs the provider alone.
    async fn provider_of(&self, start: &Start) -> ServiceResult<Result<Serving, Failure>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let (tenant, named) = (start.tenant, ProviderRef::Id(start.provider));
        let found = match start.tester {
            Some(_) => providers::find(conn, &named).await?,
            None => serving::find(conn, tenant, &named).await?,
        };
        let Some(mut stored) = found else {
            return Ok(Err(Failure::Unusable(why_not_serving(conn, tenant, start.provider).await?)));
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
            message: NO_PROTOCOL.message.to_owned(),
            rule: None,
            advice: NO_PROTOCOL.advice.to_owned(),
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
