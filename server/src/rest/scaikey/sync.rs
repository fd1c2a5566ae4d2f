//! Synchronisation with directories, which this version does not do: nothing can be started and nothing was logged.

use axum::{extract::State, http::Uri, response::Response};
use vestibule_app::domain::{actor::Permission, provider::Protocol};

use super::{
    admin::find,
    answer::Answer,
    auth::Caller,
    error::{Refusal, Result},
    openapi::{BadRequest, Page, SyncLogPage, SyncOptions},
    path::{Ids, provider_id},
    query::Query,
};
use crate::rest::RestState;

/// What may be asked for: everything, or what changed since the last time.
pub(super) const MODES: [&str; 3] = ["auto", "full", "delta"];

/// Sync Identity Provider
///
/// This version synchronises nothing.
#[utoipa::path(
    post,
    path = "/api/v1/admin/identity-providers/{idp_id}/sync",
    operation_id = "admin_identity_providers_sync",
    tag = "admin",
    params(SyncOptions),
    responses(BadRequest)
)]
pub(super) async fn start(
    State(state): State<RestState>,
    caller: Caller,
    Ids(id): Ids<String>,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let mut query = Query::of(uri.query());
    query.boolean("dry_run");
    query.choice("mode", &MODES, "'auto', 'full' or 'delta'");
    query.check()?;
    let provider = find(&state, actor, provider_id(&id)?).await?;
    Err(Refusal::BadRequest(match provider.config.protocol() {
        Protocol::Ldap => "LDAP synchronisation is not available in this version",
        Protocol::Oidc | Protocol::Saml => "Only LDAP identity providers can be synchronised",
    }))
}

/// List Sync Logs
///
/// Always empty: this version synchronises nothing.
#[utoipa::path(
    get,
    path = "/api/v1/admin/identity-providers/{idp_id}/sync-logs",
    operation_id = "admin_identity_providers_sync_logs_list",
    tag = "admin",
    params(Page),
    responses((status = 200, description = "An empty page", body = SyncLogPage)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: Caller,
    Ids(id): Ids<String>,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    let mut query = Query::of(uri.query());
    let wanted = query.page();
    query.check()?;
    find(&state, actor, provider_id(&id)?).await?;
    Ok(answer.empty_page(wanted))
}

/// Get Sync Log
///
/// There is none: this version synchronises nothing.
#[utoipa::path(
    get,
    path = "/api/v1/admin/identity-providers/{idp_id}/sync-logs/{log_id}",
    operation_id = "admin_identity_providers_sync_logs_retrieve",
    tag = "admin",
    responses()
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: Caller,
    Ids((id, _)): Ids<(String, String)>,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    find(&state, actor, provider_id(&id)?).await?;
    Err(Refusal::NotFound("Sync log not found".to_owned()))
}
