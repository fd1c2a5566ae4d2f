//! Users who are no longer in the directory.

use vestibule::domain::{
    actor::Actor,
    provider::{LinkExisting, MissingUsers, Reactivate},
    sync::{EntryAction, EntryCode, LinkState, Safeguard, SyncFailureCode, SyncOptions, SyncStatus},
    user::{User, UserStatus},
};

use super::{
    tree::{BASE, dn},
    world::{AUTO, DRY, FULL, World},
};

async fn inactive(world: &World) -> Vec<User> {
    world.users().await.into_iter().filter(|user| !user.active).collect()
}

#[tokio::test]
async fn twenty_of_a_hundred_users_who_vanished_are_deactivated() {
    let world = World::start(100).await;
    world.run(FULL).await;
    world.slapd.remove(0..20);
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.deactivated, log.users.unchanged), (SyncStatus::Success, 20, 80));
    let safeguard = Safeguard { triggered: false, vanished: 20, linked: 100, limit_percent: 20 };
    assert_eq!(log.safeguard, Some(safeguard));
    let inactive = inactive(&world).await;
    assert_eq!(inactive.len(), 20);
    assert!(inactive.iter().all(|user| user.deactivated_by == Some(world.provider.id)));
    // Who is gone is gone once.
    let again = world.run(FULL).await;
    assert_eq!((again.users.deactivated, again.safeguard.map(|said| said.linked)), (0, Some(80)));
}

#[tokio::test]
async fn twenty_one_of_a_hundred_are_not_until_somebody_agrees() {
    let world = World::start(100).await;
    world.run(FULL).await;
    world.slapd.remove(0..21);
    let log = world.run(FULL).await;
    let failure = log.failure.expect("a reason");
    assert_eq!((log.status, failure.code), (SyncStatus::Partial, SyncFailureCode::Safeguard));
    assert!(failure.message.contains("21 of 100"), "{}", failure.message);
    assert!(log.safeguard.is_some_and(|said| said.triggered));
    assert_eq!((log.cursor.after, inactive(&world).await.len()), (None, 0));
    // Agreeing reaches as far as what was looked at.
    let agree = |number| SyncOptions { confirmed_vanished: Some(number), ..FULL };
    assert_eq!(world.run(agree(20)).await.users.deactivated, 0);
    assert_eq!(world.run(agree(21)).await.users.deactivated, 21);
    assert_eq!(inactive(&world).await.len(), 21);
}

#[tokio::test]
async fn entries_that_nobody_can_tell_apart_may_be_those_who_seem_gone() {
    let mut world = World::start_with(6, |config| {
        config.external_id_attribute = Some("employeeNumber".to_owned());
        config.sync.max_deactivation_percent = 100;
    })
    .await;
    for number in 0..6 {
        world.slapd.set(&format!("user{number}"), "employeeNumber", &format!("{number}"));
    }
    world.run(FULL).await;
    world.slapd.clear("user0", "employeeNumber");
    world.slapd.set("user1", "employeeNumber", "2");
    let log = world.run(FULL).await;
    // One has no identifier. Of the two with the same one, the first would take a name that is taken, and the second is
    // not used.
    assert_eq!((log.users.failed, log.users.deactivated), (3, 0));
    assert_eq!(log.failure.map(|failure| failure.code), Some(SyncFailureCode::Safeguard));
    world.slapd.remove(0..1);
    world.slapd.set("user1", "employeeNumber", "1");
    world.change(|config| config.sync.max_deactivation_percent = 20).await;
    assert_eq!(world.run(FULL).await.users.deactivated, 1);
}

#[tokio::test]
async fn a_delta_run_judges_nobody() {
    let world = World::start(10).await;
    world.run(AUTO).await;
    world.slapd.remove(0..1);
    assert_eq!(world.run(AUTO).await.users.deactivated, 0);
    assert!(inactive(&world).await.is_empty());
    assert_eq!(world.run(FULL).await.users.deactivated, 1);
}

#[tokio::test]
async fn who_vanished_may_be_left_alone() {
    let world = World::start_with(10, |config| config.sync.missing_users = MissingUsers::Ignore).await;
    world.run(FULL).await;
    world.slapd.remove(0..1);
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.deactivated), (SyncStatus::Success, 0));
    assert!(inactive(&world).await.is_empty());
}

