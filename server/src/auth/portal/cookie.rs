//! The session cookie.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;
use vestibule_app::{api::CookieWriter, domain::secret::Secret};

/// How the session cookie is named and scoped, by the public address.
///
/// With https it is a `__Host-` cookie, which a sibling domain cannot set; those must have the path `/`, so the mount
/// path goes into the name, and two mounts on one host do not meet.
#[derive(Debug, Clone)]
pub(crate) struct SessionCookie {
    name: String,
    path: String,
    secure: bool,
}

impl SessionCookie {
    pub(crate) fn new(base_url: &Url) -> Self {
        let mount = base_url.path().trim_end_matches('/');
        let mut suffix = String::new();
        for c in mount.chars() {
            // Every other character by its number, so that two paths never share a name.
            if c.is_ascii_alphanumeric() { suffix.push(c) } else { suffix.push_str(&format!("-{:x}", u32::from(c))) }
        }
        if base_url.scheme() == "https" {
            Self { name: format!("__Host-vestibule{suffix}"), path: "/".to_owned(), secure: true }
        } else {
            let path = if mount.is_empty() { "/" } else { mount };
            Self { name: format!("vestibule{suffix}"), path: path.to_owned(), secure: false }
        }
    }

    /// The value that a request carries.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Option<String> {
        read(headers, &self.name)
    }

    fn cookie(&self, name: String, value: String) -> cookie::CookieBuilder<'static> {
        Cookie::build((name, value))
            .path(self.path.clone())
            .secure(self.secure)
            .http_only(true)
            .same_site(SameSite::Lax)
    }

    /// The cookie of a test sign-in that a request carries.
    pub(crate) fn read_test(&self, headers: &HeaderMap) -> Option<String> {
        read(headers, &self.test_name())
    }

    fn test_name(&self) -> String {
        format!("{}-test", self.name)
    }
}

fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(|value| Cookie::split_parse(value).filter_map(Result::ok));
    cookies.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
}

impl CookieWriter for SessionCookie {
    fn write_test(&self, value: &Secret) -> HeaderValue {
        let cookie = self.cookie(self.test_name(), value.expose().to_owned()).max_age(Duration::minutes(5));
        written(cookie.build())
    }

    fn write(&self, value: Option<&Secret>) -> HeaderValue {
        let mut cookie = self.cookie(self.name.clone(), value.map(Secret::expose).unwrap_or_default().to_owned());
        if value.is_none() {
            cookie = cookie.max_age(Duration::ZERO);
        }
        written(cookie.build())
    }
}

fn written(cookie: Cookie<'_>) -> HeaderValue {
    let mut header = HeaderValue::from_str(&cookie.to_string())
        .expect("name, path and value are letters, digits and URL characters");
    header.set_sensitive(true);
    header
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    fn set(base: &str) -> String {
        let cookie = SessionCookie::new(&Url::parse(base).unwrap());
        cookie.write(Some(&Secret::new("value"))).to_str().unwrap().to_owned()
    }

    #[test]
    fn with_https_the_cookie_is_bound_to_the_host() {
        assert_eq!(set("https://a.example"), "__Host-vestibule=value; HttpOnly; SameSite=Lax; Secure; Path=/");
    }

    #[test]
    fn two_mounts_on_one_host_do_not_share_a_name() {
        let names =
            ["https://a.example/x", "https://a.example/y", "https://a.example/x/y", "https://a.example/x-y"].map(set);
        let mut distinct: Vec<_> = names.iter().map(|text| text.split('=').next()).collect();
        distinct.dedup();
        assert_eq!(distinct.len(), 4);
        assert!(set("http://a.example/x").contains("Path=/x"));
    }

    #[test]
    fn the_value_is_found_among_others() {
        let cookie = SessionCookie::new(&Url::parse("http://127.0.0.1").unwrap());
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, "a=b; vestibule=right; vestibule2=wrong".parse().unwrap());
        assert_eq!(cookie.read(&headers).as_deref(), Some("right"));
    }
}
