//! What the portal's server functions tell of runs, of users and of groups.

use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Role},
    provider::ProviderPatch,
};

use super::{
    tree::dn,
    world::{DRY, FULL, World},
};
use crate::support::Visitor;

/// Calls a function and reads its answer.
async fn call(world: &World, visitor: &Visitor, endpoint: &str, arguments: Value) -> Value {
    let answer = world.app.call(visitor, endpoint, arguments).await;
    assert_eq!(answer.status, 200, "{endpoint}: {}", answer.text());
    serde_json::from_str(answer.text()).expect("JSON")
}

fn page(offset: u64, limit: u32) -> Value {
    json!({"offset": offset, "limit": limit})
}

fn names(page: &Value) -> Vec<&str> {
    page["items"].as_array().expect("items").iter().filter_map(|row| row["name"].as_str()).collect()
}

#[tokio::test]
async fn groups_of_a_directory_are_listed_with_their_members() {
    let world = World::start_with(5, |config| config.groups.enabled = true).await;
    world.slapd.add_group("Staff", &[dn("user0"), dn("user1"), dn("user2")]);
    world.slapd.add_group("Überflieger", &[dn("user1")]);
    world.slapd.add_group("admins", &[dn("user0")]);
    world.run(FULL).await;
    let admin = world.app.signed_in(Role::PlatformAdmin).await;
    let groups = async |search: &str, page: Value| {
        let arguments = json!({"of": {"groups": [world.provider.id, search]}, "page": page});
        call(&world, &admin, "tables/list", arguments).await
    };
    let all = groups("", page(0, 2)).await;
    assert_eq!((names(&all), &all["total"]), (vec!["admins", "Staff"], &json!(3)));
    assert_eq!((&all["items"][1]["texts"][0], &all["items"][0]["texts"][0]), (&json!("3"), &json!("1")));
    assert_eq!(names(&groups("", page(2, 2)).await), ["Überflieger"]);
    // Letters beyond ASCII are found in any case, on either database.
    assert_eq!(names(&groups("ÜBER", page(0, 5)).await), ["Überflieger"]);
    assert_eq!(names(&groups("cn=staff", page(0, 5)).await), ["Staff"]);
    assert_eq!(groups("nothing", page(0, 5)).await["total"], 0);

    let staff = &all["items"][1]["id"];
    let members =
        call(&world, &admin, "tables/list", json!({"of": {"users": {"group": staff}}, "page": page(0, 2)})).await;
    assert_eq!((members["total"].as_u64(), members["items"].as_array().map(Vec::len)), (Some(3), Some(2)));
    let row = &members["items"][0];
    assert_eq!((&row["note"], &row["texts"][0]), (&json!("user0"), &json!("user0@example.com")));
    assert_eq!((&row["texts"][2], &row["label"]), (&json!("Directory"), &json!("Active")));
    let tenant = world.app.services.tenants.list(&Actor::operator(), &Default::default(), crate::support::ALL).await;
    assert_eq!(row["texts"][1], tenant.expect("tenants").items[0].name);
}

#[tokio::test]
async fn a_link_tells_when_its_entry_was_seen_for_certain() {
    let world = World::start(12).await;
    world.run(FULL).await;
    let seen = async |name: &str| {
        let link = world.detail(name).await.links.remove(0);
        (link.seen_at, link.updated_at)
    };
    let (first, created) = seen("user0").await;
    assert_eq!(first, Some(created));
    // The row stays as it is, and the full run saw the entry.
    world.app.clock.advance(3600);
    let second = world.run(FULL).await;
    assert_eq!(seen("user0").await, (Some(second.started_at), created));
    // Neither a dry run nor one that the safeguard ended shows that everybody was there.
    world.app.clock.advance(3600);
    world.run(DRY).await;
    world.slapd.remove(1..9);
    let guarded = world.run(FULL).await;
    assert!(guarded.safeguard.is_some_and(|safeguard| safeguard.triggered));
    assert_eq!(seen("user1").await.0, Some(second.started_at));
    let confirmed = vestibule::domain::sync::SyncOptions { confirmed_vanished: Some(8), ..FULL };
    let third = world.run(confirmed).await;
    assert_eq!(seen("user1").await.0, None);
    assert_eq!(seen("user0").await.0, Some(third.started_at));
}

