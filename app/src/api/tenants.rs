//! Tenants.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
#[cfg(feature = "ssr")]
use crate::domain::tenant::TenantFilter;
use crate::domain::{
    page::{Page, PageRequest},
    tenant::Tenant,
};

/// A page of the tenants within the caller's reach.
#[server(prefix = "/_ui/fn", endpoint = "tenants/list", protocol = JsonPost)]
pub async fn list_tenants(search: Option<String>, page: PageRequest) -> Result<Page<Tenant>, ApiError> {
    let call = context()?;
    let filter = TenantFilter { search, ..TenantFilter::default() };
    answer(call.services.tenants.list(&call.actor, &filter, page.capped()).await)
}
