//! The providers of a tenant: reading them, adding one, removing one.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use vestibule_app::{domain::assignment::AssignmentFilter, service::TenantRef};

use super::{
    auth::AvevaCaller,
    dto::IdentityProvider,
    error::Refusal,
    page,
    roles::Allowed,
    segments::{Named, Segments},
    shapes::{Invalid, Page},
    target::Target,
};
use crate::rest::{RestState, http::json};

/// Get all identity providers for a tenant
///
/// For Account Administrators, Cluster Operators and Cluster Support. In the order of their creation.
#[utoipa::path(
    get,
    path = "/api/Tenants/{tenantId}/IdentityProvider/",
    operation_id = "GetTenantIdentityProviders",
    tag = "IdentityProvider",
    params(Page),
    responses((status = 200, description = "Success", body = Vec<IdentityProvider>, headers(("Total-Count" = u64, description = "How many there are in all"))), Invalid),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    AvevaCaller(actor): AvevaCaller,
    Segments(tenant): Segments<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let target = Target { allowed: Allowed::Everybody, provider: "", tenant: &tenant };
    let page = page::read(query.as_deref());
    // A caller without the permission is refused before an invalid query is.
    let asked = page.as_ref().copied().unwrap_or(page::PROBE);
    let filter = AssignmentFilter::default();
    let found = state.services.assignments.list_providers(&actor, &TenantRef::parse(&tenant), filter, asked).await;
    let found = found.map_err(|error| target.refuse(&actor, error));
    match (found, page) {
        (Ok(_) | Err(Refusal::NoTenant(_)), Err(invalid)) => Err(invalid),
        (found, _) => Ok(page::answer(&found?.map(IdentityProvider::from))),
    }
}

/// Get an identity provider
///
/// For Account Administrators, Cluster Operators and Cluster Support.
#[utoipa::path(
    get,
    path = "/api/Tenants/{tenantId}/IdentityProvider/{identityProviderId}",
    operation_id = "GetTenantIdentityProvider",
    tag = "IdentityProvider",
    responses((status = 200, description = "Success", body = IdentityProvider)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    AvevaCaller(actor): AvevaCaller,
    Segments((tenant, provider)): Segments<(String, String)>,
) -> Result<Response, Refusal> {
    let named = Named::from(provider);
    let target = Target { allowed: Allowed::Everybody, provider: &named.text, tenant: &tenant };
    let found = state.services.assignments.get_provider(&actor, &TenantRef::parse(&tenant), named.id).await;
    let (provider, _) = found.map_err(|error| target.refuse(&actor, error))?;
    Ok(json(StatusCode::OK, &IdentityProvider::from(provider)))
}

/// Add an existing identity provider to a tenant
///
/// For Account Administrators. A body is not looked at. Adding it again changes nothing.
#[utoipa::path(
    post,
    path = "/api/Tenants/{tenantId}/IdentityProvider/{identityProviderId}",
    operation_id = "AddIdentityProviderToTenant",
    tag = "IdentityProvider",
    responses((status = 201, description = "Created", body = IdentityProvider), Invalid),
)]
pub(super) async fn add(
    State(state): State<RestState>,
    AvevaCaller(actor): AvevaCaller,
    Segments((tenant, provider)): Segments<(String, String)>,
) -> Result<Response, Refusal> {
    let named = Named::from(provider);
    let target = Target { allowed: Allowed::Administrators, provider: &named.text, tenant: &tenant };
    let linked = state.services.assignments.link(&actor, &TenantRef::parse(&tenant), named.id).await;
    let provider = linked.map_err(|error| match target.refuse(&actor, error) {
        Refusal::NoTenant(_) | Refusal::NoProviderOfTenant { .. } if !named.is_identifier => {
            Refusal::Invalid(format!("{:?} is no identifier of an identity provider.", named.text))
        }
        Refusal::NoProviderOfTenant { provider, .. } => Refusal::NoProvider(provider),
        other => other,
    })?;
    Ok(json(StatusCode::CREATED, &IdentityProvider::from(provider)))
}

/// Remove an identity provider from a tenant
///
/// For Account Administrators. The provider itself stays.
#[utoipa::path(
    delete,
    path = "/api/Tenants/{tenantId}/IdentityProvider/{identityProviderId}",
    operation_id = "RemoveIdentityProviderFromTenant",
    tag = "IdentityProvider",
    responses((status = 204, description = "Removed")),
)]
pub(super) async fn remove(
    State(state): State<RestState>,
    AvevaCaller(actor): AvevaCaller,
    Segments((tenant, provider)): Segments<(String, String)>,
) -> Result<Response, Refusal> {
    let named = Named::from(provider);
    let target = Target { allowed: Allowed::Administrators, provider: &named.text, tenant: &tenant };
    let unlinked = state.services.assignments.unlink(&actor, &TenantRef::parse(&tenant), named.id).await;
    unlinked.map_err(|error| target.refuse(&actor, error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
