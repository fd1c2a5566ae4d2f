//! What a run makes of entries.

use vestibule::domain::{
    actor::Actor,
    mapping::{AttributeMapping, UserField},
    page::PageRequest,
    provider::{LinkExisting, ProviderPatch, Provisioning, Reactivate, Referrals},
    sync::{EntryAction, EntryCode, LinkState, SyncMode, SyncOptions, SyncStatus, UserCounts},
    user::{UserFilter, UserStatus},
};

use super::{
    tree::{BASE, dn},
    world::{AUTO, DRY, FULL, World},
};

#[tokio::test]
async fn a_second_run_over_the_same_directory_changes_nothing() {
    let world = World::start(12).await;
    let first = world.run(AUTO).await;
    assert_eq!(first.failure, None);
    assert_eq!((first.status, first.mode), (SyncStatus::Success, SyncMode::Full));
    assert_eq!(first.users, UserCounts { seen: 12, created: 12, ..UserCounts::default() });
    let before = world.users().await;
    assert_eq!(before.len(), 12);
    let second = world.run(FULL).await;
    assert_eq!(second.users, UserCounts { seen: 12, unchanged: 12, ..UserCounts::default() });
    assert_eq!(world.users().await, before);
    assert!(world.entries(&second).await.is_empty());
}

#[tokio::test]
async fn a_user_has_what_the_directory_says_and_belongs_to_the_default_tenant() {
    let world = World::start(1).await;
    world.slapd.set("user0", "displayName", "Ada Lovelace");
    world.run(FULL).await;
    let detail = world.detail("user0").await;
    let user = &detail.user;
    assert_eq!(user.tenant, world.app.default_tenant().await);
    assert_eq!(user.origin, Some(world.provider.id));
    assert_eq!(user.profile.email.as_deref(), Some("user0@example.com"));
    assert_eq!(user.profile.display_name.as_deref(), Some("Ada Lovelace"));
    assert_eq!((user.email_verified, user.status()), (false, UserStatus::Active));
    assert_eq!(detail.links.len(), 1);
    assert_eq!((detail.links[0].dn.as_str(), detail.links[0].state), (dn("user0").as_str(), LinkState::Present));
    // The directory has the last word, also about what is no longer there.
    world.slapd.clear("user0", "displayName");
    world.slapd.clear("user0", "mail");
    let log = world.run(FULL).await;
    assert_eq!(world.entries(&log).await[0].changed_fields, ["email", "display_name"]);
    let user = world.user("user0").await;
    assert_eq!((user.profile.email, user.profile.display_name.as_deref()), (None, Some("Person user0")));
}

#[tokio::test]
async fn characters_that_turn_a_name_around_are_removed_and_the_log_says_so() {
    let mut world = World::start(2).await;
    world.slapd.set("user0", "givenName", "\u{202E}adA");
    world.slapd.set("user0", "displayName", "\u{2066}Ada\u{2069} \u{200F}ש\u{200E}");
    world.slapd.add_group("sta\u{202E}ff", &[dn("user0")]);
    for number in 0..60 {
        world.slapd.add_group(&format!("other\u{202E}{number}"), &[dn("nobody")]);
    }
    world.change(|config| config.groups.enabled = true).await;
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.created), (SyncStatus::Success, 2), "{:?}", log.failure);
    let profile = world.user("user0").await.profile;
    assert_eq!(profile.first_name.as_deref(), Some("adA"));
    assert_eq!(profile.display_name.as_deref(), Some("Ada \u{200F}ש\u{200E}"));
    let entries = world.entries(&log).await;
    let message = |name: &str| {
        let entry = entries.iter().find(|entry| entry.username.as_deref() == Some(name)).expect("an entry");
        entry.message.clone().unwrap_or_default()
    };
    assert!(message("user0").contains("removed from first_name, display_name"), "{}", message("user0"));
    assert_eq!(message("user1"), "");
    assert_eq!(world.groups_of("user0").await, ["staff"]);
    // However many groups there are, other warnings keep their room.
    assert_eq!(log.warnings.len(), 1, "{:?}", log.warnings);
    assert!(log.warnings[0].contains("the names of 61 groups, the first of them cn=staff"), "{:?}", log.warnings);
    // They are no change, however often they are read.
    assert_eq!(world.run(FULL).await.users, UserCounts { seen: 2, unchanged: 2, ..UserCounts::default() });
}

