//! The administration's operations on providers of the platform and of tenants.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::TenantId,
        patch::Patch,
        provider::{IdentityProvider, OwnerFilter, Protocol, ProviderFilter},
        sync::SyncLog,
    },
    service::{ProviderRef, TenantRef},
};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::AdminProvider,
    error::{Entry, Result, Segment, after, value_error},
    lookup::{filtered_tenant, find_tenant, get_provider, get_tenant},
    members::Mode,
    path::{Ids, provider_id},
    query::{Query, holds_nul},
    resource::{OrRefuse as _, Resource},
    shapes::{AdminFilter, AdminProviderAnswer, AdminProviderPage, Conflict, NotFound, Page},
    write::{self, ChangedAdminProvider, CreatedAdminProvider, ProviderBody, Surface},
};
use crate::rest::{RestState, unchanged::changed};

/// List Identity Providers
///
/// In the order of their creation. A page beyond the last one, and a filter that nothing can match, is empty.
#[utoipa::path(
    get,
    path = "/api/v1/admin/identity-providers/",
    operation_id = "admin_identity_providers_list",
    tag = "admin",
    params(Page, AdminFilter),
    responses((status = 200, description = "A page of the providers", body = AdminProviderPage)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    let mut query = Query::of(uri.query());
    let wanted = query.page();
    let tenant = query.text("tenant_id").map(str::to_owned);
    let protocol = query.text("provider_type").map(str::parse).transpose();
    let search = query.text("search").map(str::to_owned);
    query.check()?;
    let owner = filtered_tenant(&state, actor, tenant.as_deref()).await?;
    // No provider matches a filter that no value can match.
    let (Some(owner), Ok(protocol), false) = (owner, protocol, search.as_deref().is_some_and(holds_nul)) else {
        return Ok(answer.empty_page(wanted));
    };
    let filter = ProviderFilter { search, protocol, enabled: None, owner: owner.map(OwnerFilter::Tenant) };
    let page = state
        .services
        .providers
        .list_with_settings(actor, &filter, wanted.request())
        .await
        .or_refuse(Resource::Provider)?;
    let synced = last_syncs(&state, actor, &page.items).await?;
    let last = |id| synced.iter().find(|log| log.provider == id);
    Ok(answer.list(wanted, &page, |provider| AdminProvider::of(provider, last(provider.id))))
}

/// Create Identity Provider
///
/// The discovery document is read when the connection is tested, and not before.
#[utoipa::path(
    post,
    path = "/api/v1/admin/identity-providers/",
    operation_id = "admin_identity_providers_create",
    tag = "admin",
    request_body = CreatedAdminProvider,
    responses((status = 201, description = "The new provider", body = AdminProviderAnswer), NotFound, Conflict),
)]
pub(super) async fn create(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let object = body::read(request, Declared::Dictionary).await?;
    let (body, faults) = ProviderBody::of(&object, Surface::Admin, Mode::Create);
    let owner = match body.tenant_id.value() {
        Some(tenant) => get_tenant(&state, actor, tenant).await.map(|tenant| Some(tenant.id)),
        None => caller.require_platform(Permission::ManageProviders).map(|()| None),
    };
    let owner = after(&faults, owner)?;
    let provider = write::create(&state, actor, body, faults, owner).await?;
    Ok(answer.one(StatusCode::CREATED, AdminProvider::of(&provider, None)))
}

/// Get Identity Provider
#[utoipa::path(
    get,
    path = "/api/v1/admin/identity-providers/{idp_id}",
    operation_id = "admin_identity_providers_retrieve",
    tag = "admin",
    responses((status = 200, description = "The provider", body = AdminProviderAnswer)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    let provider = get_provider(&state, actor, provider_id(&id)?).await?;
    show(&state, actor, &answer, &provider).await
}

/// Update Identity Provider
///
/// What is left out stays.
#[utoipa::path(
    patch,
    path = "/api/v1/admin/identity-providers/{idp_id}",
    operation_id = "admin_identity_providers_update",
    tag = "admin",
    request_body = ChangedAdminProvider,
    responses((status = 200, description = "The provider", body = AdminProviderAnswer), Conflict),
)]
pub(super) async fn update(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let id = provider_id(&id)?;
    let object = body::read(request, Declared::Dictionary).await?;
    let (_, faults) = ProviderBody::of(&object, Surface::Admin, Mode::Change);
    let stored = after(&faults, get_provider(&state, actor, id).await)?;
    let object = changed(&object, &AdminProvider::of(&stored, None));
    let (body, mut faults) = ProviderBody::of(&object, Surface::Admin, Mode::Change);
    faults.extend(check_tenant(&state, actor, &body.tenant_id, stored.owner).await?);
    let provider = write::update(&state, actor, stored, &body, faults).await?;
    show(&state, actor, &answer, &provider).await
}

/// Delete Identity Provider
///
/// Its name becomes free, for every dialect.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/identity-providers/{idp_id}",
    operation_id = "admin_identity_providers_destroy",
    tag = "admin",
    responses((status = 204, description = "The provider is gone")),
)]
pub(super) async fn destroy(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
) -> Result<StatusCode> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    state.services.providers.delete(actor, &ProviderRef::Id(provider_id(&id)?)).await.or_refuse(Resource::Provider)?;
    Ok(StatusCode::NO_CONTENT)
}

/// One provider with its last synchronisation.
async fn show(state: &RestState, actor: &Actor, answer: &Answer, provider: &IdentityProvider) -> Result<Response> {
    let synced = last_syncs(state, actor, std::slice::from_ref(provider)).await?;
    Ok(answer.one(StatusCode::OK, AdminProvider::of(provider, synced.first())))
}

/// The last synchronisations of the directories among some providers.
async fn last_syncs(state: &RestState, actor: &Actor, providers: &[IdentityProvider]) -> Result<Vec<SyncLog>> {
    let directories = providers.iter().filter(|provider| provider.config.protocol() == Protocol::Ldap);
    let ids: Vec<_> = directories.map(|provider| provider.id).collect();
    let logs = state.services.syncs.list_last(actor, &ids).await;
    logs.or_refuse(Resource::Provider)
}

/// A fault when the body names another tenant than the one that the provider belongs to.
async fn check_tenant(
    state: &RestState,
    actor: &Actor,
    named: &Patch<String>,
    owner: Option<TenantId>,
) -> Result<Option<Entry>> {
    let is_same = match named {
        Patch::Keep => true,
        Patch::Clear => owner.is_none(),
        Patch::Set(text) => match TenantRef::parse(text) {
            TenantRef::Id(id) => owner == Some(id),
            slug => owner.is_some() && owner == find_tenant(state, actor, &slug).await?,
        },
    };
    let place = vec![Segment::name("body"), Segment::name("tenant_id")];
    Ok((!is_same).then(|| value_error(place, "the tenant of a provider cannot be changed")))
}
