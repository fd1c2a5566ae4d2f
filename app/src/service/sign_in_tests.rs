//! Trying a provider out before people depend on it.

use async_trait::async_trait;

use super::ServiceResult;
use crate::domain::{
    actor::Actor,
    id::{ProviderId, TenantId},
    secret::Secret,
    sign_in::{SignInPreview, SignInTest},
};

/// Shows administrators what a sign-in would do. Nothing is created or changed.
///
/// The tenant is the caller's choice; when absent, it is the one that owns the provider, or that of the caller's role, or
/// the only one that the provider serves, or the default tenant. Callers need the provider to be linked to the tenant, or to administer the provider's owner.
#[async_trait]
pub trait SignInTests: Send + Sync {
    /// Prepares a test sign-in with a provider, also a disabled one. The caller opens its address in a browser and reads
    /// the result with [`SignInAttempts::get`](super::SignInAttempts::get). Takes who may manage users.
    async fn begin(&self, actor: &Actor, provider: ProviderId, tenant: Option<TenantId>) -> ServiceResult<SignInTest>;

    /// The same for the browser of the portal. Its address works in the browser alone that has the secret as the cookie that
    /// [`SignIns::begin_test`](super::SignIns::begin_test) is given.
    async fn begin_in_browser(
        &self,
        actor: &Actor,
        provider: ProviderId,
        tenant: Option<TenantId>,
    ) -> ServiceResult<(SignInTest, Secret)>;

    /// What would happen if the provider sent these claims, an object in JSON. Takes who may see users.
    ///
    /// # Errors
    ///
    /// `Invalid` for claims that cannot be read.
    async fn preview(
        &self,
        actor: &Actor,
        provider: ProviderId,
        tenant: Option<TenantId>,
        claims: &str,
    ) -> ServiceResult<SignInPreview>;
}
