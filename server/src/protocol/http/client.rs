//! Fetches a document with one GET, within limits of address, redirects, size and time.
//!
//! It follows redirects itself, because each target has to pass the policy again. It cannot add headers: a document that needs
//! credentials is not public metadata. Requests carry `traceparent` when they are part of a trace.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{RequestBuilder, Response, StatusCode};
use serde_json::Value;
use thiserror::Error;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::rustls::pki_types::{CertificateDer, pem::PemObject as _};
use url::Url;

use super::diagnose::diagnose;
use super::error::{FetchError, FetchErrorKind, Phase, RedirectFault};
use super::policy::OutboundPolicy;
use super::redact::redacted;
use super::refusal::{Refusal, UrlFault};
use super::resolver::{Lookup, SystemLookup, resolve};
use super::stack::Stack;
use crate::protocol::recognise::Recognised;
use crate::trace_context::{self, TRACEPARENT};

/// How many redirects of one request are followed.
const MAX_REDIRECTS: usize = 3;

/// The client through which everything leaves; clones share connections.
#[derive(Clone)]
pub struct OutboundClient {
    stack: Arc<Stack>,
}

/// A document to read.
#[derive(Debug, Clone, Copy)]
pub struct Get<'a> {
    /// Where it is.
    pub url: &'a Url,
    /// Whether the server's certificate must be valid. Switching this off needs the operator's permission.
    pub verify_tls: bool,
    /// How long the document may be.
    pub max_bytes: usize,
    /// When to give up; redirects do not extend it.
    pub deadline: Instant,
}

/// A document of any kind and how it was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The URL that answered, after redirects, as it may be shown.
    pub shown_url: Url,
    /// The media type the server declared, without parameters.
    pub content_type: Option<String>,
    /// The document.
    pub body: Vec<u8>,
}

/// A JSON document and how it was come by.
#[derive(Debug, Clone, PartialEq)]
pub struct Fetched {
    /// The URL that answered, after redirects.
    pub final_url: Url,
    /// The status, always a success.
    pub status: u16,
    /// The media type the server declared, without parameters.
    pub content_type: Option<String>,
    /// The length of the answer.
    pub bytes: usize,
    /// The document.
    pub value: Value,
    /// How long it took, redirects included.
    pub elapsed: Duration,
}

impl Fetched {
    /// Whether the server declared the document to be JSON. Others are read all the same; a report may mention it.
    #[must_use]
    pub fn has_json_content_type(&self) -> bool {
        self.content_type.as_deref().is_some_and(|kind| kind.ends_with("/json") || kind.ends_with("+json"))
    }
}

impl OutboundClient {
    /// A client under `policy` that resolves names as the operating system does and trusts what it trusts.
    #[must_use]
    pub fn new(policy: OutboundPolicy) -> Self {
        Self::assemble(Arc::new(policy), Arc::new(SystemLookup), Vec::new())
    }

    /// The same client with another way to resolve names.
    #[must_use]
    pub fn with_lookup(self, lookup: Arc<dyn Lookup>) -> Self {
        Self::assemble(Arc::clone(&self.stack.policy), lookup, self.stack.roots.clone())
    }

