//! What an application does with a person who signed in.

use async_trait::async_trait;

use crate::domain::{
    id::{ProviderId, TenantId},
    mapping::Claims,
    user::{User, UserGroup},
};

/// An application that decides whose session a sign-in begins.
#[async_trait]
pub trait SignInReceiver: Send + Sync {
    /// Receives a person, once for each sign-in. User and link are stored, and no session has begun.
    ///
    /// # Errors
    ///
    /// Why the application failed; the person is then not signed in.
    async fn receive(&self, sign_in: CompletedSignIn) -> Result<Reception, String>;
}

/// A person who signed in through a provider.
#[derive(Debug, Clone, PartialEq)]
pub struct CompletedSignIn {
    /// The user, with what this sign-in changed.
    pub user: User,
    /// The tenant that the user signed in to.
    pub tenant: TenantId,
    /// The slug of the tenant, as addresses name it.
    pub tenant_slug: String,
    /// The provider.
    pub provider: ProviderId,
    /// The slug of the provider, as addresses name it.
    pub provider_slug: String,
    /// The tenant's groups that the user is in.
    pub groups: Vec<UserGroup>,
    /// What the provider says about the person.
    pub claims: Claims,
    /// Where the browser wants to go: checked, a path of the own origin or an address that the provider allows.
    pub return_to: String,
}

/// What an application does with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reception {
    /// Vestibule begins its session.
    Accepted,
    /// The application answers, and Vestibule begins no session.
    Answered,
}
