//! The service: hands each call to the part that it is for.

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;
use vestibule_app::service::{
    ServiceResult, SignInCallback, SignInEnd, SignInReceiver, SignInRequest, SignInStep, SignIns, SignedInUser,
};

use super::{
    attempts::AttemptLog,
    begin::SignInBeginning,
    finish::SignInCompletion,
    hand_over::HandOver,
    people::People,
    preview::Previews,
    protocols::SignInProtocols,
    replacement::Replacement,
    start::StartSealer,
    ticket::TicketSealer,
    user_sessions::{SessionLifetimes, UserSessions},
};
use crate::{
    clock::Clock,
    core::{keys::Keys, providers::ProviderSecrets, public_address::PublicAddress},
    store::{Store, StoreResult},
};

/// Signs people in: each part of a sign-in is a struct with what it may use.
pub(crate) struct SignInService {
    beginning: SignInBeginning,
    completion: SignInCompletion,
    sessions: UserSessions,
}

/// What the parts use together.
#[derive(Clone)]
pub(crate) struct SignInParts {
    pub(in crate::core) store: Store,
    pub(in crate::core) clock: Arc<dyn Clock>,
    pub(in crate::core) keys: Arc<Keys>,
    pub(in crate::core) secrets: ProviderSecrets,
    pub(in crate::core) address: PublicAddress,
    pub(in crate::core) base_url: Url,
    pub(in crate::core) protocols: SignInProtocols,
    pub(in crate::core) lifetimes: SessionLifetimes,
    pub(in crate::core) attempts: AttemptLog,
}

impl SignInService {
    /// Gives each part what it may use.
    pub(in crate::core) fn new(parts: SignInParts) -> Self {
        let SignInParts { store, clock, keys, secrets, address, base_url, protocols, lifetimes, attempts } = parts;
        let starts = StartSealer { keys: keys.clone() };
        let sessions = UserSessions { store: store.clone(), clock: clock.clone(), lifetimes };
        let replacement = Replacement { store: store.clone(), sessions: sessions.clone() };
        Self {
            beginning: SignInBeginning {
                store: store.clone(),
                clock: clock.clone(),
                starts: starts.clone(),
                tickets: TicketSealer { keys },
                address: address.clone(),
                base_url: base_url.clone(),
                protocols: protocols.clone(),
                attempts: attempts.clone(),
                replacement: replacement.clone(),
            },
            completion: SignInCompletion {
                people: People { store: store.clone(), clock: clock.clone(), sessions: sessions.clone() },
                previews: Previews { store: store.clone() },
                replacement,
                hand_over: HandOver { store: store.clone(), sessions: sessions.clone() },
                sessions: sessions.clone(),
                store,
                clock,
                starts,
                secrets,
                address,
                base_url,
                protocols,
                attempts,
            },
            sessions,
        }
    }

    /// Removes expired sessions and used starts.
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in.purge")]
    pub(crate) async fn purge(&self) -> StoreResult<()> {
        self.completion.purge().await?;
        self.sessions.purge().await
    }
}

#[async_trait]
impl SignIns for SignInService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in.begin")]
    async fn begin(&self, request: &SignInRequest, session: Option<&str>) -> SignInStep {
        self.beginning.begin(request, session).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in.begin_test")]
    async fn begin_test(&self, ticket: &str, browser: Option<&str>) -> SignInStep {
        self.beginning.begin_test(ticket, browser).await
    }

    fn landing_origin(&self, state: &str) -> Option<String> {
        self.completion.landing_origin(state)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in.finish")]
    async fn finish(&self, callback: &SignInCallback, receiver: Option<&dyn SignInReceiver>) -> SignInEnd {
        self.completion.finish(callback, receiver).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in.resume")]
    async fn resume(&self, cookie: &str) -> ServiceResult<Option<SignedInUser>> {
        self.sessions.resume(cookie).await
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.sign_in.sign_out")]
    async fn sign_out(&self, cookie: &str) -> ServiceResult<()> {
        self.sessions.end(cookie).await
    }
}
