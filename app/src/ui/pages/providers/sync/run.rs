//! One run: its result, why it is incomplete, and its entries.

use leptos::prelude::*;

use super::{
    entries::SyncEntries,
    navigation::{all_runs_link, run_path},
    remarks::Remarks,
    start::use_start,
    words::{self, run_name, started_by, status_tone},
};
use crate::{
    api::syncs::get_sync_log,
    domain::{
        id::SyncLogId,
        provider::{MissingUsers, ProviderConfig},
        sync::{SyncLog, SyncOptions, SyncStatus, WantedMode},
        words::counted,
    },
    ui::{
        components::{
            Button, Card, ConfirmDialog, DataView, Detail, DetailList, RelativeTime, StatusBadge, Variant, duration,
        },
        pages::providers::detail::state::ProviderState,
        routes::ProviderTab,
        state::{use_go, use_load},
    },
};

/// One run and its entries.
#[component]
pub(super) fn SyncRun(
    /// The provider.
    state: ProviderState,
    /// Which run.
    id: SyncLogId,
) -> impl IntoView {
    let log = use_load(move || get_sync_log(state.id, id));
    view! {
        {all_runs_link()}
        <div class="provider-cards">
            <DataView resource=log skeleton=5 let:log>{summary(state, log)}</DataView>
            <SyncEntries state id log />
        </div>
    }
}

fn summary(state: ProviderState, log: SyncLog) -> AnyView {
    let took = log.duration_ms().map(|ms| view! { <span class="muted">{duration(ms)}</span> });
    let vanished = log.safeguard.filter(|safeguard| safeguard.triggered).map(|safeguard| safeguard.vanished);
    let confirm =
        vanished.filter(|_| untrack(|| state.may_edit())).map(|vanished| view! { <ConfirmVanished state vanished /> });
    view! {
        <Card title=run_name(&log)>
            <p class="badges"><StatusBadge tone=status_tone(log.status) label=log.status.label() /> {took}</p>
            <Remarks log=log.clone() />
            {confirm}
            <RunDetails log />
        </Card>
    }
    .into_any()
}

/// What the run did, when and how it ran.
#[component]
fn RunDetails(
    /// The log of the run.
    log: SyncLog,
) -> impl IntoView {
    let by = started_by(&log);
    let SyncLog { users, groups, memberships, started_at, mode, server, cursor, .. } = log;
    view! {
        <DetailList>
            <Detail label="Users">{words::users(&users)}</Detail>
            {text("Groups", words::groups(&groups))}
            {text("Memberships", words::memberships(&memberships))}
            <Detail label="Began"><RelativeTime at=started_at /></Detail>
            <Detail label="Read">{mode.label()}</Detail>
            <Detail label="Started by">{by}</Detail>
            {text("Server", server.as_ref().map(words::server_name))}
            {text("Position before", cursor.before)}
            {text("Position after", cursor.after)}
        </DetailList>
    }
}

fn text(label: &'static str, text: Option<String>) -> Option<impl IntoView> {
    text.map(|text| view! { <Detail label>{text}</Detail> })
}

/// The safeguard kept users; an administrator can confirm that they are gone.
#[component]
fn ConfirmVanished(
    /// The provider.
    state: ProviderState,
    /// How many users it kept.
    vanished: u64,
) -> impl IntoView {
    let is_asking = RwSignal::new(false);
    let go = use_go();
    let run = use_start(
        state,
        Callback::new(move |log: SyncLog| {
            is_asking.set(false);
            match log.status {
                SyncStatus::Running => go.to(&ProviderTab::Sync.path(state.id)),
                _ => go.to(&run_path(state, log.id)),
            }
        }),
    );
    let options = SyncOptions { mode: WantedMode::Full, dry_run: false, confirmed_vanished: Some(vanished) };
    let policy = untrack(|| {
        let policy = state.read(|detail| match &detail.provider.config {
            ProviderConfig::Ldap(ldap) => Some(ldap.sync.missing_users),
            _ => None,
        });
        policy.flatten()
    });
    let (verb, fate) = match policy {
        Some(MissingUsers::Delete) => ("Delete", "is deleted, unless they are blocked or another directory has them"),
        Some(MissingUsers::Ignore) => ("Hand over", "is taken over by the entry with the same name or email address"),
        _ => ("Deactivate", "can no longer sign in"),
    };
    let verb = format!("{verb} {}", counted(vanished, "user"));
    let confirm = verb.clone();
    let text = format!(
        "A full run starts. Each user it does not find {fate}: up to {} in all. If more are missing by then, nobody is changed.",
        counted(vanished, "user")
    );
    view! {
        <p class="card-actions">
            <Button variant=Variant::Danger on_click=move |()| is_asking.set(true)>{verb}</Button>
        </p>
        <ConfirmDialog
            open=is_asking
            title="Confirm missing users"
            confirm=confirm
            busy=run.busy
            error=run.error
            on_confirm=move |()| run.run(options)
        >
            <p>{text.clone()}</p>
        </ConfirmDialog>
    }
}
