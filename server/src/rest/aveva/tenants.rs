//! The providers of a tenant: reading them, adding one, removing one.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use vestibule_app::{domain::assignment::AssignmentFilter, service::TenantRef};

use super::{
    auth::Caller,
    dto::IdentityProvider,
    error::Refusal,
    page,
    roles::{About, Allowed},
    segments::{Named, Segments},
};
use crate::rest::{RestState, http::json};

/// `GET api/Tenants/{tenantId}/IdentityProvider/`
pub(super) async fn list(
    State(state): State<RestState>,
    Caller(actor): Caller,
    Segments(tenant): Segments<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let about = About { allowed: Allowed::Everybody, provider: "", tenant: &tenant };
    let page = page::read(query.as_deref());
    // Who may not ask is told so before what is wrong with the question.
    let asked = page.as_ref().copied().unwrap_or(page::PROBE);
    let filter = AssignmentFilter::default();
    let found = state.services.assignments.providers(&actor, &TenantRef::parse(&tenant), filter, asked).await;
    let found = found.map_err(|error| about.refuse(&actor, error));
    match (found, page) {
        (Ok(_) | Err(Refusal::NoTenant(_)), Err(invalid)) => Err(invalid),
        (found, _) => Ok(page::answer(&found?.map(IdentityProvider::from))),
    }
}

/// `GET api/Tenants/{tenantId}/IdentityProvider/{identityProviderId}`
pub(super) async fn retrieve(
    State(state): State<RestState>,
    Caller(actor): Caller,
    Segments((tenant, provider)): Segments<(String, String)>,
) -> Result<Response, Refusal> {
    let named = Named::from(provider);
    let about = About { allowed: Allowed::Everybody, provider: &named.text, tenant: &tenant };
    let found = state.services.assignments.provider(&actor, &TenantRef::parse(&tenant), named.id).await;
    let (provider, _) = found.map_err(|error| about.refuse(&actor, error))?;
    Ok(json(StatusCode::OK, &IdentityProvider::from(provider)))
}

/// `POST api/Tenants/{tenantId}/IdentityProvider/{identityProviderId}`; a body is not looked at.
pub(super) async fn add(
    State(state): State<RestState>,
    Caller(actor): Caller,
    Segments((tenant, provider)): Segments<(String, String)>,
) -> Result<Response, Refusal> {
    let named = Named::from(provider);
    let about = About { allowed: Allowed::Administrators, provider: &named.text, tenant: &tenant };
    let linked = state.services.assignments.link(&actor, &TenantRef::parse(&tenant), named.id).await;
    let provider = linked.map_err(|error| match about.refuse(&actor, error) {
        Refusal::NoTenant(_) | Refusal::NoProviderOfTenant { .. } if !named.is_identifier => {
            Refusal::Invalid(format!("{:?} is no identifier of an identity provider.", named.text))
        }
        Refusal::NoProviderOfTenant { provider, .. } => Refusal::NoProvider(provider),
        other => other,
    })?;
    Ok(json(StatusCode::CREATED, &IdentityProvider::from(provider)))
}

/// `DELETE api/Tenants/{tenantId}/IdentityProvider/{identityProviderId}`
pub(super) async fn remove(
    State(state): State<RestState>,
    Caller(actor): Caller,
    Segments((tenant, provider)): Segments<(String, String)>,
) -> Result<Response, Refusal> {
    let named = Named::from(provider);
    let about = About { allowed: Allowed::Administrators, provider: &named.text, tenant: &tenant };
    let unlinked = state.services.assignments.unlink(&actor, &TenantRef::parse(&tenant), named.id).await;
    unlinked.map_err(|error| about.refuse(&actor, error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
