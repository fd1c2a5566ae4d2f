//! Why a document is not usable metadata, with its place and without its text.

use std::fmt;

use vestibule_app::domain::words::sentence;

use super::{limits::MAX_PROVIDERS, names::PROTOCOL};
use crate::protocol::recognise::Recognised;

/// What is said of text outside of the root element.
pub(super) const OUTSIDE_OF_ROOT: &str = "there is text outside of the root element";

/// Why a document is not usable metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MetadataError {
    /// What is wrong.
    pub kind: MetadataErrorKind,
    /// Where; absent when it is about the document as a whole.
    pub place: Option<DocumentPosition>,
}

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentPosition {
    /// The line, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
}

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataErrorKind {
    /// There is nothing.
    #[error("the document is empty")]
    Empty,
    /// It is longer than what is read.
    #[error("the document is longer than {limit} bytes")]
    TooLarge {
        /// How many bytes are read at most.
        limit: usize,
    },
    /// It is encoded in UTF-16 or UTF-32.
    #[error("the document is encoded in UTF-16 or UTF-32, and only UTF-8 is read")]
    WideEncoding,
    /// It is not UTF-8.
    #[error("the document is not valid UTF-8")]
    NotUtf8,
    /// It declares another encoding than UTF-8.
    #[error("the document declares another encoding than UTF-8")]
    OtherEncoding,
    /// A character that XML does not allow.
    #[error("a character is not allowed in XML")]
    IllegalCharacter,
    /// A document type declaration, the way in for most attacks on XML parsers.
    #[error("a DOCTYPE is not allowed in metadata")]
    Doctype,
    /// An entity that is not one of XML's five.
    #[error("an entity other than &amp;, &lt;, &gt;, &quot; and &apos; is not allowed")]
    Entity,
    /// A character reference that stands for no character of XML.
    #[error("a character reference stands for no character of XML")]
    CharacterReference,
    /// Elements within elements within elements.
    #[error("elements are nested more than {limit} deep")]
    TooDeep {
        /// How deep they may be.
        limit: usize,
    },
    /// An element with far too many attributes.
    #[error("an element has more than {limit} attributes")]
    TooManyAttributes {
        /// How many it may have.
        limit: usize,
    },
    /// A tag with far too much text in it.
    #[error("a tag is longer than {limit} bytes")]
    TagTooLong {
        /// How long it may be.
        limit: usize,
    },
    /// An element with far too much text in it.
    #[error("a value is longer than {limit} bytes")]
    ValueTooLong {
        /// How long it may be.
        limit: usize,
    },
    /// An attribute that stands twice.
    #[error("an attribute stands twice in one element")]
    DuplicateAttribute,
    /// A prefix without a namespace.
    #[error("a namespace prefix is not declared, or too many are")]
    Namespace,
    /// XML's grammar is broken.
    #[error("the document is not well-formed XML: {0}")]
    Malformed(&'static str),
    /// Well-formed XML, and something else.
    #[error("the document is not SAML metadata: its root is neither EntityDescriptor nor EntitiesDescriptor")]
    NotMetadata,
    /// The root has the name of one of metadata, and another namespace.
    #[error("the document is not SAML metadata: its {0}")]
    RootNamespace(String),
    /// It is something else that is known.
    #[error("{}", recognised(*.0))]
    Recognised(Recognised),
    /// An entity without its identifier.
    #[error("an EntityDescriptor has no entityID of 1 to 1024 characters")]
    NoEntityId,
    /// No entity is an identity provider.
    #[error("{}", no_provider(*entities, cause))]
    NoProvider {
        /// How many entities there are.
        entities: usize,
        /// Why, where it is known.
        cause: NoProviderCause,
    },
    /// More identity providers than are read.
    #[error("the document holds more than {MAX_PROVIDERS} identity providers")]
    TooManyProviders,
}

/// Why no entity is an identity provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum NoProviderCause {
    /// Nothing looks like one.
    #[default]
    Unknown,
    /// There are service providers.
    Application,
    /// An `IDPSSODescriptor` does not name the protocol of SAML 2.0.
    OtherProtocol,
    /// An element is in another namespace than the one it belongs to. Holds a clause.
    Namespace(String),
}

