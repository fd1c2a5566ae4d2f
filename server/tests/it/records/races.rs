//! Two nodes at once.

use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        audit::AuditAction,
        group::NewGroup,
        problem::ServiceError,
        tenant::NewTenant,
    },
    service::{ProviderRef, TenantRef},
};

use super::{Story, actions, admin_of, named};
use crate::support::{ALL, TestApp};

#[tokio::test]
async fn two_who_link_at_once_leave_one_link_and_one_entry() {
    let story = Story::begin().await;
    let other = story.app.second_node().await;
    let shared = story.app.create("Shared").await;
    let (operator, a) = (Actor::operator(), TenantRef::Id(story.a));
    let (first, second) = tokio::join!(
        story.app.services.assignments.link(&operator, &a, shared.id),
        other.services.assignments.link(&operator, &a, shared.id)
    );
    assert!(first.is_ok() && second.is_ok(), "{first:?} {second:?}");
    let rows = story.app.services.assignments.list_provider_rows(&operator, story.a, ALL).await.expect("the rows");
    assert_eq!(rows.total, 1);
    assert_eq!(actions(&story.log(shared.id).await), [AuditAction::Created, AuditAction::Linked]);
}

#[tokio::test]
async fn of_two_tenants_with_the_same_slug_one_is_created() {
    let story = Story::begin().await;
    let other = story.app.second_node().await;
    let operator = Actor::operator();
    let new = NewTenant { slug: Some("same".to_owned()), ..named("Same") };
    let (first, second) = tokio::join!(
        story.app.services.tenants.create(&operator, new.clone()),
        other.services.tenants.create(&operator, new)
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let refused = first.err().or(second.err());
    assert!(matches!(refused, Some(ServiceError::Invalid { .. })), "{refused:?}");
}

#[tokio::test]
async fn of_two_groups_with_the_same_name_one_is_created() {
    let story = Story::begin().await;
    let other = story.app.second_node().await;
    let operator = Actor::operator();
    let new = NewGroup { tenant: story.a, name: "Staff".to_owned(), description: None };
    let (first, second) = tokio::join!(
        story.app.services.groups.create(&operator, new.clone()),
        other.services.groups.create(&operator, new)
    );
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    let refused = first.err().or(second.err());
    assert!(matches!(refused, Some(ServiceError::Invalid { .. })), "{refused:?}");
}

#[tokio::test]
async fn whatever_is_added_while_a_tenant_is_deleted_goes_with_it_or_is_refused() {
    for _ in 0..5 {
        let story = Story::begin().await;
        let other = story.app.second_node().await;
        let shared = story.app.create("Shared").await;
        let (operator, a) = (Actor::operator(), TenantRef::Id(story.a));
        let new = NewGroup { tenant: story.a, name: "Staff".to_owned(), description: None };
        let token = vestibule::domain::token::NewApiToken {
            name: "ci".to_owned(),
            grant: admin_of(story.a).grant.expect("a grant"),
            lifetime_seconds: None,
        };
        let (deleted, ..) = tokio::join!(
            story.app.services.tenants.delete(&operator, story.a),
            other.services.groups.create(&operator, new),
            other.services.assignments.link(&operator, &a, shared.id),
            other.services.tokens.create(&operator, token)
        );
        assert_eq!(deleted, Ok(()));
        for left in
            ["vestibule_groups", "vestibule_tenant_identity_providers", "vestibule_api_tokens WHERE revoked_at IS NULL"]
        {
            let rows = story.app.database.texts(&format!("SELECT CAST(1 AS TEXT) FROM {left}")).await;
            assert!(rows.is_empty(), "{left}");
        }
    }
}

#[tokio::test]
async fn a_provider_that_is_linked_while_it_is_deleted_is_linked_to_nobody() {
    for _ in 0..5 {
        let story = Story::begin().await;
        let other = story.app.second_node().await;
        let shared = story.app.create("Shared").await;
        let (operator, a) = (Actor::operator(), TenantRef::Id(story.a));
        let reference = ProviderRef::Id(shared.id);
        let (deleted, _) = tokio::join!(
            story.app.services.providers.delete(&operator, &reference),
            other.services.assignments.link(&operator, &a, shared.id)
        );
        assert_eq!(deleted, Ok(()));
        let rows = story.app.database.texts("SELECT CAST(1 AS TEXT) FROM vestibule_tenant_identity_providers").await;
        assert!(rows.is_empty());
    }
}

/// The one who is removed was no platform administrator when that was decided, and is the only one when it happens.
#[tokio::test]
async fn somebody_who_is_promoted_while_being_removed_does_not_leave_nobody() {
    for _ in 0..5 {
        let app = TestApp::start().await;
        let other = app.second_node().await;
        let admin = Grant::platform(Role::PlatformAdmin);
        let reader = Grant::platform(Role::PlatformReader);
        let ada = app.administrator("ada@example.com", reader.clone()).await;
        let grace = app.administrator("grace@example.com", admin.clone()).await;
        let operator = Actor::operator();
        let replace = async {
            other.services.administrators.set_grant(&operator, ada.id, admin, 1).await?;
            other.services.administrators.set_grant(&operator, grace.id, reader, 1).await
        };
        let (_removed, _replaced) = tokio::join!(app.services.administrators.delete(&operator, ada.id), replace);
        let left = app.database.texts("SELECT email FROM vestibule_administrators WHERE role = 'platform_admin'").await;
        assert!(!left.is_empty());
    }
}
