//! A connection to a directory.

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};
use vestibule_app::domain::provider::LdapConfig;

use super::{
    Bound, Connected, Entries, Entry, LdapError, LdapErrorKind, Query, RootDse,
    query::depth,
    result,
    session::{Item, Request, Session},
};
use crate::protocol::http::{Lookup, OutboundPolicy};

/// A connection that has authenticated. Dropping it closes it.
pub struct Directory {
    session: Session,
    root: RootDse,
    url: String,
    /// Whether a search was left before its end. What is still to come of it would count as unread.
    was_left: bool,
}

/// How much a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many entries were counted.
    pub entries: usize,
    /// Whether those are all.
    pub is_all: bool,
}

impl Directory {
    /// Connects to the first server that answers, within the outbound rules, and binds.
    ///
    /// # Errors
    ///
    /// The failure of the last server that was tried; a bind that was refused is not tried elsewhere.
    pub async fn open(
        policy: &OutboundPolicy,
        lookup: &Arc<dyn Lookup>,
        config: &LdapConfig,
    ) -> Result<Self, LdapError> {
        let mut last = None;
        for url in &config.urls {
            match Self::open_at(policy, lookup, config, url).await {
                Ok(directory) => return Ok(directory),
                // Another server holds the same accounts, and counts the same attempts.
                Err(error) if error.kind == LdapErrorKind::Bind => return Err(error),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| {
            LdapError::new(LdapErrorKind::Connect, "The directory has no server.", "Enter a server's address.")
        }))
    }

    async fn open_at(
        policy: &OutboundPolicy,
        lookup: &Arc<dyn Lookup>,
        config: &LdapConfig,
        url: &str,
    ) -> Result<Self, LdapError> {
        let connected = Connected::to(policy, lookup, config, url).await?;
        Self::read_root(connected.secure().await?.bind().await?).await
    }

    /// Reads what the server says about itself.
    ///
    /// # Errors
    ///
    /// The connection was lost. A server that answers nothing is treated as one of which nothing is known.
    pub async fn read_root(bound: Bound) -> Result<Self, LdapError> {
        let session = bound.into_session();
        let root = RootDse::read(&session).await?;
        let url = session.server.to_string();
        Ok(Self { session, root, url, was_left: false })
    }

    /// What the server says of itself, read after the bind.
    pub fn root(&self) -> &RootDse {
        &self.root
    }

    /// The address that answered.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Begins a search. Pages are asked for as entries are taken, so that nothing piles up.
    ///
    /// A search that is left before its end leaves the connection unusable.
    ///
    /// # Errors
    ///
    /// What the server answers to the first page.
    pub async fn search(&mut self, query: Query) -> Result<Entries<'_>, LdapError> {
        if self.was_left {
            return Err(LdapError::new(
                LdapErrorKind::Lost,
                format!("The connection to {} can no longer be used: a search was left.", self.url),
                "Connect again.",
            ));
        }
        let Query { base, scope, filter, attributes, page_size } = query;
        let scope = depth(scope);
        // A server that knows no pages would ignore the question or refuse it.
        let page_size = if self.root.pages { page_size } else { 0 };
        let request = Request { base, scope, filter, attributes, page_size, wanted: 0, names_only: false };
        Entries::begin(&self.session, &mut self.was_left, request).await
    }

    /// Finds some entries, no more than asked for; values that come in ranges are not completed, referrals are left.
    ///
    /// # Errors
    ///
    /// What the server answers, but for a size limit after what was found.
    pub async fn sample(&mut self, query: Query, wanted: u16) -> Result<Vec<Entry>, LdapError> {
        self.some(query, wanted, false).await
    }

    /// The same, with the names of attributes and without their values.
    ///
    /// # Errors
    ///
    /// As for [`Directory::sample`].
    pub async fn sample_names(&mut self, query: Query, wanted: u16) -> Result<Vec<Entry>, LdapError> {
        self.some(query, wanted, true).await
    }

    /// Counts what a search finds, in the way it is read: page by page, so that limits of the server show. Ends after `most`
    /// entries and at a moment; the connection is of no use after an early end ([`Directory::is_usable`]).
    ///
    /// # Errors
    ///
    /// What the server answers to any page.
    pub async fn count(&mut self, query: Query, most: usize, until: Instant) -> Result<Count, LdapError> {
        let mut entries = 0;
        let counting = async {
            // No attribute at all (RFC 4511, section 4.5.1.8).
            let mut found = self.search(Query { attributes: vec!["1.1".to_owned()], ..query }).await?;
            while entries < most {
                if found.next().await?.is_none() {
                    return Ok(true);
                }
                entries += 1;
            }
            Ok(false)
        };
        let is_all = timeout_at(until, counting).await.unwrap_or(Ok(false))?;
        self.was_left |= !is_all;
        Ok(Count { entries, is_all })
    }

    /// Whether another search can be made.
    pub fn is_usable(&self) -> bool {
        !self.was_left
    }

    async fn some(&mut self, query: Query, wanted: u16, names_only: bool) -> Result<Vec<Entry>, LdapError> {
        let Query { base, scope, filter, attributes, page_size: _ } = query;
        let request = Request { base, scope: depth(scope), filter, attributes, page_size: 0, wanted, names_only };
        let mut running = self.session.begin(&request, None).await?;
        let mut found = Vec::new();
        loop {
            match self.session.next(&mut running, &request.base).await {
                // A server that ignores the limit is read to its end, and the rest is left out.
                Ok(Item::Entry(more)) if found.len() < usize::from(wanted) => found.push(more.entry),
                Ok(Item::Entry(_) | Item::Reference(_)) => {}
                Ok(Item::Done(_)) => return Ok(found),
                Ok(Item::Elsewhere(_)) => return Err(result::elsewhere(&self.session.server, &request.base)),
                Err(error) if error.kind == LdapErrorKind::Limit && !found.is_empty() => return Ok(found),
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads one entry by its name; nothing when it has none of these attributes that may be read.
    ///
    /// # Errors
    ///
    /// What the server answers; `NoSuchBase` when there is no such entry.
    pub async fn read(&mut self, dn: &str, attributes: &[&str]) -> Result<Option<Entry>, LdapError> {
        Ok(self.session.read(dn, attributes).await?.map(|found| found.entry))
    }
}
