//! Which addresses the policy lets pass.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use vestibule::{
    OutboundPolicy,
    testing::protocol::http::{AddressClass, Refusal},
};

use super::policy;

use AddressClass::{LinkLocal, Loopback, Metadata, Multicast, Private, Reserved, Shared, Unspecified};

/// Address and class, the edges of each block with their neighbours outside.
const TABLE: &[(&str, Option<AddressClass>)] = &[
    ("0.0.0.0", Some(Unspecified)),
    ("0.0.0.1", Some(Reserved)),
    ("0.255.255.255", Some(Reserved)),
    ("1.0.0.0", None),
    ("9.255.255.255", None),
    ("10.0.0.0", Some(Private)),
    ("10.255.255.255", Some(Private)),
    ("11.0.0.0", None),
    ("100.63.255.255", None),
    ("100.64.0.0", Some(Shared)),
    ("100.127.255.255", Some(Shared)),
    ("100.128.0.0", None),
    ("100.100.100.200", Some(Metadata)),
    ("126.255.255.255", None),
    ("127.0.0.0", Some(Loopback)),
    ("127.0.0.1", Some(Loopback)),
    ("127.255.255.255", Some(Loopback)),
    ("128.0.0.0", None),
    ("168.63.129.16", Some(Metadata)),
    ("169.253.255.255", None),
    ("169.254.0.0", Some(LinkLocal)),
    ("169.254.169.254", Some(Metadata)),
    ("169.254.170.2", Some(LinkLocal)),
    ("169.255.0.0", None),
    ("172.15.255.255", None),
    ("172.16.0.0", Some(Private)),
    ("172.31.255.255", Some(Private)),
    ("172.32.0.0", None),
    ("192.0.0.0", Some(Reserved)),
    ("192.0.0.192", Some(Metadata)),
    ("192.0.1.0", None),
    ("192.0.2.1", Some(Reserved)),
    ("192.88.99.1", Some(Reserved)),
    ("192.167.255.255", None),
    ("192.168.0.0", Some(Private)),
    ("192.168.255.255", Some(Private)),
    ("192.169.0.0", None),
    ("198.17.255.255", None),
    ("198.18.0.0", Some(Reserved)),
    ("198.19.255.255", Some(Reserved)),
    ("198.20.0.0", None),
    ("198.51.100.7", Some(Reserved)),
    ("203.0.113.7", Some(Reserved)),
    ("223.255.255.255", None),
    ("224.0.0.1", Some(Multicast)),
    ("239.255.255.255", Some(Multicast)),
    ("240.0.0.1", Some(Reserved)),
    ("255.255.255.255", Some(Reserved)),
    ("::", Some(Unspecified)),
    ("::1", Some(Loopback)),
    ("::2", Some(Reserved)),
    ("::7f00:1", Some(Loopback)),
    ("::ffff:127.0.0.1", Some(Loopback)),
    ("::ffff:10.1.2.3", Some(Private)),
    ("::ffff:169.254.169.254", Some(Metadata)),
    ("::ffff:8.8.8.8", None),
    ("::ffff:0:127.0.0.1", Some(Loopback)),
    ("64:ff9b::127.0.0.1", Some(Loopback)),
    ("64:ff9b::192.168.1.1", Some(Private)),
    ("64:ff9b::8.8.8.8", None),
    ("64:ff9b:1::8.8.8.8", Some(Reserved)),
    ("100::1", Some(Reserved)),
    ("2001::1", Some(Reserved)),
    // Teredo: server 8.8.8.8, client 127.0.0.1 with its bits turned.
    ("2001:0:808:808:0:0:80ff:fffe", Some(Loopback)),
    // Teredo: server 127.0.0.1, client 169.254.169.254.
    ("2001:0:7f00:1:0:0:5601:5601", Some(Metadata)),
    ("2001:2::1", Some(Reserved)),
    ("2001:20::1", Some(Reserved)),
    ("2001:db8::1", Some(Reserved)),
    ("2001:4860:4860::8888", None),
    ("2002:7f00:1::", Some(Loopback)),
    ("2002:c0a8:101::1", Some(Private)),
    ("2002:a9fe:a9fe::1", Some(Metadata)),
    ("2002:808:808::1", None),
    ("2606:4700::1111", None),
    ("3fff::1", Some(Reserved)),
    ("3fff:1000::1", None),
    ("4000::1", Some(Reserved)),
    ("fc00::1", Some(Private)),
    ("fd00:ec2::254", Some(Metadata)),
    ("fd00:ec2::253", Some(Private)),
    ("fdff:ffff::1", Some(Private)),
    ("fe80::1", Some(LinkLocal)),
    ("febf::1", Some(LinkLocal)),
    ("fec0::1", Some(Private)),
    ("ff02::1", Some(Multicast)),
];

