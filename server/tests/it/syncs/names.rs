//! Names and addresses that others have: who learns of whom, who gets whose, and accounts that are created again.

use vestibule::domain::{
    actor::{Actor, Grant, Identity, Role},
    provider::{LinkExisting, MissingUsers, ProviderPatch, Provisioning},
    sync::{EntryAction, EntryCode, SyncEntry, SyncEntryFilter, SyncLog, SyncMode, SyncStatus, UserCounts},
};

use super::{
    tree::{BASE, dn},
    world::{AUTO, DRY, FULL, World},
};
use crate::support::ALL;

async fn failures(world: &World, log: &SyncLog) -> Vec<SyncEntry> {
    world.entries(log).await.into_iter().filter(|entry| entry.code.is_some()).collect()
}

fn message(entry: &SyncEntry) -> &str {
    entry.message.as_deref().unwrap_or_default()
}

/// Gives people each other's values of an attribute: each that of the next one, the last that of the first.
fn rotate(world: &World, attribute: &str, uids: &[&str], value: impl Fn(&str) -> String) {
    for (at, uid) in uids.iter().enumerate() {
        world.slapd.set(uid, attribute, &value(uids[(at + 1) % uids.len()]));
    }
}

#[tokio::test]
async fn an_address_that_is_taken_is_reported_with_who_has_it() {
    let world = World::start(2).await;
    world.slapd.set("user0", "mail", "s@corp.example");
    world.slapd.set("user1", "mail", "S@corp.example");
    for options in [DRY, FULL, FULL] {
        let log = world.run(options).await;
        let failed = failures(&world, &log).await;
        assert_eq!((failed.len(), failed[0].code), (1, Some(EntryCode::EmailTaken)));
        let (own, other) = if failed[0].dn == dn("user1") { ("S", "user0") } else { ("s", "user1") };
        let expected =
            format!("The user \"{other}\" ({}) has the email address \"{own}@corp.example\" already.", dn(other));
        assert!(message(&failed[0]).starts_with(&expected), "{}", message(&failed[0]));
        // Both are there, so no setting helps.
        assert!(message(&failed[0]).ends_with("Change it for one of the two."), "{}", message(&failed[0]));
    }
}

#[tokio::test]
async fn advice_to_take_a_user_over_is_given_where_it_works_and_works() {
    let mut world = World::start(2).await;
    let tenant = world.app.default_tenant().await;
    let local = world.app.database.insert_user(tenant, "user0").await;
    let log = world.run(FULL).await;
    let failed = failures(&world, &log).await;
    let reported = message(&failed[0]);
    assert!(reported.starts_with("The user \"user0\" has the user name \"user0\" already."), "{reported}");
    assert!(reported.contains("set “Take over existing users” (link_existing) to username"), "{reported}");
    world.change(|config| config.sync.link_existing = LinkExisting::Username).await;
    let log = world.run(AUTO).await;
    assert_eq!((log.status, log.users.updated), (SyncStatus::Success, 1));
    assert_eq!(world.user("user0").await.id, local);
}

#[tokio::test]
async fn who_the_other_user_is_is_reported_to_those_who_may_see_users() {
    let world = World::start(2).await;
    let tenant = world.app.default_tenant().await;
    world.app.database.insert_user(tenant, "ada").await;
    world.slapd.set("user1", "mail", "ADA@example.com");
    let log = world.run(FULL).await;
    let reported = async |role: Role| {
        let identity = Identity::Host { name: "somebody".to_owned() };
        let actor = Actor { identity, grant: Some(Grant::platform(role)), address: None };
        let filter = SyncEntryFilter { code: Some(EntryCode::EmailTaken), ..SyncEntryFilter::default() };
        let page = world.app.services.syncs.list_entries(&actor, world.provider.id, log.id, filter, ALL).await;
        message(&page.expect("entries").items[0]).to_owned()
    };
    assert!(
        reported(Role::PlatformReader).await.starts_with("The user \"ada\" has the email address \"ADA@example.com\"")
    );
    assert_eq!(reported(Role::PlatformSupport).await, "Another user of the tenant has the email address already.");
}

