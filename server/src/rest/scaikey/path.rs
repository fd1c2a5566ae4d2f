//! Identifiers in paths. One that does not parse is answered as one that no object has.

use std::str::FromStr;

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

/// An identifier in any spelling. One that does not parse names no object.
fn parse<T: FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| Refusal::NotFound(format!("{what} not found")))
}

/// The provider of a path.
pub(super) fn provider_id(text: &str) -> Result<ProviderId> {
    parse(text, "Identity provider")
}

/// The group of a path.
pub(super) fn group_id(text: &str) -> Result<GroupId> {
    parse(text, "Group")
}

/// The group mapping of a path.
pub(super) fn mapping_id(text: &str) -> Result<GroupMappingId> {
    parse(text, "Group mapping")
}

/// The log of a synchronisation.
pub(super) fn log_id(text: &str) -> Result<SyncLogId> {
    parse(text, "Sync log")
}

/// The user of a path.
pub(super) fn user_id(text: &str) -> Result<UserId> {
    parse(text, "User")
}
