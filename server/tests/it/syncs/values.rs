//! Values that no field can hold, and what becomes of the others.

use vestibule::domain::{
    mapping::{AttributeMapping, UserField},
    problem::ServiceError,
    provider::ProviderPatch,
    sync::{EntryAction, EntryCode, SyncStatus, UserCounts},
};

use super::{
    tree::{BASE, Tree, dn},
    world::{FULL, World},
};

fn mapped(field: UserField, names: &str) -> ProviderPatch {
    let attributes = AttributeMapping::directory_defaults().with(field, names);
    ProviderPatch { attributes: Some(attributes), ..ProviderPatch::default() }
}

#[tokio::test]
async fn a_group_that_is_too_long_leaves_the_others_and_is_reported() {
    let slapd = Tree::start_with(2, |setup| setup.member_of());
    let port = slapd.port();
    let world = World::over(slapd, port, |_| {}).await;
    let mut below = format!("ou=groups,{BASE}");
    for letter in ['a', 'b', 'c', 'd'] {
        let unit = letter.to_string().repeat(60);
        below = format!("ou={unit},{below}");
        world.slapd.apply(&format!("dn: {below}\nobjectClass: organizationalUnit\nou: {unit}\n"));
    }
    world.slapd.add_group("short", &[dn("user0")]);
    let long = format!("cn=long,{below}");
    world.slapd.apply(&format!("dn: {long}\nobjectClass: groupOfNames\ncn: long\nmember: {}\n", dn("user0")));
    assert!(long.len() > 255);
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.created), (SyncStatus::Success, 2));
    let fields = world.user("user0").await.profile.fields;
    assert_eq!(fields["groups"], serde_json::json!([format!("cn=short,ou=groups,{BASE}")]));
    let entries = world.entries(&log).await;
    let reported = entries.iter().find(|entry| entry.code.is_some()).expect("a remark");
    assert_eq!((reported.action, reported.code), (EntryAction::Created, Some(EntryCode::ValuesLeftOut)));
    assert_eq!(reported.dn, dn("user0"));
    let message = reported.message.as_deref().unwrap_or_default();
    assert!(message.starts_with("1 value of memberOf was left out of groups: it has "), "{message}");
    assert_eq!(entries.len(), 2);
    // A run over the same directory says so too, although nothing happens to the user.
    for log in [log, world.run(FULL).await] {
        let warning = &log.warnings[0];
        assert!(
            warning.contains("groups: 1 value of memberOf at 1 user") && warning.contains(&dn("user0")),
            "{warning}"
        );
    }
}

#[tokio::test]
async fn the_first_value_that_a_field_can_hold_is_taken() {
    let world = World::start(1).await;
    world.patch(mapped(UserField::Email, "description mail")).await;
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modify\nreplace: description\ndescription: a\ndescription: a@corp.example\n\n",
        dn("user0")
    ));
    let log = world.run(FULL).await;
    assert_eq!((log.status, log.users.created), (SyncStatus::Success, 1));
    assert_eq!(world.user("user0").await.profile.email.as_deref(), Some("a@corp.example"));
}

#[tokio::test]
async fn two_addresses_in_one_value_are_none_and_open_no_domain() {
    let world = World::start(3).await;
    let domains = ProviderPatch { allowed_domains: Some(vec!["corp.example".to_owned()]), ..ProviderPatch::default() };
    world.patch(domains).await;
    world.slapd.set("user0", "mail", "a@evil.example,b@corp.example");
    world.slapd.set("user1", "mail", "\"a@evil.example\"@corp.example");
    world.slapd.set("user2", "mail", "a@corp.example");
    let log = world.run(FULL).await;
    assert_eq!(log.users, UserCounts { seen: 3, created: 1, failed: 2, ..UserCounts::default() });
    let entries = world.entries(&log).await;
    let failed: Vec<_> = entries.iter().filter(|entry| entry.action == EntryAction::Failed).collect();
    assert!(failed.iter().all(|entry| entry.code == Some(EntryCode::InvalidEmail)), "{failed:?}");
    let message = failed[0].message.as_deref().unwrap_or_default();
    assert!(message.contains("mail") && message.contains("one address in each value"), "{message}");
    assert_eq!(world.users().await.len(), 1);
}

#[tokio::test]
async fn an_attribute_is_read_with_its_options_and_by_its_other_names() {
    let world = World::start(1).await;
    world.slapd.apply(&format!(
        "dn: {}\nchangetype: modify\nadd: givenName;lang-en\ngivenName;lang-en: Ada\n-\nadd: givenName;lang-de\n\
         givenName;lang-de: Adelheid\n-\nadd: cn;lang-en\ncn;lang-en: Countess\n\n",
        dn("user0")
    ));
    let name = async |names: &str| {
        world.patch(mapped(UserField::FirstName, names)).await;
        world.run(FULL).await;
        world.user("user0").await.profile.first_name
    };
    assert_eq!(name("givenName;lang-en").await.as_deref(), Some("Ada"));
    assert_eq!(name("2.5.4.42;lang-de").await.as_deref(), Some("Adelheid"));
    // Without options it has all values, the plain ones first, the others in the order of their options.
    assert_eq!(name("givenName").await.as_deref(), Some("Adelheid"));
    assert_eq!(name("cn").await.as_deref(), Some("Person user0"));
    assert_eq!(name("surname").await.as_deref(), Some("user0"));
    assert_eq!(name("givenName;lang-fr").await, None);
}

#[tokio::test]
async fn a_mapping_names_attributes_or_is_refused_with_the_one_that_is_none() {
    let world = World::start(1).await;
    for (names, words) in [
        ("givenName;", "The attribute \"givenName;\" for first_name is not an attribute name."),
        ("member;range=0-9", "contains a range option"),
        ("userPassword", "holds passwords"),
    ] {
        let refused = world.app.update(&world.provider, mapped(UserField::FirstName, names)).await.expect_err(names);
        let ServiceError::Invalid { problems } = refused else { panic!("{refused:?}") };
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].field, "attributes");
        assert!(problems[0].message.contains(words), "{problems:?}");
    }
}

#[tokio::test]
async fn entries_that_share_an_identifier_are_reported_with_each_other() {
    let world = World::start_with(2, |config| config.external_id_attribute = Some("employeeNumber".to_owned())).await;
    for uid in ["user0", "user1"] {
        world.slapd.set(uid, "employeeNumber", "7");
    }
    let log = world.run(FULL).await;
    assert_eq!(log.users, UserCounts { seen: 2, created: 1, failed: 1, ..UserCounts::default() });
    let entries = world.entries(&log).await;
    let failed = entries.iter().find(|entry| entry.action == EntryAction::Failed).expect("a failure");
    let created = entries.iter().find(|entry| entry.action == EntryAction::Created).expect("a user");
    assert_eq!((failed.code, failed.external_id.as_deref()), (Some(EntryCode::DuplicateExternalId), Some("7")));
    let message = failed.message.as_deref().unwrap_or_default();
    assert!(message.contains("employeeNumber, 7") && message.contains(&created.dn), "{message}");
}
