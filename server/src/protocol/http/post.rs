//! Requests about one person: a form that is posted to a provider, and a document that an access token opens.
//!
//! Unlike [`super::Get`], these carry credentials. They never follow a redirect, which could lead the credentials elsewhere,
//! and every status is an answer: a provider says in the body why it refuses.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use tokio::time::Instant;
use url::Url;
use vestibule_app::domain::secret::Secret;

use super::{
    client::{OutboundClient, media_type, read_body},
    error::{FetchError, FetchErrorKind},
    redact::redacted,
};

/// A request with credentials.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exchange<'a> {
    /// Where it goes.
    pub(crate) url: &'a Url,
    /// Whether the server's certificate must be valid. Switching this off needs the operator's permission.
    pub(crate) verify_tls: bool,
    /// How long the answer may be, in bytes.
    pub(crate) max_bytes: usize,
    /// When to give up.
    pub(crate) deadline: Instant,
    /// The value of `Authorization`.
    pub(crate) authorization: Option<&'a Secret>,
    /// What the answer may be, for `Accept`.
    pub(crate) accept: &'static str,
}

/// What a server answered, whatever the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answered {
    /// The status.
    pub(crate) status: u16,
    /// The media type that the server declared, without parameters.
    pub(crate) content_type: Option<String>,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// How long it took.
    pub(crate) elapsed: Duration,
}

impl OutboundClient {
    /// Posts a form (`application/x-www-form-urlencoded`).
    ///
    /// # Errors
    ///
    /// Whatever kept an answer from coming.
    pub(crate) async fn post_form(&self, request: Exchange<'_>, form: &[(&str, &str)]) -> Result<Answered, FetchError> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.exchange(request, Some(body)).await
    }

    /// Reads a document that an access token opens.
    ///
    /// # Errors
    ///
    /// Whatever kept an answer from coming.
    pub(crate) async fn get_authorized(&self, request: Exchange<'_>) -> Result<Answered, FetchError> {
        self.exchange(request, None).await
    }

    async fn exchange(&self, request: Exchange<'_>, form: Option<String>) -> Result<Answered, FetchError> {
        let started = Instant::now();
        let outcome = async {
            let client = self.client_for(request.url, request.verify_tls)?;
            let mut sending = match form {
                Some(body) => client
                    .post(request.url.clone())
                    .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .body(body),
                None => client.get(request.url.clone()),
            }
            .header(ACCEPT, request.accept);
            if let Some(authorization) = request.authorization {
                let mut value = HeaderValue::from_str(authorization.expose())
                    .map_err(|_| FetchErrorKind::Interrupted("the credentials are no header"))?;
                value.set_sensitive(true);
                sending = sending.header(AUTHORIZATION, value);
            }
            let response = self.complete(sending, request.deadline).await?;
            let (status, content_type) = (response.status().as_u16(), media_type(&response));
            let body = read_body(response, request.max_bytes, request.deadline).await?;
            Ok(Answered { status, content_type, body, elapsed: started.elapsed() })
        };
        let url = redacted(request.url);
        outcome.await.map_err(|kind: FetchErrorKind| FetchError { requested: url.clone(), last: url, kind })
    }
}
