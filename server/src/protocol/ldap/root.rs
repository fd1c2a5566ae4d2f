//! What a server says of itself (RFC 4512, section 5.1).

use vestibule_app::domain::provider::LdapVendor;

use super::{
    Entry, LdapError, LdapErrorKind, external_id,
    session::{PAGED_RESULTS, Session},
    start_tls::START_TLS,
};

/// What a server says of itself (RFC 4512, section 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RootDse {
    /// Where its entries lie below.
    pub naming_contexts: Vec<String>,
    /// The one to begin with, as Active Directory names it.
    pub default_naming_context: Option<String>,
    /// The product, where it can be recognised.
    pub vendor: Option<LdapVendor>,
    /// The product in words: `vendorName` and `vendorVersion`.
    pub product: Option<String>,
    /// Whether results come in pages (RFC 2696).
    pub pages: bool,
    /// Whether StartTLS is offered (RFC 4511, section 4.14).
    pub start_tls: bool,
    /// Active Directory: the number of the last change at this server.
    pub highest_committed_usn: Option<u64>,
    /// Active Directory: which copy of the database the number counts.
    pub invocation_id: Option<String>,
    /// Where the schema lies.
    pub subschema: Option<String>,
}

/// All user attributes, all operational ones (RFC 3673), and those that servers give only when they are named.
const ATTRIBUTES: [&str; 12] = [
    "*",
    "+",
    "namingContexts",
    "defaultNamingContext",
    "supportedControl",
    "supportedCapabilities",
    "supportedExtension",
    "vendorName",
    "vendorVersion",
    "highestCommittedUSN",
    "dsServiceName",
    "subschemaSubentry",
];

/// Active Directory, and its variant for applications ([MS-ADTS], section 3.1.1.3.4.3).
const ACTIVE_DIRECTORY: [&str; 2] = ["1.2.840.113556.1.4.800", "1.2.840.113556.1.4.1851"];

impl RootDse {
    /// Reads it. A server that keeps it to itself is one of which nothing is known.
    pub(super) async fn read(session: &Session) -> Result<Self, LdapError> {
        let found = match session.read("", &ATTRIBUTES).await {
            Ok(found) => found,
            Err(error) if is_final(error.kind) => return Err(error),
            Err(_) => None,
        };
        let Some(found) = found else { return Ok(Self::default()) };
        let mut root = Self::of(&found.entry);
        // Numbers of changes count one copy of the database, which has a name of its own.
        if root.vendor == Some(LdapVendor::ActiveDirectory)
            && let Some(service) = found.entry.texts("dsServiceName").next()
        {
            match session.read(service, &["invocationId"]).await {
                Ok(found) => root.invocation_id = found.and_then(|found| invocation_id(&found.entry)),
                Err(error) if is_final(error.kind) => return Err(error),
                Err(_) => {}
            }
        }
        Ok(root)
    }

    fn of(entry: &Entry) -> Self {
        let texts = |name: &str| entry.texts(name).map(str::to_owned).collect::<Vec<_>>();
        let first = |name: &str| entry.texts(name).next().map(str::to_owned);
        let product: Vec<_> =
            ["vendorName", "vendorVersion"].into_iter().filter_map(first).map(|text| clean(&text)).collect();
        Self {
            naming_contexts: texts("namingContexts").into_iter().filter(|context| !context.is_empty()).collect(),
            default_naming_context: first("defaultNamingContext"),
            vendor: vendor(entry),
            product: (!product.is_empty()).then(|| product.join(" ")),
            pages: entry.texts("supportedControl").any(|control| control == PAGED_RESULTS),
            start_tls: entry.texts("supportedExtension").any(|extension| extension == START_TLS),
            highest_committed_usn: first("highestCommittedUSN").and_then(|number| number.parse().ok()),
            invocation_id: None,
            subschema: first("subschemaSubentry"),
        }
    }
}

fn is_final(kind: LdapErrorKind) -> bool {
    matches!(kind, LdapErrorKind::Lost | LdapErrorKind::Timeout | LdapErrorKind::Tls | LdapErrorKind::Busy)
}

fn vendor(entry: &Entry) -> Option<LdapVendor> {
    if entry.texts("supportedCapabilities").any(|capability| ACTIVE_DIRECTORY.contains(&capability)) {
        return Some(LdapVendor::ActiveDirectory);
    }
    if entry.texts("objectClass").any(|class| class.eq_ignore_ascii_case("OpenLDAProotDSE")) {
        return Some(LdapVendor::Openldap);
    }
    let says = |word: &str| {
        let mut texts = entry.texts("vendorName").chain(entry.texts("vendorVersion"));
        texts.any(|text| text.to_ascii_lowercase().contains(word))
    };
    if says("389") {
        // FreeIPA is a 389 Directory Server with a certificate authority beside the users, or its own topology.
        let is_ipa = entry.texts("namingContexts").any(|context| context.eq_ignore_ascii_case("o=ipaca"))
            || entry.names().any(|name| name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("ipa")));
        return Some(if is_ipa { LdapVendor::Freeipa } else { LdapVendor::Ds389 });
    }
    if says("edirectory") || says("novell") || says("netiq") {
        return Some(LdapVendor::Edirectory);
    }
    None
}

fn invocation_id(entry: &Entry) -> Option<String> {
    // The same form as that of `objectGUID`.
    entry.values("invocationId").next().map(|bytes| external_id("objectGUID", bytes))
}

/// A short name for a product, whatever the server sent.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(attributes: &[(&str, &[&str])]) -> RootDse {
        let values = |values: &[&str]| values.iter().map(|value| value.as_bytes().to_vec()).collect();
        let attributes = attributes.iter().map(|(name, list)| ((*name).to_owned(), values(list))).collect();
        RootDse::of(&Entry::new(String::new(), attributes))
    }

    #[test]
    fn products_are_told_apart() {
        let product = |attributes: &[(&str, &[&str])]| root(attributes).vendor;
        let capability = ("supportedCapabilities", &["1.2.840.113556.1.4.800"] as &[_]);
        assert_eq!(product(&[capability]), Some(LdapVendor::ActiveDirectory));
        assert_eq!(product(&[("objectClass", &["top", "OpenLDAProotDSE"])]), Some(LdapVendor::Openldap));
        assert_eq!(product(&[("vendorName", &["389 Project"])]), Some(LdapVendor::Ds389));
        let ipa = [("vendorName", &["389 Project"] as &[_]), ("namingContexts", &["dc=x", "o=ipaca"])];
        assert_eq!(product(&ipa), Some(LdapVendor::Freeipa));
        let edirectory = ("vendorVersion", &["LDAP Agent for NetIQ eDirectory 9.2"] as &[_]);
        assert_eq!(product(&[edirectory]), Some(LdapVendor::Edirectory));
        assert_eq!(product(&[("vendorName", &["Somebody"])]), None);
    }

    #[test]
    fn what_a_server_says_is_kept() {
        let root = root(&[
            ("namingContexts", &["", "dc=example,dc=com"]),
            ("supportedControl", &["1.2.840.113556.1.4.319"]),
            ("supportedExtension", &["1.3.6.1.4.1.1466.20037"]),
            ("highestCommittedUSN", &["12345678901"]),
            ("vendorName", &["389\u{7} Project"]),
            ("vendorVersion", &["389-Directory/2.0"]),
        ]);
        assert_eq!(root.naming_contexts, ["dc=example,dc=com"]);
        assert!(root.pages && root.start_tls);
        assert_eq!(root.highest_committed_usn, Some(12_345_678_901));
        assert_eq!(root.product.as_deref(), Some("389 Project 389-Directory/2.0"));
    }
}
