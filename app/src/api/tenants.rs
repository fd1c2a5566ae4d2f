//! Tenants.

use leptos::prelude::*;
use server_fn::codec::Json;

use super::ApiError;
#[cfg(feature = "ssr")]
use super::context::{answer, context};
#[cfg(feature = "ssr")]
use crate::domain::tenant::TenantFilter;
use crate::domain::{
    page::{Page, PageRequest},
    tenant::Tenant,
};

/// A page of the tenants within the caller's reach.
#[server(prefix = "/_ui/fn", endpoint = "tenants/list", input = Json)]
pub async fn list_tenants(search: Option<String>, page: PageRequest) -> Result<Page<Tenant>, ApiError> {
    let call = context()?;
    let filter = TenantFilter { search, ..TenantFilter::default() };
    answer(call.services.tenants.list(&call.actor, &filter, page.capped()).await)
}
