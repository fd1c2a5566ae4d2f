//! URLs as messages and logs show them: without credentials.
//!
//! A query value is kept only where its name is known to carry no secret; the others become stars, since a token may have any
//! name.

use url::Url;

/// `url` without userinfo and fragment, and with starred query values.
pub(super) fn redacted(url: &Url) -> Url {
    let mut clean = url.clone();
    clean.set_fragment(None);
    // Both fail only for URLs that cannot carry userinfo in the first place.
    let _ = clean.set_username("");
    let _ = clean.set_password(None);
    if url.query().is_some() {
        clean.set_query(None);
        let mut pairs = clean.query_pairs_mut();
        for (name, value) in url.query_pairs() {
            let is_harmless = HARMLESS.iter().any(|known| name.eq_ignore_ascii_case(known));
            pairs.append_pair(&name, if is_harmless { &value } else { "***" });
        }
    }
    clean
}

/// Entra's application and Azure AD B2C's policy select a document; the others are plain switches.
const HARMLESS: [&str; 6] = ["appid", "p", "policy", "tenant", "version", "api-version"];

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failing unwrap is a failing test")]
mod tests {
    use super::*;

    #[test]
    fn keeps_what_helps_and_hides_what_could_be_secret() {
        let url = Url::parse("https://user:pw@idp.example/x?appid=7&token=abc#frag").unwrap();
        assert_eq!(redacted(&url).as_str(), "https://idp.example/x?appid=7&token=***");
    }

    #[test]
    fn leaves_an_ordinary_url_alone() {
        let url = Url::parse("https://idp.example/.well-known/openid-configuration").unwrap();
        assert_eq!(redacted(&url), url);
    }
}
