//! API tokens.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
use crate::domain::{
    id::TokenId,
    page::{Page, PageRequest},
    token::{ApiToken, NewApiToken},
};

/// A created token; the only response that contains the token itself.
#[derive(Clone, Serialize, Deserialize)]
pub struct CreatedToken {
    /// The stored part.
    pub token: ApiToken,
    /// The token, shown once.
    pub secret: String,
}

/// A page of the API tokens, newest first.
#[server(prefix = "/_ui/fn", endpoint = "tokens/list", protocol = JsonPost)]
pub async fn list_tokens(page: PageRequest) -> Result<Page<ApiToken>, ApiError> {
    let call = context()?;
    answer(call.services.tokens.list(&call.actor, page.capped()).await)
}

/// Creates an API token.
#[server(prefix = "/_ui/fn", endpoint = "tokens/create", protocol = JsonPost)]
pub async fn create_token(new: NewApiToken) -> Result<CreatedToken, ApiError> {
    let call = context()?;
    let created = call.services.tokens.create(&call.actor, new).await;
    answer(created.map(|(token, secret)| CreatedToken { token, secret: secret.expose().to_owned() }))
}

/// Revokes an API token.
#[server(prefix = "/_ui/fn", endpoint = "tokens/revoke", protocol = JsonPost)]
pub async fn revoke_token(id: TokenId) -> Result<(), ApiError> {
    let call = context()?;
    answer(call.services.tokens.revoke(&call.actor, id).await)
}
