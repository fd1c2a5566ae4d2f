//! Tenants do not see each other; partners see theirs.

use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        id::TenantId,
        problem::ServiceError,
        provider::{NewProvider, OwnerFilter, ProviderFilter, ProviderPatch, ProviderSort},
        tenant::TenantFilter,
    },
    service::{ProviderRef, ServiceResult},
};

use crate::support::{ALL, PLAIN, TestApp, app::host_actor};

struct Story {
    app: TestApp,
    /// Of the partner `acme`.
    a: TenantId,
    /// Of nobody.
    b: TenantId,
}

impl Story {
    async fn begin() -> Self {
        let app = TestApp::start().await;
        let a = app.database.insert_tenant("a", Some("acme")).await;
        let b = app.database.insert_tenant("b", None).await;
        Self { app, a, b }
    }

    async fn list(&self, actor: &Actor, filter: ProviderFilter) -> (Vec<String>, u64) {
        let page = self.app.services.providers.list(actor, &filter, ProviderSort::default(), ALL).await;
        let page = page.expect("a list");
        (page.items.into_iter().map(|row| row.label).collect(), page.total)
    }
}

fn admin_of(tenant: TenantId) -> Actor {
    host_actor("tenant admin", Grant { role: Role::TenantAdmin, tenant: Some(tenant), partner: None })
}

fn partner(name: &str) -> Actor {
    host_actor("partner admin", Grant { role: Role::PartnerAdmin, tenant: None, partner: Some(name.to_owned()) })
}

fn hidden<T>() -> ServiceResult<T> {
    Err(ServiceError::not_found("identity provider"))
}

#[tokio::test]
async fn another_tenants_provider_does_not_exist_for_a_tenant_administrator() {
    let story = Story::begin().await;
    let app = &story.app;
    let platform = app.create("Platform").await;
    let foreign = app.create_for(story.b, "B's").await;
    app.create_for(story.a, "A's").await;
    let actor = admin_of(story.a);
    assert_eq!(story.list(&actor, ProviderFilter::default()).await, (vec!["A's".to_owned()], 1));
    for owner in [OwnerFilter::Tenant(story.b), OwnerFilter::Platform] {
        let filter = ProviderFilter { owner: Some(owner), ..ProviderFilter::default() };
        assert_eq!(story.list(&actor, filter).await, (Vec::new(), 0));
    }
    let providers = &app.services.providers;
    for provider in [&platform, &foreign] {
        let reference = ProviderRef::Id(provider.id);
        let patch = ProviderPatch { enabled: Some(false), ..ProviderPatch::default() };
        assert_eq!(providers.get(&actor, &reference).await, hidden());
        assert_eq!(providers.get_detail(&actor, provider.id).await, hidden());
        assert_eq!(providers.get_impact(&actor, provider.id).await, hidden());
        assert_eq!(providers.update(&actor, &reference, patch, PLAIN).await, hidden());
        assert_eq!(providers.preview_rediscovery(&actor, provider.id).await, hidden());
        assert_eq!(providers.rediscover(&actor, provider.id, 1).await, hidden());
        assert_eq!(providers.delete(&actor, &reference).await, hidden());
        assert_eq!(providers.get(&Actor::operator(), &reference).await.as_ref(), Ok(provider));
    }
    let slug = ProviderRef::PlatformOidc(platform.slug.to_string());
    assert_eq!(providers.get(&actor, &slug).await, hidden());
}

#[tokio::test]
async fn a_tenant_administrator_creates_for_the_own_tenant_alone() {
    let story = Story::begin().await;
    let app = &story.app;
    let actor = admin_of(story.a);
    let create = async |owner| {
        let new = NewProvider { owner, ..app.new_provider("New") };
        app.services.providers.create(&actor, new).await.map(|provider| provider.owner)
    };
    assert_eq!(create(Some(story.a)).await, Ok(Some(story.a)));
    for owner in [None, Some(story.b), Some(TenantId(uuid::Uuid::from_u128(7)))] {
        assert_eq!(create(owner).await, Err(ServiceError::not_found("tenant")), "{owner:?}");
    }
}

