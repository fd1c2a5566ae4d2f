//! The authentication request of a provider, by its settings.

use vestibule_app::domain::{
    provider::{OidcPrompt, ResponseMode},
    secret::Secret,
};

use super::{super::authorize::AuthenticationRequest, carried::Carried, provider::OpenIdProvider};
use crate::protocol::sign_in::{ProtocolRedirect, ProtocolRequest, SignInFault};

pub(super) fn authentication_request(request: &ProtocolRequest<'_>) -> Result<ProtocolRedirect, SignInFault> {
    let provider = OpenIdProvider::of(request.provider, &[])?;
    provider.check()?;
    let settings = &provider.config.sign_in;
    let carried = Carried::new(provider.config.pkce, settings.max_age);
    let hints = request.hints;
    let prompts: Vec<_> = settings.prompt.iter().copied().map(OidcPrompt::as_str).collect();
    let words = |words: String| Some(words).filter(|words| !words.is_empty());
    let further = [
        ("login_hint", hints.login_hint.clone()),
        ("prompt", hints.prompt.clone().or_else(|| words(prompts.join(" ")))),
        ("ui_locales", hints.ui_locales.clone()),
        ("max_age", settings.max_age.map(|seconds| seconds.to_string())),
        ("acr_values", words(settings.acr_values.join(" "))),
    ];
    let further: Vec<_> = further.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let verifier = carried.verifier.as_deref().map(Secret::new);
    let authentication = AuthenticationRequest {
        endpoint: &provider.address(|endpoints| &endpoints.authorization, "authorization_endpoint")?,
        client_id: &provider.config.client_id,
        redirect_uri: request.callback_url,
        scope: &provider.config.scopes().collect::<Vec<_>>().join(" "),
        state: request.state,
        nonce: &carried.nonce,
        verifier: verifier.as_ref(),
        is_form_post: settings.response_mode == ResponseMode::FormPost,
        further: &further,
    };
    let carried = serde_json::to_value(&carried).unwrap_or_default();
    Ok(ProtocolRedirect { url: authentication.url(), carried })
}
