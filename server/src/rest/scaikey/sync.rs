//! Synchronisation with directories, which this version does not do: nothing can be started and nothing was logged.

use axum::{extract::State, http::Uri, response::Response};
use vestibule_app::domain::{actor::Permission, provider::Protocol};

use super::{
    admin::find,
    answer::Answer,
    auth::Caller,
    error::{Refusal, Result},
    path::{Ids, provider_id},
    query::Query,
};
use crate::rest::RestState;

/// `POST /api/v1/admin/identity-providers/{idp_id}/sync`
pub(super) async fn start(
    State(state): State<RestState>,
    caller: Caller,
    Ids(id): Ids<String>,
    uri: Uri,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ManageProviders)?;
    let mut query = Query::of(uri.query());
    query.boolean("dry_run");
    query.choice("mode", &["auto", "full", "delta"], "'auto', 'full' or 'delta'");
    query.check()?;
    let provider = find(&state, actor, provider_id(&id)?).await?;
    Err(Refusal::BadRequest(match provider.config.protocol() {
        Protocol::Ldap => "LDAP synchronisation is not available in this version",
        Protocol::Oidc | Protocol::Saml => "Only LDAP identity providers can be synchronised",
    }))
}

/// `GET /api/v1/admin/identity-providers/{idp_id}/sync-logs`
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

/// `GET /api/v1/admin/identity-providers/{idp_id}/sync-logs/{log_id}`
pub(super) async fn retrieve(
    State(state): State<RestState>,
    caller: Caller,
    Ids((id, _)): Ids<(String, String)>,
) -> Result<Response> {
    let actor = caller.who_may(Permission::ListProviders)?;
    find(&state, actor, provider_id(&id)?).await?;
    Err(Refusal::NotFound("Sync log not found".to_owned()))
}
