//! Walks through a document and gathers its identity providers.
//!
//! What an element is depends on its namespace, its name and its parent: an `EntityDescriptor` inside of anything but an
//! `EntitiesDescriptor` counts nothing, so that none can be hidden where another parser would not look.

use std::collections::BTreeSet;

use vestibule_app::domain::{
    provider::SamlService,
    saml_metadata::{MetadataProvider, MetadataReport},
    timestamp::Timestamp,
};

use super::{
    error::{MetadataError, MetadataErrorKind, NoProviderCause},
    limits::MAX_PROVIDERS,
    moment,
    names::Namespace,
    provider::{NameSource, ProviderDraft, Role},
    warnings::Warnings,
    xml::{Element, Guarded, Token},
};

/// The longest text of an element that counts; a certificate has some 2 KiB.
const MAX_VALUE: usize = 64 * 1024;

/// What an element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Entities,
    Entity,
    Provider,
    SigningKey,
    KeyInfo,
    X509Data,
    Certificate,
    KeyValue,
    NameIdFormat,
    Organization,
    Extensions,
    UserInterface,
    Name(NameSource),
    /// Neither it nor anything inside of it counts.
    Ignored,
}

pub(super) fn walk(mut xml: Guarded<'_>, now: Timestamp) -> Result<MetadataReport, MetadataError> {
    let mut walk = Walk { now, ..Walk::default() };
    loop {
        match xml.next()? {
            Token::Start(element) => walk.start(&xml, &element)?,
            Token::Text(text) => walk.text(&xml, &text)?,
            Token::End => walk.end(&xml)?,
            Token::Done => return walk.finish(),
        }
    }
}

/// How many entities that are left out are listed by number.
const MAX_NAMED: usize = 5;

/// How many remarks about a document are kept, of those that could be many.
const MAX_WARNINGS: usize = 20;

/// Why a root element is not one of SAML metadata.
fn root_fault(element: &Element) -> MetadataErrorKind {
    match element.local.as_str() {
        "EntityDescriptor" | "EntitiesDescriptor" => {
            MetadataErrorKind::RootNamespace(element.misplaced(Namespace::Metadata))
        }
        _ => MetadataErrorKind::NotMetadata,
    }
}

struct Walk {
    now: Timestamp,
    open: Vec<Kind>,
    draft: Option<ProviderDraft>,
    /// The text of the element that is open, and its language.
    value: String,
    language: Option<String>,
    entities: usize,
    /// Entities without an identifier, by number from 1, and the place of the first.
    nameless: Vec<usize>,
    first_nameless: Option<MetadataError>,
    /// Why there may be no provider.
    cause: NoProviderCause,
    providers: Vec<MetadataProvider>,
    /// The identifiers of entities that are providers, and whether two have the same.
    ids: BTreeSet<String>,
    has_namesakes: bool,
    /// What stands in another namespace than it belongs to, outside of providers.
    misplaced: Warnings,
    warnings: Vec<String>,
    is_signed: bool,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            now: Timestamp(0),
            open: Vec::new(),
            draft: None,
            value: String::new(),
            language: None,
            entities: 0,
            nameless: Vec::new(),
            first_nameless: None,
            cause: NoProviderCause::Unknown,
            providers: Vec::new(),
            ids: BTreeSet::new(),
            has_namesakes: false,
            misplaced: Warnings::new(MAX_WARNINGS),
            warnings: Vec::new(),
            is_signed: false,
        }
    }
}

impl Walk {
    fn start(&mut self, xml: &Guarded<'_>, element: &Element) -> Result<(), MetadataError> {
        let parent = self.open.last().copied();
        let kind = self.classify(parent, element).ok_or_else(|| xml.wrong(root_fault(element)))?;
        match kind {
            Kind::Entity => {
                self.entities += 1;
                self.draft = ProviderDraft::begin(element);
                if self.draft.is_some() {
                    self.check_validity(element);
                } else {
                    self.nameless.push(self.entities);
                    self.first_nameless.get_or_insert_with(|| xml.wrong(MetadataErrorKind::NoEntityId));
                }
            }
            Kind::Entities | Kind::Provider => self.check_validity(element),
            Kind::KeyValue => {
                if let Some(key) = self.role().and_then(Role::present_key) {
                    key.key_value();
                }
            }
            Kind::Certificate | Kind::NameIdFormat | Kind::Name(_) => {
                self.value.clear();
                self.language = element.language().map(str::to_owned);
            }
            _ => {}
        }
        self.open.push(kind);
        Ok(())
    }

