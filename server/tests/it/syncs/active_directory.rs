//! Active Directory, as far as Samba's domain controller speaks it: `make test-ad`.

use std::{fmt::Write as _, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use vestibule::{
    OutboundPolicy,
    domain::{
        provider::{LdapConfig, LdapVendor},
        sync::{MembershipCounts, SyncMode, SyncStatus},
    },
    testing::protocol::{
        http::{Lookup, SystemLookup},
        ldap::{Directory, Query, groups_filter},
    },
};

use super::{
    vendor::Vendor,
    world::{AUTO, FULL, Synced},
};

const DOMAIN: &str = "DC=corp,DC=example";
/// An account without a password that is switched on, or off (UF_NORMAL_ACCOUNT, UF_PASSWD_NOTREQD, UF_ACCOUNTDISABLE).
const ON: u32 = 0x220;
const OFF: u32 = 0x222;

fn domain() -> Vendor {
    Vendor::of_environment("VESTIBULE_TEST_AD", "administrator@corp.example", "scripts/test-ad")
}

/// A part of the domain that one test has for itself.
struct Unit {
    domain: Vendor,
    dn: String,
}

impl Unit {
    fn new(name: &str) -> Self {
        let (domain, dn) = (domain(), format!("OU={name},{DOMAIN}"));
        domain.change(&format!("dn: {dn}\nchangetype: add\nobjectClass: organizationalUnit\n\n"));
        Self { domain, dn }
    }

    fn user(&self, name: &str) -> String {
        format!("CN={name},{}", self.dn)
    }

    fn add(&self, name: &str, control: u32) {
        self.domain.change(&self.person(name, control));
    }

    /// A person in LDIF.
    fn person(&self, name: &str, control: u32) -> String {
        format!(
            "dn: {}\nchangetype: add\nobjectClass: user\nsAMAccountName: {name}\ngivenName: Given\nsn: {name}\n\
             displayName: Given {name}\nmail: {name}@corp.example\nuserAccountControl: {control}\n\n",
            self.user(name)
        )
    }

    fn add_group(&self, name: &str, members: &[String]) {
        let mut ldif =
            format!("dn: {}\nchangetype: add\nobjectClass: group\nsAMAccountName: {name}\n", self.user(name));
        for member in members {
            let _ = writeln!(ldif, "member: {member}");
        }
        self.domain.change(&format!("{ldif}\n"));
    }

    fn replace(&self, name: &str, attribute: &str, value: &str) {
        self.domain.change(&format!(
            "dn: {}\nchangetype: modify\nreplace: {attribute}\n{attribute}: {value}\n\n",
            self.user(name)
        ));
    }

    fn settings(&self) -> LdapConfig {
        LdapConfig { vendor: LdapVendor::ActiveDirectory, ..self.domain.settings(&self.dn) }
    }

    async fn synced(&self, change: impl FnOnce(&mut LdapConfig)) -> Synced {
        let mut config = self.settings();
        change(&mut config);
        self.domain.synced(config).await
    }
}

#[tokio::test]
#[ignore = "needs Samba: make test-ad"]
async fn people_are_known_by_object_guid_whatever_they_are_called() {
    let unit = Unit::new("identity");
    unit.add("iris", ON);
    let synced = unit.synced(|_| {}).await;
    let log = synced.run(FULL).await;
    assert_eq!((log.status, log.users.created), (SyncStatus::Success, 1), "{:?}", log.failure);
    assert_eq!(log.server.as_ref().and_then(|server| server.vendor), Some(LdapVendor::ActiveDirectory));
    let before = synced.detail("iris").await;
    assert_eq!(before.user.profile.email.as_deref(), Some("iris@corp.example"));
    // As Microsoft's tools write it: the first three groups are stored with their last byte first.
    let [guid] = unit.domain.values(&unit.dn, "(sAMAccountName=iris)", "objectGUID").try_into().expect("one");
    let bytes: [u8; 16] = STANDARD.decode(guid).expect("base64").try_into().expect("16 bytes");
    assert_eq!(before.links[0].external_id, uuid::Uuid::from_bytes_le(bytes).to_string());
    unit.domain
        .change(&format!("dn: {}\nchangetype: modrdn\nnewrdn: CN=iris2\ndeleteoldrdn: 1\n\n", unit.user("iris")));
    unit.replace("iris2", "sAMAccountName", "iris2");
    assert_eq!(synced.run(FULL).await.users.updated, 1);
    let after = synced.detail("iris2").await;
    assert_eq!((after.user.id, &after.links[0].external_id), (before.user.id, &before.links[0].external_id));
    assert_eq!(after.links[0].dn, unit.user("iris2"));
}

#[tokio::test]
#[ignore = "needs Samba: make test-ad"]
async fn the_bit_of_the_account_switches_users_off_and_on() {
    let unit = Unit::new("disabled");
    unit.add("on", ON);
    unit.add("off", OFF);
    let synced = unit.synced(|_| {}).await;
    let log = synced.run(FULL).await;
    assert_eq!((log.users.created, log.users.skipped), (1, 1));
    // In a delta run as well, since the bit changes the entry.
    unit.replace("on", "userAccountControl", &OFF.to_string());
    unit.replace("off", "userAccountControl", &ON.to_string());
    let log = synced.run(AUTO).await;
    assert_eq!((log.mode, log.users.disabled, log.users.created), (SyncMode::Delta, 1, 1));
    assert!(!synced.user("on").await.active && synced.user("off").await.active);
    unit.replace("on", "userAccountControl", &ON.to_string());
    assert_eq!(synced.run(AUTO).await.users.reactivated, 1);
    assert!(synced.user("on").await.active);
}

#[tokio::test]
#[ignore = "needs Samba: make test-ad"]
async fn changes_are_found_by_the_servers_own_count() {
    let unit = Unit::new("changes");
    for name in ["ada", "ben", "cyd"] {
        unit.add(name, ON);
    }
    let synced = unit.synced(|_| {}).await;
    let first = synced.run(AUTO).await;
    assert_eq!((first.mode, first.users.created), (SyncMode::Full, 3));
    assert!(first.cursor.after.as_deref().is_some_and(|after| after.to_ascii_lowercase().contains("usn")), "{first:?}");
    let second = synced.run(AUTO).await;
    assert_eq!((second.mode, second.users.seen), (SyncMode::Delta, 0));
    assert_eq!(second.cursor.before, first.cursor.after);
    unit.replace("ben", "sn", "Bennett");
    unit.add("dot", ON);
    let third = synced.run(AUTO).await;
    assert_eq!((third.mode, third.users.seen, third.users.updated, third.users.created), (SyncMode::Delta, 2, 1, 1));
    assert_eq!(synced.user("ben").await.profile.last_name.as_deref(), Some("Bennett"));
    unit.domain.change(&format!("dn: {}\nchangetype: delete\n\n", unit.user("cyd")));
    assert_eq!(synced.run(FULL).await.users.deactivated, 1);
}

#[tokio::test]
#[ignore = "needs Samba: make test-ad"]
async fn groups_with_more_members_than_a_range_holds_are_complete() {
    const MEMBERS: usize = 1600;
    let unit = Unit::new("ranges");
    let people: String = (0..MEMBERS).map(|number| unit.person(&format!("range{number}"), ON)).collect();
    unit.domain.change(&people);
    let members: Vec<_> = (0..MEMBERS).map(|number| unit.user(&format!("range{number}"))).collect();
    unit.add_group("everybody", &members);
    let synced = unit.synced(|config| config.groups.enabled = true).await;
    let log = synced.run(FULL).await;
    assert_eq!((log.status, log.users.created), (SyncStatus::Success, MEMBERS as u64), "{:?}", log.failure);
    assert_eq!(log.memberships, MembershipCounts { added: MEMBERS as u64, removed: 0 });
    // Samba gives all values unless it is asked for a range, which is completed then.
    let (config, lookup): (_, Arc<dyn Lookup>) = (unit.settings(), Arc::new(SystemLookup));
    let policy = OutboundPolicy::parse([unit.domain.address.as_str()]).expect("an address");
    let mut directory = Directory::open(&policy, &lookup, &config).await.expect("a directory");
    let query = Query {
        base: unit.dn.clone(),
        scope: config.user_search_scope,
        filter: groups_filter(&config),
        attributes: vec!["member;range=0-99".to_owned()],
        page_size: config.limits.page_size,
    };
    let mut entries = directory.search(query).await.expect("a search");
    let group = entries.next().await.expect("an answer").expect("the group");
    let mut found: Vec<_> = group.texts("member").map(str::to_owned).collect();
    found.sort_unstable();
    let mut members = members;
    members.sort_unstable();
    assert_eq!(found, members);
}

#[tokio::test]
#[ignore = "needs Samba: make test-ad"]
async fn groups_in_groups_hold_whom_the_servers_own_rule_says() {
    let unit = Unit::new("nested");
    for name in ["one", "two", "three", "four"] {
        unit.add(name, ON);
    }
    unit.add_group("innermost", &[unit.user("three")]);
    unit.add_group("inner", &[unit.user("two"), unit.user("innermost")]);
    unit.add_group("outer", &[unit.user("one"), unit.user("inner")]);
    // A circle, which does no harm.
    unit.domain.change(&format!(
        "dn: {}\nchangetype: modify\nadd: member\nmember: {}\n\n",
        unit.user("innermost"),
        unit.user("outer")
    ));
    let synced = unit
        .synced(|config| {
            config.groups.enabled = true;
            config.groups.nested = true;
        })
        .await;
    let log = synced.run(FULL).await;
    assert_eq!((log.status, log.groups.created), (SyncStatus::Success, 3), "{:?}", log.failure);
    for group in ["outer", "inner", "innermost"] {
        let rule = format!("(&(objectClass=user)(memberOf:1.2.840.113556.1.4.1941:={}))", unit.user(group));
        let mut expected = unit.domain.values(&unit.dn, &rule, "sAMAccountName");
        expected.sort_unstable();
        assert_eq!(expected, ["one", "three", "two"], "{group}");
        let mut members = Vec::new();
        for user in synced.users().await {
            if synced.groups_of(&user.profile.username).await.contains(&group.to_owned()) {
                members.push(user.profile.username);
            }
        }
        members.sort_unstable();
        assert_eq!(members, expected, "{group}");
    }
}
