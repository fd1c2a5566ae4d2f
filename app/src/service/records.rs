//! Services about what stands around providers: tenants, their groups, who signs in with what, and the audit log.

use async_trait::async_trait;

use super::{ServiceResult, TenantRef};
use crate::domain::{
    actor::Actor,
    assignment::{AssignedProvider, AssignedTenant, AssignmentFilter, LinkCandidate, Origin},
    audit::{AuditEvent, AuditFilter},
    group::{Group, GroupFilter, GroupMapping, GroupPatch, NewGroup, NewGroupMapping},
    id::{GroupId, GroupMappingId, ProviderId, TenantId},
    page::{Page, PageRequest},
    provider::IdentityProvider,
    tenant::{NewTenant, Tenant, TenantDetail, TenantFilter, TenantPatch},
};

/// Manages tenants. Writing is the platform administrators' alone.
#[async_trait]
pub trait Tenants: Send + Sync {
    /// A page of those within the caller's reach, by name.
    async fn list(&self, actor: &Actor, filter: &TenantFilter, page: PageRequest) -> ServiceResult<Page<Tenant>>;

    /// The partners that the tenants within the caller's reach name, each once, in ascending order.
    async fn list_partners(&self, actor: &Actor) -> ServiceResult<Vec<String>>;

    /// One tenant.
    async fn get(&self, actor: &Actor, tenant: &TenantRef) -> ServiceResult<Tenant>;

    /// One tenant with what suspending or deleting it affects.
    async fn get_detail(&self, actor: &Actor, id: TenantId) -> ServiceResult<TenantDetail>;

    /// Creates a tenant.
    async fn create(&self, actor: &Actor, new: NewTenant) -> ServiceResult<Tenant>;

    /// Changes a tenant. The version is not checked when absent.
    async fn update(
        &self,
        actor: &Actor,
        id: TenantId,
        patch: TenantPatch,
        expected_version: Option<i64>,
    ) -> ServiceResult<Tenant>;

    /// Deletes a tenant softly with its providers and groups, unlinks the platform's, revokes its tokens, and removes
    /// the administrators whose role holds for it. The default tenant stays.
    async fn delete(&self, actor: &Actor, id: TenantId) -> ServiceResult<()>;
}

/// Manages the groups of tenants.
#[async_trait]
pub trait Groups: Send + Sync {
    /// A page of those within the caller's reach, by name.
    async fn list(&self, actor: &Actor, filter: &GroupFilter, page: PageRequest) -> ServiceResult<Page<Group>>;

    /// One group.
    async fn get(&self, actor: &Actor, id: GroupId) -> ServiceResult<Group>;

    /// Creates a group.
    async fn create(&self, actor: &Actor, new: NewGroup) -> ServiceResult<Group>;

    /// Changes a group. The version is not checked when absent.
    async fn update(
        &self,
        actor: &Actor,
        id: GroupId,
        patch: GroupPatch,
        expected_version: Option<i64>,
    ) -> ServiceResult<Group>;

    /// Deletes a group. Mappings to it stay and name an unknown group from then on.
    async fn delete(&self, actor: &Actor, id: GroupId) -> ServiceResult<()>;
}

/// Manages which groups of a provider stand for which groups of a tenant. The provider must be linked to the tenant, as
/// its own ones are from the start.
#[async_trait]
pub trait GroupMappings: Send + Sync {
    /// All mappings of a provider for a tenant, the oldest first.
    async fn list(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<Vec<GroupMapping>>;

    /// Creates a mapping. The same pair of groups a second time is a problem of `external_group_id` (`Taken`).
    async fn create(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
        new: NewGroupMapping,
    ) -> ServiceResult<GroupMapping>;

    /// Removes a mapping.
    async fn delete(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
        mapping: GroupMappingId,
    ) -> ServiceResult<()>;

    /// External groups that other mappings of the tenant name, and mappings of the provider for other tenants within
    /// the caller's reach, for completing input; at most 100.
    async fn list_external_groups(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<Vec<String>>;
}

/// Manages which tenants' users sign in with which providers.
#[async_trait]
pub trait Assignments: Send + Sync {
    /// A page of the providers of a tenant with their whole settings, without secrets, in the order of their creation.
    async fn list_providers(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        filter: AssignmentFilter,
        page: PageRequest,
    ) -> ServiceResult<Page<IdentityProvider>>;

    /// A page of the providers of a tenant as rows, by label.
    async fn list_provider_rows(
        &self,
        actor: &Actor,
        tenant: TenantId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedProvider>>;

    /// One provider of a tenant, without secrets, and how it came to the tenant.
    async fn get_provider(
        &self,
        actor: &Actor,
        tenant: &TenantRef,
        provider: ProviderId,
    ) -> ServiceResult<(IdentityProvider, Origin)>;

    /// A page of the tenants whose users sign in with a provider, by name.
    async fn list_tenants(
        &self,
        actor: &Actor,
        provider: ProviderId,
        page: PageRequest,
    ) -> ServiceResult<Page<AssignedTenant>>;

    /// Providers that the caller may link to a tenant and that are not linked yet, by label; `search` is a part of it.
    async fn list_candidates(
        &self,
        actor: &Actor,
        tenant: TenantId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<LinkCandidate>>;

    /// Tenants within the caller's reach that a provider is not linked to yet, by name; `search` is a part of name or
    /// slug.
    async fn list_tenant_candidates(
        &self,
        actor: &Actor,
        provider: ProviderId,
        search: &str,
        page: PageRequest,
    ) -> ServiceResult<Page<Tenant>>;

    /// Links a provider to a tenant; a second time changes nothing. It must be the platform's, or the tenant's own, or
    /// belong to a tenant that the caller administers too; others are not found.
    async fn link(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<IdentityProvider>;

    /// Unlinks a provider from a tenant; the provider stays, also a tenant's own.
    async fn unlink(&self, actor: &Actor, tenant: &TenantRef, provider: ProviderId) -> ServiceResult<()>;
}

/// Reads the audit log.
#[async_trait]
pub trait Audit: Send + Sync {
    /// A page of what the caller may see, newest first.
    async fn list(&self, actor: &Actor, filter: &AuditFilter, page: PageRequest) -> ServiceResult<Page<AuditEvent>>;
}
