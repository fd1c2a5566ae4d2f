//! Who may do what, what the audit log says, and what ScaiKey's API answers.

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        audit::{AuditAction, AuditFilter},
        problem::ServiceError,
        provider::NewProvider,
        sync::SyncOptions,
        user::UserFilter,
    },
    service::ProviderRef,
};

use super::{
    tree::dn,
    world::{FULL, World, directory, settings},
};
use crate::support::{
    ALL,
    app::{PEER, host_actor},
};

async fn send(world: &World, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let token = world.app.token(Role::PlatformAdmin).await;
    let request = Request::builder()
        .method(method)
        .uri(world.app.path(path))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json");
    let request = request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).expect("a request");
    let answer = world.app.send(request, PEER).await;
    (answer.status, serde_json::from_str(answer.text()).expect("JSON"))
}

fn provider_path(world: &World, rest: &str) -> String {
    format!("/api/v1/admin/identity-providers/{}{rest}", world.provider.id.prefixed())
}

#[tokio::test]
async fn scaikeys_operations_tell_of_a_run() {
    let world = World::start_with(10, |config| config.groups.enabled = true).await;
    world.slapd.add_group("staff", &[dn("user0")]);
    world.slapd.clear("user9", "mail");
    let (status, reported) = send(&world, "POST", &provider_path(&world, "/sync?dry_run=true"), None).await;
    assert_eq!(
        (status, &reported["data"]["dry_run"], &reported["data"]["users"]["created"]),
        (200, &json!(true), &json!(10))
    );
    let (status, reported) = send(&world, "POST", &provider_path(&world, "/sync"), None).await;
    let log = &reported["data"];
    assert_eq!((status, &log["status"], &log["mode"]), (200, &json!("success"), &json!("full")));
    assert_eq!((&log["trigger"], &log["triggered_by"]), (&json!("manual"), &json!("token platform_admin")));
    assert_eq!(log["idp_id"], world.provider.id.prefixed());
    assert_eq!(
        (&log["tenant_id"], &log["error_code"], &log["error_message"]),
        (&json!(null), &json!(null), &json!(null))
    );
    assert_eq!(
        log["users"],
        json!({"seen": 10, "created": 10, "updated": 0, "unchanged": 0, "reactivated": 0, "disabled": 0, "skipped": 0,
               "failed": 0, "deactivated": 0, "deleted": 0})
    );
    assert_eq!(
        log["groups"],
        json!({"seen": 1, "created": 1, "updated": 0, "unchanged": 0, "removed": 0, "failed": 0})
    );
    assert_eq!(log["memberships"], json!({"added": 1, "removed": 0}));
    let id = log["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("slg_"), "{id}");
    let (_, page) = send(&world, "GET", &provider_path(&world, "/sync-logs?per_page=1"), None).await;
    assert_eq!((&page["data"][0]["id"], &page["pagination"]["total_items"]), (&json!(id), &json!(2)));
    let (status, whole) = send(&world, "GET", &provider_path(&world, &format!("/sync-logs/{id}")), None).await;
    let whole = &whole["data"];
    assert_eq!((status, whole["entries"].as_array().map(Vec::len)), (200, Some(11)));
    let entry = &whole["entries"][0];
    assert_eq!(
        (&entry["object"], &entry["action"], &entry["username"]),
        (&json!("user"), &json!("created"), &json!("user0"))
    );
    assert_eq!((&entry["dn"], &entry["error_code"]), (&json!(dn("user0")), &json!(null)));
    assert_eq!(whole["server"]["paged"], json!(true));
    assert!(whole["cursor"]["after"].is_string() && whole["cursor"]["before"].is_null(), "{}", whole["cursor"]);
    assert_eq!((&whole["entries_truncated"], &whole["warnings"]), (&json!(false), &json!([])));
    let (_, provider) = send(&world, "GET", &provider_path(&world, ""), None).await;
    let last = &provider["data"]["last_sync"];
    assert_eq!((&last["id"], &last["status"]), (&json!(id), &json!("success")));
    let (_, list) = send(&world, "GET", "/api/v1/admin/identity-providers/", None).await;
    assert_eq!(list["data"][0]["last_sync"], *last);
}

#[tokio::test]
async fn scaikeys_operations_refuse_what_cannot_be_run() {
    let world = World::start(1).await;
    let (status, reported) =
        send(&world, "POST", &provider_path(&world, "/sync?confirm_vanished=-1&mode=slow"), None).await;
    let kinds: Vec<_> = reported["detail"].as_array().expect("a list").iter().map(|entry| &entry["type"]).collect();
    assert_eq!((status, kinds), (422, vec![&json!("literal_error"), &json!("greater_than_equal")]));
    let off = vestibule::domain::provider::ProviderPatch { enabled: Some(false), ..Default::default() };
    world.patch(off).await;
    let (status, reported) = send(&world, "POST", &provider_path(&world, "/sync"), None).await;
    assert_eq!((status, &reported["detail"]), (400, &json!("The identity provider is disabled")));
    let openid = world.app.create("Okta").await.id.prefixed();
    let (status, reported) =
        send(&world, "POST", &format!("/api/v1/admin/identity-providers/{openid}/sync"), None).await;
    assert_eq!((status, &reported["detail"]), (400, &json!("Only LDAP identity providers can be synchronised")));
}

#[tokio::test]
async fn scaikeys_users_are_read_and_blocked() {
    let world = World::start_with(3, |config| config.groups.enabled = true).await;
    world.slapd.add_group("staff", &[dn("user1")]);
    world.run(FULL).await;
    let (_, page) = send(&world, "GET", "/api/v1/admin/users/?search=USER1&status=active", None).await;
    let user = &page["data"][0];
    let id = user["id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with("usr_"), "{id}");
    assert_eq!((&user["email"], &user["idp_id"]), (&json!("user1@example.com"), &json!(world.provider.id.prefixed())));
    let path = format!("/api/v1/admin/users/{id}");
    let (_, whole) = send(&world, "GET", &path, None).await;
    assert_eq!(whole["data"]["links"][0]["dn"], json!(dn("user1")));
    assert_eq!(whole["data"]["directory_groups"][0]["name"], json!("staff"));
    let (status, blocked) = send(&world, "PATCH", &path, Some(json!({"blocked": true}))).await;
    assert_eq!(
        (status, &blocked["data"]["status"], &blocked["data"]["active"]),
        (200, &json!("blocked"), &json!(true))
    );
    assert_eq!(blocked["data"]["blocked_by"], json!("token platform_admin"));
    let (status, _) = send(&world, "PATCH", &path, Some(json!({"blocked": "perhaps"}))).await;
    assert_eq!(status, 422);
    let (_, page) = send(&world, "GET", "/api/v1/admin/users/?status=blocked", None).await;
    assert_eq!(page["pagination"]["total_items"], json!(1));
    let (status, reported) = send(&world, "GET", "/api/v1/admin/users/usr_7", None).await;
    assert_eq!((status, &reported["detail"]), (404, &json!("User not found")));
}

#[tokio::test]
async fn a_tenants_directory_makes_users_of_that_tenant_and_its_administrator_sees_no_others() {
    let world = World::start(2).await;
    world.run(FULL).await;
    let tenant = world.app.database.insert_tenant("acme", None).await;
    let own = NewProvider { owner: Some(tenant), ..directory("Own", settings(world.slapd.port())) };
    let own = world.app.create_new(own).await.expect("a provider");
    let admin = host_actor("acme's", Grant { role: Role::TenantAdmin, tenant: Some(tenant), partner: None });
    let services = &world.app.services;
    // The same names in another tenant collide with nobody.
    let log = services.syncs.start(&admin, own.id, SyncOptions::default()).await.expect("a log");
    assert_eq!((log.users.created, log.tenant), (2, Some(tenant)));
    let seen = services.users.list(&admin, &UserFilter::default(), ALL).await.expect("users");
    assert_eq!((seen.total, seen.items[0].tenant), (2, tenant));
    let foreign = world.users().await.into_iter().find(|user| user.tenant != tenant).expect("a user").id;
    for result in [
        services.users.get(&admin, foreign).await.map(drop),
        services.users.set_blocked(&admin, foreign, true, None).await.map(drop),
        services.users.delete(&admin, foreign).await,
        services.syncs.start(&admin, world.provider.id, FULL).await.map(drop),
        services.syncs.list_logs(&admin, world.provider.id, ALL).await.map(drop),
    ] {
        assert!(matches!(result, Err(ServiceError::NotFound { .. })), "{result:?}");
    }
    // Users and their links outlive the provider.
    services.providers.delete(&admin, &ProviderRef::Id(own.id)).await.expect("deleted");
    assert_eq!(services.users.list(&admin, &UserFilter::default(), ALL).await.expect("users").total, 2);
}

#[tokio::test]
async fn last_runs_of_providers_that_the_actor_may_not_view_are_left_out() {
    let world = World::start(1).await;
    world.run(FULL).await;
    let partners = world.app.database.insert_tenant("acme", Some("acme")).await;
    let others = world.app.database.insert_tenant("zenith", None).await;
    let mut ids = vec![world.provider.id];
    for (name, owner) in [("Acme", partners), ("Zenith", others)] {
        let own = NewProvider { owner: Some(owner), ..directory(name, settings(world.slapd.port())) };
        let own = world.app.create_new(own).await.expect("a provider");
        world.app.services.syncs.start(&Actor::operator(), own.id, FULL).await.expect("a log");
        ids.push(own.id);
    }
    let last_of = async |role, tenant, partner: Option<&str>| {
        let grant = Grant { role, tenant, partner: partner.map(str::to_owned) };
        let logs = world.app.services.syncs.list_last(&host_actor("somebody", grant), &ids).await;
        logs.map(|logs| {
            let mut seen: Vec<_> =
                logs.iter().filter_map(|log| ids.iter().position(|id| *id == log.provider)).collect();
            seen.sort_unstable();
            seen
        })
    };
    for (role, tenant, partner, seen) in [
        (Role::PlatformAdmin, None, None, vec![0, 1, 2]),
        (Role::PlatformSupport, None, None, vec![0, 1, 2]),
        (Role::PartnerAdmin, None, Some("acme"), vec![1]),
        (Role::TenantAdmin, Some(others), None, vec![2]),
    ] {
        assert_eq!(last_of(role, tenant, partner).await.expect("logs"), seen, "{role:?}");
    }
    let refused = last_of(Role::TenantMember, Some(others), None).await;
    assert!(matches!(refused, Err(ServiceError::Forbidden)), "{refused:?}");
}

#[tokio::test]
async fn the_audit_log_names_who_asked_for_what() {
    let world = World::start(2).await;
    world.run(SyncOptions { confirmed_vanished: Some(3), ..FULL }).await;
    let id = world.user("user0").await.id;
    let users = &world.app.services.users;
    users.set_blocked(&Actor::operator(), id, true, None).await.expect("blocked");
    users.set_blocked(&Actor::operator(), id, false, None).await.expect("unblocked");
    let audit = world.app.services.audit.list(&Actor::operator(), &AuditFilter::default(), ALL).await.expect("the log");
    let actions: Vec<_> = audit.items.iter().map(|entry| (entry.action, entry.object_name.as_str())).collect();
    assert_eq!(
        actions[..3],
        [(AuditAction::Unblocked, "user0"), (AuditAction::Blocked, "user0"), (AuditAction::SyncStarted, "Directory"),]
    );
    let confirmed = audit.items[2].changes.iter().find(|change| change.field == "confirmed_vanished");
    assert_eq!(confirmed.and_then(|change| change.after.as_deref()), Some("3"));
}