#[tokio::test]
async fn two_users_swap_addresses_in_one_run() {
    let world = World::start(4).await;
    world.run(AUTO).await;
    let before = (world.user("user0").await.id, world.user("user1").await.id);
    rotate(&world, "mail", &["user0", "user1"], |uid| format!("{uid}@example.com"));
    let dry = world.run(DRY).await;
    assert_eq!((dry.users.updated, dry.users.failed), (2, 0));
    let log = world.run(AUTO).await;
    assert_eq!((log.mode, log.status), (SyncMode::Delta, SyncStatus::Success));
    assert_eq!((log.users.updated, log.users.failed), (2, 0), "{:?}", failures(&world, &log).await);
    let (one, other) = (world.user("user0").await, world.user("user1").await);
    assert_eq!((one.id, other.id), before);
    assert_eq!(
        (one.profile.email.as_deref(), other.profile.email.as_deref()),
        (Some("user1@example.com"), Some("user0@example.com"))
    );
    assert_eq!(world.run(FULL).await.users.unchanged, 4);
}

#[tokio::test]
async fn three_users_pass_names_on_in_one_direction_and_addresses_in_the_other() {
    let world = World::start_with(5, |config| config.username_attribute = Some("employeeNumber".to_owned())).await;
    for number in 0..5 {
        world.slapd.set(&format!("user{number}"), "employeeNumber", &format!("n{number}"));
    }
    world.run(FULL).await;
    let before: Vec<_> = [world.user("n0").await.id, world.user("n1").await.id, world.user("n2").await.id].to_vec();
    rotate(&world, "employeeNumber", &["user0", "user1", "user2"], |uid| uid.replace("user", "n"));
    rotate(&world, "mail", &["user2", "user1", "user0"], |uid| format!("{uid}@example.com"));
    let dry = world.run(DRY).await;
    let log = world.run(FULL).await;
    assert_eq!((log.users.updated, log.users.failed), (3, 0), "{:?}", failures(&world, &log).await);
    assert_eq!(dry.users, log.users);
    let after: Vec<_> = [world.user("n1").await.id, world.user("n2").await.id, world.user("n0").await.id].to_vec();
    assert_eq!(after, before);
    assert_eq!(world.user("n1").await.profile.email.as_deref(), Some("user2@example.com"));
    assert_eq!(world.run(FULL).await.users.unchanged, 5);
}

#[tokio::test]
async fn users_swap_across_batches_and_a_new_one_takes_what_is_given_up() {
    // More than a transaction holds, so that those who swap are in different ones.
    let world = World::start(1200).await;
    world.run(FULL).await;
    rotate(&world, "mail", &["user0", "user600", "user1199"], |uid| format!("{uid}@example.com"));
    // A chain: somebody new wants an address whose user wants one whose user gets a free one.
    world.slapd.set("user10", "mail", "free@example.com");
    world.slapd.set("user900", "mail", "user10@example.com");
    world.slapd.apply(&format!(
        "dn: uid=aaa,ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: aaa\ncn: aaa\nsn: aaa\nmail: user900@example.com\n"
    ));
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.failed), (SyncStatus::Success, 0), "{:?}", failures(&world, &log).await);
    assert_eq!((log.users.updated, log.users.created), (5, 1));
    for (uid, mail) in [("user0", "user600"), ("user600", "user1199"), ("user1199", "user0"), ("aaa", "user900")] {
        assert_eq!(world.user(uid).await.profile.email, Some(format!("{mail}@example.com")), "{uid}");
    }
}