    /// What an element is; nothing when it is a root that metadata cannot have.
    fn classify(&mut self, parent: Option<Kind>, element: &Element) -> Option<Kind> {
        use Namespace::{Assertion, Metadata, Signature, UserInterface};
        let kind =
            match (parent, element.namespace, element.local.as_str()) {
                (None | Some(Kind::Entities), Metadata, "EntitiesDescriptor") => Kind::Entities,
                (None | Some(Kind::Entities), Metadata, "EntityDescriptor") => Kind::Entity,
                (None, ..) => return None,
                (Some(Kind::Entities | Kind::Entity), Signature, "Signature") => {
                    self.is_signed = true;
                    Kind::Ignored
                }
                (Some(Kind::Entity), Metadata, "IDPSSODescriptor") => {
                    let counts = self.draft.as_mut().is_some_and(|draft| draft.role(element));
                    if !counts {
                        self.cause = NoProviderCause::OtherProtocol;
                    }
                    if counts { Kind::Provider } else { Kind::Ignored }
                }
                (Some(Kind::Entity), Metadata, "SPSSODescriptor") => {
                    if self.cause == NoProviderCause::Unknown {
                        self.cause = NoProviderCause::Application;
                    }
                    Kind::Ignored
                }
                (Some(Kind::Entity), Metadata, "Organization") => Kind::Organization,
                (Some(Kind::Organization), Metadata, "OrganizationDisplayName") => Kind::Name(NameSource::Organization),
                (Some(Kind::Provider), Metadata, "KeyDescriptor") => {
                    if self.role().is_some_and(|role| role.key(element)) { Kind::SigningKey } else { Kind::Ignored }
                }
                (Some(Kind::SigningKey), Signature, "KeyInfo") => Kind::KeyInfo,
                (Some(Kind::KeyInfo), Signature, "X509Data") => Kind::X509Data,
                (Some(Kind::X509Data), Signature, "X509Certificate") => Kind::Certificate,
                (Some(Kind::KeyInfo), Signature, "KeyValue") => Kind::KeyValue,
                (Some(Kind::Provider), Metadata, "SingleSignOnService") => {
                    self.endpoint(SamlService::SingleSignOn, element);
                    Kind::Ignored
                }
                (Some(Kind::Provider), Metadata, "SingleLogoutService") => {
                    self.endpoint(SamlService::SingleLogout, element);
                    Kind::Ignored
                }
                (Some(Kind::Provider), Assertion, "Attribute") => {
                    if let Some(role) = self.role() {
                        role.attribute(element);
                    }
                    Kind::Ignored
                }
                (Some(Kind::Provider), Metadata, "NameIDFormat") => Kind::NameIdFormat,
                (Some(Kind::Provider), Metadata, "Extensions") => Kind::Extensions,
                (Some(Kind::Extensions), UserInterface, "UIInfo") => Kind::UserInterface,
                (Some(Kind::UserInterface), UserInterface, "DisplayName") => Kind::Name(NameSource::UserInterface),
                (Some(parent), ..) => {
                    self.misplaced(parent, element);
                    Kind::Ignored
                }
            };
        Some(kind)
    }

    /// Takes note of an element that counts nothing because it is in another namespace than it belongs to.
    fn misplaced(&mut self, parent: Kind, element: &Element) {
        let expected = match (parent, element.local.as_str()) {
            (Kind::Entities, "EntityDescriptor" | "EntitiesDescriptor")
            | (Kind::Entity, "IDPSSODescriptor")
            | (Kind::Provider, "KeyDescriptor" | "SingleSignOnService" | "SingleLogoutService" | "NameIDFormat") => {
                Namespace::Metadata
            }
            (Kind::Provider, "Attribute") => Namespace::Assertion,
            (Kind::SigningKey, "KeyInfo") | (Kind::KeyInfo, "X509Data") | (Kind::X509Data, "X509Certificate") => {
                Namespace::Signature
            }
            _ => return,
        };
        if element.namespace == expected {
            return;
        }
        match parent {
            Kind::SigningKey | Kind::KeyInfo | Kind::X509Data => {
                if let Some(key) = self.role().and_then(Role::present_key) {
                    key.misplaced(element, expected);
                }
            }
            Kind::Provider => {
                if let Some(role) = self.role() {
                    role.misplaced(element, expected);
                }
            }
            _ => {
                let clause = element.misplaced(expected);
                let warning = format!("Left out: {clause}. Ask the publisher of the document to correct it.");
                self.cause = NoProviderCause::Namespace(clause);
                self.misplaced.add(warning);
            }
        }
    }

