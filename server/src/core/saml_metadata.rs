//! SAML metadata: checks the permission to read a provider's, converts failures to errors of the services, and writes
//! the metadata of this service provider.

use std::sync::Arc;

use async_trait::async_trait;
use url::Url;
use vestibule_app::{
    domain::{
        actor::{Actor, Permission},
        id::ProviderId,
        problem::{ProblemCode, ServiceError, UpstreamCause},
        provider::ProviderConfig,
        saml_metadata::MetadataReport,
    },
    service::{ProviderRef, SamlMetadata, ServiceResult},
};

use super::{
    discovery::{fetch_error, refused, sentence},
    outbound_limit::OutboundLimit,
    permission::require_anywhere,
    providers,
    public_address::PublicAddress,
};
use crate::{
    clock::Clock,
    protocol::{
        http::OutboundClient,
        recognise::Recognised,
        saml::metadata::{self, MetadataFetchError, ServiceProvider},
    },
    store::{Store, providers as rows},
};

/// Reads metadata of SAML providers, and writes the metadata of this service provider.
pub(super) struct SamlMetadataService {
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) outbound: OutboundClient,
    pub(super) limit: OutboundLimit,
    pub(super) address: PublicAddress,
}

#[async_trait]
impl SamlMetadata for SamlMetadataService {
    #[tracing::instrument(level = "debug", skip_all, name = "core.saml_metadata.fetch")]
    async fn fetch(&self, actor: &Actor, url: &str, verify_tls: bool) -> ServiceResult<MetadataReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        if let Some(Recognised::SamlMetadata | Recognised::Xml) = Recognised::of(url) {
            return Err(refused("This is a document, not an address. Paste it as the metadata document.".to_owned()));
        }
        let url = Url::parse(url.trim())
            .map_err(|_| refused("Enter a full URL, such as https://id.example.com.".to_owned()))?;
        let _permit = self.limit.admit()?;
        metadata::fetch(&self.outbound, &url, verify_tls, self.clock.now()).await.map_err(metadata_error)
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.saml_metadata.read")]
    async fn read(&self, actor: &Actor, document: &str) -> ServiceResult<MetadataReport> {
        require_anywhere(actor, Permission::ManageProviders)?;
        metadata::read_text(document, self.clock.now())
            .map_err(|error| ServiceError::invalid("document", ProblemCode::Malformed, error.explain()))
    }

    #[tracing::instrument(level = "debug", skip_all, name = "core.saml_metadata.write")]
    async fn write(&self, provider: ProviderId) -> ServiceResult<Vec<u8>> {
        let found = {
            let mut read = self.store.read().await?;
            rows::find(&mut read.conn(), &ProviderRef::Id(provider)).await?
        };
        let Some(ProviderConfig::Saml(config)) = found.map(|stored| stored.provider.config) else {
            return Err(ServiceError::not_found(providers::WHAT));
        };
        let service = ServiceProvider {
            entity_id: &self.address.entity_id(provider),
            consumer_url: &self.address.callback_url(provider),
            name_id_format: &config.name_id_format,
            want_assertions_signed: config.want_assertions_signed,
        };
        metadata::write(service).map_err(|error| {
            tracing::error!(%error, "cannot write the service provider metadata");
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
