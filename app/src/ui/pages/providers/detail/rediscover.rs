//! Reads the discovery document again, shows what changed, and saves it on confirmation.

use leptos::prelude::*;

use super::state::ProviderState;
use crate::{
    api::providers::{preview_rediscovery, rediscover_provider},
    domain::{discovery::Change, provider::detail::RediscoveryPreview},
    ui::{
        components::{Button, Callout, DataView, Dialog, DialogActions, SkeletonShape, Table, Tone, Variant},
        pages::providers::{findings::FindingList, forms::words},
        state::{Submit, use_change, use_load},
    },
};

/// The dialog. The document is read when it opens.
#[component]
pub fn RediscoverDialog(
    /// The provider.
    state: ProviderState,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let save = use_change(
        // The card around the dialog is drawn again when the provider is reloaded, also while this saves.
        move |from: i64| async move { rediscover_provider(state.id, from).await.inspect(|&to| state.wrote(from, to)) },
        |_| "Discovery saved.",
        move |_| open.set(false),
    );
    view! {
        <Dialog open title="Re-discover">
            <Preview state open save />
        </Dialog>
    }
}

/// What changed since the last time.
#[component]
fn Preview(
    /// The provider.
    state: ProviderState,
    /// Whether the dialog is open.
    open: RwSignal<bool>,
    /// Saves what was found, as a change of this version.
    save: Submit<i64>,
) -> impl IntoView {
    save.reset();
    let preview = use_load(move || preview_rediscovery(state.id));
    let version = move || {
        preview.with(|answer| match answer {
            Some(Ok(preview)) if preview.report.is_usable() => Some(preview.version),
            Some(_) | None => None,
        })
    };
    let run = move |()| {
        if let Some(version) = untrack(version) {
            save.run(version);
        }
    };
    view! {
        <div class="dialog-body">
            <DataView resource=preview shape=SkeletonShape::Text skeleton=4 let:preview>
                {draw(preview)}
            </DataView>
        </div>
        {move || save.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
        <DialogActions>
            <Button on_click=move |()| open.set(false)>"Cancel"</Button>
            <Button
                variant=Variant::Primary
                busy=save.busy
                disabled=Signal::derive(move || version().is_none())
                on_click=run
            >
                "Save discovery"
            </Button>
        </DialogActions>
    }
}

fn draw(preview: RediscoveryPreview) -> AnyView {
    let RediscoveryPreview { report, changes, version: _ } = preview;
    let duration = report.fetched_in_ms;
    let verdict = (!report.is_usable()).then(|| {
        view! {
            <Callout tone=Tone::Danger title="The current discovery document cannot be used.">
                <p>"The stored settings are unchanged."</p>
            </Callout>
        }
    });
    let findings = report.findings;
    view! {
        <p class="muted">{format!("Read in {duration} ms. Nothing is saved yet.")}</p>
        {verdict}
        {if changes.is_empty() {
            view! { <p role="status">"Nothing changed since the last discovery."</p> }.into_any()
        } else {
            view! { <Changes changes /> }.into_any()
        }}
        {(!findings.is_empty())
            .then(|| {
                view! {
                    <h3>"Findings"</h3>
                    <FindingList findings />
                }
            })}
    }
    .into_any()
}

/// Members that differ.
#[component]
fn Changes(
    /// The differences.
    changes: Vec<Change>,
) -> impl IntoView {
    let rows = changes
        .into_iter()
        .map(|Change { member, before, after }| {
            view! {
                <tr>
                    <th scope="row"><code>{member}</code></th>
                    <td data-label="Before">{words::member(before.as_ref())}</td>
                    <td data-label="Now">{words::member(after.as_ref())}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption="What changed">
            <thead>
                <tr>
                    <th scope="col">"Member"</th>
                    <th scope="col">"Before"</th>
                    <th scope="col">"Now"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}
