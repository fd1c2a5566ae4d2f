//! How people sign in with an OpenID provider: what is requested of it, and which ID tokens are accepted.

use serde::{Deserialize, Serialize};

use crate::domain::{
    named::named,
    patch::Patch,
    problem::{Problem, ProblemCode},
    text::check_text,
    web_url::check_address,
};

named! {
    /// How the client authenticates at the token endpoint (OpenID Connect Core 1.0, section 9). A client without a secret
    /// only sends its identifier.
    #[derive(Default)]
    ClientAuthentication, UnknownClientAuthentication {
        /// The secret is sent in the header (HTTP Basic).
        #[default]
        ClientSecretBasic = "client_secret_basic" / "Secret in the header",
        /// The secret is sent in the form.
        ClientSecretPost = "client_secret_post" / "Secret in the form",
        /// The secret is not sent.
        None = "none" / "None (public client)",
    }
}

named! {
    /// How the provider returns the authentication response.
    #[derive(Default)]
    ResponseMode, UnknownResponseMode {
        /// As the query of the callback's address.
        #[default]
        Query = "query" / "Query",
        /// As a form (OAuth 2.0 Form Post Response Mode).
        FormPost = "form_post" / "Form",
    }
}

named! {
    /// When the userinfo endpoint is requested.
    #[derive(Default)]
    UserInfoUse, UnknownUserInfoUse {
        /// When a mapped claim is not in the ID token.
        #[default]
        Auto = "auto" / "When a claim is missing",
        /// At each sign-in. A provider without the endpoint is refused.
        Always = "always" / "Always",
        /// Never.
        Never = "never" / "Never",
    }
}

named! {
    /// What the provider shows to the person (OpenID Connect Core 1.0, section 3.1.2.1).
    OidcPrompt, UnknownOidcPrompt {
        /// Nothing.
        None = "none" / "Nothing",
        /// It asks for the password again.
        Login = "login" / "Authentication",
        /// It asks for consent again.
        Consent = "consent" / "Consent",
        /// It lets the person choose an account.
        SelectAccount = "select_account" / "Choice of account",
    }
}

named! {
    /// An algorithm with which a provider signs ID tokens (RFC 7518, section 3.1; RFC 8037).
    SigningAlgorithm, UnknownSigningAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        Rs256 = "RS256" / "RS256",
        /// RSASSA-PKCS1-v1_5 with SHA-384.
        Rs384 = "RS384" / "RS384",
        /// RSASSA-PKCS1-v1_5 with SHA-512.
        Rs512 = "RS512" / "RS512",
        /// RSASSA-PSS with SHA-256.
        Ps256 = "PS256" / "PS256",
        /// RSASSA-PSS with SHA-384.
        Ps384 = "PS384" / "PS384",
        /// RSASSA-PSS with SHA-512.
        Ps512 = "PS512" / "PS512",
        /// ECDSA with P-256 and SHA-256.
        Es256 = "ES256" / "ES256",
        /// ECDSA with P-384 and SHA-384.
        Es384 = "ES384" / "ES384",
        /// Ed25519.
        EdDsa = "EdDSA" / "EdDSA",
        /// HMAC with SHA-256. The key is the client secret.
        Hs256 = "HS256" / "HS256",
        /// HMAC with SHA-384. The key is the client secret.
        Hs384 = "HS384" / "HS384",
        /// HMAC with SHA-512. The key is the client secret.
        Hs512 = "HS512" / "HS512",
    }
}

impl SigningAlgorithm {
    /// Whether it signs with the client secret.
    pub const fn is_hmac(self) -> bool {
        matches!(self, Self::Hs256 | Self::Hs384 | Self::Hs512)
    }
}

