//! Creates and changes providers, or refuses the request with all faults of its form and all problems of its meaning.

use vestibule_app::{
    domain::{
        actor::Actor,
        id::TenantId,
        problem::{Problem, ServiceError},
        provider::{DiscoveryDemand, IdentityProvider},
    },
    service::{ProviderRef, Rediscover, ServiceResult, UpdateOptions},
};

use super::provider::ProviderBody;
use crate::rest::{
    RestState,
    scaikey::{
        error::{Entry, Refusal, Result},
        lookup::get_provider,
        resource::{OrRefuse as _, Resource},
    },
};

/// Creates a provider of `owner`.
pub(in crate::rest::scaikey) async fn create(
    state: &RestState,
    actor: &Actor,
    body: ProviderBody,
    faults: Vec<Entry>,
    owner: Option<TenantId>,
) -> Result<IdentityProvider> {
    let providers = &state.services.providers;
    let new = body.into_new(owner);
    if !faults.is_empty() {
        return Err(Resource::Provider.refuse_all(faults, &problems(providers.check_new(actor, &new).await)));
    }
    providers.create(actor, new).await.or_refuse(Resource::Provider)
}

/// How often a change is tried when others change the provider at the same time.
const ATTEMPTS: u32 = 3;

/// Changes a provider. What the request does not mention keeps the value that it has when the change is stored.
pub(in crate::rest::scaikey) async fn update(
    state: &RestState,
    actor: &Actor,
    mut stored: IdentityProvider,
    body: &ProviderBody,
    mut faults: Vec<Entry>,
) -> Result<IdentityProvider> {
    let providers = &state.services.providers;
    let reference = ProviderRef::Id(stored.id);
    faults.extend(body.unchangeable(stored.config.protocol()));
    for attempt in 1.. {
        let patch = body.clone().into_patch(&stored);
        let options = UpdateOptions {
            expected_version: Some(stored.version),
            rediscover: Rediscover::Later,
            demand: DiscoveryDemand::Later,
        };
        if !faults.is_empty() {
            let checked = providers.check_update(actor, &reference, &patch, options).await;
            return Err(Resource::Provider.refuse_all(faults, &problems(checked)));
        }
        match providers.update(actor, &reference, patch, options).await {
            Ok(provider) => return Ok(provider),
            Err(ServiceError::Conflict { .. }) if attempt < ATTEMPTS => {
                stored = get_provider(state, actor, stored.id).await?
            }
            Err(error) => return Err(Resource::Provider.refuse(error)),
        }
    }
    Err(Refusal::Internal)
}

/// The problems that a check found. Another error of the check does not matter beside faults that are known.
fn problems(checked: ServiceResult<()>) -> Vec<Problem> {
    match checked {
        Err(ServiceError::Invalid { problems }) => problems,
        _ => Vec::new(),
    }
}
