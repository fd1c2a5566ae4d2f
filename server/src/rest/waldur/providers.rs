//! The operations on providers: list, retrieve, create, update, partial update and delete.

use axum::{
    extract::{FromRequestParts, Path, Request, State},
    http::{StatusCode, Uri, request::Parts},
    response::{IntoResponse, Response},
};
use vestibule_app::{
    domain::{
        actor::Actor,
        problem::{ServiceError, UpstreamCause},
        provider::{DiscoveryDemand, IdentityProvider},
    },
    service::{ProviderRef, Rediscover, UpdateOptions},
};

use super::{
    auth::WaldurCaller,
    body,
    discovery::{NOT_AN_OBJECT, words_of_fault},
    dto::{self, View},
    error::{FieldErrors, PROVIDER_TAKEN, Refusal, Result},
    input::FieldReader,
    key::is_key,
    page::PageParameters,
    shapes::{Conflict, NoPage, Page},
    write::{ChangedProvider, Mode, NewProvider, ProviderBody, ReplacedProvider},
};
use crate::rest::{RestState, http::json, unchanged::changed};

/// Lists providers.
///
/// Staff see all of them with every field. Other callers see the enabled ones, without the fields for staff.
#[utoipa::path(
    get,
    path = "/api/identity-providers/",
    operation_id = "identity_providers_list",
    tag = "identity-providers",
    params(Page),
    responses(
        (status = 200, description = "A page of the providers, by label", body = Vec<dto::Provider>, headers(("X-Result-Count" = u64, description = "The number of all providers"), ("Link" = String, description = "The first, previous, next and last page (RFC 8288)"))),
        NoPage,
    ),
    security((), ("token" = [])),
)]
pub(super) async fn list(State(state): State<RestState>, caller: WaldurCaller, uri: Uri) -> Result<Response> {
    caller.require_reader(&state)?;
    let wanted = PageParameters::read(uri.query())?;
    let (page, view) = match caller.staff() {
        Some(actor) => (state.services.providers.list_platform_oidc(actor, wanted.request()).await?, View::Staff),
        None => (state.services.catalogue.list(wanted.request()).await?, View::Catalogue),
    };
    let headers = wanted.headers(&state.base_url, &uri, page.total)?;
    let rows: Vec<_> = page.items.iter().filter_map(|provider| dto::Provider::of(provider, view)).collect();
    Ok((headers, json(StatusCode::OK, &rows)).into_response())
}

/// Shows a provider.
#[utoipa::path(
    get,
    path = "/api/identity-providers/{provider}/",
    operation_id = "identity_providers_retrieve",
    tag = "identity-providers",
    responses((status = 200, description = "The provider", body = dto::Provider)),
    security((), ("token" = [])),
)]
pub(super) async fn retrieve(
    State(state): State<RestState>,
    ProviderKey(key): ProviderKey,
    caller: WaldurCaller,
) -> Result<Response> {
    caller.require_reader(&state)?;
    check_key(&key)?;
    let (provider, view) = match caller.staff() {
        Some(actor) => (state.services.providers.get(actor, &ProviderRef::PlatformOidc(key)).await?, View::Staff),
        None => (state.services.catalogue.get(&key).await?, View::Catalogue),
    };
    answer(StatusCode::OK, &provider, view)
}

/// Creates a provider.
///
/// The discovery document is read first; nothing is stored when that fails.
#[utoipa::path(
    post,
    path = "/api/identity-providers/",
    operation_id = "identity_providers_create",
    tag = "identity-providers",
    request_body = NewProvider,
    responses((status = 201, description = "The new provider", body = dto::Provider)),
)]
pub(super) async fn create(State(state): State<RestState>, caller: WaldurCaller, request: Request) -> Result<Response> {
    let actor = caller.require_staff()?;
    let input = body::read(request).await?;
    let mut reader = FieldReader::new(&input);
    let body = ProviderBody::read(&mut reader, Mode::Create);
    if let Some(key) = &body.provider
        && is_taken(&state, actor, key).await?
    {
        reader.errors.push("provider", PROVIDER_TAKEN);
    }
    reader.errors.check()?;
    body.check_host(body.provider.as_deref().unwrap_or_default())?;
    let provider = state.services.providers.create(actor, body.into_new()).await.map_err(while_saving)?;
    answer(StatusCode::CREATED, &provider, View::Staff)
}

/// Replaces a provider.
///
/// The discovery document is read again. Optional fields that are left out stay as they are.
#[utoipa::path(
    put,
    path = "/api/identity-providers/{provider}/",
    operation_id = "identity_providers_update",
    tag = "identity-providers",
    request_body = ReplacedProvider,
    responses((status = 200, description = "The provider", body = dto::Provider), Conflict),
)]
pub(super) async fn update(
    State(state): State<RestState>,
    ProviderKey(key): ProviderKey,
    caller: WaldurCaller,
    request: Request,
) -> Result<Response> {
    save(&state, key, caller.require_staff()?, request, Mode::Replace).await
}

