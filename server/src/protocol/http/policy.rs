//! Who may be reached: the operator's list of opened hosts and ranges, and the judgement over one address.
//!
//! Without an entry only public addresses over https are fit. The policy looks at names and addresses and opens no
//! connection; see the resolver for how judged addresses become the connected ones.

use std::net::IpAddr;

use ipnet::IpNet;
use thiserror::Error;
use url::{Host, Url};

use super::address::{AddressClass, embedded_v4};
use super::error::UrlFault;

/// Which hosts outgoing requests may reach.
///
/// ```
/// use vestibule::protocol::http::OutboundPolicy;
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
    pub fn parse<'a>(
        entries: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, OutboundPolicyError> {
        let mut policy = Self::default();
        for entry in entries {
            match entry.trim() {
                "" => {}
                entry => match Entry::parse(entry) {
                    Some(Entry::Range(range)) => policy.ranges.push(range),
                    Some(Entry::Host(host)) => policy.hosts.push(host),
                    None => {
                        return Err(OutboundPolicyError {
                            entry: entry.to_owned(),
                        });
                    }
                },
            }
        }
        Ok(policy)
    }

    /// Says whether a provider may be read without checking its certificate; by default not.
    #[must_use]
    pub fn with_insecure_tls(self, allow_insecure_tls: bool) -> Self {
        Self {
            allow_insecure_tls,
            ..self
        }
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
        self.admit(
            if is_opened {
                Gate::OpenedName
            } else {
                Gate::Public
            },
            "",
            addr,
        )
    }

    /// Whether the operator opened this host by name, on this port or on all.
    #[must_use]
    pub fn opens_host(&self, name: &str, port: Option<u16>) -> bool {
        let name = canonical_name(name);
        self.hosts
            .iter()
            .any(|opened| opened.name == name && (opened.port.is_none() || opened.port == port))
    }

    /// Checks all that can be told from the URL alone: scheme, host, userinfo, an address written into it, plain http.
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
                Gate::OpenedRange if self.ranges.is_empty() => Err(Refusal::PlainHttp {
                    host: name.to_owned(),
                }
                .into()),
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
            (None, Gate::OpenedRange) => Err(Refusal::PlainHttp {
                host: host.to_owned(),
            }),
            (
                Some(AddressClass::Loopback | AddressClass::Private | AddressClass::Shared),
                Gate::OpenedName,
            ) => Ok(()),
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
            self.ranges
                .iter()
                .any(|range| range.contains(address) && range.prefix_len() >= widest)
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

/// A request the operator's policy forbids.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The host stands for an address that is not fit.
    #[error("URL host resolves to a disallowed address ({address}).")]
    Address {
        /// The address that was refused.
        address: IpAddr,
        /// What kind of address it is.
        class: AddressClass,
    },
    /// The URL is plain http and the host is not opened.
    #[error("Plain http is only allowed to hosts the operator has opened ({host} is not).")]
    PlainHttp {
        /// The host of the URL.
        host: String,
    },
    /// The request asks to skip certificate checks, which the operator does not permit.
    #[error("Requests without certificate verification are not allowed on this server.")]
    UnverifiedTls,
}

impl Refusal {
    /// The refused address, where the refusal is about one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address { address, .. } => Some(*address),
            Self::PlainHttp { .. } | Self::UnverifiedTls => None,
        }
    }

    /// The reason as a word or two, for logs and reports.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Address { class, .. } => class.as_str(),
            Self::PlainHttp { .. } => "plain http",
            Self::UnverifiedTls => "unverified TLS",
        }
    }

    /// What the operator can do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Address { address, class: class @ (AddressClass::LinkLocal | AddressClass::Metadata) } => format!(
                "A {class} address can only be opened by itself: \
                 if that is what you want, the operator adds {address} to VESTIBULE_OUTBOUND_ALLOW."
            ),
            Self::Address { address, class } => format!(
                "The address is {class}. If this provider is in your own network, \
                 the operator adds its host name, {address} or a range that holds it to VESTIBULE_OUTBOUND_ALLOW."
            ),
            Self::PlainHttp { host } => {
                format!("Use an https URL, or let the operator add {host} to VESTIBULE_OUTBOUND_ALLOW.")
            }
            Self::UnverifiedTls => "Switch certificate verification on, or let the operator permit requests without it."
                .to_owned(),
        }
    }
}

/// Why a URL is turned away before anything is sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UrlRejection {
    /// The URL itself is unusable.
    #[error(transparent)]
    Fault(#[from] UrlFault),
    /// The URL is fine, the policy forbids it.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// An entry of the operator's list that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{entry}` is not an outbound target: write an address (10.1.2.3, [::1]), a CIDR range without host bits \
     (10.0.0.0/8, fd00::/8) or a host name with or without a port (idp.internal, idp.internal:8443)"
)]
pub struct OutboundPolicyError {
    /// The entry as it was written.
    pub entry: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct OpenedHost {
    name: String,
    port: Option<u16>,
}

enum Entry {
    Range(IpNet),
    Host(OpenedHost),
}

impl Entry {
    fn parse(entry: &str) -> Option<Self> {
        let bare = entry
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .unwrap_or(entry);
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
            Host::Domain(name) if !name.contains('*') => Some(Self::Host(OpenedHost {
                name: canonical_name(&name),
                port,
            })),
            _ => None,
        }
    }
}

fn split_port(host: &str) -> (&str, Option<u16>) {
    host.rsplit_once(':')
        .and_then(|(name, port)| Some((name, Some(port.parse().ok()?))))
        .unwrap_or((host, None))
}

/// One spelling per name: lower case, without the dot that marks a name as complete.
fn canonical_name(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}
