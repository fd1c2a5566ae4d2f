//! Group mappings.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        group::{GroupMapping, NewGroupMapping},
        id::{GroupMappingId, ProviderId},
        problem::ServiceError,
    },
    service::{GroupMappings, ServiceResult, TenantRef},
};

use super::Core;

#[async_trait]
impl GroupMappings for Core {
    async fn list(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _provider: ProviderId,
    ) -> ServiceResult<Vec<GroupMapping>> {
        Err(ServiceError::Internal)
    }

    async fn create(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _provider: ProviderId,
        _new: NewGroupMapping,
    ) -> ServiceResult<GroupMapping> {
        Err(ServiceError::Internal)
    }

    async fn delete(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _provider: ProviderId,
        _mapping: GroupMappingId,
    ) -> ServiceResult<()> {
        Err(ServiceError::Internal)
    }

    async fn known_external_groups(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _provider: ProviderId,
    ) -> ServiceResult<Vec<String>> {
        Err(ServiceError::Internal)
    }
}