/// How people sign in with an OpenID provider. The defaults suit most providers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OidcSignIn {
    /// How the client authenticates at the token endpoint.
    pub token_endpoint_auth_method: ClientAuthentication,
    /// How the provider returns the authentication response.
    pub response_mode: ResponseMode,
    /// Algorithms with which ID tokens may be signed. Empty: those of the discovery document that have a key pair, or RS256
    /// where it lists none. HMAC counts only where it is listed here.
    pub id_token_signing_algs: Vec<SigningAlgorithm>,
    /// Issuers that ID tokens may have, in place of the provider's own. A provider whose issuer stands for many directory
    /// tenants (`{tenantid}`) accepts those alone that are listed here.
    pub allowed_issuers: Vec<String>,
    /// When the userinfo endpoint is requested.
    pub userinfo: UserInfoUse,
    /// How long ago the person may have authenticated at the provider, in seconds. Checked by `auth_time`.
    pub max_age: Option<u32>,
    /// What the provider shows, unless the application asks for something else.
    pub prompt: Vec<OidcPrompt>,
    /// The authentication contexts to request, the preferred one first. The provider may use another one.
    pub acr_values: Vec<String>,
}

/// A change of how people sign in with an OpenID provider. What is cleared gets its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OidcSignInPatch {
    /// How the client authenticates at the token endpoint.
    pub token_endpoint_auth_method: Patch<ClientAuthentication>,
    /// How the provider returns the authentication response.
    pub response_mode: Patch<ResponseMode>,
    /// Algorithms with which ID tokens may be signed.
    pub id_token_signing_algs: Patch<Vec<SigningAlgorithm>>,
    /// Issuers that ID tokens may have.
    pub allowed_issuers: Patch<Vec<String>>,
    /// When the userinfo endpoint is requested.
    pub userinfo: Patch<UserInfoUse>,
    /// How long ago the person may have authenticated, in seconds.
    pub max_age: Patch<u32>,
    /// What the provider shows.
    pub prompt: Patch<Vec<OidcPrompt>>,
    /// The authentication contexts to request.
    pub acr_values: Patch<Vec<String>>,
}

impl OidcSignInPatch {
    /// Applies the change.
    pub fn apply(self, settings: &mut OidcSignIn) {
        let Self {
            token_endpoint_auth_method,
            response_mode,
            id_token_signing_algs,
            allowed_issuers,
            userinfo,
            max_age,
            prompt,
            acr_values,
        } = self;
        token_endpoint_auth_method.apply_or_default(&mut settings.token_endpoint_auth_method);
        response_mode.apply_or_default(&mut settings.response_mode);
        id_token_signing_algs.apply_or_default(&mut settings.id_token_signing_algs);
        allowed_issuers.apply_or_default(&mut settings.allowed_issuers);
        userinfo.apply_or_default(&mut settings.userinfo);
        max_age.apply(&mut settings.max_age);
        prompt.apply_or_default(&mut settings.prompt);
        acr_values.apply_or_default(&mut settings.acr_values);
    }
}

/// All settings at once.
impl From<OidcSignIn> for OidcSignInPatch {
    fn from(settings: OidcSignIn) -> Self {
        let OidcSignIn {
            token_endpoint_auth_method,
            response_mode,
            id_token_signing_algs,
            allowed_issuers,
            userinfo,
            max_age,
            prompt,
            acr_values,
        } = settings;
        Self {
            token_endpoint_auth_method: Patch::Set(token_endpoint_auth_method),
            response_mode: Patch::Set(response_mode),
            id_token_signing_algs: Patch::Set(id_token_signing_algs),
            allowed_issuers: Patch::Set(allowed_issuers),
            userinfo: Patch::Set(userinfo),
            max_age: max_age.map_or(Patch::Clear, Patch::Set),
            prompt: Patch::Set(prompt),
            acr_values: Patch::Set(acr_values),
        }
    }
}

/// The longest list of issuers. Each is compared at each sign-in.
const MAX_ISSUERS: usize = 1000;

/// The longest list of authentication contexts, which stand in the address of a request.
const MAX_CONTEXTS: usize = 20;

/// Checks a new provider's settings.
pub(super) fn check(problems: &mut Vec<Problem>, settings: &OidcSignIn) {
    let OidcSignIn {
        token_endpoint_auth_method: _,
        response_mode: _,
        id_token_signing_algs: _,
        allowed_issuers,
        userinfo: _,
        max_age: _,
        prompt,
        acr_values,
    } = settings;
    check_issuers(problems, allowed_issuers);
    check_prompt(problems, prompt);
    check_contexts(problems, acr_values);
}

