//! Creating the first administrator.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost, wire::SecretInput};

/// Creates the first administrator with the secret of the one-time link, and signs them in.
#[server(prefix = "/_ui/fn", endpoint = "set-up/complete", protocol = JsonPost)]
pub async fn complete_set_up(link_secret: SecretInput, email: String, password: SecretInput) -> Result<(), ApiError> {
    let call = context()?;
    let set_up = &call.services.set_up;
    let start = set_up.complete(&call.actor, link_secret.into(), &email, password.into(), &call.user_agent).await;
    call.set_cookie(Some(&answer(start)?.cookie));
    Ok(())
}
