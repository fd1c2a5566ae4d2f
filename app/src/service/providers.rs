//! Services about identity providers.

use async_trait::async_trait;

use super::{ProviderRef, ServiceResult};
pub use crate::domain::provider::detail::{Impact, LastDiscovery, ProviderDetail, RediscoveryPreview};
use crate::domain::{
    actor::Actor,
    discovery::DiscoveryReport,
    id::ProviderId,
    page::{Page, PageRequest},
    provider::{IdentityProvider, NewProvider, ProviderFilter, ProviderPatch, ProviderSort, ProviderSummary},
};

/// When an update reads the discovery document again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rediscover {
    /// When the discovery address or the TLS check changes.
    #[default]
    WhenConnectionChanges,
    /// Not now: a changed address forgets what was discovered, and the next test reads the document.
    Later,
    /// In any case, checking the certificate as said.
    Always {
        /// Whether the provider's TLS certificate is checked this time.
        verify_tls: bool,
    },
}

/// How an update is carried out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct UpdateOptions {
    /// The version that the caller has seen; the update fails when there is a newer one. Not checked when absent.
    pub expected_version: Option<i64>,
    /// When the discovery document is read again.
    pub rediscover: Rediscover,
    /// What the document must offer.
    pub demand: crate::domain::provider::DiscoveryDemand,
}

/// Manages identity providers.
#[async_trait]
pub trait Providers: Send + Sync {
    /// A page of what the caller may see, as rows.
    async fn list(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        sort: ProviderSort,
        page: PageRequest,
    ) -> ServiceResult<Page<ProviderSummary>>;

    /// A page of the platform-wide OpenID providers by label, whole and with secrets. Needs a caller who may reveal
    /// secrets; others use the [`Catalogue`].
    async fn list_platform_oidc(&self, actor: &Actor, page: PageRequest) -> ServiceResult<Page<IdentityProvider>>;

    /// A page of what the caller may see with their whole settings, without secrets, in the order of their creation.
    async fn list_with_settings(
        &self,
        actor: &Actor,
        filter: &ProviderFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>>;

    /// What identifies a provider, for callers who may link it: settings without secrets.
    async fn look_up(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider>;

    /// One provider. Secrets are filled in only for callers who may reveal them.
    async fn get(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<IdentityProvider>;

    /// One provider with what the portal shows beside it.
    async fn get_detail(&self, actor: &Actor, id: ProviderId) -> ServiceResult<ProviderDetail>;

    /// Creates a provider after reading its discovery document. Nothing is stored when that fails.
    async fn create(&self, actor: &Actor, new: NewProvider) -> ServiceResult<IdentityProvider>;

    /// Checks what [`Self::create`] checks before it calls the provider, and returns all problems: for callers who have
    /// found problems already and report all of them at once. Stores nothing.
    async fn check_new(&self, actor: &Actor, new: &NewProvider) -> ServiceResult<()>;

    /// Changes a provider.
    async fn update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<IdentityProvider>;

    /// Whether `update` would accept this; as [`Self::check_new`].
    async fn check_update(
        &self,
        actor: &Actor,
        provider: &ProviderRef,
        patch: &ProviderPatch,
        options: UpdateOptions,
    ) -> ServiceResult<()>;

    /// Deletes a provider softly: it vanishes from every list, and its slug and name become free.
    async fn delete(&self, actor: &Actor, provider: &ProviderRef) -> ServiceResult<()>;

    /// What disabling or deleting a provider affects.
    async fn get_impact(&self, actor: &Actor, id: ProviderId) -> ServiceResult<Impact>;

    /// How many links of people who sign in stop matching when the provider identifies people by these claims
    /// (`user_claim`). Each is found by its `sub` when its person signs in the next time, and moves to the new claim.
    async fn count_links_to_move(&self, actor: &Actor, id: ProviderId, user_claim: &str) -> ServiceResult<u64>;

    /// Reads the discovery document again and compares it with the stored one. Stores nothing.
    async fn preview_rediscovery(&self, actor: &Actor, id: ProviderId) -> ServiceResult<RediscoveryPreview>;

    /// Reads the discovery document again and stores what it says.
    async fn rediscover(&self, actor: &Actor, id: ProviderId, expected_version: i64)
    -> ServiceResult<IdentityProvider>;
}

/// What every caller may see of providers: the enabled platform-wide OpenID providers, without secrets. Its methods
/// take no actor: sign-in pages read it before there is one.
#[async_trait]
pub trait Catalogue: Send + Sync {
    /// A page of them, by label.
    async fn list(&self, page: PageRequest) -> ServiceResult<Page<IdentityProvider>>;

    /// One of them, by slug.
    async fn get(&self, slug: &str) -> ServiceResult<IdentityProvider>;
}

/// Discovery of OpenID providers before anything is saved. The server calls out, so it needs write rights.
#[async_trait]
pub trait Discovery: Send + Sync {
    /// Reads and judges a discovery document and its keys (OpenID Connect Discovery 1.0).
    async fn inspect(&self, actor: &Actor, address: &str, verify_tls: bool) -> ServiceResult<DiscoveryReport>;

    /// Reads a discovery document without judging it.
    async fn fetch_document(
        &self,
        actor: &Actor,
        address: &str,
        verify_tls: bool,
    ) -> ServiceResult<serde_json::Map<String, serde_json::Value>>;
}
