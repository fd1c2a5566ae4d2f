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

/// How something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarKind {
    /// It worked.
    Worked,
    /// It worked with warnings, or in part.
    Warnings,
    /// It failed.
    Failed,
}

impl From<StepStatus> for BarKind {
    fn from(status: StepStatus) -> Self {
        match status {
            StepStatus::Ok => Self::Worked,
            StepStatus::Warning => Self::Warnings,
            StepStatus::Failed => Self::Failed,
        }
    }
}

/// A bar: how something ended and the bar's height.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bar {
    kind: BarKind,
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
    let bars = tests.iter().map(|test| (test.report.status().into(), test.report.ms.into())).collect();
    view! { <DurationChart bars noun="test" /> }.into_any()
}

/// A bar for each result, its height the duration, from the oldest to the newest. Failures are hollow and warnings
/// striped, so that colour is not the only signal.
#[component]
pub fn DurationChart(
    /// How each ended and how many milliseconds it took, newest first.
    bars: Vec<(BarKind, u64)>,
    /// What they are, in the singular.
    noun: &'static str,
) -> impl IntoView {
    let text = in_words(&bars, noun);
    let bars = scaled(&bars);
    let width = bars.len() * WIDTH;
    let shapes = bars
        .into_iter()
        .enumerate()
        .map(|(index, Bar { kind, height })| {
            let class = match kind {
                BarKind::Worked => "bar-ok",
                BarKind::Warnings => "bar-warning",
                BarKind::Failed => "bar-failed",
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
fn in_words(bars: &[(BarKind, u64)], noun: &str) -> String {
    let count = |kind| bars.iter().filter(|(of, _)| *of == kind).count();
    let parts = [
        (count(BarKind::Worked), "worked"),
        (count(BarKind::Warnings), "worked with warnings"),
        (count(BarKind::Failed), "failed"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, fate)| format!("{count} {fate}"));
    let parts = parts.collect::<Vec<_>>().join(", ");
    format!(
        "The last {}, the newest at the right: {parts}. The slowest took {}.",
        counted(bars.len(), noun),
        duration(slowest(bars))
    )
}

fn slowest(bars: &[(BarKind, u64)]) -> u64 {
    bars.iter().map(|(_, ms)| *ms).max().unwrap_or_default()
}

/// The bars from the oldest to the newest, the slowest with the full height.
fn scaled(bars: &[(BarKind, u64)]) -> Vec<Bar> {
    let slowest = slowest(bars).max(1);
    let height = |ms: u64| LOWEST + u32::try_from(u64::from(HEIGHT - LOWEST) * ms / slowest).unwrap_or(0);
    bars.iter().rev().map(|&(kind, ms)| Bar { kind, height: height(ms) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_is_at_the_left_and_the_slowest_is_the_highest() {
        let bars = scaled(&[(BarKind::Failed, 1000), (BarKind::Worked, 0)]);
        assert_eq!(bars[0], Bar { kind: BarKind::Worked, height: LOWEST });
        assert_eq!(bars[1], Bar { kind: BarKind::Failed, height: HEIGHT });
    }

    #[test]
    fn the_chart_is_described_in_words() {
        let text = in_words(&[(BarKind::Failed, 1500), (BarKind::Worked, 20), (BarKind::Worked, 30)], "test");
        assert_eq!(text, "The last 3 tests, the newest at the right: 2 worked, 1 failed. The slowest took 1.5 s.");
    }
}
