//! Parses the entries of the operator's list of allowed hosts and ranges.
//!
//! An entry with two possible meanings is rejected, because the list guards the operator's network.

use std::net::IpAddr;

use ipnet::IpNet;
use url::Host;

use crate::invalid_entry::InvalidEntry;

/// A host opened by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OpenedHost {
    /// Its canonical name.
    pub(super) name: String,
    /// The only port it is opened on, or all.
    pub(super) port: Option<u16>,
}

/// One entry, understood.
pub(super) enum Entry {
    /// An address or a range of them.
    Range(IpNet),
    /// A host name.
    Host(OpenedHost),
}

impl Entry {
    /// Reads an entry without surrounding space; `None` when it is nothing of the kind.
    pub(super) fn parse(entry: &str) -> Option<Self> {
        let bare = entry.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(entry);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Some(Self::Range(address.into()));
        }
        if entry.contains('/') {
            // `10.1.2.3/8` may mean one machine or sixteen million: better asked than guessed.
            let range: IpNet = entry.parse().ok()?;
            return (range.trunc() == range).then_some(Self::Range(range));
        }
        let (name, port) = match entry.rsplit_once(':') {
            None => (entry, None),
            Some((name, port)) => (name, Some(port.parse().ok().filter(|port| *port != 0)?)),
        };
        match Host::parse(name).ok()? {
            Host::Domain(name) if !name.contains('*') => {
                Some(Self::Host(OpenedHost { name: canonical_name(&name), port }))
            }
            _ => None,
        }
    }
}

/// The error of an entry that cannot be understood.
pub(super) fn invalid_entry(entry: &str) -> InvalidEntry {
    InvalidEntry::new(format!(
        "`{entry}` is not an outbound target: write an address (10.1.2.3, [::1]), a CIDR range without host bits \
         (10.0.0.0/8, fd00::/8) or a host name with or without a port (idp.internal, idp.internal:8443)"
    ))
}

/// One spelling per name: lower case, without the dot that marks a name as complete.
pub(super) fn canonical_name(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}