#[test]
fn sorts_every_address_of_the_table_and_refuses_what_is_special() {
    assert!(TABLE.len() >= 60);
    for (text, class) in TABLE {
        let address = ip(text);
        assert_eq!(AddressClass::of(address), *class, "{text}");
        let expected = class.map_or(Ok(()), |class| Err(Refusal::Address { address, class }));
        assert_eq!(OutboundPolicy::default().judge(None, address), expected, "{text}");
        assert_eq!(OutboundPolicy::default().judge(Some("idp.example"), address), expected, "{text}");
    }
}

#[test]
fn an_opened_name_may_stand_for_this_machine_or_a_private_one_and_for_nothing_worse() {
    let policy = policy(&["idp.internal"]);
    for (text, class) in TABLE {
        let is_fit = matches!(class, None | Some(Loopback | Private | Shared));
        assert_eq!(policy.judge(Some("idp.internal"), ip(text)).is_ok(), is_fit, "{text}");
    }
}

#[test]
fn a_name_opened_on_one_port_is_not_open_on_another() {
    let policy = policy(&["idp.internal:8443"]);
    assert!(policy.judge(Some("idp.internal:8443"), ip("10.0.0.1")).is_ok());
    assert!(policy.judge(Some("idp.internal:443"), ip("10.0.0.1")).is_err());
    assert!(policy.judge(Some("idp.internal"), ip("10.0.0.1")).is_err());
}

#[test]
fn an_opened_name_is_found_in_any_spelling() {
    let policy = policy(&["Idp.Internal."]);
    assert!(policy.judge(Some("IDP.internal"), ip("10.0.0.1")).is_ok());
    assert!(policy.judge(Some("idp.internal.:8443"), ip("10.0.0.1")).is_ok());
    assert!(policy.judge(Some("evil-idp.internal"), ip("10.0.0.1")).is_err());
}

#[test]
fn an_opened_range_opens_its_addresses_in_every_wrapping() {
    let policy = policy(&["10.20.0.0/16"]);
    for inside in ["10.20.0.1", "::ffff:10.20.0.1", "64:ff9b::10.20.0.1", "2002:a14:1::"] {
        assert!(policy.judge(None, ip(inside)).is_ok(), "{inside}");
    }
    for outside in ["10.21.0.1", "::ffff:10.21.0.1", "127.0.0.1"] {
        assert!(policy.judge(None, ip(outside)).is_err(), "{outside}");
    }
}

#[test]
fn opening_everything_does_not_open_link_local_and_metadata_addresses() {
    let policy = policy(&["0.0.0.0/0", "::/0"]);
    assert!(policy.judge(None, ip("127.0.0.1")).is_ok());
    assert!(policy.judge(None, ip("fd12::1")).is_ok());
    for (text, class) in TABLE {
        if matches!(class, Some(LinkLocal | Metadata)) {
            assert!(policy.judge(None, ip(text)).is_err(), "{text}");
        }
    }
}

#[test]
fn a_link_local_address_opens_by_its_block_and_a_metadata_address_by_itself() {
    let by_block = policy(&["169.254.0.0/16", "fe80::/10"]);
    assert!(by_block.judge(None, ip("169.254.3.4")).is_ok());
    assert!(by_block.judge(None, ip("fe80::1")).is_ok());
    assert!(by_block.judge(None, ip("169.254.169.254")).is_err());
    let by_itself = policy(&["169.254.169.254", "fd00:ec2::254/128"]);
    assert!(by_itself.judge(None, ip("169.254.169.254")).is_ok());
    assert!(by_itself.judge(None, ip("::ffff:169.254.169.254")).is_ok());
    assert!(by_itself.judge(None, ip("fd00:ec2::254")).is_ok());
}

