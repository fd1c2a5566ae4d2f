//! Signing people in through the providers of their tenants.

use std::{fmt, net::IpAddr};

use async_trait::async_trait;

use super::{ServiceResult, SignInReceiver};
use crate::domain::{
    actor::Actor,
    id::{ProviderId, TenantId, UserId, UserSessionId},
    secret::Secret,
    session::UserSession,
    timestamp::Timestamp,
    user::User,
};

/// Signs people in and out. No method takes an actor: before a sign-in there is none, and afterwards the cookie says who calls.
/// A sign-in that fails is part of the answer, with the reference of its trace.
#[async_trait]
pub trait SignIns: Send + Sync {
    /// Begins a sign-in: the way to the provider, a choice between several, or a question before it replaces a session of
    /// another tenant. `session` is the cookie of the browser's session.
    async fn begin(&self, request: &SignInRequest, session: Option<&str>) -> SignInStep;

    /// Begins a test sign-in, by the ticket in the address of a [`SignInTest`](crate::domain::sign_in::SignInTest). `browser`
    /// is the cookie of [`SignInTests::begin_in_browser`](super::SignInTests::begin_in_browser), if there is one.
    async fn begin_test(&self, ticket: &str, browser: Option<&str>) -> SignInStep;

    /// The origin that the browser goes to after a callback, where it is not the application's own. It is read from the
    /// callback's `state` alone, since a callback by POST has no cookies.
    fn landing_origin(&self, state: &str) -> Option<String>;

    /// Ends a sign-in: the browser came back from a provider. Where there is a receiver, it decides whose session begins.
    async fn finish(&self, callback: &SignInCallback, receiver: Option<&dyn SignInReceiver>) -> SignInEnd;

    /// The user of a session, by its cookie.
    async fn resume(&self, cookie: &str) -> ServiceResult<Option<SignedInUser>>;

    /// Ends a session, by its cookie.
    async fn sign_out(&self, cookie: &str) -> ServiceResult<()>;
}

/// Manages the sessions of users who signed in through a provider.
#[async_trait]
pub trait UserSessions: Send + Sync {
    /// The sessions of a user, the last used first.
    async fn list(&self, actor: &Actor, user: UserId) -> ServiceResult<Vec<UserSession>>;

    /// Ends a session; the next request with it is not signed in.
    async fn revoke(&self, actor: &Actor, session: UserSessionId) -> ServiceResult<()>;

    /// Ends all sessions of a user; returns how many there were.
    async fn revoke_all(&self, actor: &Actor, user: UserId) -> ServiceResult<u64>;
}

/// Who wants to sign in, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInRequest {
    /// The tenant, by its slug or identifier; the default tenant when absent.
    pub tenant: Option<String>,
    /// The provider, by its slug or identifier; chosen when absent.
    pub provider: Option<String>,
    /// An issuer, from which the provider is found (OpenID Connect Core 1.0, section 4).
    pub issuer: Option<String>,
    /// Where the browser goes afterwards.
    pub return_to: Option<String>,
    /// The name that the person will sign in with.
    pub login_hint: Option<String>,
    /// Whether the provider asks for a password or an account again.
    pub prompt: Option<String>,
    /// The languages that the person prefers (BCP 47), separated by spaces.
    pub ui_locales: Option<String>,
    /// The account that the person proves by this sign-in.
    pub proof: Option<ProofRequest>,
    /// Part of the name of the providers to choose from.
    pub search: Option<String>,
    /// What [`SignInStep::Confirm`] gave, once the person agreed.
    pub confirmation: Option<String>,
}

/// An account that a person proves by signing in with a provider that it is linked to.
#[derive(Clone, PartialEq, Eq)]
pub struct ProofRequest {
    /// The token that the page of [`SignInEnd::Unproven`] names.
    pub token: String,
    /// What the browser carries, by its keys.
    pub starts: Vec<(String, String)>,
}

/// Without the token and the cookies.
impl fmt::Debug for ProofRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProofRequest").finish_non_exhaustive()
    }
}

