//! Compares the document with what the provider is used with: endpoints, secret and scopes.

use vestibule_app::domain::{discovery::ProviderMetadata, provider::OidcEndpoints};

use super::{super::run::StepResult, subject::OidcTest};

fn named(endpoints: &OidcEndpoints) -> [(&'static str, Option<&String>); 5] {
    let OidcEndpoints { authorization, token, userinfo, jwks, end_session } = endpoints;
    [
        ("authorization_endpoint", authorization.as_ref()),
        ("token_endpoint", token.as_ref()),
        ("userinfo_endpoint", userinfo.as_ref()),
        ("jwks_uri", jwks.as_ref()),
        ("end_session_endpoint", end_session.as_ref()),
    ]
}

pub(super) fn is_entered(overrides: &OidcEndpoints, member: Option<&str>) -> bool {
    named(overrides).into_iter().any(|(name, address)| address.is_some() && Some(name) == member)
}

/// Compares the endpoints in use with those of the document.
pub(super) fn compare(found: StepResult, test: &OidcTest, metadata: &ProviderMetadata) -> StepResult {
    let stated = OidcEndpoints {
        authorization: metadata.authorization_endpoint.clone(),
        token: metadata.token_endpoint.clone(),
        userinfo: metadata.userinfo_endpoint.clone(),
        jwks: metadata.jwks_uri.clone(),
        end_session: metadata.end_session_endpoint.clone(),
    };
    named(&test.endpoints).into_iter().zip(named(&stated)).fold(found, |found, ((name, used), (_, stated))| {
        match (used, stated) {
            (Some(used), Some(stated)) if used != stated && !is_entered(&test.overrides, Some(name)) => found.also(
                format!(
                    "The provider is used with the {name} {used}, as its document said before. Now it names {stated}."
                ),
                "Discover the provider again, unless the document is wrong.",
            ),
            (Some(used), Some(stated)) if used != stated => found.also(
                format!("The provider is configured with the {name} {used}, and its document names {stated}."),
                "Read the discovery document again, or correct the address that was entered by hand.",
            ),
            (Some(used), None) => found.also(
                format!("The provider is configured with the {name} {used}, and its document names none."),
                "Make sure that the address still holds.",
            ),
            _ => found,
        }
    })
}

pub(super) fn secret(found: StepResult, has_secret: bool, metadata: &ProviderMetadata) -> StepResult {
    // Absent means client_secret_basic.
    let methods = metadata.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
    if has_secret || methods.iter().any(|method| method == "none") {
        return found;
    }
    found.also(
        "No client secret is stored, and the provider lists no client authentication without one.",
        "Enter the client secret, unless this client is registered as a public one.",
    )
}

pub(super) fn scopes(found: StepResult, asked_for: &[String], supported: &[String]) -> StepResult {
    // A missing `openid` is a finding of its own.
    let unlisted: Vec<_> =
        asked_for.iter().filter(|scope| *scope != "openid" && !supported.contains(scope)).map(String::as_str).collect();
    if unlisted.is_empty() {
        return found;
    }
    found.also(
        format!("The provider does not list these scopes: {}.", unlisted.join(", ")),
        "Remove them, or test the sign-in: some providers do not list what they accept.",
    )
}
