//! What the portal's server functions return of runs, of users and of groups.

use serde_json::{Value, json};
use vestibule::domain::{
    actor::{Actor, Role},
    provider::ProviderPatch,
    user::UserDetail,
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
        let arguments = json!({"provider": world.provider.id, "search": search, "page": page});
        call(&world, &admin, "syncs/groups", arguments).await
    };
    let all = groups("", page(0, 2)).await;
    assert_eq!((names(&all), &all["total"]), (vec!["admins", "Staff"], &json!(3)));
    assert_eq!((&all["items"][1]["members"], &all["items"][0]["members"]), (&json!(3), &json!(1)));
    assert_eq!(names(&groups("", page(2, 2)).await), ["Überflieger"]);
    // Letters beyond ASCII are found in any case, on either database.
    assert_eq!(names(&groups("ÜBER", page(0, 5)).await), ["Überflieger"]);
    assert_eq!(names(&groups("cn=staff", page(0, 5)).await), ["Staff"]);
    assert_eq!(groups("nothing", page(0, 5)).await["total"], 0);

    let staff = &all["items"][1]["id"];
    let members = call(&world, &admin, "users/list", json!({"filter": {"group": staff}, "page": page(0, 2)})).await;
    assert_eq!((members["total"].as_u64(), members["items"].as_array().map(Vec::len)), (Some(3), Some(2)));
    let row = &members["items"][0];
    assert_eq!((&row["username"], &row["email"]), (&json!("user0"), &json!("user0@example.com")));
    assert_eq!((&row["origin_name"], &row["status"]), (&json!("Directory"), &json!("active")));
    let tenant = world.app.services.tenants.list(&Actor::operator(), &Default::default(), crate::support::ALL).await;
    assert_eq!(row["tenant_name"], tenant.expect("tenants").items[0].name);
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
async fn the_portal_gets_runs_with_their_counts() {
    let world = World::start(10).await;
    let dry = world.run(DRY).await;
    world.run(FULL).await;
    world.slapd.remove(0..6);
    let guarded = world.run(FULL).await;
    let reader = world.app.signed_in(Role::PlatformReader).await;
    let id = world.provider.id;
    let runs = call(&world, &reader, "syncs/logs", json!({"provider": id, "page": page(0, 10)})).await;
    let (newest, first) = (&runs["items"][0], &runs["items"][1]);
    assert_eq!((&first["status"], &first["by"]), (&json!("success"), &json!("operator")));
    assert_eq!((&first["users"]["seen"], &first["users"]["created"]), (&json!(10), &json!(10)));
    assert_eq!((&newest["status"], &newest["failure"]["code"]), (&json!("partial"), &json!("safeguard")));
    assert_eq!((&newest["users"]["seen"], &newest["users"]["unchanged"]), (&json!(4), &json!(4)));

    let log = async |id| call(&world, &reader, "syncs/log", json!({"provider": world.provider.id, "id": id})).await;
    assert_eq!(log(dry.id).await["dry_run"], true);
    let safeguard = json!({"triggered": true, "vanished": 6, "linked": 10, "limit_percent": 20});
    assert_eq!(log(guarded.id).await["safeguard"], safeguard);
    let arguments = json!({"provider": id, "id": dry.id, "filter": {"action": "created"}, "page": page(0, 2)});
    let entries = call(&world, &reader, "syncs/entries", arguments).await;
    assert_eq!((&entries["total"], &entries["items"][0]["object"]), (&json!(10), &json!("user")));
    let overview = call(&world, &reader, "syncs/overview", json!({"provider": id})).await;
    assert_eq!((&overview["running"], &overview["users"]), (&json!(null), &json!(10)));
    assert_eq!((&overview["last"]["id"], &overview["last"]["status"]), (&json!(guarded.id), &json!("partial")));
    assert_eq!(overview["next_run"], json!(null));

    let config = vestibule::domain::provider::LdapConfig {
        base_dn: "dc=nowhere".to_owned(),
        user_base_dn: None,
        ..super::world::settings(world.slapd.port())
    };
    world.patch(ProviderPatch { ldap: Some(config.into()), ..ProviderPatch::default() }).await;
    let failed = world.run(FULL).await;
    let read = call(&world, &reader, "syncs/log", json!({"provider": id, "id": failed.id})).await;
    assert_eq!((&read["status"], &read["failure"]["code"]), (&json!("failed"), &json!("base_not_found")));
}

#[tokio::test]
async fn the_portal_gets_the_status_of_a_user() {
    let world = World::start(2).await;
    world.run(FULL).await;
    let admin = world.app.signed_in(Role::PlatformAdmin).await;
    let id = world.user("user0").await.id;
    let user = async || call(&world, &admin, "users/get", json!({"id": id})).await;
    let before = user().await;
    assert_eq!((&before["user"]["active"], &before["user"]["blocked"]), (&json!(true), &json!(null)));
    assert_eq!((&before["tenant_name"], &before["origin_name"]), (&json!("Default"), &json!("Directory")));
    assert_eq!((&before["links"][0]["dn"], &before["links"][0]["state"]), (&json!(dn("user0")), &json!("present")));
    let read: UserDetail = serde_json::from_value(before.clone()).expect("a user");
    assert!(!read.can_be_deleted() && !read.can_be_reactivated());
    let arguments = json!({"id": id, "action": "block", "version": before["user"]["version"]});
    call(&world, &admin, "users/change", arguments).await;
    let blocked = user().await;
    assert_eq!(blocked["user"]["blocked"]["by"], "platform_admin@example.com");
}
