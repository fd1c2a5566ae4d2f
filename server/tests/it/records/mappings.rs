//! Group mappings.

use vestibule::{
    domain::{
        actor::{Actor, Role},
        audit::AuditAction,
        group::{GroupMapping, NewGroup, NewGroupMapping},
        id::{GroupId, GroupMappingId, ProviderId, TenantId},
        problem::{ProblemCode, ServiceError},
    },
    service::{ServiceResult, TenantRef},
};

use super::{Story, actions, admin_of, missing, partner, platform, problem, who_may_not_write};

fn mapping(external: &str, internal: &str) -> NewGroupMapping {
    NewGroupMapping {
        claim: None,
        external_group_id: external.to_owned(),
        external_group_name: None,
        internal_group_id: internal.to_owned(),
    }
}

impl Story {
    /// A provider of the platform that both tenants' users sign in with.
    async fn shared(&self) -> ProviderId {
        let id = self.app.create("Shared").await.id;
        for tenant in [self.a, self.b] {
            self.app.services.assignments.link(&Actor::operator(), &TenantRef::Id(tenant), id).await.expect("a link");
        }
        id
    }

    async fn staff_of(&self, tenant: TenantId) -> GroupId {
        let new = NewGroup { tenant, name: "Staff".to_owned(), description: None };
        self.app.services.groups.create(&Actor::operator(), new).await.expect("a group").id
    }

    async fn map(&self, tenant: TenantId, provider: ProviderId, new: NewGroupMapping) -> ServiceResult<GroupMapping> {
        self.app.services.group_mappings.create(&admin_of(tenant), &TenantRef::Id(tenant), provider, new).await
    }

    async fn mappings(&self, tenant: TenantId, provider: ProviderId) -> ServiceResult<Vec<GroupMapping>> {
        self.app.services.group_mappings.list(&admin_of(tenant), &TenantRef::Id(tenant), provider).await
    }
}

#[tokio::test]
async fn every_spelling_of_a_group_is_kept_as_its_prefixed_identifier() {
    let story = Story::begin().await;
    let (provider, staff) = (story.shared().await, story.staff_of(story.a).await);
    let spellings = [staff.prefixed(), staff.to_string(), staff.0.simple().to_string(), format!(" {staff} ")];
    for (index, spelling) in spellings.iter().enumerate() {
        let made = story.map(story.a, provider, mapping(&format!("group {index}"), spelling)).await.expect("a mapping");
        assert_eq!(made.internal_group_id, staff.prefixed(), "{spelling}");
        assert_eq!(made.internal_group_name.as_deref(), Some("Staff"));
        assert_eq!(made.claim, "groups");
    }
    let listed = story.mappings(story.a, provider).await.expect("the mappings");
    let externals: Vec<_> = listed.iter().map(|one| one.external_group_id.as_str()).collect();
    assert_eq!(externals, ["group 0", "group 1", "group 2", "group 3"]);
    assert!(listed.iter().all(|one| one.internal_group_name.as_deref() == Some("Staff")));
}

#[tokio::test]
async fn any_other_text_is_kept_as_it_stands() {
    let story = Story::begin().await;
    let provider = story.shared().await;
    let unknown = GroupId(uuid::Uuid::from_u128(7));
    for text in ["engineering", "grp_unknown", &unknown.prefixed(), &unknown.to_string()] {
        let made = story.map(story.a, provider, mapping(text, text)).await.expect("a mapping");
        assert_eq!((made.internal_group_id.as_str(), made.internal_group_name), (text, None), "{text}");
    }
    let listed = story.mappings(story.a, provider).await.expect("the mappings");
    assert!(listed.iter().all(|one| one.internal_group_name.is_none()), "{listed:?}");
}

