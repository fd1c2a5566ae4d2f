//! Creating, changing and deleting.

use vestibule::{
    domain::{
        actor::{Actor, Grant, Role},
        problem::{ProblemCode, ServiceError},
        provider::{NewProvider, OidcPatch, ProviderPatch, ProviderSort},
    },
    service::{ProviderRef, UpdateOptions},
};

use crate::support::{ALL, PLAIN, TestApp, app::host_actor};

fn operator() -> Actor {
    Actor::operator()
}

fn renamed(name: &str) -> ProviderPatch {
    ProviderPatch { name: Some(name.to_owned()), ..ProviderPatch::default() }
}

/// The fields and codes of a refusal.
fn problems(error: ServiceError) -> Vec<(String, ProblemCode)> {
    match error {
        ServiceError::Invalid { problems } => problems.into_iter().map(|one| (one.field, one.code)).collect(),
        other => panic!("{other:?} is no refusal of the input"),
    }
}

#[tokio::test]
async fn what_is_created_is_found_again_field_by_field() {
    let app = TestApp::start().await;
    let created = app.create("Okta").await;
    assert_eq!((created.slug.as_str(), created.version, created.updated_at), ("okta", 1, None));
    assert!(created.oidc().is_some_and(|oidc| oidc.endpoints.token.is_some() && oidc.issuer.is_some()));
    for reference in [ProviderRef::Id(created.id), ProviderRef::PlatformOidc("okta".to_owned())] {
        assert_eq!(app.services.providers.get(&operator(), &reference).await, Ok(created.clone()));
    }
    let detail = app.services.providers.get_detail(&operator(), created.id).await.expect("the detail");
    assert_eq!(detail.callback_url, format!("https://id.example.com/sso/callback/{}", created.id));
    assert_eq!(detail.changed_by.as_deref(), Some("operator"));
    assert!(detail.discovery.is_some());
}

#[tokio::test]
async fn a_change_counts_a_version_and_keeps_what_it_does_not_name() {
    let app = TestApp::start().await;
    let created = app.create("Okta").await;
    app.clock.advance(60);
    let changed = app.update(&created, renamed("Okta (Acme)")).await.expect("a change");
    assert_eq!((changed.name.as_str(), changed.slug.as_str(), changed.version), ("Okta (Acme)", "okta", 2));
    assert_eq!(changed.updated_at, Some(created.created_at.plus_seconds(60)));
    let secret = |provider: &vestibule::domain::provider::IdentityProvider| {
        provider.oidc().and_then(|oidc| oidc.client_secret.clone()).map(|secret| secret.expose().to_owned())
    };
    assert_eq!(secret(&changed).as_deref(), Some("a client secret"));
}

#[tokio::test]
async fn after_deletion_slug_and_name_are_free_and_the_old_one_is_gone() {
    let app = TestApp::start().await;
    let first = app.create("Okta").await;
    app.services.providers.delete(&operator(), &ProviderRef::Id(first.id)).await.expect("a deletion");
    let gone = Err(ServiceError::not_found("identity provider"));
    assert_eq!(app.services.providers.get(&operator(), &ProviderRef::Id(first.id)).await, gone);
    assert_eq!(app.services.providers.delete(&operator(), &ProviderRef::Id(first.id)).await, gone.map(|_| ()));
    let second = app.create("Okta").await;
    assert_eq!((second.slug, second.name), (first.slug, first.name));
    assert_ne!(second.id, first.id);
}

#[tokio::test]
async fn a_name_is_unique_for_its_owner_and_not_beyond() {
    let app = TestApp::start().await;
    let tenant = app.default_tenant().await;
    app.create("Okta").await;
    let owned = app.create_for(tenant, "Okta").await;
    assert_eq!(owned.slug.as_str(), "default--okta");
    for owner in [None, Some(tenant)] {
        let again = NewProvider { owner, ..app.new_provider(" Okta ") };
        let refused = app.create_new(again).await.expect_err("the name is taken");
        assert_eq!(problems(refused), [("name".to_owned(), ProblemCode::Taken)]);
    }
    let other = app.create("Keycloak").await;
    let refused = app.update(&other, renamed("Okta")).await.expect_err("the name is taken");
    assert_eq!(problems(refused), [("name".to_owned(), ProblemCode::Taken)]);
}

#[tokio::test]
async fn of_two_creations_at_once_with_one_name_one_succeeds() {
    let app = TestApp::start().await;
    let (first, second) =
        tokio::join!(app.create_new(app.new_provider("Okta")), app.create_new(app.new_provider("Okta")));
    let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
    won.expect("one succeeds");
    let lost = problems(lost.expect_err("one fails"));
    assert!(lost.iter().all(|(_, code)| *code == ProblemCode::Taken), "{lost:?}");
}

