//! What is gathered of one entity while the walk is inside it.

use vestibule_app::domain::{
    provider::{SamlCertificate, SamlEndpoint, SamlService},
    saml_metadata::{MetadataProvider, SamlAttribute},
    timestamp::Timestamp,
    web_url::is_web_address,
};

use super::{
    key::{KeyPlace, PartialKey},
    names::{BINDING_POST, BINDING_REDIRECT, Namespace, PROTOCOL},
    warnings::Warnings,
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

/// How much of a key's use is shown, in characters.
const MAX_USE: usize = 40;

/// How many remarks about a provider are kept.
const MAX_WARNINGS: usize = 50;

/// The longest name that is kept, in characters.
const MAX_NAME: usize = 255;

/// An entity on its way to [`MetadataProvider`]s: one for each of its roles, since keys and endpoints of one role say
/// nothing of another's (SAML 2.0 Metadata, section 2.4).
pub(super) struct ProviderDraft {
    entity_id: String,
    organization: Option<Name>,
    roles: Vec<Role>,
    /// How many `IDPSSODescriptor`s there were, also those of other protocols.
    descriptors: usize,
    warnings: Vec<String>,
}

/// An `IDPSSODescriptor`.
pub(super) struct Role {
    /// Which of the entity's it is, from 1.
    number: usize,
    name: Option<Name>,
    endpoints: Vec<SamlEndpoint>,
    /// How many endpoints of each service there were.
    sign_on_seen: usize,
    logout_seen: usize,
    /// Certificates and where they stand.
    certificates: Vec<(SamlCertificate, KeyPlace)>,
    /// How many `KeyDescriptor`s there were, and how many of them are for encryption alone.
    keys: usize,
    encryption_keys: usize,
    /// The one that the walk is inside of.
    key: Option<PartialKey>,
    has_unread_keys: bool,
    formats: Vec<String>,
    attributes: Vec<SamlAttribute>,
    attributes_seen: usize,
    want_requests_signed: bool,
    warnings: Warnings,
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

impl ProviderDraft {
    /// Nothing when the entity has no usable identifier.
    pub(super) fn begin(element: &Element) -> Option<Self> {
        let entity_id = element.attribute("entityID")?.to_owned();
        let is_usable = !entity_id.is_empty() && entity_id.chars().count() <= 1024;
        is_usable.then(|| Self {
            entity_id,
            organization: None,
            roles: Vec::new(),
            descriptors: 0,
            warnings: Vec::new(),
        })
    }

    /// Takes note of an `IDPSSODescriptor`; answers whether it is one of SAML 2.0, whose content counts.
    pub(super) fn role(&mut self, element: &Element) -> bool {
        self.descriptors += 1;
        let mut protocols = element.attribute("protocolSupportEnumeration").unwrap_or_default().split_whitespace();
        if !protocols.any(|protocol| protocol == PROTOCOL) {
            return false;
        }
        let want_requests_signed = matches!(element.attribute("WantAuthnRequestsSigned"), Some("true" | "1"));
        self.roles.push(Role::begin(self.descriptors, want_requests_signed));
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
        let Self { entity_id, organization, roles, descriptors: _, warnings } = self;
        let provider = |role: Role| role.finish(&entity_id, organization.as_ref(), &warnings, now);
        roles.into_iter().map(provider).collect()
    }
}

impl Role {
    fn begin(number: usize, want_requests_signed: bool) -> Self {
        Self {
            number,
            name: None,
            endpoints: Vec::new(),
            sign_on_seen: 0,
            logout_seen: 0,
            certificates: Vec::new(),
            keys: 0,
            encryption_keys: 0,
            key: None,
            has_unread_keys: false,
            formats: Vec::new(),
            attributes: Vec::new(),
            attributes_seen: 0,
            want_requests_signed,
            warnings: Warnings::new(MAX_WARNINGS),
        }
    }

    fn warn(&mut self, warning: impl Into<String>) {
        self.warnings.add(warning);
    }

    /// Takes note of an element that is in another namespace than it belongs to.
    pub(super) fn misplaced(&mut self, element: &Element, expected: Namespace) {
        let clause = element.misplaced(expected);
        self.has_unread_keys |= element.local == "KeyDescriptor";
        self.warn(format!(
            "In IDPSSODescriptor {}, {clause}. It is left out. Ask the provider to correct its metadata, or enter what \
             it says by hand.",
            self.number
        ));
    }

    pub(super) fn endpoint(&mut self, service: SamlService, element: &Element) {
        let read = |name| element.attribute(name).unwrap_or_default();
        let (binding, location) = (read("Binding"), read("Location"));
        let seen = match service {
            SamlService::SingleSignOn => &mut self.sign_on_seen,
            SamlService::SingleLogout => &mut self.logout_seen,
        };
        *seen += 1;
        let name = format!("{} {seen} of IDPSSODescriptor {}", element.local, self.number);
        let fault = if binding.is_empty() {
            Some("it has no Binding")
        } else if binding.len() > MAX_BINDING {
            Some("its Binding is longer than 255 bytes")
        } else if !is_address(location) {
            Some("its Location is not an http or https URL")
        } else {
            None
        };
        let response_location = element.attribute("ResponseLocation").filter(|address| !address.is_empty());
        let is_for_answers = response_location.is_none_or(is_address);
        let response_location = response_location.filter(|_| is_for_answers);
        if let Some(fault) = fault {
            self.warn(format!(
                "The {name} is left out: {fault}. Ask the provider to correct its metadata, or enter the address by hand."
            ));
        } else if self.endpoints.len() == MAX_ENDPOINTS {
            self.warn(format!("There are more than {MAX_ENDPOINTS} endpoints; the others are left out."));
        } else {
            if !is_for_answers {
                self.warn(format!(
                    "The ResponseLocation of the {name} is left out, since it is not an http or https URL. Answers go to \
                     its Location."
                ));
            }
            self.endpoints.push(SamlEndpoint {
                service,
                binding: binding.to_owned(),
                location: location.to_owned(),
                response_location: response_location.map(str::to_owned),
            });
        }
    }

    /// Begins a `KeyDescriptor`; answers whether its key may sign, so that its content counts.
    pub(super) fn key(&mut self, element: &Element) -> bool {
        self.keys += 1;
        let usage = element.attribute("use").filter(|usage| !usage.is_empty());
        let place = KeyPlace {
            number: self.keys,
            role: self.number,
            usage: usage.map(|usage| usage.chars().take(MAX_USE).collect()),
        };
        match usage {
            None => {}
            Some(usage) if usage.eq_ignore_ascii_case("signing") => {}
            Some(usage) if usage.eq_ignore_ascii_case("encryption") => {
                self.encryption_keys += 1;
                return false;
            }
            Some(_) => {
                self.has_unread_keys = true;
                self.warn(format!(
                    "The {place} is left out: its use is neither signing nor encryption. If the provider signs with it, \
                     enter the certificate by hand."
                ));
                return false;
            }
        }
        self.key = Some(PartialKey::new(place));
        true
    }

    /// The `KeyDescriptor` that the walk is inside of.
    pub(super) fn present_key(&mut self) -> Option<&mut PartialKey> {
        self.key.as_mut()
    }

    pub(super) fn certificate(&mut self, text: &str) {
        let Some(key) = &mut self.key else { return };
        let Some(certificate) = key.certificate(text) else { return };
        let place = key.place.clone();
        let is_new = self.certificates.iter().all(|(other, _)| other.summary.sha256 != certificate.summary.sha256);
        if is_new && self.certificates.len() == MAX_CERTIFICATES {
            self.has_unread_keys = true;
            self.warn(format!(
                "The certificate of {place} is left out: a provider has at most {MAX_CERTIFICATES} signing certificates. \
                 Enter it in place of another one if the provider signs with it."
            ));
        } else if is_new {
            self.certificates.push((certificate, place));
        }
    }

    /// Ends the `KeyDescriptor` that the walk was inside of.
    pub(super) fn end_key(&mut self) {
        let Some(key) = self.key.take() else { return };
        let (warnings, is_unread) = key.finish();
        self.has_unread_keys |= is_unread;
        for warning in warnings {
            self.warn(warning);
        }
    }

    pub(super) fn format(&mut self, text: &str) {
        let format = text.trim();
        if format.is_empty() || self.formats.iter().any(|known| known == format) {
            return;
        }
        if format.len() > MAX_BINDING {
            self.warn(format!("A NameIDFormat that is longer than {MAX_BINDING} bytes is left out."));
        } else if self.formats.len() == MAX_FORMATS {
            self.warn(format!("There are more than {MAX_FORMATS} NameIDFormats; the others are left out."));
        } else {
            self.formats.push(format.to_owned());
        }
    }

    /// An attribute that the provider says it sends. Names with spaces cannot be mapped.
    pub(super) fn attribute(&mut self, element: &Element) {
        self.attributes_seen += 1;
        let name = element.attribute("Name").unwrap_or_default();
        let is_usable = |text: &str| !text.is_empty() && text.len() <= MAX_BINDING;
        let fault = if name.is_empty() {
            Some("has no Name")
        } else if name.len() > MAX_BINDING {
            Some("has a Name of more than 255 bytes")
        } else if name.contains(char::is_whitespace) {
            Some("has a space in its Name")
        } else {
            None
        };
        if let Some(fault) = fault {
            self.warn(format!("The attribute number {} {fault} and is left out.", self.attributes_seen));
        } else if self.attributes.iter().any(|known| known.name == name) {
            // Listed before.
        } else if self.attributes.len() == MAX_ATTRIBUTES {
            self.warn(format!("There are more than {MAX_ATTRIBUTES} attributes; the others are left out."));
        } else {
            let friendly_name = element.attribute("FriendlyName").filter(|text| is_usable(text)).map(str::to_owned);
            self.attributes.push(SamlAttribute { name: name.to_owned(), friendly_name });
        }
    }

    fn finish(
        self,
        entity_id: &str,
        organization: Option<&Name>,
        of_entity: &[String],
        now: Timestamp,
    ) -> MetadataProvider {
        // What the provider lacks as a whole is reported however much is reported of its parts.
        let mut lacks = Vec::new();
        if self.certificates.is_empty() {
            let lack = if self.has_unread_keys {
                "No signing certificate could be taken over. Ask the provider for it, and enter it by hand."
            } else if self.encryption_keys > 0 {
                "It publishes no signing certificate: its keys are for encryption alone. Ask the provider for the \
                 certificate it signs with, and enter it by hand."
            } else {
                "It publishes no signing certificate. Ask the provider for it, and enter it by hand."
            };
            lacks.push(lack.to_owned());
        }
        for (certificate, place) in &self.certificates {
            let subject = &certificate.summary.subject;
            for fault in certificate::judge(&certificate.summary, now) {
                lacks.push(format!("The certificate {subject} of {place} {fault}. {}", fault.advice()));
            }
        }
        let mut certificates: Vec<_> = self.certificates.into_iter().map(|(certificate, _)| certificate).collect();
        certificate::sort(&mut certificates);
        let is_usable = |endpoint: &SamlEndpoint| {
            endpoint.service == SamlService::SingleSignOn
                && [BINDING_REDIRECT, BINDING_POST].contains(&endpoint.binding.as_str())
        };
        if !self.endpoints.iter().any(is_usable) {
            lacks.push("It has no single sign-on endpoint with the HTTP-Redirect or the HTTP-POST binding.".to_owned());
        }
        MetadataProvider {
            entity_id: entity_id.to_owned(),
            display_name: self.name.or_else(|| organization.cloned()).map(|name| name.text),
            endpoints: self.endpoints,
            certificates,
            has_unread_keys: self.has_unread_keys,
            name_id_formats: self.formats,
            attributes: self.attributes,
            want_requests_signed: self.want_requests_signed,
            warnings: of_entity.iter().cloned().chain(self.warnings.finish()).chain(lacks).collect(),
        }
    }
}

fn is_address(text: &str) -> bool {
    text.len() <= MAX_ADDRESS && is_web_address(text)
}
