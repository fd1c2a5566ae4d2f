//! The query of `/login`, as it is read and written.

use url::form_urlencoded;
use vestibule_app::service::{ProofRequest, SignInRequest};

/// The longest value, in characters. `return_to` has a limit of its own.
const MAX_LENGTH: usize = 300;

/// Why the query is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum QueryFault {
    #[error("The address has {0} twice.")]
    Twice(&'static str),
    #[error("The parameter {0} is longer than {MAX_LENGTH} characters.")]
    TooLong(&'static str),
}

/// Reads the parameters. Unknown ones are ignored, and empty ones are absent.
///
/// # Errors
///
/// A parameter is there twice, or too long.
pub(super) fn read(query: &str) -> Result<SignInRequest, QueryFault> {
    let mut request = SignInRequest::default();
    let mut proof = None;
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let (name, place) = match &*name {
            "tenant" => ("tenant", &mut request.tenant),
            "provider" => ("provider", &mut request.provider),
            "iss" => ("iss", &mut request.issuer),
            "return_to" => ("return_to", &mut request.return_to),
            // The name that third parties know (OpenID Connect Core 1.0, section 4).
            "target_link_uri" => ("return_to", &mut request.return_to),
            "login_hint" => ("login_hint", &mut request.login_hint),
            "prompt" => ("prompt", &mut request.prompt),
            "ui_locales" => ("ui_locales", &mut request.ui_locales),
            "proof" => ("proof", &mut proof),
            "search" => ("search", &mut request.search),
            "confirmation" => ("confirmation", &mut request.confirmation),
            _ => continue,
        };
        if value.is_empty() {
            continue;
        }
        if name != "return_to" && value.chars().nth(MAX_LENGTH).is_some() {
            return Err(QueryFault::TooLong(name));
        }
        if place.replace(value.into_owned()).is_some() {
            return Err(QueryFault::Twice(name));
        }
    }
    request.proof = proof.map(|token| ProofRequest { token, starts: Vec::new() });
    Ok(request)
}

/// The query of `/login` for a request.
pub(in crate::web) fn write(request: &SignInRequest) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs(request)).finish()
}

/// The parameters of `/login` for a request.
pub(super) fn pairs(request: &SignInRequest) -> impl Iterator<Item = (&'static str, &str)> {
    let SignInRequest {
        tenant,
        provider,
        issuer,
        return_to,
        login_hint,
        prompt,
        ui_locales,
        proof,
        search,
        confirmation,
    } = request;
    [
        ("tenant", tenant),
        ("provider", provider),
        ("iss", issuer),
        ("return_to", return_to),
        ("login_hint", login_hint),
        ("prompt", prompt),
        ("ui_locales", ui_locales),
        ("search", search),
        ("confirmation", confirmation),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    .chain(proof.iter().map(|proof| ("proof", proof.token.as_str())))
}
