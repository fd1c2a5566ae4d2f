//! The parts of web addresses that the rules examine, read by a WHATWG URL parser.
//!
//! The portal uses the browser's parser: the tables of international names that a parser needs would be a tenth of the
//! portal's download. Both parsers follow the same standard.

use std::net::Ipv4Addr;

/// The parts of an address that the rules examine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebUrl {
    /// The scheme in lower case, without the colon.
    pub scheme: String,
    /// The host in lower case and punycode; an IPv6 address in brackets; empty when there is none.
    pub host: String,
    /// The path, at least `/` for http and https.
    pub path: String,
    /// Whether it has a user name or a password.
    pub has_userinfo: bool,
    /// Whether it has a query.
    pub has_query: bool,
    /// Whether it has a fragment.
    pub has_fragment: bool,
}

impl WebUrl {
    /// Parses an absolute address; `None` when it is not one.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn parse(text: &str) -> Option<Self> {
        let url = url::Url::parse(text.trim()).ok()?;
        Some(Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            path: url.path().to_owned(),
            has_userinfo: !url.username().is_empty() || url.password().is_some(),
            has_query: url.query().is_some(),
            has_fragment: url.fragment().is_some(),
        })
    }

    /// Parses an absolute address; `None` when it is not one.
    #[cfg(target_arch = "wasm32")]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let url = web_sys::Url::new(text).ok()?;
        let (before_fragment, _) = text.split_once('#').unwrap_or((text, ""));
        Some(Self {
            scheme: url.protocol().trim_end_matches(':').to_owned(),
            host: url.hostname(),
            path: url.pathname(),
            has_userinfo: !url.username().is_empty() || !url.password().is_empty(),
            // The browser's `search` and `hash` are also empty for a lone `?` or `#`.
            has_query: before_fragment.contains('?'),
            has_fragment: text.contains('#'),
        })
    }

    /// Whether a browser can open it: http or https, with a host.
    pub fn is_web(&self) -> bool {
        matches!(self.scheme.as_str(), "http" | "https") && !self.host.is_empty()
    }

    /// Whether the host is a name and not an IP address.
    pub fn has_named_host(&self) -> bool {
        !self.host.is_empty() && !self.host.starts_with('[') && self.host.parse::<Ipv4Addr>().is_err()
    }
}

/// Why an address cannot be used for a browser or a request, in the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressProblem {
    /// It contains white space, a control character or a backslash.
    #[error("remove the spaces and backslashes")]
    Space,
    /// The port is not a number from 0 to 65535.
    #[error("a port is a number from 1 to 65535")]
    Port,
    /// It is not a URL with a host, or has another scheme.
    #[error("enter an address that begins with https://")]
    NotAnAddress,
    /// It contains a user name or a password.
    #[error("remove the user name and password before the host")]
    UserInfo,
    /// The host contains a placeholder.
    #[error("wildcards match nothing here, so enter each host in full")]
    Wildcard,
    /// The text contains several addresses.
    #[error("enter one address only")]
    Several,
    /// The host ends with a dot.
    #[error("remove the dot at the end of the host")]
    TrailingDot,
    /// The host is not a host name.
    #[error("the host is not a host name")]
    Host,
    /// It has a fragment, which is never sent.
    #[error("remove the part after #")]
    Fragment,
}

/// Checks an address that is used as entered.
///
/// # Errors
/// The first failed check, in the order of [`AddressProblem`].
pub fn check_address(text: &str) -> Result<(), AddressProblem> {
    let url = parse_usable(text)?;
    if !url.is_web() {
        return Err(AddressProblem::NotAnAddress);
    }
    if url.has_fragment { Err(AddressProblem::Fragment) } else { Ok(()) }
}

/// Parses an absolute address of any scheme with a valid host.
///
/// # Errors
/// [`AddressProblem`], except for problems of the scheme and the fragment.
pub(in crate::domain) fn parse_usable(text: &str) -> Result<WebUrl, AddressProblem> {
    let text = text.trim();
    if text.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '\\') {
        return Err(AddressProblem::Space);
    }
    let authority = authority(text).filter(|authority| !authority.is_empty()).ok_or(AddressProblem::NotAnAddress)?;
    if port_of(authority).is_some_and(|port| !port.parse::<u16>().is_ok_and(|port| port > 0)) {
        return Err(if authority.contains([',', ';']) { AddressProblem::Several } else { AddressProblem::Port });
    }
    let url = WebUrl::parse(text).ok_or(AddressProblem::NotAnAddress)?;
    if url.has_userinfo {
        return Err(AddressProblem::UserInfo);
    }
    check_host(&url)?;
    Ok(url)
}

