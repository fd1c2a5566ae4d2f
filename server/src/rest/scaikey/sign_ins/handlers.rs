//! The list of attempts to sign in, and the trace of one.

use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use vestibule_app::domain::{
    actor::Permission,
    sign_in::{AttemptFilter, AttemptOutcome},
};

use super::{
    super::{
        answer::Answer,
        auth::ScaiKeyCaller,
        error::Result,
        lookup::{filtered_tenant, get_tenant},
        path::{Ids, provider_id},
        query::Query,
        resource::{OrRefuse as _, Resource},
        shapes::{AdmissionAnswer, Page, SignInAnswer, SignInPage, SignInTestAnswer, SignInsFilter, TestParameters},
    },
    dto::{Admission, Attempt, TestStart, Trace},
};
use crate::rest::RestState;

/// List Sign-ins
///
/// The newest first. Callers whose role is for a tenant see those of the tenant, at whichever provider.
#[utoipa::path(
    get,
    path = "/api/v1/admin/sign-ins/",
    operation_id = "admin_sign_ins_list",
    tag = "sign-ins",
    params(Page, SignInsFilter),
    responses((status = 200, description = "A page of the attempts to sign in", body = SignInPage)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListSignIns)?;
    let mut query = Query::of(uri.query());
    let wanted = query.page();
    let tenant = query.text("tenant_id").map(str::to_owned);
    let provider = query.text("idp_id").map(str::parse).transpose();
    query.choice("outcome", &AttemptOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect::<Vec<_>>());
    let outcome = query.text("outcome").and_then(|text| text.parse::<AttemptOutcome>().ok());
    let (since, until) = (query.moment("since"), query.moment("until"));
    query.check()?;
    let tenant = filtered_tenant(&state, actor, tenant.as_deref()).await?;
    // No attempt matches a filter that no value can match.
    let (Some(tenant), Ok(provider)) = (tenant, provider) else { return Ok(answer.empty_page(wanted)) };
    let filter = AttemptFilter { tenant, provider, outcome, since, until, ..AttemptFilter::default() };
    let page =
        state.services.sign_in_attempts.list(actor, &filter, wanted.request()).await.or_refuse(Resource::SignIn)?;
    Ok(answer.list(wanted, &page, |summary| Attempt::of(&summary.attempt)))
}

/// Get Sign-in
///
/// By the reference that the person was shown.
#[utoipa::path(
    get,
    path = "/api/v1/admin/sign-ins/{reference}",
    operation_id = "admin_sign_ins_retrieve",
    tag = "sign-ins",
    responses((status = 200, description = "The attempt with its steps", body = SignInAnswer)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(reference): Ids<String>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ViewSignIn)?;
    let detail = state.services.sign_in_attempts.get(actor, &reference).await.or_refuse(Resource::SignIn)?;
    Ok(answer.one(StatusCode::OK, Trace::of(&detail)))
}

/// Let Person In
///
/// Creates the user for a person who was refused because the identity provider creates no users (`auto_create_users`). The
/// person signs in again afterwards.
#[utoipa::path(
    post,
    path = "/api/v1/admin/sign-ins/{reference}/admit",
    operation_id = "admin_sign_ins_admit",
    tag = "sign-ins",
    responses((status = 200, description = "The user who was created", body = AdmissionAnswer)),
)]
pub(super) async fn admit(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(reference): Ids<String>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageUsers)?;
    let user = state.services.sign_in_attempts.admit(actor, &reference).await.or_refuse(Resource::SignIn)?;
    Ok(answer.one(StatusCode::OK, Admission { user_id: user.prefixed() }))
}

/// Begin Test Sign-in
///
/// With an identity provider, also a disabled one. Open the address in a browser within five minutes; nobody is signed in,
/// and nothing is changed. The result is found under the reference, by the same caller.
#[utoipa::path(
    post,
    path = "/api/v1/admin/sign-ins/test/{idp_id}",
    operation_id = "admin_sign_ins_test",
    tag = "sign-ins",
    params(TestParameters),
    responses((status = 200, description = "Where the test begins", body = SignInTestAnswer)),
)]
pub(super) async fn test(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(provider): Ids<String>,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageUsers)?;
    let provider = provider_id(&provider)?;
    let tenant = match Query::of(uri.query()).text("tenant_id") {
        Some(named) => Some(get_tenant(&state, actor, named).await?.id),
        None => None,
    };
    let begun = state.services.sign_in_tests.begin(actor, provider, tenant).await.or_refuse(Resource::Provider)?;
    Ok(answer.one(StatusCode::OK, TestStart::of(&begun)))
}
