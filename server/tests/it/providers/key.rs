//! The key that seals secrets.

use std::sync::Arc;

use vestibule::{
    BuildError, Secret,
    domain::{
        actor::{Actor, Role},
        patch::Patch,
        problem::ServiceError,
        provider::{
            ConfigInput, LdapBind, LdapConfig, LdapLimits, NewProvider, OidcPatch, ProviderConfig, ProviderPatch,
        },
    },
    service::ProviderRef,
};

use crate::support::{KEY, TestApp, TestClock, TestDatabase};

const OTHER_KEY: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

async fn start(database: &Arc<TestDatabase>, key: &str) -> Result<TestApp, BuildError> {
    let base_url = "https://id.example.com".parse().expect("a URL");
    TestApp::try_over(database.clone(), TestClock::default(), base_url, |builder| builder.key(Secret::new(key))).await
}

async fn secret_of(app: &TestApp, slug: &str) -> Option<String> {
    let reference = ProviderRef::PlatformOidc(slug.to_owned());
    let provider = app.services.providers.get(&Actor::operator(), &reference).await.expect("the provider");
    provider.oidc().and_then(|oidc| oidc.client_secret.as_ref()).map(|secret| secret.expose().to_owned())
}

#[tokio::test]
async fn a_node_with_another_key_does_not_start_and_says_why() {
    let database = Arc::new(TestDatabase::fresh().await);
    start(&database, KEY).await.expect("the first start");
    let refused = start(&database, OTHER_KEY).await.map(|_| ()).expect_err("another key");
    assert!(matches!(refused, BuildError::WrongKey { .. }), "{refused:?}");
    let text = refused.to_string();
    assert!(text.contains("sealed with another key") && !text.contains(OTHER_KEY), "{text}");
}

#[tokio::test]
async fn a_ring_of_two_keys_opens_what_the_older_one_sealed() {
    let database = Arc::new(TestDatabase::fresh().await);
    let before = start(&database, KEY).await.expect("the first start");
    before.create("Old").await;
    drop(before);
    let ring = start(&database, &format!("{OTHER_KEY}\n{KEY}\n")).await.expect("a ring");
    assert_eq!(secret_of(&ring, "old").await.as_deref(), Some("a client secret"));
    ring.create("New").await;
    let sealed = database.texts("SELECT secrets FROM vestibule_identity_providers ORDER BY name DESC").await;
    let key_of = |sealed: &str| sealed.split('.').nth(1).map(str::to_owned);
    assert_ne!(key_of(&sealed[0]), key_of(&sealed[1]));
    // The older key alone does not open what the newer one sealed.
    let older = start(&database, KEY).await.expect("the check value is the older key's");
    assert_eq!(secret_of(&older, "new").await, None);
    assert_eq!(secret_of(&older, "old").await.as_deref(), Some("a client secret"));
}

#[tokio::test]
async fn a_secret_whose_key_is_lost_counts_as_absent_and_stays_until_another_one_is_entered() {
    let database = Arc::new(TestDatabase::fresh().await);
    drop(start(&database, KEY).await.expect("the first start"));
    let ring = format!("{OTHER_KEY}\n{KEY}\n");
    let both = start(&database, &ring).await.expect("a ring");
    let okta = both.create("Okta").await;
    let config = LdapConfig {
        urls: vec!["ldap://127.0.0.1:1".to_owned()],
        base_dn: "dc=example".to_owned(),
        bind_dn: Some("cn=reader".to_owned()),
        bind_password: Some(Secret::new("a bind password")),
        ..LdapConfig::default()
    };
    let directory = NewProvider {
        config: ConfigInput::Ldap(Box::new(config.clone().into())),
        ..crate::support::app::oidc_provider("Directory", String::new())
    };
    let directory = both.create_new(directory).await.expect("a directory");
    drop(both);

    let lost = start(&database, KEY).await.expect("the check value is the older key's");
    let token = lost.token(Role::PlatformAdmin).await;
    let (admin, waldur) = ("/api/v1/admin/identity-providers/", "/api/identity-providers/");
    let get = async |path: &str| lost.get(path, Some(&format!("Bearer {token}"))).await.expect(200);
    // Nothing that is shown says that there is a secret, and nobody's list fails for it.
    for path in [admin.to_owned(), format!("{admin}{}", okta.id), format!("{admin}{}", directory.id)] {
        let text = get(&path).await.to_string();
        assert!(!text.contains("_set\":true") && text.contains("_set\":false"), "{path}: {text}");
    }
    assert_eq!(get(waldur).await[0]["client_secret"], "");
    for id in [okta.id, directory.id] {
        let detail = lost.services.providers.get_detail(&Actor::operator(), id).await.expect("a provider");
        assert!(detail.has_lost_secret);
    }
    // A change of something else keeps what is sealed.
    let renamed = ProviderPatch { display_name: Patch::Set("Renamed".to_owned()), ..ProviderPatch::default() };
    for provider in [&okta, &directory] {
        lost.update(provider, renamed.clone()).await.expect("a change");
    }
    let limits = LdapLimits { page_size: 7, ..LdapLimits::default() };
    let sent = LdapConfig { bind_password: None, limits, ..config.clone() };
    let changed = ProviderPatch { ldap: Some(sent.into()), ..ProviderPatch::default() };
    lost.update(&directory, changed).await.expect("a change");
    // It does not follow to another server either.
    let elsewhere = LdapConfig { urls: vec!["ldap://127.0.0.1:2".to_owned()], bind_password: None, ..config };
    let led = ProviderPatch { ldap: Some(elsewhere.into()), ..ProviderPatch::default() };
    assert!(matches!(lost.update(&directory, led).await, Err(ServiceError::Invalid { .. })));
    // A test says what is missing, and does not sign in as nobody.
    let report = lost.services.connections.test(&Actor::operator(), directory.id, None).await.expect("a report");
    assert!(!report.success(), "{report:?}");
    drop(lost);

    let both = start(&database, &ring).await.expect("a ring");
    assert_eq!(secret_of(&both, "okta").await.as_deref(), Some("a client secret"));
    let reference = ProviderRef::Id(directory.id);
    let found = both.services.providers.get(&Actor::operator(), &reference).await.expect("the directory");
    let ProviderConfig::Ldap(found) = found.config else { panic!("a directory") };
    assert_eq!((found.has_bind_password, found.limits.page_size), (true, 7));
    assert_eq!(found.bind_password, Some(Secret::new("a bind password")));
    drop(both);

    // Another secret takes its place permanently.
    let lost = start(&database, KEY).await.expect("the check value is the older key's");
    let secret = OidcPatch { client_secret: Patch::Set(Secret::new("another")), ..OidcPatch::default() };
    let patch = ProviderPatch { oidc: Some(secret), ..ProviderPatch::default() };
    let saved = lost.update(&okta, patch).await.expect("a change");
    assert!(saved.oidc().is_some_and(|oidc| oidc.has_client_secret && oidc.client_secret_changed_at.is_some()));
    assert_eq!(secret_of(&lost, "okta").await.as_deref(), Some("another"));
}

