//! What signing in asks of a protocol.

use async_trait::async_trait;
use serde_json::Value;
use url::Url;
use vestibule_app::domain::{
    group::GroupMapping,
    provider::IdentityProvider,
    sign_in::{AuthenticatedSubject, StepFailure},
};

use super::recorder::Recorder;

/// A protocol with which people sign in.
#[async_trait]
pub(crate) trait SignInProtocol: Send + Sync {
    /// The address to which the browser is redirected, so that the person authenticates there.
    async fn request(&self, request: ProtocolRequest<'_>) -> Result<ProtocolRedirect, SignInFault>;

    /// Verifies the response of the provider.
    async fn response(&self, response: ProtocolResponse<'_>) -> Result<AuthenticatedSubject, SignInFault>;
}

/// What an authentication request contains.
#[derive(Clone, Copy)]
pub(crate) struct ProtocolRequest<'a> {
    /// The provider, without its secrets.
    pub(crate) provider: &'a IdentityProvider,
    /// Where the provider sends the browser back to.
    pub(crate) callback_url: &'a str,
    /// The value that the response must repeat.
    pub(crate) state: &'a str,
    /// What the application knows about the person and wants of the provider.
    pub(crate) hints: &'a Hints,
    /// Records what is done.
    pub(crate) trace: &'a Recorder,
}

/// What an application knows about a person and wants of a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// The name that the person will sign in with.
    pub(crate) login_hint: Option<String>,
    /// Whether the provider asks for a password or an account again.
    pub(crate) prompt: Option<String>,
    /// The languages that the person prefers (BCP 47), separated by spaces.
    pub(crate) ui_locales: Option<String>,
}

/// The redirect to a provider.
#[derive(Clone)]
pub(crate) struct ProtocolRedirect {
    /// The address with the authentication request.
    pub(crate) url: Url,
    /// What verifies the response. The browser carries it sealed.
    pub(crate) carried: Value,
}

/// The response of a provider, as the browser brings it.
#[derive(Clone, Copy)]
pub(crate) struct ProtocolResponse<'a> {
    /// The provider, with its secrets as far as they open.
    pub(crate) provider: &'a IdentityProvider,
    /// Where the provider sent the browser back to.
    pub(crate) callback_url: &'a str,
    /// [`ProtocolRedirect::carried`] of the request.
    pub(crate) carried: &'a Value,
    /// The parameters of the callback, in order.
    pub(crate) parameters: &'a [(String, String)],
    /// The group mappings of the provider for the tenant, whose claims are wanted too.
    pub(crate) group_mappings: &'a [GroupMapping],
    /// Records what is asked of the provider, what it answers, and the check that fails.
    pub(crate) trace: &'a Recorder,
}

/// Why no person was authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SignInFault {
    /// What happened, as a sentence without a full stop.
    pub(crate) message: String,
    /// The rule that it breaks: specification and section.
    pub(crate) rule: Option<&'static str>,
    /// What to do about it, at the provider or here.
    pub(crate) advice: String,
}

impl From<&SignInFault> for StepFailure {
    fn from(fault: &SignInFault) -> Self {
        let SignInFault { message, rule, advice } = fault;
        Self { message: message.clone(), rule: rule.map(str::to_owned), advice: advice.clone() }
    }
}
