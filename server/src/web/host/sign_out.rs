//! The end of a session, for a handler of the application.

use std::convert::Infallible;

use axum::{
    http::{HeaderValue, header::SET_COOKIE},
    response::{IntoResponseParts, ResponseParts},
};

/// A session that ended. In a handler's response it clears the cookie:
///
/// ```no_run
/// # use axum::{http::HeaderMap, response::{IntoResponse, Redirect}};
/// # async fn example(vestibule: &vestibule::Vestibule, headers: &HeaderMap) -> vestibule::service::ServiceResult<impl IntoResponse> {
/// Ok((vestibule.sign_out(headers).await?, Redirect::to("/")))
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "the browser keeps its cookie unless this is part of the response"]
pub struct SignedOut(HeaderValue);

impl SignedOut {
    pub(super) const fn new(cookie: HeaderValue) -> Self {
        Self(cookie)
    }
}

impl IntoResponseParts for SignedOut {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        response.headers_mut().append(SET_COOKIE, self.0);
        Ok(response)
    }
}
