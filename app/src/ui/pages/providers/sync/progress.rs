//! The progress of a run.

use leptos::prelude::*;

use super::monitor::SyncMonitor;
use crate::{
    api::syncs::cancel_sync,
    domain::words::counted,
    ui::{
        components::{Button, Callout, Tone, duration},
        pages::providers::detail::state::ProviderState,
        state::use_submit,
    },
};

/// The id of the progress.
pub(super) const PROGRESS: &str = "sync-progress";

/// The bar, the counts so far, and the button that cancels the run.
#[component]
pub(super) fn SyncProgress(
    /// The provider.
    state: ProviderState,
    /// The state of the synchronisation.
    monitor: SyncMonitor,
) -> impl IntoView {
    let cancel = use_submit(move |()| cancel_sync(state.id), move |_: bool| monitor.refetch());
    let name = monitor.running.with_untracked(|run| run.as_ref().map(|run| run.name.clone())).unwrap_or_default();
    let progress_text = move || {
        let (seen, expected) = monitor.seen.get();
        monitor.running.with(|run| run.as_ref().and_then(|run| run.ms)).map(|ms| progress(seen, expected, ms))
    };
    let counts =
        move || monitor.running.with(|run| run.as_ref().and_then(|run| run.texts.first().cloned())).unwrap_or_default();
    // Without an earlier run the total is unknown, and the bar is indeterminate.
    let most = move || {
        let (seen, expected) = monitor.seen.get();
        Some(seen.max(expected).to_string()).filter(|_| expected > 0)
    };
    let value = move || {
        let (seen, expected) = monitor.seen.get();
        Some(seen.to_string()).filter(|_| expected > 0)
    };
    view! {
        <div class="sync-progress" tabindex="-1" id=PROGRESS>
            <p><strong>{format!("{name} under way")}</strong></p>
            <progress max=most value=value aria-label="Users read"></progress>
            <p class="sync-numbers">{progress_text}</p>
            <p class="muted">{counts}</p>
            <p class="card-actions">
                {untrack(|| state.may_edit()).then(|| view! { <Button busy=cancel.busy on_click=move |()| cancel.run(())>"Cancel run"</Button> })}
            </p>
            {move || cancel.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
        </div>
    }
}

/// The progress of a run: users, time in milliseconds, and rate. `expected` is the number of users of the last run.
fn progress(seen: u64, expected: u64, ms: u32) -> String {
    let read =
        if expected > seen { format!("{seen} of about {}", counted(expected, "user")) } else { counted(seen, "user") };
    let seconds = ms / 1000;
    let rate = seen.checked_div(u64::from(seconds)).map(|rate| format!(", {rate} a second")).unwrap_or_default();
    let time = if seconds < 60 { format!("{seconds} s") } else { duration(ms) };
    format!("{read} in {time}{rate}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_has_the_rate_and_a_total_only_above_the_count() {
        assert_eq!(progress(500, 2000, 2400), "500 of about 2000 users in 2 s, 250 a second");
        assert_eq!(progress(1, 1, 20), "1 user in 0 s");
        assert_eq!(progress(90, 0, 90_000), "90 users in 1 min 30 s, 1 a second");
    }
}
