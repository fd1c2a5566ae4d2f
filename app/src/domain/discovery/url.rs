//! The address of the discovery document, from what an administrator entered: an issuer or the document's full address.

use thiserror::Error;
use url::Url;

use crate::domain::web_url::{AddressProblem, WebUrl, parse_usable};

/// The path after the issuer at which the discovery document is published (OpenID Connect Discovery 1.0, section 4.1).
pub const WELL_KNOWN_PATH: &str = "/.well-known/openid-configuration";

/// Where to fetch the document, and which issuer it must contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiscoveryTarget {
    /// The address of the document.
    pub url: Url,
    /// The issuer that the document must contain. `None` when only the document's address is known: then the document's
    /// issuer is accepted, and one on another host is a warning.
    pub expected_issuer: Option<String>,
}

/// Why the entered text is not the address of a discovery document. Messages say what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DiscoveryUrlError {
    /// The text is blank.
    #[error("enter the provider's issuer or the address of its discovery document")]
    Empty,
    /// Not an absolute URL.
    #[error("enter a full URL, such as https://id.example.com")]
    NotAUrl,
    /// A document instead of its address.
    #[error("this is a document, not an address; enter the URL at which the provider publishes it")]
    IsADocument,
    /// A placeholder from a provider's documentation.
    #[error("the address holds the placeholder {placeholder}; put your own value in its place")]
    Placeholder {
        /// The placeholder with its brackets.
        placeholder: String,
    },
    /// Neither http nor https.
    #[error("the address starts with {scheme}:, but only https and http addresses can be fetched")]
    WrongScheme {
        /// The scheme.
        scheme: String,
    },
    /// No host, as in `https:///path`.
    #[error("the address names no host; write it as https://host/path")]
    NoHost,
    /// A user name or password in the address.
    #[error("the address holds a user name or password; remove everything between // and @")]
    HasUserInfo,
    /// A `#` part.
    #[error("the address has a part after #; remove it")]
    HasFragment,
    /// An issuer with a query. Only a document's address may have one.
    #[error("an issuer has no query; remove the part after ?, or enter the address ending in {WELL_KNOWN_PATH}")]
    IssuerHasQuery,
    /// The address cannot be requested.
    #[error("{0}")]
    Unusable(AddressProblem),
}

/// Parses an issuer or the full address of a discovery document.
///
/// A query is kept when the address is that of a document (Microsoft Entra's `?appid=…`).
///
/// ```
/// use vestibule_app::domain::discovery::discovery_url;
///
/// let target = discovery_url(" https://id.example/realms/a/ ").unwrap();
/// assert_eq!(target.url.as_str(), "https://id.example/realms/a/.well-known/openid-configuration");
/// assert_eq!(target.expected_issuer.as_deref(), Some("https://id.example/realms/a/"));
/// ```
///
/// # Errors
///
/// [`DiscoveryUrlError`], with a message for the person who entered the text.
pub fn discovery_url(input: &str) -> Result<DiscoveryTarget, DiscoveryUrlError> {
    check_discovery_url(input)?;
    let input = input.trim();
    let mut url = Url::parse(input).map_err(|_| DiscoveryUrlError::NotAUrl)?;

    // Also matches the suffix in the middle of the path (RFC 8414), and other documents below `.well-known`.
    if url.path().contains("/.well-known/") {
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        return Ok(DiscoveryTarget { url, expected_issuer: None });
    }
    let path = format!("{}{WELL_KNOWN_PATH}", url.path().trim_end_matches('/'));
    url.set_path(&path);
    Ok(DiscoveryTarget { url, expected_issuer: Some(input.to_owned()) })
}

/// Checks an issuer or the full address of a discovery document without parsing it into a target, for forms while text
/// is being entered.
///
/// # Errors
///
/// [`DiscoveryUrlError`], with a message for the person who entered the text.
pub fn check_discovery_url(input: &str) -> Result<(), DiscoveryUrlError> {
    let input = input.trim();
    if input.is_empty() {
        return Err(DiscoveryUrlError::Empty);
    }
    if input.starts_with(['{', '[', '<']) {
        return Err(DiscoveryUrlError::IsADocument);
    }
    if let Some(placeholder) = placeholder(input) {
        return Err(DiscoveryUrlError::Placeholder { placeholder: placeholder.to_owned() });
    }
    let Some(url) = WebUrl::parse(input) else {
        let no_host = ["https://", "http://"].contains(&input);
        return Err(if no_host { DiscoveryUrlError::NoHost } else { DiscoveryUrlError::NotAUrl });
    };
    if !matches!(url.scheme.as_str(), "http" | "https") {
        // "localhost:8080/realms/a" parses as a URL of the scheme "localhost"; most likely https:// was left out.
        return Err(if input.contains("://") {
            DiscoveryUrlError::WrongScheme { scheme: url.scheme }
        } else {
            DiscoveryUrlError::NotAUrl
        });
    }
    if url.host.is_empty() {
        return Err(DiscoveryUrlError::NoHost);
    }
    if url.has_userinfo {
        return Err(DiscoveryUrlError::HasUserInfo);
    }
    if url.has_fragment {
        return Err(DiscoveryUrlError::HasFragment);
    }
    if url.has_query && !url.path.contains("/.well-known/") {
        return Err(DiscoveryUrlError::IssuerHasQuery);
    }
    parse_usable(input).map(drop).map_err(DiscoveryUrlError::Unusable)
}

