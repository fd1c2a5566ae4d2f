//! 389 Directory Server: `make test-389`.

use vestibule::domain::{
    provider::{LdapConfig, LdapVendor},
    sync::{MembershipCounts, SyncMode, SyncStatus},
};

use super::{
    vendor::Vendor,
    world::{AUTO, FULL, Synced},
};

const SUFFIX: &str = "dc=example,dc=com";

/// A part of the directory that one test has for itself.
struct Unit {
    server: Vendor,
    dn: String,
}

impl Unit {
    fn new(name: &str) -> Self {
        let server = Vendor::of_environment("VESTIBULE_TEST_389", "cn=Directory Manager", "scripts/test-389");
        let dn = format!("ou={name},{SUFFIX}");
        server.change(&format!("dn: {dn}\nchangetype: add\nobjectClass: organizationalUnit\nou: {name}\n\n"));
        Self { server, dn }
    }

    fn user(&self, uid: &str) -> String {
        format!("uid={uid},{}", self.dn)
    }

    fn add(&self, uid: &str) {
        self.server.change(&format!(
            "dn: {}\nchangetype: add\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: Person {uid}\nsn: {uid}\n\
             mail: {uid}@example.com\n\n",
            self.user(uid)
        ));
    }

    fn modify(&self, dn: &str, change: &str) {
        self.server.change(&format!("dn: {dn}\nchangetype: modify\n{change}\n\n"));
    }

    async fn synced(&self, change: impl FnOnce(&mut LdapConfig)) -> Synced {
        let mut config = LdapConfig { vendor: LdapVendor::Ds389, ..self.server.settings(&self.dn) };
        // Changes are reported by the second, and this machine has but one clock.
        config.sync.clock_skew_seconds = 0;
        change(&mut config);
        self.server.synced(config).await
    }
}

#[tokio::test]
#[ignore = "needs 389 Directory Server: make test-389"]
async fn people_are_known_by_ns_unique_id_and_switched_off_by_ns_account_lock() {
    let unit = Unit::new("people");
    unit.add("ada");
    unit.add("ben");
    let synced = unit.synced(|_| {}).await;
    let log = synced.run(FULL).await;
    assert_eq!((log.status, log.users.created), (SyncStatus::Success, 2), "{:?}", log.failure);
    let server = log.server.expect("a server");
    assert_eq!((server.vendor, server.paged), (Some(LdapVendor::Ds389), true));
    let before = synced.detail("ada").await;
    let ids = unit.server.values(&unit.dn, "(uid=ada)", "nsUniqueId");
    assert_eq!(ids, [before.links[0].external_id.clone()]);
    unit.server.change(&format!("dn: {}\nchangetype: modrdn\nnewrdn: uid=eve\ndeleteoldrdn: 1\n\n", unit.user("ada")));
    assert_eq!(synced.run(FULL).await.users.updated, 1);
    assert_eq!(synced.user("eve").await.id, before.user.id);
    unit.modify(&unit.user("eve"), "replace: nsAccountLock\nnsAccountLock: true");
    assert_eq!(synced.run(FULL).await.users.disabled, 1);
    assert!(!synced.user("eve").await.active);
    unit.modify(&unit.user("eve"), "delete: nsAccountLock");
    assert_eq!(synced.run(FULL).await.users.reactivated, 1);
    assert!(synced.user("eve").await.active);
}

#[tokio::test]
#[ignore = "needs 389 Directory Server: make test-389"]
async fn changes_and_groups_are_found_and_who_vanished_is_deactivated() {
    let unit = Unit::new("changes");
    for uid in ["ada", "ben", "cyd"] {
        unit.add(uid);
    }
    let group = format!("cn=staff,{}", unit.dn);
    unit.server.change(&format!(
        "dn: {group}\nchangetype: add\nobjectClass: groupOfNames\ncn: staff\nmember: {}\n\n",
        unit.user("ada")
    ));
    let synced = unit.synced(|config| config.groups.enabled = true).await;
    let first = synced.run(AUTO).await;
    assert_eq!((first.mode, first.users.created), (SyncMode::Full, 3), "{:?}", first.failure);
    assert_eq!(first.memberships, MembershipCounts { added: 1, removed: 0 });
    unit.modify(&unit.user("ben"), "replace: sn\nsn: Bennett");
    unit.modify(&group, &format!("add: member\nmember: {}", unit.user("ben")));
    let second = synced.run(AUTO).await;
    assert_eq!((second.mode, second.users.updated, second.memberships.added), (SyncMode::Delta, 1, 1));
    assert_eq!(synced.groups_of("ben").await, ["staff"]);
    unit.server.change(&format!("dn: {}\nchangetype: delete\n\n", unit.user("cyd")));
    let third = synced.run(FULL).await;
    assert_eq!((third.status, third.users.deactivated), (SyncStatus::Success, 1));
}
