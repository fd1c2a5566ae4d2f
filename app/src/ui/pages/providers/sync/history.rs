//! The runs of a provider.

use leptos::prelude::*;

use super::{
    navigation::run_path,
    words::{result, run_name, started_by, status_tone},
};
use crate::{
    domain::{
        page::Page,
        sync::{SyncLog, SyncStatus},
    },
    ui::{
        components::{NameCell, PagedList, RelativeTime, StatusBadge, Table, duration},
        pages::providers::{
            detail::state::ProviderState,
            testing::{BarKind, DurationChart},
        },
        state::Load,
    },
};

pub(super) const PAGE_SIZE: u32 = 20;

/// A page of the runs.
#[component]
pub(super) fn SyncHistory(
    /// The provider.
    state: ProviderState,
    /// The runs, newest first.
    runs: Load<Page<SyncLog>>,
) -> impl IntoView {
    view! {
        <PagedList
            resource=runs
            noun="run"
            size=PAGE_SIZE
            title="No runs yet"
            text="Each run is listed here with its result."
            let:runs
        >
            <Table caption="runs">
                <thead>
                    <tr>
                        <th scope="col">"Run"</th>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Result"</th>
                        <th scope="col">"Started by"</th>
                        <th scope="col">"When"</th>
                        <th scope="col">"Duration"</th>
                    </tr>
                </thead>
                <tbody>{runs.iter().map(|log| row(state, log)).collect_view()}</tbody>
            </Table>
        </PagedList>
    }
}

fn row(state: ProviderState, log: &SyncLog) -> AnyView {
    view! {
        <tr>
            <NameCell label="Run" name=run_name(log) note=log.mode.label() href=run_path(state, log.id) />
            <td data-label="Status"><StatusBadge tone=status_tone(log.status) label=log.status.label() /></td>
            <td data-label="Result" class="cell-words">{result(log)}</td>
            <td data-label="Started by" class="cell-words">{started_by(log)}</td>
            <td data-label="When" class="cell-time"><RelativeTime at=log.started_at /></td>
            <td data-label="Duration" class="cell-time">{log.duration_ms().map(duration)}</td>
        </tr>
    }
    .into_any()
}

/// The runs that ended, a bar for each.
#[component]
pub(super) fn RunChart(
    /// The runs, newest first.
    runs: Vec<SyncLog>,
) -> impl IntoView {
    let bars = bars(&runs);
    (!bars.is_empty()).then(|| view! { <DurationChart bars noun="run" /> })
}

fn bars(runs: &[SyncLog]) -> Vec<(BarKind, u64)> {
    let bar = |log: &SyncLog| {
        let kind = match log.status {
            SyncStatus::Running => return None,
            SyncStatus::Success => BarKind::Worked,
            SyncStatus::Partial => BarKind::Warnings,
            SyncStatus::Failed => BarKind::Failed,
        };
        Some((kind, log.duration_ms()?))
    };
    runs.iter().filter_map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::pages::providers::sync::fixtures::log;

    #[test]
    fn a_run_that_has_not_ended_has_no_bar() {
        let runs = [SyncStatus::Running, SyncStatus::Partial, SyncStatus::Success].map(log);
        assert_eq!(bars(&runs), [(BarKind::Warnings, 2000), (BarKind::Worked, 2000)]);
    }
}
