//! Sets up the HTTP stack so that it does nothing on its own: no proxy, no redirect, no cookie, no name resolution
//! but ours.
//!
//! It neither installs nor uses a cryptography provider of the process: TLS is [`tls`].

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_rustls::rustls::pki_types::CertificateDer;

use super::error::FetchErrorKind;
use super::policy::{Gate, OutboundPolicy};
use super::resolver::{GuardedResolver, Lookup};
use super::tls;

/// Less than a request's usual ten seconds, so that a silent firewall can be distinguished from a slow server.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How many unused connections to a host stay open. Each person who signs in needs one for a moment, and opening one with
/// TLS costs more than all the rest.
const IDLE_CONNECTIONS: usize = 16;

/// What clones of a client share.
pub(super) struct Stack {
    /// Who may be reached.
    pub(super) policy: Arc<OutboundPolicy>,
    /// How names are resolved.
    pub(super) lookup: Arc<dyn Lookup>,
    /// Certificate authorities beside those of the system.
    pub(super) roots: Vec<CertificateDer<'static>>,
    /// Built at first use, one per gate, with and without verification. Connections of one must not serve the other: they were
    /// opened under a milder judgement.
    inner: [OnceLock<Option<reqwest::Client>>; 6],
}

impl Stack {
    /// A stack that has opened nothing yet.
    pub(super) fn new(
        policy: Arc<OutboundPolicy>,
        lookup: Arc<dyn Lookup>,
        roots: Vec<CertificateDer<'static>>,
    ) -> Self {
        Self { policy, lookup, roots, inner: Default::default() }
    }

    /// The HTTP client for requests that pass this gate.
    pub(super) fn client(&self, gate: Gate, is_verified: bool) -> Result<&reqwest::Client, FetchErrorKind> {
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
        let config = tls::config(&self.roots, is_verified)?;
        reqwest::Client::builder()
            .user_agent(concat!("Vestibule/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .pool_idle_timeout(Duration::from_secs(30))
            .tls_backend_preconfigured(config)
            .dns_resolver(GuardedResolver::new(Arc::clone(&self.policy), gate, Arc::clone(&self.lookup)))
            .build()
            .ok()
    }
}
