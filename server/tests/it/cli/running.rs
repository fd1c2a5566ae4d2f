//! A server that runs while the operator works on its files.

use serde_json::{Value, json};

use super::{Deployment, server::Server};
use crate::support::openid::OpenIdProvider;

#[tokio::test]
async fn a_running_server_takes_up_a_rotated_key_and_a_new_token() {
    let deployment = Deployment::new();
    let openid = OpenIdProvider::start().await;
    let server = Server::start(&deployment);
    let token = deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_admin"]);
    let authorization = format!("Token {}", token.trim());
    let client = reqwest::Client::new();
    let list = format!("{}/api/identity-providers/", server.address);
    let provider = json!({
        "provider": "okta", "client_id": "client", "client_secret": "a client secret", "label": "Okta",
        "discovery_url": openid.discovery_url(),
    });
    let made = client.post(&list).header("authorization", &authorization).json(&provider).send().await;
    assert_eq!(made.expect("an answer").status(), 201);
    let secret = async || -> Value {
        let answer = client.get(&list).header("authorization", &authorization).send().await.expect("an answer");
        answer.json::<Value>().await.expect("JSON")[0]["client_secret"].clone()
    };
    assert_eq!(secret().await, "a client secret");
    for _ in 0..2 {
        deployment.succeed(&["key", "rotate"]);
        assert_eq!(secret().await, "a client secret");
    }
}

#[test]
fn a_running_server_ends_by_itself_when_it_is_asked_to() {
    let deployment = Deployment::new();
    assert!(Server::start(&deployment).stop());
}
