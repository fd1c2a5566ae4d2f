//! Groups of a directory, and what mappings make of them.

use vestibule::{
    domain::{
        actor::Actor,
        group::{NewGroup, NewGroupMapping},
        provider::{MemberFormat, MissingUsers},
        sync::{
            EntryAction, EntryCode, EntryObject, GroupCounts, MembershipCounts, SyncEntry, SyncFailureCode, SyncMode,
        },
    },
    service::TenantRef,
};

use super::{
    tree::{BASE, dn},
    world::{AUTO, DRY, FULL, World},
};

fn group_dn(name: &str) -> String {
    format!("cn={name},ou=groups,{BASE}")
}

#[tokio::test]
async fn who_is_in_a_group_follows_the_directory() {
    let world = World::start_with(4, |config| config.groups.enabled = true).await;
    world.slapd.add_group("staff", &[dn("user0"), dn("user1"), dn("nobody")]);
    world.slapd.add_group("admins", &[dn("user0")]);
    let log = world.run(AUTO).await;
    assert_eq!(log.groups, GroupCounts { seen: 2, created: 2, ..GroupCounts::default() });
    assert_eq!(log.memberships, MembershipCounts { added: 3, removed: 0 });
    assert_eq!(world.groups_of("user0").await, ["admins", "staff"]);
    let second = world.run(FULL).await;
    assert_eq!(second.groups, GroupCounts { seen: 2, unchanged: 2, ..GroupCounts::default() });
    assert_eq!(second.memberships, MembershipCounts::default());
    // Only the group's entry changes, and a delta run sees it all the same.
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modify\nadd: member\nmember: {}\n-\ndelete: member\nmember: {}\n\n",
        group_dn("staff"),
        dn("user2").to_uppercase(),
        dn("user1"),
    ));
    let delta = world.run(AUTO).await;
    assert_eq!((delta.mode, delta.memberships), (SyncMode::Delta, MembershipCounts { added: 1, removed: 1 }));
    assert_eq!(world.groups_of("user2").await, ["staff"]);
    assert!(world.groups_of("user1").await.is_empty());
    world.slapd.apply(&format!("dn: {}\nchangetype: delete\n\n", group_dn("admins")));
    let log = world.run(FULL).await;
    assert_eq!((log.groups.removed, log.memberships.removed), (1, 1));
    assert_eq!(world.groups_of("user0").await, ["staff"]);
}

#[tokio::test]
async fn a_dry_run_counts_what_the_run_then_does() {
    let mut world = World::start_with(4, |config| config.groups.enabled = true).await;
    world.slapd.add_group("staff", &[dn("user0"), dn("user1"), dn("user4"), group_dn("admins")]);
    world.slapd.add_group("admins", &[dn("user2"), dn("moved")]);
    let both = async |world: &World| {
        let before = (world.users().await, groups_of_all(world).await);
        let dry = world.run(DRY).await;
        assert_eq!((world.users().await, groups_of_all(world).await), before);
        let done = world.run(FULL).await;
        assert_eq!((dry.users, dry.groups, dry.memberships), (done.users, done.groups, done.memberships));
        let reported = |entries: Vec<SyncEntry>| -> Vec<_> {
            entries.into_iter().map(|entry| (entry.dn, entry.action, entry.changed_fields)).collect()
        };
        assert_eq!(reported(world.entries(&dry).await), reported(world.entries(&done).await));
        done
    };
    // Nobody is there yet.
    assert_eq!(both(&world).await.memberships, MembershipCounts { added: 3, removed: 0 });
    // Somebody comes, somebody is called otherwise from now on, somebody leaves a group, another one is switched off.
    world.slapd.add("user4");
    let renamed = format!("dn: {}\nchangetype: modrdn\nnewrdn: uid=moved\ndeleteoldrdn: 1\n\n", dn("user3"));
    world.slapd.apply(&renamed);
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modify\ndelete: member\nmember: {}\n\n",
        group_dn("staff"),
        dn("user1")
    ));
    world.slapd.set("user0", "title", "away");
    world.change(|config| config.disabled_filter = Some("(title=away)".to_owned())).await;
    let done = both(&world).await;
    assert_eq!((done.users.created, done.users.updated, done.users.disabled), (1, 1, 1));
    assert_eq!(done.memberships, MembershipCounts { added: 2, removed: 1 });
    world.change(|config| config.groups.nested = true).await;
    assert_eq!(both(&world).await.memberships, MembershipCounts { added: 2, removed: 0 });
    assert_eq!(both(&world).await.groups.unchanged, 2);
}

