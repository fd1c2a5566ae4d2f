//! Reads providers of the platform and of every tenant.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use vestibule_app::{domain::provider::ProviderFilter, service::ProviderRef};

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

/// Returns an IdentityProvider object
///
/// For Account Administrators, Cluster Operators and Cluster Support.
#[utoipa::path(
    get,
    path = "/api/IdentityProvider/{identityProviderId}",
    operation_id = "GetIdentityProvider",
    tag = "IdentityProvider",
    responses((status = 200, description = "Success", body = IdentityProvider)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    AvevaCaller(actor): AvevaCaller,
    Segments(text): Segments<String>,
) -> Result<Response, Refusal> {
    let named = Named::from(text);
    let target = Target { allowed: Allowed::Everybody, provider: &named.text, tenant: "" };
    let found = state.services.providers.look_up(&actor, &ProviderRef::Id(named.id)).await;
    let provider = found.map_err(|error| target.refuse(&actor, error))?;
    Ok(json(StatusCode::OK, &IdentityProvider::from(provider)))
}

/// Returns the IdentityProvider object that follows a scheme
///
/// For Cluster Operators.
#[utoipa::path(
    get,
    path = "/api/IdentityProvider/schemes/{scheme}",
    operation_id = "GetIdentityProviderByScheme",
    tag = "IdentityProvider",
    responses((status = 200, description = "Success", body = IdentityProvider)),
)]
pub(super) async fn by_scheme(
    State(state): State<RestState>,
    caller: AvevaCaller,
    Segments(scheme): Segments<String>,
) -> Result<Response, Refusal> {
    caller.require_operator()?;
    let AvevaCaller(actor) = caller;
    let target = Target { allowed: Allowed::Operators, provider: &scheme, tenant: "" };
    let found = state.services.providers.look_up(&actor, &ProviderRef::Slug(scheme.clone())).await;
    let provider = found.map_err(|error| target.refuse(&actor, error))?;
    Ok(json(StatusCode::OK, &IdentityProvider::from(provider)))
}

/// Returns a list of IdentityProvider objects
///
/// For Cluster Operators. In the order of their creation.
#[utoipa::path(
    get,
    path = "/api/IdentityProvider/",
    operation_id = "GetIdentityProviders",
    tag = "IdentityProvider",
    params(Page),
    responses((status = 200, description = "Success", body = Vec<IdentityProvider>, headers(("Total-Count" = u64, description = "How many there are in all"))), Invalid),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: AvevaCaller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    caller.require_operator()?;
    let AvevaCaller(actor) = caller;
    let target = Target { allowed: Allowed::Operators, provider: "", tenant: "" };
    let page = page::read(query.as_deref())?;
    let found = state.services.providers.list_with_settings(&actor, &ProviderFilter::default(), page).await;
    let page = found.map_err(|error| target.refuse(&actor, error))?;
    Ok(page::answer(&page.map(IdentityProvider::from)))
}
