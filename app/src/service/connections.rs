//! Services about testing connections, and about reading SAML metadata.

use std::sync::Arc;

use async_trait::async_trait;

use super::{ServiceResult, TenantRef};
use crate::domain::{
    actor::Actor,
    connection::{TestProgress, TestRecord, TestReport},
    id::{ProviderId, TenantId},
    ldap::{DirectoryReport, DirectoryUser},
    mapping::UserMapping,
    page::{Page, PageRequest},
    provider::{ConfigInput, LdapInput},
    saml_metadata::MetadataReport,
};

/// Receives the progress of a running test, step by step. It must not block.
pub type Progress = Arc<dyn Fn(TestProgress) + Send + Sync>;

/// Tests connections to providers. The server calls out, so it needs write rights.
#[async_trait]
pub trait Connections: Send + Sync {
    /// Tests a stored provider, keeps the result and judges the provider's health by it. At most ten seconds. A
    /// provider that does not work is a report, not an error.
    async fn test(&self, actor: &Actor, provider: ProviderId, progress: Option<Progress>) -> ServiceResult<TestReport>;

    /// The same for a provider of a tenant, its own or linked. Callers who may not manage a linked directory see which
    /// step fails and no details.
    async fn test_for_tenant(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<TestReport>;

    /// Tests settings that are not saved; keeps nothing. `owner` is the tenant that the provider would belong to. With
    /// `provider`, secrets that the settings leave out are those stored for it; a bind password is sent to the stored
    /// servers alone. Users of a directory are shown as `mapping` fills them.
    async fn test_unsaved(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        config: ConfigInput,
        mapping: Option<UserMapping>,
        progress: Option<Progress>,
    ) -> ServiceResult<TestReport>;

    /// Reads what a directory says of itself, by settings that are not saved; those about users and groups do not
    /// matter. At most ten seconds.
    async fn inspect(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        input: LdapInput,
    ) -> ServiceResult<DirectoryReport>;

    /// Reads a few users of a directory, by settings that are not saved: the attributes that they have, and those that
    /// the mapping names. Attributes that hold passwords are never requested. At most ten seconds.
    async fn sample(
        &self,
        actor: &Actor,
        owner: Option<TenantId>,
        provider: Option<ProviderId>,
        input: LdapInput,
        mapping: &UserMapping,
    ) -> ServiceResult<Vec<DirectoryUser>>;

    /// A page of the tests that were kept of a provider, newest first.
    async fn list_history(
        &self,
        actor: &Actor,
        provider: ProviderId,
        page: PageRequest,
    ) -> ServiceResult<Page<TestRecord>>;
}

/// Reads SAML metadata before anything is saved, and writes Vestibule's own metadata.
#[async_trait]
pub trait SamlMetadata: Send + Sync {
    /// Reads metadata from an address. The server calls out, so it needs write rights.
    async fn fetch(&self, actor: &Actor, url: &str, verify_tls: bool) -> ServiceResult<MetadataReport>;

    /// Reads metadata that was pasted or uploaded.
    async fn read(&self, actor: &Actor, document: &str) -> ServiceResult<MetadataReport>;

    /// The metadata of this service provider for a SAML provider, enabled or not. Takes no actor, since it is public:
    /// the administrator of the identity provider reads it without signing in.
    async fn write(&self, provider: ProviderId) -> ServiceResult<Vec<u8>>;
}