/// Who is in which group, of everybody.
async fn groups_of_all(world: &World) -> Vec<(String, Vec<String>)> {
    let mut all = Vec::new();
    for user in world.users().await {
        let groups = world.groups_of(&user.profile.username).await;
        all.push((user.profile.username, groups));
    }
    all
}

#[tokio::test]
async fn a_member_who_came_in_a_run_that_failed_before_groups_is_not_forgotten() {
    let mut world = World::start_with(1, |config| config.groups.enabled = true).await;
    world.slapd.add_group("staff", &[dn("user0"), dn("new")]);
    assert_eq!(world.run(FULL).await.memberships.added, 1);
    world.slapd.add("new");
    world.change(|config| config.groups.base_dn = Some(format!("ou=nowhere,{BASE}"))).await;
    let log = world.run(AUTO).await;
    assert_eq!((log.users.created, log.memberships.added), (1, 0));
    assert_eq!(log.failure.map(|failure| failure.code), Some(SyncFailureCode::BaseNotFound));
    // The group's entry is as it was, and so is the user by now.
    world.change(|config| config.groups.base_dn = None).await;
    let log = world.run(AUTO).await;
    assert_eq!((log.users.changes(), log.groups.updated, log.memberships.added), (0, 1, 1));
    assert_eq!(world.groups_of("new").await, ["staff"]);
    // A member whom nobody knows changes the entry and nothing else.
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modify\nadd: member\nmember: {}\n\n",
        group_dn("staff"),
        dn("nobody")
    ));
    let log = world.run(AUTO).await;
    assert_eq!((log.groups.unchanged, log.groups.updated), (1, 0));
}

#[tokio::test]
async fn members_of_groups_in_groups_count_even_in_circles() {
    let mut world = World::start_with(3, |config| config.groups.enabled = true).await;
    world.slapd.add_group("outer", &[dn("user0"), group_dn("inner")]);
    world.slapd.add_group("inner", &[dn("user1"), group_dn("innermost")]);
    world.slapd.add_group("innermost", &[dn("user2"), group_dn("outer")]);
    world.run(FULL).await;
    assert_eq!(world.groups_of("user2").await, ["innermost"]);
    world.change(|config| config.groups.nested = true).await;
    let log = world.run(FULL).await;
    assert_eq!(log.memberships.added, 6);
    for user in ["user0", "user1", "user2"] {
        assert_eq!(world.groups_of(user).await, ["inner", "innermost", "outer"]);
    }
    assert_eq!(world.run(FULL).await.groups.unchanged, 3);
}

#[tokio::test]
async fn members_may_be_named_by_user_name() {
    let world = World::start_with(3, |config| {
        config.groups.enabled = true;
        config.groups.object_classes = vec!["posixGroup".to_owned()];
        config.groups.member_attribute = "memberUid".to_owned();
        config.groups.member_format = MemberFormat::Username;
    })
    .await;
    world.slapd.apply(&format!(
        "dn: {}\nobjectClass: posixGroup\ncn: unix\ngidNumber: 100\nmemberUid: USER1\nmemberUid: user2\n\n",
        group_dn("unix")
    ));
    assert_eq!(world.run(FULL).await.memberships.added, 2);
    assert_eq!(world.groups_of("user1").await, ["unix"]);
    assert!(world.groups_of("user0").await.is_empty());
}

