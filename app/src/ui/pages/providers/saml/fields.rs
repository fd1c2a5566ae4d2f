//! The signals behind the inputs of a SAML provider.

use leptos::prelude::*;

use crate::{domain::provider::SamlEndpoint, ui::pages::providers::forms::saml::SamlDraft};

/// The inputs of a SAML provider.
#[derive(Clone, Copy)]
pub struct SamlFields {
    /// The provider's entity identifier.
    pub entity_id: RwSignal<String>,
    /// Where authentication requests go.
    pub sso_url: RwSignal<String>,
    /// Where logout requests go.
    pub slo_url: RwSignal<String>,
    /// PEM blocks one after the other.
    pub certificate: RwSignal<String>,
    /// Whether authentication requests are signed.
    pub sign_requests: RwSignal<bool>,
    /// Whether assertions must be signed.
    pub want_assertions_signed: RwSignal<bool>,
    /// The format of the name identifier.
    pub name_id_format: RwSignal<String>,
    /// Where the metadata was read from.
    pub metadata_url: RwSignal<String>,
    /// Every endpoint of the metadata.
    pub endpoints: RwSignal<Vec<SamlEndpoint>>,
}

impl SamlFields {
    /// Inputs that hold this.
    pub fn new(draft: SamlDraft) -> Self {
        let text = || RwSignal::new(String::new());
        let fields = Self {
            entity_id: text(),
            sso_url: text(),
            slo_url: text(),
            certificate: text(),
            sign_requests: RwSignal::new(false),
            want_assertions_signed: RwSignal::new(false),
            name_id_format: text(),
            metadata_url: text(),
            endpoints: RwSignal::new(Vec::new()),
        };
        fields.set(draft);
        fields
    }

    /// What they hold. Tracked.
    pub fn get(self) -> SamlDraft {
        SamlDraft {
            entity_id: self.entity_id.get(),
            sso_url: self.sso_url.get(),
            slo_url: self.slo_url.get(),
            certificate: self.certificate.get(),
            sign_requests: self.sign_requests.get(),
            want_assertions_signed: self.want_assertions_signed.get(),
            name_id_format: self.name_id_format.get(),
            endpoints: self.endpoints.get(),
            metadata_url: self.metadata_url.get(),
        }
    }

    /// Puts this into them.
    pub fn set(self, draft: SamlDraft) {
        let SamlDraft {
            entity_id,
            sso_url,
            slo_url,
            certificate,
            sign_requests,
            want_assertions_signed,
            name_id_format,
            endpoints,
            metadata_url,
        } = draft;
        self.entity_id.set(entity_id);
        self.sso_url.set(sso_url);
        self.slo_url.set(slo_url);
        self.certificate.set(certificate);
        self.sign_requests.set(sign_requests);
        self.want_assertions_signed.set(want_assertions_signed);
        self.name_id_format.set(name_id_format);
        self.endpoints.set(endpoints);
        self.metadata_url.set(metadata_url);
    }
}
