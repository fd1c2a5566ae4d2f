//! `oidcc-client-test-3rd-party-init-login-test-plan`: `/login` is the `initiate_login_uri`
//! (OpenID Connect Core 1.0, section 4).

use vestibule::domain::provider::ResponseMode::Query;

use super::{super::browser::Browser, client::Client};

#[tokio::test]
async fn oidcc_client_test_3rd_party_init_login() {
    let client = Client::new(Query).await;
    let mut browser = Browser::default();
    let hints = format!("iss={}&login_hint=ada&target_link_uri=/orders", client.place.openid.issuer());
    let answer = browser.get(&client.place.app, &format!("/login?{hints}")).await;
    let address = answer.header("location").expect("an address");
    assert!(address.starts_with(&format!("{}/authorize?", client.place.openid.issuer())), "{address}");
    assert!(address.contains("login_hint=ada"), "{address}");
    let callback = client.place.openid.authenticate(address);
    let answer = browser.finish(&client.place, &callback).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/orders")), "{}", answer.text());
    // A provider that is not known is not gone to.
    let answer = browser.get(&client.place.app, "/login?iss=https://evil.example").await;
    assert_eq!((answer.status, answer.header("location")), (404, None));
}