#[test]
fn a_range_of_a_wrapping_block_opens_neither_metadata_nor_link_local_addresses_inside_it() {
    let policy = policy(&["2002::/16"]);
    assert!(policy.judge(None, ip("2002:a00:1::1")).is_ok());
    assert!(policy.judge(None, ip("2002:a9fe:a9fe::1")).is_err());
    assert!(policy.judge(None, ip("2002:a9fe:101::1")).is_err());
}

#[test]
fn a_refusal_names_the_address_and_says_what_to_do() {
    let refusal = OutboundPolicy::default().judge(None, ip("127.0.0.1")).expect_err("loopback is not open");
    assert_eq!(refusal.to_string(), "URL host resolves to a disallowed address (127.0.0.1).");
    assert_eq!(refusal.address(), Some(ip("127.0.0.1")));
    assert_eq!(refusal.class(), "loopback");
    assert!(refusal.advice().contains("VESTIBULE_OUTBOUND_ALLOW"), "{}", refusal.advice());
}

proptest! {
    #[test]
    fn no_wrapping_carries_an_inner_address_past_an_empty_policy(inner in inner_v4(), filler in any::<u64>()) {
        for wrapped in wrappings(inner, filler) {
            prop_assert!(OutboundPolicy::default().judge(None, wrapped).is_err(), "{wrapped} carries {inner}");
        }
    }

    #[test]
    fn an_address_that_passes_an_empty_policy_is_public_in_the_eyes_of_the_standard_library(bits in any::<u128>()) {
        let address = IpAddr::V6(Ipv6Addr::from_bits(bits));
        if OutboundPolicy::default().judge(None, address).is_ok() {
            prop_assert!(!address.is_loopback() && !address.is_unspecified() && !address.is_multicast());
            prop_assert!(!matches!(address, IpAddr::V6(v6) if v6.is_unique_local() || v6.is_unicast_link_local()));
        }
        let address = Ipv4Addr::from_bits(bits as u32);
        if OutboundPolicy::default().judge(None, address.into()).is_ok() {
            prop_assert!(!address.is_loopback() && !address.is_private() && !address.is_link_local());
            prop_assert!(!address.is_unspecified() && !address.is_multicast() && !address.is_broadcast());
            prop_assert!(!address.is_documentation());
        }
    }
}

/// Loopback, RFC 1918 and link-local addresses.
fn inner_v4() -> impl Strategy<Value = Ipv4Addr> {
    (any::<u32>(), 0..5usize).prop_map(|(bits, block)| {
        let (base, prefix) =
            [(0x7f00_0000, 8), (0x0a00_0000, 8), (0xac10_0000, 12), (0xc0a8_0000, 16), (0xa9fe_0000, 16)][block];
        Ipv4Addr::from_bits(base | (bits & (u32::MAX >> prefix)))
    })
}

/// Every way the policy knows to write an IPv4 address as an IPv6 one, the unused bits filled at random.
fn wrappings(inner: Ipv4Addr, filler: u64) -> Vec<IpAddr> {
    let bits = u128::from(inner.to_bits());
    let filler = u128::from(filler);
    let teredo_client = (0x2001_0000_0808_0808 << 64) | (filler & 0xffff_ffff) << 32 | (!bits & 0xffff_ffff);
    let teredo_server = (0x2001_0000 << 96) | (bits << 64) | filler;
    let wrapped = [
        bits,
        (0xffff << 32) | bits,
        (0xffff_0000 << 32) | bits,
        (0x0064_ff9b << 96) | bits,
        (0x0064_ff9b_0001 << 80) | (filler << 16) | bits,
        (0x2002 << 112) | (bits << 80) | filler,
        teredo_client,
        teredo_server,
    ];
    let wrapped = wrapped.into_iter().map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)));
    std::iter::once(IpAddr::V4(inner)).chain(wrapped).collect()
}

fn ip(text: &str) -> IpAddr {
    text.parse().expect("the table holds addresses")
}
