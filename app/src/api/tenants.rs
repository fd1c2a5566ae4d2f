//! Tenants.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::TenantId,
    page::{Page, PageRequest},
    tenant::{NewTenant, Tenant, TenantDetail, TenantFilter, TenantPatch},
};

/// A page of the tenants within the caller's reach, by name.
#[server(prefix = "/_ui/fn", endpoint = "tenants/list", protocol = JsonPost)]
pub async fn list_tenants(filter: TenantFilter, page: PageRequest) -> Result<Page<Tenant>, ApiError> {
    let call = context()?;
    answer(call.services.tenants.list(&call.actor, &filter, page.capped()).await)
}

/// The partners of the tenants within the caller's reach.
#[server(prefix = "/_ui/fn", endpoint = "tenants/partners", protocol = JsonPost)]
pub async fn list_partners() -> Result<Vec<String>, ApiError> {
    let call = context()?;
    answer(call.services.tenants.list_partners(&call.actor).await)
}

/// One tenant with what suspending or deleting it affects.
#[server(prefix = "/_ui/fn", endpoint = "tenants/get", protocol = JsonPost)]
pub async fn get_tenant(id: TenantId) -> Result<TenantDetail, ApiError> {
    let call = context()?;
    answer(call.services.tenants.get_detail(&call.actor, id).await)
}

/// Creates a tenant.
#[server(prefix = "/_ui/fn", endpoint = "tenants/create", protocol = JsonPost)]
pub async fn create_tenant(new: NewTenant) -> Result<Tenant, ApiError> {
    let call = context()?;
    answer(call.services.tenants.create(&call.actor, new).await)
}

/// Changes a tenant.
#[server(prefix = "/_ui/fn", endpoint = "tenants/update", protocol = JsonPost)]
pub async fn update_tenant(id: TenantId, version: i64, change: TenantPatch) -> Result<Tenant, ApiError> {
    let call = context()?;
    answer(call.services.tenants.update(&call.actor, id, change, Some(version)).await)
}

/// Deletes a tenant softly with what belongs to it.
#[server(prefix = "/_ui/fn", endpoint = "tenants/delete", protocol = JsonPost)]
pub async fn delete_tenant(id: TenantId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.tenants.delete(&call.actor, id).await)
}
