//! The progress of a run.

use leptos::prelude::*;

use super::{
    monitor::{RunProgress, SyncMonitor},
    words::{result, run_name},
};
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
    let running = monitor.running;
    let name = running.with_untracked(|run| run.as_ref().map(|run| run_name(&run.log)));
    let progress_text = move || running.with(|run| run.as_ref().map(progress));
    let counts = move || running.with(|run| run.as_ref().map(|run| result(&run.log)));
    // Without an earlier run the total is unknown, and the bar is indeterminate.
    let known = move || running.with(|run| run.as_ref().map(|run| (run.log.users.seen, run.expected)));
    let known = move || known().filter(|(_, expected)| *expected > 0);
    let most = move || known().map(|(seen, expected)| seen.max(expected).to_string());
    let value = move || known().map(|(seen, _)| seen.to_string());
    view! {
        <div class="sync-progress" tabindex="-1" id=PROGRESS>
            <p><strong>{name} " under way"</strong></p>
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

/// The progress of a run: users, time and rate.
fn progress(run: &RunProgress) -> String {
    let RunProgress { ref log, expected, ms } = *run;
    let seen = log.users.seen;
    let read =
        if expected > seen { format!("{seen} of about {}", counted(expected, "user")) } else { counted(seen, "user") };
    let seconds = ms / 1000;
    let rate = seen.checked_div(seconds).map(|rate| format!(", {rate} a second")).unwrap_or_default();
    let time = if seconds < 60 { format!("{seconds} s") } else { duration(ms) };
    format!("{read} in {time}{rate}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::sync::{SyncStatus, UserCounts},
        ui::pages::providers::sync::fixtures::log,
    };

    #[test]
    fn progress_has_the_rate_and_a_total_only_above_the_count() {
        let said = |seen, expected, ms| {
            let mut log = log(SyncStatus::Running);
            log.users = UserCounts { seen, ..UserCounts::default() };
            progress(&RunProgress { log, expected, ms })
        };
        assert_eq!(said(500, 2000, 2400), "500 of about 2000 users in 2 s, 250 a second");
        assert_eq!(said(1, 1, 20), "1 user in 0 s");
        assert_eq!(said(90, 0, 90_000), "90 users in 1 min 30 s, 1 a second");
    }
}
