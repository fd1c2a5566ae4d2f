//! A small chart of the tests of a provider: a bar for each, as high as it took long.

use leptos::prelude::*;

use super::steps::duration;
use crate::{
    domain::connection::{StepStatus, TestRecord},
    ui::pages::tenants::words::counted,
};

const WIDTH: usize = 8;
const HEIGHT: u32 = 40;
const LOWEST: u32 = 6;

/// A bar: how the test ended and how high it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bar {
    status: StepStatus,
    height: u32,
}

/// Bars from the oldest to the newest. Failures are hollow and warnings striped, so that colour is not all.
#[component]
pub fn HealthChart(
    /// The tests, newest first.
    tests: Vec<TestRecord>,
) -> impl IntoView {
    if tests.is_empty() {
        return ().into_any();
    }
    let text = in_words(&tests);
    let bars = bars(&tests);
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
    .into_any()
}

/// What the chart shows, in words.
fn in_words(tests: &[TestRecord]) -> String {
    let count = |status| tests.iter().filter(|test| test.report.status() == status).count();
    let total = u64::try_from(tests.len()).unwrap_or(u64::MAX);
    let slowest = tests.iter().map(|test| test.report.ms).max().unwrap_or_default();
    let parts = [
        (count(StepStatus::Ok), "worked"),
        (count(StepStatus::Warning), "worked with warnings"),
        (count(StepStatus::Failed), "failed"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, fate)| format!("{count} {fate}"));
    let parts = parts.collect::<Vec<_>>().join(", ");
    format!(
        "The last {}, the newest at the right: {parts}. The slowest took {}.",
        counted(total, "test"),
        duration(slowest)
    )
}

fn bars(tests: &[TestRecord]) -> Vec<Bar> {
    let slowest = tests.iter().map(|test| test.report.ms).max().unwrap_or_default().max(1);
    let height =
        |ms: u32| LOWEST + u32::try_from(u64::from(HEIGHT - LOWEST) * u64::from(ms) / u64::from(slowest)).unwrap_or(0);
    tests.iter().rev().map(|test| Bar { status: test.report.status(), height: height(test.report.ms) }).collect()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{
        connection::{TestReport, TestStep, TestTrigger},
        id::ConnectionTestId,
        timestamp::Timestamp,
    };

    fn test(status: StepStatus, ms: u32) -> TestRecord {
        let text = String::new;
        let step = TestStep { name: text(), label: text(), status, ms, message: text(), advice: text() };
        TestRecord {
            id: ConnectionTestId(Uuid::nil()),
            at: Timestamp(0),
            trigger: TestTrigger::Manual,
            by: text(),
            report: TestReport {
                steps: vec![step],
                warnings: Vec::new(),
                certificates: Vec::new(),
                sample: Vec::new(),
                ms,
            },
        }
    }

    #[test]
    fn the_oldest_stands_at_the_left_and_the_slowest_is_the_highest() {
        let bars = bars(&[test(StepStatus::Failed, 1000), test(StepStatus::Ok, 0)]);
        assert_eq!(bars[0], Bar { status: StepStatus::Ok, height: LOWEST });
        assert_eq!(bars[1], Bar { status: StepStatus::Failed, height: HEIGHT });
    }

    #[test]
    fn the_chart_is_told_in_words() {
        let text = in_words(&[test(StepStatus::Failed, 1500), test(StepStatus::Ok, 20), test(StepStatus::Ok, 30)]);
        assert_eq!(text, "The last 3 tests, the newest at the right: 2 worked, 1 failed. The slowest took 1.5 s.");
    }
}
