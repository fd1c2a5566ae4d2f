//! Who may test what.

use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        id::{ProviderId, TenantId},
        problem::ServiceError,
        provider::ConfigInput,
        tenant::NewTenant,
    },
    service::{ServiceResult, TenantRef},
};

use super::{entered, silent_directory};
use crate::support::{ALL, TestApp, app::host_actor};

fn name(result: ServiceResult<impl Sized>) -> &'static str {
    match result {
        Ok(_) => "allowed",
        Err(ServiceError::Unauthenticated) => "unauthenticated",
        Err(ServiceError::Forbidden) => "forbidden",
        Err(ServiceError::NotFound { .. }) => "not found",
        Err(error) => panic!("{error}"),
    }
}

async fn actor(app: &TestApp, role: Role) -> Actor {
    host_actor(role.as_str(), app.grant(role).await)
}

async fn tenant(app: &TestApp, slug: &str) -> TenantId {
    let new =
        NewTenant { slug: Some(slug.to_owned()), name: slug.to_owned(), partner: None, status: Default::default() };
    app.services.tenants.create(&Actor::operator(), new).await.expect("a tenant").id
}

#[tokio::test]
async fn anyone_who_manages_a_provider_may_test_it_and_whoever_sees_it_sees_its_tests() {
    let app = TestApp::start().await;
    let own = app.create_for(app.default_tenant().await, "Own").await.id;
    let foreign = app.create_for(tenant(&app, "other").await, "Foreign").await.id;
    let platform = app.create("Platform").await.id;
    let test = async |actor: &Actor, id: ProviderId| name(app.services.connections.test(actor, id, None).await);
    let see = async |actor: &Actor, id: ProviderId| name(app.services.connections.list_history(actor, id, ALL).await);
    for (role, own_test, foreign_test, platform_test, platform_history) in [
        (Role::PlatformAdmin, "allowed", "allowed", "allowed", "allowed"),
        (Role::PlatformReader, "forbidden", "forbidden", "forbidden", "allowed"),
        (Role::PlatformSupport, "forbidden", "forbidden", "forbidden", "allowed"),
        (Role::TenantAdmin, "allowed", "not found", "not found", "not found"),
        (Role::TenantMember, "forbidden", "forbidden", "forbidden", "forbidden"),
    ] {
        let actor = actor(&app, role).await;
        assert_eq!(test(&actor, own).await, own_test, "{role:?}");
        assert_eq!(test(&actor, foreign).await, foreign_test, "{role:?}");
        assert_eq!(test(&actor, platform).await, platform_test, "{role:?}");
        assert_eq!(see(&actor, platform).await, platform_history, "{role:?}");
    }
    assert_eq!(test(&Actor::anonymous(None), own).await, "unauthenticated");
    assert_eq!(see(&Actor::anonymous(None), own).await, "unauthenticated");
}

#[tokio::test]
async fn a_tenant_may_test_what_its_users_sign_in_with() {
    let app = TestApp::start().await;
    let default = app.default_tenant().await;
    let other = tenant(&app, "other").await;
    let shared = app.create("Shared").await.id;
    let unlinked = app.create("Unlinked").await.id;
    let foreign = app.create_for(other, "Foreign").await.id;
    app.services.assignments.link(&Actor::operator(), &TenantRef::Id(default), shared).await.expect("linked");
    let administrator = actor(&app, Role::TenantAdmin).await;
    let test = async |actor: &Actor, tenant: TenantId, id: ProviderId| {
        name(app.services.connections.test_for_tenant(actor, &TenantRef::Id(tenant), id).await)
    };
    assert_eq!(test(&administrator, default, shared).await, "allowed");
    assert_eq!(test(&administrator, default, unlinked).await, "not found");
    assert_eq!(test(&administrator, default, foreign).await, "not found");
    assert_eq!(test(&administrator, other, foreign).await, "not found");
    assert_eq!(test(&actor(&app, Role::PlatformReader).await, default, shared).await, "forbidden");
    assert_eq!(test(&actor(&app, Role::TenantMember).await, default, shared).await, "forbidden");
    assert_eq!(test(&Actor::anonymous(None), default, shared).await, "unauthenticated");
    let by_slug = TenantRef::Slug("default".to_owned());
    let tests = &app.services.connections;
    assert_eq!(name(tests.test_for_tenant(&administrator, &by_slug, shared).await), "allowed");
    let kept = tests.list_history(&Actor::operator(), shared, ALL).await.expect("the history");
    assert_eq!((kept.total, kept.items[0].by.as_str()), (2, "tenant_admin"));
}

#[tokio::test]
async fn unsaved_settings_are_tested_for_whoever_could_save_them() {
    let app = TestApp::start().await;
    let default = app.default_tenant().await;
    let platform = app.create("Platform").await.id;
    let config = ConfigInput::Oidc(entered(app.openid.discovery_url()));
    let test = async |actor: &Actor, owner: Option<TenantId>, provider: Option<ProviderId>| {
        name(app.services.connections.test_unsaved(actor, owner, provider, config.clone(), None, None).await)
    };
    let administrator = actor(&app, Role::TenantAdmin).await;
    assert_eq!(test(&administrator, Some(default), None).await, "allowed");
    assert_eq!(test(&administrator, None, None).await, "not found");
    // Nobody learns from a test whether a provider has a secret.
    assert_eq!(test(&administrator, Some(default), Some(platform)).await, "not found");
    assert_eq!(test(&actor(&app, Role::PlatformReader).await, None, None).await, "forbidden");
    assert_eq!(test(&host_actor("nobody", Grant::platform(Role::PlatformSupport)), None, None).await, "forbidden");
    assert_eq!(test(&Actor::anonymous(None), None, None).await, "unauthenticated");
}

#[tokio::test]
async fn a_tenant_learns_that_a_directory_of_others_fails_and_not_where_it_is() {
    let app = TestApp::start().await;
    let default = app.default_tenant().await;
    let shared = app.create_new(silent_directory("Shared")).await.expect("a provider").id;
    app.services.assignments.link(&Actor::operator(), &TenantRef::Id(default), shared).await.expect("linked");
    let connections = &app.services.connections;
    let report = async |actor: &Actor| {
        let report = connections.test_for_tenant(actor, &TenantRef::Id(default), shared).await.expect("a report");
        serde_json::to_string(&report).expect("JSON")
    };
    let reported = report(&actor(&app, Role::TenantAdmin).await).await;
    assert!(reported.contains("\"failed\"") && reported.contains("This does not work."), "{reported}");
    assert!(!reported.contains("127.0.0.1"), "{reported}");
    assert!(report(&Actor::operator()).await.contains("127.0.0.1"));
    // What is kept is for those who manage it, and so is whole.
    let kept = connections.list_history(&Actor::operator(), shared, ALL).await.expect("the history");
    assert!(kept.items.iter().all(|record| record.report.message().contains("127.0.0.1")));
}
