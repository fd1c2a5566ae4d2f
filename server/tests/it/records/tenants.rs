//! Creating, finding and changing tenants.

use vestibule::{
    domain::{
        actor::{Actor, Role},
        audit::{AuditAction, FieldChange},
        id::TenantId,
        patch::Patch,
        problem::{ProblemCode, ServiceError},
        provider::{OwnerFilter, ProviderFilter, ProviderSort},
        tenant::{NewTenant, TenantFilter, TenantImpact, TenantPatch, TenantStatus},
    },
    service::TenantRef,
};

use super::{Story, actions, admin_of, changed, create, log, member_of, missing, named, partner, platform, problem};
use crate::support::{ALL, TestApp};

#[tokio::test]
async fn a_tenant_is_created_with_a_slug_from_its_name() {
    let app = TestApp::start().await;
    let tenant = create(&app, NewTenant { partner: Some(" acme ".to_owned()), ..named("  Müller & Söhne  ") }).await;
    assert_eq!(
        (tenant.slug.as_str(), tenant.name.as_str(), tenant.partner.as_deref()),
        ("mueller-soehne", "Müller & Söhne", Some("acme"))
    );
    assert_eq!((tenant.status, tenant.updated_at, tenant.version), (TenantStatus::Active, None, 1));
    let service = &app.services.tenants;
    for spelling in [tenant.id.prefixed(), tenant.id.to_string(), tenant.slug.clone()] {
        let found = service.get(&Actor::operator(), &TenantRef::parse(&spelling)).await;
        assert_eq!(found.as_ref(), Ok(&tenant), "{spelling}");
    }
    let entries = log(&app, tenant.id).await;
    assert_eq!(actions(&entries), [AuditAction::Created]);
    let fields: Vec<_> = entries[0].changes.iter().map(|change| change.field.as_str()).collect();
    assert_eq!(fields, ["slug", "name", "partner", "status"]);
    assert_eq!(entries[0].tenant, Some(tenant.id));
}

#[tokio::test]
async fn a_name_in_use_gets_a_number_in_its_slug() {
    let app = TestApp::start().await;
    let mut slugs = Vec::new();
    for name in ["Acme", "ACME", "acme", "日本", "Default", "00000000000000000000000000000007"] {
        slugs.push(create(&app, named(name)).await.slug);
    }
    // The last one would be read as an identifier.
    let long = "000000000000000000000000000000-2";
    assert_eq!(slugs, ["acme", "acme-2", "acme-3", "ri-ben", "default-2", long]);
}

#[tokio::test]
async fn a_slug_of_ones_own_is_checked() {
    let app = TestApp::start().await;
    let with = async |slug: &str| {
        let new = NewTenant { slug: Some(slug.to_owned()), ..named("Acme") };
        app.services.tenants.create(&Actor::operator(), new).await
    };
    assert_eq!(with("acme_1").await.expect("a tenant").slug, "acme_1");
    assert_eq!(problem(with("acme_1").await), ("slug".to_owned(), ProblemCode::Taken));
    assert_eq!(problem(with("default").await), ("slug".to_owned(), ProblemCode::Taken));
    for bad in ["", "Acme", "a--b", "-a", "a b", "discover_metadata", "0123456789abcdef0123456789abcdef", "a\0"] {
        assert_eq!(problem(with(bad).await), ("slug".to_owned(), ProblemCode::Malformed), "{bad:?}");
    }
}

#[tokio::test]
async fn everything_that_is_wrong_is_reported_at_once() {
    let app = TestApp::start().await;
    let new = NewTenant { slug: Some("A".to_owned()), partner: Some(" ".to_owned()), ..named(" ") };
    let Err(ServiceError::Invalid { problems }) = app.services.tenants.create(&Actor::operator(), new).await else {
        panic!("it was created")
    };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["name", "partner", "slug"]);
}

#[tokio::test]
async fn a_change_is_stored_counted_and_logged() {
    let story = Story::begin().await;
    let service = &story.app.services.tenants;
    story.app.clock.advance(60);
    let patch = TenantPatch {
        name: Some(" New name ".to_owned()),
        partner: Patch::Clear,
        status: Some(TenantStatus::Suspended),
    };
    let tenant = service.update(&Actor::operator(), story.a, patch, Some(1)).await.expect("a change");
    assert_eq!((tenant.name.as_str(), tenant.partner.as_deref(), tenant.slug.as_str()), ("New name", None, "a"));
    assert_eq!((tenant.status, tenant.version), (TenantStatus::Suspended, 2));
    assert_eq!(tenant.updated_at, Some(tenant.created_at.plus_seconds(60)));
    assert_eq!(service.get(&Actor::operator(), &TenantRef::Id(story.a)).await, Ok(tenant));
    let entries = story.log(story.a).await;
    assert_eq!(actions(&entries), [AuditAction::Created, AuditAction::Updated]);
    let expected: [FieldChange; 3] =
        [changed("name", "A", "New name"), changed("partner", "acme", ""), changed("status", "active", "suspended")];
    assert_eq!(entries[1].changes, expected);
}

