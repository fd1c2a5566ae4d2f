//! Connection tests.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        connection::{TestRecord, TestReport},
        id::{ProviderId, TenantId},
        page::{Page, PageRequest},
        problem::ServiceError,
        provider::ConfigInput,
    },
    service::{Connections, Progress, ServiceResult, TenantRef},
};

use super::Core;

#[async_trait]
impl Connections for Core {
    async fn test(
        &self,
        _actor: &Actor,
        _provider: ProviderId,
        _progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        Err(ServiceError::Internal)
    }

    async fn test_for_tenant(
        &self,
        _actor: &Actor,
        _tenant: &TenantRef,
        _provider: ProviderId,
    ) -> ServiceResult<TestReport> {
        Err(ServiceError::Internal)
    }

    async fn test_unsaved(
        &self,
        _actor: &Actor,
        _owner: Option<TenantId>,
        _provider: Option<ProviderId>,
        _config: ConfigInput,
        _progress: Option<Progress>,
    ) -> ServiceResult<TestReport> {
        Err(ServiceError::Internal)
    }

    async fn history(
        &self,
        _actor: &Actor,
        _provider: ProviderId,
        _page: PageRequest,
    ) -> ServiceResult<Page<TestRecord>> {
        Err(ServiceError::Internal)
    }
}
