//! What is gathered of one entity while the walk is inside it.

use vestibule_app::domain::{
    provider::{SamlCertificate, SamlEndpoint, SamlService},
    saml_metadata::{MetadataProvider, SamlAttribute},
    timestamp::Timestamp,
    web_url::is_web_address,
};

use super::{
    names::{BINDING_POST, BINDING_REDIRECT, PROTOCOL},
    xml::Element,
};
use crate::protocol::saml::certificate::{self, MAX_CERTIFICATES};

/// How many endpoints of a provider are kept; there are four bindings and two services.
const MAX_ENDPOINTS: usize = 32;

/// How many name identifier formats are kept; there are eight.
const MAX_FORMATS: usize = 16;

/// How many attributes are kept; federations know some dozens.
const MAX_ATTRIBUTES: usize = 200;

/// The longest address and the longest URN that are kept.
const MAX_ADDRESS: usize = 2000;

/// The longest binding that is kept, as long as settings may have.
const MAX_BINDING: usize = 255;

/// The longest name that is kept, in characters.
const MAX_NAME: usize = 255;

/// An entity on its way to a [`MetadataProvider`].
pub(super) struct Draft {
    entity_id: String,
    is_provider: bool,
    names: [Option<Name>; 2],
    endpoints: Vec<SamlEndpoint>,
    certificates: Vec<SamlCertificate>,
    formats: Vec<String>,
    attributes: Vec<SamlAttribute>,
    want_requests_signed: bool,
    warnings: Vec<String>,
}

struct Name {
    text: String,
    is_english: bool,
}

/// Where a name to show comes from; the first is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameSource {
    /// `mdui:DisplayName`, meant for people who choose where to sign in.
    UserInterface = 0,
    /// `OrganizationDisplayName`.
    Organization = 1,
}

impl Draft {
    /// Nothing when the entity has no usable identifier.
    pub(super) fn begin(element: &Element) -> Option<Self> {
        let entity_id = element.attribute("entityID")?.to_owned();
        let is_usable = !entity_id.is_empty() && entity_id.chars().count() <= 1024;
        is_usable.then(|| Self {
            entity_id,
            is_provider: false,
            names: [None, None],
            endpoints: Vec::new(),
            certificates: Vec::new(),
            formats: Vec::new(),
            attributes: Vec::new(),
            want_requests_signed: false,
            warnings: Vec::new(),
        })
    }

    /// Takes note of an `IDPSSODescriptor`; answers whether it is one of SAML 2.0, whose content counts.
    pub(super) fn role(&mut self, element: &Element) -> bool {
        let mut protocols = element.attribute("protocolSupportEnumeration").unwrap_or_default().split_whitespace();
        if !protocols.any(|protocol| protocol == PROTOCOL) {
            return false;
        }
        self.is_provider = true;
        self.want_requests_signed |= matches!(element.attribute("WantAuthnRequestsSigned"), Some("true" | "1"));
        true
    }

    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        let warning = warning.into();
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    pub(super) fn endpoint(&mut self, service: SamlService, element: &Element) {
        let read = |name| element.attribute(name).unwrap_or_default();
        let (binding, location) = (read("Binding"), read("Location"));
        let response_location = element.attribute("ResponseLocation").filter(|address| !address.is_empty());
        let is_usable = [Some(location), response_location].into_iter().flatten().all(is_address);
        if binding.is_empty() || binding.len() > MAX_BINDING || !is_usable {
            self.warn("An endpoint without a binding or without an http or https address is left out.");
        } else if self.endpoints.len() == MAX_ENDPOINTS {
            self.warn(format!("There are more than {MAX_ENDPOINTS} endpoints; the others are left out."));
        } else {
            self.endpoints.push(SamlEndpoint {
                service,
                binding: binding.to_owned(),
                location: location.to_owned(),
                response_location: response_location.map(str::to_owned),
            });
        }
    }

    pub(super) fn certificate(&mut self, text: &str) {
        let Ok(found) = certificate::read(text) else {
            self.warn("A signing certificate cannot be read and is left out.");
            return;
        };
        for certificate in found {
            let is_new = self.certificates.iter().all(|other| other.summary.sha256 != certificate.summary.sha256);
            if is_new && self.certificates.len() == MAX_CERTIFICATES {
                self.warn(format!(
                    "There are more than {MAX_CERTIFICATES} signing certificates; the others are left out."
                ));
            } else if is_new {
                self.certificates.push(certificate);
            }
        }
    }

    pub(super) fn format(&mut self, text: &str) {
        let format = text.trim();
        let is_new = !format.is_empty() && format.len() <= MAX_BINDING && self.formats.iter().all(|f| f != format);
        if is_new && self.formats.len() < MAX_FORMATS {
            self.formats.push(format.to_owned());
        }
    }

    /// An attribute that the provider says it sends. Names with spaces cannot be mapped.
    pub(super) fn attribute(&mut self, element: &Element) {
        let name = element.attribute("Name").unwrap_or_default();
        let is_usable = |text: &str| !text.is_empty() && text.len() <= MAX_BINDING;
        let is_new = self.attributes.iter().all(|known| known.name != name);
        if is_usable(name) && !name.contains(char::is_whitespace) && is_new && self.attributes.len() < MAX_ATTRIBUTES {
            let friendly_name = element.attribute("FriendlyName").filter(|text| is_usable(text)).map(str::to_owned);
            self.attributes.push(SamlAttribute { name: name.to_owned(), friendly_name });
        }
    }

    pub(super) fn name(&mut self, source: NameSource, language: Option<&str>, text: &str) {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_NAME).collect();
        let is_english = language.is_some_and(|language| {
            language.eq_ignore_ascii_case("en")
                || language.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("en-"))
        });
        let slot = &mut self.names[source as usize];
        let is_better = slot.as_ref().is_none_or(|kept| is_english && !kept.is_english);
        if !text.is_empty() && is_better {
            *slot = Some(Name { text, is_english });
        }
    }

    /// The provider, unless the entity is none.
    pub(super) fn finish(mut self, now: Timestamp) -> Option<MetadataProvider> {
        if !self.is_provider {
            return None;
        }
        certificate::sort(&mut self.certificates);
        if self.certificates.is_empty() {
            self.warn("It publishes no signing certificate.");
        }
        let faults: Vec<_> =
            self.certificates.iter().flat_map(|certificate| certificate::judge(&certificate.summary, now)).collect();
        for fault in faults {
            self.warn(format!("A signing certificate {fault}."));
        }
        let is_usable = |endpoint: &SamlEndpoint| {
            endpoint.service == SamlService::SingleSignOn
                && [BINDING_REDIRECT, BINDING_POST].contains(&endpoint.binding.as_str())
        };
        if !self.endpoints.iter().any(is_usable) {
            self.warn("It has no single sign-on endpoint with the HTTP-Redirect or the HTTP-POST binding.");
        }
        let [ui, organization] = self.names;
        Some(MetadataProvider {
            entity_id: self.entity_id,
            display_name: ui.or(organization).map(|name| name.text),
            endpoints: self.endpoints,
            certificates: self.certificates,
            name_id_formats: self.formats,
            attributes: self.attributes,
            want_requests_signed: self.want_requests_signed,
            warnings: self.warnings,
        })
    }
}

fn is_address(text: &str) -> bool {
    text.len() <= MAX_ADDRESS && is_web_address(text)
}
