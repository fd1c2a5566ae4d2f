//! Slugs of names that the browser cannot transliterate.

use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::context::{answer, context};
use super::{ApiError, JsonPost};
#[cfg(feature = "ssr")]
use crate::domain::{problem::ServiceError, provider::Slug};

/// The slug that a platform-wide provider or a tenant with this name gets unless it is taken.
#[server(prefix = "/_ui/fn", endpoint = "slugs/suggest", protocol = JsonPost)]
pub async fn suggest_slug(name: String) -> Result<String, ApiError> {
    let call = context()?;
    // The function reads no data, so it requires a session and no permission.
    if call.actor.is_anonymous() {
        return answer(Err(ServiceError::Unauthenticated));
    }
    Ok(Slug::from_name(&name, None, 0).to_string())
}
