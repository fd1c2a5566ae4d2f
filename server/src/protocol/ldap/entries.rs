//! The entries of a search: read page by page, with all portions of their values, and from the servers that referrals name.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use super::{
    Connected, Entry, LdapError, LdapErrorKind,
    entry::Found,
    ranges::AttributeName,
    referral::{self, MAX_HOPS, MAX_PLACES, Referral},
    result,
    session::{Item, Request, Running, Session},
};

/// How many entries are taken at once from a search without pages.
const PORTION: usize = 500;

/// How many values an attribute may have; Active Directory's largest groups have some hundred thousand members.
const MAX_VALUES: usize = 2_000_000;

/// The entries of a search, page by page.
pub struct Entries<'a> {
    directory: &'a Session,
    /// Set when the search is left before its end.
    was_left: &'a mut bool,
    /// The server that a referral led to, in place of the directory's.
    elsewhere: Option<Session>,
    request: Request,
    /// How many referrals led to where the search is now.
    hops: usize,
    running: Option<Running>,
    ready: VecDeque<Entry>,
    referrals: VecDeque<Referral>,
    /// Places that were searched already, so that referrals in a circle come to an end.
    visited: HashSet<String>,
    end: Option<Result<(), LdapError>>,
}

impl<'a> Entries<'a> {
    pub(super) async fn begin(
        directory: &'a Session,
        was_left: &'a mut bool,
        request: Request,
    ) -> Result<Self, LdapError> {
        let running = directory.begin(&request, None).await?;
        let visited = HashSet::from([place_name(directory, &request)]);
        let mut entries = Self {
            directory,
            was_left,
            elsewhere: None,
            request,
            hops: 0,
            running: Some(running),
            ready: VecDeque::new(),
            referrals: VecDeque::new(),
            visited,
            end: None,
        };
        // What is wrong with the search as such shows with its first page.
        match entries.fill().await {
            Err(error) if entries.ready.is_empty() => {
                entries.end = Some(Ok(()));
                Err(error)
            }
            Err(error) => {
                entries.end = Some(Err(error));
                Ok(entries)
            }
            Ok(()) => Ok(entries),
        }
    }

    /// The next entry, its ranged values completed; nothing after the last one, when every page came with result code 0.
    ///
    /// # Errors
    ///
    /// What ended the search early. Entries before it were good.
    pub async fn next(&mut self) -> Result<Option<Entry>, LdapError> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                return Ok(Some(entry));
            }
            if let Some(end) = &self.end {
                return end.clone().map(|()| None);
            }
            if let Err(error) = self.fill().await {
                self.end = Some(Err(error));
            }
        }
    }

    fn session(&self) -> &Session {
        self.elsewhere.as_ref().unwrap_or(self.directory)
    }

    /// Takes the next page, or the next portion of a search without pages. At the end of everything, says so.
    async fn fill(&mut self) -> Result<(), LdapError> {
        let Some(mut running) = self.running.take() else { return self.follow().await };
        let mut taken = Vec::new();
        let ended = self.take(&mut running, &mut taken).await;
        for found in taken {
            if let Some(entry) = complete(self.session(), found).await? {
                self.ready.push_back(entry);
            }
        }
        match ended? {
            Ended::NotYet => self.running = Some(running),
            Ended::Page(cookie) => self.running = Some(self.session().begin(&self.request, Some(cookie)).await?),
            Ended::Wholly => {}
        }
        Ok(())
    }

    /// Takes what comes until a page or a portion is full.
    async fn take(&mut self, running: &mut Running, taken: &mut Vec<Found>) -> Result<Ended, LdapError> {
        let session = self.elsewhere.as_ref().unwrap_or(self.directory);
        let page_size = usize::from(self.request.page_size);
        loop {
            match session.next(running, &self.request.base).await? {
                Item::Entry(_) if page_size > 0 && taken.len() == page_size => {
                    return Err(result::lost(&session.server, "the server sent a longer page than it was asked for"));
                }
                Item::Entry(found) => taken.push(found),
                Item::Reference(addresses) => refer(&mut self.referrals, session, &self.request, self.hops, addresses),
                Item::Done(None) => return Ok(Ended::Wholly),
                Item::Done(Some(cookie)) => return Ok(Ended::Page(cookie)),
                Item::Elsewhere(addresses) if session.follows_referrals() => {
                    refer(&mut self.referrals, session, &self.request, self.hops, addresses);
                    return Ok(Ended::Wholly);
                }
                Item::Elsewhere(_) => return Err(result::elsewhere(&session.server, &self.request.base)),
            }
            if page_size == 0 && taken.len() == PORTION {
                return Ok(Ended::NotYet);
            }
        }
    }

    /// Goes on where a referral leads; at the end of all of them, the search is over.
    async fn follow(&mut self) -> Result<(), LdapError> {
        let Some(Referral { addresses, asked, hops }) = self.referrals.pop_front() else {
            self.end = Some(Ok(()));
            return Ok(());
        };
        let context = Arc::clone(&self.directory.context);
        let mut last = None;
        for address in addresses {
            let Some((mut server, request)) = referral::place(&address, &asked) else { continue };
            let is_new = self.visited.insert(format!("{server}/{}", request.base.to_ascii_lowercase()));
            if !is_new {
                return Ok(());
            }
            if self.visited.len() > MAX_PLACES {
                return Err(too_far(self.session(), "it leads to too many servers"));
            }
            if hops > MAX_HOPS {
                return Err(too_far(self.session(), "one referral leads to the next"));
            }
            // Credentials are not sent in clear because a referral says so.
            if self.directory.is_encrypted && !server.is_ldaps && !context.config.start_tls {
                server.is_ldaps = true;
                if server.port == 389 {
                    server.port = 636;
                }
            }
            let opened = async { Connected::at(Arc::clone(&context), server).await?.secure().await?.bind().await };
            match opened.await {
                Ok(bound) => {
                    let session = bound.into_session();
                    self.running = Some(session.begin(&request, None).await?);
                    self.elsewhere = Some(session);
                    self.request = request;
                    self.hops = hops;
                    return Ok(());
                }
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| too_far(self.session(), "it names no server")))
    }
}

