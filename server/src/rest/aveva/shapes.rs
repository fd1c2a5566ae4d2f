//! What handlers refer to when they describe themselves: parameters of lists, and the answers that operations share.

use utoipa::IntoParams;

use super::error::Body;
use crate::rest::openapi::responses;

/// Which part of the list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes a query, which `page` reads")]
pub(super) struct Page {
    /// Accepted, and without a meaning.
    #[param(default = "")]
    query: Option<String>,
    /// How many are skipped.
    #[param(minimum = 0, maximum = 2147483647, default = 0)]
    skip: Option<i32>,
    /// How many are returned at most.
    #[param(minimum = 0, maximum = 1000, default = 100)]
    count: Option<i32>,
}

responses! {
    /// Missing or invalid inputs
    Invalid { status = 400 } Body;
    /// No token was sent, or it is not valid
    Unauthenticated { status = 401, headers(("WWW-Authenticate" = String, description = "`Bearer`")) } Body;
    /// The caller holds none of the roles
    Forbidden { status = 403 } Body;
    /// There is no such provider or tenant
    NotFound { status = 404 } Body;
    /// Internal server error
    Failed { status = 500 } Body;
    /// The server cannot answer at the moment
    Unavailable { status = 503 } Body;
}