    /// The same client, trusting these certificate authorities (PEM, one or many) beside those of the system.
    ///
    /// # Errors
    ///
    /// The text holds no certificate, or one that cannot be read.
    pub fn with_extra_roots(self, pem: &[u8]) -> Result<Self, InvalidRoots> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let mut roots = certificates.map_err(|_| InvalidRoots)?;
        if roots.is_empty() {
            return Err(InvalidRoots);
        }
        roots.extend(self.stack.roots.iter().cloned());
        Ok(Self::assemble(Arc::clone(&self.stack.policy), Arc::clone(&self.stack.lookup), roots))
    }

    /// The policy this client keeps.
    #[must_use]
    pub fn policy(&self) -> &OutboundPolicy {
        &self.stack.policy
    }

    /// How this client resolves names, for protocols that connect by themselves.
    #[must_use]
    pub fn lookup(&self) -> &Arc<dyn Lookup> {
        &self.stack.lookup
    }

    /// Reads a JSON document.
    ///
    /// # Errors
    ///
    /// Whatever kept the document from being read; see [`FetchErrorKind`].
    pub async fn get_json(&self, request: Get<'_>) -> Result<Fetched, FetchError> {
        let started = Instant::now();
        let mut at = request.url.clone();
        at.set_fragment(None);
        let outcome = self.read(&request, "application/json", &mut at).await.and_then(as_json);
        let elapsed = started.elapsed();
        match outcome {
            Ok((status, content_type, bytes, value)) => {
                tracing::debug!(url = %redacted(&at), bytes, elapsed_ms = elapsed.as_millis(), "fetched a JSON document");
                Ok(Fetched { final_url: at, status: status.as_u16(), content_type, bytes, value, elapsed })
            }
            Err(kind) => Err(failed(&request, &at, kind)),
        }
    }

    /// Reads a document without looking into it. `accept` is the header that says what is wanted.
    ///
    /// # Errors
    ///
    /// Whatever kept the document from being read.
    pub async fn get_document(&self, request: Get<'_>, accept: &'static str) -> Result<Document, FetchError> {
        let mut at = request.url.clone();
        at.set_fragment(None);
        match self.read(&request, accept, &mut at).await {
            Ok(Answer { content_type, body, .. }) => Ok(Document { shown_url: redacted(&at), content_type, body }),
            Err(kind) => Err(failed(&request, &at, kind)),
        }
    }

    /// Checks whether a server answers HTTP at an address, and returns the status, whatever it is. Reads no body and follows no
    /// redirect.
    ///
    /// # Errors
    ///
    /// Whatever kept an answer from coming.
    pub async fn probe(&self, request: Get<'_>) -> Result<u16, FetchError> {
        let mut at = request.url.clone();
        at.set_fragment(None);
        let sent = self.send(&request, "*/*", &at).await;
        sent.map(|response| response.status().as_u16()).map_err(|kind| failed(&request, &at, kind))
    }

    /// Sees whether an address may be called and its name has an address to connect to. Nothing is sent to it.
    ///
    /// # Errors
    ///
    /// The URL is unusable, the policy forbids it, or its name cannot be resolved.
    pub async fn admit(&self, url: &Url, deadline: Instant) -> Result<(), FetchError> {
        let request = Get { url, verify_tls: true, max_bytes: 0, deadline };
        let judged = async {
            self.stack.policy.gate(url)?;
            let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
                return Err(FetchErrorKind::from(UrlFault::NoHost));
            };
            let resolving = resolve(&self.stack.policy, &*self.stack.lookup, host, port);
            match timeout_at(deadline, resolving).await {
                Ok(resolved) => Ok(resolved.map(drop)?),
                Err(_) => Err(FetchErrorKind::Timeout { phase: Phase::Connect }),
            }
        };
        judged.await.map_err(|kind| failed(&request, url, kind))
    }

    /// Follows redirects, moving `at` along, and reads what stands at the end.
    async fn read(&self, request: &Get<'_>, accept: &'static str, at: &mut Url) -> Result<Answer, FetchErrorKind> {
        let mut redirects = 0;
        let response = loop {
            let response = self.send(request, accept, at).await?;
            let Some(target) = redirect_target(&response, at)? else {
                break response;
            };
            if redirects == MAX_REDIRECTS {
                return Err(FetchErrorKind::TooManyRedirects { limit: MAX_REDIRECTS });
            }
            redirects += 1;
            *at = target;
        };
        let status = response.status();
        if !status.is_success() {
            return Err(FetchErrorKind::Status { status: status.as_u16() });
        }
        let content_type = media_type(&response);
        let body = read_body(response, request.max_bytes, request.deadline).await?;
        Ok(Answer { status, content_type, body })
    }

    /// One request to one URL, which is judged here whether it was typed in or came from a redirect.
    async fn send(&self, request: &Get<'_>, accept: &'static str, url: &Url) -> Result<Response, FetchErrorKind> {
        let client = self.client_for(url, request.verify_tls)?;
        self.complete(client.get(url.clone()).header(ACCEPT, accept), request.deadline).await
    }

    /// The HTTP client for a URL that the policy allows.
    pub(super) fn client_for(&self, url: &Url, verify_tls: bool) -> Result<&reqwest::Client, FetchErrorKind> {
        let gate = self.stack.policy.gate(url)?;
        let is_verified = verify_tls || url.scheme() == "http";
        if !is_verified && !self.stack.policy.allows_insecure_tls() {
            return Err(Refusal::UnverifiedTls.into());
        }
        self.stack.client(gate, is_verified)
    }

    /// Sends a request as part of the current trace, and waits for the head of its response.
    pub(super) async fn complete(
        &self,
        mut sending: RequestBuilder,
        deadline: Instant,
    ) -> Result<Response, FetchErrorKind> {
        if let Some(trace) = trace_context::outgoing() {
            sending = sending.header(TRACEPARENT, trace);
        }
        match timeout_at(deadline, sending.send()).await {
            Ok(sent) => sent.map_err(|error| diagnose(&error, Phase::Response)),
            Err(_) => Err(FetchErrorKind::Timeout { phase: Phase::Response }),
        }
    }

    fn assemble(policy: Arc<OutboundPolicy>, lookup: Arc<dyn Lookup>, roots: Vec<CertificateDer<'static>>) -> Self {
        Self { stack: Arc::new(Stack::new(policy, lookup, roots)) }
    }
}

