//! TLS to directories: StartTLS, LDAPS, authorities and client certificates of the settings.

use vestibule::{
    Secret,
    domain::provider::{LdapBind, LdapConfig},
    testing::protocol::ldap::LdapErrorKind,
};

use super::{NAME, all, open, reader, refusal, users};
use crate::support::{
    slapd::{Slapd, people},
    tls::{Authority, Identity},
};

fn start_tls(slapd: &Slapd, authority: &Authority) -> LdapConfig {
    LdapConfig {
        start_tls: true,
        ca_certificate: Some(String::from_utf8_lossy(authority.pem()).into_owned()),
        ..reader(format!("ldap://{NAME}:{}", slapd.port()))
    }
}

fn ldaps(slapd: &Slapd, authority: &Authority) -> LdapConfig {
    let urls = vec![format!("ldaps://{NAME}:{}", slapd.ldaps_port())];
    LdapConfig { urls, start_tls: false, ..start_tls(slapd, authority) }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_ways_to_tls_work_with_the_directorys_own_authority() {
    let authority = Authority::new();
    // Plain binds are turned down, so TLS is what makes the difference.
    let setup = Slapd::setup().tls(authority.issue(NAME)).global("security simple_bind=128");
    let slapd = setup.entries(&people(3)).start();
    for config in [start_tls(&slapd, &authority), ldaps(&slapd, &authority)] {
        let mut directory = open(&config).await.expect("a directory");
        assert_eq!(all(&mut directory, users(&config)).await.expect("users").len(), 3);
    }
    let error = refusal(open(&reader(slapd.url())).await);
    assert_eq!(error.kind, LdapErrorKind::Bind);
    assert!(error.advice.contains("StartTLS"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_must_be_good() {
    let authority = Authority::new();
    for (identity, reason) in [
        (authority.issue_expired(NAME), "has expired"),
        (authority.issue("other.example"), "for another host name"),
        // Authorities of tests all have the same name, so these seem to come from the one that is trusted.
        (Authority::new().issue(NAME), "has a wrong signature"),
        (Identity::self_signed(NAME), "has a wrong signature"),
    ] {
        let slapd = Slapd::setup().tls(identity).start();
        for config in [start_tls(&slapd, &authority), ldaps(&slapd, &authority)] {
            let error = refusal(open(&config).await);
            assert_eq!(error.kind, LdapErrorKind::Tls, "{error}");
            assert!(error.message.contains(reason), "{error}");
            // Without checks, which the operator permits here, it connects.
            open(&LdapConfig { tls_verify: false, ..config }).await.expect("a directory");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_systems_authorities_do_not_know_ours() {
    let authority = Authority::new();
    let slapd = Slapd::setup().tls(authority.issue(NAME)).start();
    let error = refusal(open(&LdapConfig { ca_certificate: None, ..ldaps(&slapd, &authority) }).await);
    assert_eq!(error.kind, LdapErrorKind::Tls, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_are_skipped_only_where_the_operator_permits_it() {
    use std::sync::Arc;
    use vestibule::{
        OutboundPolicy,
        testing::protocol::{
            http::{Lookup, SystemLookup},
            ldap::Directory,
        },
    };
    let slapd = Slapd::setup().tls(Identity::self_signed(NAME)).start();
    let config = LdapConfig { start_tls: true, tls_verify: false, ..reader(slapd.url()) };
    let policy = OutboundPolicy::parse(["127.0.0.0/8"]).expect("a range");
    let lookup: Arc<dyn Lookup> = Arc::new(SystemLookup);
    let error = refusal(Directory::open(&policy, &lookup, &config).await);
    assert_eq!(error.kind, LdapErrorKind::Refused);
    Directory::open(&policy.with_insecure_tls(true), &lookup, &config).await.expect("a directory");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_refuses_to_begin_it() {
    let slapd = Slapd::setup().start();
    let error = refusal(open(&start_tls(&slapd, &Authority::new())).await);
    assert_eq!(error.kind, LdapErrorKind::Tls);
    assert!(error.message.contains("the server refused it (result code"), "{error}");
    // TLS from the start at a port that does not speak it.
    let config = LdapConfig { urls: vec![slapd.url().replace("ldap:", "ldaps:")], ..reader("") };
    assert_eq!(refusal(open(&config).await).kind, LdapErrorKind::Tls);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_certificate_is_a_bind_of_its_own() {
    let authority = Authority::new();
    let setup = Slapd::setup().tls(authority.issue(NAME)).client_certificates(authority.pem());
    let slapd = setup.entries(&people(2)).start();
    let client = authority.issue("sync.example");
    for config in [start_tls(&slapd, &authority), ldaps(&slapd, &authority)] {
        let config = LdapConfig {
            bind_type: LdapBind::SaslExternal,
            bind_dn: None,
            bind_password: None,
            client_certificate: Some(client.certificate_pem().to_owned()),
            client_key: Some(Secret::new(client.key_pem())),
            ..config
        };
        let mut directory = open(&config).await.expect("a directory");
        assert_eq!(all(&mut directory, users(&config)).await.expect("users").len(), 2);
        // Without the certificate the server does not know who it is.
        let nobody = LdapConfig { client_certificate: None, client_key: None, ..config };
        assert_eq!(refusal(open(&nobody).await).kind, LdapErrorKind::Bind);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_demands_a_certificate_is_understood() {
    let authority = Authority::new();
    let setup = Slapd::setup().tls(authority.issue(NAME)).client_certificates(authority.pem());
    let slapd = setup.global("TLSVerifyClient demand").start();
    let error = refusal(open(&ldaps(&slapd, &authority)).await);
    assert!(matches!(error.kind, LdapErrorKind::Tls | LdapErrorKind::Lost), "{error}");
}
