//! What handlers refer to when they describe themselves: parameters of the list, and the answers that operations share.

use std::collections::HashMap;

use utoipa::{IntoParams, ToSchema};

use super::error::Detail;
use crate::rest::openapi::responses;

/// Which part of the list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes a query, which `page` reads")]
pub(super) struct Page {
    /// Which page, counted from 1.
    #[param(minimum = 1, default = 1)]
    page: Option<u32>,
    /// How many providers a page holds; unusable values mean 10.
    #[param(minimum = 1, maximum = 300, default = 10)]
    page_size: Option<u32>,
}

/// Problems by field; `{"detail": …}` for a body that cannot be read; a list of sentences when discovery fails while
/// saving.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes an answer")]
#[serde(untagged)]
pub(super) enum Refused {
    /// By field.
    Fields(HashMap<String, serde_json::Value>),
    /// When discovery failed while saving.
    Sentences(Vec<String>),
}

responses! {
    /// The input is wrong, or the discovery document could not be read
    Invalid { status = 400 } Refused;
    /// No token was sent where one is needed, or it is not valid
    Unauthenticated { status = 401, headers(("WWW-Authenticate" = String, description = "`Token`")) } Detail<'static>;
    /// The caller is not staff
    Forbidden { status = 403 } Detail<'static>;
    /// There is no such provider
    NotFound { status = 404 } Detail<'static>;
    /// There is no such page
    NoPage { status = 404 } Detail<'static>;
    /// Another request changed the provider first
    Conflict { status = 409 } Detail<'static>;
    /// The body did not arrive in time
    TooSlow { status = 408 } Detail<'static>;
    /// The body is larger than 256 KiB
    TooLarge { status = 413 } Detail<'static>;
    /// The body is neither JSON nor a form
    UnknownMediaType { status = 415 } Detail<'static>;
    /// Too many providers are being read at once
    Throttled { status = 429, headers(("Retry-After" = u32, description = "Seconds to wait")) } Detail<'static>;
    /// A fault of the server
    Failed { status = 500 } Detail<'static>;
    /// The server cannot answer at the moment
    Unavailable { status = 503 } Detail<'static>;
}