impl std::fmt::Debug for OutboundClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboundClient").field("policy", &self.stack.policy).finish_non_exhaustive()
    }
}

/// The certificate authorities to trust cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the certificate authorities must be PEM certificates, at least one")]
pub struct InvalidRoots;

struct Answer {
    status: StatusCode,
    content_type: Option<String>,
    body: Vec<u8>,
}

fn as_json(answer: Answer) -> Result<(StatusCode, Option<String>, usize, Value), FetchErrorKind> {
    let Answer { status, content_type, body } = answer;
    let bytes = body.len();
    match serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body)) {
        Ok(value) => Ok((status, content_type, bytes, value)),
        Err(error) => {
            let found = Recognised::of_bytes(&body);
            let (line, column) = (error.line(), error.column());
            Err(FetchErrorKind::NotJson { line, column, content_type, bytes, found })
        }
    }
}

fn failed(request: &Get<'_>, at: &Url, kind: FetchErrorKind) -> FetchError {
    let error = FetchError { requested: redacted(request.url), last: redacted(at), kind };
    tracing::debug!(%error, "could not fetch a document");
    error
}

fn redirect_target(response: &Response, at: &Url) -> Result<Option<Url>, FetchErrorKind> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response.headers().get(LOCATION).ok_or(FetchErrorKind::BadRedirect(RedirectFault::Missing))?;
    let mut target = location
        .to_str()
        .ok()
        .and_then(|location| at.join(location).ok())
        .ok_or(FetchErrorKind::BadRedirect(RedirectFault::Unreadable))?;
    target.set_fragment(None);
    Ok(Some(target))
}

/// Reads at most `limit` bytes; an endless answer costs no more memory than that.
pub(super) async fn read_body(
    mut response: Response,
    limit: usize,
    deadline: Instant,
) -> Result<Vec<u8>, FetchErrorKind> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(FetchErrorKind::TooLarge { limit });
    }
    let mut body = Vec::new();
    loop {
        let chunk = match timeout_at(deadline, response.chunk()).await {
            Ok(chunk) => chunk.map_err(|error| diagnose(&error, Phase::Body))?,
            Err(_) => return Err(FetchErrorKind::Timeout { phase: Phase::Body }),
        };
        let Some(chunk) = chunk else { return Ok(body) };
        if body.len() + chunk.len() > limit {
            return Err(FetchErrorKind::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
}

/// The declared media type in lower case; a header that is no media type is not repeated. By hand because `mime` rejects the
/// whole header for a malformed parameter, which some servers send.
pub(super) fn media_type(response: &Response) -> Option<String> {
    let declared = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = declared.split(';').next()?.trim().to_ascii_lowercase();
    let is_plain = essence.len() <= 100
        && essence.contains('/')
        && essence.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte));
    is_plain.then_some(essence)
}
