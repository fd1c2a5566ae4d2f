//! Attempts to sign in, with what happened in each.

use async_trait::async_trait;

use super::ServiceResult;
use crate::domain::{
    actor::Actor,
    page::{Page, PageRequest},
    sign_in::{AttemptDetail, AttemptFilter, SignInAttempt},
};

/// Shows attempts to sign in to administrators: those of tenants within reach, and those without a tenant to callers whose
/// role is for the platform.
#[async_trait]
pub trait SignInAttempts: Send + Sync {
    /// A page of them, newest first.
    async fn list(
        &self,
        actor: &Actor,
        filter: &AttemptFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<SignInAttempt>>;

    /// The attempt with a reference, in any letter case, and its steps.
    async fn get(&self, actor: &Actor, reference: &str) -> ServiceResult<AttemptDetail>;
}
