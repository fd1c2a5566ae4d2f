//! Administrators of the portal.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, wire::NewAdministratorForm};
#[cfg(feature = "ssr")]
use crate::domain::administrator::NewAdministrator;
use crate::domain::{
    actor::Grant,
    administrator::Administrator,
    id::AdministratorId,
    page::{Page, PageRequest},
};

/// A page of the administrators, by email address.
#[server(prefix = "/_ui/fn", endpoint = "administrators/list", protocol = JsonPost)]
pub async fn list_administrators(page: PageRequest) -> Result<Page<Administrator>, ApiError> {
    let call = context()?;
    answer(call.services.administrators.list(&call.actor, page.capped()).await)
}

/// Adds an administrator.
#[server(prefix = "/_ui/fn", endpoint = "administrators/create", protocol = JsonPost)]
pub async fn create_administrator(form: NewAdministratorForm) -> Result<Administrator, ApiError> {
    let call = context()?;
    let NewAdministratorForm { email, password, grant } = form;
    let new = NewAdministrator { email, password: password.into(), grant };
    answer(call.services.administrators.create(&call.actor, new).await)
}

/// Changes an administrator's role.
#[server(prefix = "/_ui/fn", endpoint = "administrators/set-grant", protocol = JsonPost)]
pub async fn set_administrator_grant(
    id: AdministratorId,
    grant: Grant,
    version: i64,
) -> Result<Administrator, ApiError> {
    let call = context()?;
    answer(call.services.administrators.set_grant(&call.actor, id, grant, version).await)
}

/// Deletes an administrator and ends their sessions.
#[server(prefix = "/_ui/fn", endpoint = "administrators/delete", protocol = JsonPost)]
pub async fn delete_administrator(id: AdministratorId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.administrators.delete(&call.actor, id).await)
}
