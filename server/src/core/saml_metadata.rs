//! SAML metadata: who may have it read, what its failures mean to the services, and what this side says of itself.

use async_trait::async_trait;
use url::Url;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::ProviderId,
        problem::{ProblemCode, ServiceError, UpstreamCause},
        provider::{ProviderConfig, detail::service_entity_id},
        saml_metadata::MetadataReport,
    },
    service::{ProviderRef, SamlMetadata, ServiceResult},
};

use super::{
    Core,
    discovery::{fetch_error, refused, sentence},
    providers, require_anywhere,
};
use crate::{
    protocol::{
        recognise::Recognised,
        saml::metadata::{self, MetadataFetchError, ServiceProvider},
    },
    store::providers as rows,
};

#[async_trait]
impl SamlMetadata for Core {
    async fn fetch(&self, actor: &Actor, url: &str, verify_tls: bool) -> ServiceResult<MetadataReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        if let Some(Recognised::SamlMetadata | Recognised::Xml) = Recognised::of(url) {
            return Err(refused("This is a document, not an address. Paste it as the metadata document.".to_owned()));
        }
        let url = Url::parse(url.trim()).map_err(|error| refused(format!("Enter a valid URL ({error}).")))?;
        let _leave = self.tests.admit()?;
        metadata::fetch(&self.outbound, &url, verify_tls, self.clock.now()).await.map_err(metadata_error)
    }

    async fn read(&self, actor: &Actor, document: &str) -> ServiceResult<MetadataReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        metadata::read_text(document, self.clock.now())
            .map_err(|error| ServiceError::invalid("document", ProblemCode::Malformed, error.explain()))
    }

    async fn of_this_side(&self, provider: ProviderId) -> ServiceResult<Vec<u8>> {
        let found = {
            let mut read = self.store.read().await?;
            rows::find(&mut read.conn(), &ProviderRef::Id(provider)).await?
        };
        let Some(ProviderConfig::Saml(config)) = found.map(|stored| stored.provider.config) else {
            return Err(ServiceError::not_found(providers::WHAT));
        };
        let service = ServiceProvider {
            entity_id: &service_entity_id(&self.base_url, provider),
            consumer_url: &self.callback_url(provider),
            name_id_format: &config.name_id_format,
            want_assertions_signed: config.want_assertions_signed,
        };
        metadata::write(service).map_err(|error| {
            tracing::error!(%error, "cannot write the metadata of this side");
            ServiceError::Internal
        })
    }
}

fn metadata_error(error: MetadataFetchError) -> ServiceError {
    let (message, advice) = (sentence(&error), error.advice());
    match error {
        MetadataFetchError::Fetch(error) => fetch_error(error),
        MetadataFetchError::Document { .. } => ServiceError::Upstream { message, advice, cause: UpstreamCause::Other },
    }
}