#[tokio::test]
async fn a_late_change_names_who_was_faster() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let ada = host_actor("Ada", Grant::platform(Role::PlatformAdmin));
    let reference = ProviderRef::Id(provider.id);
    let at = |version| UpdateOptions { expected_version: Some(version), ..PLAIN };
    app.services.providers.update(&ada, &reference, renamed("Ada's"), at(1)).await.expect("the first change");
    let late = app.services.providers.update(&operator(), &reference, renamed("Late"), at(1)).await;
    let expected = ServiceError::Conflict { what: "identity provider".to_owned(), by: Some("Ada".to_owned()) };
    assert_eq!(late, Err(expected.clone()));
    assert_eq!(app.services.providers.rediscover(&operator(), provider.id, 1).await, Err(expected));
    app.services.providers.update(&operator(), &reference, renamed("Late"), at(2)).await.expect("the second change");
}

#[tokio::test]
async fn of_two_changes_at_once_none_is_lost_silently() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let (first, second) = tokio::join!(app.update(&provider, renamed("One")), app.update(&provider, renamed("Two")));
    let stored = app.services.providers.get(&operator(), &ProviderRef::Id(provider.id)).await.expect("the provider");
    let succeeded = [&first, &second].into_iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(stored.version, 1 + i64::try_from(succeeded).expect("two at most"), "{first:?} {second:?}");
    for failed in [first, second].into_iter().filter_map(Result::err) {
        assert!(matches!(failed, ServiceError::Conflict { by: Some(_), .. }), "{failed:?}");
    }
}

#[tokio::test]
async fn nothing_is_stored_when_the_discovery_fails() {
    let app = TestApp::start().await;
    let mut new = app.new_provider("Okta");
    if let vestibule::domain::provider::ConfigInput::Oidc(oidc) = &mut new.config {
        oidc.discovery_url = app.openid.discovery_url_of("nothing");
    }
    let refused = app.create_new(new).await.expect_err("nothing is there");
    assert!(matches!(refused, ServiceError::Upstream { .. }), "{refused:?}");
    let list = app.services.providers.list(&operator(), &Default::default(), ProviderSort::default(), ALL).await;
    assert_eq!(list.map(|page| page.total), Ok(0));

    let kept = app.create("Okta").await;
    let oidc = OidcPatch { discovery_url: Some(app.openid.discovery_url_of("nothing")), ..OidcPatch::default() };
    let patch = ProviderPatch { oidc: Some(oidc), name: Some("New".to_owned()), ..ProviderPatch::default() };
    app.update(&kept, patch).await.expect_err("nothing is there");
    assert_eq!(app.services.providers.get(&operator(), &ProviderRef::Id(kept.id)).await, Ok(kept));
}

#[tokio::test]
async fn rediscovery_previews_first_and_stores_what_it_found() {
    let app = TestApp::start().await;
    let provider = app.create("Okta").await;
    let oidc = OidcPatch { discovery_url: Some(app.openid.discovery_url_of("other")), ..OidcPatch::default() };
    let moved = app.update(&provider, ProviderPatch { oidc: Some(oidc), ..ProviderPatch::default() }).await;
    let moved = moved.expect("a change");
    assert!(moved.oidc().and_then(|oidc| oidc.issuer.as_deref()).is_some_and(|issuer| issuer.ends_with("/other")));
    let preview = app.services.providers.preview_rediscovery(&operator(), provider.id).await.expect("a preview");
    assert_eq!((preview.changes, preview.version), (Vec::new(), 2));
    let again = app.services.providers.rediscover(&operator(), provider.id, 2).await.expect("a rediscovery");
    assert_eq!(again.version, 3);
}

#[tokio::test]
async fn all_problems_of_an_input_are_reported_at_once() {
    let app = TestApp::start().await;
    let new = NewProvider {
        slug: Some("generate-mapping".to_owned()),
        management_url: "javascript:alert(1)".to_owned(),
        allowed_domains: vec!["no domain".to_owned()],
        ..app.new_provider("")
    };
    let found: Vec<_> = problems(app.create_new(new).await.expect_err("it is refused"));
    let fields: Vec<_> = found.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["name", "allowed_domains.0", "management_url", "slug"]);
}

#[tokio::test]
async fn a_nul_character_is_refused_as_input_on_both_databases() {
    let app = TestApp::start().await;
    let refused = app.create_new(app.new_provider("Ok\0ta")).await.expect_err("it is refused");
    assert_eq!(problems(refused), [("name".to_owned(), ProblemCode::Malformed)]);
    let provider = app.create("Okta").await;
    let refused = app.update(&provider, renamed("Ok\0ta")).await.expect_err("it is refused");
    assert_eq!(problems(refused), [("name".to_owned(), ProblemCode::Malformed)]);
    let missing = app.services.catalogue.get("ok\0ta").await;
    assert!(matches!(missing, Err(ServiceError::Invalid { .. } | ServiceError::NotFound { .. })), "{missing:?}");
}

#[tokio::test]
async fn disabling_tells_how_many_tenants_it_affects() {
    let app = TestApp::start().await;
    let tenant = app.default_tenant().await;
    let (own, shared) = (app.create_for(tenant, "Okta").await, app.create("Keycloak").await);
    let affected = async |id| app.services.providers.get_impact(&operator(), id).await.map(|impact| impact.tenants);
    assert_eq!(affected(own.id).await, Ok(1));
    assert_eq!(affected(shared.id).await, Ok(0));
}
