//! All lists that pages show as tables, through one server function.
//!
//! Runs, entries, users and groups are sent as rows of texts. The browser deserializes one type instead of one for each
//! of them, and the texts are written on the server, where they need no download. There is one function for all lists,
//! since each server function adds a kilobyte or two to the portal (docs/adr/0017-pages-in-parts.md).

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{ApiError, JsonPost, display::DisplayRow};
#[cfg(feature = "ssr")]
use super::{
    context::{answer, context},
    syncs::rows as sync_rows,
    users::rows as user_rows,
};
#[cfg(feature = "ssr")]
use crate::domain::provider::{Protocol, ProviderFilter, ProviderSort, SortDirection, SortKey};
use crate::domain::{
    id::{ProviderId, SyncLogId},
    page::{Page, PageRequest},
    sync::SyncEntryFilter,
    user::UserFilter,
};

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Listed {
    /// A provider's runs, newest first. `texts` are the result and who started the run.
    Runs(ProviderId),
    /// The log entries of a run, in the order of the run. `texts` are the changes or the reason, and the entry's kind.
    Entries(ProviderId, SyncLogId, SyncEntryFilter),
    /// A directory's groups by name, those whose name or distinguished name contains a text. `texts[0]` is the number
    /// of members.
    Groups(ProviderId, String),
    /// The users within the caller's reach, by user name. `texts` are email address, tenant and origin.
    Users(UserFilter),
    /// The directories within the caller's reach, by name.
    Directories,
}

/// A page of a list.
#[server(prefix = "/_ui/fn", endpoint = "tables/list", protocol = JsonPost)]
pub async fn list_rows(of: Listed, page: PageRequest) -> Result<Page<DisplayRow>, ApiError> {
    let call = context()?;
    let (services, actor, page) = (call.services, call.actor, page.capped());
    match of {
        Listed::Runs(provider) => {
            let logs = services.syncs.logs(&actor, provider, page).await;
            answer(logs.map(|page| page.map(|log| sync_rows::run(&log))))
        }
        Listed::Entries(provider, id, filter) => {
            let is_dry_run = answer(services.syncs.log(&actor, provider, id).await)?.dry_run;
            let entries = services.syncs.entries(&actor, provider, id, filter, page).await;
            answer(entries.map(|page| page.map(|entry| sync_rows::entry(entry, is_dry_run))))
        }
        Listed::Groups(provider, search) => {
            let groups = services.syncs.groups(&actor, provider, &search, page).await;
            answer(groups.map(|page| page.map(sync_rows::group)))
        }
        Listed::Users(filter) => {
            let users = answer(services.users.list(&actor, &filter, page).await)?;
            let names = answer(services.users.names(&actor, &users.items).await)?;
            Ok(users.map(|user| user_rows::user(user, &names)))
        }
        Listed::Directories => {
            let filter = ProviderFilter { protocol: Some(Protocol::Ldap), ..ProviderFilter::default() };
            let sort = ProviderSort { key: SortKey::Label, direction: SortDirection::Ascending };
            let found = services.providers.list(&actor, &filter, sort, page).await;
            let row = |id: ProviderId, name| DisplayRow { id: id.to_string(), name, ..DisplayRow::default() };
            answer(found.map(|page| page.map(|provider| row(provider.id, provider.label))))
        }
    }
}
