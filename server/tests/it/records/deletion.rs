//! Deleting a tenant, and what goes with it.

use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        audit::AuditAction,
        group::{GroupFilter, NewGroup, NewGroupMapping},
        problem::{ProblemCode, ServiceError},
        tenant::NewTenant,
        token::NewApiToken,
    },
    service::{ProviderRef, TenantRef},
};

use super::{Story, actions, admin_of, create, missing, named, problem};
use crate::support::ALL;

#[tokio::test]
async fn everything_of_a_deleted_tenant_goes_with_it() {
    let story = Story::begin().await;
    let (app, services, operator) = (&story.app, &story.app.services, Actor::operator());
    let own = app.create_for(story.a, "Own").await;
    let shared = app.create("Shared").await;
    let (a, b) = (TenantRef::Id(story.a), TenantRef::Id(story.b));
    for (tenant, provider) in [(&a, shared.id), (&b, shared.id), (&b, own.id)] {
        services.assignments.link(&operator, tenant, provider).await.expect("a link");
    }
    let group = NewGroup { tenant: story.a, name: "Staff".to_owned(), description: None };
    services.groups.create(&operator, group).await.expect("a group");
    let mapping = NewGroupMapping {
        claim: None,
        external_group_id: "x".to_owned(),
        external_group_name: None,
        internal_group_id: "y".to_owned(),
    };
    for (tenant, provider) in [(&a, own.id), (&a, shared.id), (&b, own.id), (&b, shared.id)] {
        services.group_mappings.create(&operator, tenant, provider, mapping.clone()).await.expect("a mapping");
    }
    let grant = Grant { role: Role::TenantAdmin, tenant: Some(story.a), partner: None };
    let admin = app.administrator("admin@example.com", grant.clone()).await;
    let visitor = app.sign_in("admin@example.com").await;
    let new = NewApiToken { name: "ci".to_owned(), grant, lifetime_seconds: None };
    let (token_id, token) = app.new_token(new).await;

    services.tenants.delete(&operator, story.a).await.expect("a deletion");

    assert_eq!(services.tenants.get(&operator, &a).await, missing("tenant"));
    assert_eq!(services.tenants.delete(&operator, story.a).await, missing("tenant"));
    assert_eq!(services.providers.get(&operator, &ProviderRef::Id(own.id)).await, missing("identity provider"));
    assert_eq!(services.assignments.get_provider(&operator, &b, own.id).await, missing("identity provider"));
    assert_eq!(services.tokens.authenticate(&token).await, Err(ServiceError::Unauthenticated));
    app.call(&visitor, "session/list", serde_json::json!({})).await.expect(401);
    let groups = services.groups.list(&operator, &GroupFilter::default(), ALL).await.expect("the groups");
    assert_eq!(groups.total, 0);
    // What is the platform's or another tenant's stays.
    assert!(services.providers.get(&operator, &ProviderRef::Id(shared.id)).await.is_ok());
    let of_shared = services.assignments.list_tenants(&operator, shared.id, ALL).await.expect("the tenants");
    assert_eq!(of_shared.items.iter().map(|row| row.id).collect::<Vec<_>>(), [story.b]);
    for (table, left) in [
        ("vestibule_group_mappings", 1),
        ("vestibule_tenant_identity_providers", 1),
        ("vestibule_administrators", 0),
        ("vestibule_sessions", 0),
        ("vestibule_identity_providers WHERE secrets IS NOT NULL", 1),
    ] {
        let rows = app.database.texts(&format!("SELECT CAST(1 AS TEXT) FROM {table}")).await;
        assert_eq!(rows.len(), left, "{table}");
    }

    for (id, last) in [
        (story.a.to_string(), AuditAction::Deleted),
        (own.id.to_string(), AuditAction::Deleted),
        (admin.id.to_string(), AuditAction::Deleted),
        (token_id.to_string(), AuditAction::Revoked),
    ] {
        assert_eq!(actions(&story.log(&id).await).last(), Some(&last), "{id}");
    }
    let entry = story.log(story.a).await.pop().expect("an entry");
    let counts: Vec<_> = entry.changes.iter().map(|change| (change.field.as_str(), change.before.as_deref())).collect();
    assert_eq!(counts, [("shared_providers", Some("1")), ("groups", Some("1"))]);
}

