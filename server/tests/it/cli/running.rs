//! A server that runs while the operator works on its files.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
};

use serde_json::{Value, json};

use super::Deployment;
use crate::support::openid::OpenIdProvider;

/// A serving process; it ends with the test.
struct Server {
    process: Child,
    address: String,
}

impl Server {
    fn start(deployment: &Deployment) -> Self {
        let mut command = deployment.command(&["serve", "--listen", "127.0.0.1:0", "--log", "warn"]);
        let command = command.env("VESTIBULE_OUTBOUND_ALLOW", "127.0.0.1").stderr(Stdio::piped());
        let mut process = command.spawn().expect("the binary starts");
        let mut lines = BufReader::new(process.stderr.take().expect("its output")).lines();
        let address = lines.find_map(|line| line.expect("text").split_once(" is at ").map(|(_, at)| at.to_owned()));
        // What it says later is read to nowhere, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, address: address.expect("an address").trim_end_matches('/').to_owned() }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

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
    let mut server = Server::start(&deployment);
    let asked = std::process::Command::new("kill").arg(server.process.id().to_string()).status();
    assert!(asked.expect("kill starts").success());
    assert!(server.process.wait().expect("an end").success());
}
