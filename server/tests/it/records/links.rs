//! Assignments: who may link what to whom, and who sees it.

use vestibule::{
    domain::{
        actor::{Actor, Role},
        assignment::{AssignmentFilter, Origin},
        audit::{AuditAction, AuditObject},
        id::{ProviderId, TenantId},
        page::PageRequest,
        patch::Patch,
        problem::ServiceError,
        provider::{Protocol, ProviderPatch},
        tenant::NewTenant,
    },
    service::{ProviderRef, TenantRef},
};

use super::{Story, actions, admin_of, create, missing, named, partner, platform, who_may_not_write};
use crate::support::ALL;

impl Story {
    /// The labels of a tenant's providers, in the order of their creation.
    async fn linked(&self, tenant: TenantId) -> Vec<String> {
        let (service, reader) = (&self.app.services.assignments, platform(Role::PlatformSupport));
        let page = service.list_providers(&reader, &TenantRef::Id(tenant), AssignmentFilter::default(), ALL).await;
        let page = page.expect("the providers");
        assert_eq!(page.items.len() as u64, page.total);
        page.items.iter().map(|provider| provider.label().to_owned()).collect()
    }

    async fn origin(&self, tenant: TenantId, provider: ProviderId) -> Option<Origin> {
        let service = &self.app.services.assignments;
        let found = service.get_provider(&Actor::operator(), &TenantRef::Id(tenant), provider).await;
        found.ok().map(|(_, origin)| origin)
    }
}

#[tokio::test]
async fn a_provider_of_the_platform_is_linked_and_unlinked() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let (admin, a) = (admin_of(story.a), TenantRef::Id(story.a));
    let shared = story.app.create("Shared").await;
    assert_eq!(story.linked(story.a).await, Vec::<String>::new());
    let linked = service.link(&admin, &a, shared.id).await.expect("a link");
    assert_eq!((linked.id, linked.owner), (shared.id, None));
    assert_eq!(story.origin(story.a, shared.id).await, Some(Origin::Shared));
    assert_eq!(story.linked(story.a).await, ["Shared"]);
    service.unlink(&admin, &a, shared.id).await.expect("unlinked");
    assert_eq!(story.origin(story.a, shared.id).await, None);
    assert_eq!(service.unlink(&admin, &a, shared.id).await, missing("identity provider"));
    assert!(story.app.services.providers.get(&Actor::operator(), &ProviderRef::Id(shared.id)).await.is_ok());
    let entries = story.log(shared.id).await;
    assert_eq!(actions(&entries), [AuditAction::Created, AuditAction::Linked, AuditAction::Unlinked]);
    for entry in &entries[1..] {
        assert_eq!((entry.object, entry.tenant), (AuditObject::Provider, Some(story.a)));
        assert_eq!(entry.changes[0].field, "tenant");
    }
    assert_eq!(entries[1].changes[0].after.as_deref(), Some("a"));
    assert_eq!(entries[2].changes[0].before.as_deref(), Some("a"));
}

#[tokio::test]
async fn linking_a_second_time_changes_nothing() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let shared = story.app.create("Shared").await;
    let first = service.link(&admin_of(story.a), &TenantRef::Id(story.a), shared.id).await;
    let second = service.link(&Actor::operator(), &TenantRef::parse("a"), shared.id).await;
    assert_eq!(first, second);
    assert_eq!(actions(&story.log(shared.id).await), [AuditAction::Created, AuditAction::Linked]);
    let rows = service.list_provider_rows(&Actor::operator(), story.a, ALL).await.expect("the rows");
    assert_eq!((rows.total, rows.items[0].by.as_str()), (1, "tenant admin"));
}

#[tokio::test]
async fn no_answer_carries_a_secret() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let own = story.app.create_for(story.a, "Own").await;
    let a = TenantRef::Id(story.a);
    let listed =
        service.list_providers(&Actor::operator(), &a, AssignmentFilter::default(), ALL).await.expect("a list");
    let single = service.get_provider(&Actor::operator(), &a, own.id).await.expect("a provider").0;
    let linked = service.link(&Actor::operator(), &a, own.id).await.expect("a link");
    let looked_up = story.app.services.providers.look_up(&Actor::operator(), &ProviderRef::Id(own.id)).await;
    for provider in [listed.items[0].clone(), single, linked, looked_up.expect("a provider")] {
        let oidc = provider.oidc().expect("an OpenID provider");
        assert_eq!((oidc.has_client_secret, &oidc.client_secret), (true, &None));
    }
}

