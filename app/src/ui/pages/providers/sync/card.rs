//! A summary of the synchronisation.

use leptos::prelude::*;

use super::{monitor::SyncFacts, navigation::run_path, words::status_tone};
use crate::{
    api::syncs::get_sync_overview,
    domain::{actor::Permission, words::counted},
    ui::{
        components::{Card, DataView, Detail, DetailList, RelativeTime, StatusBadge},
        pages::providers::detail::state::ProviderState,
        routes::{self, ProviderTab},
        state::use_load,
    },
};

/// Users and groups of a directory, its last and its next run, for the provider's overview.
#[component]
pub fn SyncCard(
    /// The provider.
    state: ProviderState,
) -> impl IntoView {
    let overview = use_load(move || get_sync_overview(state.id));
    view! {
        <Card title="Directory sync">
            <DataView resource=overview skeleton=2 let:overview>
                <SyncDetails state facts=SyncFacts::of(&overview) />
            </DataView>
        </Card>
    }
}

/// Users and groups, the last and the next run, with links to those that the caller may see.
#[component]
pub(super) fn SyncDetails(
    /// The provider.
    state: ProviderState,
    /// The facts.
    facts: SyncFacts,
) -> impl IntoView {
    let SyncFacts { users, groups, newest, next_run } = facts;
    let may_view_users = untrack(|| state.allows(Permission::ViewUsers));
    let linked = |text: String, href: String| match may_view_users {
        true => view! { <a href=href>{text}</a> }.into_any(),
        false => text.into_any(),
    };
    let users = linked(counted(users, "user"), format!("{}?provider={}", routes::USERS, state.id));
    let groups = linked(counted(groups, "group"), format!("{}?show=groups", ProviderTab::Sync.path(state.id)));
    let last = match newest {
        None => "None yet".into_any(),
        Some(log) => view! {
            <span class="badges">
                <StatusBadge tone=status_tone(log.status) label=log.status.label() />
                <a href=run_path(state, log.id)><RelativeTime at=log.started_at /></a>
            </span>
        }
        .into_any(),
    };
    let next = match next_run {
        None => "Not on schedule".into_any(),
        Some(at) => view! { <RelativeTime at /> }.into_any(),
    };
    view! {
        <DetailList>
            <Detail label="Users">{users}</Detail>
            <Detail label="Groups">{groups}</Detail>
            <Detail label="Last run">{last}</Detail>
            <Detail label="Next run">{next}</Detail>
        </DetailList>
    }
}
