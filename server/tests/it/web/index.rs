//! The page that starts the portal and its files. Both with a built portal and without one.

use axum::{body::Body, http::Request};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::support::{Answer, TestApp, app::PEER};

async fn get_with(app: &TestApp, path: &str, header: (&str, &str)) -> Answer {
    let request = Request::builder().uri(app.path(path)).header(header.0, header.1).body(Body::empty());
    app.send(request.expect("a request"), PEER).await
}

/// Whether the portal was built into this server; without it every page is an explanation with status 503.
fn is_built(answer: &Answer) -> bool {
    let is_explanation = answer.text().contains("<h1>The portal is not built into this server</h1>");
    assert_eq!(answer.status, if is_explanation { 503 } else { 200 });
    !is_explanation
}

/// The addresses of the files that the page starts with.
fn files_of(page: &str) -> Vec<String> {
    let mut found: Vec<_> = page
        .split(['"', '\''])
        .filter(|text| [".js", ".wasm", ".css"].iter().any(|end| text.ends_with(end)) && !text.contains(' '))
        .map(|text| text.trim_start_matches("./").trim_start_matches('/').to_owned())
        .collect();
    found.sort();
    found.dedup();
    found
}

#[tokio::test]
async fn every_page_address_answers_with_the_index_and_its_base() {
    for (base_url, base) in
        [("https://id.example.com", r#"<base href="/">"#), ("https://id.example.com/x/y", r#"<base href="/x/y/">"#)]
    {
        let app = TestApp::at(base_url).await;
        for path in ["/", "/providers", "/providers/new", "/set-up", "/sign-in?next=x"] {
            let page = app.get(path, None).await;
            if is_built(&page) {
                assert!(page.text().contains(base), "{path}");
                assert_eq!(page.text().matches("<base ").count(), 1);
            }
            assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
            assert_eq!(page.header("cache-control"), Some("no-cache"), "{path}");
        }
    }
}

#[tokio::test]
async fn the_mount_path_without_a_slash_is_the_index_too() {
    let app = TestApp::at("https://id.example.com/x/y").await;
    is_built(&app.get("", None).await);
}

#[tokio::test]
async fn the_policy_allows_the_inline_scripts_of_the_page_and_no_others() {
    let app = TestApp::at("https://id.example.com/x/y").await;
    let page = app.get("/", None).await;
    let policy = page.header("content-security-policy").expect("a policy");
    let mut inline: Vec<_> = page
        .text()
        .split("<script")
        .skip(1)
        .filter_map(|rest| rest.split_once('>'))
        .filter(|(attributes, _)| !attributes.contains("src="))
        .filter_map(|(_, rest)| rest.split_once("</script>"))
        .map(|(script, _)| {
            let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, script.as_bytes());
            format!("'sha256-{}'", STANDARD.encode(digest))
        })
        .collect();
    assert_eq!(!inline.is_empty(), is_built(&page), "a built portal starts with an inline script");
    let mut allowed: Vec<_> = policy.split([' ', ';']).filter(|word| word.starts_with("'sha256-")).collect();
    inline.sort();
    allowed.sort_unstable();
    assert_eq!(allowed, inline);
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'self'", "form-action 'self'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
}

#[tokio::test]
async fn an_unchanged_page_is_not_sent_again() {
    let app = TestApp::start().await;
    let page = app.get("/", None).await;
    let tag = page.header("etag").expect("a tag").to_owned();
    let again = get_with(&app, "/providers", ("if-none-match", &tag)).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header("etag"), Some(tag.as_str()));
    for known in [format!("\"other\", {tag}"), format!("W/{tag}"), "*".to_owned()] {
        assert_eq!(get_with(&app, "/", ("if-none-match", &known)).await.status, 304, "{known}");
    }
    for unknown in ["\"other\"", "\"other\", W/\"another\"", "other"] {
        assert_ne!(get_with(&app, "/", ("if-none-match", unknown)).await.status, 304, "{unknown}");
    }
    let elsewhere = TestApp::at("https://id.example.com/x").await.get("/", None).await;
    assert_eq!(elsewhere.header("etag") == Some(tag.as_str()), !is_built(&page), "the base is part of the page");
}

#[tokio::test]
async fn files_come_compressed_and_for_good() {
    let app = TestApp::start().await;
    let page = app.get("/", None).await;
    let files = files_of(page.text());
    assert_eq!(files.is_empty(), !is_built(&page), "{files:?}");
    for file in files {
        let path = format!("/{file}");
        let plain = app.get(&path, None).await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, None), "{file}");
        for (accepted, coding) in [("gzip, br", Some("br")), ("gzip", Some("gzip")), ("br;q=0", None)] {
            let answer = get_with(&app, &path, ("accept-encoding", accepted)).await;
            assert_eq!(answer.header("content-encoding"), coding, "{file}");
            assert_eq!(answer.header("vary"), Some("accept-encoding"));
            assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
            assert_eq!(answer.header("content-type"), plain.header("content-type"));
            assert!(coding.is_none() || answer.body.len() < plain.body.len(), "{file}");
        }
    }
}

#[tokio::test]
async fn what_is_no_page_is_not_answered_with_one() {
    let app = TestApp::start().await;
    for path in
        ["/api", "/api/", "/api/unknown", "/missing.js", "/assets/missing.wasm", "/_ui/other", "/.env", "/index.html"]
    {
        let answer = app.get(path, None).await;
        assert_eq!((answer.status, answer.text()), (404, "not found\n"), "{path}");
    }
    let post = Request::builder().method("POST").uri(app.path("/providers")).body(Body::empty()).expect("a request");
    app.send(post, PEER).await.expect(405);
}
