//! The administration's operations on tenants. No other document lets anyone create one.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::{Map, Value};
use vestibule_app::domain::{
    actor::Permission,
    tenant::{self, NewTenant, TenantFilter, TenantPatch, TenantStatus, check_new_tenant, check_tenant_patch},
};

use super::{
    admin::holds_nul,
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::Tenant,
    error::{Resource, Result},
    input::{Faults, ObjectReader, check_with},
    openapi::{ChangedTenant, Conflict, CreatedTenant, Page, TenantAnswer, TenantPage, TenantsFilter},
    path::Ids,
    query::Query,
    tenant_providers::find_tenant,
};
use crate::rest::{RestState, unchanged::changed};

/// The statuses of tenants, by their names here.
pub(super) const STATUSES: [(&str, TenantStatus); 2] =
    [("active", TenantStatus::Active), ("suspended", TenantStatus::Suspended)];

/// List Tenants
///
/// In the order of their names.
#[utoipa::path(
    get,
    path = "/api/v1/admin/tenants/",
    operation_id = "admin_tenants_list",
    tag = "tenants",
    params(Page, TenantsFilter),
    responses((status = 200, description = "A page of the tenants", body = TenantPage)),
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
    let search = query.text("search").map(str::to_owned);
    let status = query.text("status").map(|text| text.to_ascii_lowercase().parse::<TenantStatus>()).transpose();
    let partner = query.text("partner_id").map(str::to_owned);
    query.check()?;
    let is_sound = !search.iter().chain(&partner).any(|text| holds_nul(text));
    // What no tenant can be like, none is.
    let (Ok(status), true) = (status, is_sound) else { return Ok(answer.empty_page(wanted)) };
    let filter = TenantFilter { search, status, partner };
    let page = state.services.tenants.list(actor, &filter, wanted.request()).await;
    let page = page.map_err(|error| Resource::Tenant.refuse(error))?;
    Ok(answer.list(wanted, &page, Tenant::of))
}

/// Create a Tenant
#[utoipa::path(
    post,
    path = "/api/v1/admin/tenants/",
    operation_id = "admin_tenants_create",
    tag = "tenants",
    request_body = CreatedTenant,
    responses((status = 201, description = "The new tenant", body = TenantAnswer), Conflict),
)]
pub(super) async fn create(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageTenants)?;
    let object = body::read(request, Declared::Dictionary).await?;
    let tenant = state.services.tenants.create(actor, read_new(&object)?).await;
    respond(&answer, StatusCode::CREATED, tenant.map_err(|error| Resource::Tenant.refuse(error)))
}

/// Get a Tenant
#[utoipa::path(
    get,
    path = "/api/v1/admin/tenants/{tenant_id}",
    operation_id = "admin_tenants_retrieve",
    tag = "tenants",
    responses((status = 200, description = "The tenant", body = TenantAnswer)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(tenant): Ids<String>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    respond(&answer, StatusCode::OK, find_tenant(&state, actor, &tenant).await)
}

/// Update a Tenant
///
/// What is left out stays.
#[utoipa::path(
    patch,
    path = "/api/v1/admin/tenants/{tenant_id}",
    operation_id = "admin_tenants_update",
    tag = "tenants",
    request_body = ChangedTenant,
    responses((status = 200, description = "The tenant", body = TenantAnswer), Conflict),
)]
pub(super) async fn update(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(tenant): Ids<String>,
    answer: Answer,
    request: Request,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageTenants)?;
    let object = body::read(request, Declared::Dictionary).await?;
    let stored = find_tenant(&state, actor, &tenant).await?;
    let patch = read_patch(&changed(&object, &Tenant::of(&stored)), &stored)?;
    let tenant = state.services.tenants.update(actor, stored.id, patch, None).await;
    respond(&answer, StatusCode::OK, tenant.map_err(|error| Resource::Tenant.refuse(error)))
}

/// Delete a Tenant
///
/// Its providers, groups and group mappings go with it.
#[utoipa::path(
    delete,
    path = "/api/v1/admin/tenants/{tenant_id}",
    operation_id = "admin_tenants_destroy",
    tag = "tenants",
    responses((status = 204, description = "The tenant is gone")),
)]
pub(super) async fn destroy(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(tenant): Ids<String>,
) -> Result<StatusCode> {
    let actor = caller.who_may(Permission::ManageTenants)?;
    let tenant = find_tenant(&state, actor, &tenant).await?;
    state.services.tenants.delete(actor, tenant.id).await.map_err(|error| Resource::Tenant.refuse(error))?;
    Ok(StatusCode::NO_CONTENT)
}

fn respond(answer: &Answer, status: StatusCode, tenant: Result<tenant::Tenant>) -> Result<Response> {
    tenant.map(|tenant| answer.one(status, Tenant::of(&tenant)))
}

fn read_new(object: &Map<String, Value>) -> Result<NewTenant> {
    let faults = Faults::default();
    let reader = ObjectReader::of_body(object, &faults);
    let name = reader.required_text("name");
    reader.check_length("name", name.as_deref());
    let new = NewTenant {
        name: name.unwrap_or_default(),
        slug: reader.text_or_null("slug").value().cloned(),
        partner: reader.text_or_null("partner_id").value().cloned(),
        status: reader.choice("status", &STATUSES).unwrap_or(TenantStatus::Active),
    };
    check_with(faults.into_inner(), Resource::Tenant, || check_new_tenant(&new))?;
    Ok(new)
}

fn read_patch(object: &Map<String, Value>, stored: &tenant::Tenant) -> Result<TenantPatch> {
    let faults = Faults::default();
    let reader = ObjectReader::of_body(object, &faults);
    let name = reader.text_or_null("name").value().cloned();
    reader.check_length("name", name.as_deref());
    if reader.text_or_null("slug").value().is_some_and(|slug| *slug != stored.slug) {
        reader.refuse("slug", "the slug of a tenant cannot be changed");
    }
    let partner = reader.text_or_null("partner_id");
    // As with the name, null is nothing that was asked for.
    let status = if reader.is_null("status") { None } else { reader.choice("status", &STATUSES) };
    let patch = TenantPatch { name, partner, status };
    check_with(faults.into_inner(), Resource::Tenant, || check_tenant_patch(&patch))?;
    Ok(patch)
}
