//! Metrics are served to those alone whom the operator names.

use super::{Deployment, server::Server};

async fn get(address: &str, token: Option<&str>) -> (u16, String) {
    let mut request = reqwest::Client::new().get(format!("{address}/metrics"));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("text"))
}

#[tokio::test]
async fn without_a_setting_no_metrics_are_served() {
    let deployment = Deployment::new();
    let server = Server::start(&deployment);
    assert_eq!(get(&server.address, None).await, (404, "not found\n".to_owned()));
    assert!(server.stop());
}

#[tokio::test]
async fn with_a_token_they_are_served_beside_the_portal_to_those_who_have_it() {
    let deployment = Deployment::new();
    let server = Server::start_with(&deployment, &[("VESTIBULE_METRICS_TOKEN", "the metrics token")]);
    for token in [None, Some(""), Some("the metrics toke"), Some("the metrics token!")] {
        assert_eq!(get(&server.address, token).await, (401, String::new()), "{token:?}");
    }
    let (status, text) = get(&server.address, Some("the metrics token")).await;
    assert_eq!(status, 200);
    assert!(text.contains("vestibule_http_request"), "{text}");
    assert!(server.stop());
}

#[tokio::test]
async fn a_rejected_request_has_an_id_and_is_counted() {
    let deployment = Deployment::new();
    let server = Server::start_with(&deployment, &[("VESTIBULE_METRICS_TOKEN", "token")]);
    let send = async |authorization: &str| {
        let request = reqwest::Client::new().get(format!("{}/metrics", server.address));
        request.header("authorization", authorization).send().await.expect("an answer")
    };
    for authorization in ["Bearer other", "Basic token", "token", "bearer"] {
        let answer = send(authorization).await;
        assert_eq!(answer.status(), 401, "{authorization}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer");
        assert_eq!(answer.headers()["x-request-id"].len(), 32);
    }
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let answer = send(&format!("{scheme} token")).await;
        assert_eq!(answer.status(), 200, "{scheme}");
        let text = answer.text().await.expect("text");
        let series = r#"vestibule_http_requests_total{method="GET",route="/metrics",status="401"} 4"#;
        assert!(text.lines().any(|line| line == series), "{text}");
    }
    assert!(server.stop());
}

#[tokio::test]
async fn with_an_address_of_their_own_they_are_served_there_alone() {
    let deployment = Deployment::new();
    let address = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("an address");
    let server = Server::start_with(&deployment, &[("VESTIBULE_METRICS_LISTEN", &address.to_string())]);
    let (status, text) = get(&format!("http://{address}"), None).await;
    assert_eq!(status, 200);
    assert!(text.contains("vestibule_http_request_duration_seconds"), "{text}");
    assert_eq!(get(&server.address, None).await.0, 404);
    let other = reqwest::get(format!("http://{address}/healthz")).await.expect("an answer");
    assert_eq!(other.status(), 404);
    assert!(server.stop());
}

#[tokio::test]
async fn a_server_that_is_stopped_leaves_no_write_ahead_log() {
    let deployment = Deployment::new();
    let server = Server::start(&deployment);
    assert!(server.stop());
    let database = deployment.database_url();
    let log = format!("{}-wal", database.trim_start_matches("sqlite:"));
    assert!(!std::path::Path::new(&log).exists(), "{log}");
}
