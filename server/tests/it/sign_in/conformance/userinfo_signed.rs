//! `oidcc-client-test-userinfo-signed`, a module of the plan for dynamic registration: the userinfo response is a signed
//! token. What else can be wrong with one is in [`super::super::answers`].

use serde_json::{Value, json};
use vestibule::domain::provider::ResponseMode::Query;

use super::client::Client;

#[tokio::test]
async fn oidcc_client_test_userinfo_signed() {
    let client = Client::new(Query).await;
    let openid = &client.place.openid;
    openid.claims(|claims| claims["email"] = Value::Null);
    let claims = json!({"iss": openid.issuer(), "aud": "client", "sub": "ada", "email": "ada@corp.example"});
    openid.user_info(json!(openid.key().sign(&claims)));
    client.accepts().await;
    assert_eq!(client.place.users().await[0].profile.email.as_deref(), Some("ada@corp.example"));
}
