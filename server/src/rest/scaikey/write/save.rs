//! Carries out what a request wants, or tells everything that is wrong with it: with its form, and with what it means.

use vestibule_app::{
    domain::{
        actor::Actor,
        id::TenantId,
        problem::{Problem, ServiceError},
        provider::{DiscoveryDemand, IdentityProvider},
    },
    service::{ProviderRef, Rediscover, ServiceResult, UpdateOptions},
};

use super::{
    super::{
        admin::find,
        error::{Entry, Refusal, Resource, Result},
    },
    Record,
};
use crate::rest::RestState;

/// Creates a provider of `owner`.
pub(in crate::rest::scaikey) async fn create(
    state: &RestState,
    actor: &Actor,
    record: Record,
    faults: Vec<Entry>,
    owner: Option<TenantId>,
) -> Result<IdentityProvider> {
    let providers = &state.services.providers;
    let new = record.into_new(owner);
    if !faults.is_empty() {
        return Err(Resource::Provider.refuse_all(faults, &problems(providers.check_new(actor, &new).await)));
    }
    providers.create(actor, new).await.map_err(|error| Resource::Provider.refuse(error))
}

/// How often a change is tried when others change the provider at the same time.
const ATTEMPTS: u32 = 3;

/// Changes a provider; what the request does not mention is what it is by then.
pub(in crate::rest::scaikey) async fn update(
    state: &RestState,
    actor: &Actor,
    mut stored: IdentityProvider,
    record: &Record,
    mut faults: Vec<Entry>,
) -> Result<IdentityProvider> {
    let providers = &state.services.providers;
    let reference = ProviderRef::Id(stored.id);
    faults.extend(record.unchangeable(stored.config.protocol()));
    for attempt in 1.. {
        let patch = record.clone().into_patch(&stored);
        let options = UpdateOptions {
            expected_version: Some(stored.version),
            rediscover: Rediscover::Later,
            demand: DiscoveryDemand::Later,
        };
        if !faults.is_empty() {
            let judged = providers.check_update(actor, &reference, &patch, options).await;
            return Err(Resource::Provider.refuse_all(faults, &problems(judged)));
        }
        match providers.update(actor, &reference, patch, options).await {
            Ok(provider) => return Ok(provider),
            Err(ServiceError::Conflict { .. }) if attempt < ATTEMPTS => stored = find(state, actor, stored.id).await?,
            Err(error) => return Err(Resource::Provider.refuse(error)),
        }
    }
    Err(Refusal::Internal)
}

/// What was found wrong. Whatever else keeps the judge from judging is no matter beside faults that are known.
fn problems(judged: ServiceResult<()>) -> Vec<Problem> {
    match judged {
        Err(ServiceError::Invalid { problems }) => problems,
        _ => Vec::new(),
    }
}
