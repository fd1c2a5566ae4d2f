//! Origins to which users may be sent after signing in, and email domains whose users may sign in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::{
    problem::{Problem, ProblemCode},
    web_url::{AddressProblem, is_host_name, normalise_host, parse_usable},
};

/// An origin (scheme, host and port) to which users may be sent, in lower case and without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Origin(String);

/// Why a text is not an allowed origin, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginProblem {
    /// It is not a URL with a host.
    #[error("enter a URL such as https://app.example.com")]
    NotAUrl,
    /// A browser cannot have this origin.
    #[error("{0}")]
    Unusable(AddressProblem),
    /// The scheme is neither http nor https.
    #[error("only http and https are allowed")]
    Scheme,
    /// Plain http is allowed for the local machine only.
    #[error("HTTPS is required; HTTP is only allowed for localhost")]
    HttpsRequired,
    /// It has a path.
    #[error("leave the path away: only scheme, host and port count")]
    Path,
    /// It has a query.
    #[error("leave the query away: only scheme, host and port count")]
    Query,
    /// It has a fragment.
    #[error("leave the fragment away: only scheme, host and port count")]
    Fragment,
}

impl Origin {
    /// Parses an origin. A single trailing slash is dropped.
    ///
    /// # Errors
    /// The first check that fails, in the order of [`OriginProblem`].
    pub fn parse(text: &str) -> Result<Self, OriginProblem> {
        let text = text.trim();
        let url = parse_usable(text).map_err(|problem| match problem {
            AddressProblem::NotAnAddress => OriginProblem::NotAUrl,
            problem => OriginProblem::Unusable(problem),
        })?;
        if !matches!(url.scheme.as_str(), "http" | "https" | "ftp" | "ftps") || url.host.is_empty() {
            return Err(OriginProblem::NotAUrl);
        }
        let is_local = matches!(url.host.as_str(), "localhost" | "127.0.0.1");
        if url.has_named_host() && !is_local && !url.host.contains('.') {
            return Err(OriginProblem::NotAUrl);
        }
        match url.scheme.as_str() {
            "https" => {}
            "http" if is_local => {}
            "http" => return Err(OriginProblem::HttpsRequired),
            _ => return Err(OriginProblem::Scheme),
        }
        if !matches!(url.path.as_str(), "" | "/") {
            return Err(OriginProblem::Path);
        }
        if url.has_query {
            return Err(OriginProblem::Query);
        }
        if url.has_fragment {
            return Err(OriginProblem::Fragment);
        }
        // A default port is kept: origins are compared as entered.
        let authority = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
        let port = authority.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self(format!("{}://{}{port}", url.scheme, url.host)))
    }

    /// Wraps a stored origin, which was checked before.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not an email domain, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DomainProblem {
    /// Nothing was entered.
    #[error("enter a domain such as example.com")]
    Empty,
    /// It contains a placeholder.
    #[error("wildcards match nothing here, so list each domain in full, such as example.com")]
    Wildcard,
    /// It contains a placeholder elsewhere than before a whole domain.
    #[error("a wildcard stands only before a whole domain, as in *.example.com")]
    WildcardPlace,
    /// It contains several domains.
    #[error("enter one domain in each place")]
    Several,
    /// It is a whole email address.
    #[error("enter the part after @ alone")]
    Address,
    /// It is a web address, or has a path or a port.
    #[error("enter the domain alone, without scheme, port and path")]
    Url,
    /// It is an IP address.
    #[error("enter a domain name; IP addresses are not supported")]
    IpAddress,
    /// It has only one label.
    #[error("enter a full domain, such as example.com")]
    SingleLabel,
    /// It is not a domain name.
    #[error("this is not a domain name, such as example.com")]
    Malformed,
}

/// Parses an email domain into its stored form: lower case, punycode, without a leading `@` and a trailing dot.
///
/// # Errors
/// The first check that fails, in the order of [`DomainProblem`].
pub fn parse_domain(text: &str) -> Result<String, DomainProblem> {
    let text = text.trim();
    let text = text.strip_prefix('@').unwrap_or(text);
    let text = text.strip_suffix('.').unwrap_or(text);
    if text.is_empty() {
        return Err(DomainProblem::Empty);
    }
    if text.contains(['*', '%']) {
        return Err(DomainProblem::Wildcard);
    }
    if text.contains(|letter: char| matches!(letter, ',' | ';' | '|') || letter.is_whitespace()) {
        return Err(DomainProblem::Several);
    }
    if is_ip_address(text) {
        return Err(DomainProblem::IpAddress);
    }
    if text.contains(['/', '\\', ':', '?', '#']) {
        return Err(DomainProblem::Url);
    }
    if text.contains('@') {
        return Err(DomainProblem::Address);
    }
    let name = normalise_host(text).ok_or(DomainProblem::Malformed)?;
    // Host names have no underscore, yet domains of email addresses may.
    if !is_host_name(&name, |byte| byte == b'_') {
        return Err(DomainProblem::Malformed);
    }
    if name.contains('.') { Ok(name) } else { Err(DomainProblem::SingleLabel) }
}

