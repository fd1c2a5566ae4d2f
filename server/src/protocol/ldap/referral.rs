//! Referrals to other servers (RFC 4511, sections 4.1.10 and 4.5.3; RFC 4516).

use ldap3::Scope;
use url::Url;

use super::{address::Server, session::Request};

/// How many referrals may lead from one to the next.
pub(super) const MAX_HOPS: usize = 3;

/// How many places a search may lead to in all.
pub(super) const MAX_PLACES: usize = 32;

/// More of a search, at any one of these addresses.
#[derive(Debug, Clone)]
pub(super) struct Referral {
    pub(super) addresses: Vec<String>,
    /// What was asked where it came from.
    pub(super) asked: Request,
    /// How many referrals led here.
    pub(super) hops: usize,
}

/// A place that a referral names: the server, and what to ask it.
pub(super) fn place(address: &str, before: &Request) -> Option<(Server, Request)> {
    let url = Url::parse(address).ok()?;
    let server = Server::of(&url)?;
    let mut request = before.clone();
    let path = url.path().strip_prefix('/').unwrap_or_default();
    if !path.is_empty() {
        request.base = unescaped(path)?;
    }
    // ?attributes?scope?filter: the attributes are ours in any case.
    let mut parts = url.query().unwrap_or_default().split('?').skip(1);
    match parts.next().unwrap_or_default().to_ascii_lowercase().as_str() {
        "base" => request.scope = Scope::Base,
        "one" => request.scope = Scope::OneLevel,
        "sub" => request.scope = Scope::Subtree,
        _ => {}
    }
    if let Some(filter) = parts.next().filter(|filter| !filter.is_empty()) {
        request.filter = unescaped(filter)?;
    }
    Some((server, request))
}

/// Decodes percent-encoding, and returns `None` for a malformed escape, which libraries pass through.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use super::*;

    fn before() -> Request {
        Request {
            base: "dc=a".to_owned(),
            scope: Scope::Subtree,
            filter: "(cn=*)".to_owned(),
            attributes: vec!["cn".to_owned()],
            page_size: 500,
            wanted: 0,
            names_only: false,
        }
    }

    #[test]
    fn a_referral_changes_what_it_names() {
        let (server, request) = place("ldap://b.example/ou=Caf%C3%A9,dc=b??one?(uid=%2A)", &before()).unwrap();
        assert_eq!(server.to_string(), "ldap://b.example:389");
        assert_eq!((request.base.as_str(), request.scope), ("ou=Café,dc=b", Scope::OneLevel));
        assert_eq!(request.filter, "(uid=*)");
        let (_, request) = place("ldaps://b.example", &before()).unwrap();
        assert_eq!((request.base.as_str(), request.filter.as_str()), ("dc=a", "(cn=*)"));
        assert_eq!(request.attributes, ["cn"]);
    }

    #[test]
    fn what_names_no_server_is_passed_over() {
        for address in ["ldap:///dc=x", "https://b.example", "", "ldap://b.example/%zz"] {
            assert!(place(address, &before()).is_none(), "{address}");
        }
    }
}
