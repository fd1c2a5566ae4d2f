//! Walks through a document and gathers its identity providers.
//!
//! What an element is depends on its namespace, its name and its parent: an `EntityDescriptor` inside of anything but an
//! `EntitiesDescriptor` counts nothing, so that nobody hides one where another parser would not look.

use std::collections::BTreeSet;

use vestibule_app::domain::{
    provider::SamlService,
    saml_metadata::{MetadataProvider, MetadataReport},
    timestamp::Timestamp,
};

use super::{
    MAX_PROVIDERS,
    error::{MetadataError, MetadataErrorKind},
    moment,
    names::Namespace,
    provider::{Draft, NameSource, Role},
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
    /// The first certificate of a key; others beside it are its chain.
    Certificate,
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

struct Walk {
    now: Timestamp,
    open: Vec<Kind>,
    draft: Option<Draft>,
    /// The text of the element that is open, and its language.
    value: String,
    language: Option<String>,
    /// Certificates of the key that is open.
    certificates_of_key: usize,
    entities: usize,
    providers: Vec<MetadataProvider>,
    /// The identifiers of entities that are providers, and whether two have the same.
    ids: BTreeSet<String>,
    has_namesakes: bool,
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
            certificates_of_key: 0,
            entities: 0,
            providers: Vec::new(),
            ids: BTreeSet::new(),
            has_namesakes: false,
            warnings: Vec::new(),
            is_signed: false,
        }
    }
}

impl Walk {
    fn start(&mut self, xml: &Guarded<'_>, element: &Element) -> Result<(), MetadataError> {
        let parent = self.open.last().copied();
        let kind = self.classify(parent, element).ok_or_else(|| xml.wrong(MetadataErrorKind::NotMetadata))?;
        match kind {
            Kind::Entity => {
                self.entities += 1;
                let draft = Draft::begin(element).ok_or_else(|| xml.wrong(MetadataErrorKind::NoEntityId))?;
                self.draft = Some(draft);
                self.check_validity(element);
            }
            Kind::Entities | Kind::Provider => self.check_validity(element),
            Kind::SigningKey => self.certificates_of_key = 0,
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
        let kind = match (parent, element.namespace, element.local.as_str()) {
            (None | Some(Kind::Entities), Metadata, "EntitiesDescriptor") => Kind::Entities,
            (None | Some(Kind::Entities), Metadata, "EntityDescriptor") => Kind::Entity,
            (None, ..) => return None,
            (Some(Kind::Entities | Kind::Entity), Signature, "Signature") => {
                self.is_signed = true;
                Kind::Ignored
            }
            (Some(Kind::Entity), Metadata, "IDPSSODescriptor") => {
                let counts = self.draft.as_mut().is_some_and(|draft| draft.role(element));
                if counts { Kind::Provider } else { Kind::Ignored }
            }
            (Some(Kind::Entity), Metadata, "Organization") => Kind::Organization,
            (Some(Kind::Organization), Metadata, "OrganizationDisplayName") => Kind::Name(NameSource::Organization),
            (Some(Kind::Provider), Metadata, "KeyDescriptor") => match element.attribute("use") {
                None | Some("signing") => Kind::SigningKey,
                Some(_) => Kind::Ignored,
            },
            (Some(Kind::SigningKey), Signature, "KeyInfo") => Kind::KeyInfo,
            (Some(Kind::KeyInfo), Signature, "X509Data") => Kind::X509Data,
            (Some(Kind::X509Data), Signature, "X509Certificate") => {
                self.certificates_of_key += 1;
                if self.certificates_of_key == 1 { Kind::Certificate } else { Kind::Ignored }
            }
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
            _ => Kind::Ignored,
        };
        Some(kind)
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
            Kind::SigningKey if self.certificates_of_key == 0 => {
                draft.warn("A signing key is published without a certificate and is left out.");
            }
            Kind::SigningKey if self.certificates_of_key > 1 => {
                draft.warn("A signing key is published with several certificates; the first one is used.");
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
            return Err(MetadataErrorKind::NoProvider { entities: self.entities }.nowhere());
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
