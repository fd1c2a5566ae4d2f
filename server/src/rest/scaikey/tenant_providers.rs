//! A tenant's operations on the providers that its users sign in with: its own, and those that were linked to it.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        assignment::{AssignmentFilter, Origin},
        id::ProviderId,
        provider::{IdentityProvider, Protocol},
        tenant::Tenant,
    },
    service::{ProviderRef, TenantRef},
};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::{ListItem, Provider},
    error::{Refusal, Result, after},
    lookup::get_tenant,
    members::Mode,
    path::{Ids, provider_id},
    query::Query,
    resource::{OrRefuse as _, Resource},
    shapes::{Conflict, Page, ProviderAnswer, ProviderPage, TenantFilter},
    write::{self, ChangedProvider, CreatedProvider, ProviderBody, Surface},
};
use crate::rest::{RestState, unchanged::changed};

/// List Identity Providers
///
/// The tenant's own, and those that were linked to it.
#[utoipa::path(
    get,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/",
    operation_id = "tenant_identity_providers_list",
    tag = "tenant",
    params(TenantFilter, Page),
    responses((status = 200, description = "A page of the providers", body = ProviderPage)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(tenant): Ids<String>,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    let mut query = Query::of(uri.query());
    let enabled_only = query.boolean("enabled_only");
    let protocol = query.text("protocol").map(str::parse::<Protocol>).transpose();
    let wanted = query.page();
    query.check()?;
    let tenant = get_tenant(&state, actor, &tenant).await?;
    // No provider has an unknown protocol.
    let Ok(protocol) = protocol else { return Ok(answer.empty_page(wanted)) };
    let filter = AssignmentFilter { enabled_only, protocol };
    let page = state
        .services
        .assignments
        .list_providers(actor, &TenantRef::Id(tenant.id), filter, wanted.request())
        .await
        .or_refuse(Resource::Provider)?;
    Ok(answer.list(wanted, &page, ListItem::of))
}

/// Create Identity Provider
///
/// The discovery document is read when the connection is tested, and not before.
#[utoipa::path(
    post,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/",
    operation_id = "tenant_identity_providers_create",
    tag = "tenant",
    request_body = CreatedProvider,
    responses((status = 201, description = "The new provider", body = ProviderAnswer), Conflict),
)]
pub(super) async fn create(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(tenant): Ids<String>,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let object = body::read(request, Declared::Model).await?;
    let (body, faults) = ProviderBody::of(&object, Surface::Tenant, Mode::Create);
    let tenant = after(&faults, get_tenant(&state, actor, &tenant).await)?;
    let provider = write::create(&state, actor, body, faults, Some(tenant.id)).await?;
    Ok(answer.one(StatusCode::CREATED, Provider::of(&provider, tenant.id)))
}

/// Get Identity Provider details
#[utoipa::path(
    get,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}",
    operation_id = "tenant_identity_providers_retrieve",
    tag = "tenant",
    responses((status = 200, description = "The provider", body = ProviderAnswer)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((tenant, id)): Ids<(String, String)>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    let tenant = get_tenant(&state, actor, &tenant).await?;
    let (provider, _) = find(&state, actor, &tenant, provider_id(&id)?).await?;
    Ok(answer.one(StatusCode::OK, Provider::of(&provider, tenant.id)))
}

/// Update an Identity Provider
///
/// What is left out stays.
#[utoipa::path(
    patch,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}",
    operation_id = "tenant_identity_providers_update",
    tag = "tenant",
    request_body = ChangedProvider,
    responses((status = 200, description = "The provider", body = ProviderAnswer), Conflict),
)]
pub(super) async fn update(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((tenant, id)): Ids<(String, String)>,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let object = body::read(request, Declared::Model).await?;
    let (_, faults) = ProviderBody::of(&object, Surface::Tenant, Mode::Change);
    let tenant = after(&faults, get_tenant(&state, actor, &tenant).await)?;
    let id = after(&faults, provider_id(&id))?;
    let (stored, origin) = after(&faults, find(&state, actor, &tenant, id).await)?;
    let object = changed(&object, &Provider::of(&stored, tenant.id));
    let (body, faults) = ProviderBody::of(&object, Surface::Tenant, Mode::Change);
    let saved = write::update(&state, actor, stored, &body, faults).await;
    let provider = saved.map_err(|refusal| match (origin, refusal) {
        // The caller sees the provider in this list, so that it is not hidden from them.
        (Origin::Shared, Refusal::NotFound(_)) => Refusal::Forbidden,
        (_, refusal) => refusal,
    })?;
    Ok(answer.one(StatusCode::OK, Provider::of(&provider, tenant.id)))
}

/// Delete an Identity Provider
///
/// The tenant's own provider is deleted; one that was linked is unlinked from this tenant.
#[utoipa::path(
    delete,
    path = "/api/v1/tenants/{tenant_id}/identity-providers/{idp_id}",
    operation_id = "tenant_identity_providers_destroy",
    tag = "tenant",
    responses((status = 204, description = "The provider is gone")),
)]
pub(super) async fn destroy(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((tenant, id)): Ids<(String, String)>,
) -> Result<StatusCode> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let tenant = get_tenant(&state, actor, &tenant).await?;
    let (provider, origin) = find(&state, actor, &tenant, provider_id(&id)?).await?;
    let done = match origin {
        Origin::Owned => state.services.providers.delete(actor, &ProviderRef::Id(provider.id)).await,
        Origin::Shared => state.services.assignments.unlink(actor, &TenantRef::Id(tenant.id), provider.id).await,
    };
    done.or_refuse(Resource::Provider)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(state: &RestState, actor: &Actor, tenant: &Tenant, id: ProviderId) -> Result<(IdentityProvider, Origin)> {
    let found = state.services.assignments.get_provider(actor, &TenantRef::Id(tenant.id), id).await;
    found.or_refuse(Resource::Provider)
}
