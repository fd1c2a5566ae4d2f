//! Searching a real directory.

use vestibule::{
    domain::provider::{LdapConfig, LdapScope, LdapVendor, Referrals},
    testing::protocol::ldap::{LdapErrorKind, Query, equals, external_id},
};

use super::{all, open, reader, users};
use crate::support::slapd::{READER, SUFFIX, Slapd, people};

#[tokio::test(flavor = "multi_thread")]
async fn pages_bring_everybody_once() {
    let slapd = Slapd::setup().entries(&people(1200)).start();
    for page_size in [500, 1, 1000, 600, 0] {
        let mut config = reader(slapd.url());
        config.limits.page_size = page_size;
        let mut directory = open(&config).await.expect("a directory");
        let mut query = users(&config);
        if page_size == 1 {
            query.filter = "(uid=user000*)".to_owned();
        }
        let expected = if page_size == 1 { 9 } else { 1200 };
        let found = match all(&mut directory, query).await {
            // Everything at once is more than the server gives by default, which is 500.
            Err(error) if page_size == 0 => {
                assert_eq!(error.kind, LdapErrorKind::Limit, "{error}");
                continue;
            }
            found => found.expect("users"),
        };
        let mut names: Vec<_> = found.iter().flat_map(|entry| entry.texts("uid")).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), expected, "page size {page_size}");
        let ids = found.iter().map(|entry| external_id("entryUUID", entry.values("entryUUID").next().expect("one")));
        assert!(ids.into_iter().all(|id| id.len() == 36), "page size {page_size}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_at_once_comes_in_portions() {
    let slapd = Slapd::setup().entries(&people(1200)).global("sizelimit unlimited").start();
    let mut config = reader(slapd.url());
    config.limits.page_size = 0;
    let mut directory = open(&config).await.expect("a directory");
    assert_eq!(all(&mut directory, users(&config)).await.expect("users").len(), 1200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_size_limit_ends_a_search_after_good_entries() {
    let slapd =
        Slapd::setup().entries(&people(30)).database(&format!("limits dn.exact=\"{READER}\" size.prtotal=20")).start();
    let mut config = reader(slapd.url());
    config.limits.page_size = 10;
    let mut directory = open(&config).await.expect("a directory");
    let mut entries = directory.search(users(&config)).await.expect("a search");
    let mut good = 0;
    let error = loop {
        match entries.next().await {
            Ok(Some(_)) => good += 1,
            Ok(None) => panic!("the limit does not hold"),
            Err(error) => break error,
        }
    };
    assert_eq!((error.kind, good), (LdapErrorKind::Limit, 20), "{error}");
    // It stays the end.
    assert_eq!(entries.next().await.expect_err("the same").kind, LdapErrorKind::Limit);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_base_that_is_not_there_is_reported() {
    let slapd = Slapd::setup().start();
    let config = reader(slapd.url());
    let mut directory = open(&config).await.expect("a directory");
    for base in ["ou=nowhere,dc=example,dc=com", "not a dn"] {
        let query = Query { base: base.to_owned(), ..users(&config) };
        let error = all(&mut directory, query).await.expect_err("no such base");
        assert_eq!(error.kind, LdapErrorKind::NoSuchBase);
        assert!(error.message.contains(base), "{error}");
    }
    // The connection is still good.
    assert_eq!(all(&mut directory, users(&config)).await.expect("users").len(), 0);
    let query = Query { filter: "(cn=x".to_owned(), ..users(&config) };
    assert_eq!(all(&mut directory, query).await.expect_err("no filter").kind, LdapErrorKind::Filter);
}

#[tokio::test(flavor = "multi_thread")]
async fn scopes_and_values_with_meaning_in_filters_are_respected() {
    let person = format!(
        "dn: cn=Brackets,ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\ncn: Brackets\ncn: a (*) \\b\nsn: x\nuid: odd\n\n\
         dn: ou=inner,ou=people,{SUFFIX}\nobjectClass: organizationalUnit\nou: inner\n\n\
         dn: uid=deep,ou=inner,ou=people,{SUFFIX}\nobjectClass: inetOrgPerson\ncn: Deep\nsn: x\nuid: deep\n"
    );
    let slapd = Slapd::setup().entries(&people(1)).entries(&person).start();
    let mut config = reader(slapd.url());
    let mut directory = open(&config).await.expect("a directory");
    config.user_filter = Some(equals("cn", "a (*) \\b"));
    let found = all(&mut directory, users(&config)).await.expect("users");
    assert_eq!(found.iter().flat_map(|entry| entry.texts("uid")).collect::<Vec<_>>(), ["odd"]);
    let below = LdapConfig {
        user_base_dn: Some(format!("ou=people,{SUFFIX}")),
        user_search_scope: LdapScope::OneLevel,
        user_filter: None,
        ..config
    };
    let found = all(&mut directory, users(&below)).await.expect("users");
    assert_eq!(found.len(), 2, "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn operational_attributes_come_by_name() {
    let group =
        format!("dn: cn=all,{SUFFIX}\nobjectClass: groupOfNames\ncn: all\nmember: uid=user0001,ou=people,{SUFFIX}\n");
    let slapd = Slapd::setup().entries(&people(1)).member_of().start();
    slapd.change(&group.replacen("objectClass", "changetype: add\nobjectClass", 1));
    let config = LdapConfig { vendor: LdapVendor::Openldap, ..reader(slapd.url()) };
    let mut directory = open(&config).await.expect("a directory");
    let found = all(&mut directory, users(&config)).await.expect("users");
    assert_eq!(found[0].texts("memberof").collect::<Vec<_>>(), [format!("cn=all,{SUFFIX}")]);
    assert_eq!(found[0].values("userPassword").count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn referrals_are_left_or_followed() {
    let there = Slapd::setup().entries(&people(3)).start();
    let referral = format!(
        "dn: ou=elsewhere,{SUFFIX}\nobjectClass: referral\nobjectClass: extensibleObject\nou: elsewhere\n\
         ref: ldap://127.0.0.1:{}/ou=people,{SUFFIX}\n",
        there.port()
    );
    let here = Slapd::setup().entries(&referral).start();
    let mut config = reader(here.url());
    let mut directory = open(&config).await.expect("a directory");
    assert_eq!(all(&mut directory, users(&config)).await.expect("users").len(), 0);
    let error = {
        let query = Query { base: format!("ou=elsewhere,{SUFFIX}"), ..users(&config) };
        all(&mut directory, query).await.expect_err("it lies elsewhere")
    };
    assert!(error.message.contains("result code 10"), "{error}");
    config.limits.referrals = Referrals::Follow;
    let mut directory = open(&config).await.expect("a directory");
    assert_eq!(all(&mut directory, users(&config)).await.expect("users").len(), 3);
    let query = Query { base: format!("ou=elsewhere,{SUFFIX}"), ..users(&config) };
    assert_eq!(all(&mut directory, query).await.expect("users").len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn referrals_in_a_circle_come_to_an_end() {
    let slapd = Slapd::setup().entries(&people(2)).start();
    let port = slapd.port();
    slapd.change(&format!(
        "dn: ou=loop,{SUFFIX}\nchangetype: add\nobjectClass: referral\nobjectClass: extensibleObject\nou: loop\n\
         ref: ldap://127.0.0.1:{port}/{SUFFIX}\n"
    ));
    let mut config = reader(slapd.url());
    config.limits.referrals = Referrals::Follow;
    let mut directory = open(&config).await.expect("a directory");
    assert_eq!(all(&mut directory, users(&config)).await.expect("users").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_was_left_costs_the_connection() {
    let slapd = Slapd::setup().entries(&people(30)).start();
    let mut config = reader(slapd.url());
    config.limits.page_size = 10;
    let mut directory = open(&config).await.expect("a directory");
    let mut entries = directory.search(users(&config)).await.expect("a search");
    entries.next().await.expect("an entry");
    drop(entries);
    let error = all(&mut directory, users(&config)).await.expect_err("spent");
    assert_eq!(error.kind, LdapErrorKind::Lost);
}
