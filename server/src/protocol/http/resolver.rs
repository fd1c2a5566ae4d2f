//! Resolves host names to addresses that the policy accepted, and passes only those to the connector.
//!
//! If the HTTP stack resolved a name again after the check, the second answer could differ from the first (DNS rebinding). So
//! the stack resolves through [`GuardedResolver`] and cannot connect to any other address. Addresses in a URL do not reach the
//! resolver; the policy checks them from the URL.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use thiserror::Error;

use super::policy::{Gate, OutboundPolicy};
use super::refusal::Refusal;

/// Asks for the addresses of a name; tests answer from a list.
#[async_trait]
pub trait Lookup: Send + Sync + 'static {
    /// All addresses of `host`, in the order in which they should be tried.
    ///
    /// # Errors
    ///
    /// Whatever kept the name from being resolved.
    async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The operating system's own resolution, `/etc/hosts` and search domains included.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLookup;

#[async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((host, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Resolves `host` for protocols other than HTTP and keeps the addresses that are fit to connect to.
///
/// The caller must connect to one of the answered addresses and must not resolve the name again.
///
/// # Errors
///
/// The name is unknown, or none of its addresses is fit.
pub async fn resolve(
    policy: &OutboundPolicy,
    lookup: &dyn Lookup,
    host: &str,
    port: u16,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let gate = match policy.opens_host(host, Some(port)) {
        true => Gate::OpenedName,
        false => Gate::Public,
    };
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let fit = match bare.parse::<IpAddr>() {
        Ok(address) => policy.admit(gate, host, address).map(|()| vec![address])?,
        Err(_) => resolve_at(policy, gate, lookup, host).await?,
    };
    Ok(fit.into_iter().map(|address| SocketAddr::new(address, port)).collect())
}

/// Why a name has no address to connect to.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ResolveError {
    /// The name has no address, or no server answered for it.
    #[error("Unable to resolve host '{host}'.")]
    Unresolvable {
        /// The name as it stood in the URL.
        host: String,
    },
    /// The name has addresses, and the policy refuses each of them.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// The resolver inside the HTTP stack, one per gate.
pub(super) struct GuardedResolver {
    policy: Arc<OutboundPolicy>,
    gate: Gate,
    lookup: Arc<dyn Lookup>,
}

impl GuardedResolver {
    /// A resolver that lets addresses pass as `gate` says.
    pub(super) fn new(policy: Arc<OutboundPolicy>, gate: Gate, lookup: Arc<dyn Lookup>) -> Self {
        Self { policy, gate, lookup }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { policy, gate, lookup } = self;
        let (policy, gate, lookup) = (Arc::clone(policy), *gate, Arc::clone(lookup));
        Box::pin(async move {
            let fit = resolve_at(&policy, gate, &*lookup, name.as_str()).await?;
            // Port 0 lets the connector put in the port of the URL.
            let addresses: Addrs = Box::new(fit.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

async fn resolve_at(
    policy: &OutboundPolicy,
    gate: Gate,
    lookup: &dyn Lookup,
    host: &str,
) -> Result<Vec<IpAddr>, ResolveError> {
    let unresolvable = || ResolveError::Unresolvable { host: host.to_owned() };
    let found = lookup.lookup(host).await.map_err(|_| unresolvable())?;
    let mut first_refusal = None;
    let mut fit = Vec::new();
    for address in found {
        match policy.admit(gate, host, address) {
            Ok(()) => fit.push(address),
            Err(refusal) => {
                first_refusal.get_or_insert(refusal);
            }
        }
    }
    match (fit.is_empty(), first_refusal) {
        (false, _) => Ok(fit),
        (true, Some(refusal)) => Err(refusal.into()),
        (true, None) => Err(unresolvable()),
    }
}
