//! The keys of providers, cached: each provider's are read once for all sign-ins.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use tokio::time::{Instant, timeout_at};
use vestibule_app::domain::{id::ProviderId, sign_in::StepName};

use super::{
    super::{
        client::{is_hmac, secret_key},
        fetch_keys,
        id_token::{IdTokenFault, TokenHeader},
    },
    faults::{id_token_fault, unreadable_keys},
    provider::OpenIdProvider,
};
use crate::{
    clock::Clock,
    jose::{FetchKeys, KeyCache, KeyFault, VerificationKey},
    protocol::{
        http::OutboundClient,
        recorder::{OpenStep, Recorder},
        sign_in::SignInFault,
    },
};

/// The shortest time between two readings of a provider's keys, in seconds.
const KEY_PAUSE: i64 = 60;

/// For how many providers keys are kept.
const MAX_PROVIDERS: u64 = 20_000;

/// Finds the keys that verify tokens.
#[derive(Clone)]
pub(super) struct ProviderKeys {
    outbound: OutboundClient,
    clock: Arc<dyn Clock>,
    /// The time for reading a provider's keys.
    timeout: Duration,
    caches: Cache<KeySource, Arc<KeyCache>>,
}

/// Whose keys, and from where. A provider whose address changes gets other keys.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct KeySource {
    provider: ProviderId,
    url: String,
    verify_tls: bool,
}

impl ProviderKeys {
    pub(super) fn new(outbound: OutboundClient, clock: Arc<dyn Clock>, timeout: Duration) -> Self {
        Self { outbound, clock, timeout, caches: Cache::new(MAX_PROVIDERS) }
    }

    /// The key for a token with this header.
    pub(super) async fn find(
        &self,
        provider: &OpenIdProvider<'_>,
        header: &TokenHeader,
        deadline: Instant,
        trace: &Recorder,
    ) -> Result<VerificationKey, SignInFault> {
        let mut step = trace.begin(StepName::Keys);
        let outcome = self.try_find(provider, header, deadline, &mut step).await;
        step.end(outcome)
    }

    async fn try_find(
        &self,
        provider: &OpenIdProvider<'_>,
        header: &TokenHeader,
        deadline: Instant,
        step: &mut OpenStep<'_>,
    ) -> Result<VerificationKey, SignInFault> {
        if is_hmac(header.algorithm) {
            let key = secret_key(provider.config, header.algorithm).map_err(id_token_fault)?;
            return Ok(VerificationKey { key, issuer: None });
        }
        let keys = self.cache_of(provider).await?;
        let found = timeout_at(deadline, keys.find(header.key_id.as_deref(), header.algorithm));
        match found.await.unwrap_or(Err(KeyFault::Unavailable)) {
            Ok(key) => Ok(key),
            Err(KeyFault::Unknown) => Err(id_token_fault(IdTokenFault::UnknownKey)),
            Err(KeyFault::Ambiguous) => Err(id_token_fault(IdTokenFault::AmbiguousKey)),
            Err(KeyFault::Unavailable) => {
                // Otherwise they may have been in memory.
                step.asked("GET", &provider.address(|endpoints| &endpoints.jwks, "jwks_uri")?);
                Err(unreadable_keys())
            }
        }
    }

    async fn cache_of(&self, provider: &OpenIdProvider<'_>) -> Result<Arc<KeyCache>, SignInFault> {
        let url = provider.address(|endpoints| &endpoints.jwks, "jwks_uri")?;
        let verify_tls = provider.config.verify_tls;
        let timeout = self.timeout;
        let source = KeySource { provider: provider.stored.id, url: url.to_string(), verify_tls };
        let cache = async {
            let outbound = self.outbound.clone();
            let fetch: FetchKeys = Box::new(move || {
                let (outbound, url) = (outbound.clone(), url.clone());
                Box::pin(async move {
                    fetch_keys(&outbound, "", Some(&url), verify_tls, timeout).await.map_err(|error| error.to_string())
                })
            });
            Arc::new(KeyCache::new(fetch, self.clock.clone(), KEY_PAUSE))
        };
        Ok(self.caches.get_with(source, cache).await)
    }
}