/// Changes a provider.
///
/// The discovery document is read again when `discovery_url` or `verify_ssl` changes.
#[utoipa::path(
    patch,
    path = "/api/identity-providers/{provider}/",
    operation_id = "identity_providers_partial_update",
    tag = "identity-providers",
    request_body = ChangedProvider,
    responses((status = 200, description = "The provider", body = dto::Provider), Conflict),
)]
pub(super) async fn partial_update(
    State(state): State<RestState>,
    ProviderKey(key): ProviderKey,
    caller: WaldurCaller,
    request: Request,
) -> Result<Response> {
    save(&state, key, caller.require_staff()?, request, Mode::Change).await
}

/// Deletes a provider.
///
/// Its key becomes free.
#[utoipa::path(
    delete,
    path = "/api/identity-providers/{provider}/",
    operation_id = "identity_providers_destroy",
    tag = "identity-providers",
    responses((status = 204, description = "The provider is gone")),
)]
pub(super) async fn destroy(
    State(state): State<RestState>,
    ProviderKey(key): ProviderKey,
    caller: WaldurCaller,
) -> Result<StatusCode> {
    let actor = caller.require_staff()?;
    check_key(&key)?;
    state.services.providers.delete(actor, &ProviderRef::PlatformOidc(key)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A provider's key in the path. Nothing is at a path whose key holds a dot or a slash.
pub(super) struct ProviderKey(String);

impl FromRequestParts<RestState> for ProviderKey {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self> {
        match Path::<String>::from_request_parts(parts, state).await {
            Ok(Path(key)) if !key.contains(['/', '.']) => Ok(Self(key)),
            _ => Err(Refusal::NoRoute),
        }
    }
}

fn check_key(key: &str) -> Result<()> {
    if is_key(key) { Ok(()) } else { Err(Refusal::NoProvider) }
}

/// How often a change is tried when others change the provider at the same time.
const ATTEMPTS: u32 = 3;

async fn save(state: &RestState, key: String, actor: &Actor, request: Request, mode: Mode) -> Result<Response> {
    check_key(&key)?;
    let providers = &state.services.providers;
    let reference = ProviderRef::PlatformOidc(key.clone());
    // An unknown provider is refused before the body is read.
    let mut stored = providers.get(actor, &reference).await?;
    let input = body::read(request).await?;
    let shown = dto::Provider::of(&stored, View::Staff).ok_or(Refusal::NoProvider)?;
    let changed = changed(&input, &shown);
    let mut reader = FieldReader::of_change(&input, &changed);
    let body = ProviderBody::read(&mut reader, mode);
    reader.errors.check()?;
    body.check_host(&key)?;
    let rediscover = match mode {
        // The certificate is checked as this very request says, not as an earlier one did.
        Mode::Create | Mode::Replace => Rediscover::Always { verify_tls: body.verify_ssl.unwrap_or(true) },
        Mode::Change => Rediscover::WhenConnectionChanges,
    };
    let options = UpdateOptions { expected_version: None, rediscover, demand: DiscoveryDemand::Endpoints };
    let mut attempt = 1;
    loop {
        let patch = body.clone().into_patch(&stored.mapping.attributes);
        match providers.update(actor, &reference, patch, options).await {
            Ok(provider) => return answer(StatusCode::OK, &provider, View::Staff),
            // This dialect knows no versions: the last writer wins, and keeps what the other one wrote beside it.
            Err(ServiceError::Conflict { .. }) if attempt < ATTEMPTS => {
                attempt += 1;
                stored = providers.get(actor, &reference).await?;
            }
            Err(error) => return Err(while_saving(error)),
        }
    }
}

/// Whether a provider has this key. An invalid key has a message of its own.
async fn is_taken(state: &RestState, actor: &Actor, key: &str) -> Result<bool> {
    if !is_key(key) {
        return Ok(false);
    }
    match state.services.providers.get(actor, &ProviderRef::PlatformOidc(key.to_owned())).await {
        Ok(_) => Ok(true),
        Err(ServiceError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn answer(status: StatusCode, provider: &IdentityProvider, view: View) -> Result<Response> {
    let provider = dto::Provider::of(provider, view).ok_or(Refusal::NoProvider)?;
    Ok(json(status, &provider))
}

/// Words a failed discovery as saving does: a bare list, unless the address itself is refused.
fn while_saving(error: ServiceError) -> Refusal {
    let ServiceError::Upstream { cause, .. } = error else {
        return error.into();
    };
    match cause {
        UpstreamCause::Refused { reason } => Refusal::Fields(FieldErrors::one("discovery_url", reason)),
        UpstreamCause::NotJson => Refusal::discovery("Unable to parse JSON in discovery response."),
        UpstreamCause::NotAnObject => Refusal::discovery(NOT_AN_OBJECT),
        UpstreamCause::Endpoints { faults } => Refusal::Discovery(faults.iter().map(words_of_fault).collect()),
        UpstreamCause::Tls
        | UpstreamCause::Connect
        | UpstreamCause::Timeout
        | UpstreamCause::Status { .. }
        | UpstreamCause::Other => Refusal::discovery("Unable to discover endpoints."),
    }
}
