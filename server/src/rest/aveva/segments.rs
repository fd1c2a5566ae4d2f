//! Variable segments of paths.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use uuid::Uuid;
use vestibule_app::domain::id::ProviderId;

use super::error::Refusal;

/// The variable segments of a path. Nothing is at a path whose segments are not UTF-8.
pub(super) struct Segments<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Segments<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        Path::from_request_parts(parts, state).await.map(|Path(segments)| Self(segments)).map_err(|_| Refusal::NoRoute)
    }
}

/// A provider as the path names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) text: String,
    /// The identifier for the services. Text that does not parse becomes one that no provider has, since permissions are
    /// checked before the provider is looked up.
    pub(super) id: ProviderId,
    pub(super) is_identifier: bool,
}

impl From<String> for Named {
    fn from(text: String) -> Self {
        let id = text.parse::<ProviderId>();
        Self { is_identifier: id.is_ok(), id: id.unwrap_or(ProviderId(Uuid::nil())), text }
    }
}
