//! Connecting and authenticating.

use std::sync::Arc;

use vestibule::{
    OutboundPolicy, Secret,
    domain::provider::{LdapBind, LdapConfig, LdapVendor},
    testing::protocol::{
        http::{Lookup, SystemLookup},
        ldap::{Directory, LdapErrorKind},
    },
};

use super::{all, open, reader, refusal, users};
use crate::support::{
    lookup::Script,
    slapd::{SUFFIX, Slapd, people},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_simple_bind_reads_what_the_account_may() {
    let slapd = Slapd::setup().entries(&people(2)).start();
    let config = reader(slapd.url());
    let mut directory = open(&config).await.expect("a directory");
    let root = directory.root();
    assert_eq!((root.vendor, root.pages), (Some(LdapVendor::Openldap), true));
    assert_eq!(
        (root.naming_contexts.as_slice(), root.subschema.as_deref()),
        (&[SUFFIX.to_owned()] as &[_], Some("cn=Subschema"))
    );
    assert_eq!(directory.url(), slapd.url());
    let found = all(&mut directory, users(&config)).await.expect("users");
    let names: Vec<_> = found.iter().flat_map(|entry| entry.texts("UID")).collect();
    assert_eq!(names, ["user0001", "user0002"]);
    assert_eq!(found[0].dn, format!("uid=user0001,ou=people,{SUFFIX}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_reported_and_not_tried_elsewhere() {
    let slapd = Slapd::setup().start();
    let mut config = reader(slapd.url());
    // The second server could not be reached; it is not asked.
    config.urls.push("ldap://127.0.0.1:1".to_owned());
    config.bind_password = Some(Secret::new("wrong password of ours"));
    let error = refusal(open(&config).await);
    assert_eq!(error.kind, LdapErrorKind::Bind);
    assert!(error.message.contains("result code 49") && error.message.contains(&slapd.url()), "{error}");
    assert!(!format!("{error:?}").contains("wrong password of ours"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_password_is_never_sent() {
    // The server would take it for an anonymous bind and say yes.
    let slapd = Slapd::setup().global("allow bind_anon_cred bind_anon_dn").start();
    for password in [None, Some(Secret::new(""))] {
        let error = refusal(open(&LdapConfig { bind_password: password, ..reader(slapd.url()) }).await);
        assert_eq!(error.kind, LdapErrorKind::Bind);
        assert!(error.message.starts_with("Nothing was sent to"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_anonymous_bind_sees_what_everybody_may() {
    let slapd = Slapd::setup()
        .entries(&people(1))
        .database("access to dn.children=ou=people,dc=example,dc=com by * read")
        .start();
    let config =
        LdapConfig { bind_type: LdapBind::Anonymous, base_dn: format!("ou=people,{SUFFIX}"), ..reader(slapd.url()) };
    let mut directory = open(&config).await.expect("a directory");
    let mut query = users(&config);
    query.base = format!("uid=user0001,ou=people,{SUFFIX}");
    assert_eq!(all(&mut directory, query).await.expect("users").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_forbids_anonymous_binds_is_quoted() {
    let slapd = Slapd::setup().global("disallow bind_anon").start();
    let error = refusal(open(&LdapConfig { bind_type: LdapBind::Anonymous, ..reader(slapd.url()) }).await);
    assert_eq!(error.kind, LdapErrorKind::Bind);
    assert!(error.message.contains("an anonymous bind"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_server_is_used_when_the_first_is_dead() {
    let slapd = Slapd::setup().start();
    let mut config = reader("ldap://127.0.0.1:1");
    config.urls.push(slapd.url());
    let directory = open(&config).await.expect("a directory");
    assert_eq!(directory.url(), slapd.url());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_at_home_is_the_last_failure() {
    let mut config = reader("ldap://127.0.0.1:1");
    config.urls.push("ldap://127.0.0.1:2".to_owned());
    let error = refusal(open(&config).await);
    assert_eq!(error.kind, LdapErrorKind::Connect);
    assert!(error.message.contains("127.0.0.1:2: connection refused"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_are_not_opened_are_refused() {
    let slapd = Slapd::setup().start();
    let config = reader(slapd.url());
    let lookup: Arc<dyn Lookup> = Arc::new(SystemLookup);
    let error = refusal(Directory::open(&OutboundPolicy::default(), &lookup, &config).await);
    assert_eq!(error.kind, LdapErrorKind::Refused);
    assert!(error.advice.contains("VESTIBULE_OUTBOUND_ALLOW"), "{}", error.advice);
    // A name is judged by what it leads to, and asked for once.
    let script = Arc::new(Script::new(&[&["10.0.0.7"], &["127.0.0.1"]]));
    let lookup: Arc<dyn Lookup> = script.clone();
    let config = reader(format!("ldap://elsewhere.example:{}", slapd.port()));
    let policy = OutboundPolicy::parse(["127.0.0.0/8"]).expect("a range");
    let error = refusal(Directory::open(&policy, &lookup, &config).await);
    assert_eq!((error.kind, script.asked().len()), (LdapErrorKind::Refused, 1));
}
