//! The stored tests of a provider.

use leptos::prelude::*;

use super::steps::{StepList, outcome};
use crate::{
    domain::{
        connection::{TestRecord, TestReport, TestTrigger},
        page::Page,
        words::counted,
    },
    ui::components::{EmptyState, Pagination, RelativeTime, StatusBadge, Table, duration},
};

/// A page of the stored tests, their steps folded.
#[component]
pub fn TestHistory(
    /// The tests, newest first.
    page: Page<TestRecord>,
    /// How many tests a page has.
    size: u32,
) -> impl IntoView {
    if page.total == 0 {
        return view! { <EmptyState title="Not tested yet" text="Each test is listed here with its result." /> }
            .into_any();
    }
    view! {
        <Table caption="Connection tests">
            <thead>
                <tr>
                    <th scope="col">"When"</th>
                    <th scope="col">"Result"</th>
                    <th scope="col">"Started by"</th>
                    <th scope="col">"Duration"</th>
                </tr>
            </thead>
            <tbody>{page.items.into_iter().map(row).collect_view()}</tbody>
        </Table>
        <Pagination total=page.total size noun="test" />
    }
    .into_any()
}

fn row(record: TestRecord) -> AnyView {
    let TestRecord { id: _, at, trigger, by, report } = record;
    let (tone, label) = outcome(report.status());
    let message = report.message();
    let TestReport { steps, warnings, certificates: _, sample: _, ms } = report;
    let by = match trigger {
        TestTrigger::Manual => by,
        TestTrigger::Scheduled => "The schedule".to_owned(),
    };
    let count = counted(steps.len(), "step");
    let warnings = warnings.into_iter().map(|warning| view! { <li>{warning}</li> }).collect_view();
    view! {
        <tr>
            <td data-label="When" class="cell-time"><RelativeTime at /></td>
            <td data-label="Result">
                <div class="audit-what">
                    <p class="badges"><StatusBadge tone label /> <span>{message}</span></p>
                    <details class="changes">
                        <summary>{count}</summary>
                        <StepList steps />
                        <ul class="plain-list">{warnings}</ul>
                    </details>
                </div>
            </td>
            <td data-label="Started by">{by}</td>
            <td data-label="Duration" class="cell-time">{duration(ms.into())}</td>
        </tr>
    }
    .into_any()
}