#[tokio::test]
async fn a_swap_that_cannot_be_whole_changes_nobody_and_names_who_is_in_the_way() {
    let world = World::start(3).await;
    world.run(FULL).await;
    let before = world.users().await;
    world.slapd.set("user0", "mail", "user1@example.com");
    world.slapd.set("user1", "mail", "user2@example.com");
    let log = world.run(FULL).await;
    assert_eq!((log.users.updated, log.users.failed), (0, 2));
    assert_eq!(world.users().await, before);
    let failed = failures(&world, &log).await;
    let others: Vec<_> = [("user0", "user1"), ("user1", "user2")].to_vec();
    for (uid, other) in others {
        let failed = failed.iter().find(|entry| entry.dn == dn(uid)).expect("reported");
        assert!(message(failed).starts_with(&format!("The user \"{other}\" ({})", dn(other))), "{}", message(failed));
    }
    // Once the last one makes room, the next run goes on although only that entry changed.
    world.slapd.set("user2", "mail", "user0@example.com");
    let log = world.run(AUTO).await;
    assert_eq!((log.users.updated, log.users.failed), (3, 0), "{:?}", failures(&world, &log).await);
}

#[tokio::test]
async fn an_account_that_is_made_anew_is_taken_over_in_the_very_run_that_sees_it() {
    for missing_users in [MissingUsers::Deactivate, MissingUsers::Delete, MissingUsers::Ignore] {
        let world = World::start_with(3, |config| {
            config.sync.link_existing = LinkExisting::Username;
            config.sync.missing_users = missing_users;
            config.groups.enabled = true;
        })
        .await;
        world.slapd.add_group("staff", &[dn("user0"), dn("user1")]);
        world.run(FULL).await;
        let before = world.user("user0").await.id;
        world.slapd.remove(0..1);
        world.slapd.add("user0");
        let dry = world.run(DRY).await;
        let log = world.run(FULL).await;
        let counts = UserCounts { seen: 3, updated: 1, unchanged: 2, ..UserCounts::default() };
        assert_eq!((log.users, log.status), (counts, SyncStatus::Success), "{:?}", failures(&world, &log).await);
        for log in [&dry, &log] {
            let reported = failures(&world, log).await;
            assert_eq!(
                (reported.len(), reported[0].action, reported[0].code),
                (1, EntryAction::Updated, Some(EntryCode::TakenOver))
            );
            let expected = format!("The entry takes over the user of {}, which was no longer found.", dn("user0"));
            assert_eq!(message(&reported[0]), expected);
        }
        assert_eq!((dry.users, dry.memberships), (log.users, log.memberships));
        let detail = world.detail("user0").await;
        assert_eq!((detail.user.id, detail.user.active, detail.links.len()), (before, true, 1));
        assert_eq!(world.groups_of("user0").await, ["staff"]);
        assert_eq!(world.run(FULL).await.users.unchanged, 3);
    }
}

#[tokio::test]
async fn a_delta_run_says_that_the_next_full_run_takes_the_user_over() {
    let world = World::start_with(3, |config| config.sync.link_existing = LinkExisting::Username).await;
    world.run(AUTO).await;
    let before = world.user("user0").await.id;
    world.slapd.remove(0..1);
    world.slapd.add("user0");
    let log = world.run(AUTO).await;
    assert_eq!((log.mode, log.users.failed), (SyncMode::Delta, 1));
    let failed = failures(&world, &log).await;
    assert!(message(&failed[0]).ends_with("the next full run takes the user over."), "{}", message(&failed[0]));
    assert_eq!(world.run(FULL).await.users.updated, 1);
    assert_eq!(world.user("user0").await.id, before);
}

#[tokio::test]
async fn who_may_not_be_created_stands_in_nobodys_way() {
    let world = World::start(2).await;
    world.run(FULL).await;
    let provisioning = Provisioning { auto_create_users: false, ..Provisioning::default() };
    world.patch(ProviderPatch { provisioning: Some(provisioning), ..ProviderPatch::default() }).await;
    world.slapd.apply(&format!(
        "dn: uid=aaa,ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: aaa\ncn: aaa\nsn: aaa\nmail: user0@example.com\n"
    ));
    rotate(&world, "mail", &["user0", "user1"], |uid| format!("{uid}@example.com"));
    let log = world.run(FULL).await;
    assert_eq!(log.users.updated, 2, "{:?}", failures(&world, &log).await);
}