#[tokio::test]
async fn a_mapping_puts_members_into_a_group_of_the_tenant_and_out_again() {
    let mut world = World::start_with(3, |config| config.groups.enabled = true).await;
    let operator = Actor::operator();
    let tenant = TenantRef::Id(world.app.default_tenant().await);
    world.app.services.assignments.link(&operator, &tenant, world.provider.id).await.expect("linked");
    let new = |name: &str| NewGroup { tenant: id(&tenant), name: name.to_owned(), description: None };
    let staff = world.app.services.groups.create(&operator, new("Employees")).await.expect("a group").id;
    let others = world.app.services.groups.create(&operator, new("Others")).await.expect("a group").id;
    let map = async |external: String, internal: String| {
        let new = NewGroupMapping {
            claim: None,
            external_group_id: external,
            external_group_name: None,
            internal_group_id: internal,
        };
        let mappings = &world.app.services.group_mappings;
        mappings.create(&operator, &tenant, world.provider.id, new).await.expect("a mapping")
    };
    world.slapd.add_group("staff", &[dn("user0"), dn("user1")]);
    world.slapd.add_group("guests", &[dn("user1"), dn("user2")]);
    // By distinguished name, however it is written, and by name.
    let first = map(group_dn("staff").to_uppercase().replace(',', ", "), staff.prefixed()).await;
    map("guests".to_owned(), others.prefixed()).await;
    let of = async |world: &World, user: &str| -> Vec<String> {
        world.detail(user).await.groups.into_iter().map(|group| group.name).collect()
    };
    world.run(FULL).await;
    assert_eq!(of(&world, "user0").await, ["Employees"]);
    assert_eq!(of(&world, "user1").await, ["Employees", "Others"]);
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modify\ndelete: member\nmember: {}\n\n",
        group_dn("guests"),
        dn("user1")
    ));
    world.run(AUTO).await;
    assert_eq!(of(&world, "user1").await, ["Employees"]);
    let mappings = &world.app.services.group_mappings;
    mappings.delete(&operator, &tenant, world.provider.id, first.id).await.expect("removed");
    world.run(AUTO).await;
    assert!(of(&world, "user0").await.is_empty());
    assert_eq!(of(&world, "user2").await, ["Others"]);
    // What is not read any more is not true any more.
    world.change(|config| config.groups.enabled = false).await;
    let log = world.run(FULL).await;
    assert_eq!((log.groups.removed, log.memberships.removed), (2, 3));
    assert!(of(&world, "user2").await.is_empty());
}

fn id(tenant: &TenantRef) -> vestibule::domain::id::TenantId {
    match tenant {
        TenantRef::Id(id) => *id,
        TenantRef::Slug(slug) => panic!("{slug} is no identifier"),
    }
}

#[tokio::test]
async fn a_member_is_the_same_in_whatever_order_and_by_whatever_names_it_is_written() {
    let world = World::start_with(1, |config| config.groups.enabled = true).await;
    world.slapd.apply(&format!(
        "dn: cn=Multi+uid=multi,ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: multi\ncn: Multi\nsn: x\n\n\
         dn: cn=Comma\\, Plus\\+,ou=people,{BASE}\nobjectClass: inetOrgPerson\nuid: comma\ncn: Comma, Plus+\nsn: x\n"
    ));
    world.slapd.add_group(
        "g",
        &[
            format!("uid=multi+cn=Multi,ou=people,{BASE}"),
            format!("commonName=COMMA\\2c  plus\\2B,2.5.4.11=People,{}", BASE.replace("dc=", "domainComponent=")),
        ],
    );
    let log = world.run(FULL).await;
    assert_eq!((log.memberships.added, log.warnings), (2, Vec::<String>::new()));
    assert_eq!(world.groups_of("multi").await, ["g"]);
    assert_eq!(world.groups_of("comma").await, ["g"]);
}

