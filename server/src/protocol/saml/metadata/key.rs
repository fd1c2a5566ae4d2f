//! A `KeyDescriptor` whose key may sign (SAML 2.0 Metadata, section 2.4.1.1), and what became of its certificates.

use std::fmt;

use vestibule_app::domain::provider::SamlCertificate;

use super::{names::Namespace, xml::Element};
use crate::protocol::saml::certificate;

/// What to do about a certificate that is left out.
const ADVICE: &str = "Ask the provider to publish the certificate itself, in base64, or enter it by hand.";

/// How many certificates that are left out are named.
const MAX_NAMED: usize = 5;

/// Which `KeyDescriptor` of which `IDPSSODescriptor` it is, each counted from 1 as they stand in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyPlace {
    pub(super) number: usize,
    pub(super) role: usize,
    /// What it is for, as the document says.
    pub(super) usage: Option<String>,
}

impl fmt::Display for KeyPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, role, usage } = self;
        match usage {
            Some(usage) => write!(f, "KeyDescriptor {number} (use=\"{usage}\") of IDPSSODescriptor {role}"),
            None => write!(f, "KeyDescriptor {number} (without use) of IDPSSODescriptor {role}"),
        }
    }
}

/// A `KeyDescriptor` while it is read.
///
/// `KeyInfo` is about one key (XML Signature, section 4.5): the first certificate that can be read is that key's, and the
/// others are its chain, which is not trusted.
pub(super) struct PartialKey {
    pub(super) place: KeyPlace,
    /// How many certificates there were, read or not.
    seen: usize,
    used: Option<String>,
    /// The subjects of those that are left out.
    others: Vec<String>,
    misplaced: Option<String>,
    has_key_value: bool,
    warnings: Vec<String>,
}

impl PartialKey {
    pub(super) const fn new(place: KeyPlace) -> Self {
        Self {
            place,
            seen: 0,
            used: None,
            others: Vec::new(),
            misplaced: None,
            has_key_value: false,
            warnings: Vec::new(),
        }
    }

    /// Reads an `X509Certificate`; answers the certificate if it is the key's.
    pub(super) fn certificate(&mut self, text: &str) -> Option<SamlCertificate> {
        self.seen += 1;
        let (place, number) = (&self.place, self.seen);
        let read = match certificate::read_in_order(text) {
            Ok(read) => read,
            Err(error) => {
                let why = error.of_element();
                self.warnings.push(format!("In {place}, X509Certificate {number} is left out: {why}. {ADVICE}"));
                return None;
            }
        };
        let mut found = read.certificates.into_iter();
        let first = if self.used.is_none() { found.next() } else { None };
        self.others.extend(found.map(|certificate| certificate.summary.subject));
        let first = first?;
        if read.has_explanation {
            self.warnings.push(format!(
                "In {place}, X509Certificate {number} holds lines that are not base64, which are passed over. Compare \
                 the certificate with the provider's, and ask the provider to correct its metadata."
            ));
        }
        self.used = Some(first.summary.subject.clone());
        Some(first)
    }

    /// Takes note of an element that is in another namespace than it belongs to.
    pub(super) fn misplaced(&mut self, element: &Element, expected: Namespace) {
        self.misplaced.get_or_insert_with(|| element.misplaced(expected));
    }

    pub(super) const fn key_value(&mut self) {
        self.has_key_value = true;
    }

    /// What deserves attention, and whether something of the key was left out.
    pub(super) fn finish(self) -> (Vec<String>, bool) {
        let Self { place, seen, used, mut others, misplaced, has_key_value, mut warnings } = self;
        let is_unread = used.is_none() || !others.is_empty() || misplaced.is_some() || !warnings.is_empty();
        if let Some(clause) = misplaced {
            warnings.push(format!(
                "In {place}, {clause}. It is left out. Ask the provider to correct its metadata, or enter the \
                 certificate by hand."
            ));
        } else if seen == 0 {
            let only = if has_key_value { ", but a KeyValue" } else { "" };
            warnings
                .push(format!("In {place}, there is no X509Certificate{only}, so that the key is left out. {ADVICE}"));
        }
        if let Some(used) = used.filter(|_| !others.is_empty()) {
            let more = others.len().saturating_sub(MAX_NAMED);
            others.truncate(MAX_NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            warnings.push(format!(
                "In {place}, there are several certificates. The first that can be read is used, {used}; these are left \
                 out: {}{more}. If the provider signs with one of them, enter it by hand as well.",
                others.join("; ")
            ));
        }
        (warnings, is_unread)
    }
}