#[tokio::test]
async fn a_group_of_another_tenant_is_refused_in_every_spelling() {
    let story = Story::begin().await;
    let (provider, foreign) = (story.shared().await, story.staff_of(story.b).await);
    let words = |outcome: ServiceResult<GroupMapping>| match outcome {
        Err(ServiceError::Invalid { problems }) => {
            assert_eq!((problems.len(), problems[0].field.as_str()), (1, "internal_group_id"));
            problems[0].message.clone()
        }
        other => panic!("{other:?}"),
    };
    for text in [foreign.prefixed(), foreign.to_string(), foreign.0.simple().to_string(), format!(" {foreign} ")] {
        // A caller who may not see the other tenant learns nothing of it.
        let message = words(story.map(story.a, provider, mapping("x", &text)).await);
        assert!(message.contains("no group of this tenant") && !message.contains("Staff"), "{message}");
        let service = &story.app.services.group_mappings;
        let operator = Actor::operator();
        let outcome = service.create(&operator, &TenantRef::Id(story.a), provider, mapping("x", &text)).await;
        let message = words(outcome);
        assert!(message.contains("the group Staff of the tenant"), "{message}");
    }
    assert_eq!(story.mappings(story.a, provider).await, Ok(Vec::new()));
}

#[tokio::test]
async fn claim_and_names_are_kept_trimmed() {
    let story = Story::begin().await;
    let provider = story.shared().await;
    let new = NewGroupMapping {
        claim: Some(" roles ".to_owned()),
        external_group_name: Some(" Admins ".to_owned()),
        ..mapping(" CN=Admins,DC=corp ", "x")
    };
    let made = story.map(story.a, provider, new).await.expect("a mapping");
    assert_eq!((made.claim.as_str(), made.external_group_name.as_deref()), ("roles", Some("Admins")));
    assert_eq!(made.external_group_id, "CN=Admins,DC=corp");
    assert_eq!(story.mappings(story.a, provider).await, Ok(vec![made.clone()]));
    let entries = story.log(made.id).await;
    assert_eq!(actions(&entries), [AuditAction::Created]);
    assert_eq!((entries[0].object_name.as_str(), entries[0].tenant), ("Admins", Some(story.a)));
}

#[tokio::test]
async fn the_same_pair_a_second_time_is_a_problem() {
    let story = Story::begin().await;
    let (provider, staff) = (story.shared().await, story.staff_of(story.a).await);
    story.map(story.a, provider, mapping("x", &staff.prefixed())).await.expect("a mapping");
    let again = story.map(story.a, provider, mapping("x", &staff.to_string())).await;
    assert_eq!(problem(again), ("external_group_id".to_owned(), ProblemCode::Taken));
    // The same names for another tenant, or one of them with another group, are other pairs.
    let theirs = story.staff_of(story.b).await;
    assert!(story.map(story.b, provider, mapping("x", &theirs.prefixed())).await.is_ok());
    assert!(story.map(story.a, provider, mapping("x", "other")).await.is_ok());
    assert!(story.map(story.a, provider, mapping("y", &staff.prefixed())).await.is_ok());
}

#[tokio::test]
async fn bad_input_is_reported_by_field() {
    let story = Story::begin().await;
    let provider = story.shared().await;
    for (new, field) in [
        (mapping(" ", "x"), "external_group_id"),
        (mapping("x", ""), "internal_group_id"),
        (mapping(&"x".repeat(1025), "x"), "external_group_id"),
        (NewGroupMapping { claim: Some(String::new()), ..mapping("x", "x") }, "claim"),
        (NewGroupMapping { external_group_name: Some("a\0".to_owned()), ..mapping("x", "x") }, "external_group_name"),
    ] {
        assert_eq!(problem(story.map(story.a, provider, new).await).0, field);
    }
}

#[tokio::test]
async fn a_mapping_outlives_its_group_and_names_an_unknown_one_then() {
    let story = Story::begin().await;
    let (provider, staff) = (story.shared().await, story.staff_of(story.a).await);
    story.map(story.a, provider, mapping("x", &staff.prefixed())).await.expect("a mapping");
    story.app.services.groups.delete(&Actor::operator(), staff).await.expect("a deletion");
    let listed = story.mappings(story.a, provider).await.expect("the mappings");
    assert_eq!((listed[0].internal_group_id.as_str(), &listed[0].internal_group_name), (&*staff.prefixed(), &None));
}