#[tokio::test]
async fn an_entry_whose_name_is_long_is_a_member_like_any_other() {
    let world = World::start_with(1, |config| config.groups.enabled = true).await;
    let mut below = format!("ou=people,{BASE}");
    for number in 0..20 {
        let unit = format!("{number}{}", "x".repeat(58));
        below = format!("ou={unit},{below}");
        world.slapd.apply(&format!("dn: {below}\nobjectClass: organizationalUnit\nou: {unit}\n"));
    }
    for uid in ["deep", "deeper"] {
        let entry = format!("objectClass: inetOrgPerson\nuid: {uid}\ncn: {uid}\nsn: x\n");
        world.slapd.apply(&format!("dn: uid={uid},{below}\n{entry}"));
    }
    assert!(below.len() > 1000);
    world.slapd.add_group("g", &[format!("uid=deep,{below}")]);
    assert_eq!(world.run(FULL).await.memberships.added, 1);
    assert_eq!(world.groups_of("deep").await, ["g"]);
    assert!(world.groups_of("deeper").await.is_empty());
    assert_eq!(world.run(FULL).await.groups.unchanged, 1);
}

#[tokio::test]
async fn anyone_who_vanished_leaves_groups_in_the_same_run() {
    for missing_users in [MissingUsers::Deactivate, MissingUsers::Delete] {
        let world = World::start_with(2, |config| {
            config.groups.enabled = true;
            config.sync.max_deactivation_percent = 100;
            config.sync.missing_users = missing_users;
        })
        .await;
        let operator = Actor::operator();
        let tenant = TenantRef::Id(world.app.default_tenant().await);
        world.app.services.assignments.link(&operator, &tenant, world.provider.id).await.expect("linked");
        let new = NewGroup { tenant: id(&tenant), name: "Employees".to_owned(), description: None };
        let employees = world.app.services.groups.create(&operator, new).await.expect("a group").id;
        let new = NewGroupMapping {
            claim: None,
            external_group_id: group_dn("g"),
            external_group_name: None,
            internal_group_id: employees.prefixed(),
        };
        let mappings = &world.app.services.group_mappings;
        mappings.create(&operator, &tenant, world.provider.id, new).await.expect("a mapping");
        world.slapd.add_group("g", &[dn("user0"), dn("user1")]);
        world.run(FULL).await;
        assert_eq!(world.detail("user1").await.groups.len(), 1);
        // The group still names the user who is gone.
        world.slapd.remove(1..2);
        let dry = world.run(DRY).await;
        let log = world.run(FULL).await;
        assert_eq!((dry.users, dry.groups, dry.memberships), (log.users, log.groups, log.memberships));
        assert_eq!(log.memberships, MembershipCounts { added: 0, removed: 1 });
        let reported = |entries: Vec<SyncEntry>| -> Vec<_> {
            entries.into_iter().map(|entry| (entry.dn, entry.action, entry.changed_fields)).collect()
        };
        assert_eq!(reported(world.entries(&dry).await), reported(world.entries(&log).await));
        assert_eq!(world.groups_of("user0").await, ["g"]);
        if missing_users == MissingUsers::Deactivate {
            assert_eq!(log.users.deactivated, 1);
            let gone = world.detail("user1").await;
            assert!(gone.directory_groups.is_empty() && gone.groups.is_empty(), "{gone:?}");
        } else {
            assert_eq!(log.users.deleted, 1);
        }
        assert_eq!(world.run(FULL).await.groups.unchanged, 1);
    }
}

#[tokio::test]
async fn members_that_nobody_can_read_are_reported_in_every_run() {
    let mut world = World::start_with(2, |config| {
        config.groups.enabled = true;
        config.groups.object_classes = vec!["posixGroup".to_owned()];
        config.groups.member_attribute = "memberUid".to_owned();
    })
    .await;
    world.slapd.apply(&format!(
        "dn: {}\nobjectClass: posixGroup\ncn: unix\ngidNumber: 100\nmemberUid: user0\n\n",
        group_dn("unix")
    ));
    let log = world.run(FULL).await;
    let entries = world.entries(&log).await;
    let group = entries.iter().find(|entry| entry.object == EntryObject::Group).expect("the group");
    assert_eq!((group.action, group.code), (EntryAction::Created, Some(EntryCode::MembersNotRead)));
    for log in [log, world.run(FULL).await] {
        let warning = log.warnings.first().map(String::as_str).unwrap_or_default();
        assert!(warning.starts_with("None of the members that groups list in memberUid could be read"), "{warning}");
        assert!(warning.contains("set “Member format” (group_member_format) to username"), "{warning}");
    }
    // An attribute that no group has.
    world.change(|config| config.groups.member_attribute = "members".to_owned()).await;
    let log = world.run(FULL).await;
    let warning = log.warnings.first().map(String::as_str).unwrap_or_default();
    assert!(warning.starts_with("The group lists no members in members, so nobody is in a group."), "{warning}");
    // The advice works.
    world
        .change(|config| {
            config.groups.member_attribute = "memberUid".to_owned();
            config.groups.member_format = MemberFormat::Username;
        })
        .await;
    let log = world.run(FULL).await;
    assert_eq!((log.warnings, log.memberships.added), (Vec::new(), 1));
    // Names of nobody who was found.
    world
        .slapd
        .apply(&format!("dn: {}\nchangetype: modify\nreplace: memberUid\nmemberUid: stranger\n\n", group_dn("unix")));
    let log = world.run(FULL).await;
    let warning = log.warnings.first().map(String::as_str).unwrap_or_default();
    assert!(warning.contains("is a user or a group that was found (1 member in 1 group)"), "{warning}");
}