#[tokio::test]
async fn a_delta_run_reads_what_changed_and_misses_nothing_within_the_skew() {
    let world = World::start(20).await;
    world.run(AUTO).await;
    world.slapd.set("user3", "sn", "Changed");
    world.slapd.add("fresh");
    let delta = world.run(AUTO).await;
    assert_eq!((delta.mode, delta.status), (SyncMode::Delta, SyncStatus::Success));
    assert_eq!(delta.users, UserCounts { seen: 2, created: 1, updated: 1, ..UserCounts::default() });
    // The next one reads the same entries again, since clocks may differ, and finds nothing new.
    world.app.clock.advance(60);
    let next = world.run(AUTO).await;
    assert_eq!(next.users, UserCounts { seen: 2, unchanged: 2, ..UserCounts::default() });
    // What changed ten minutes ago by a clock that is right lies before the mark of the run after that.
    world.app.clock.advance(600);
    world.run(AUTO).await;
    let last = world.run(AUTO).await;
    assert_eq!(last.users, UserCounts::default());
}

#[tokio::test]
async fn a_change_of_what_is_searched_for_makes_the_next_run_full() {
    let mut world = World::start(5).await;
    world.run(AUTO).await;
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
    world.change(|config| config.user_filter = Some("(sn=*)".to_owned())).await;
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Full);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
    world.change(|config| config.limits.referrals = Referrals::Follow).await;
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Full);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
    world.app.clock.advance(24 * 60 * 60);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Full);
}

#[tokio::test]
async fn settings_that_are_taken_back_after_a_run_that_failed_are_applied_to_everybody_again() {
    let mut world = World::start_with(3, |config| config.groups.enabled = true).await;
    world.slapd.add_group("staff", &[dn("user0")]);
    world.run(AUTO).await;
    let before = world.user("user1").await.profile;
    let attributes = |mapping: &str| {
        let mut attributes = AttributeMapping::directory_defaults();
        attributes.set(UserField::FirstName, mapping);
        ProviderPatch { attributes: Some(attributes), ..ProviderPatch::default() }
    };
    world.patch(attributes("uid")).await;
    let base = format!("ou=nowhere,{BASE}");
    world.change(|config| config.groups.base_dn = Some(base)).await;
    // Users have the wrong name by the time the groups cannot be read.
    let log = world.run(AUTO).await;
    assert_eq!((log.status, log.users.updated), (SyncStatus::Partial, 3), "{:?}", log.failure);
    world.patch(attributes("givenName")).await;
    world.change(|config| config.groups.base_dn = None).await;
    let log = world.run(AUTO).await;
    assert_eq!((log.mode, log.status, log.users.updated), (SyncMode::Full, SyncStatus::Success, 3));
    assert_eq!(world.user("user1").await.profile, before);
    assert_eq!(world.run(AUTO).await.mode, SyncMode::Delta);
}

#[tokio::test]
async fn a_first_run_that_finds_nobody_says_so_and_a_useless_confirmation_too() {
    let mut world = World::start_with(2, |config| config.user_filter = Some("(uid=nobody)".to_owned())).await;
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.seen), (SyncStatus::Success, 0));
    assert!(log.warnings.iter().any(|warning| warning.contains("returned no users")), "{:?}", log.warnings);
    world.change(|config| config.user_filter = None).await;
    assert_eq!(world.run(FULL).await.warnings, Vec::<String>::new());
    let log = world.run(SyncOptions { confirmed_vanished: Some(1), ..AUTO }).await;
    assert_eq!(log.mode, SyncMode::Delta);
    assert!(log.warnings.iter().any(|warning| warning.contains("confirmation was ignored")), "{:?}", log.warnings);
}