impl Drop for Entries<'_> {
    fn drop(&mut self) {
        if self.end.is_none() && self.elsewhere.is_none() && self.running.is_some() {
            *self.was_left = true;
        }
    }
}

enum Ended {
    /// More of the same search is on its way.
    NotYet,
    /// The page is over; the cookie asks for the next one.
    Page(Vec<u8>),
    Wholly,
}

fn refer(referrals: &mut VecDeque<Referral>, session: &Session, asked: &Request, hops: usize, addresses: Vec<String>) {
    if session.follows_referrals() && referrals.len() < MAX_PLACES {
        referrals.push_back(Referral { addresses, asked: asked.clone(), hops: hops + 1 });
    }
}

fn place_name(session: &Session, request: &Request) -> String {
    format!("{}/{}", session.server, request.base.to_ascii_lowercase())
}

fn too_far(session: &Session, reason: &str) -> LdapError {
    LdapError::new(
        LdapErrorKind::Other,
        format!("A referral of {} cannot be followed: {reason}.", session.server),
        "Let referrals be ignored, or enter a server that holds everything, such as a global catalogue.",
    )
}

/// Reads what is missing of attributes that came in portions; nothing when the entry is gone by now.
async fn complete(session: &Session, found: Found) -> Result<Option<Entry>, LdapError> {
    let Found { mut entry, open } = found;
    for mut range in open {
        loop {
            let name = range.rest();
            let cut = |reason| result::lost(&session.server, reason);
            let more = match session.read(&entry.dn, &[&name]).await {
                Ok(Some(more)) => more,
                // An entry that was removed meanwhile does not affect the others.
                Err(error) if error.kind == LdapErrorKind::NoSuchBase => return Ok(None),
                Ok(None) => return Err(cut("an entry disappeared while its values were read")),
                Err(error) => return Err(error),
            };
            let values: Vec<_> = more.entry.values(&range.attribute).map(<[u8]>::to_vec).collect();
            if entry.values(&range.attribute).count() + values.len() > MAX_VALUES {
                return Err(cut("an attribute has more values than are read"));
            }
            entry.add(AttributeName::parse(&range.attribute), values);
            match more.open.into_iter().find(|next| next.attribute.eq_ignore_ascii_case(&range.attribute)) {
                None => break,
                Some(next) if next.from > range.from => range = next,
                Some(_) => return Err(cut("the portions of an attribute come to no end")),
            }
        }
    }
    Ok(Some(entry))
}
