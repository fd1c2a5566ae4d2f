//! Groups of tenants.

use vestibule::domain::{
    actor::{Actor, Role},
    audit::AuditAction,
    group::{Group, GroupFilter, GroupPatch, NewGroup},
    id::{GroupId, TenantId},
    patch::Patch,
    problem::{ProblemCode, ServiceError},
};

use super::{Story, actions, admin_of, changed, missing, partner, platform, problem, who_may_not_write};
use crate::support::ALL;

fn group(tenant: TenantId, name: &str) -> NewGroup {
    NewGroup { tenant, name: name.to_owned(), description: None }
}

impl Story {
    async fn group(&self, tenant: TenantId, name: &str) -> Group {
        self.app.services.groups.create(&Actor::operator(), group(tenant, name)).await.expect("a group")
    }

    async fn names(&self, actor: &Actor, filter: GroupFilter) -> Vec<String> {
        let page = self.app.services.groups.list(actor, &filter, ALL).await.expect("the groups");
        assert_eq!(page.items.len() as u64, page.total);
        page.items.into_iter().map(|group| group.name).collect()
    }
}

#[tokio::test]
async fn a_group_is_created_changed_and_deleted() {
    let story = Story::begin().await;
    let service = &story.app.services.groups;
    let admin = admin_of(story.a);
    let new = NewGroup { description: Some(" Who works here ".to_owned()), ..group(story.a, " Staff ") };
    let created = service.create(&admin, new).await.expect("a group");
    assert_eq!((created.name.as_str(), created.description.as_deref()), ("Staff", Some("Who works here")));
    assert_eq!(service.get(&admin, created.id).await.as_ref(), Ok(&created));
    story.app.clock.advance(5);
    let patch = GroupPatch { name: Some("People".to_owned()), description: Patch::Clear };
    let after = service.update(&admin, created.id, patch, Some(1)).await.expect("a change");
    assert_eq!((after.name.as_str(), after.description.as_deref(), after.version), ("People", None, 2));
    assert_eq!(after.updated_at, Some(created.created_at.plus_seconds(5)));
    assert_eq!(service.get(&admin, created.id).await.as_ref(), Ok(&after));
    service.delete(&admin, created.id).await.expect("a deletion");
    assert_eq!(service.get(&admin, created.id).await, missing("group"));
    assert_eq!(service.delete(&admin, created.id).await, missing("group"));
    let entries = story.log(created.id).await;
    assert_eq!(actions(&entries), [AuditAction::Created, AuditAction::Updated, AuditAction::Deleted]);
    let expected = [changed("name", "Staff", "People"), changed("description", "Who works here", "")];
    assert_eq!(entries[1].changes, expected);
    assert!(entries.iter().all(|entry| entry.tenant == Some(story.a)));
}

#[tokio::test]
async fn a_name_is_unique_within_its_tenant() {
    let story = Story::begin().await;
    let service = &story.app.services.groups;
    let staff = story.group(story.a, "Staff").await;
    let other = story.group(story.a, "Others").await;
    story.group(story.b, "Staff").await;
    let again = service.create(&Actor::operator(), group(story.a, " Staff ")).await;
    assert_eq!(problem(again), ("name".to_owned(), ProblemCode::Taken));
    let rename = async |id, name: &str| {
        let patch = GroupPatch { name: Some(name.to_owned()), ..GroupPatch::default() };
        service.update(&Actor::operator(), id, patch, None).await
    };
    assert_eq!(problem(rename(other.id, "Staff").await), ("name".to_owned(), ProblemCode::Taken));
    assert!(rename(staff.id, "Staff").await.is_ok(), "its own name is its own");
    assert!(rename(staff.id, "staff").await.is_ok(), "letter case counts");
    service.delete(&Actor::operator(), staff.id).await.expect("a deletion");
    assert!(rename(other.id, "staff").await.is_ok(), "a deleted group's name is free");
}

