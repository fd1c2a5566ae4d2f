//! What the rules ask of a web address, read by the WHATWG URL parser that is at hand.
//!
//! In the browser that is the browser's own: the tables for international names that a parser needs would make up a
//! tenth of the portal's download. Both parsers follow the same standard.

use std::net::Ipv4Addr;

/// The parts of an address that the rules look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebUrl {
    /// The scheme in lower case, without the colon.
    pub scheme: String,
    /// The host in lower case and punycode; an IPv6 address in brackets; empty when there is none.
    pub host: String,
    /// The path, at least `/` for http and https.
    pub path: String,
    /// Whether a user name or a password stands before the host.
    pub has_userinfo: bool,
    /// Whether there is a `?`.
    pub has_query: bool,
    /// Whether there is a `#`.
    pub has_fragment: bool,
}

impl WebUrl {
    /// Reads an absolute address; nothing when it is none.
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

    /// Reads an absolute address; nothing when it is none.
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
            // The browser's `search` and `hash` are empty for a lone `?` or `#` too.
            has_query: before_fragment.contains('?'),
            has_fragment: text.contains('#'),
        })
    }

    /// Whether a browser can follow it: http or https, with a host.
    pub fn is_web(&self) -> bool {
        matches!(self.scheme.as_str(), "http" | "https") && !self.host.is_empty()
    }

    /// Whether the host is a name, not an address.
    pub fn has_named_host(&self) -> bool {
        !self.host.is_empty() && !self.host.starts_with('[') && self.host.parse::<Ipv4Addr>().is_err()
    }
}

/// Whether the text is an address that a browser can follow.
pub fn is_web_address(text: &str) -> bool {
    WebUrl::parse(text).is_some_and(|url| url.is_web())
}

/// A host name in lower case and punycode; nothing when the text is none, or is an IP address.
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
    fn a_host_is_a_name_and_nothing_else() {
        assert_eq!(normalise_host("Bücher.Example").as_deref(), Some("xn--bcher-kva.example"));
        for wrong in ["", "a b", "a/b", "a@b", "a:1", "127.0.0.1", "[::1]", "0x7f.1"] {
            assert_eq!(normalise_host(wrong), None, "{wrong} was accepted");
        }
    }
}
