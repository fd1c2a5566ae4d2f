//! Scheduled connection tests in the serving process, among them one of a provider that never answers.

use serde_json::{Value, json};

use super::{Deployment, server::Server};
use crate::support::{
    hostile::{Hostile, Then},
    openid::OpenIdProvider,
};

const PROVIDERS: &str = "/api/v1/admin/identity-providers/";

struct Client {
    http: reqwest::Client,
    authorization: String,
}

impl Client {
    async fn get(&self, server: &Server, path: &str) -> reqwest::Response {
        let request = self.http.get(format!("{}{path}", server.address)).header("authorization", &self.authorization);
        request.send().await.expect("an answer")
    }

    async fn add(&self, server: &Server, name: &str, issuer: &str) {
        let body = json!({
            "name": name, "provider_type": "OIDC", "oidc_config": {"issuer": issuer, "client_id": "c", "client_secret": "s"},
        });
        let request = self.http.post(format!("{}{PROVIDERS}", server.address));
        let answer = request.header("authorization", &self.authorization).json(&body).send().await;
        assert_eq!(answer.expect("an answer").status(), 201, "{name}");
    }
}

#[tokio::test]
async fn a_provider_that_never_answers_holds_up_neither_the_start_nor_the_others_nor_the_end() {
    let deployment = Deployment::new();
    let hanging = Hostile::raw("", Then::Hang).await;
    let good = [OpenIdProvider::start().await, OpenIdProvider::start().await, OpenIdProvider::start().await];
    let token = deployment.succeed(&["token", "create", "--name", "ci", "--role", "platform_admin"]);
    // No connection is kept open, since a server that ends waits for those that are in use.
    let http = reqwest::Client::builder().pool_max_idle_per_host(0).build().expect("a client");
    let client = Client { http, authorization: format!("Bearer {}", token.trim()) };

    // Nothing is tested unless the operator says so.
    let server = Server::start(&deployment);
    client.add(&server, "Hanging", hanging.url("").as_str().trim_end_matches('/')).await;
    for (number, provider) in good.iter().enumerate() {
        client.add(&server, &format!("Good {number}"), &provider.issuer()).await;
    }
    assert!(server.stop());
    assert_eq!((hanging.connections(), good[0].asked()), (0, 0));

    let every_minute = [
        ("VESTIBULE_CONNECTION_TESTS_INTERVAL_MINUTES", "1"),
        // One of the two is held by the provider that hangs.
        ("VESTIBULE_CONNECTION_TESTS_CONCURRENCY", "2"),
        ("VESTIBULE_METRICS_TOKEN", token.trim()),
    ];
    let server = Server::start_with(&deployment, &every_minute);
    while hanging.connections() == 0 {
        tokio::task::yield_now().await;
    }
    // Its test runs now, and everything else goes on.
    let list: Value = client.get(&server, PROVIDERS).await.json().await.expect("JSON");
    assert_eq!(list["pagination"]["total_items"], 4);
    let tested = async |outcome: &str| {
        let metrics = client.get(&server, "/metrics").await.text().await.expect("text");
        metrics.contains(&format!("vestibule_connection_tests_total{{outcome=\"{outcome}\"}} 3"))
    };
    while !tested("ok").await {
        tokio::task::yield_now().await;
    }
    assert!(good.iter().all(|provider| provider.asked() == 1));
    assert!(server.stop());
    // The server ended in the middle of that test: its outcome was never kept.
    let kept = deployment.texts("SELECT trigger_kind FROM vestibule_connection_tests").await;
    assert_eq!(kept, ["scheduled"; 3]);
}
