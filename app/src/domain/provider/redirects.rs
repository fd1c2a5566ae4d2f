//! Where users may be sent back to, and whose users may sign in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::web_url::{WebUrl, normalise_host};

/// An origin (scheme, host and port) that users may be sent back to, in lower case and without a trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Origin(String);

/// Why a text is no origin to send users to. The order is the order of the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OriginProblem {
    /// It is no URL with a host.
    #[error("enter a URL such as https://app.example.com")]
    NotAUrl,
    /// The scheme is neither http nor https.
    #[error("only http and https are allowed")]
    Scheme,
    /// Plain http is for the own machine only.
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
    /// Reads an origin. A single trailing slash is dropped.
    ///
    /// # Errors
    /// The first check that fails, in the order of [`OriginProblem`].
    pub fn parse(text: &str) -> Result<Self, OriginProblem> {
        let text = text.trim();
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(OriginProblem::NotAUrl);
        }
        let url = WebUrl::parse(text).ok_or(OriginProblem::NotAUrl)?;
        if !matches!(url.scheme.as_str(), "http" | "https" | "ftp" | "ftps") || !text.contains("://") {
            return Err(OriginProblem::NotAUrl);
        }
        if url.has_userinfo || url.host.is_empty() {
            return Err(OriginProblem::NotAUrl);
        }
        let is_local = matches!(url.host.as_str(), "localhost" | "127.0.0.1");
        if url.has_named_host() && !is_local && !is_dotted(&url.host) {
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
        // The text's own spelling of the port is kept: an origin is compared as it was entered.
        let authority = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
        let port = match authority.rsplit_once(':') {
            Some((_, port)) if !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()) => format!(":{port}"),
            _ => String::new(),
        };
        Ok(Self(format!("{}://{}{port}", url.scheme, url.host)))
    }

    /// Takes an origin that was stored, and so was checked before.
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a name has several labels and none of them is empty; a dot at the end counts nothing.
fn is_dotted(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.contains('.') && !name.split('.').any(str::is_empty)
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Brings an e-mail domain into the form it is stored in: lower case, punycode, without `@`.
/// Returns nothing when the text is no domain.
pub fn normalise_domain(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches('@').trim_end_matches('.');
    normalise_host(text).filter(|name| is_dotted(name) && name.len() <= 253)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        use OriginProblem::{Fragment, HttpsRequired, NotAUrl, Path, Query, Scheme};
        for (text, problem) in [
            ("portal", NotAUrl),
            ("", NotAUrl),
            ("javascript:alert(1)", NotAUrl),
            ("https://intranet", NotAUrl),
            ("https://user:pass@portal.example.com", NotAUrl),
            ("https://portal.example.com:99999", NotAUrl),
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
    fn plain_http_is_for_the_own_machine() {
        for text in ["http://localhost:3000", "http://127.0.0.1:3000", "http://localhost"] {
            assert!(Origin::parse(text).is_ok(), "{text} was refused");
        }
    }

    #[test]
    fn a_domain_is_stored_in_punycode() {
        assert_eq!(normalise_domain(" @Bücher.Example "), Some("xn--bcher-kva.example".to_owned()));
        for wrong in ["", "localhost", "a b.example", "ada@example.com", "127.0.0.1", "a..b"] {
            assert_eq!(normalise_domain(wrong), None, "{wrong} was accepted");
        }
    }
}
