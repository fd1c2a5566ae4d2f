//! One connection to one server: binds, and sends one request after the other.

use std::future::Future;
use std::net::SocketAddr;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::time::Duration;

use ldap3::controls::{PagedResults, RawControl};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapResult, Scope, SearchOptions, SearchStream, StdStream};
use tokio::time::{Instant, timeout};
use vestibule_app::domain::{
    provider::{LdapBind, LdapConfig, Referrals},
    secret::Secret,
};

use super::{
    LdapError, LdapErrorKind,
    address::Server,
    entry::Found,
    frame,
    guard::{Fault, Guard},
    probe, result, tls,
};
use crate::protocol::http::{Lookup, OutboundPolicy};

/// What a connection was opened with, for those that referrals ask for.
pub(super) struct Context {
    pub(super) policy: OutboundPolicy,
    pub(super) lookup: Arc<dyn Lookup>,
    pub(super) config: LdapConfig,
}

/// One connection to one server.
pub(super) struct Session {
    ldap: Ldap,
    guard: Guard,
    /// The address that is connected to.
    peer: Option<SocketAddr>,
    pub(super) server: Server,
    pub(super) context: Arc<Context>,
    pub(super) is_encrypted: bool,
}

/// A search as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) base: String,
    pub(super) scope: Scope,
    pub(super) filter: String,
    pub(super) attributes: Vec<String>,
    /// Entries in a page; everything at once when 0.
    pub(super) page_size: u16,
    /// How many entries are wanted at most; all when 0.
    pub(super) wanted: u16,
    /// Whether attributes are named without their values.
    pub(super) names_only: bool,
}

/// A search that runs.
pub(super) struct Running {
    stream: SearchStream<'static, String, Vec<String>>,
    /// How much longer the server may take; the time between requests does not count.
    budget: Duration,
}

/// What comes of a search.
pub(super) enum Item {
    Entry(Found),
    /// Other servers that hold more; any one of them will do.
    Reference(Vec<String>),
    /// The end of the search, or of a page: the cookie to go on with.
    Done(Option<Vec<u8>>),
    /// All of it lies at one of these.
    Elsewhere(Vec<String>),
}

impl Session {
    pub(super) async fn over(
        guard: Guard,
        library_end: UnixStream,
        peer: Option<SocketAddr>,
        server: Server,
        context: Arc<Context>,
        is_encrypted: bool,
    ) -> Result<Self, LdapError> {
        let ldap = handle(library_end).await.map_err(|_| result::lost(&server, "it could not be set up"))?;
        Ok(Self { ldap, guard, peer, server, context, is_encrypted })
    }

    fn operation_timeout(&self) -> Duration {
        Duration::from_secs(self.context.config.limits.operation_timeout_seconds.into())
    }

    /// Whether searches continue at the servers that this one refers to.
    pub(super) fn follows_referrals(&self) -> bool {
        self.context.config.limits.referrals == Referrals::Follow
    }

    /// Drops the secrets after the bind, unless the servers that referrals lead to need them.
    pub(super) fn drop_secrets(&mut self) {
        if self.follows_referrals() {
            return;
        }
        let Context { policy, lookup, config } = &*self.context;
        let config = LdapConfig { bind_password: None, client_key: None, ..config.clone() };
        self.context = Arc::new(Context { policy: policy.clone(), lookup: Arc::clone(lookup), config });
    }

    /// Authenticates as the settings say.
    pub(super) async fn bind(&self) -> Result<(), LdapError> {
        let Err(error) = self.authenticate().await else { return Ok(()) };
        // A port for TLS ends a connection, or keeps silent, when it receives LDAP.
        let found = match (self.peer, error.kind) {
            (Some(peer), LdapErrorKind::Lost | LdapErrorKind::Timeout) if !self.is_encrypted => {
                probe::tls_port(&self.server, peer, false).await
            }
            _ => None,
        };
        Err(found.unwrap_or(error))
    }

    async fn authenticate(&self) -> Result<(), LdapError> {
        let config = &self.context.config;
        let mut ldap = self.ldap.clone();
        let answer = match config.bind_type {
            LdapBind::Anonymous => self.answer(ldap.simple_bind("", "")).await?,
            LdapBind::Simple => {
                let name = config.bind_dn.as_deref().unwrap_or_default();
                let password = config.bind_password.as_ref().map(Secret::expose).unwrap_or_default();
                // A server would take a name without a password for an anonymous bind and say yes (RFC 4513, 5.1.2).
                if name.is_empty() || password.is_empty() {
                    return Err(LdapError::new(
                        LdapErrorKind::Bind,
                        format!("Nothing was sent to {}: a simple bind needs a DN and a password.", self.server),
                        "Enter the DN and the password of the account that reads the directory.",
                    ));
                }
                self.answer(ldap.simple_bind(name, password)).await?
            }
            LdapBind::SaslExternal if !self.is_encrypted => {
                return Err(LdapError::new(
                    LdapErrorKind::Bind,
                    format!("The connection to {} has no TLS, whose client certificate says who we are.", self.server),
                    "Use an ldaps:// address or StartTLS, or another kind of bind.",
                ));
            }
            LdapBind::SaslExternal => self.answer(ldap.sasl_external_bind()).await?,
        };
        match answer.rc {
            0 => Ok(()),
            _ => Err(result::bind_failed(&self.server, config, &answer)),
        }
    }

