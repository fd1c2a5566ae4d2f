//! The envelopes around everything that is answered.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::Response,
};
use serde::Serialize;
use vestibule_app::domain::page::page_count;

use super::{date::rfc3339, query::Wanted};
use crate::rest::{
    RestState,
    http::{RequestId, json},
};

/// Puts answers into their envelopes, with the request's id and the moment.
pub(super) struct Answer {
    meta: Meta,
}

#[derive(Serialize)]
struct Meta {
    request_id: Option<String>,
    timestamp: String,
}

#[derive(Serialize)]
struct One<'a, T> {
    data: T,
    meta: &'a Meta,
}

#[derive(Serialize)]
struct Several<'a, T> {
    data: &'a [T],
    pagination: Pagination,
    meta: &'a Meta,
}

#[derive(Serialize)]
struct Pagination {
    page: u64,
    per_page: u32,
    total_items: u64,
    total_pages: u64,
}

impl Answer {
    /// One object, or a whole list.
    pub(super) fn one<T: Serialize>(&self, status: StatusCode, data: T) -> Response {
        json(status, &One { data, meta: &self.meta })
    }

    /// A page of a list that has `total` items.
    pub(super) fn page<T: Serialize>(&self, data: &[T], wanted: Wanted, total: u64) -> Response {
        let Wanted { page, per_page } = wanted;
        let pagination = Pagination { page, per_page, total_items: total, total_pages: page_count(total, per_page) };
        json(StatusCode::OK, &Several { data, pagination, meta: &self.meta })
    }

    /// A page of a list that has nothing in it.
    pub(super) fn empty_page(&self, wanted: Wanted) -> Response {
        self.page::<()>(&[], wanted, 0)
    }
}

impl FromRequestParts<RestState> for Answer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &RestState) -> Result<Self, Infallible> {
        let request_id = parts.extensions.get::<RequestId>().map(|id| id.0.to_string());
        Ok(Self { meta: Meta { request_id, timestamp: rfc3339(state.clock.now()) } })
    }
}