#[tokio::test]
async fn a_mapping_is_removed_where_it_belongs_and_once() {
    let story = Story::begin().await;
    let provider = story.shared().await;
    let other = story.app.create_for(story.a, "Other").await.id;
    let made = story.map(story.a, provider, mapping("x", "y")).await.expect("a mapping");
    let delete = async |tenant, provider, id| {
        story.app.services.group_mappings.delete(&admin_of(tenant), &TenantRef::Id(tenant), provider, id).await
    };
    assert_eq!(delete(story.b, provider, made.id).await, missing("group mapping"));
    assert_eq!(delete(story.a, other, made.id).await, missing("group mapping"));
    assert_eq!(delete(story.a, provider, GroupMappingId(uuid::Uuid::from_u128(7))).await, missing("group mapping"));
    assert_eq!(delete(story.a, provider, made.id).await, Ok(()));
    assert_eq!(delete(story.a, provider, made.id).await, missing("group mapping"));
    assert_eq!(actions(&story.log(made.id).await), [AuditAction::Created, AuditAction::Deleted]);
}

#[tokio::test]
async fn the_provider_must_be_linked_to_the_tenant() {
    let story = Story::begin().await;
    let app = &story.app;
    let unlinked = app.create("Unlinked").await.id;
    let own = app.create_for(story.a, "Own").await.id;
    let foreign = app.create_for(story.b, "Foreign").await.id;
    assert!(story.map(story.a, own, mapping("x", "y")).await.is_ok());
    app.services.assignments.unlink(&admin_of(story.a), &TenantRef::Id(story.a), own).await.expect("unlinked");
    for provider in [unlinked, foreign, own, ProviderId(uuid::Uuid::from_u128(7))] {
        assert_eq!(story.map(story.a, provider, mapping("x", "z")).await, missing("identity provider"));
        assert_eq!(story.mappings(story.a, provider).await, missing("identity provider"));
    }
    // Linked again, its mappings are there again.
    app.services.assignments.link(&admin_of(story.a), &TenantRef::Id(story.a), own).await.expect("a link");
    assert_eq!(story.mappings(story.a, own).await.map(|list| list.len()), Ok(1));
}

#[tokio::test]
async fn another_tenants_mappings_do_not_exist() {
    let story = Story::begin().await;
    let service = &story.app.services.group_mappings;
    let provider = story.shared().await;
    let made = story.map(story.b, provider, mapping("x", "y")).await.expect("a mapping");
    let foreign = TenantRef::Id(story.b);
    for actor in [admin_of(story.a), partner("acme")] {
        for tenant in [&foreign, &TenantRef::parse("nowhere")] {
            assert_eq!(service.list(&actor, tenant, provider).await, missing("tenant"));
            assert_eq!(service.create(&actor, tenant, provider, mapping("x", "z")).await, missing("tenant"));
            assert_eq!(service.delete(&actor, tenant, provider, made.id).await, missing("tenant"));
            assert_eq!(service.list_external_groups(&actor, tenant, provider).await, missing("tenant"));
        }
    }
    for (actor, error) in who_may_not_write(story.b) {
        let outcome = service.create(&actor, &foreign, provider, mapping("x", "z")).await;
        assert_eq!(outcome, Err(error.clone()));
        assert_eq!(service.delete(&actor, &foreign, provider, made.id).await, Err(error));
    }
    assert!(service.list(&platform(Role::PlatformReader), &TenantRef::parse("b"), provider).await.is_ok());
    let support = service.list(&platform(Role::PlatformSupport), &foreign, provider).await;
    assert_eq!(support, Err(ServiceError::Forbidden));
}

#[tokio::test]
async fn known_external_groups_are_those_within_reach() {
    let story = Story::begin().await;
    let provider = story.shared().await;
    let own = story.app.create_for(story.a, "Own").await.id;
    for (tenant, provider, external) in
        [(story.a, provider, "b"), (story.a, own, "a"), (story.a, own, "b"), (story.b, provider, "secret of b")]
    {
        story.map(tenant, provider, mapping(external, external)).await.expect("a mapping");
    }
    let known = async |actor: Actor| {
        let service = &story.app.services.group_mappings;
        service.list_external_groups(&actor, &TenantRef::Id(story.a), provider).await.expect("the groups")
    };
    assert_eq!(known(admin_of(story.a)).await, ["a", "b"]);
    assert_eq!(known(partner("acme")).await, ["a", "b"]);
    assert_eq!(known(Actor::operator()).await, ["a", "b", "secret of b"]);
}
