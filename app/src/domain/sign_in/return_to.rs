//! Where a browser goes after signing in.
//!
//! An open redirect lends the product's good name to a phishing page, so an address is compared as origins, after a
//! WHATWG parser has read it as the browser will.

use url::Url;

use crate::domain::{provider::Origin, web_url::check_address};

/// The longest address, in bytes: the start of a sign-in is stored in a cookie.
pub const MAX_RETURN_TO: usize = 1000;

/// A checked address: a path of the application's own origin, or an address of an allowed origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnTo(String);

/// Why a browser is not sent to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReturnToProblem {
    /// It is longer than [`MAX_RETURN_TO`].
    #[error("the address is longer than {MAX_RETURN_TO} bytes")]
    TooLong,
    /// It is neither a path nor an address that can be used.
    #[error("this is neither a path that begins with / nor an address that begins with https://")]
    Malformed,
    /// Its origin is not allowed.
    #[error("the provider's allowed redirects do not list this origin")]
    NotAllowed,
}

impl ReturnTo {
    /// Checks an address. `base` is the application's own public address.
    ///
    /// # Errors
    ///
    /// [`ReturnToProblem`].
    pub fn parse(text: &str, base: &Url, allowed: &[Origin]) -> Result<Self, ReturnToProblem> {
        if text.len() > MAX_RETURN_TO {
            return Err(ReturnToProblem::TooLong);
        }
        // Browsers drop tabs and line breaks and read a backslash as a slash: "/\evil.example" leads elsewhere.
        if text.is_empty() || text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(ReturnToProblem::Malformed);
        }
        let is_path = text.starts_with('/') && !text.starts_with("//");
        if !is_path {
            check_address(text.split('#').next().unwrap_or_default()).map_err(|_| ReturnToProblem::Malformed)?;
        }
        let url = base.join(text).map_err(|_| ReturnToProblem::Malformed)?;
        let is_own = url.origin() == base.origin();
        let is_listed = || {
            allowed
                .iter()
                .filter_map(|origin| Url::parse(origin.as_str()).ok())
                .any(|listed| listed.origin() == url.origin())
        };
        match (is_path, is_own) {
            (true, true) => Ok(Self(text.to_owned())),
            (true, false) => Err(ReturnToProblem::Malformed),
            (false, true) => Ok(Self(url.into())),
            (false, false) if is_listed() => Ok(Self(url.into())),
            (false, false) => Err(ReturnToProblem::NotAllowed),
        }
    }

    /// The address for a `Location` header.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its origin, where that is not the origin of `base`.
    pub fn other_origin(&self, base: &Url) -> Option<String> {
        let origin = base.join(&self.0).ok()?.origin();
        (origin != base.origin()).then(|| origin.ascii_serialization())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_sent_to_own_paths_and_listed_origins_alone() {
        let base = url::Url::parse("https://app.example/sso").expect("an address");
        let allowed = [Origin::parse("https://portal.example:8443").expect("an origin")];
        let parse = |text: &str| ReturnTo::parse(text, &base, &allowed).map(|to| to.as_str().to_owned());
        for (text, to) in [
            ("/", "/"),
            ("/orders?id=1#top", "/orders?id=1#top"),
            ("https://app.example/x", "https://app.example/x"),
            ("https://APP.example:443/x", "https://app.example/x"),
            ("https://portal.example:8443/a?b=c", "https://portal.example:8443/a?b=c"),
            // What looks like another host is a path of the own origin.
            ("/%2f%2fevil.example", "/%2f%2fevil.example"),
            ("/@evil.example", "/@evil.example"),
            ("/?next=//evil.example", "/?next=//evil.example"),
            // The browser reads the full stop of another script as a full stop.
            ("https://app。example/", "https://app.example/"),
        ] {
            assert_eq!(parse(text).as_deref(), Ok(to), "{text}");
        }
        for text in [
            "",
            "orders",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "https://app.example@evil.example/",
            "https://user:pw@app.example/",
            "javascript:alert(1)",
            "data:text/html,x",
            "https:evil.example",
            "https:/evil.example",
            "http\n://app.example",
            " https://app.example/",
            "%2f%2fevil.example",
            "https://app.example\\@evil.example/",
            "ftp://app.example/",
            "／／evil.example",
            "/\u{a0}/evil.example",
            "https://app.example%2f@evil.example/",
            "https://",
            "vbscript:x",
            "JAVASCRIPT:alert(1)",
            "blob:https://app.example/x",
        ] {
            assert_eq!(parse(text), Err(ReturnToProblem::Malformed), "{text:?}");
        }
        for text in [
            "http://app.example/x",
            "https://app.example:444/",
            "https://portal.example/",
            "https://portal.example:8443.evil.example/",
            "https://app.example.evil.example/",
            "https://аpp.example/",
            "https://evil.example/?https://app.example/",
            "https://evil.example#@app.example/",
            "https://evil.example/app.example",
            "https://sub.app.example/",
            "http://portal.example:8443/",
        ] {
            let found = parse(text);
            assert!(
                matches!(found, Err(ReturnToProblem::NotAllowed | ReturnToProblem::Malformed)),
                "{text}: {found:?}"
            );
        }
        assert_eq!(parse(&format!("/{}", "x".repeat(MAX_RETURN_TO))), Err(ReturnToProblem::TooLong));
    }
}