#[tokio::test]
async fn bad_input_is_reported_by_field() {
    let story = Story::begin().await;
    for name in ["", " ", "a\0b", &"x".repeat(256)] {
        let outcome = story.app.services.groups.create(&Actor::operator(), group(story.a, name)).await;
        assert_eq!(problem(outcome).0, "name", "{name:?}");
    }
    let new = NewGroup { description: Some("x".repeat(1001)), ..group(story.a, "Staff") };
    let outcome = story.app.services.groups.create(&Actor::operator(), new).await;
    assert_eq!(problem(outcome), ("description".to_owned(), ProblemCode::TooLong { limit: 1000 }));
}

#[tokio::test]
async fn an_older_version_is_refused() {
    let story = Story::begin().await;
    let id = story.group(story.a, "Staff").await.id;
    let update = async |version| {
        let patch = GroupPatch { name: Some("Everybody".to_owned()), ..GroupPatch::default() };
        story.app.services.groups.update(&Actor::operator(), id, patch, version).await
    };
    assert_eq!(update(Some(1)).await.map(|group| group.version), Ok(2));
    assert_eq!(update(Some(1)).await, Err(ServiceError::Conflict { what: "group".to_owned(), by: None }));
    // What is so already is no change of its own.
    assert_eq!(update(None).await.map(|group| group.version), Ok(2));
}

#[tokio::test]
async fn lists_end_at_the_reach_and_search_in_any_letter_case() {
    let story = Story::begin().await;
    for (tenant, name) in [(story.a, "Ärzte"), (story.a, "Staff"), (story.b, "Ärzte B")] {
        story.group(tenant, name).await;
    }
    let all = GroupFilter::default;
    assert_eq!(story.names(&Actor::operator(), all()).await, ["Staff", "Ärzte", "Ärzte B"]);
    assert_eq!(story.names(&platform(Role::PlatformReader), all()).await.len(), 3);
    assert_eq!(story.names(&admin_of(story.a), all()).await, ["Staff", "Ärzte"]);
    assert_eq!(story.names(&partner("acme"), all()).await, ["Staff", "Ärzte"]);
    let of_b = GroupFilter { tenant: Some(story.b), search: None };
    assert_eq!(story.names(&Actor::operator(), of_b.clone()).await, ["Ärzte B"]);
    assert_eq!(story.names(&admin_of(story.a), of_b).await, Vec::<String>::new());
    let search = GroupFilter { tenant: Some(story.a), search: Some("ÄRZ".to_owned()) };
    assert_eq!(story.names(&Actor::operator(), search).await, ["Ärzte"]);
}

#[tokio::test]
async fn another_tenants_group_does_not_exist() {
    let story = Story::begin().await;
    let service = &story.app.services.groups;
    let foreign = story.group(story.b, "Staff").await.id;
    for actor in [admin_of(story.a), partner("acme")] {
        for id in [foreign, GroupId(uuid::Uuid::from_u128(7))] {
            assert_eq!(service.get(&actor, id).await, missing("group"));
            assert_eq!(service.update(&actor, id, GroupPatch::default(), None).await, missing("group"));
            assert_eq!(service.delete(&actor, id).await, missing("group"));
        }
        for tenant in [story.b, TenantId(uuid::Uuid::from_u128(7))] {
            assert_eq!(service.create(&actor, group(tenant, "New")).await, missing("tenant"));
        }
    }
}

#[tokio::test]
async fn who_may_not_write_learns_nothing() {
    let story = Story::begin().await;
    let service = &story.app.services.groups;
    let there = story.group(story.a, "Staff").await.id;
    for (actor, error) in who_may_not_write(story.a) {
        for id in [there, GroupId(uuid::Uuid::from_u128(7))] {
            assert_eq!(service.update(&actor, id, GroupPatch::default(), None).await, Err(error.clone()));
            assert_eq!(service.delete(&actor, id).await, Err(error.clone()));
        }
        assert_eq!(service.create(&actor, group(story.a, "New")).await, Err(error));
    }
    assert!(service.get(&platform(Role::PlatformReader), there).await.is_ok());
    assert_eq!(service.get(&platform(Role::PlatformSupport), there).await, Err(ServiceError::Forbidden));
}