#[tokio::test]
async fn who_vanished_is_deleted_unless_somebody_blocked_them_or_others_know_them() {
    let world = World::start_with(20, |config| {
        config.sync.missing_users = MissingUsers::Delete;
        config.sync.link_existing = LinkExisting::Username;
    })
    .await;
    let tenant = world.app.default_tenant().await;
    world.app.database.insert_user(tenant, "user0").await;
    world.run(FULL).await;
    let blocked = world.user("user1").await.id;
    world.app.services.users.set_blocked(&Actor::operator(), blocked, true, None).await.expect("blocked");
    world.slapd.remove(0..4);
    let log = world.run(FULL).await;
    assert_eq!((log.users.deleted, log.users.deactivated), (2, 2));
    let mut deleted = world.reported(&log, EntryAction::Deleted).await;
    deleted.sort_unstable();
    assert_eq!(deleted, ["user2", "user3"]);
    assert_eq!(world.users().await.len(), 18);
    assert_eq!(world.user("user0").await.status(), UserStatus::Inactive);
    assert_eq!(world.user("user1").await.status(), UserStatus::Blocked);
}

#[tokio::test]
async fn an_account_that_is_made_anew_stands_for_the_user_who_vanished() {
    let world = World::start_with(10, |config| config.sync.link_existing = LinkExisting::Username).await;
    world.run(FULL).await;
    let before = world.user("user0").await;
    world.slapd.remove(0..1);
    world.run(FULL).await;
    assert_eq!(world.detail("user0").await.links[0].state, LinkState::Vanished);
    world.slapd.add("user0");
    assert_eq!(world.run(FULL).await.users.updated, 1);
    let detail = world.detail("user0").await;
    assert_eq!((detail.user.id, detail.user.active, detail.links.len()), (before.id, true, 1));
    assert_eq!(detail.links[0].state, LinkState::Present);
    assert_eq!(world.run(FULL).await.users.unchanged, 10);
}

#[tokio::test]
async fn who_left_the_search_and_came_back_is_let_in_as_the_settings_say() {
    for (reactivate, comes_back) in
        [(Reactivate::SyncDeactivated, true), (Reactivate::Any, true), (Reactivate::Never, false)]
    {
        let world = World::start_with(10, |config| {
            config.user_filter = Some("(!(title=away))".to_owned());
            config.sync.reactivate = reactivate;
        })
        .await;
        world.run(FULL).await;
        world.slapd.set("user0", "title", "away");
        assert_eq!(world.run(FULL).await.users.deactivated, 1);
        world.slapd.clear("user0", "title");
        let log = world.run(FULL).await;
        assert_eq!(log.users.reactivated, u64::from(comes_back), "{reactivate:?}");
        assert_eq!(world.user("user0").await.active, comes_back);
        assert_eq!(world.run(FULL).await.users.changes(), 0);
        if !comes_back {
            // The directory has no objection, so an administrator may decide.
            let id = world.user("user0").await.id;
            world.app.services.users.reactivate(&Actor::operator(), id, None).await.expect("active");
            assert_eq!(world.run(FULL).await.users.changes(), 0);
            assert!(world.user("user0").await.active);
        }
    }
}

#[tokio::test]
async fn a_user_is_deleted_by_hand_only_when_no_directory_has_the_user_any_more() {
    let world = World::start(10).await;
    world.run(FULL).await;
    let id = world.user("user0").await.id;
    let users = &world.app.services.users;
    let refused = users.delete(&Actor::operator(), id).await.expect_err("the next run would create the user again");
    assert!(refused.to_string().contains("still has the user"), "{refused}");
    world.slapd.remove(0..1);
    world.run(FULL).await;
    users.delete(&Actor::operator(), id).await.expect("deleted");
    assert_eq!(world.users().await.len(), 9);
    assert_eq!(world.run(FULL).await.users.unchanged, 9);
}

/// Adds people with the same user names at another place, where the directory is read from now on.
async fn move_the_search(world: &mut World, people: usize) {
    let unit = format!("ou=test,{BASE}");
    world.slapd.apply(&format!("dn: {unit}\nobjectClass: organizationalUnit\nou: test\n"));
    for number in 0..people {
        let uid = format!("user{number}");
        world.slapd.apply(&format!(
            "dn: uid={uid},{unit}\nobjectClass: inetOrgPerson\nuid: {uid}\ncn: Somebody else\nsn: x\n"
        ));
    }
    world.change(|config| config.user_base_dn = Some(unit)).await;
}