#[tokio::test]
async fn a_tenant_administrator_never_gets_a_secret() {
    let story = Story::begin().await;
    let own = story.app.create_for(story.a, "A's").await;
    let actor = admin_of(story.a);
    let got = story.app.services.providers.get(&actor, &ProviderRef::Id(own.id)).await.expect("the provider");
    let oidc = got.oidc().expect("an OpenID provider");
    assert_eq!((oidc.has_client_secret, &oidc.client_secret), (true, &None));
    let whole = story.app.services.providers.list_platform_oidc(&actor, ALL).await;
    assert!(matches!(whole, Err(ServiceError::Forbidden | ServiceError::NotFound { .. })), "{whole:?}");
}

#[tokio::test]
async fn a_partner_administrator_reaches_the_partners_tenants() {
    let story = Story::begin().await;
    let app = &story.app;
    let (own, foreign) = (app.create_for(story.a, "A's").await, app.create_for(story.b, "B's").await);
    app.create("Platform").await;
    let actor = partner("acme");
    assert_eq!(story.list(&actor, ProviderFilter::default()).await, (vec!["A's".to_owned()], 1));
    let providers = &app.services.providers;
    assert!(providers.get(&actor, &ProviderRef::Id(own.id)).await.is_ok());
    assert_eq!(providers.get(&actor, &ProviderRef::Id(foreign.id)).await, hidden());
    assert_eq!(providers.delete(&actor, &ProviderRef::Id(foreign.id)).await, hidden());
    providers.delete(&actor, &ProviderRef::Id(own.id)).await.expect("a deletion");
    assert_eq!(story.list(&partner("other"), ProviderFilter::default()).await, (Vec::new(), 0));
}

#[tokio::test]
async fn tenants_are_listed_within_reach() {
    let story = Story::begin().await;
    let slugs = async |actor: Actor, search: Option<&str>| {
        let filter = TenantFilter { search: search.map(str::to_owned), ..TenantFilter::default() };
        let page = story.app.services.tenants.list(&actor, &filter, ALL).await.expect("the tenants");
        let slugs: Vec<_> = page.items.into_iter().map(|tenant| tenant.slug).collect();
        assert_eq!(slugs.len() as u64, page.total);
        slugs
    };
    assert_eq!(slugs(Actor::operator(), None).await, ["default", "a", "b"]);
    assert_eq!(slugs(Actor::operator(), Some("TENANT")).await, ["a", "b"]);
    assert_eq!(slugs(Actor::operator(), Some("%")).await, Vec::<String>::new());
    assert_eq!(slugs(admin_of(story.b), None).await, ["b"]);
    assert_eq!(slugs(partner("acme"), None).await, ["a"]);
    assert_eq!(slugs(partner("acme"), Some("b")).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_audit_log_ends_at_the_reach_too() {
    let story = Story::begin().await;
    let app = &story.app;
    app.create_for(story.a, "A's").await;
    app.create_for(story.b, "B's").await;
    app.create("Platform").await;
    for (actor, expected) in [(admin_of(story.a), "A's"), (admin_of(story.b), "B's"), (partner("acme"), "A's")] {
        let page = app.services.audit.list(&actor, &Default::default(), ALL).await.expect("the log");
        let names: Vec<_> = page.items.into_iter().map(|entry| entry.object_name).collect();
        assert_eq!((names, page.total), (vec![expected.to_owned()], 1));
    }
}

#[tokio::test]
async fn who_may_do_nothing_learns_nothing_of_what_exists() {
    let story = Story::begin().await;
    let app = &story.app;
    let there = app.create_for(story.a, "A's").await.id;
    let absent = vestibule::domain::id::ProviderId(uuid::Uuid::from_u128(7));
    let member = host_actor("member", Grant { role: Role::TenantMember, tenant: Some(story.a), partner: None });
    let reader = host_actor("reader", Grant::platform(Role::PlatformReader));
    for id in [there, absent] {
        let reference = ProviderRef::Id(id);
        assert_eq!(app.services.providers.get(&member, &reference).await, Err(ServiceError::Forbidden));
        assert_eq!(app.services.providers.delete(&reader, &reference).await, Err(ServiceError::Forbidden));
        let nobody = Actor::anonymous(None);
        assert_eq!(app.services.providers.get(&nobody, &reference).await, Err(ServiceError::Unauthenticated));
    }
}
