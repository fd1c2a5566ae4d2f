//! A connection to a directory.

use vestibule_app::domain::provider::LdapConfig;

use super::{Entry, LdapError, LdapErrorKind, Query, RootDse};
use crate::protocol::http::{Lookup, OutboundPolicy};

/// A connection that has authenticated. Dropping it closes it.
pub(crate) struct Directory {
    root: RootDse,
    url: String,
}

impl Directory {
    /// Connects to the first server that answers, within the outbound rules, and binds.
    ///
    /// # Errors
    ///
    /// The failure of the last server that was tried; a bind that was refused is not tried elsewhere.
    pub(crate) async fn open(
        _policy: &OutboundPolicy,
        _lookup: &dyn Lookup,
        _config: &LdapConfig,
    ) -> Result<Self, LdapError> {
        Err(unavailable())
    }

    /// What the server says of itself, read after the bind.
    pub(crate) fn root(&self) -> &RootDse {
        &self.root
    }

    /// The address that answered.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Begins a search. Pages are asked for as entries are taken, so that nothing piles up.
    ///
    /// # Errors
    ///
    /// What the server answers to the first page.
    pub(crate) async fn search(&mut self, _query: Query) -> Result<Entries<'_>, LdapError> {
        Ok(Entries { _directory: self })
    }
}

/// The entries of a search, page by page.
pub(crate) struct Entries<'a> {
    _directory: &'a mut Directory,
}

impl Entries<'_> {
    /// The next entry, its ranged values completed; nothing after the last one, when every page came with result code 0.
    ///
    /// # Errors
    ///
    /// What ended the search early. Entries before it were good.
    pub(crate) async fn next(&mut self) -> Result<Option<Entry>, LdapError> {
        Err(unavailable())
    }
}

fn unavailable() -> LdapError {
    LdapError {
        kind: LdapErrorKind::Other,
        message: "Directories cannot be read yet.".to_owned(),
        advice: String::new(),
    }
}
