//! Identifiers in paths. Whatever cannot name an object names none, which is all that is said of it.

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use vestibule_app::domain::id::{GroupId, GroupMappingId, ProviderId, SyncLogId, UserId};

use super::error::{Refusal, Result};
use crate::rest::RestState;

/// The parameters of a path, in order.
pub(super) struct Ids<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<RestState> for Ids<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(ids)| Self(ids)).map_err(|_| Refusal::NoRoute)
    }
}

/// The provider of a path, in any spelling of its identifier.
pub(super) fn provider_id(text: &str) -> Result<ProviderId> {
    text.parse().map_err(|_| Refusal::NotFound("Identity provider not found".to_owned()))
}

/// The group of a path.
pub(super) fn group_id(text: &str) -> Result<GroupId> {
    text.parse().map_err(|_| Refusal::NotFound("Group not found".to_owned()))
}

/// The group mapping of a path.
pub(super) fn mapping_id(text: &str) -> Result<GroupMappingId> {
    text.parse().map_err(|_| Refusal::NotFound("Group mapping not found".to_owned()))
}

/// The log of a synchronisation.
pub(super) fn log_id(text: &str) -> Result<SyncLogId> {
    text.parse().map_err(|_| Refusal::NotFound("Sync log not found".to_owned()))
}

/// The user of a path.
pub(super) fn user_id(text: &str) -> Result<UserId> {
    text.parse().map_err(|_| Refusal::NotFound("User not found".to_owned()))
}
