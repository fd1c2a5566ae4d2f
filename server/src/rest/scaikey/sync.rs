//! Synchronisation with directories, and its logs.

use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::Response,
};
use vestibule_app::domain::{
    actor::Permission,
    page::PageRequest,
    problem::ServiceError,
    provider::Protocol,
    sync::{SyncEntryFilter, SyncOptions, WantedMode},
};

use super::{
    answer::Answer,
    auth::ScaiKeyCaller,
    dto::{SyncDetail, SyncSummary},
    error::{Refusal, Result},
    lookup::get_provider,
    path::{Ids, log_id, provider_id},
    query::Query,
    resource::{OrRefuse as _, Resource},
    shapes::{BadRequest, Conflict, Page, SyncAnswer, SyncDetailAnswer, SyncPage, SyncParameters},
};
use crate::rest::RestState;

/// All stored entries of a log.
const ENTRIES: PageRequest = PageRequest { offset: 0, limit: 1000 };

/// Sync Identity Provider
///
/// Waits up to 25 seconds for the end; a longer run goes on, and its log says `running`.
#[utoipa::path(
    post,
    path = "/api/v1/admin/identity-providers/{idp_id}/sync",
    operation_id = "admin_identity_providers_sync",
    tag = "admin",
    params(SyncParameters),
    responses((status = 200, description = "The log of the run", body = SyncAnswer), BadRequest, Conflict),
)]
pub(super) async fn start(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let mut query = Query::of(uri.query());
    let dry_run = query.boolean("dry_run");
    query.choice("mode", &WantedMode::ALL.iter().map(|mode| mode.as_str()).collect::<Vec<_>>());
    let mode = query.text("mode").and_then(|mode| mode.parse().ok()).unwrap_or_default();
    let confirmed_vanished = query.count("confirm_vanished");
    query.check()?;
    let id = provider_id(&id)?;
    let provider = get_provider(&state, actor, id).await?;
    let options = SyncOptions { mode, dry_run, confirmed_vanished };
    match state.services.syncs.start(actor, id, options).await {
        Ok(log) => Ok(answer.one(StatusCode::OK, SyncSummary::of(&log))),
        // The two reasons for which the service starts no run.
        Err(ServiceError::Invalid { .. }) => Err(Refusal::BadRequest(match provider.config.protocol() {
            Protocol::Ldap => "The identity provider is disabled",
            Protocol::Oidc | Protocol::Saml => "Only LDAP identity providers can be synchronised",
        })),
        Err(error) => Err(error).or_refuse(Resource::Provider),
    }
}

/// List Sync Logs
///
/// The newest first. Only directories have logs.
#[utoipa::path(
    get,
    path = "/api/v1/admin/identity-providers/{idp_id}/sync-logs",
    operation_id = "admin_identity_providers_sync_logs_list",
    tag = "admin",
    params(Page),
    responses((status = 200, description = "A page of the logs", body = SyncPage)),
)]
pub(super) async fn list(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids(id): Ids<String>,
    answer: Answer,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    let mut query = Query::of(uri.query());
    let wanted = query.page();
    query.check()?;
    let page = state
        .services
        .syncs
        .list_logs(actor, provider_id(&id)?, wanted.request())
        .await
        .or_refuse(Resource::Provider)?;
    Ok(answer.list(wanted, &page, SyncSummary::of))
}

/// Get Sync Log
///
/// With the entries that were changed, skipped or failed; unchanged ones are left out.
#[utoipa::path(
    get,
    path = "/api/v1/admin/identity-providers/{idp_id}/sync-logs/{log_id}",
    operation_id = "admin_identity_providers_sync_logs_retrieve",
    tag = "admin",
    responses((status = 200, description = "The log", body = SyncDetailAnswer)),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: ScaiKeyCaller,
    Ids((id, log)): Ids<(String, String)>,
    answer: Answer,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    let id = provider_id(&id)?;
    // A caller who may not see the provider learns nothing about its logs.
    get_provider(&state, actor, id).await?;
    let syncs = &state.services.syncs;
    let log = syncs.get_log(actor, id, log_id(&log)?).await.or_refuse(Resource::Provider)?;
    let entries = syncs.list_entries(actor, id, log.id, SyncEntryFilter::default(), ENTRIES).await;
    let entries = entries.or_refuse(Resource::Provider)?;
    Ok(answer.one(StatusCode::OK, SyncDetail::of(&log, &entries.items)))
}
