//! Tests of connections. The server calls out, so that callers need the permission to change providers. A failed test is
//! an answer and no error.

use axum::{extract::State, http::StatusCode, response::Response};
use vestibule_app::{domain::actor::Permission, service::TenantRef};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    dto::TestResult,
    error::Result,
    path::{Ids, provider_id},
    resource::{OrRefuse as _, Resource},
    shapes::{TestAnswer, Throttled},
};
use crate::rest::RestState;

/// Test Identity Provider
///
/// A failed test is an answer and no error.
#[utoipa::path(
    post,
    path = "/api/v1/admin/identity-providers/{idp_id}/test",
    operation_id = "admin_identity_providers_test",
    tag = "admin",
    responses((status = 200, description = "What was found", body = TestAnswer), Throttled),
)]
pub(super) async fn test(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let report = state.services.connections.test(actor, provider_id(&id)?, None).await.or_refuse(Resource::Provider)?;
    Ok(answer.one(StatusCode::OK, TestResult::of(&report, state.clock.now())))
}

/// Test Connection
///
/// For OIDC, reads the discovery document and the keys; for SAML, checks certificates and addresses. A failed test is
/// an answer and no error.
#[utoipa::path(
    post,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}/test",
    operation_id = "tenant_identity_providers_test",
    tag = "tenant",
    responses((status = 200, description = "What was found", body = TestAnswer), Throttled),
)]
pub(super) async fn test_for_tenant(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((tenant, id)): Ids<(String, String)>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let tenant = TenantRef::parse(&tenant);
    let report = state
        .services
        .connections
        .test_for_tenant(actor, &tenant, provider_id(&id)?)
        .await
        .or_refuse(Resource::Provider)?;
    Ok(answer.one(StatusCode::OK, TestResult::of(&report, state.clock.now())))
}