#[tokio::test]
async fn a_tenants_own_provider_can_be_unlinked_and_linked_again_as_its_own() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let (admin, a) = (admin_of(story.a), TenantRef::Id(story.a));
    let own = story.app.create_for(story.a, "Own").await;
    assert_eq!(story.origin(story.a, own.id).await, Some(Origin::Owned));
    service.unlink(&admin, &a, own.id).await.expect("unlinked");
    assert_eq!(story.origin(story.a, own.id).await, None);
    assert!(story.app.services.providers.get(&admin, &ProviderRef::Id(own.id)).await.is_ok());
    service.link(&admin, &a, own.id).await.expect("a link");
    assert_eq!(story.origin(story.a, own.id).await, Some(Origin::Owned));
}

#[tokio::test]
async fn another_tenants_provider_is_linked_by_who_manages_both() {
    let story = Story::begin().await;
    let app = &story.app;
    let service = &app.services.assignments;
    let of_a = app.create_for(story.a, "A's").await;
    let c = create(app, NewTenant { partner: Some("acme".to_owned()), ..named("C") }).await.id;
    for (actor, tenant) in [(admin_of(c), c), (admin_of(story.b), story.b), (partner("other"), c)] {
        let outcome = service.link(&actor, &TenantRef::Id(tenant), of_a.id).await;
        assert!(matches!(outcome, Err(ServiceError::NotFound { .. })), "{outcome:?}");
    }
    // The owner's administrator manages no other tenant.
    assert_eq!(service.link(&admin_of(story.a), &TenantRef::Id(c), of_a.id).await, missing("tenant"));
    assert!(service.link(&partner("acme"), &TenantRef::Id(c), of_a.id).await.is_ok());
    assert!(service.link(&platform(Role::PlatformAdmin), &TenantRef::Id(story.b), of_a.id).await.is_ok());
    assert_eq!(story.origin(c, of_a.id).await, Some(Origin::Shared));
    // From then on the tenant that it was lent to sees it, and may give it back.
    assert!(service.get_provider(&admin_of(story.b), &TenantRef::Id(story.b), of_a.id).await.is_ok());
    assert!(service.unlink(&admin_of(story.b), &TenantRef::Id(story.b), of_a.id).await.is_ok());
}

#[tokio::test]
async fn a_deleted_or_unknown_provider_is_linked_to_nobody() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let gone = story.app.create("Gone").await.id;
    story.app.services.providers.delete(&Actor::operator(), &ProviderRef::Id(gone)).await.expect("a deletion");
    for id in [gone, ProviderId(uuid::Uuid::from_u128(7))] {
        let a = TenantRef::Id(story.a);
        assert_eq!(service.link(&admin_of(story.a), &a, id).await, missing("identity provider"));
        assert_eq!(service.unlink(&admin_of(story.a), &a, id).await, missing("identity provider"));
        assert_eq!(service.get_provider(&admin_of(story.a), &a, id).await, missing("identity provider"));
    }
}

#[tokio::test]
async fn a_disabled_provider_stays_linked() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let a = TenantRef::Id(story.a);
    let off = story.app.create_for(story.a, "Off").await;
    story.app.create_for(story.a, "On").await;
    let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
    story.app.update(&off, patch).await.expect("a change");
    assert_eq!(story.linked(story.a).await, ["Off", "On"]);
    let list = async |filter: AssignmentFilter| {
        let page = service.list_providers(&admin_of(story.a), &a, filter, ALL).await.expect("the providers");
        page.items.into_iter().map(|one| one.name).collect::<Vec<_>>()
    };
    assert_eq!(list(AssignmentFilter { enabled_only: true, protocol: None }).await, ["On"]);
    assert_eq!(list(AssignmentFilter { enabled_only: false, protocol: Some(Protocol::Oidc) }).await, ["Off", "On"]);
    let saml = AssignmentFilter { enabled_only: false, protocol: Some(Protocol::Saml) };
    assert_eq!(list(saml).await, Vec::<String>::new());
}

#[tokio::test]
async fn providers_come_in_the_order_of_their_creation_and_in_pages() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    for name in ["c", "a", "b"] {
        story.app.create_for(story.a, name).await;
        story.app.clock.advance(1);
    }
    assert_eq!(story.linked(story.a).await, ["c", "a", "b"]);
    let page = PageRequest { offset: 1, limit: 1 };
    let filter = AssignmentFilter::default();
    let page = service.list_providers(&admin_of(story.a), &TenantRef::parse("a"), filter, page).await.expect("a page");
    assert_eq!((page.items.len(), page.items[0].name.as_str(), page.total), (1, "a", 3));
    let rows = service.list_provider_rows(&admin_of(story.a), story.a, ALL).await.expect("the rows");
    let labels: Vec<_> = rows.items.iter().map(|row| row.provider.label.as_str()).collect();
    assert_eq!(labels, ["a", "b", "c"]);
}