#[tokio::test]
async fn an_empty_group_with_a_blank_placeholder_needs_no_advice() {
    let world = World::start_with(1, |config| config.groups.enabled = true).await;
    world.slapd.add_group("empty", &[String::new()]);
    let log = world.run(FULL).await;
    assert_eq!((log.groups.created, log.memberships.added, log.warnings), (1, 0, Vec::new()));
    world.slapd.add_group("staff", &[String::new(), dn("user0")]);
    let log = world.run(FULL).await;
    assert_eq!((log.groups.created, log.memberships.added, &log.warnings), (1, 1, &Vec::new()));
    assert!(world.entries(&log).await.iter().all(|entry| entry.code.is_none()));
}

#[tokio::test]
async fn a_group_whose_name_is_too_long_is_kept_and_reported() {
    let world = World::start_with(1, |config| {
        config.groups.enabled = true;
        config.groups.name_attribute = "description".to_owned();
    })
    .await;
    let long = "n".repeat(300);
    world.slapd.apply(&format!(
        "dn: {}\nobjectClass: groupOfNames\ncn: g\ndescription: {long}\nmember: {}\n",
        group_dn("g"),
        dn("user0")
    ));
    let log = world.run(FULL).await;
    assert_eq!(log.memberships.added, 1);
    assert!(log.warnings[0].contains("cut at 1 group, the first of them cn=g"), "{:?}", log.warnings);
    let entries = world.entries(&log).await;
    let group = entries.iter().find(|entry| entry.object == EntryObject::Group).expect("the group");
    assert_eq!(group.code, Some(EntryCode::ValuesLeftOut));
    assert_eq!(world.groups_of("user0").await, [format!("{}…", "n".repeat(254))]);
}

#[tokio::test]
async fn groups_that_share_an_identifier_are_reported_with_each_other() {
    let world = World::start_with(1, |config| {
        config.groups.enabled = true;
        config.external_id_attribute = Some("employeeNumber".to_owned());
    })
    .await;
    world.slapd.set("user0", "employeeNumber", "1");
    for name in ["one", "other"] {
        world.slapd.apply(&format!(
            "dn: {}\nobjectClass: groupOfNames\nobjectClass: extensibleObject\ncn: {name}\nemployeeNumber: 7\nmember: {}\n",
            group_dn(name),
            dn("user0")
        ));
    }
    let log = world.run(FULL).await;
    assert_eq!((log.groups.created, log.groups.failed, log.memberships.added), (1, 1, 1));
    let entries = world.entries(&log).await;
    let groups = || entries.iter().filter(|entry| entry.object == EntryObject::Group);
    let failed = groups().find(|entry| entry.action == EntryAction::Failed).expect("a failure");
    let created = groups().find(|entry| entry.action == EntryAction::Created).expect("a group");
    assert_eq!(failed.code, Some(EntryCode::DuplicateExternalId));
    let message = failed.message.as_deref().unwrap_or_default();
    assert!(message.starts_with(&format!("The group {} has the same employeeNumber, 7", created.dn)), "{message}");
}
