//! Whether a state-changing request comes from a page of this origin.
//!
//! `Origin` and `Sec-Fetch-Site`, which pages cannot forge, are compared with the configured public address; never with
//! `Host`, which an attacker controls (DNS rebinding).

use axum::http::{HeaderMap, header::ORIGIN};
use url::Url;

/// Checks where requests come from.
#[derive(Debug, Clone)]
pub(crate) struct OriginCheck {
    origin: String,
}

/// A request that does not come from the portal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this request does not come from the portal at {expected}; open the portal under that address")]
pub(crate) struct CrossSite {
    /// The origin that the portal has.
    pub(crate) expected: String,
}

impl OriginCheck {
    pub(crate) fn new(base_url: &Url) -> Self {
        Self { origin: base_url.origin().ascii_serialization() }
    }

    /// Accepts a request from the portal, or one that carries no credentials of a browser.
    pub(crate) fn check(&self, headers: &HeaderMap, carries_rights: bool) -> Result<(), CrossSite> {
        let mut origins = headers.get_all(ORIGIN).iter();
        let is_fine = match (origins.next(), headers.get("sec-fetch-site")) {
            (Some(origin), _) => *origin == self.origin.as_str() && origins.next().is_none(),
            (None, Some(site)) => site == "same-origin",
            (None, None) => !carries_rights,
        };
        if is_fine { Ok(()) } else { Err(CrossSite { expected: self.origin.clone() }) }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn passes(origin: Option<&str>, site: Option<&str>, carries_rights: bool) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert("host", "evil.example".parse().unwrap());
        if let Some(origin) = origin {
            headers.insert("origin", origin.parse().unwrap());
        }
        if let Some(site) = site {
            headers.insert("sec-fetch-site", site.parse().unwrap());
        }
        OriginCheck::new(&Url::parse("https://sso.example/portal").unwrap()).check(&headers, carries_rights).is_ok()
    }

    #[test]
    fn only_the_own_origin_passes() {
        assert!(passes(Some("https://sso.example"), Some("same-origin"), true));
        assert!(passes(None, Some("same-origin"), true));
        for (origin, site) in [
            (Some("https://evil.example"), Some("same-origin")),
            (Some("https://evil.example"), None),
            (Some("null"), None),
            (Some("sso.example"), None),
            (Some("https://sso.example https://sso.example"), None),
            (Some("http://sso.example"), None),
            (Some("https://sso.example:444"), None),
            (None, Some("cross-site")),
            (None, Some("same-site")),
            (None, Some("none")),
            (None, None),
        ] {
            assert!(!passes(origin, site, true), "{origin:?} {site:?}");
        }
    }

    #[test]
    fn a_request_without_rights_needs_no_origin_but_must_not_bring_a_foreign_one() {
        assert!(passes(None, None, false));
        assert!(!passes(Some("https://evil.example"), None, false));
    }
}
