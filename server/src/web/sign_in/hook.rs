//! What an application does after a sign-in.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use axum::{BoxError, http::request::Parts, response::Response};
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
///    checks user, tenant and provider again, begins its session, and redirects to `return_to`. After an error the person sees
///    a page with a reference, is not signed in, and may try again; the reason is in the log and in the trace.
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
pub(super) struct HookCall<'a> {
    hook: &'a dyn SignInHook,
    request: &'a Parts,
    response: Mutex<Option<Response>>,
}

impl<'a> HookCall<'a> {
    pub(super) const fn new(hook: &'a dyn SignInHook, request: &'a Parts) -> Self {
        Self { hook, request, response: Mutex::new(None) }
    }

    pub(super) fn into_response(self) -> Option<Response> {
        self.response.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl SignInReceiver for HookCall<'_> {
    async fn receive(&self, sign_in: CompletedSignIn) -> Result<Reception, String> {
        match self.hook.signed_in(sign_in, self.request).await {
            Ok(AfterSignIn::Accept) => Ok(Reception::Accepted),
            Ok(AfterSignIn::Respond(response)) => {
                *self.response.lock().unwrap_or_else(PoisonError::into_inner) = Some(response);
                Ok(Reception::Answered)
            }
            Err(error) => Err(error.to_string()),
        }
    }
}
