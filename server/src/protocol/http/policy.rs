//! Which addresses may be called: the operator's list of allowed hosts and ranges, and the decision about one address.
//!
//! Without an entry only public addresses over https are allowed. The policy opens no connection; see the resolver for how the
//! addresses that it accepted become the connected ones.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::address::{AddressClass, embedded_v4};
use super::entry::{Entry, OpenedHost, canonical_name, invalid_entry};
use super::refusal::{Refusal, UrlFault, UrlRejection};
use crate::invalid_entry::InvalidEntry;

/// Which hosts outgoing requests may reach.
///
/// ```
/// use vestibule::OutboundPolicy;
///
/// let policy = OutboundPolicy::parse(["10.20.0.0/16", "idp.internal:8443"]).expect("both entries are well formed");
/// assert!(policy.judge(None, "10.20.3.4".parse().expect("an address")).is_ok());
/// assert!(policy.judge(None, "127.0.0.1".parse().expect("an address")).is_err());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboundPolicy {
    hosts: Vec<OpenedHost>,
    ranges: Vec<IpNet>,
    allow_insecure_tls: bool,
}

impl OutboundPolicy {
    /// Reads the operator's entries: addresses, CIDR ranges, and host names with or without a port.
    ///
    /// Blank entries are skipped, so that a trailing comma in a list does no harm.
    ///
    /// # Errors
    ///
    /// The first entry that is none of these, by name.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, InvalidEntry> {
        let mut policy = Self::default();
        for entry in entries {
            match entry.trim() {
                "" => {}
                entry => match Entry::parse(entry) {
                    Some(Entry::Range(range)) => policy.ranges.push(range),
                    Some(Entry::Host(host)) => policy.hosts.push(host),
                    None => return Err(invalid_entry(entry)),
                },
            }
        }
        Ok(policy)
    }

    /// Says whether a provider may be read without checking its certificate; by default not.
    #[must_use]
    pub fn with_insecure_tls(self, allow_insecure_tls: bool) -> Self {
        Self { allow_insecure_tls, ..self }
    }

    /// Whether the operator permits requests that do not check certificates.
    #[must_use]
    pub fn allows_insecure_tls(&self) -> bool {
        self.allow_insecure_tls
    }

    /// Decides whether `addr` may be connected to.
    ///
    /// `host` is the host as it stood in the URL, `name` or `name:port`; without a port only entries without one match.
    ///
    /// # Errors
    ///
    /// The refusal, which names the address and its class.
    pub fn judge(&self, host: Option<&str>, addr: IpAddr) -> Result<(), Refusal> {
        let is_opened = host.is_some_and(|host| {
            let (name, port) = split_port(host);
            self.opens_host(name, port)
        });
        self.admit(if is_opened { Gate::OpenedName } else { Gate::Public }, "", addr)
    }

    /// Whether the operator opened this host by name, on this port or on all.
    #[must_use]
    pub fn opens_host(&self, name: &str, port: Option<u16>) -> bool {
        let name = canonical_name(name);
        self.hosts.iter().any(|opened| opened.name == name && (opened.port.is_none() || opened.port == port))
    }

    /// Checks what the URL alone shows: scheme, host, userinfo, an address written into it, plain http.
    ///
    /// # Errors
    ///
    /// The fault of the URL or the refusal. Names pass here and are judged again once they are resolved.
    pub fn check_url(&self, url: &Url) -> Result<(), UrlRejection> {
        self.gate(url).map(|_| ())
    }

    /// The gate through which the addresses of this URL's host must pass.
    pub(super) fn gate(&self, url: &Url) -> Result<Gate, UrlRejection> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(UrlFault::Scheme.into());
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(UrlFault::Userinfo.into());
        }
        let gate = |name: &str| match url.scheme() {
            _ if self.opens_host(name, url.port_or_known_default()) => Gate::OpenedName,
            "https" => Gate::Public,
            _ => Gate::OpenedRange,
        };
        match url.host() {
            None | Some(Host::Domain("")) => Err(UrlFault::NoHost.into()),
            Some(Host::Domain(name)) => match gate(name) {
                // No address could pass, so the name is not even asked for.
                Gate::OpenedRange if self.ranges.is_empty() => Err(Refusal::PlainHttp { host: name.to_owned() }.into()),
                gate => Ok(gate),
            },
            // The HTTP stack never asks the resolver about these, so this is the only place that sees them.
            Some(Host::Ipv4(address)) => self.literal(gate(""), address.into()),
            Some(Host::Ipv6(address)) => self.literal(gate(""), address.into()),
        }
    }

    /// Judges one address of `host` at a gate.
    pub(super) fn admit(&self, gate: Gate, host: &str, address: IpAddr) -> Result<(), Refusal> {
        let class = AddressClass::of(address);
        if self.range_holds(address, class) {
            return Ok(());
        }
        match (class, gate) {
            (None, Gate::Public | Gate::OpenedName) => Ok(()),
            (None, Gate::OpenedRange) => Err(Refusal::PlainHttp { host: host.to_owned() }),
            (Some(AddressClass::Loopback | AddressClass::Private | AddressClass::Shared), Gate::OpenedName) => Ok(()),
            (Some(class), _) => Err(Refusal::Address { address, class }),
        }
    }

    fn literal(&self, gate: Gate, address: IpAddr) -> Result<Gate, UrlRejection> {
        self.admit(gate, &address.to_string(), address)?;
        Ok(gate)
    }

    /// Whether an opened range holds the address, or what it carries.
    ///
    /// Link-local and metadata addresses give away the keys of a whole cloud account, so a wide range such as
    /// `0.0.0.0/0` does not open them by accident: the range must lie inside the link-local block, or be the very
    /// metadata address.
    fn range_holds(&self, address: IpAddr, class: Option<AddressClass>) -> bool {
        let carried: Vec<IpAddr> = match address {
            IpAddr::V4(_) => Vec::new(),
            IpAddr::V6(address) => embedded_v4(address).map(IpAddr::from).collect(),
        };
        let widest = |address: &IpAddr| match (class, address) {
            (Some(AddressClass::LinkLocal), IpAddr::V4(_)) => 16,
            (Some(AddressClass::LinkLocal), IpAddr::V6(_)) if carried.is_empty() => 10,
            (Some(AddressClass::Metadata), IpAddr::V4(_)) => 32,
            (Some(AddressClass::LinkLocal | AddressClass::Metadata), IpAddr::V6(_)) => 128,
            _ => 0,
        };
        let holds = |address: &IpAddr| {
            let widest = widest(address);
            self.ranges.iter().any(|range| range.contains(address) && range.prefix_len() >= widest)
        };
        holds(&address) || (!carried.is_empty() && carried.iter().all(holds))
    }
}

/// How strictly the addresses of a host are judged; it follows from the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Gate {
    /// https to any host: public addresses and opened ranges.
    Public,
    /// A host opened by name: loopback and private addresses too.
    OpenedName,
    /// Plain http to a host that is not opened by name: opened ranges only.
    OpenedRange,
}

fn split_port(host: &str) -> (&str, Option<u16>) {
    host.rsplit_once(':').and_then(|(name, port)| Some((name, Some(port.parse().ok()?)))).unwrap_or((host, None))
}