/// A placeholder as providers' documentation writes it: `{tenant}`, `<your-domain>`.
fn placeholder(input: &str) -> Option<&str> {
    [('{', '}'), ('<', '>')].into_iter().find_map(|(open, close)| {
        let begins = input.find(open)?;
        let length = input[begins..].find(close)?;
        Some(&input[begins..=begins + length])
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn url_of(input: &str) -> String {
        discovery_url(input).unwrap().url.into()
    }

    #[test]
    fn puts_one_slash_between_issuer_and_suffix() {
        for issuer in ["https://a.example", "https://a.example/", "https://a.example//", " https://A.example\n"] {
            assert_eq!(url_of(issuer), "https://a.example/.well-known/openid-configuration");
        }
        assert_eq!(
            url_of("http://localhost:8080/realms/a"),
            "http://localhost:8080/realms/a/.well-known/openid-configuration"
        );
    }

    #[test]
    fn keeps_a_full_address_with_its_query() {
        let input = "https://login.microsoftonline.com/t/v2.0/.well-known/openid-configuration?appid=1";
        let target = discovery_url(input).unwrap();
        assert_eq!(target.url.as_str(), input);
        assert_eq!(target.expected_issuer, None);
        assert_eq!(
            url_of("https://a.example/.well-known/openid-configuration/"),
            "https://a.example/.well-known/openid-configuration"
        );
    }

    #[test]
    fn takes_any_well_known_address_as_it_is() {
        for address in [
            "https://a.example/.well-known/openid-configuration/tenant",
            "https://a.example/.well-known/oauth-authorization-server",
        ] {
            let target = discovery_url(address).unwrap();
            assert_eq!((target.url.as_str(), target.expected_issuer), (address, None));
        }
    }

    #[test]
    fn says_what_is_wrong() {
        let refused = |input: &str| discovery_url(input).unwrap_err();
        assert_eq!(refused(" "), DiscoveryUrlError::Empty);
        assert_eq!(refused("accounts.google.com"), DiscoveryUrlError::NotAUrl);
        assert_eq!(refused("localhost:8080/realms/a"), DiscoveryUrlError::NotAUrl);
        for document in ["{\"issuer\": \"https://a.example\"}", "<html>", "[1]"] {
            assert_eq!(refused(document), DiscoveryUrlError::IsADocument);
        }
        for (address, expected) in [
            ("https://login.microsoftonline.com/{tenantid}/v2.0", "{tenantid}"),
            ("https://{yourOktaDomain}/oauth2/default", "{yourOktaDomain}"),
            ("https://<tenant>.b2clogin.com/", "<tenant>"),
        ] {
            assert_eq!(refused(address), DiscoveryUrlError::Placeholder { placeholder: expected.to_owned() });
        }
        assert_eq!(refused("ftp://a.example"), DiscoveryUrlError::WrongScheme { scheme: "ftp".to_owned() });
        assert_eq!(refused("https://u:p@a.example"), DiscoveryUrlError::HasUserInfo);
        assert_eq!(refused("https://a.example/#x"), DiscoveryUrlError::HasFragment);
        assert_eq!(refused("https://a.example/?x=1"), DiscoveryUrlError::IssuerHasQuery);
        assert_eq!(refused("https://"), DiscoveryUrlError::NoHost);
        for (issuer, problem) in [
            ("https://*.example.com", AddressProblem::Wildcard),
            ("https://a.example,b.example", AddressProblem::Several),
            ("https://a.example/realms/a b", AddressProblem::Space),
            ("https://a.example:0", AddressProblem::Port),
            ("https://a.example.", AddressProblem::TrailingDot),
            ("https://a..example", AddressProblem::Host),
        ] {
            assert_eq!(refused(issuer), DiscoveryUrlError::Unusable(problem), "{issuer}");
        }
    }

    proptest! {
        #[test]
        fn an_accepted_address_is_fetchable(input in "(https?://)?[a-z./:@?#%é ]{0,24}") {
            if let Ok(target) = discovery_url(&input) {
                prop_assert!(target.url.path().ends_with(WELL_KNOWN_PATH));
                let two_slashes = target.url.path().ends_with(&format!("/{WELL_KNOWN_PATH}"));
                prop_assert!(!two_slashes || target.expected_issuer.is_none());
                prop_assert!(target.url.has_host() && target.url.username().is_empty());
                prop_assert_eq!(&discovery_url(target.url.as_str()).unwrap().url, &target.url);
            }
        }
    }
}
