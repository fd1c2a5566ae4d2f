//! Attempts to sign in, what they say over time, and trying a provider out.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
#[cfg(feature = "ssr")]
use crate::domain::sign_in::AttemptDetail;
use crate::domain::{
    id::{ProviderId, TenantId, UserId},
    page::{Page, PageRequest},
    sign_in::{
        AttemptFilter, AttemptSummary, SignInPreview, SignInStatistics, SignInTest, StatisticsFilter, TraceStep,
    },
};

/// An attempt to sign in, with what happened and what the caller may see of the person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignInDetail {
    /// The attempt.
    pub summary: AttemptSummary,
    /// What happened, in order.
    pub steps: Vec<TraceStep>,
    /// What the provider says about the person, as JSON for people.
    pub claims: Option<String>,
    /// What a test found out.
    pub preview: Option<SignInPreview>,
    /// Whether the caller may let the person in.
    pub may_admit: bool,
}

#[cfg(feature = "ssr")]
impl From<AttemptDetail> for SignInDetail {
    fn from(detail: AttemptDetail) -> Self {
        let AttemptDetail { summary, steps, claims, preview, may_admit } = detail;
        let claims = claims.and_then(|claims| serde_json::to_string_pretty(&claims.to_json()).ok());
        Self { summary, steps, claims, preview, may_admit }
    }
}

/// A page of the attempts within the caller's reach, newest first.
#[server(prefix = "/_ui/fn", endpoint = "sign-ins/list", protocol = JsonPost)]
pub async fn list_sign_ins(filter: AttemptFilter, page: PageRequest) -> Result<Page<AttemptSummary>, ApiError> {
    let call = context()?;
    answer(call.services.sign_in_attempts.list(&call.actor, &filter, page.capped()).await)
}

/// The attempt with a reference. A test that has not ended is under way: the page asks again.
#[server(prefix = "/_ui/fn", endpoint = "sign-ins/get", protocol = JsonPost)]
pub async fn get_sign_in(reference: String) -> Result<SignInDetail, ApiError> {
    let call = context()?;
    answer(call.services.sign_in_attempts.get(&call.actor, &reference).await.map(Into::into))
}

/// How sign-ins ended over time.
#[server(prefix = "/_ui/fn", endpoint = "sign-ins/statistics", protocol = JsonPost)]
pub async fn count_sign_ins(filter: StatisticsFilter) -> Result<SignInStatistics, ApiError> {
    let call = context()?;
    answer(call.services.sign_in_attempts.statistics(&call.actor, &filter).await)
}

/// Creates the user for a person who was refused because the provider creates no users.
#[server(prefix = "/_ui/fn", endpoint = "sign-ins/admit", protocol = JsonPost)]
pub async fn admit_person(reference: String) -> Result<UserId, ApiError> {
    let call = context()?;
    answer(call.services.sign_in_attempts.admit(&call.actor, &reference).await)
}

/// Prepares a test sign-in; the page opens its address in a new window and reads the result by its reference.
#[server(prefix = "/_ui/fn", endpoint = "sign-ins/begin-test", protocol = JsonPost)]
pub async fn begin_test_sign_in(provider: ProviderId, tenant: Option<TenantId>) -> Result<SignInTest, ApiError> {
    let call = context()?;
    let (test, cookie) = answer(call.services.sign_in_tests.begin_in_browser(&call.actor, provider, tenant).await)?;
    call.set_test_cookie(&cookie);
    Ok(test)
}

/// What would happen if the provider sent these claims, an object in JSON.
#[server(prefix = "/_ui/fn", endpoint = "sign-ins/preview", protocol = JsonPost)]
pub async fn preview_sign_in(
    provider: ProviderId,
    tenant: Option<TenantId>,
    claims: String,
) -> Result<SignInPreview, ApiError> {
    let call = context()?;
    answer(call.services.sign_in_tests.preview(&call.actor, provider, tenant, &claims).await)
}
