//! An OpenID provider with good and bad discovery documents.

use axum::http::StatusCode;
use serde_json::{Value, json};
use vestibule_app::domain::discovery::WELL_KNOWN_PATH;

use crate::support::{hostile::page, openid::OpenIdProvider};

/// The provider with the documents `good`, `other`, `silent`, `incomplete`, `null`, `relative`, `half`, `text` and `list`,
/// the web page `page`, and `broken`.
pub(super) async fn documents() -> OpenIdProvider {
    let every = |document: &mut Value| {
        document["claims_supported"] = json!(["sub", "email", "given_name", "family_name", "schacHomeOrganization"]);
        document["scopes_supported"] = json!(["openid", "profile", "email", "offline_access"]);
    };
    let setup = OpenIdProvider::setup()
        .every(every)
        .document("good", |_| {})
        .document("other", |document| document["end_session_endpoint"] = json!(null))
        .document("silent", |document| {
            document["claims_supported"] = json!(null);
            remove(document, "scopes_supported");
        })
        .document("incomplete", |document| remove(document, "userinfo_endpoint"))
        .document("null", |document| document["userinfo_endpoint"] = json!(null))
        .document("relative", |document| {
            for member in ["authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"] {
                document[member] = json!("/oauth2/x");
            }
            document["userinfo_endpoint"] = json!(["https://id.example/userinfo"]);
        })
        .document("half", |document| document["end_session_endpoint"] = json!("/logout"))
        .document("text", |document| {
            document["claims_supported"] = json!("sub email");
            document["scopes_supported"] = json!("openid email");
        })
        .document("list", |document| *document = json!([]))
        .page("page", page(200, "text/html", "<html>"))
        .page("broken", page(StatusCode::INTERNAL_SERVER_ERROR.as_u16(), "text/plain", ""));
    setup.start().await
}

/// The address of a document where no server listens.
pub(super) async fn address_of_nobody() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    format!("http://{}{WELL_KNOWN_PATH}", listener.local_addr().expect("an address"))
}

fn remove(document: &mut Value, member: &str) {
    document.as_object_mut().expect("an object").remove(member);
}
