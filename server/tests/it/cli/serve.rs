//! The running server: what changes under it, and how it ends.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Stdio},
};

use serde_json::{Value, json};

use super::{Deployment, text};
use crate::support::openid::OpenIdProvider;

/// A running server; killed when it is dropped before it ended by itself.
struct Server {
    child: Child,
    log: BufReader<ChildStderr>,
    address: String,
}

impl Server {
    fn start(deployment: &Deployment) -> Self {
        let mut command = deployment.command(&["serve", "--listen", "127.0.0.1:0", "--outbound-allow", "127.0.0.1"]);
        let mut child = command.stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut log = BufReader::new(child.stderr.take().expect("its standard error"));
        let mut line = String::new();
        log.read_line(&mut line).expect("a first line");
        let address = line.trim().split_once(" is at ").expect("the address in the first line").1.to_owned();
        Self { child, log, address }
    }

    async fn waldur(&self, method: reqwest::Method, path: &str, token: &str, body: Option<Value>) -> (u16, Value) {
        let url = format!("{}/api/identity-providers/{path}", self.address);
        let mut request = reqwest::Client::new().request(method, url).header("authorization", format!("Token {token}"));
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn a_running_server_takes_up_a_rotated_key() {
    let deployment = Deployment::new();
    let token = deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_admin"]).trim().to_owned();
    let server = Server::start(&deployment);
    let openid = OpenIdProvider::start().await;
    let new = json!({
        "provider": "okta", "label": "Okta", "client_id": "client", "client_secret": "planted",
        "discovery_url": openid.discovery_url(),
    });
    let (status, body) = server.waldur(reqwest::Method::POST, "", &token, Some(new)).await;
    assert_eq!(status, 201, "{body}");
    deployment.run(&["key", "rotate"]);
    let (status, body) = server.waldur(reqwest::Method::GET, "okta/", &token, None).await;
    assert_eq!((status, &body["client_secret"]), (200, &json!("planted")), "{body}");
}

#[tokio::test]
async fn the_server_ends_cleanly_when_it_is_asked_to() {
    let deployment = Deployment::new();
    let mut server = Server::start(&deployment);
    let asked = std::process::Command::new("kill").arg(server.child.id().to_string()).status();
    assert!(asked.expect("kill starts").success());
    assert!(server.child.wait().expect("an end").success());
    let mut log = Vec::new();
    server.log.read_to_end(&mut log).expect("the log");
    assert!(text(&log).contains("stopped"), "{}", text(&log));
}