#[tokio::test]
async fn the_default_tenant_stays() {
    let story = Story::begin().await;
    let default = story.app.default_tenant().await;
    let outcome = story.app.services.tenants.delete(&Actor::operator(), default).await;
    assert_eq!(problem(outcome), ("tenant".to_owned(), ProblemCode::NotAllowed));
    assert!(story.app.services.tenants.get(&Actor::operator(), &TenantRef::Id(default)).await.is_ok());
}

#[tokio::test]
async fn the_slug_of_a_deleted_tenant_is_free_again() {
    let story = Story::begin().await;
    let provider = story.app.create_for(story.a, "Okta").await;
    story.app.services.tenants.delete(&Actor::operator(), story.a).await.expect("a deletion");
    let again = create(&story.app, NewTenant { slug: Some("a".to_owned()), ..named("A") }).await;
    assert_ne!(again.id, story.a);
    let same = story.app.create_for(again.id, "Okta").await;
    assert_eq!(same.slug, provider.slug);
    let found = story.app.services.tenants.get(&Actor::operator(), &TenantRef::parse("a")).await;
    assert_eq!(found.map(|tenant| tenant.id), Ok(again.id));
}

#[tokio::test]
async fn nothing_can_be_added_to_a_deleted_tenant() {
    let story = Story::begin().await;
    let (services, operator) = (&story.app.services, Actor::operator());
    let shared = story.app.create("Shared").await;
    services.tenants.delete(&operator, story.a).await.expect("a deletion");
    let group = NewGroup { tenant: story.a, name: "Staff".to_owned(), description: None };
    assert_eq!(services.groups.create(&operator, group.clone()).await, missing("tenant"));
    assert_eq!(services.groups.create(&admin_of(story.a), group).await, missing("tenant"));
    let link = services.assignments.link(&operator, &TenantRef::Id(story.a), shared.id).await;
    assert_eq!(link, missing("tenant"));
    let grant = admin_of(story.a).grant.expect("a grant");
    let new = NewApiToken { name: "ci".to_owned(), grant, lifetime_seconds: None };
    let token = services.tokens.create(&operator, new).await.map(|(token, _)| token);
    assert_eq!(problem(token), ("tenant".to_owned(), ProblemCode::Unknown));
}

#[tokio::test]
async fn a_deleted_provider_takes_its_assignments_and_mappings_with_it() {
    let story = Story::begin().await;
    let (app, services, operator) = (&story.app, &story.app.services, Actor::operator());
    let shared = app.create("Shared").await;
    for tenant in [story.a, story.b] {
        services.assignments.link(&operator, &TenantRef::Id(tenant), shared.id).await.expect("a link");
    }
    let mapping = NewGroupMapping {
        claim: None,
        external_group_id: "x".to_owned(),
        external_group_name: None,
        internal_group_id: "y".to_owned(),
    };
    services.group_mappings.create(&operator, &TenantRef::Id(story.a), shared.id, mapping).await.expect("a mapping");
    let impact = services.providers.get_impact(&operator, shared.id).await.expect("the impact");
    assert_eq!((impact.tenants, impact.group_mappings), (2, 1));
    services.providers.delete(&operator, &ProviderRef::Id(shared.id)).await.expect("a deletion");
    let rows = services.assignments.list_provider_rows(&operator, story.a, ALL).await.expect("the rows");
    assert_eq!(rows.total, 0);
    for table in ["vestibule_group_mappings", "vestibule_tenant_identity_providers"] {
        assert!(app.database.texts(&format!("SELECT CAST(1 AS TEXT) FROM {table}")).await.is_empty(), "{table}");
    }
}