#[tokio::test]
async fn a_change_of_an_older_version_is_refused() {
    let story = Story::begin().await;
    let update = async |version| {
        let patch = TenantPatch { status: Some(TenantStatus::Suspended), ..TenantPatch::default() };
        story.app.services.tenants.update(&Actor::operator(), story.a, patch, version).await
    };
    assert_eq!(update(Some(1)).await.map(|tenant| tenant.version), Ok(2));
    assert_eq!(update(Some(1)).await, Err(ServiceError::Conflict { what: "tenant".to_owned(), by: None }));
    // What is so already is no change of its own, and nobody else's form is out of date because of it.
    assert_eq!(update(None).await.map(|tenant| tenant.version), Ok(2));
}

#[tokio::test]
async fn a_change_is_checked_as_a_new_tenant_is() {
    let story = Story::begin().await;
    let update = async |patch| story.app.services.tenants.update(&Actor::operator(), story.a, patch, None).await;
    let name = TenantPatch { name: Some(" ".to_owned()), ..TenantPatch::default() };
    assert_eq!(problem(update(name).await), ("name".to_owned(), ProblemCode::Blank));
    let partner = TenantPatch { partner: Patch::Set(String::new()), ..TenantPatch::default() };
    assert_eq!(problem(update(partner).await), ("partner".to_owned(), ProblemCode::Blank));
}

