//! A chart of sign-ins over time: a column for each slot, stacked by outcome, with the numbers in a table below.

use leptos::prelude::*;

use crate::{
    domain::{
        sign_in::{AttemptOutcome, SignInPeriod},
        words::counted,
    },
    ui::components::Table,
};

const WIDTH: u32 = 480;
const HEIGHT: u32 = 150;
/// Room above the highest column.
const TOP: u32 = 6;
/// Room for the labels of the slots.
const AXIS: u32 = 26;
/// Room for the largest number.
const SCALE: u32 = 40;

/// The outcomes from the bottom of a column to its top.
const STACKED: [AttemptOutcome; 5] = [
    AttemptOutcome::SignedIn,
    AttemptOutcome::Started,
    AttemptOutcome::Abandoned,
    AttemptOutcome::Refused,
    AttemptOutcome::Failed,
];

/// An hour or a day with its label.
pub(super) type Slot = (String, SignInPeriod);

/// A part of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    outcome: AttemptOutcome,
    y: u32,
    height: u32,
}

/// Sign-ins over time by outcome.
#[component]
pub(super) fn OutcomeChart(
    /// The slots, the oldest first.
    slots: Vec<Slot>,
) -> impl IntoView {
    let most = slots.iter().map(|(_, counts)| total(counts)).max().unwrap_or_default();
    let scale = round_up(most);
    let count = u32::try_from(slots.len()).unwrap_or(1).max(1);
    let step = (WIDTH - SCALE) / count;
    let columns = (0..count).zip(&slots).map(|(index, slot)| column(index, slot, step, scale)).collect_view();
    view! {
        <figure class="outcome-chart">
            <svg viewBox=format!("0 0 {WIDTH} {}", HEIGHT + AXIS) aria-hidden="true" focusable="false">
                <path class="chart-line" d=format!("M{SCALE} {TOP}H{WIDTH}M{SCALE} {HEIGHT}H{WIDTH}")></path>
                <text class="chart-label" x=(SCALE - 8).to_string() y=(TOP + 4).to_string() text-anchor="end">{scale.to_string()}</text>
                <text class="chart-label" x=(SCALE - 8).to_string() y=(HEIGHT + 4).to_string() text-anchor="end">"0"</text>
                {columns}
            </svg>
            <figcaption>{legend(&slots)}</figcaption>
        </figure>
        <details class="changes">
            <summary>"Show as a table"</summary>
            {table(slots)}
        </details>
    }
    .into_any()
}

fn column(index: u32, (label, counts): &Slot, step: u32, scale: u64) -> AnyView {
    let x = SCALE + index * step;
    let width = (step * 7 / 10).min(40);
    let left = x + (step - width) / 2;
    let parts = parts(counts, scale)
        .into_iter()
        .map(|Part { outcome, y, height }| {
            view! {
                <rect
                    class=class_of(outcome)
                    x=left.to_string()
                    y=y.to_string()
                    width=width.to_string()
                    height=height.to_string()
                ></rect>
            }
        })
        .collect_view();
    // Labels of narrow columns would overlap.
    let every = (62 / step.max(1)).max(1);
    let label = index.is_multiple_of(every).then(|| {
        view! {
            <text class="chart-label" x=(x + step / 2).to_string() y=(HEIGHT + 18).to_string() text-anchor="middle">
                {label.clone()}
            </text>
        }
    });
    view! { <g>{parts} {label}</g> }.into_any()
}

/// What happened, by outcome, with the sign of each in the chart.
fn legend(slots: &[Slot]) -> AnyView {
    let of = |outcome| slots.iter().map(|(_, counts)| count_of(counts, outcome)).sum::<u64>();
    let items = STACKED
        .into_iter()
        .filter(|outcome| of(*outcome) > 0)
        .map(|outcome| {
            view! {
                <li>
                    <svg class="chart-sign" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
                        <rect class=class_of(outcome) x="1" y="1" width="10" height="10"></rect>
                    </svg>
                    {outcome.label()}
                    " "
                    <strong>{of(outcome).to_string()}</strong>
                </li>
            }
        })
        .collect_view();
    let total = slots.iter().map(|(_, counts)| total(counts)).sum::<u64>();
    view! { <ul class="chart-legend"><li>{counted(total, "sign-in")}</li>{items}</ul> }.into_any()
}

