//! Classifies IP addresses: public, or one of the special classes.
//!
//! IPv6 can carry an IPv4 address in several ways; such an address is classified by the IPv4 address. This module only
//! classifies; the policy decides whether an address may be called.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not an ordinary address of the public internet, from the mildest reason to the gravest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AddressClass {
    /// This machine: `127.0.0.0/8`, `::1`.
    Loopback,
    /// A private network: RFC 1918 and unique local IPv6 addresses.
    Private,
    /// Shared between a carrier and its customers: `100.64.0.0/10`.
    Shared,
    /// Addresses a group of machines.
    Multicast,
    /// No address at all; many systems take it for this machine.
    Unspecified,
    /// Reserved, for documentation or for benchmarks: no host answers there on the public internet.
    Reserved,
    /// Valid on one network segment only: `169.254.0.0/16`, `fe80::/10`.
    LinkLocal,
    /// Known to hand out cloud credentials.
    Metadata,
}

impl AddressClass {
    /// The class of `address`, or `None` for a public one.
    #[must_use]
    pub fn of(address: IpAddr) -> Option<Self> {
        match address {
            IpAddr::V4(address) => Self::of_v4(address),
            IpAddr::V6(address) => Self::of_v6(address),
        }
    }

    /// The class as a word for messages and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::Shared => "shared address space",
            Self::LinkLocal => "link-local",
            Self::Metadata => "cloud metadata",
            Self::Multicast => "multicast",
            Self::Unspecified => "unspecified",
            Self::Reserved => "reserved",
        }
    }

    fn of_v4(address: Ipv4Addr) -> Option<Self> {
        if METADATA_V4.contains(&address) {
            return Some(Self::Metadata);
        }
        match address.octets() {
            [0, 0, 0, 0] => Some(Self::Unspecified),
            [127, ..] => Some(Self::Loopback),
            [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => Some(Self::Private),
            [100, 64..=127, ..] => Some(Self::Shared),
            [169, 254, ..] => Some(Self::LinkLocal),
            [224..=239, ..] => Some(Self::Multicast),
            [0, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            | [240..=255, ..] => Some(Self::Reserved),
            _ => None,
        }
    }

    fn of_v6(address: Ipv6Addr) -> Option<Self> {
        if METADATA_V6.contains(&address) {
            return Some(Self::Metadata);
        }
        if address.is_unspecified() {
            return Some(Self::Unspecified);
        }
        if address.is_loopback() {
            return Some(Self::Loopback);
        }
        match address.segments() {
            [0xfc00..=0xfdff, ..] => return Some(Self::Private),
            [0xfe80..=0xfebf, ..] => return Some(Self::LinkLocal),
            // Site-local addresses are deprecated, yet networks still route them.
            [0xfec0..=0xfeff, ..] => return Some(Self::Private),
            [0xff00..=0xffff, ..] => return Some(Self::Multicast),
            // Local NAT64 prefixes place the IPv4 address where their operator likes, so it cannot be judged.
            [0x64, 0xff9b, 1, ..] => return Some(Self::Reserved),
            [0x2001, 0xdb8, ..] | [0x3fff, 0..=0x0fff, ..] => return Some(Self::Reserved),
            // Benchmarks and the two generations of ORCHID identifiers.
            [0x2001, 2, 0, ..] | [0x2001, 0x10..=0x2f, ..] => return Some(Self::Reserved),
            _ => {}
        }
        let mut carried = embedded_v4(address).peekable();
        if carried.peek().is_some() {
            return carried.filter_map(Self::of_v4).max();
        }
        // Only 2000::/3 is handed out as global unicast; whatever else is left has no meaning yet.
        (address.segments()[0] & 0xe000 != 0x2000).then_some(Self::Reserved)
    }
}

impl fmt::Display for AddressClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The IPv4 addresses that traffic to this IPv6 address reaches or passes: none, one, or two for Teredo.
pub(super) fn embedded_v4(address: Ipv6Addr) -> impl Iterator<Item = Ipv4Addr> {
    let octets = address.octets();
    let at = |start: usize| Ipv4Addr::new(octets[start], octets[start + 1], octets[start + 2], octets[start + 3]);
    let found = match address.segments() {
        // IPv4-compatible, IPv4-mapped, IPv4-translated, and NAT64 with the well-known prefix.
        [0, 0, 0, 0, 0, 0, ..]
        | [0, 0, 0, 0, 0, 0xffff, ..]
        | [0, 0, 0, 0, 0xffff, 0, ..]
        | [0x64, 0xff9b, 0, 0, 0, 0, ..] => [Some(at(12)), None],
        // 6to4.
        [0x2002, ..] => [Some(at(2)), None],
        // Teredo: the server in clear, the client with every bit turned.
        [0x2001, 0, ..] => [Some(at(4)), Some(Ipv4Addr::from_bits(!at(12).to_bits()))],
        _ => [None, None],
    };
    found.into_iter().flatten()
}

/// AWS, Azure, Google Cloud and OpenStack; Alibaba; Azure's host channel; Oracle.
const METADATA_V4: [Ipv4Addr; 4] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];

/// AWS instance metadata and pod identity; Google Cloud.
const METADATA_V6: [Ipv6Addr; 3] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x23),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
];