    /// Begins a search, or its next page.
    pub(super) async fn begin(&self, request: &Request, cookie: Option<Vec<u8>>) -> Result<Running, LdapError> {
        let Request { base, scope, filter, attributes, page_size, wanted, names_only } = request.clone();
        let mut ldap = self.ldap.clone();
        if page_size > 0 {
            let control = PagedResults { size: page_size.into(), cookie: cookie.unwrap_or_default() };
            ldap.with_controls(RawControl::from(control));
        }
        if wanted > 0 || names_only {
            ldap.with_search_options(SearchOptions::new().sizelimit(wanted.into()).typesonly(names_only));
        }
        let begun = Instant::now();
        let stream = self.answer(ldap.streaming_search(&base, scope, &filter, attributes)).await?;
        Ok(Running { stream, budget: self.operation_timeout().saturating_sub(begun.elapsed()) })
    }

    /// What comes next of a search. `base` is for messages.
    pub(super) async fn next(&self, running: &mut Running, base: &str) -> Result<Item, LdapError> {
        let asked = Instant::now();
        let next = timeout(running.budget, running.stream.next()).await;
        running.budget = running.budget.saturating_sub(asked.elapsed());
        match next {
            Err(_) => Err(self.too_slow()),
            Ok(Err(error)) => Err(self.failed(&error)),
            Ok(Ok(Some(found))) => {
                self.guard.used_one();
                let malformed = || self.fault(&Fault::Malformed("an entry cannot be read"));
                if found.is_ref() {
                    Ok(Item::Reference(ldap3::parse_refs(found.0)))
                } else {
                    Found::decode(found.0).map(Item::Entry).ok_or_else(malformed)
                }
            }
            Ok(Ok(None)) => self.done(running.stream.finish().await, base),
        }
    }

    /// Reads one entry; nothing when it is not there or may not be read.
    pub(super) async fn read(&self, dn: &str, attributes: &[&str]) -> Result<Option<Found>, LdapError> {
        let request = Request {
            base: dn.to_owned(),
            scope: Scope::Base,
            filter: "(objectClass=*)".to_owned(),
            attributes: attributes.iter().map(|&name| name.to_owned()).collect(),
            page_size: 0,
            wanted: 0,
            names_only: false,
        };
        let mut running = self.begin(&request, None).await?;
        let mut entry = None;
        loop {
            match self.next(&mut running, dn).await? {
                Item::Entry(found) => entry = entry.or(Some(found)),
                Item::Reference(_) => {}
                Item::Done(_) | Item::Elsewhere(_) => return Ok(entry),
            }
        }
    }

    fn done(&self, answer: LdapResult, base: &str) -> Result<Item, LdapError> {
        match answer.rc {
            0 => {
                let paged = answer.ctrls.iter().find(|control| control.1.ctype == PAGED_RESULTS);
                let Some(value) = paged.and_then(|control| control.1.val.as_deref()) else {
                    return Ok(Item::Done(None));
                };
                let cookie = frame::page_cookie(value).map_err(|reason| self.fault(&Fault::Malformed(reason)))?;
                Ok(Item::Done((!cookie.is_empty()).then(|| cookie.to_vec())))
            }
            10 => Ok(Item::Elsewhere(answer.refs)),
            code => Err(result::search_failed(&self.server, base, code)),
        }
    }

    /// Waits for an answer as long as an operation may take.
    async fn answer<T>(&self, asking: impl Future<Output = Result<T, ldap3::LdapError>>) -> Result<T, LdapError> {
        match timeout(self.operation_timeout(), asking).await {
            Ok(answered) => answered.map_err(|error| self.failed(&error)),
            Err(_) => Err(self.too_slow()),
        }
    }

    fn too_slow(&self) -> LdapError {
        result::too_slow(&self.server, self.context.config.limits.operation_timeout_seconds)
    }

    fn failed(&self, error: &ldap3::LdapError) -> LdapError {
        match error {
            ldap3::LdapError::FilterParsing => LdapError::new(
                LdapErrorKind::Filter,
                "The filter is not a search filter, so nothing was asked.",
                "Correct the filter (RFC 4515).",
            ),
            _ => self.fault(&self.guard.fault().unwrap_or(Fault::Closed)),
        }
    }

    fn fault(&self, fault: &Fault) -> LdapError {
        match fault {
            Fault::Closed => result::lost(&self.server, "the server closed it"),
            Fault::Disconnected(code) => {
                result::lost(&self.server, &format!("the server gave notice that it closes it (result code {code})"))
            }
            Fault::Broken(_) => result::lost(&self.server, "it broke off"),
            Fault::Malformed(reason) => {
                result::lost(&self.server, &format!("the server does not speak LDAP as it should ({reason})"))
            }
            Fault::Tls(reason) => tls::refused(&self.server, reason),
        }
    }
}

/// The library's handle on a stream that was opened for it.
async fn handle(stream: std::os::unix::net::UnixStream) -> Result<ldap3::Ldap, ldap3::LdapError> {
    let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(stream));
    let (connection, ldap) = LdapConnAsync::with_settings(settings, "ldapi:///").await?;
    tokio::spawn(async move {
        // Pending operations fail with it.
        if let Err(error) = connection.drive().await {
            tracing::debug!(%error, "a connection to a directory ended");
        }
    });
    Ok(ldap)
}

/// The control of paged results (RFC 2696).
pub(super) const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";
