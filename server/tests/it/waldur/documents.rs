//! A web server on this machine with good and bad discovery documents.

use axum::{
    Router,
    http::{StatusCode, header},
    response::IntoResponse,
    routing::get,
};
use serde_json::{Value, json};

/// The server. It answers as long as the test's runtime lives.
pub(super) struct Documents {
    base: String,
}

impl Documents {
    pub(super) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let document = |path: &str, change: fn(&mut Value)| {
            let mut document = document(&base, path);
            change(&mut document);
            let text = document.to_string();
            get(move || async move { ([(header::CONTENT_TYPE, "application/json")], text) })
        };
        let router = Router::new()
            .route(&format!("/good{SUFFIX}"), document("good", |_| {}))
            .route(
                &format!("/other{SUFFIX}"),
                document("other", |document| document["end_session_endpoint"] = json!(null)),
            )
            .route(
                &format!("/silent{SUFFIX}"),
                document("silent", |document| {
                    document["claims_supported"] = json!(null);
                    if let Some(document) = document.as_object_mut() {
                        document.remove("scopes_supported");
                    }
                }),
            )
            .route(
                &format!("/incomplete{SUFFIX}"),
                document("incomplete", |document| {
                    if let Some(document) = document.as_object_mut() {
                        document.remove("userinfo_endpoint");
                    }
                }),
            )
            .route(&format!("/null{SUFFIX}"), document("null", |document| document["userinfo_endpoint"] = json!(null)))
            .route(
                &format!("/relative{SUFFIX}"),
                document("relative", |document| {
                    for member in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"] {
                        document[member] = json!("/oauth2/x");
                    }
                    document["userinfo_endpoint"] = json!(["https://id.example/userinfo"]);
                }),
            )
            .route(
                &format!("/half{SUFFIX}"),
                document("half", |document| document["end_session_endpoint"] = json!("/logout")),
            )
            .route(
                &format!("/text{SUFFIX}"),
                document("text", |document| {
                    document["claims_supported"] = json!("sub email");
                    document["scopes_supported"] = json!("openid email");
                }),
            )
            .route(&format!("/page{SUFFIX}"), get(|| async { "<html>" }))
            .route(&format!("/list{SUFFIX}"), document("list", |document| *document = json!([])))
            .route(&format!("/broken{SUFFIX}"), get(|| async { StatusCode::INTERNAL_SERVER_ERROR.into_response() }));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base }
    }

    /// The address of a document: `good`, `other`, `silent`, `incomplete`, `null`, `relative`, `half`, `text`, `page`,
    /// `list`, `broken`; others are absent.
    pub(super) fn at(&self, name: &str) -> String {
        format!("{}/{name}{SUFFIX}", self.base)
    }

    /// An address where nobody listens.
    pub(super) async fn nobody() -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        format!("http://{}{SUFFIX}", listener.local_addr().expect("an address"))
    }
}

const SUFFIX: &str = "/.well-known/openid-configuration";

fn document(base: &str, path: &str) -> Value {
    let issuer = format!("{base}/{path}");
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "jwks_uri": format!("{issuer}/keys"),
        "claims_supported": ["sub", "email", "given_name", "family_name", "schacHomeOrganization"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}
