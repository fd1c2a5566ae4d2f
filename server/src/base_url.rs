//! The public URL that the portal or the dialects are served at.

use url::Url;

/// The text is not a public URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} {reason}")]
pub(crate) struct InvalidBaseUrl {
    text: String,
    reason: &'static str,
}

/// Parses a public URL: http or https, a host, a path without query.
pub(crate) fn parse_base_url(text: &str) -> Result<Url, InvalidBaseUrl> {
    let wrong = |reason| Err(InvalidBaseUrl { text: text.to_owned(), reason });
    let Ok(mut url) = Url::parse(text.trim()) else { return wrong("is not a URL such as https://sso.example.com") };
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return wrong("must begin with http:// or https://");
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return wrong("must hold nothing but scheme, host, port and path");
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}
