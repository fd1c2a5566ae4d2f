//! The administration's operations on tenants. No other document lets anyone create one.

use axum::{
    extract::{Request, State},
    http::{StatusCode, Uri},
    response::Response,
};
use serde_json::{Map, Value, json};
use vestibule_app::domain::{
    actor::Permission,
    patch::Patch,
    tenant::{self, NewTenant, TenantFilter, TenantPatch, TenantStatus, check_new_tenant, check_tenant_patch},
};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    body::{self, Declared},
    dto::Tenant,
    error::Result,
    input::{self, ObjectReader},
    lookup::get_tenant,
    members::{CANNOT_BE_CHANGED, Member, Mode, name, nullable},
    path::Ids,
    query::{Query, holds_nul},
    resource::{OrRefuse as _, Resource, check},
    shapes::{Conflict, Page, TenantAnswer, TenantPage, TenantsFilter},
    words::TENANT_STATUSES,
};
use crate::rest::{
    RestState,
    body::{Shape, body, schemas},
    unchanged::changed,
};

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
    // No tenant matches a filter that no value can match.
    let (Ok(status), true) = (status, is_sound) else { return Ok(answer.empty_page(wanted)) };
    let filter = TenantFilter { search, status, partner };
    let page = state.services.tenants.list(actor, &filter, wanted.request()).await.or_refuse(Resource::Tenant)?;
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
    respond(&answer, StatusCode::CREATED, tenant.or_refuse(Resource::Tenant))
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
    respond(&answer, StatusCode::OK, get_tenant(&state, actor, &tenant).await)
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
    let stored = get_tenant(&state, actor, &tenant).await?;
    let patch = read_patch(&changed(&object, &Tenant::of(&stored)), &stored)?;
    let tenant = state.services.tenants.update(actor, stored.id, patch, None).await;
    respond(&answer, StatusCode::OK, tenant.or_refuse(Resource::Tenant))
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
    let tenant = get_tenant(&state, actor, &tenant).await?;
    state.services.tenants.delete(actor, tenant.id).await.or_refuse(Resource::Tenant)?;
    Ok(StatusCode::NO_CONTENT)
}

fn respond(answer: &Answer, status: StatusCode, tenant: Result<tenant::Tenant>) -> Result<Response> {
    tenant.map(|tenant| answer.one(status, Tenant::of(&tenant)))
}

body! {
    /// What a request says of a tenant.
    struct TenantBody(mode: Mode, slug: Option<&str>) from &ObjectReader<'_> {
        name: Option<String> = name(mode),
        slug: Patch<String> = Slug { mode, stored: slug },
        partner_id: Patch<String> = nullable(),
        status: Option<TenantStatus> = status(mode),
    }
}

schemas! {
    /// Request to create a tenant.
    pub(super) CreatedTenant as "TenantCreate" = TenantBody::members(Mode::Create, None);
    /// Request to update a tenant.
    pub(super) ChangedTenant as "TenantUpdate" = TenantBody::members(Mode::Change, None);
}

/// The slug, which a change may only repeat.
struct Slug<'a> {
    mode: Mode,
    stored: Option<&'a str>,
}

impl Slug<'_> {
    fn read(self, reader: &ObjectReader<'_>, name: &'static str) -> Patch<String> {
        let sent = nullable().read(reader, name);
        if let (Some(stored), Some(sent)) = (self.stored, sent.value())
            && stored != sent
        {
            reader.refuse(name, "the slug of a tenant cannot be changed");
        }
        sent
    }

    fn shape(self) -> Option<Shape> {
        nullable().says(self.mode.choose("Made from the name when it is left out.", CANNOT_BE_CHANGED)).shape()
    }
}

const fn status(mode: Mode) -> Member<Option<TenantStatus>> {
    let read: fn(&ObjectReader<'_>, &'static str) -> Option<TenantStatus> = match mode {
        Mode::Create => |reader, name| reader.choice(name, &TENANT_STATUSES, TenantStatus::as_str),
        // As with the name, null changes nothing.
        Mode::Change => |reader, name| match reader.is_null(name) {
            true => None,
            false => reader.choice(name, &TENANT_STATUSES, TenantStatus::as_str),
        },
    };
    Member::new(read, || json!({"type": "string", "enum": TENANT_STATUSES.map(TenantStatus::as_str)}))
}

fn read_new(object: &Map<String, Value>) -> Result<NewTenant> {
    let (body, faults) = input::read(object, |reader| TenantBody::read(reader, Mode::Create, None));
    let TenantBody { name, slug, partner_id, status } = body;
    let new = NewTenant {
        name: name.unwrap_or_default(),
        slug: slug.value().cloned(),
        partner: partner_id.value().cloned(),
        status: status.unwrap_or(TenantStatus::Active),
    };
    check(Resource::Tenant, faults, || check_new_tenant(&new))?;
    Ok(new)
}

fn read_patch(object: &Map<String, Value>, stored: &tenant::Tenant) -> Result<TenantPatch> {
    let (body, faults) =
        input::read(object, |reader| TenantBody::read(reader, Mode::Change, Some(stored.slug.as_str())));
    let TenantBody { name, slug: _, partner_id: partner, status } = body;
    let patch = TenantPatch { name, partner, status };
    check(Resource::Tenant, faults, || check_tenant_patch(&patch))?;
    Ok(patch)
}