#[tokio::test]
async fn an_entry_with_another_name_and_place_is_the_same_user() {
    let world = World::start(3).await;
    world.run(FULL).await;
    let before = world.user("user1").await;
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1\nnewsuperior: ou=people,{BASE}\n\n",
        dn("user1")
    ));
    let log = world.run(FULL).await;
    assert_eq!(log.users, UserCounts { seen: 3, updated: 1, unchanged: 2, ..UserCounts::default() });
    assert_eq!(world.entries(&log).await[0].changed_fields, ["username", "dn"]);
    let after = world.user("renamed").await;
    assert_eq!((after.id, after.version), (before.id, before.version + 1));
}

#[tokio::test]
async fn a_name_that_another_user_has_is_never_taken_over_unasked() {
    let mut world = World::start(2).await;
    let tenant = world.app.default_tenant().await;
    let local = world.app.database.insert_user(tenant, "user0").await;
    let log = world.run(FULL).await;
    assert_eq!(log.status, SyncStatus::Partial);
    assert_eq!(log.users, UserCounts { seen: 2, created: 1, failed: 1, ..UserCounts::default() });
    let entries = world.entries(&log).await;
    let failed = entries.iter().find(|entry| entry.action == EntryAction::Failed).expect("a failure");
    assert_eq!((failed.code, failed.dn.as_str()), (Some(EntryCode::UsernameTaken), dn("user0").as_str()));
    // The next run looks at it again although it did not change, and takes it over once it is reported to.
    assert_eq!(world.run(AUTO).await.users.failed, 1);
    world.change(|config| config.sync.link_existing = LinkExisting::Username).await;
    let log = world.run(AUTO).await;
    assert_eq!(log.users, UserCounts { seen: 2, updated: 1, unchanged: 1, ..UserCounts::default() });
    let user = world.user("user0").await;
    assert_eq!((user.id, user.origin), (local, None));
    assert_eq!(world.run(FULL).await.users.unchanged, 2);
}

#[tokio::test]
async fn an_address_that_another_user_has_is_a_failure_of_that_entry_alone() {
    let mut world = World::start(2).await;
    let tenant = world.app.default_tenant().await;
    let local = world.app.database.insert_user(tenant, "ada").await;
    world.slapd.set("user1", "mail", "ADA@example.com");
    let log = world.run(FULL).await;
    let entries = world.entries(&log).await;
    assert!(entries.iter().any(|entry| entry.code == Some(EntryCode::EmailTaken)), "{entries:?}");
    assert_eq!(log.users, UserCounts { seen: 2, created: 1, failed: 1, ..UserCounts::default() });
    world.change(|config| config.sync.link_existing = LinkExisting::Email).await;
    world.run(FULL).await;
    assert_eq!(world.user("user1").await.id, local);
}

#[tokio::test]
async fn two_entries_with_one_name_make_one_user_in_a_dry_run_too() {
    let world = World::start(1).await;
    world.slapd.apply(&format!(
        "dn: cn=twin,ou=people,{BASE}\nobjectClass: inetOrgPerson\ncn: twin\nsn: twin\nuid: USER0\n\n"
    ));
    let dry = world.run(DRY).await;
    assert_eq!(dry.users, UserCounts { seen: 2, created: 1, failed: 1, ..UserCounts::default() });
    assert_eq!(world.run(FULL).await.users, dry.users);
}