/// Checks a change.
pub(super) fn check_change(problems: &mut Vec<Problem>, change: &OidcSignInPatch) {
    check_issuers(problems, change.allowed_issuers.value().map(Vec::as_slice).unwrap_or_default());
    check_prompt(problems, change.prompt.value().map(Vec::as_slice).unwrap_or_default());
    check_contexts(problems, change.acr_values.value().map(Vec::as_slice).unwrap_or_default());
}

/// An issuer is compared to the letter, so that a placeholder in one could match no token.
fn check_issuers(problems: &mut Vec<Problem>, issuers: &[String]) {
    if issuers.len() > MAX_ISSUERS {
        let message = format!("Give at most {MAX_ISSUERS} issuers.");
        problems.push(Problem::new("allowed_issuers", ProblemCode::TooMany { limit: MAX_ISSUERS }, message));
        return;
    }
    for (index, issuer) in issuers.iter().enumerate() {
        let field = format!("allowed_issuers.{index}");
        let before = problems.len();
        check_text(problems, &field, issuer, 2000, true);
        if problems.len() > before {
            continue;
        }
        let problem = if issuer.contains(['{', '}', '*']) {
            Some("write the issuer of each directory tenant, without a placeholder".to_owned())
        } else if issuer.trim() != issuer {
            Some("remove the spaces around it".to_owned())
        } else {
            check_address(issuer).err().map(|problem| problem.to_string())
        };
        if let Some(problem) = problem {
            let message = format!("{issuer:?} can match no token: {problem}.");
            problems.push(Problem::new(field, ProblemCode::Malformed, message));
        }
    }
}

fn check_prompt(problems: &mut Vec<Problem>, prompt: &[OidcPrompt]) {
    if prompt.contains(&OidcPrompt::None) && prompt.iter().any(|other| *other != OidcPrompt::None) {
        let message =
            "The prompt none stands alone: the provider shows nothing (OpenID Connect Core 1.0, section 3.1.2.1).";
        problems.push(Problem::new("prompt", ProblemCode::Malformed, message));
    }
}

fn check_contexts(problems: &mut Vec<Problem>, contexts: &[String]) {
    if contexts.len() > MAX_CONTEXTS {
        let message = format!("Give at most {MAX_CONTEXTS} values.");
        problems.push(Problem::new("acr_values", ProblemCode::TooMany { limit: MAX_CONTEXTS }, message));
        return;
    }
    for (index, context) in contexts.iter().enumerate() {
        let field = format!("acr_values.{index}");
        let before = problems.len();
        check_text(problems, &field, context, 255, true);
        if problems.len() == before && context.contains(char::is_whitespace) {
            let message = "Values are separated by spaces in the request. Give each value in a place of its own.";
            problems.push(Problem::new(field, ProblemCode::Malformed, message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(settings: OidcSignIn) -> Vec<String> {
        let mut problems = Vec::new();
        check(&mut problems, &settings);
        problems.into_iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn an_issuer_is_one_address_without_a_placeholder() {
        for (issuer, is_good) in [
            ("https://login.microsoftonline.com/9122040d-6c67-4c5b-b112-36a304b66dad/v2.0", true),
            ("https://login.microsoftonline.com/{tenantid}/v2.0", false),
            ("https://login.microsoftonline.com/*/v2.0", false),
            ("9122040d-6c67-4c5b-b112-36a304b66dad", false),
            (" https://id.example", false),
            ("", false),
        ] {
            let found = faults(OidcSignIn { allowed_issuers: vec![issuer.to_owned()], ..OidcSignIn::default() });
            assert_eq!(found.is_empty(), is_good, "{issuer:?}: {found:?}");
        }
    }

    #[test]
    fn prompts_and_contexts_have_the_form_of_the_specification() {
        let of = |prompt: &[OidcPrompt], context: &str| {
            faults(OidcSignIn {
                prompt: prompt.to_vec(),
                acr_values: vec![context.to_owned()],
                ..OidcSignIn::default()
            })
        };
        assert_eq!(of(&[OidcPrompt::Login, OidcPrompt::Consent], "urn:mfa"), [""; 0]);
        assert_eq!(of(&[OidcPrompt::None, OidcPrompt::Login], "two words"), ["prompt", "acr_values.0"]);
    }
}