/// Whether it is an IP address, with or without the brackets of email addresses (RFC 5321, section 4.1.3).
fn is_ip_address(text: &str) -> bool {
    let literal = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    let bare = literal.map_or(text, |text| text.strip_prefix("IPv6:").unwrap_or(text));
    bare.parse::<std::net::IpAddr>().is_ok()
}

/// The stored form of a domain, as by [`parse_domain`]; `None` when the text is not a domain.
pub fn normalise_domain(text: &str) -> Option<String> {
    parse_domain(text).ok()
}

/// Checks a provider's list of origins.
pub(super) fn check(problems: &mut Vec<Problem>, redirects: &[String]) {
    for (index, redirect) in redirects.iter().enumerate() {
        if let Err(problem) = Origin::parse(redirect) {
            let message = format!("{redirect:?} can match no origin: {problem}.");
            problems.push(Problem::new(format!("allowed_redirects.{index}"), ProblemCode::Malformed, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::email_address::is_email_address;

    #[test]
    fn an_origin_is_lower_cased_and_loses_its_slash() {
        let parsed = Origin::parse("HTTPS://Portal.Example.COM/").map(|origin| origin.to_string());
        assert_eq!(parsed, Ok("https://portal.example.com".to_owned()));
    }

    #[test]
    fn the_port_is_kept_as_entered() {
        let parsed = Origin::parse("https://portal.example.com:443").map(|origin| origin.to_string());
        assert_eq!(parsed, Ok("https://portal.example.com:443".to_owned()));
    }

    #[test]
    fn each_flaw_has_its_name() {
        use AddressProblem::{Host, Port, Several, Space, TrailingDot, UserInfo, Wildcard};
        use OriginProblem::{Fragment, HttpsRequired, NotAUrl, Path, Query, Scheme, Unusable};
        for (text, problem) in [
            ("portal", NotAUrl),
            ("", NotAUrl),
            ("javascript:alert(1)", NotAUrl),
            ("https://intranet", NotAUrl),
            ("https://", NotAUrl),
            ("https://user:pass@portal.example.com", Unusable(UserInfo)),
            ("https://portal.example.com:99999", Unusable(Port)),
            ("https://portal.example.com:0", Unusable(Port)),
            ("https://*.example.com", Unusable(Wildcard)),
            ("https://a.example.com,b.example.com", Unusable(Several)),
            ("https://a.example.com,https://b.example.com", Unusable(Several)),
            ("https://portal.example.com.", Unusable(TrailingDot)),
            ("https://portal..example.com", Unusable(Host)),
            ("https://portal.example.com https://b.example.com", Unusable(Space)),
            ("ftp://portal.example.com", Scheme),
            ("http://portal.example.com", HttpsRequired),
            ("http://[::1]", HttpsRequired),
            ("https://portal.example.com/app", Path),
            ("https://portal.example.com/?a=b", Query),
            ("https://portal.example.com/#a", Fragment),
        ] {
            assert_eq!(Origin::parse(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn a_port_is_a_number() {
        for (text, stored) in [
            ("https://portal.example.com:08443", "https://portal.example.com:8443"),
            ("https://portal.example.com:", "https://portal.example.com"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
            ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443"),
        ] {
            assert_eq!(Origin::parse(text).map(|origin| origin.to_string()), Ok(stored.to_owned()), "{text}");
        }
    }

    #[test]
    fn plain_http_is_for_the_own_machine() {
        for text in ["http://localhost:3000", "http://127.0.0.1:3000", "http://localhost"] {
            assert!(Origin::parse(text).is_ok(), "{text} was refused");
        }
    }

    #[test]
    fn a_domain_is_stored_in_punycode() {
        assert_eq!(normalise_domain(" @Bücher.Example "), Some("xn--bcher-kva.example".to_owned()));
        assert_eq!(normalise_domain("EXAMPLE.com."), Some("example.com".to_owned()));
    }

    #[test]
    fn a_domain_of_an_email_address_is_one() {
        for domain in ["sub_domain.example", "_a.example_", "a.b_.example", "a--b.example"] {
            assert!(is_email_address(&format!("ada@{domain}")), "{domain}");
            assert_eq!(parse_domain(domain).as_deref(), Ok(domain));
        }
    }

    #[test]
    fn a_domain_that_can_never_match_says_why() {
        use DomainProblem::{Address, Empty, IpAddress, Malformed, Several, SingleLabel, Url, Wildcard};
        for (text, problem) in [
            (" ", Empty),
            ("@", Empty),
            ("*.example", Wildcard),
            ("*", Wildcard),
            ("corp.example,other.example", Several),
            ("corp.example; other.example", Several),
            ("a b.example", Several),
            ("ada@example.com", Address),
            ("https://example.com", Url),
            ("example.com/path", Url),
            ("example.com:25", Url),
            ("127.0.0.1", IpAddress),
            ("[127.0.0.1]", IpAddress),
            ("[IPv6:2001:db8::1]", IpAddress),
            ("2001:db8::1", IpAddress),
            ("localhost", SingleLabel),
            ("a..b", Malformed),
            (".example.com", Malformed),
            ("-a.example", Malformed),
            ("a-.example", Malformed),
            ("example.com..", Malformed),
            ("example.123", Malformed),
            ("a\u{202E}b.example", Malformed),
        ] {
            assert_eq!(parse_domain(text), Err(problem), "{text:?}");
        }
    }
}
