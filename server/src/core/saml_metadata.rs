//! SAML metadata.

use async_trait::async_trait;
use vestibule_app::{
    domain::{actor::Actor, problem::ServiceError, saml_metadata::MetadataReport},
    service::{SamlMetadata, ServiceResult},
};

use super::Core;

#[async_trait]
impl SamlMetadata for Core {
    async fn fetch(&self, _actor: &Actor, _url: &str, _verify_tls: bool) -> ServiceResult<MetadataReport> {
        Err(ServiceError::Internal)
    }

    async fn read(&self, _actor: &Actor, _document: &str) -> ServiceResult<MetadataReport> {
        Err(ServiceError::Internal)
    }
}
