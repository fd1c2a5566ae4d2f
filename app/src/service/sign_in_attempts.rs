//! Attempts to sign in, with what happened in each.

use async_trait::async_trait;

use super::ServiceResult;
use crate::domain::{
    actor::Actor,
    id::UserId,
    page::{Page, PageRequest},
    sign_in::{AttemptDetail, AttemptFilter, AttemptSummary, SignInStatistics, StatisticsFilter},
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
    ) -> ServiceResult<Page<AttemptSummary>>;

    /// The attempt with a reference, in any letter case, and its steps. What the claims say, and what a test found out,
    /// is for callers who may see users; of a test, for the caller who began it.
    async fn get(&self, actor: &Actor, reference: &str) -> ServiceResult<AttemptDetail>;

    /// How sign-ins ended over time. Tests do not count.
    ///
    /// # Errors
    ///
    /// `Invalid` for more periods than [`MAX_PERIODS`](crate::domain::sign_in::MAX_PERIODS).
    async fn statistics(&self, actor: &Actor, filter: &StatisticsFilter) -> ServiceResult<SignInStatistics>;

    /// Creates the user for a person who was refused because the provider creates no users, from the claims of that
    /// attempt. The person signs in again afterwards. Takes who may manage users.
    ///
    /// # Errors
    ///
    /// `Invalid` for an attempt that was refused for another reason, whose claims are gone, or whose person cannot become
    /// a user (any more).
    async fn admit(&self, actor: &Actor, reference: &str) -> ServiceResult<UserId>;
}
