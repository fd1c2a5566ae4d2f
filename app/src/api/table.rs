//! What tables and lists of facts show, whatever they are about.
//!
//! Runs, entries, users, links and groups travel to the portal as rows of words. The browser reads one type instead of
//! one for each of them, and the words are chosen where they cost nothing to download. For the same reason there is one
//! function for all lists: each server function is a kilobyte or two of the portal
//! (docs/adr/0009-own-router-and-loading.md).

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{ApiError, JsonPost};
#[cfg(feature = "ssr")]
use super::{
    context::{answer, context},
    syncs::words as sync_words,
    users::words as user_words,
};
#[cfg(feature = "ssr")]
use crate::domain::provider::{Protocol, ProviderFilter, ProviderSort, SortDirection, SortKey};
use crate::domain::{
    connection::StepStatus,
    id::{ProviderId, SyncLogId},
    page::{Page, PageRequest},
    sync::SyncEntryFilter,
    timestamp::Timestamp,
    user::UserFilter,
};

/// A row of a table, a fact, or a remark.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Identifies what it is about, as addresses write it; empty when it has no page.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What stands below the name: a distinguished name, a user name.
    pub note: String,
    /// How it is meant; nothing when it is neither good nor bad.
    pub state: Option<StepStatus>,
    /// How it stands, in a word or two.
    pub label: String,
    /// What else is to tell, in the order that its table expects.
    pub texts: Vec<String>,
    /// A moment that belongs to it.
    pub at: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub ms: Option<u32>,
}

/// What is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// A provider's runs, newest first. `texts` are what became of users and groups, and who asked.
    Runs(ProviderId),
    /// What a run's log tells of single entries, in the order they were met. `texts` are what changed, or why nothing
    /// did, and the entry's kind.
    Entries(ProviderId, SyncLogId, SyncEntryFilter),
    /// A directory's groups by name, those whose name or place holds a text. `texts[0]` is how many users are in it.
    Groups(ProviderId, String),
    /// The users within the caller's reach, by user name. `texts` are e-mail address, tenant and origin.
    Users(UserFilter),
    /// The directories within the caller's reach, by name.
    Directories,
}

/// A page of a list.
#[server(prefix = "/_ui/fn", endpoint = "tables/list", protocol = JsonPost)]
pub async fn list_rows(of: Listed, page: PageRequest) -> Result<Page<Row>, ApiError> {
    let call = context()?;
    let (services, actor, page) = (call.services, call.actor, page.capped());
    match of {
        Listed::Runs(provider) => {
            let logs = services.syncs.logs(&actor, provider, page).await;
            answer(logs.map(|page| page.map(|log| sync_words::run(&log))))
        }
        Listed::Entries(provider, id, filter) => {
            let entries = services.syncs.entries(&actor, provider, id, filter, page).await;
            answer(entries.map(|page| page.map(sync_words::entry)))
        }
        Listed::Groups(provider, search) => {
            let groups = services.syncs.groups(&actor, provider, &search, page).await;
            answer(groups.map(|page| page.map(sync_words::group)))
        }
        Listed::Users(filter) => {
            let users = answer(services.users.list(&actor, &filter, page).await)?;
            let names = answer(services.users.names(&actor, &users.items).await)?;
            Ok(users.map(|user| user_words::user(user, &names)))
        }
        Listed::Directories => {
            let filter = ProviderFilter { protocol: Some(Protocol::Ldap), ..ProviderFilter::default() };
            let sort = ProviderSort { key: SortKey::Label, direction: SortDirection::Ascending };
            let found = services.providers.list(&actor, &filter, sort, page).await;
            let row = |id: ProviderId, name| Row { id: id.to_string(), name, ..Row::default() };
            answer(found.map(|page| page.map(|provider| row(provider.id, provider.label))))
        }
    }
}

#[cfg(feature = "ssr")]
impl Row {
    /// A fact: its name and what is the case.
    pub(super) fn fact(name: &str, text: impl Into<String>) -> Self {
        Self { name: name.to_owned(), texts: vec![text.into()], ..Self::default() }
    }

    /// A fact that is a moment.
    pub(super) fn moment(name: &str, at: Timestamp) -> Self {
        Self { name: name.to_owned(), at: Some(at), ..Self::default() }
    }
}
