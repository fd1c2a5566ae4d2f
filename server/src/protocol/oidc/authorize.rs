//! The authentication request (OpenID Connect Core 1.0, section 3.1.2.1), with PKCE (RFC 7636).

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use url::Url;
use vestibule_app::domain::secret::Secret;

/// What is asked of a provider.
#[derive(Clone, Copy)]
pub(crate) struct AuthenticationRequest<'a> {
    /// The provider's authorization endpoint. Its own query is kept.
    pub(crate) endpoint: &'a Url,
    /// The client identifier.
    pub(crate) client_id: &'a str,
    /// Where the provider sends the browser back to.
    pub(crate) redirect_uri: &'a str,
    /// The scopes, separated by spaces.
    pub(crate) scope: &'a str,
    /// The value that the callback brings back.
    pub(crate) state: &'a str,
    /// The value that the ID token brings back.
    pub(crate) nonce: &'a str,
    /// The verifier of PKCE; absent where it is switched off for the provider.
    pub(crate) verifier: Option<&'a Secret>,
    /// Whether the callback comes as a form (OAuth 2.0 Form Post Response Mode).
    pub(crate) is_form_post: bool,
    /// Further parameters, such as `login_hint`, `prompt` and `max_age`.
    pub(crate) further: &'a [(&'static str, String)],
}

impl AuthenticationRequest<'_> {
    /// The address to send the browser to.
    pub(crate) fn url(&self) -> Url {
        let mut url = self.endpoint.clone();
        url.set_fragment(None);
        {
            let mut query = url.query_pairs_mut();
            query
                .append_pair("response_type", "code")
                .append_pair("client_id", self.client_id)
                .append_pair("redirect_uri", self.redirect_uri)
                .append_pair("scope", self.scope)
                .append_pair("state", self.state)
                .append_pair("nonce", self.nonce);
            if let Some(verifier) = self.verifier {
                query.append_pair("code_challenge", &challenge(verifier)).append_pair("code_challenge_method", "S256");
            }
            if self.is_form_post {
                query.append_pair("response_mode", "form_post");
            }
            for (name, value) in self.further {
                query.append_pair(name, value);
            }
        }
        url
    }
}

/// The challenge for a verifier (RFC 7636, section 4.2).
fn challenge(verifier: &Secret) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.expose().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 7636, appendix B.
    #[test]
    fn the_challenge_is_that_of_the_specification() {
        let verifier = Secret::new("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn the_endpoints_own_query_is_kept() {
        let endpoint = Url::parse("https://idp.example/authorize?p=B2C_1#x").expect("an address");
        let request = AuthenticationRequest {
            endpoint: &endpoint,
            client_id: "a b",
            redirect_uri: "https://app.example/callback/1",
            scope: "openid email",
            state: "s",
            nonce: "n",
            verifier: None,
            is_form_post: true,
            further: &[("prompt", "login".to_owned())],
        };
        assert_eq!(
            request.url().as_str(),
            "https://idp.example/authorize?p=B2C_1&response_type=code&client_id=a+b&redirect_uri=https%3A%2F%2Fapp.\
             example%2Fcallback%2F1&scope=openid+email&state=s&nonce=n&response_mode=form_post&prompt=login"
        );
    }
}
