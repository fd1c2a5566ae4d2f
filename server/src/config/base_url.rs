//! The public URL of the portal.

use url::Url;

use super::error::{ConfigError, invalid};

/// Reads the public address: http or https, a host, a path without query.
pub(crate) fn parse_base_url(text: &str) -> Result<Url, ConfigError> {
    let wrong = |message: &str| Err(invalid("base_url", format!("{text:?} {message}")));
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
