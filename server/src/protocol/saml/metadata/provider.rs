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

/// An entity on its way to [`MetadataProvider`]s: one for each of its roles, since keys and endpoints of one role say
/// nothing of another's (SAML 2.0 Metadata, section 2.4).
pub(super) struct Draft {
    entity_id: String,
    organization: Option<Name>,
    roles: Vec<Role>,
    warnings: Vec<String>,
}

/// An `IDPSSODescriptor`.
#[derive(Default)]
pub(super) struct Role {
    name: Option<Name>,
    endpoints: Vec<SamlEndpoint>,
    certificates: Vec<SamlCertificate>,
    formats: Vec<String>,
    attributes: Vec<SamlAttribute>,
    want_requests_signed: bool,
    warnings: Vec<String>,
}

#[derive(Clone)]
struct Name {
    text: String,
    is_english: bool,
}

/// Where a name to show comes from; the first is preferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameSource {
    /// `mdui:DisplayName`, meant for people who choose where to sign in.
    UserInterface,
    /// `OrganizationDisplayName`.
    Organization,
}

impl Draft {
    /// Nothing when the entity has no usable identifier.
    pub(super) fn begin(element: &Element) -> Option<Self> {
        let entity_id = element.attribute("entityID")?.to_owned();
        let is_usable = !entity_id.is_empty() && entity_id.chars().count() <= 1024;
        is_usable.then(|| Self { entity_id, organization: None, roles: Vec::new(), warnings: Vec::new() })
    }

    /// Takes note of an `IDPSSODescriptor`; answers whether it is one of SAML 2.0, whose content counts.
    pub(super) fn role(&mut self, element: &Element) -> bool {
        let mut protocols = element.attribute("protocolSupportEnumeration").unwrap_or_default().split_whitespace();
        if !protocols.any(|protocol| protocol == PROTOCOL) {
            return false;
        }
        let want_requests_signed = matches!(element.attribute("WantAuthnRequestsSigned"), Some("true" | "1"));
        self.roles.push(Role { want_requests_signed, ..Role::default() });
        true
    }

    /// The identifier of the entity.
    pub(super) fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// The role that the walk is inside of, or was.
    pub(super) fn present(&mut self) -> Option<&mut Role> {
        self.roles.last_mut()
    }

    /// A warning about the role that the walk is inside of, or about the entity before its first one.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        match self.roles.last_mut() {
            Some(role) => role.warn(warning),
            None => self.warnings.push(warning.into()),
        }
    }

    pub(super) fn name(&mut self, source: NameSource, language: Option<&str>, text: &str) {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_NAME).collect();
        let is_english = language.is_some_and(|language| {
            language.eq_ignore_ascii_case("en")
                || language.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("en-"))
        });
        let slot = match source {
            NameSource::Organization => &mut self.organization,
            NameSource::UserInterface => match self.roles.last_mut() {
                Some(role) => &mut role.name,
                None => return,
            },
        };
        let is_better = slot.as_ref().is_none_or(|kept| is_english && !kept.is_english);
        if !text.is_empty() && is_better {
            *slot = Some(Name { text, is_english });
        }
    }

    /// The providers that the entity is; none when it is something else.
    pub(super) fn finish(self, now: Timestamp) -> Vec<MetadataProvider> {
        let Self { entity_id, organization, roles, warnings } = self;
        let provider = |role: Role| role.finish(&entity_id, organization.as_ref(), &warnings, now);
        roles.into_iter().map(provider).collect()
    }
}

impl Role {
    fn warn(&mut self, warning: impl Into<String>) {
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

    fn finish(
        mut self,
        entity_id: &str,
        organization: Option<&Name>,
        of_entity: &[String],
        now: Timestamp,
    ) -> MetadataProvider {
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
        MetadataProvider {
            entity_id: entity_id.to_owned(),
            display_name: self.name.or_else(|| organization.cloned()).map(|name| name.text),
            endpoints: self.endpoints,
            certificates: self.certificates,
            name_id_formats: self.formats,
            attributes: self.attributes,
            want_requests_signed: self.want_requests_signed,
            warnings: of_entity.iter().cloned().chain(self.warnings).collect(),
        }
    }
}

fn is_address(text: &str) -> bool {
    text.len() <= MAX_ADDRESS && is_web_address(text)
}