#[tokio::test]
async fn a_name_that_another_entry_gives_up_is_free_in_the_same_run() {
    let world = World::start(2).await;
    world.run(FULL).await;
    // The one that takes the name is read first.
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modrdn\nnewrdn: uid=third\ndeleteoldrdn: 1\n\n\
         dn: {}\nchangetype: modrdn\nnewrdn: uid=user1\ndeleteoldrdn: 1\n\n",
        dn("user1"),
        dn("user0")
    ));
    let log = world.run(FULL).await;
    assert_eq!((log.users.updated, log.users.failed), (2, 0));
}

#[tokio::test]
async fn what_cannot_be_used_fails_alone_and_is_reported_without_its_values() {
    let world = World::start(1).await;
    world.slapd.apply(&format!(
        "dn: cn=several,ou=people,{BASE}\nobjectClass: inetOrgPerson\ncn: several\nsn: s\nuid: a\nuid: b\n\n\
         dn: cn=nameless,ou=people,{BASE}\nobjectClass: inetOrgPerson\ncn: nameless\nsn: s\n\n\
         dn: cn=mail,ou=people,{BASE}\nobjectClass: inetOrgPerson\ncn: mail\nsn: s\nuid: mail\nmail: not an address\n\n"
    ));
    let log = world.run(FULL).await;
    assert_eq!(log.users, UserCounts { seen: 4, created: 1, failed: 3, ..UserCounts::default() });
    let entries = world.entries(&log).await;
    let mut codes: Vec<_> = entries.iter().filter_map(|entry| entry.code).collect();
    codes.sort_unstable();
    assert_eq!(codes, [EntryCode::MissingUsername, EntryCode::AmbiguousUsername, EntryCode::InvalidEmail]);
    let text = serde_json::to_string(&entries).expect("JSON");
    assert!(!text.contains("not an address") && !text.contains("SSHA"), "{text}");
}

#[tokio::test]
async fn who_is_created_is_the_settings_matter() {
    let world = World::start(3).await;
    world.slapd.set("user2", "mail", "user2@other.com");
    world
        .patch(ProviderPatch { allowed_domains: Some(vec!["example.com".to_owned()]), ..ProviderPatch::default() })
        .await;
    let log = world.run(FULL).await;
    assert_eq!(log.users, UserCounts { seen: 3, created: 2, skipped: 1, ..UserCounts::default() });
    assert_eq!(
        world.entries(&log).await.iter().filter_map(|entry| entry.code).collect::<Vec<_>>(),
        [EntryCode::DomainNotAllowed]
    );
    let provisioning = Provisioning { auto_create_users: false, ..Provisioning::default() };
    world.patch(ProviderPatch { provisioning: Some(provisioning), ..ProviderPatch::default() }).await;
    world.slapd.add("fresh");
    let log = world.run(FULL).await;
    assert_eq!(log.users, UserCounts { seen: 4, unchanged: 2, skipped: 2, ..UserCounts::default() });
}

#[tokio::test]
async fn who_is_switched_off_in_the_directory_may_not_sign_in_until_switched_on_again() {
    let world = World::start_with(4, |config| config.disabled_filter = Some("(employeeType=left)".to_owned())).await;
    world.slapd.set("user3", "employeeType", "left");
    let log = world.run(FULL).await;
    // Nobody needs a user who may not sign in.
    assert_eq!(log.users, UserCounts { seen: 4, created: 3, skipped: 1, ..UserCounts::default() });
    world.slapd.set("user0", "employeeType", "left");
    let log = world.run(AUTO).await;
    assert_eq!((log.mode, log.users.disabled), (SyncMode::Delta, 1));
    let user = world.user("user0").await;
    assert_eq!((user.active, user.deactivated_by), (false, Some(world.provider.id)));
    let refused = world.app.services.users.reactivate(&Actor::operator(), user.id, None).await;
    assert!(refused.is_err(), "{refused:?}");
    assert_eq!(world.run(FULL).await.users.changes(), 0);
    world.slapd.clear("user0", "employeeType");
    assert_eq!(world.run(AUTO).await.users.reactivated, 1);
    assert!(world.user("user0").await.active);
}

