//! One GET for a JSON document, within limits of address, redirects, size and time.
//!
//! Redirects are followed here rather than by the HTTP stack, because each target has to pass the policy again. There is
//! deliberately no way to add headers: a document that needs credentials is not public metadata.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Certificate, Response, StatusCode};
use serde_json::Value;
use thiserror::Error;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::diagnose::diagnose;
use super::error::{FetchError, FetchErrorKind, Phase, RedirectFault};
use super::policy::{Gate, OutboundPolicy, Refusal};
use super::redact::redacted;
use super::resolver::{GuardedResolver, Lookup, SystemLookup};

/// How many redirects of one request are followed.
const MAX_REDIRECTS: usize = 3;

/// Less than a request's usual ten seconds, so that a silent firewall is told apart from a slow server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The client through which everything leaves; clones share connections.
#[derive(Clone)]
pub struct OutboundClient {
    shared: Arc<Shared>,
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
        self.content_type
            .as_deref()
            .is_some_and(|kind| kind.ends_with("/json") || kind.ends_with("+json"))
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
        Self::assemble(
            Arc::clone(&self.shared.policy),
            lookup,
            self.shared.roots.clone(),
        )
    }

    /// The same client, trusting these certificate authorities (PEM, one or many) beside those of the system.
    ///
    /// # Errors
    ///
    /// The text holds no certificate, or one that cannot be read.
    pub fn with_extra_roots(self, pem: &[u8]) -> Result<Self, InvalidRoots> {
        let mut roots = Certificate::from_pem_bundle(pem).map_err(|_| InvalidRoots)?;
        if roots.is_empty() {
            return Err(InvalidRoots);
        }
        roots.extend(self.shared.roots.iter().cloned());
        Ok(Self::assemble(
            Arc::clone(&self.shared.policy),
            Arc::clone(&self.shared.lookup),
            roots,
        ))
    }

    /// The policy this client keeps.
    #[must_use]
    pub fn policy(&self) -> &OutboundPolicy {
        &self.shared.policy
    }

    /// How this client resolves names, for protocols that connect by themselves.
    #[must_use]
    pub fn lookup(&self) -> &dyn Lookup {
        &*self.shared.lookup
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
        match self.read(&request, &mut at).await {
            Ok(Answer {
                status,
                content_type,
                bytes,
                value,
            }) => Ok(Fetched {
                final_url: at,
                status: status.as_u16(),
                content_type,
                bytes,
                value,
                elapsed: started.elapsed(),
            }),
            Err(kind) => Err(FetchError {
                requested: redacted(request.url),
                last: redacted(&at),
                kind,
            }),
        }
    }

    /// Follows redirects, moving `at` along, and reads what stands at the end.
    async fn read(&self, request: &Get<'_>, at: &mut Url) -> Result<Answer, FetchErrorKind> {
        let mut redirects = 0;
        let response = loop {
            let response = self.send(request, at).await?;
            let Some(target) = redirect_target(&response, at)? else {
                break response;
            };
            if redirects == MAX_REDIRECTS {
                return Err(FetchErrorKind::TooManyRedirects {
                    limit: MAX_REDIRECTS,
                });
            }
            redirects += 1;
            *at = target;
        };
        let status = response.status();
        if !status.is_success() {
            return Err(FetchErrorKind::Status {
                status: status.as_u16(),
            });
        }
        let content_type = media_type(&response);
        let body = read_body(response, request.max_bytes, request.deadline).await?;
        let bytes = body.len();
        match serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body)) {
            Ok(value) => Ok(Answer {
                status,
                content_type,
                bytes,
                value,
            }),
            Err(error) => Err(FetchErrorKind::NotJson {
                line: error.line(),
                column: error.column(),
                content_type,
                bytes,
            }),
        }
    }

    /// One request to one URL, which is judged here whether it was typed in or came from a redirect.
    async fn send(&self, request: &Get<'_>, url: &Url) -> Result<Response, FetchErrorKind> {
        let gate = self.shared.policy.gate(url)?;
        let is_verified = request.verify_tls || url.scheme() == "http";
        if !is_verified && !self.shared.policy.allows_insecure_tls() {
            return Err(Refusal::UnverifiedTls.into());
        }
        let client = self.shared.inner(gate, is_verified)?;
        let sending = client
            .get(url.clone())
            .header(ACCEPT, "application/json")
            .send();
        match timeout_at(request.deadline, sending).await {
            Ok(sent) => sent.map_err(|error| diagnose(&error, Phase::Response)),
            Err(_) => Err(FetchErrorKind::Timeout {
                phase: Phase::Response,
            }),
        }
    }

    fn assemble(
        policy: Arc<OutboundPolicy>,
        lookup: Arc<dyn Lookup>,
        roots: Vec<Certificate>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                policy,
                lookup,
                roots,
                inner: Default::default(),
            }),
        }
    }
}

