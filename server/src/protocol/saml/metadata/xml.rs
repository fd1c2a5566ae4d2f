//! A guarded XML reader: elements with resolved namespaces, and limits on everything.

use quick_xml::{
    Error, NsReader, XmlVersion,
    errors::IllFormedError,
    events::{BytesRef, BytesStart, Event, attributes::AttrError},
    name::ResolveResult,
};

use super::{
    error::{DocumentPosition, MetadataError, MetadataErrorKind, OUTSIDE_OF_ROOT},
    names::Namespace,
};

/// How deep elements may be nested; metadata needs ten.
const MAX_DEPTH: usize = 32;

/// How many attributes an element may have; a root with many namespaces has thirty.
const MAX_ATTRIBUTES: usize = 100;

/// How long a tag may be.
const MAX_TAG: usize = 64 * 1024;

/// How much of an unexpected namespace is shown, in characters.
const MAX_SHOWN: usize = 200;

/// What becomes of the encoding that a document declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    /// The document came as bytes and was read as UTF-8.
    MustBeUtf8,
    /// The document came as text.
    IsIgnored,
}

/// An element that begins.
#[derive(Debug)]
pub(super) struct Element {
    pub(super) namespace: Namespace,
    pub(super) local: String,
    /// The beginning of the namespace's URI when it is not one that is distinguished.
    other: String,
    attributes: Vec<Attribute>,
}

#[derive(Debug)]
struct Attribute {
    /// Whose namespace it is; none for plain attributes.
    namespace: Option<Namespace>,
    local: String,
    value: String,
}

impl Element {
    /// Says that the element is in another namespace than the one it belongs to, as a clause.
    pub(super) fn misplaced(&self, expected: Namespace) -> String {
        let expected = expected.uri().unwrap_or_default();
        let local = &self.local;
        match self.namespace.uri().unwrap_or(&self.other) {
            "" => format!("{local} is in no namespace, expected {expected}"),
            found => format!("{local} is in the namespace {found}, expected {expected}"),
        }
    }

    /// The value of an attribute without a namespace, with the space around it removed.
    pub(super) fn attribute(&self, local: &str) -> Option<&str> {
        let mut found = self.attributes.iter().filter(|attribute| attribute.namespace.is_none());
        found.find(|attribute| attribute.local == local).map(|attribute| attribute.value.trim())
    }

    /// The language of its text.
    pub(super) fn language(&self) -> Option<&str> {
        let mut found = self.attributes.iter().filter(|attribute| attribute.namespace == Some(Namespace::Xml));
        found.find(|attribute| attribute.local == "lang").map(|attribute| attribute.value.trim())
    }
}

/// What the reader returns.
#[derive(Debug)]
pub(super) enum Token {
    /// An element begins.
    Start(Element),
    /// An element ends.
    End,
    /// Text inside an element, in one piece or several.
    Text(String),
    /// The document ends, complete.
    Done,
}

/// A document as UTF-8 text, without its byte order mark.
pub(super) fn decode(document: &[u8]) -> Result<&str, MetadataError> {
    // A first byte of zero is UTF-16 or UTF-32 without a mark, and so is a second one: XML begins with `<`.
    let is_wide = document.starts_with(b"\xff\xfe") || document.starts_with(b"\xfe\xff") || {
        let beginning = document.get(..2).unwrap_or_default();
        beginning.contains(&0)
    };
    if is_wide {
        return Err(MetadataErrorKind::WideEncoding.nowhere());
    }
    let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    std::str::from_utf8(text).map_err(|error| {
        let valid = std::str::from_utf8(&text[..error.valid_up_to()]).unwrap_or_default();
        MetadataError { kind: MetadataErrorKind::NotUtf8, place: Some(place(valid, valid.len())) }
    })
}

/// Reads a document and stops at the first thing that is wrong with it.
pub(super) struct Guarded<'i> {
    text: &'i str,
    reader: NsReader<&'i [u8]>,
    declared: Declared,
    depth: usize,
    has_root: bool,
    /// Where the last event began.
    last: usize,
}

