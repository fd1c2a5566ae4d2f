//! The page that starts the portal.

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use headers::{ETag, HeaderMapExt, IfNoneMatch};

use super::files;

/// The index with its base address set, made once.
pub(super) struct Index {
    html: String,
    etag: ETag,
    is_built: bool,
    /// `'sha256-…'` of each inline script, for the Content-Security-Policy.
    pub(super) script_hashes: Vec<String>,
}

/// The literal that the built index holds for the server to replace.
const BASE: &str = r#"<base href="/">"#;

const NOT_BUILT: &str = r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Vestibule: the portal is not built</title></head>
<body><h1>The portal is not built into this server</h1>
<p>The APIs work. To get the portal, build it first and the server after it: <code>make run</code> does both.</p>
</body></html>
"#;

impl Index {
    /// Sets the address that everything in the page is relative to: the mount path.
    pub(super) fn new(mount: &str) -> Self {
        let built = files::find(files::INDEX).and_then(|asset| std::str::from_utf8(asset.plain()).ok());
        let base = format!(r#"<base href="{}/">"#, escape(mount.trim_end_matches('/')));
        let html = built.map_or_else(|| NOT_BUILT.to_owned(), |html| html.replacen(BASE, &base, 1));
        let tag = hex::encode(&digest(&SHA256, html.as_bytes()).as_ref()[..16]);
        Self {
            etag: format!("\"{tag}\"").parse().expect("hexadecimal digits in quotes are an entity tag"),
            script_hashes: inline_scripts(&html).map(script_hash).collect(),
            is_built: built.is_some(),
            html,
        }
    }

    /// Answers with the page, or that the browser's copy is still right.
    pub(super) fn answer(&self, headers: &HeaderMap) -> Response {
        let known = headers.typed_get::<IfNoneMatch>();
        let unchanged = known.is_some_and(|known| !known.precondition_passes(&self.etag));
        let mut response = if unchanged {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Response::new(Body::from(self.html.clone()))
        };
        if !self.is_built && !unchanged {
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        }
        let answer = response.headers_mut();
        answer.typed_insert(self.etag.clone());
        answer.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        answer.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        response
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

/// The contents of the scripts that stand in the page itself.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

fn script_hash(script: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, script.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let html = r#"<script src="a.js"></script><script type="module">import "x"</script><p>"#;
        assert_eq!(inline_scripts(html).collect::<Vec<_>>(), [r#"import "x""#]);
        // From the example of Content Security Policy Level 3, section 8.4.
        assert_eq!(script_hash("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }
}
