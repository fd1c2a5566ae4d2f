//! A small chart of results: a bar for each, its height the duration.

use leptos::prelude::*;

use crate::{
    domain::{
        connection::{StepStatus, TestRecord},
        words::counted,
    },
    ui::components::duration,
};

const WIDTH: usize = 8;
const HEIGHT: u32 = 40;
const LOWEST: u32 = 6;

/// A bar: how something ended and how high it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bar {
    status: StepStatus,
    height: u32,
}

/// The tests of a provider, from the oldest to the newest.
#[component]
pub fn HealthChart(
    /// The tests, newest first.
    tests: Vec<TestRecord>,
) -> impl IntoView {
    if tests.is_empty() {
        return ().into_any();
    }
    let ends = tests.iter().map(|test| (test.report.status(), test.report.ms)).collect();
    view! { <DurationChart ends noun="test" /> }.into_any()
}

/// A bar for each result, its height the duration, from the oldest to the newest. Failures are hollow and warnings
/// striped, so that colour is not the only signal.
#[component]
pub fn DurationChart(
    /// How each ended and how many milliseconds it took, newest first.
    ends: Vec<(StepStatus, u32)>,
    /// What they are, in the singular.
    noun: &'static str,
) -> impl IntoView {
    let text = in_words(&ends, noun);
    let bars = bars(&ends);
    let width = bars.len() * WIDTH;
    let shapes = bars
        .into_iter()
        .enumerate()
        .map(|(index, Bar { status, height })| {
            let class = match status {
                StepStatus::Ok => "bar-ok",
                StepStatus::Warning => "bar-warning",
                StepStatus::Failed => "bar-failed",
            };
            view! {
                <rect
                    class=class
                    x=(index * WIDTH + 1).to_string()
                    y=(HEIGHT - height).to_string()
                    width=(WIDTH - 2).to_string()
                    height=height.to_string()
                ></rect>
            }
        })
        .collect_view();
    view! {
        <figure class="health-chart">
            <svg viewBox=format!("0 0 {width} {HEIGHT}") width=width.to_string() height=HEIGHT.to_string() aria-hidden="true" focusable="false">
                {shapes}
            </svg>
            <figcaption>{text}</figcaption>
        </figure>
    }
}

/// The chart as text.
fn in_words(ends: &[(StepStatus, u32)], noun: &str) -> String {
    let count = |status| ends.iter().filter(|(end, _)| *end == status).count();
    let parts = [
        (count(StepStatus::Ok), "worked"),
        (count(StepStatus::Warning), "worked with warnings"),
        (count(StepStatus::Failed), "failed"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, fate)| format!("{count} {fate}"));
    let parts = parts.collect::<Vec<_>>().join(", ");
    format!(
        "The last {}, the newest at the right: {parts}. The slowest took {}.",
        counted(ends.len(), noun),
        duration(slowest(ends))
    )
}

fn slowest(ends: &[(StepStatus, u32)]) -> u32 {
    ends.iter().map(|(_, ms)| *ms).max().unwrap_or_default()
}

fn bars(ends: &[(StepStatus, u32)]) -> Vec<Bar> {
    let slowest = slowest(ends).max(1);
    let height =
        |ms: u32| LOWEST + u32::try_from(u64::from(HEIGHT - LOWEST) * u64::from(ms) / u64::from(slowest)).unwrap_or(0);
    ends.iter().rev().map(|&(status, ms)| Bar { status, height: height(ms) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_stands_at_the_left_and_the_slowest_is_the_highest() {
        let bars = bars(&[(StepStatus::Failed, 1000), (StepStatus::Ok, 0)]);
        assert_eq!(bars[0], Bar { status: StepStatus::Ok, height: LOWEST });
        assert_eq!(bars[1], Bar { status: StepStatus::Failed, height: HEIGHT });
    }

    #[test]
    fn the_chart_is_told_in_words() {
        let text = in_words(&[(StepStatus::Failed, 1500), (StepStatus::Ok, 20), (StepStatus::Ok, 30)], "test");
        assert_eq!(text, "The last 3 tests, the newest at the right: 2 worked, 1 failed. The slowest took 1.5 s.");
    }
}