impl<'i> Guarded<'i> {
    pub(super) fn over(text: &'i str, declared: Declared) -> Self {
        // Pasted text often begins with an empty line, which XML forbids before its declaration.
        let text = text.trim_start();
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        config.check_end_names = true;
        config.allow_dangling_amp = false;
        config.allow_unmatched_ends = false;
        Self { text, reader, declared, depth: 0, has_root: false, last: 0 }
    }

    /// An error about what was read last.
    pub(super) fn wrong(&self, kind: MetadataErrorKind) -> MetadataError {
        MetadataError { kind, place: Some(place(self.text, self.last)) }
    }

    /// What comes next.
    pub(super) fn next(&mut self) -> Result<Token, MetadataError> {
        loop {
            self.last = position(self.reader.buffer_position());
            let event = self.reader.read_event().map_err(|error| self.judge(&error))?;
            let token = match event {
                Event::Start(start) => Some(Token::Start(self.start(&start)?)),
                // Expanded into a start and an end.
                Event::Empty(_) => return Err(self.wrong(MetadataErrorKind::Malformed("an element is unfinished"))),
                Event::End(_) => {
                    self.depth = self.depth.saturating_sub(1);
                    Some(Token::End)
                }
                Event::Text(text) => self.text(text.xml10_content().into_owned())?,
                Event::CData(text) => self.text(text.xml10_content().into_owned())?,
                Event::GeneralRef(reference) => {
                    let character = self.reference(&reference)?;
                    self.text(character.to_string())?
                }
                Event::Comment(_) | Event::PI(_) => None,
                Event::Decl(declaration) => {
                    let encoding = declaration.encoding().and_then(Result::ok).unwrap_or_default();
                    let is_utf8 = ["", "utf-8", "utf8", "us-ascii"].iter().any(|e| encoding.eq_ignore_ascii_case(e));
                    if self.declared == Declared::MustBeUtf8 && !is_utf8 {
                        return Err(self.wrong(MetadataErrorKind::OtherEncoding));
                    }
                    None
                }
                Event::DocType(_) => return Err(self.wrong(MetadataErrorKind::Doctype)),
                Event::Eof => return self.end(),
            };
            if let Some(token) = token {
                return Ok(token);
            }
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<Element, MetadataError> {
        if self.depth == 0 && self.has_root {
            return Err(self.wrong(MetadataErrorKind::Malformed("there is a second root element")));
        }
        self.has_root = true;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.wrong(MetadataErrorKind::TooDeep { limit: MAX_DEPTH }));
        }
        if start.len() > MAX_TAG {
            return Err(self.wrong(MetadataErrorKind::TagTooLong { limit: MAX_TAG }));
        }
        let resolver = self.reader.resolver();
        let (namespace, local) = resolver.resolve_element(start.name());
        let mut other = String::new();
        let namespace = match namespace {
            ResolveResult::Bound(uri) => {
                let uri = uri.into_inner();
                let namespace = Namespace::of(uri);
                if namespace == Namespace::Other {
                    other = uri.chars().filter(|c| !c.is_control()).take(MAX_SHOWN).collect();
                }
                namespace
            }
            ResolveResult::Unbound => Namespace::Other,
            ResolveResult::Unknown(_) => return Err(self.wrong(MetadataErrorKind::Namespace)),
        };
        let local = local.into_inner().to_owned();
        let mut attributes = Vec::new();
        for (index, attribute) in start.attributes().enumerate() {
            if index == MAX_ATTRIBUTES {
                return Err(self.wrong(MetadataErrorKind::TooManyAttributes { limit: MAX_ATTRIBUTES }));
            }
            let attribute = attribute.map_err(|error| self.wrong(attribute_fault(&error)))?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let namespace = match resolver.resolve_attribute(attribute.key).0 {
                ResolveResult::Bound(uri) => Some(Namespace::of(uri.into_inner())),
                ResolveResult::Unbound => None,
                ResolveResult::Unknown(_) => return Err(self.wrong(MetadataErrorKind::Namespace)),
            };
            // Entities other than XML's five are an error here; there is no DTD that could define any.
            let value = attribute.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|_| self.wrong(MetadataErrorKind::Entity))?.into_owned();
            if !value.chars().all(is_legal) {
                return Err(self.wrong(MetadataErrorKind::IllegalCharacter));
            }
            let local = attribute.key.local_name().into_inner().to_owned();
            attributes.push(Attribute { namespace, local, value });
        }
        Ok(Element { namespace, local, other, attributes })
    }

    fn text(&self, text: String) -> Result<Option<Token>, MetadataError> {
        if !text.chars().all(is_legal) {
            return Err(self.wrong(MetadataErrorKind::IllegalCharacter));
        }
        if self.depth > 0 {
            return Ok(Some(Token::Text(text)));
        }
        if text.trim().is_empty() {
            return Ok(None);
        }
        Err(self.wrong(MetadataErrorKind::Malformed(OUTSIDE_OF_ROOT)))
    }

    fn reference(&self, reference: &BytesRef<'_>) -> Result<char, MetadataError> {
        let name: &str = reference;
        let found = match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => match reference.resolve_char_ref() {
                Ok(Some(character)) => character,
                Ok(None) => return Err(self.wrong(MetadataErrorKind::Entity)),
                Err(_) => return Err(self.wrong(MetadataErrorKind::CharacterReference)),
            },
        };
        if is_legal(found) { Ok(found) } else { Err(self.wrong(MetadataErrorKind::CharacterReference)) }
    }

    fn end(&self) -> Result<Token, MetadataError> {
        match (self.has_root, self.depth) {
            (true, 0) => Ok(Token::Done),
            (true, _) => Err(self.wrong(MetadataErrorKind::Malformed("the document ends within an element"))),
            (false, _) if self.text.is_empty() => Err(MetadataErrorKind::Empty.nowhere()),
            (false, _) => Err(self.wrong(MetadataErrorKind::Malformed("there is no element"))),
        }
    }

    /// The parser's error in our words: its own repeat names of the document.
    fn judge(&self, error: &Error) -> MetadataError {
        let kind = match error {
            Error::Syntax(_) => MetadataErrorKind::Malformed("something is opened and not closed"),
            Error::IllFormed(IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_)) => {
                MetadataErrorKind::Malformed("an end tag does not match its start tag")
            }
            Error::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                MetadataErrorKind::Malformed("a comment holds two hyphens")
            }
            Error::IllFormed(IllFormedError::UnclosedReference) => {
                MetadataErrorKind::Malformed("an ampersand begins no reference")
            }
            Error::IllFormed(IllFormedError::MissingDoctypeName) => MetadataErrorKind::Doctype,
            Error::IllFormed(_) => MetadataErrorKind::Malformed("the XML declaration or a tag is wrong"),
            Error::InvalidAttr(error) => attribute_fault(error),
            Error::Namespace(_) => MetadataErrorKind::Namespace,
            Error::Escape(_) => MetadataErrorKind::CharacterReference,
            Error::Io(_) | Error::Encoding(_) => MetadataErrorKind::NotUtf8,
        };
        let at = position(self.reader.error_position()).max(self.last);
        MetadataError { kind, place: Some(place(self.text, at)) }
    }
}

const fn attribute_fault(error: &AttrError) -> MetadataErrorKind {
    match error {
        AttrError::Duplicated(..) => MetadataErrorKind::DuplicateAttribute,
        _ => MetadataErrorKind::Malformed("an attribute is not written as name=\"value\""),
    }
}

/// The characters of XML 1.0, section 2.2.
const fn is_legal(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn position(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

fn place(text: &str, at: usize) -> DocumentPosition {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line_begins = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    DocumentPosition { line, column: before.len() - line_begins + 1 }
}
