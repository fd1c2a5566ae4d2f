//! Providers that lack something.

use super::browser::{Browser, Place};

#[tokio::test]
async fn a_confidential_client_without_its_secret_does_not_become_a_public_one() {
    let place = Place::new().await;
    let secret = "UPDATE vestibule_identity_providers SET secrets = 'v1.00000000.AAAA'";
    place.app.database.execute(secret).await;
    let mut browser = Browser::default();
    let callback = browser.begin(&place, "").await;
    assert!(!place.logged().contains("do not open"), "the start needs no secret");
    assert_eq!(browser.finish(&place, &callback).await.status, 403);
    place.check_reason("the client secret is stored and cannot be opened");
    assert_eq!(place.openid.token_requests(), 0);
}

#[tokio::test]
async fn people_are_sent_to_no_provider_that_cannot_sign_them_in() {
    for member in ["issuer", "authorization", "token", "jwks"] {
        let place = Place::new().await;
        place
            .app
            .database
            .execute(&format!(
                "UPDATE vestibule_identity_providers SET config = \
                 REPLACE(config, '\"{member}\":\"http', '\"no_{member}\":\"http')"
            ))
            .await;
        let mut browser = Browser::default();
        let answer = browser.get(&place.app, "/login").await;
        assert_eq!((answer.status, answer.header("location")), (404, None), "{member}");
        assert!(browser.cookies.is_empty());
        assert!(place.logged().contains("a sign-in cannot begin"), "{member}");
    }
}