#[tokio::test]
async fn many_users_are_not_taken_over_by_other_entries_until_somebody_agrees() {
    for missing_users in [MissingUsers::Deactivate, MissingUsers::Delete, MissingUsers::Ignore] {
        let mut world = World::start_with(10, |config| {
            config.sync.link_existing = LinkExisting::Username;
            config.sync.missing_users = missing_users;
        })
        .await;
        world.run(FULL).await;
        let before = world.users().await;
        // Three users less, so that not everybody who is missing is wanted by another entry.
        move_the_search(&mut world, 7).await;
        let missing = if missing_users == MissingUsers::Ignore { 7 } else { 10 };
        for options in [DRY, FULL] {
            let log = world.run(options).await;
            let failure = log.failure.clone().expect("a reason");
            assert_eq!((log.status, failure.code), (SyncStatus::Partial, SyncFailureCode::Safeguard));
            assert!(failure.message.contains(&format!("{missing} of 10 users were not found")), "{}", failure.message);
            assert!(failure.message.contains("taken over by another entry"), "{}", failure.message);
            let safeguard = Safeguard { triggered: true, vanished: missing, linked: 10, limit_percent: 20 };
            assert_eq!(log.safeguard, Some(safeguard));
            assert_eq!((log.users.seen, log.users.failed, log.users.changes()), (7, 7, 0), "{missing_users:?}");
            let entries = world.entries(&log).await;
            let user0 = entries.iter().find(|entry| entry.username.as_deref() == Some("user0")).expect("the entry");
            assert_eq!(user0.code, Some(EntryCode::UsernameTaken));
            let message = user0.message.as_deref().unwrap_or_default();
            let expected = format!("The user \"user0\" ({}) has the user name \"user0\" already.", dn("user0"));
            assert!(message.starts_with(&expected), "{message}");
            assert!(message.contains("the safeguard kept its user from being taken over"), "{message}");
            assert_eq!(world.users().await, before);
        }
        let agree = |number| SyncOptions { confirmed_vanished: Some(number), ..FULL };
        assert_eq!(world.run(agree(missing - 1)).await.users.changes(), 0);
        let log = world.run(agree(missing)).await;
        assert_eq!((log.status, log.users.updated, log.users.failed), (SyncStatus::Success, 7, 0), "{:?}", log.failure);
        let left = if missing_users == MissingUsers::Ignore { 0 } else { 3 };
        assert_eq!(log.users.deactivated + log.users.deleted, left);
        for user in &before[..7] {
            assert_eq!(world.user(&user.profile.username).await.id, user.id);
        }
        assert_eq!(world.detail("user0").await.links[0].dn, format!("uid=user0,ou=test,{BASE}"));
        assert_eq!(world.run(FULL).await.users.unchanged, 7);
    }
}

#[tokio::test]
async fn entries_without_an_identifier_keep_users_from_being_taken_over() {
    let world = World::start_with(6, |config| {
        config.external_id_attribute = Some("employeeNumber".to_owned());
        config.sync.link_existing = LinkExisting::Username;
    })
    .await;
    for number in 0..6 {
        world.slapd.set(&format!("user{number}"), "employeeNumber", &format!("{number}"));
    }
    world.run(FULL).await;
    let before = world.users().await;
    world.slapd.set("user0", "employeeNumber", "new");
    world.slapd.add("nobody");
    let log = world.run(FULL).await;
    assert_eq!((log.users.failed, log.users.changes()), (2, 0));
    let failure = log.failure.clone().expect("a reason");
    assert!(failure.message.contains("no user was deactivated or taken over"), "{}", failure.message);
    let entries = world.entries(&log).await;
    let user0 = entries.iter().find(|entry| entry.dn == dn("user0")).expect("the entry");
    assert!(user0.message.as_deref().is_some_and(|message| message.contains("the safeguard kept")), "{user0:?}");
    assert_eq!(world.users().await, before);
    world.slapd.apply(&format!("dn: {}\nchangetype: delete\n", dn("nobody")));
    assert_eq!(world.run(FULL).await.users.updated, 1);
}

#[tokio::test]
async fn the_sessions_of_users_who_vanished_end() {
    let world = World::start(10).await;
    world.run(FULL).await;
    world.app.database.execute(
        "INSERT INTO vestibule_user_sessions (id, hash, user_id, idp_id, created_at, last_seen_at, expires_at, user_agent) \
         SELECT u.id, u.username, u.id, p.id, 0, 0, 0, '' FROM vestibule_users u, vestibule_identity_providers p",
    )
    .await;
    let sessions = async || world.app.database.texts("SELECT hash FROM vestibule_user_sessions").await.len();
    assert_eq!(sessions().await, 10);
    world.slapd.remove(0..2);
    assert_eq!(world.run(FULL).await.users.deactivated, 2);
    assert_eq!(sessions().await, 8);
}
