//! Ending a sign-in: the browser came back.

use std::sync::Arc;

use url::Url;
use vestibule_app::{
    domain::{
        provider::IdentityProvider,
        sign_in::{AuthenticatedSubject, Refusal, ReturnTo},
        tenant::TenantStatus,
    },
    service::{ProviderRef, ServiceResult, SignInCallback, SignInEnd, SignInRequest},
};

use super::{
    people::{PROVIDER_DELETED, People, Person, Rejection, TENANT_UNUSABLE},
    protocols::SignInProtocols,
    start::{Start, StartSealer, key_of},
    user_sessions::{PURGED_AT_ONCE, UserSessions},
};
use crate::{
    clock::Clock,
    core::{providers::ProviderSecrets, public_address::PublicAddress, random::reference},
    protocol::sign_in::{ProtocolResponse, SignInFault},
    store::{
        Store, StoreResult, UniqueKey, providers,
        sign_in::{serving, starts},
        tenants,
    },
};

/// Why a sign-in ended without a session.
enum Failure {
    /// There is no start that this callback could end.
    NoStart(&'static str),
    /// The tenant or the provider cannot be used any more.
    Unusable(&'static str),
    /// The protocol did not authenticate a person.
    Protocol(SignInFault),
    /// The person may not sign in.
    Person(Refusal),
}

impl Failure {
    fn explain(&self) -> String {
        match self {
            Self::NoStart(why) | Self::Unusable(why) => (*why).to_owned(),
            Self::Protocol(fault) => fault.message.clone(),
            Self::Person(refusal) => refusal.explain(),
        }
    }

    fn advice(&self) -> String {
        match self {
            Self::NoStart(_) => "The person starts again.".to_owned(),
            Self::Unusable(_) => String::new(),
            Self::Protocol(fault) => fault.advice.clone(),
            Self::Person(refusal) => refusal.advice().to_owned(),
        }
    }
}

/// Completes sign-ins.
pub(super) struct SignInCompletion {
    pub(super) people: People,
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
}

impl SignInCompletion {
    pub(super) fn landing_origin(&self, state: &str) -> Option<String> {
        self.starts.landing_origin(state)
    }

    pub(super) async fn finish(&self, callback: &SignInCallback) -> ServiceResult<SignInEnd> {
        let mut found = None;
        match self.try_finish(callback, &mut found).await? {
            Ok(end) => Ok(end),
            Err(failure) => {
                let reference = reference();
                let rule = match &failure {
                    Failure::Protocol(fault) => fault.rule.unwrap_or_default(),
                    _ => "",
                };
                tracing::warn!(
                    %reference, provider = %callback.provider, reason = %failure.explain(), rule, advice = %failure.advice(),
                    "a sign-in was refused"
                );
                let again = match failure {
                    Failure::Unusable(_) => None,
                    _ => self.again(callback, found.as_ref()).await?,
                };
                Ok(SignInEnd::Refused { reference, again, key: state_of(callback).map(key_of) })
            }
        }
    }

    async fn try_finish(
        &self,
        callback: &SignInCallback,
        found: &mut Option<Start>,
    ) -> ServiceResult<Result<SignInEnd, Failure>> {
        let start = match self.start_of(callback) {
            Ok(start) => found.insert(start).clone(),
            Err(failure) => return Ok(Err(failure)),
        };
        if let Err(failure) = self.claim(&start).await? {
            return Ok(Err(failure));
        }
        let provider = match self.provider_of(&start).await? {
            Ok(provider) => provider,
            Err(failure) => return Ok(Err(failure)),
        };
        let subject = match self.authenticate(&provider, &start, callback).await {
            Ok(subject) => subject,
            Err(fault) => return Ok(Err(Failure::Protocol(fault))),
        };
        let person = Person { tenant: start.tenant, provider: &provider, subject: &subject };
        let session = match self.people.sign_in(&person, callback).await? {
            Ok(session) => session,
            Err(Rejection::Unusable(reason)) => return Ok(Err(Failure::Unusable(reason))),
            Err(Rejection::Refused(refusal)) => return Ok(Err(Failure::Person(refusal))),
        };
        // In a transaction of its own: within the other one it could wait for a deletion that waits for the user.
        // The new session is stored already: a failure must not withhold its cookie.
        if let Some(earlier) = &callback.session
            && let Err(error) = self.sessions.end(earlier).await
        {
            tracing::warn!(%error, "could not end the earlier session of a browser that signed in");
        }
        Ok(Ok(SignInEnd::SignedIn {
            session,
            return_to: self.destination(&start, &provider),
            key: state_of(callback).map(key_of).unwrap_or_default(),
        }))
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
        loop {
            let mut tx = self.store.begin_long().await?;
            let removed = starts::purge(&mut tx.conn(), now, PURGED_AT_ONCE).await?;
            tx.commit().await?;
            if removed < u64::from(PURGED_AT_ONCE) {
                return Ok(());
            }
        }
    }

    /// The start that the callback ends: this browser's, for this provider, in time.
    fn start_of(&self, callback: &SignInCallback) -> Result<Start, Failure> {
        let state = state_of(callback).ok_or(Failure::NoStart("the callback has no state, or several"))?;
        let key = key_of(state);
        let sealed = callback.starts.iter().find(|(name, _)| *name == key).map(|(_, sealed)| sealed);
        let sealed = sealed.ok_or(Failure::NoStart("this browser did not start the sign-in, or its cookie is gone"))?;
        let start =
            self.starts.open(state, sealed).ok_or(Failure::NoStart("the start of the sign-in cannot be opened"))?;
        if start.provider != callback.provider {
            return Err(Failure::NoStart("the sign-in was started with another provider"));
        }
        if start.is_over(self.clock.now()) {
            return Err(Failure::NoStart("the sign-in was started more than ten minutes ago"));
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
            Err(error) if error.unique_key() == Some(UniqueKey::UsedStart) => {
                Ok(Err(Failure::NoStart("the sign-in came back twice")))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The provider as it is now, if the tenant's people may still sign in with it.
    async fn provider_of(&self, start: &Start) -> ServiceResult<Result<IdentityProvider, Failure>> {
        let mut read = self.store.read().await?;
        let conn = &mut read.conn();
        let tenant = tenants::find(conn, start.tenant).await?;
        if !tenant.is_some_and(|tenant| tenant.status == TenantStatus::Active) {
            return Ok(Err(Failure::Unusable(TENANT_UNUSABLE)));
        }
        let Some(mut stored) = providers::find(conn, &ProviderRef::Id(start.provider)).await? else {
            return Ok(Err(Failure::Unusable(PROVIDER_DELETED)));
        };
        if !stored.provider.enabled {
            return Ok(Err(Failure::Unusable("the provider is disabled")));
        }
        if !serving::is_linked(conn, start.tenant, start.provider).await? {
            return Ok(Err(Failure::Unusable("the provider is not linked to the tenant")));
        }
        // The protocol sees that a secret is stored which does not open, and does not go on as if there were none.
        self.secrets.try_open(&mut stored);
        Ok(Ok(stored.provider))
    }

    async fn authenticate(
        &self,
        provider: &IdentityProvider,
        start: &Start,
        callback: &SignInCallback,
    ) -> Result<AuthenticatedSubject, SignInFault> {
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
