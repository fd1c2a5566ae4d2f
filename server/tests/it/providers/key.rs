//! The key that seals secrets.

use std::sync::Arc;

use vestibule::{BuildError, Secret, domain::actor::Actor, service::ProviderRef};

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
    let reference = ProviderRef::PlatformOidc("new".to_owned());
    assert!(older.services.providers.get(&Actor::operator(), &reference).await.is_err());
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
    let reference = ProviderRef::PlatformOidc("two".to_owned());
    assert!(app.services.providers.get(&Actor::operator(), &reference).await.is_err());
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
