//! Looking up what identifies a provider.

use vestibule::{
    domain::{
        actor::{Actor, Role},
        id::ProviderId,
        problem::ServiceError,
    },
    service::{ProviderRef, TenantRef},
};

use super::{Story, admin_of, member_of, missing, partner, platform};

#[tokio::test]
async fn who_may_link_looks_up_what_could_be_linked() {
    let story = Story::begin().await;
    let app = &story.app;
    let shared = app.create("Platform").await.id;
    let (of_a, of_b) = (app.create_for(story.a, "A's").await.id, app.create_for(story.b, "B's").await.id);
    let look_up = async |actor: Actor, id: ProviderId| {
        app.services.providers.look_up(&actor, &ProviderRef::Id(id)).await.map(|provider| provider.id)
    };
    for role in [Role::PlatformAdmin, Role::PlatformReader, Role::PlatformSupport] {
        for id in [shared, of_a, of_b] {
            assert_eq!(look_up(platform(role), id).await, Ok(id), "{role:?}");
        }
    }
    for actor in [admin_of(story.a), partner("acme")] {
        assert_eq!(look_up(actor.clone(), shared).await, Ok(shared));
        assert_eq!(look_up(actor.clone(), of_a).await, Ok(of_a));
        assert_eq!(look_up(actor.clone(), of_b).await, missing("identity provider"));
        assert_eq!(look_up(actor, ProviderId(uuid::Uuid::from_u128(7))).await, missing("identity provider"));
    }
    for id in [shared, ProviderId(uuid::Uuid::from_u128(7))] {
        assert_eq!(look_up(member_of(story.a), id).await, Err(ServiceError::Forbidden));
        assert_eq!(look_up(Actor::anonymous(None), id).await, Err(ServiceError::Unauthenticated));
    }
}

#[tokio::test]
async fn what_was_lent_to_a_tenant_is_looked_up_there() {
    let story = Story::begin().await;
    let app = &story.app;
    let of_b = app.create_for(story.b, "B's").await;
    let a = TenantRef::Id(story.a);
    let is_found = async |actor: Actor| {
        let by_slug = app.services.providers.look_up(&actor, &ProviderRef::Slug(of_b.slug.to_string())).await;
        let by_id = app.services.providers.look_up(&actor, &ProviderRef::Id(of_b.id)).await;
        assert_eq!(by_slug, by_id);
        by_id.is_ok()
    };
    assert!(!is_found(admin_of(story.a)).await);
    app.services.assignments.link(&Actor::operator(), &a, of_b.id).await.expect("a link");
    for actor in [admin_of(story.a), partner("acme")] {
        assert!(is_found(actor).await);
    }
    assert!(!is_found(partner("other")).await);
    app.services.assignments.unlink(&Actor::operator(), &a, of_b.id).await.expect("unlinked");
    assert!(!is_found(admin_of(story.a)).await);
}

#[tokio::test]
async fn a_deleted_provider_is_not_looked_up() {
    let story = Story::begin().await;
    let providers = &story.app.services.providers;
    let gone = ProviderRef::Id(story.app.create("Gone").await.id);
    providers.delete(&Actor::operator(), &gone).await.expect("a deletion");
    assert_eq!(providers.look_up(&Actor::operator(), &gone).await, missing("identity provider"));
}
