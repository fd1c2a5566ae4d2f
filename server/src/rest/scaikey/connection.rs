//! Tests of connections. The server calls out, so they take who may change something; a provider that does not work is
//! an answer and no error.

use axum::{extract::State, http::StatusCode, response::Response};
use vestibule_app::{domain::actor::Permission, service::TenantRef};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    dto::TestResult,
    error::{Resource, Result},
    openapi::{TestAnswer, Throttled},
    path::{Ids, provider_id},
};
use crate::rest::RestState;

/// Test Identity Provider
///
/// A provider that does not work is an answer and no error.
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
    let report = state.services.connections.test(actor, provider_id(&id)?, None).await;
    let report = report.map_err(|error| Resource::Provider.refuse(error))?;
    Ok(answer.one(StatusCode::OK, TestResult::of(&report, state.clock.now())))
}

/// Test Connection
///
/// For OIDC, reads the discovery document and the keys; for SAML, judges certificates and addresses. A provider that does
/// not work is an answer and no error.
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
    let report = state.services.connections.test_for_tenant(actor, &tenant, provider_id(&id)?).await;
    let report = report.map_err(|error| Resource::Provider.refuse(error))?;
    Ok(answer.one(StatusCode::OK, TestResult::of(&report, state.clock.now())))
}
