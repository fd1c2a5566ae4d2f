//! SAML metadata: who may have it read, and what its failures mean to the services.

use async_trait::async_trait;
use url::Url;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        problem::{ProblemCode, ServiceError, UpstreamCause},
        saml_metadata::MetadataReport,
    },
    service::{SamlMetadata, ServiceResult},
};

use super::{
    Core,
    discovery::{fetch_error, refused, sentence},
    require_anywhere,
};
use crate::protocol::saml::metadata::{self, MetadataFetchError};

#[async_trait]
impl SamlMetadata for Core {
    async fn fetch(&self, actor: &Actor, url: &str, verify_tls: bool) -> ServiceResult<MetadataReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        let url = Url::parse(url.trim()).map_err(|error| refused(format!("Enter a valid URL ({error}).")))?;
        let _leave = self.tests.admit()?;
        metadata::fetch(&self.outbound, &url, verify_tls, self.clock.now()).await.map_err(metadata_error)
    }

    async fn read(&self, actor: &Actor, document: &str) -> ServiceResult<MetadataReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        metadata::read_text(document, self.clock.now())
            .map_err(|error| ServiceError::invalid("document", ProblemCode::Malformed, error.explain()))
    }
}

fn metadata_error(error: MetadataFetchError) -> ServiceError {
    let (message, advice) = (sentence(&error), error.advice());
    match error {
        MetadataFetchError::Fetch(error) => fetch_error(error),
        MetadataFetchError::Document { .. } => ServiceError::Upstream { message, advice, cause: UpstreamCause::Other },
    }
}
