//! Reading providers, whoever's they are.

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::Response,
};
use vestibule_app::{domain::provider::ProviderFilter, service::ProviderRef};

use super::{
    auth::Caller,
    dto::IdentityProvider,
    error::Refusal,
    page,
    roles::{About, Allowed, demand_operator},
    segments::{Named, Segments},
};
use crate::rest::{RestState, http::json};

/// `GET api/IdentityProvider/{identityProviderId}`
pub(super) async fn retrieve(
    State(state): State<RestState>,
    Caller(actor): Caller,
    Segments(text): Segments<String>,
) -> Result<Response, Refusal> {
    let named = Named::from(text);
    let about = About { allowed: Allowed::Everybody, provider: &named.text, tenant: "" };
    let found = state.services.providers.look_up(&actor, &ProviderRef::Id(named.id)).await;
    let provider = found.map_err(|error| about.refuse(&actor, error))?;
    Ok(json(StatusCode::OK, &IdentityProvider::from(provider)))
}

/// `GET api/IdentityProvider/schemes/{scheme}`
pub(super) async fn by_scheme(
    State(state): State<RestState>,
    Caller(actor): Caller,
    Segments(scheme): Segments<String>,
) -> Result<Response, Refusal> {
    demand_operator(&actor)?;
    let about = About { allowed: Allowed::Operators, provider: &scheme, tenant: "" };
    let found = state.services.providers.look_up(&actor, &ProviderRef::Slug(scheme.clone())).await;
    let provider = found.map_err(|error| about.refuse(&actor, error))?;
    Ok(json(StatusCode::OK, &IdentityProvider::from(provider)))
}

/// `GET api/IdentityProvider/`
pub(super) async fn list(
    State(state): State<RestState>,
    Caller(actor): Caller,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    demand_operator(&actor)?;
    let about = About { allowed: Allowed::Operators, provider: "", tenant: "" };
    let page = page::read(query.as_deref())?;
    let found = state.services.providers.list_whole(&actor, &ProviderFilter::default(), page).await;
    let page = found.map_err(|error| about.refuse(&actor, error))?;
    Ok(page::answer(&page.map(IdentityProvider::from)))
}
