//! The descriptions of the dialects: checked in as they are made, and served with the dialects that are mounted.

use std::path::Path;

use crate::support::TestApp;
use vestibule::rest::DESCRIPTIONS;

#[test]
fn the_checked_in_descriptions_are_those_that_the_code_makes() {
    for description in DESCRIPTIONS {
        let name = description.name;
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/reference/openapi/{name}.json"));
        let checked_in = std::fs::read_to_string(path).unwrap_or_default();
        let made = description.to_text().expect("a description");
        assert!(checked_in == made, "write it anew: vestibule openapi {name} > docs/reference/openapi/{name}.json");
    }
}

#[tokio::test]
async fn every_mounted_dialect_is_described_with_its_address() {
    let app = TestApp::at("http://apps.example.com/sso").await;
    let answer = app.get("/api/openapi/waldur.json", None).await;
    assert_eq!(answer.status, 200);
    let document: serde_json::Value = serde_json::from_slice(&answer.body).expect("JSON");
    assert_eq!(document["servers"][0]["url"], "http://apps.example.com/sso");
    assert_eq!(app.get("/api/openapi/none.json", None).await.status, 404);
}

#[tokio::test]
async fn the_pages_load_nothing_but_their_style() {
    let app = TestApp::start().await;
    for path in ["/api/docs/", "/api/docs/waldur"] {
        let answer = app.get(path, None).await;
        assert_eq!(answer.status, 200, "{path}");
        let policy = answer.headers["content-security-policy"].to_str().expect("a text");
        assert!(policy.starts_with("default-src 'none'; style-src 'self';"), "{policy}");
        assert!(!answer.text().contains("<script") && answer.text().contains("href=\"style.css\""), "{path}");
    }
    assert!(
        app.get("/api/docs/style.css", None).await.headers["content-type"].to_str().expect("a text").contains("css")
    );
}
