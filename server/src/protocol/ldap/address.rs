//! The address of a directory's server (RFC 4516).

use std::fmt;

use url::Url;

use super::{LdapError, LdapErrorKind};

/// A server to connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// The name or address, without brackets.
    pub(super) host: String,
    pub(super) port: u16,
    /// Whether TLS begins with the connection: `ldaps`.
    pub(super) is_ldaps: bool,
}

impl Server {
    /// Reads scheme, host and port of an address; what follows them is left to others.
    pub(super) fn parse(url: &str) -> Result<Self, LdapError> {
        let parsed = Url::parse(url).ok().and_then(|url| Self::of(&url));
        parsed.ok_or_else(|| {
            LdapError::new(
                LdapErrorKind::Connect,
                "The address of the directory's server cannot be read.",
                "Enter an address such as ldaps://directory.example.com.",
            )
        })
    }

    /// The server of a URL that was parsed; nothing when it names none.
    pub(super) fn of(url: &Url) -> Option<Self> {
        let is_ldaps = match url.scheme() {
            "ldap" => false,
            "ldaps" => true,
            _ => return None,
        };
        // A name that needs percent signs cannot be resolved.
        let host = url.host_str().filter(|host| !host.is_empty() && !host.contains('%'))?;
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let port = url.port().unwrap_or(if is_ldaps { 636 } else { 389 });
        Some(Self { host: bare.to_ascii_lowercase(), port, is_ldaps })
    }
}

impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.is_ldaps { "ldaps" } else { "ldap" };
        match self.host.contains(':') {
            true => write!(f, "{scheme}://[{}]:{}", self.host, self.port),
            false => write!(f, "{scheme}://{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use super::*;

    #[test]
    fn ports_have_defaults_and_brackets_go() {
        for (url, shown, host) in [
            ("ldap://Directory.Example", "ldap://directory.example:389", "directory.example"),
            ("ldaps://directory.example", "ldaps://directory.example:636", "directory.example"),
            ("ldaps://[::1]:6360/dc=x", "ldaps://[::1]:6360", "::1"),
            ("LDAP://127.0.0.1:3890", "ldap://127.0.0.1:3890", "127.0.0.1"),
        ] {
            let server = Server::parse(url).unwrap();
            assert_eq!((server.to_string().as_str(), server.host.as_str()), (shown, host), "{url}");
        }
    }

    #[test]
    fn what_is_no_ldap_address_is_an_error() {
        for url in ["", "ldap://", "ldap:///dc=x", "https://a.example", "ldapi://x", "ldap://a%20b"] {
            assert!(Server::parse(url).is_err(), "{url}");
        }
    }
}