#[tokio::test]
async fn rows_tell_since_when_by_whom_and_whose_within_reach() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let lent = story.app.create_for(story.a, "Lent").await;
    story.app.clock.advance(10);
    service.link(&Actor::operator(), &TenantRef::Id(story.b), lent.id).await.expect("a link");
    let row = async |actor: Actor| {
        let mut rows = service.list_provider_rows(&actor, story.b, ALL).await.expect("the rows");
        rows.items.pop().expect("a row")
    };
    let seen = row(Actor::operator()).await;
    assert_eq!((seen.origin, seen.by.as_str()), (Origin::Shared, "operator"));
    assert_eq!(seen.since, lent.created_at.plus_seconds(10));
    assert_eq!(seen.provider.owner_name.as_deref(), Some("A"));
    assert_eq!(row(admin_of(story.b)).await.provider.owner_name, None);
    let own = service.list_provider_rows(&admin_of(story.a), story.a, ALL).await.expect("the rows");
    assert_eq!(own.items[0].provider.owner_name.as_deref(), Some("A"));
}

#[tokio::test]
async fn the_tenants_of_a_provider_are_shown_within_reach() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let lent = story.app.create_for(story.a, "Lent").await;
    let shared = story.app.create("Shared").await;
    for (tenant, provider) in [(story.b, lent.id), (story.a, shared.id)] {
        service.link(&Actor::operator(), &TenantRef::Id(tenant), provider).await.expect("a link");
    }
    let tenants = async |actor: Actor, provider| {
        let page = service.list_tenants(&actor, provider, ALL).await?;
        assert_eq!(page.items.len() as u64, page.total);
        Ok::<_, ServiceError>(page.items.into_iter().map(|row| (row.slug, row.origin)).collect::<Vec<_>>())
    };
    let (own, lent_to) = (("a".to_owned(), Origin::Owned), ("b".to_owned(), Origin::Shared));
    assert_eq!(tenants(Actor::operator(), lent.id).await, Ok(vec![own.clone(), lent_to]));
    for actor in [admin_of(story.a), partner("acme")] {
        assert_eq!(tenants(actor.clone(), lent.id).await, Ok(vec![own.clone()]));
        assert_eq!(tenants(actor, shared.id).await, missing("identity provider"));
    }
    assert_eq!(tenants(admin_of(story.b), lent.id).await, missing("identity provider"));
    assert_eq!(tenants(platform(Role::PlatformReader), shared.id).await.map(|list| list.len()), Ok(1));
    assert_eq!(tenants(platform(Role::PlatformSupport), shared.id).await, Ok(Vec::new()));
}

#[tokio::test]
async fn candidates_are_what_the_caller_may_link_and_has_not_linked() {
    let story = Story::begin().await;
    let app = &story.app;
    let service = &app.services.assignments;
    let c = create(app, NewTenant { partner: Some("acme".to_owned()), ..named("C") }).await.id;
    let shown = app.create("Ärger").await;
    let linked = app.create("Linked").await.id;
    let own = app.create_for(story.a, "Own").await.id;
    app.create_for(story.b, "B's").await;
    app.create_for(c, "C's").await;
    service.link(&Actor::operator(), &TenantRef::Id(story.a), linked).await.expect("a link");
    let labels = async |actor: &Actor, search: &str| {
        let page = service.list_candidates(actor, story.a, search, ALL).await.expect("the candidates");
        assert_eq!(page.items.len() as u64, page.total);
        page.items.into_iter().map(|one| one.label).collect::<Vec<_>>()
    };
    assert_eq!(labels(&admin_of(story.a), "").await, ["Ärger"]);
    assert_eq!(labels(&partner("acme"), "").await, ["C's", "Ärger"]);
    assert_eq!(labels(&Actor::operator(), "").await, ["B's", "C's", "Ärger"]);
    assert_eq!(labels(&Actor::operator(), "äRG").await, ["Ärger"]);
    assert_eq!(labels(&Actor::operator(), "'S").await, ["B's", "C's"]);
    // The label alone is looked into, since callers may know no more of it: not the address, not the client.
    for hidden in ["127.0.0.1", "client"] {
        assert_eq!(labels(&Actor::operator(), hidden).await, Vec::<String>::new());
    }
    let patch = ProviderPatch { display_name: Patch::Set("Öl".to_owned()), ..ProviderPatch::default() };
    app.update(&shown, patch).await.expect("a change");
    assert_eq!(labels(&Actor::operator(), "öL").await, ["Öl"]);
    assert_eq!(labels(&Actor::operator(), "ärg").await, Vec::<String>::new());
    let patch = ProviderPatch { display_name: Patch::Clear, ..ProviderPatch::default() };
    app.update(&shown, patch).await.expect("a change");
    service.unlink(&admin_of(story.a), &TenantRef::Id(story.a), own).await.expect("unlinked");
    assert_eq!(labels(&admin_of(story.a), "").await, ["Own", "Ärger"]);
    for one in service.list_candidates(&partner("acme"), story.a, "", ALL).await.expect("the candidates").items {
        assert!(service.link(&partner("acme"), &TenantRef::Id(story.a), one.id).await.is_ok(), "{}", one.label);
    }
}

