//! Groups of tenants.

use async_trait::async_trait;
use vestibule_app::{
    domain::{
        actor::Actor,
        group::{Group, GroupFilter, GroupPatch, NewGroup},
        id::GroupId,
        page::{Page, PageRequest},
        problem::ServiceError,
    },
    service::{Groups, ServiceResult},
};

use super::Core;

#[async_trait]
impl Groups for Core {
    async fn list(&self, _actor: &Actor, _filter: &GroupFilter, _page: PageRequest) -> ServiceResult<Page<Group>> {
        Err(ServiceError::Internal)
    }

    async fn get(&self, _actor: &Actor, _id: GroupId) -> ServiceResult<Group> {
        Err(ServiceError::Internal)
    }

    async fn create(&self, _actor: &Actor, _new: NewGroup) -> ServiceResult<Group> {
        Err(ServiceError::Internal)
    }

    async fn update(
        &self,
        _actor: &Actor,
        _id: GroupId,
        _patch: GroupPatch,
        _expected_version: Option<i64>,
    ) -> ServiceResult<Group> {
        Err(ServiceError::Internal)
    }

    async fn delete(&self, _actor: &Actor, _id: GroupId) -> ServiceResult<()> {
        Err(ServiceError::Internal)
    }
}
