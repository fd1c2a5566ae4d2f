//! How the operator's list is read.

use vestibule::OutboundPolicy;

use super::policy;

#[test]
fn reads_addresses_ranges_and_names_with_and_without_port() {
    for entry in [
        "127.0.0.1",
        "10.0.0.0/8",
        "[::1]",
        "::1",
        "::1/128",
        "fd00::/8",
        "idp.internal",
        "idp.internal:8443",
        " localhost ",
        "münchen.example",
    ] {
        assert_ne!(policy(&[entry]), OutboundPolicy::default(), "{entry}");
    }
}

#[test]
fn a_wrong_entry_is_named_together_with_what_is_accepted() {
    for entry in [
        "https://idp.internal",
        "idp.internal/path",
        "10.0.0.0/33",
        "10.1.2.3/8",
        "*.internal",
        "idp.internal:0",
        "idp.internal:http",
        "127.0.0.1:8080",
        "127.1",
        "a b",
        "*",
    ] {
        let error = OutboundPolicy::parse(["10.0.0.0/8", entry]).expect_err(entry).to_string();
        assert!(error.contains(entry) && error.contains("10.0.0.0/8"), "{error}");
    }
}

#[test]
fn blank_entries_are_skipped() {
    assert_eq!(policy(&["", "  "]), OutboundPolicy::default());
}

#[test]
fn a_name_is_the_same_in_unicode_and_in_punycode() {
    assert_eq!(policy(&["münchen.example"]), policy(&["xn--mnchen-3ya.example"]));
}