/// The part between `//` and the path.
fn authority(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

/// The port as written; `None` when absent.
fn port_of(authority: &str) -> Option<&str> {
    // The colons of an IPv6 address are in brackets.
    let (_, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let after_host = host.rsplit_once(']').map_or(host, |(_, rest)| rest);
    after_host.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.is_empty())
}

/// Browsers' parsers accept hosts that the DNS does not: `*`, `,` and empty labels.
fn check_host(url: &WebUrl) -> Result<(), AddressProblem> {
    if url.host.is_empty() || !url.has_named_host() {
        return Ok(());
    }
    if url.host.contains('*') {
        Err(AddressProblem::Wildcard)
    } else if url.host.contains([',', ';']) {
        Err(AddressProblem::Several)
    } else if url.host.ends_with('.') {
        Err(AddressProblem::TrailingDot)
    } else if is_host_name(&url.host, |byte| byte == b'_') {
        Ok(())
    } else {
        Err(AddressProblem::Host)
    }
}

/// Whether a text in lower case is a host name (RFC 1123, section 2.1), whose labels may contain further bytes.
pub(in crate::domain) fn is_host_name(name: &str, further: impl Fn(u8) -> bool) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || further(b))
    };
    name.len() <= 253 && name.split('.').all(is_label)
}

/// Whether the text is an address that a browser can open.
pub fn is_web_address(text: &str) -> bool {
    WebUrl::parse(text).is_some_and(|url| url.is_web())
}

/// A host name in lower case and punycode; `None` when the text is not one, or is an IP address.
pub fn normalise_host(text: &str) -> Option<String> {
    let is_plain =
        !text.is_empty() && !text.contains(['/', '\\', '?', '#', '@', ':']) && !text.contains(char::is_whitespace);
    let url = is_plain.then(|| WebUrl::parse(&format!("https://{text}/"))).flatten()?;
    url.has_named_host().then_some(url.host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_question_mark_counts_as_a_query() {
        let url = WebUrl::parse("https://a.example/?");
        assert!(url.is_some_and(|url| url.has_query && !url.has_fragment));
    }

    #[test]
    fn an_address_that_can_reach_nothing_says_why() {
        use AddressProblem::{Fragment, Host, NotAnAddress, Port, Several, Space, TrailingDot, UserInfo, Wildcard};
        for (text, problem) in [
            ("", NotAnAddress),
            ("idp.example.com/sso", NotAnAddress),
            ("https:idp.example.com", NotAnAddress),
            ("ftp://idp.example.com", NotAnAddress),
            ("https:///sso", NotAnAddress),
            ("https://idp.example.com/s so", Space),
            ("https://idp.example.com\\sso", Space),
            ("https://idp.example.com:0/sso", Port),
            ("https://idp.example.com:99999/sso", Port),
            ("https://idp.example.com:port/sso", Port),
            ("https://a:b@idp.example.com/sso", UserInfo),
            ("https://*.example.com/sso", Wildcard),
            ("https://a.example.com,b.example.com/sso", Several),
            ("https://a.example.com,https://b.example.com", Several),
            ("https://idp.example.com./sso", TrailingDot),
            ("https://idp..example.com/sso", Host),
            ("https://-idp.example.com/sso", Host),
            ("https://idp.example.com/sso#here", Fragment),
        ] {
            assert_eq!(check_address(text), Err(problem), "{text}");
        }
    }

    #[test]
    fn an_address_that_works_is_left_alone() {
        for text in [
            "https://idp.example.com/sso?idpid=C0",
            " https://Idp.Example.com:8443/SSO ",
            "http://keycloak:8080/realms/a",
            "http://127.0.0.1:8080",
            "https://[::1]:8443/a,b;c",
            "https://my_idp.example.com",
            "https://bücher.example/*",
        ] {
            assert_eq!(check_address(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn a_host_is_a_name_and_nothing_else() {
        assert_eq!(normalise_host("Bücher.Example").as_deref(), Some("xn--bcher-kva.example"));
        for wrong in ["", "a b", "a/b", "a@b", "a:1", "127.0.0.1", "[::1]", "0x7f.1"] {
            assert_eq!(normalise_host(wrong), None, "{wrong} was accepted");
        }
    }
}