fn no_provider(entities: usize, cause: &NoProviderCause) -> String {
    let what = match entities {
        0 => "the document describes no entity".to_owned(),
        1 => "the entity in the document is not a SAML 2.0 identity provider".to_owned(),
        entities => format!("none of the {entities} entities is a SAML 2.0 identity provider"),
    };
    match cause {
        NoProviderCause::Unknown => what,
        NoProviderCause::Application => format!("{what}; the document describes a service provider, an application"),
        NoProviderCause::OtherProtocol => {
            format!("{what}: the protocolSupportEnumeration of its IDPSSODescriptor does not hold {PROTOCOL}")
        }
        NoProviderCause::Namespace(clause) => format!("{what}: {clause}"),
    }
}

const fn recognised(what: Recognised) -> &'static str {
    match what {
        Recognised::Address => "this is an address, not a document",
        Recognised::FileName => "this is the name of a file, not its text",
        Recognised::WebPage => "this is a web page, not SAML metadata",
        Recognised::OpenIdDocument => "this is the discovery document of an OpenID Connect provider, not SAML metadata",
        Recognised::Json => "this is JSON, and SAML metadata is XML",
        Recognised::Pem => "this is a PEM block, not SAML metadata",
        Recognised::EscapedXml => "this is escaped XML: it begins with &lt; in place of <",
        Recognised::SamlMetadata | Recognised::Xml => "this is not SAML metadata",
    }
}

impl MetadataErrorKind {
    pub(super) const fn nowhere(self) -> MetadataError {
        MetadataError { kind: self, place: None }
    }
}

impl MetadataError {
    /// What to do about it, as a sentence.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.kind {
            MetadataErrorKind::Doctype => {
                "If this is a web page, enter the address of the metadata itself; otherwise ask the provider for metadata \
                 without a DOCTYPE."
            }
            MetadataErrorKind::WideEncoding | MetadataErrorKind::NotUtf8 | MetadataErrorKind::OtherEncoding => {
                "Save the document as UTF-8, or paste its text."
            }
            MetadataErrorKind::Recognised(what) => match what {
                Recognised::Address => "Enter it as the metadata URL: the metadata is read from there.",
                Recognised::FileName => "Choose the file itself, or paste the text that is in it.",
                Recognised::WebPage => "Enter the address of the metadata itself, or save it there as a file.",
                Recognised::OpenIdDocument => {
                    "Add the provider as an OpenID Connect provider, with the address of this document."
                }
                Recognised::Pem => "Enter a certificate as the signing certificate, below.",
                Recognised::EscapedXml => "Copy the document from its source, with < and > in it.",
                Recognised::Json | Recognised::SamlMetadata | Recognised::Xml => {
                    "Get the metadata from the identity provider again, as a file and unchanged."
                }
            },
            MetadataErrorKind::RootNamespace(_)
            | MetadataErrorKind::NoProvider { cause: NoProviderCause::Namespace(_), .. } => {
                "Ask the provider to correct its metadata, or enter what it says by hand."
            }
            MetadataErrorKind::Malformed(what) if *what == OUTSIDE_OF_ROOT => {
                "Remove what stands before the first < and behind the last >: browsers put a sentence in front."
            }
            MetadataErrorKind::NoProvider { .. } => {
                "Get the identity provider's metadata; this is that of an application, or of another version of SAML."
            }
            MetadataErrorKind::TooLarge { .. } | MetadataErrorKind::TooManyProviders => {
                "Get the metadata of the one provider from its own address, or from the federation's query service."
            }
            _ => "Get the metadata from the identity provider again, as a file and unchanged.",
        }
    }

    /// What is wrong and where, and what to do, as sentences for people.
    #[must_use]
    pub fn explain(&self) -> String {
        format!("{} {}", sentence(&self.to_string()), self.advice())
    }
}

impl fmt::Display for MetadataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            None => write!(f, "{}", self.kind),
            Some(DocumentPosition { line, column }) => write!(f, "{} (line {line}, column {column})", self.kind),
        }
    }
}

impl std::error::Error for MetadataError {}