#[tokio::test]
async fn the_portal_is_reported_of_runs_in_words() {
    let world = World::start(10).await;
    let dry = world.run(DRY).await;
    world.run(FULL).await;
    world.slapd.remove(0..6);
    let guarded = world.run(FULL).await;
    let reader = world.app.signed_in(Role::PlatformReader).await;
    let id = world.provider.id;
    let runs = call(&world, &reader, "tables/list", json!({"of": {"runs": id}, "page": page(0, 10)})).await;
    let (newest, first) = (&runs["items"][0], &runs["items"][1]);
    assert_eq!((&first["label"], &first["state"]), (&json!("Success"), &json!("ok")));
    assert_eq!((&first["texts"][0], &first["texts"][1]), (&json!("10 users read: 10 created"), &json!("operator")));
    assert_eq!((&newest["label"], &newest["state"]), (&json!("Partial"), &json!("warning")));
    assert_eq!(newest["texts"][0], "Too many users vanished. 4 users read: 4 unchanged");

    let report = call(&world, &reader, "syncs/log", json!({"provider": id, "id": dry.id})).await;
    assert_eq!(report["remarks"][0]["name"], "Nothing was written");
    let report = call(&world, &reader, "syncs/log", json!({"provider": id, "id": guarded.id})).await;
    assert_eq!(report["vanished"], 6);
    assert_eq!(report["remarks"][0]["name"], "6 of 10 users were not found, more than 20%");
    let standing = call(&world, &reader, "syncs/overview", json!({"provider": id})).await;
    assert_eq!((&standing["running"], &standing["users"]), (&json!(null), &json!(10)));
    let facts = standing["facts"].as_array().expect("facts");
    assert_eq!((&facts[2]["id"], &facts[2]["label"]), (&json!(guarded.id), &json!("Partial")));
    assert_eq!(facts[3]["texts"][0], "Not on schedule");

    // A failure says what to do.
    let config = vestibule::domain::provider::LdapConfig {
        base_dn: "dc=nowhere".to_owned(),
        user_base_dn: None,
        ..super::world::settings(world.slapd.port())
    };
    world.patch(ProviderPatch { ldap: Some(config.into()), ..ProviderPatch::default() }).await;
    let failed = world.run(FULL).await;
    let report = call(&world, &reader, "syncs/log", json!({"provider": id, "id": failed.id})).await;
    let remark = &report["remarks"][0];
    assert_eq!((&remark["name"], &remark["state"]), (&json!("Search base not found"), &json!("failed")));
    assert_eq!(remark["texts"][1], "Check the base DNs of the directory, users and groups.");
}

#[tokio::test]
async fn the_portal_is_reported_how_a_user_stands() {
    let world = World::start(2).await;
    world.run(FULL).await;
    let admin = world.app.signed_in(Role::PlatformAdmin).await;
    let id = world.user("user0").await.id;
    let user = async || call(&world, &admin, "users/get", json!({"id": id})).await;
    let before = user().await;
    assert_eq!(
        (&before["is_blocked"], &before["can_delete"], &before["can_reactivate"]),
        (&json!(false), &json!(false), &json!(false))
    );
    assert_eq!(before["status"]["label"], "Active");
    assert_eq!((&before["links"][0]["note"], &before["links"][0]["label"]), (&json!(dn("user0")), &json!("Present")));
    let arguments = json!({"id": id, "action": "block", "version": before["version"]});
    call(&world, &admin, "users/change", arguments).await;
    let blocked = user().await;
    assert_eq!((&blocked["is_blocked"], &blocked["status"]["label"]), (&json!(true), &json!("Blocked")));
    let text = blocked["status"]["texts"][0].as_str().expect("a text");
    assert!(text.starts_with("Blocked by platform_admin@example.com."), "{text}");
}