#[tokio::test]
async fn removing_a_secret_whose_key_is_lost_removes_its_date() {
    let database = Arc::new(TestDatabase::fresh().await);
    drop(start(&database, KEY).await.expect("the first start"));
    let both = start(&database, &format!("{OTHER_KEY}\n{KEY}\n")).await.expect("a ring");
    let okta = both.create("Okta").await;
    let config = LdapConfig {
        urls: vec!["ldap://127.0.0.1:1".to_owned()],
        base_dn: "dc=example".to_owned(),
        bind_dn: Some("cn=reader".to_owned()),
        bind_password: Some(Secret::new("a bind password")),
        ..LdapConfig::default()
    };
    let directory = NewProvider {
        config: ConfigInput::Ldap(Box::new(config.clone().into())),
        ..crate::support::app::oidc_provider("Directory", String::new())
    };
    let directory = both.create_new(directory).await.expect("a directory");
    drop(both);

    let lost = start(&database, KEY).await.expect("the check value is the older key's");
    let none = OidcPatch { client_secret: Patch::Clear, ..OidcPatch::default() };
    lost.update(&okta, ProviderPatch { oidc: Some(none), ..ProviderPatch::default() }).await.expect("a change");
    let anonymous =
        LdapConfig { bind_type: LdapBind::Anonymous, bind_dn: None, bind_password: Some(Secret::new("")), ..config };
    let patch = ProviderPatch { ldap: Some(anonymous.into()), ..ProviderPatch::default() };
    lost.update(&directory, patch).await.expect("a change");
    let get =
        async |id| lost.services.providers.get(&Actor::operator(), &ProviderRef::Id(id)).await.expect("a provider");
    let ProviderConfig::Oidc(oidc) = get(okta.id).await.config else { panic!("not a directory") };
    assert_eq!((oidc.has_client_secret, oidc.client_secret_changed_at), (false, None));
    let ProviderConfig::Ldap(ldap) = get(directory.id).await.config else { panic!("a directory") };
    assert_eq!((ldap.has_bind_password, ldap.bind_password_changed_at), (false, None));
}

#[tokio::test]
async fn a_sealed_secret_does_not_open_in_another_row() {
    let app = TestApp::start().await;
    app.create("One").await;
    app.create("Two").await;
    app.database
        .execute(
            "UPDATE vestibule_identity_providers SET secrets = \
             (SELECT secrets FROM vestibule_identity_providers WHERE slug = 'one') WHERE slug = 'two'",
        )
        .await;
    assert_eq!(secret_of(&app, "two").await, None);
    assert_eq!(secret_of(&app, "one").await.as_deref(), Some("a client secret"));
}

#[tokio::test]
async fn a_malformed_key_is_refused_without_repeating_it() {
    for key in ["", "hunter2", "# only a comment", "AAAA"] {
        let database = Arc::new(TestDatabase::fresh().await);
        let refused = start(&database, key).await.map(|_| ()).expect_err("no key");
        assert!(matches!(refused, BuildError::Key(_)), "{refused:?}");
        assert!(!format!("{refused:?}").contains("hunter2"), "{refused:?}");
    }
}
