//! What an application does after a sign-in.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use axum::{BoxError, http::request::Parts, response::Response};
use tracing::Instrument as _;
use vestibule_app::service::{CompletedSignIn, Reception, SignInReceiver};

/// Decides what a sign-in leads to, in an application with sessions of its own. [`Builder::on_sign_in`] takes it.
///
/// The order of a sign-in:
///
/// 1. The provider authenticates the person, and Vestibule decides whether they may sign in. A person who may not never
///    reaches the hook.
/// 2. The user and the link to the provider are stored.
/// 3. The hook is called, once for each sign-in. No transaction is open, and Vestibule has begun no session.
/// 4. [`AfterSignIn::Respond`] is the response, and Vestibule begins no session. After [`AfterSignIn::Accept`] Vestibule
///    checks user, tenant and provider again, begins its session, and redirects to `return_to`. After an error, or a panic, the
///    person sees a page with a reference and status 500, is not signed in, and may try again; the reason is in the log. Do
///    what can fail before you change a session of your own.
///
/// With [`AfterSignIn::Respond`], [`Vestibule::require_sign_in`](crate::Vestibule::require_sign_in) lets nobody through, and
/// sends browsers to the sign-in again and again: protect your routes by your own session.
///
/// The session that Vestibule had in this browser ends in the first two cases.
///
/// [`Builder::on_sign_in`]: crate::Builder::on_sign_in
#[async_trait]
pub trait SignInHook: Send + Sync + 'static {
    /// Receives a person who signed in. `request` is the one in which the browser comes back from the provider, with the
    /// extensions of the application's own layers, a session among them.
    ///
    /// # Errors
    /// Whatever keeps the application from going on; the person never sees it.
    async fn signed_in(&self, sign_in: CompletedSignIn, request: &Parts) -> Result<AfterSignIn, BoxError>;
}

/// What comes after a sign-in.
#[derive(Debug)]
pub enum AfterSignIn {
    /// Vestibule begins its session.
    Accept,
    /// The application's own response: it begins a session of its own, or refuses the person.
    Respond(Response),
}

/// Calls the hook for one request, and keeps its response.
pub(super) struct HookCall {
    hook: Arc<dyn SignInHook>,
    request: Arc<Parts>,
    response: Mutex<Option<Response>>,
}

impl HookCall {
    pub(super) fn new(hook: Arc<dyn SignInHook>, request: Parts) -> Self {
        Self { hook, request: Arc::new(request), response: Mutex::new(None) }
    }

    pub(super) fn take_response(&self) -> Option<Response> {
        self.response.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[async_trait]
impl SignInReceiver for HookCall {
    async fn receive(&self, sign_in: CompletedSignIn) -> Result<Reception, String> {
        let (hook, request) = (self.hook.clone(), self.request.clone());
        // A task of its own, so that a panic is a failure like others.
        let call = async move { hook.signed_in(sign_in, &request).await };
        match tokio::spawn(call.in_current_span()).await {
            Ok(Ok(AfterSignIn::Accept)) => Ok(Reception::Accepted),
            Ok(Ok(AfterSignIn::Respond(response))) => {
                *self.response.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
                Ok(Reception::Answered)
            }
            Ok(Err(error)) => Err(error.to_string()),
            Err(panic) => Err(panic.to_string()),
        }
    }
}
