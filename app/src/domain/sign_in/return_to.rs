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