/// What comes next.
#[derive(Debug, Clone)]
pub enum SignInStep {
    /// The browser is redirected to the provider.
    Redirect {
        /// Where.
        url: String,
        /// What the browser keeps until it comes back.
        start: StartCookie,
    },
    /// The person chooses.
    Choose {
        /// The tenant's name.
        tenant: String,
        /// The providers, by label.
        providers: Vec<ProviderChoice>,
        /// Whether these are all.
        is_complete: bool,
    },
    /// The person confirms that a session of another tenant ends.
    Confirm {
        /// The name of the tenant whose session ends.
        current: String,
        /// The name of the tenant to sign in to.
        wanted: String,
        /// [`SignInRequest::confirmation`] of the next request.
        confirmation: String,
    },
    /// The sign-in cannot begin.
    Refused {
        /// Where administrators find the reason.
        trace: TraceReference,
        /// What the person is told.
        refusal: StartRefusal,
    },
}

/// What a person sees of a failure; administrators find the reason with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceReference {
    /// Ten letters and digits.
    pub reference: String,
    /// When it happened.
    pub at: Timestamp,
}

/// Why a sign-in cannot begin, as far as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StartRefusal {
    /// The tenant does not exist, or its people cannot sign in.
    Tenant,
    /// There is no provider that can be used.
    Provider,
    /// The browser would not be sent back to the address.
    ReturnTo {
        /// What is wrong with it, as a sentence.
        message: String,
    },
    /// The proof of an account took too long, or began in another browser.
    Proof,
    /// The ticket of a test sign-in is too old, or of another browser.
    Ticket,
    /// Signing in is not possible at the moment.
    Unavailable,
    /// This server failed.
    Internal,
}

/// A provider to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderChoice {
    /// The slug, for the address.
    pub slug: String,
    /// The display name.
    pub label: String,
}

/// What a browser keeps between the start of a sign-in and its end.
#[derive(Debug, Clone)]
pub struct StartCookie {
    /// A part of the cookie's name, so that several tabs can sign in at once.
    pub key: String,
    /// The sealed start.
    pub value: Secret,
}

/// The request with which a browser returns from a provider.
#[derive(Clone)]
pub struct SignInCallback {
    /// The provider in the address.
    pub provider: ProviderId,
    /// What the provider sent along, in order.
    pub parameters: Vec<(String, String)>,
    /// The sealed starts that the browser carries, by their keys.
    pub starts: Vec<(String, String)>,
    /// The cookie of an earlier session, which ends.
    pub session: Option<String>,
    /// From where.
    pub address: Option<IpAddr>,
    /// With what.
    pub user_agent: String,
}

/// Without parameters and cookies: codes and sealed starts are secrets.
impl fmt::Debug for SignInCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInCallback").field("provider", &self.provider).finish_non_exhaustive()
    }
}

/// How a sign-in ended.
#[derive(Debug, Clone)]
pub enum SignInEnd {
    /// The person is signed in.
    SignedIn {
        /// The value of the session's cookie.
        session: Secret,
        /// Where the browser goes.
        return_to: String,
        /// The start that is over.
        key: String,
    },
    /// The person is not signed in: an account with the same address exists, and the person has to prove it.
    Unproven {
        /// The label of the provider that the person signed in with.
        provider: String,
        /// The providers with which the account is proven.
        providers: Vec<ProviderChoice>,
        /// How the proof begins, with one of them.
        request: Box<SignInRequest>,
        /// What the browser keeps until then.
        pending: StartCookie,
        /// The start that is over.
        key: String,
    },
    /// The application answers, and Vestibule began no session.
    Answered {
        /// The start that is over.
        key: String,
    },
    /// A test sign-in is over: nobody is signed in, and nothing changed.
    Tested {
        /// Where the administrator finds the result.
        trace: TraceReference,
        /// The start that is over.
        key: String,
    },
    /// The person is not signed in.
    Refused {
        /// Where administrators find the reason.
        trace: TraceReference,
        /// How the person begins again; nothing where that cannot help, or the tenant is not known.
        again: Option<Box<SignInRequest>>,
        /// The start that is over, if there was one.
        key: Option<String>,
        /// Whether the application failed, so that the person may have what it needs and the response is an error.
        is_application_fault: bool,
    },
    /// The database or this server failed.
    Failed {
        /// Where administrators find the reason, if it could be stored.
        trace: TraceReference,
        /// Whether trying again soon may help.
        is_temporary: bool,
    },
}

/// A user with a session.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedInUser {
    /// The session.
    pub session: UserSessionId,
    /// The user.
    pub user: User,
    /// The user's tenant.
    pub tenant: TenantId,
    /// The slug of the tenant, as addresses name it.
    pub tenant_slug: String,
    /// The provider that the user signed in with.
    pub provider: ProviderId,
}