fn table(slots: Vec<Slot>) -> AnyView {
    let rows = slots
        .into_iter()
        .map(|(label, counts)| {
            let cells = STACKED
                .into_iter()
                .map(|outcome| view! { <td data-label=outcome.label()>{count_of(&counts, outcome).to_string()}</td> })
                .collect_view();
            view! { <tr><th scope="row">{label}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <Table caption="Sign-ins over time">
            <thead>
                <tr>
                    <th scope="col">"From"</th>
                    {STACKED.into_iter().map(|outcome| view! { <th scope="col">{outcome.label()}</th> }).collect_view()}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
    .into_any()
}

const fn class_of(outcome: AttemptOutcome) -> &'static str {
    match outcome {
        AttemptOutcome::SignedIn | AttemptOutcome::Tested => "part-signed-in",
        AttemptOutcome::Started => "part-started",
        AttemptOutcome::Abandoned => "part-abandoned",
        AttemptOutcome::Refused => "part-refused",
        AttemptOutcome::Failed => "part-failed",
    }
}

/// How many sign-ins ended in this way.
const fn count_of(counts: &SignInPeriod, outcome: AttemptOutcome) -> u64 {
    match outcome {
        AttemptOutcome::SignedIn => counts.signed_in,
        AttemptOutcome::Started => counts.started,
        AttemptOutcome::Abandoned => counts.abandoned,
        AttemptOutcome::Refused => counts.refused,
        AttemptOutcome::Failed => counts.failed,
        // Tests are not counted.
        AttemptOutcome::Tested => 0,
    }
}

/// How many sign-ins there were.
pub(super) fn total(counts: &SignInPeriod) -> u64 {
    STACKED.into_iter().map(|outcome| count_of(counts, outcome)).sum()
}

/// The parts of a column, from the bottom to the top. What happened is visible, however rare it is.
fn parts(counts: &SignInPeriod, scale: u64) -> Vec<Part> {
    const LEAST: u32 = 3;
    let room = u64::from(HEIGHT - TOP);
    let mut y = HEIGHT;
    let mut parts = Vec::new();
    for outcome in STACKED {
        let count = count_of(counts, outcome);
        if count > 0 {
            let height = u32::try_from(room * count / scale.max(1)).unwrap_or_default().max(LEAST);
            y = y.saturating_sub(height);
            parts.push(Part { outcome, y, height });
        }
    }
    parts
}

/// The end of the scale: a round number that is no less.
fn round_up(most: u64) -> u64 {
    let mut unit = 1;
    loop {
        if let Some(times) = [1, 2, 5].into_iter().find(|times| unit * times >= most) {
            return unit * times;
        }
        unit *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::timestamp::Timestamp;

    fn none() -> SignInPeriod {
        SignInPeriod { start: Timestamp(0), started: 0, signed_in: 0, refused: 0, failed: 0, abandoned: 0 }
    }

    #[test]
    fn the_scale_ends_at_a_round_number() {
        assert_eq!([0, 1, 3, 10, 11, 42, 501].map(round_up), [1, 1, 5, 10, 20, 50, 1000]);
    }

    #[test]
    fn parts_stand_on_each_other_and_rare_ones_are_visible() {
        let counts = SignInPeriod { signed_in: 500, failed: 1, ..none() };
        let parts = parts(&counts, 1000);
        let heights: Vec<_> = parts.iter().map(|part| (part.outcome, part.height)).collect();
        assert_eq!(heights, [(AttemptOutcome::SignedIn, (HEIGHT - TOP) / 2), (AttemptOutcome::Failed, 3)]);
        assert_eq!(parts[0].y, parts[1].y + parts[1].height);
    }

    #[test]
    fn the_legend_counts_what_happened() {
        let slots = [
            ("Mon 1".to_owned(), SignInPeriod { signed_in: 3, ..none() }),
            ("Tue 2".to_owned(), SignInPeriod { signed_in: 1, refused: 1, ..none() }),
        ];
        let html = legend(&slots).to_html();
        assert!(html.contains("5 sign-ins") && html.contains("Refused") && !html.contains("Abandoned"), "{html}");
    }
}