impl std::fmt::Debug for OutboundClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutboundClient")
            .field("policy", &self.shared.policy)
            .finish_non_exhaustive()
    }
}

/// The certificate authorities to trust cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the certificate authorities must be PEM certificates, at least one")]
pub struct InvalidRoots;

struct Shared {
    policy: Arc<OutboundPolicy>,
    lookup: Arc<dyn Lookup>,
    roots: Vec<Certificate>,
    /// One slot per gate, with and without verification. Connections of one must not serve the other: they were
    /// opened under a milder judgement.
    inner: [OnceLock<Option<reqwest::Client>>; 6],
}

impl Shared {
    fn inner(&self, gate: Gate, is_verified: bool) -> Result<&reqwest::Client, FetchErrorKind> {
        let slot = match gate {
            Gate::Public => 0,
            Gate::OpenedName => 1,
            Gate::OpenedRange => 2,
        } + if is_verified { 0 } else { 3 };
        self.inner[slot]
            .get_or_init(|| self.build(gate, is_verified))
            .as_ref()
            .ok_or(FetchErrorKind::Tls("TLS cannot be set up on this server"))
    }

    fn build(&self, gate: Gate, is_verified: bool) -> Option<reqwest::Client> {
        let builder = || {
            reqwest::Client::builder()
                .user_agent(concat!("Vestibule/", env!("CARGO_PKG_VERSION")))
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_max_idle_per_host(2)
                .pool_idle_timeout(Duration::from_secs(30))
                .tls_danger_accept_invalid_certs(!is_verified)
                .dns_resolver(GuardedResolver::new(
                    Arc::clone(&self.policy),
                    gate,
                    Arc::clone(&self.lookup),
                ))
        };
        builder()
            .tls_certs_merge(self.roots.iter().cloned())
            .build()
            // A system without any certificate authority still reaches opened hosts over plain http, and fails https
            // for want of an issuer.
            .or_else(|_| builder().tls_certs_only(self.roots.iter().cloned()).build())
            .ok()
    }
}

struct Answer {
    status: StatusCode,
    content_type: Option<String>,
    bytes: usize,
    value: Value,
}

fn redirect_target(response: &Response, at: &Url) -> Result<Option<Url>, FetchErrorKind> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = response
        .headers()
        .get(LOCATION)
        .ok_or(FetchErrorKind::BadRedirect(RedirectFault::Missing))?;
    let mut target = location
        .to_str()
        .ok()
        .and_then(|location| at.join(location).ok())
        .ok_or(FetchErrorKind::BadRedirect(RedirectFault::Unreadable))?;
    target.set_fragment(None);
    Ok(Some(target))
}

/// Reads at most `limit` bytes; an endless answer costs no more memory than that.
async fn read_body(
    mut response: Response,
    limit: usize,
    deadline: Instant,
) -> Result<Vec<u8>, FetchErrorKind> {
    if response
        .content_length()
        .is_some_and(|length| length > limit as u64)
    {
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

/// The declared media type in lower case; a header that is no media type is not repeated.
fn media_type(response: &Response) -> Option<String> {
    let declared = response.headers().get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = declared.split(';').next()?.trim().to_ascii_lowercase();
    let is_plain = essence.len() <= 100
        && essence.contains('/')
        && essence
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/+-._".contains(&byte));
    is_plain.then_some(essence)
}