#[tokio::test]
async fn an_administrators_block_outlives_everything_a_directory_says() {
    let world = World::start_with(6, |config| {
        config.sync.reactivate = Reactivate::Any;
        config.sync.link_existing = LinkExisting::Username;
    })
    .await;
    world.run(FULL).await;
    let user = world.user("user0").await;
    let users = &world.app.services.users;
    let stale = users.set_blocked(&Actor::operator(), user.id, true, Some(user.version + 1)).await;
    assert!(stale.is_err(), "{stale:?}");
    users.set_blocked(&Actor::operator(), user.id, true, Some(user.version)).await.expect("blocked");
    world.slapd.set("user0", "sn", "Changed");
    assert_eq!(world.run(FULL).await.users.updated, 1);
    world.slapd.remove(0..1);
    assert_eq!(world.run(FULL).await.users.deactivated, 1);
    world.slapd.add("user0");
    // It is another entry by now, and takes the user over.
    assert_eq!(world.run(FULL).await.users.updated, 1);
    let user = world.user("user0").await;
    assert_eq!((user.active, user.status(), user.may_sign_in()), (true, UserStatus::Blocked, false));
    let user = users.set_blocked(&Actor::operator(), user.id, false, None).await.expect("unblocked");
    assert_eq!(user.blocked, None);
}

#[tokio::test]
async fn a_dry_run_counts_what_a_run_does_and_writes_nothing() {
    let world = World::start_with(30, |config| config.disabled_filter = Some("(employeeType=left)".to_owned())).await;
    world.run(FULL).await;
    let tenant = world.app.default_tenant().await;
    world.app.database.insert_user(tenant, "taken").await;
    world.slapd.set("user1", "sn", "Changed");
    world.slapd.set("user2", "employeeType", "left");
    world.slapd.add("fresh");
    world.slapd.add("taken");
    world.slapd.remove(10..13);
    let before = world.users().await;
    let dry = world.run(DRY).await;
    assert_eq!(world.users().await, before);
    let run = world.run(FULL).await;
    assert!(dry.dry_run && !run.dry_run);
    assert_eq!((dry.users, dry.status, &dry.safeguard), (run.users, run.status, &run.safeguard));
    let counts = UserCounts {
        seen: 29,
        created: 1,
        updated: 1,
        disabled: 1,
        failed: 1,
        unchanged: 25,
        deactivated: 3,
        ..UserCounts::default()
    };
    assert_eq!(run.users, counts);
    assert_eq!(world.entries(&dry).await, world.entries(&run).await);
}

#[tokio::test]
async fn users_are_found_by_what_people_go_by() {
    let world = World::start(12).await;
    world.slapd.set("user5", "displayName", "Ada Lovelace");
    world.run(FULL).await;
    let user = world.user("user7").await;
    let users = &world.app.services.users;
    users.set_blocked(&Actor::operator(), user.id, true, None).await.expect("blocked");
    let found = async |filter: UserFilter| {
        let page = PageRequest { offset: 0, limit: 5 };
        users.list(&Actor::operator(), &filter, page).await.expect("a page")
    };
    let search = |text: &str| UserFilter { search: Some(text.to_owned()), ..UserFilter::default() };
    assert_eq!(found(search("LOVELACE")).await.items[0].profile.username, "user5");
    assert_eq!(found(search("user1")).await.total, 3);
    let page = found(UserFilter { provider: Some(world.provider.id), ..UserFilter::default() }).await;
    assert_eq!((page.total, page.items.len()), (12, 5));
    let blocked = found(UserFilter { status: Some(UserStatus::Blocked), ..UserFilter::default() }).await;
    assert_eq!((blocked.total, blocked.items[0].id), (1, user.id));
    assert_eq!(found(UserFilter { status: Some(UserStatus::Inactive), ..UserFilter::default() }).await.total, 0);
}