#[tokio::test]
async fn tenants_are_found_by_name_and_slug_in_any_letter_case() {
    let app = TestApp::start().await;
    create(&app, NewTenant { slug: Some("north".to_owned()), ..named("ÄRGER GmbH") }).await;
    create(&app, NewTenant { partner: Some("acme".to_owned()), status: TenantStatus::Suspended, ..named("100 %") })
        .await;
    let list = async |filter: TenantFilter| {
        let page = app.services.tenants.list(&Actor::operator(), &filter, ALL).await.expect("the tenants");
        assert_eq!(page.items.len() as u64, page.total);
        page.items.into_iter().map(|tenant| tenant.name).collect::<Vec<_>>()
    };
    let search = |text: &str| TenantFilter { search: Some(text.to_owned()), ..TenantFilter::default() };
    assert_eq!(list(TenantFilter::default()).await, ["100 %", "Default", "ÄRGER GmbH"]);
    for text in ["ärger", "ÄrGeR", "NORTH", " gmbh "] {
        assert_eq!(list(search(text)).await, ["ÄRGER GmbH"], "{text}");
    }
    assert_eq!(list(search("%")).await, ["100 %"]);
    assert_eq!(list(search("_")).await, Vec::<String>::new());
    let suspended = TenantFilter { status: Some(TenantStatus::Suspended), ..TenantFilter::default() };
    assert_eq!(list(suspended).await, ["100 %"]);
    let of = |partner: &str| TenantFilter { partner: Some(partner.to_owned()), ..TenantFilter::default() };
    assert_eq!(list(of("acme")).await, ["100 %"]);
    assert_eq!(list(of("ac")).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_renamed_tenant_is_found_by_its_new_name_alone() {
    let story = Story::begin().await;
    let service = &story.app.services.tenants;
    let patch = TenantPatch { name: Some("Öl AG".to_owned()), ..TenantPatch::default() };
    service.update(&Actor::operator(), story.b, patch, None).await.expect("a change");
    let filter = TenantFilter { search: Some("öL".to_owned()), ..TenantFilter::default() };
    let found = service.list(&Actor::operator(), &filter, ALL).await.expect("the tenants");
    assert_eq!(found.items.first().map(|tenant| tenant.id), Some(story.b));
}

#[tokio::test]
async fn the_detail_counts_what_hangs_on_a_tenant() {
    let story = Story::begin().await;
    let app = &story.app;
    let operator = Actor::operator();
    let own = app.create_for(story.a, "Own").await;
    app.create_for(story.a, "Gone").await;
    let shared = app.create("Shared").await;
    app.services.assignments.link(&operator, &TenantRef::Id(story.a), shared.id).await.expect("a link");
    let grant = admin_of(story.a).grant.expect("a grant");
    app.administrator("admin@example.com", grant.clone()).await;
    for name in ["one", "two"] {
        let new = vestibule::domain::token::NewApiToken {
            name: name.to_owned(),
            grant: grant.clone(),
            lifetime_seconds: None,
        };
        app.new_token(new).await;
    }
    let group = vestibule::domain::group::NewGroup { tenant: story.a, name: "Staff".to_owned(), description: None };
    app.services.groups.create(&operator, group).await.expect("a group");
    let detail = app.services.tenants.get_detail(&operator, story.a).await.expect("the detail");
    assert!(!detail.is_default);
    let expected = TenantImpact { owned_providers: 2, shared_providers: 1, groups: 1, administrators: 1, tokens: 2 };
    assert_eq!(detail.impact, expected);
    app.services.providers.delete(&operator, &vestibule::service::ProviderRef::Id(shared.id)).await.expect("gone");
    app.services.assignments.unlink(&operator, &TenantRef::Id(story.a), own.id).await.expect("unlinked");
    let impact = app.services.tenants.get_detail(&admin_of(story.a), story.a).await.expect("the detail").impact;
    assert_eq!((impact.owned_providers, impact.shared_providers), (2, 0));
    let default = app.services.tenants.get_detail(&operator, app.default_tenant().await).await.expect("the detail");
    assert_eq!((default.is_default, default.impact), (true, TenantImpact::default()));
}

#[tokio::test]
async fn tenants_are_seen_within_reach_and_written_by_the_platform() {
    let story = Story::begin().await;
    let service = &story.app.services.tenants;
    let nowhere = TenantId(uuid::Uuid::from_u128(7));
    for (actor, seen, hidden) in [
        (admin_of(story.a), story.a, story.b),
        (partner("acme"), story.a, story.b),
        (admin_of(story.b), story.b, story.a),
    ] {
        assert_eq!(service.get(&actor, &TenantRef::Id(seen)).await.map(|tenant| tenant.id), Ok(seen));
        for id in [hidden, nowhere] {
            assert_eq!(service.get(&actor, &TenantRef::Id(id)).await, missing("tenant"));
            assert_eq!(service.get_detail(&actor, id).await, missing("tenant"));
        }
        assert_eq!(service.get(&actor, &TenantRef::parse("nowhere")).await, missing("tenant"));
        assert_eq!(service.create(&actor, named("New")).await, Err(ServiceError::Forbidden));
        let outcome = service.update(&actor, seen, TenantPatch::default(), None).await;
        assert_eq!(outcome, Err(ServiceError::Forbidden));
        assert_eq!(service.delete(&actor, seen).await, Err(ServiceError::Forbidden));
    }
    let reader = platform(Role::PlatformReader);
    assert!(service.get(&reader, &TenantRef::Id(story.b)).await.is_ok());
    assert_eq!(service.create(&reader, named("New")).await, Err(ServiceError::Forbidden));
    for actor in [platform(Role::PlatformSupport), member_of(story.a)] {
        assert_eq!(service.get(&actor, &TenantRef::Id(story.a)).await, Err(ServiceError::Forbidden));
        assert_eq!(service.get(&actor, &TenantRef::Id(nowhere)).await, Err(ServiceError::Forbidden));
    }
    let nobody = Actor::anonymous(None);
    assert_eq!(service.get(&nobody, &TenantRef::Id(nowhere)).await, Err(ServiceError::Unauthenticated));
    assert_eq!(service.create(&nobody, named("New")).await, Err(ServiceError::Unauthenticated));
}

#[tokio::test]
async fn a_tenant_that_changes_its_partner_changes_who_reaches_it() {
    let story = Story::begin().await;
    let app = &story.app;
    app.create_for(story.a, "Okta").await;
    let count = async |name: &str| {
        let filter = ProviderFilter { owner: Some(OwnerFilter::Tenant(story.a)), ..ProviderFilter::default() };
        let list = app.services.providers.list(&partner(name), &filter, ProviderSort::default(), ALL).await;
        list.expect("a list").total
    };
    assert_eq!((count("acme").await, count("other").await), (1, 0));
    let patch = TenantPatch { partner: Patch::Set("other".to_owned()), ..TenantPatch::default() };
    app.services.tenants.update(&Actor::operator(), story.a, patch, None).await.expect("a change");
    assert_eq!((count("acme").await, count("other").await), (0, 1));
}

#[tokio::test]
async fn a_slug_that_no_database_stores_names_nobody() {
    let app = TestApp::start().await;
    let found = app.services.tenants.get(&Actor::operator(), &TenantRef::parse("a\0b")).await;
    assert_eq!(found, missing("tenant"));
}

#[tokio::test]
async fn partners_are_reported_once_and_within_reach() {
    let story = Story::begin().await;
    let app = &story.app;
    for (name, of) in [("C", "acme"), ("D", "Zeta"), ("E", "über"), ("F", "beta")] {
        create(app, NewTenant { partner: Some(of.to_owned()), ..named(name) }).await;
    }
    let gone = create(app, NewTenant { partner: Some("gone".to_owned()), ..named("G") }).await.id;
    app.services.tenants.delete(&Actor::operator(), gone).await.expect("a deletion");
    let partners = async |actor: Actor| app.services.tenants.list_partners(&actor).await;
    let all = ["Zeta", "acme", "beta", "über"].map(str::to_owned).to_vec();
    assert_eq!(partners(Actor::operator()).await, Ok(all.clone()));
    assert_eq!(partners(platform(Role::PlatformReader)).await, Ok(all));
    assert_eq!(partners(partner("acme")).await, Ok(vec!["acme".to_owned()]));
    assert_eq!(partners(admin_of(story.a)).await, Ok(vec!["acme".to_owned()]));
    assert_eq!(partners(admin_of(story.b)).await, Ok(vec![]));
    assert_eq!(partners(member_of(story.a)).await, Err(ServiceError::Forbidden));
    assert_eq!(partners(Actor::anonymous(None)).await, Err(ServiceError::Unauthenticated));
}
