//! A server that runs while the operator works on its files.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

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

#[test]
fn half_a_header_does_not_keep_a_server_from_ending() {
    let deployment = Deployment::new();
    let server = Server::start(&deployment);
    let mut half = connect(&server);
    half.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n").expect("sent");
    // The server has taken the connection when it answers another.
    assert!(get(&server).starts_with("HTTP/1.1 200"));
    assert!(server.stop());
}

#[test]
fn others_get_in_beside_more_half_headers_than_there_are_descriptors() {
    let deployment = Deployment::new();
    let settings = [("VESTIBULE_HTTP_HEADER_TIMEOUT_SECONDS", "1")];
    let server = Server::start_with_descriptors(&deployment, 256, &settings);
    let mut held: Vec<_> = (0..300).map(|_| connect(&server)).collect();
    for half in &mut held {
        half.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n").expect("sent");
    }
    assert!(get(&server).starts_with("HTTP/1.1 200"));
    assert!(server.stop());
}

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.address.trim_start_matches("http://")).expect("a connection")
}

/// The answer to a request on a connection of its own.
fn get(server: &Server) -> String {
    let mut stream = connect(server);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}