    fn role(&mut self) -> Option<&mut Role> {
        self.draft.as_mut()?.present()
    }

    fn endpoint(&mut self, service: SamlService, element: &Element) {
        if let Some(role) = self.role() {
            role.endpoint(service, element);
        }
    }

    fn text(&mut self, xml: &Guarded<'_>, text: &str) -> Result<(), MetadataError> {
        if let Some(Kind::Certificate | Kind::NameIdFormat | Kind::Name(_)) = self.open.last() {
            if self.value.len() + text.len() > MAX_VALUE {
                return Err(xml.wrong(MetadataErrorKind::ValueTooLong { limit: MAX_VALUE }));
            }
            self.value.push_str(text);
        }
        Ok(())
    }

    fn end(&mut self, xml: &Guarded<'_>) -> Result<(), MetadataError> {
        let kind = self.open.pop().unwrap_or(Kind::Ignored);
        if kind == Kind::Entity {
            let Some(draft) = self.draft.take() else { return Ok(()) };
            let entity_id = draft.entity_id().to_owned();
            let providers = draft.finish(self.now);
            if self.providers.len() + providers.len() > MAX_PROVIDERS {
                return Err(xml.wrong(MetadataErrorKind::TooManyProviders));
            }
            if providers.len() > 1 {
                self.warnings.push(format!(
                    "{entity_id} describes itself {} times. Keys of one description do not count for another, so choose one.",
                    providers.len()
                ));
            }
            self.has_namesakes |= !providers.is_empty() && !self.ids.insert(entity_id);
            self.providers.extend(providers);
            return Ok(());
        }
        let Some(draft) = &mut self.draft else { return Ok(()) };
        match kind {
            Kind::Certificate | Kind::NameIdFormat => {
                if let Some(role) = draft.present() {
                    match kind {
                        Kind::Certificate => role.certificate(&self.value),
                        _ => role.format(&self.value),
                    }
                }
            }
            Kind::Name(source) => draft.name(source, self.language.as_deref(), &self.value),
            Kind::SigningKey => {
                if let Some(role) = draft.present() {
                    role.end_key();
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn check_validity(&mut self, element: &Element) {
        let Some(text) = element.attribute("validUntil") else { return };
        let subject = if self.draft.is_some() { "entity" } else { "document" };
        let warning = match moment::parse(text) {
            Some(moment) if moment > self.now => return,
            Some(moment) => {
                format!("The {subject} was valid until {} days ago.", self.now.seconds_since(moment) / 86_400)
            }
            None => format!("The validUntil of the {subject} is no moment."),
        };
        match &mut self.draft {
            Some(draft) => draft.warn(warning),
            None => self.warnings.push(warning),
        }
    }

    fn finish(mut self) -> Result<MetadataReport, MetadataError> {
        if self.providers.is_empty() {
            let none = MetadataErrorKind::NoProvider { entities: self.entities, cause: self.cause }.nowhere();
            return Err(self.first_nameless.unwrap_or(none));
        }
        self.warnings.splice(..0, self.misplaced.finish());
        if !self.nameless.is_empty() {
            let more = self.nameless.len().saturating_sub(MAX_NAMED);
            let numbers: Vec<_> = self.nameless.iter().take(MAX_NAMED).map(ToString::to_string).collect();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            self.warnings.push(format!(
                "Left out, since they have no entityID of 1 to 1024 characters: the EntityDescriptors number {}{more}.",
                numbers.join(", ")
            ));
        }
        if self.is_signed {
            let warning =
                "The document is signed, and its signature is not verified: what counts is where you got it from.";
            self.warnings.push(warning.to_owned());
        }
        if self.has_namesakes {
            self.warnings.push("Several entities have the same entityID.".to_owned());
        }
        Ok(MetadataReport { url: None, providers: self.providers, warnings: self.warnings })
    }
}