#[tokio::test]
async fn tenants_to_link_are_those_within_reach_that_are_not_linked() {
    let story = Story::begin().await;
    let app = &story.app;
    let service = &app.services.assignments;
    let c = create(app, NewTenant { partner: Some("acme".to_owned()), ..named("Ärger") }).await.id;
    let shared = app.create("Shared").await.id;
    let own = app.create_for(story.a, "Own").await.id;
    let names = async |actor: &Actor, provider, search: &str| {
        let page = service.list_tenant_candidates(actor, provider, search, ALL).await?;
        assert_eq!(page.items.len() as u64, page.total);
        Ok::<_, ServiceError>(page.items.into_iter().map(|tenant| tenant.name).collect::<Vec<_>>())
    };
    let all = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let operator = Actor::operator();
    assert_eq!(names(&operator, shared, "").await, all(&["A", "B", "Default", "Ärger"]));
    // A provider is linked to its owner from the start.
    assert_eq!(names(&operator, own, "").await, all(&["B", "Default", "Ärger"]));
    assert_eq!(names(&partner("acme"), own, "").await, all(&["Ärger"]));
    service.link(&operator, &TenantRef::Id(c), own).await.expect("a link");
    service.link(&operator, &TenantRef::Id(story.b), shared).await.expect("a link");
    assert_eq!(names(&partner("acme"), own, "").await, all(&[]));
    assert_eq!(names(&operator, shared, "").await, all(&["A", "Default", "Ärger"]));
    assert_eq!(names(&operator, shared, "äRG").await, all(&["Ärger"]));
    service.unlink(&operator, &TenantRef::Id(story.b), shared).await.expect("unlinked");
    assert_eq!(names(&operator, shared, "b").await, all(&["B"]));
    let page = PageRequest { offset: 1, limit: 1 };
    let page = service.list_tenant_candidates(&operator, shared, "", page).await.expect("a page");
    assert_eq!((page.items[0].name.as_str(), page.total), ("B", 4));
    // Anyone who does not see the provider links it from the tenant's side.
    for actor in [partner("acme"), admin_of(story.a)] {
        assert_eq!(names(&actor, shared, "").await, missing("identity provider"));
    }
    for (actor, error) in who_may_not_write(story.a) {
        assert_eq!(names(&actor, shared, "").await, Err(error));
    }
}

#[tokio::test]
async fn another_tenants_assignments_do_not_exist() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let shared = story.app.create("Shared").await.id;
    let nowhere = TenantId(uuid::Uuid::from_u128(7));
    for actor in [admin_of(story.a), partner("acme")] {
        for id in [story.b, nowhere] {
            let tenant = TenantRef::Id(id);
            let filter = AssignmentFilter::default();
            assert_eq!(service.list_providers(&actor, &tenant, filter, ALL).await, missing("tenant"));
            assert_eq!(service.list_provider_rows(&actor, id, ALL).await, missing("tenant"));
            assert_eq!(service.get_provider(&actor, &tenant, shared).await, missing("tenant"));
            assert_eq!(service.list_candidates(&actor, id, "", ALL).await, missing("tenant"));
            assert_eq!(service.link(&actor, &tenant, shared).await, missing("tenant"));
            assert_eq!(service.unlink(&actor, &tenant, shared).await, missing("tenant"));
        }
    }
}

#[tokio::test]
async fn who_may_not_write_learns_nothing() {
    let story = Story::begin().await;
    let service = &story.app.services.assignments;
    let shared = story.app.create("Shared").await.id;
    for (actor, error) in who_may_not_write(story.a) {
        for id in [story.a, TenantId(uuid::Uuid::from_u128(7))] {
            let tenant = TenantRef::Id(id);
            assert_eq!(service.link(&actor, &tenant, shared).await, Err(error.clone()));
            assert_eq!(service.unlink(&actor, &tenant, shared).await, Err(error.clone()));
            assert_eq!(service.list_candidates(&actor, id, "", ALL).await, Err(error.clone()));
        }
    }
    for role in [Role::PlatformReader, Role::PlatformSupport] {
        let seen = service.list_provider_rows(&platform(role), story.a, ALL).await;
        assert!(seen.is_ok(), "{role:?}: {seen:?}");
    }
}
