//! The cookies of signing in: one for each start, and one for the session.

use axum::http::{HeaderMap, HeaderValue, header::COOKIE};
use cookie::{Cookie, SameSite, time::Duration};
use url::Url;
use vestibule_app::{domain::secret::Secret, service::StartCookie};

/// The longest sealed start, in bytes. Browsers take cookies of 4 kB, name and attributes included.
const MAX_START: usize = 3500;

/// The most bytes that all starts of a browser take together: servers and proxies limit the header.
const MAX_STARTS: usize = 8 * 1024;

/// How long a start lasts, in minutes.
const START_MINUTES: i64 = 10;

/// How the cookies are named and scoped, by the public address.
///
/// With https they are `__Host-` cookies, which a sibling domain cannot set; those must have the path `/`, so the mount path
/// goes into the names, and two mounts on one host do not meet.
#[derive(Debug, Clone)]
pub(in crate::web) struct SignInCookies {
    prefix: String,
    secure: bool,
}

impl SignInCookies {
    pub(in crate::web) fn new(base_url: &Url) -> Self {
        let mount: String = base_url.path().trim_matches('/').bytes().map(|byte| format!("{byte:02x}")).collect();
        let secure = base_url.scheme() == "https";
        let host = if secure { "__Host-" } else { "" };
        Self { prefix: format!("{host}vestibule-user{mount}"), secure }
    }

    /// The session's cookie that a request carries.
    pub(in crate::web) fn session(&self, headers: &HeaderMap) -> Option<String> {
        let name = self.session_name();
        cookies(headers).find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    /// The starts that a request carries, by their keys, in the order in which the browser sends them: oldest first (RFC
    /// 6265, section 5.4).
    pub(super) fn starts(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let prefix = self.start_prefix();
        let start = |cookie: Cookie<'_>| {
            let key = cookie.name().strip_prefix(&prefix)?;
            Some((key.to_owned(), cookie.value().to_owned()))
        };
        cookies(headers).filter_map(start).collect()
    }

    /// Sets a start. Older ones are dropped where there are too many. Nothing when it is too long for a cookie.
    pub(super) fn set_start(&self, headers: &HeaderMap, start: &StartCookie) -> Option<Vec<HeaderValue>> {
        let value = start.value.expose();
        if value.len() > MAX_START {
            return None;
        }
        let held = self.starts(headers);
        let mut total = value.len() + held.iter().map(|(_, value)| value.len()).sum::<usize>();
        let mut set = Vec::new();
        for (key, value) in &held {
            if total <= MAX_STARTS {
                break;
            }
            total -= value.len();
            set.push(self.clear_start(key));
        }
        let cookie = self.cookie(format!("{}{}", self.start_prefix(), start.key), value.to_owned());
        set.push(written(cookie.max_age(Duration::minutes(START_MINUTES)).build()));
        Some(set)
    }

    pub(super) fn clear_start(&self, key: &str) -> HeaderValue {
        let cookie = self.cookie(format!("{}{key}", self.start_prefix()), String::new());
        written(cookie.max_age(Duration::ZERO).build())
    }

    pub(super) fn set_session(&self, session: &Secret) -> HeaderValue {
        written(self.cookie(self.session_name(), session.expose().to_owned()).build())
    }

    pub(in crate::web) fn clear_session(&self) -> HeaderValue {
        written(self.cookie(self.session_name(), String::new()).max_age(Duration::ZERO).build())
    }

    fn session_name(&self) -> String {
        format!("{}-session", self.prefix)
    }

    fn start_prefix(&self) -> String {
        format!("{}-start-", self.prefix)
    }

    fn cookie(&self, name: String, value: String) -> cookie::CookieBuilder<'static> {
        Cookie::build((name, value)).path("/").secure(self.secure).http_only(true).same_site(SameSite::Lax)
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| Cookie::split_parse(value).filter_map(Result::ok))
}

fn written(cookie: Cookie<'_>) -> HeaderValue {
    let mut header =
        HeaderValue::from_str(&cookie.to_string()).expect("names and values are letters, digits and base64");
    header.set_sensitive(true);
    header
}
