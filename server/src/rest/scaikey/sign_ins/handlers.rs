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
        lookup::filtered_tenant,
        path::Ids,
        query::Query,
        resource::{OrRefuse as _, Resource},
        shapes::{Page, SignInAnswer, SignInPage, SignInsFilter},
    },
    dto::{Attempt, Trace},
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
    let filter = AttemptFilter { tenant, provider, outcome, since, until };
    let page =
        state.services.sign_in_attempts.list(actor, &filter, wanted.request()).await.or_refuse(Resource::SignIn)?;
    Ok(answer.list(wanted, &page, Attempt::of))
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
