//! A running test: reports its steps, measures them, and collects the report.

use std::{collections::HashSet, time::Duration};

use tokio::time::Instant;
use vestibule_app::{
    domain::{
        connection::{CertificateSummary, SampleEntry, StepName, StepStatus, TestProgress, TestReport, TestStep},
        timestamp::Timestamp,
        words::{agree, counted},
    },
    service::Progress,
};

use super::shorten::{shortened, shortened_user};

/// The time for all steps together.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// How many warnings a report shows; one more says how many there are beyond them.
const MAX_WARNINGS: usize = 50;

/// A running test.
pub(super) struct TestRun {
    /// The time that certificates and validity are checked against.
    pub(super) now: Timestamp,
    /// When the last step must end.
    pub(super) deadline: Instant,
    began: Instant,
    progress: Option<Progress>,
    steps: Vec<TestStep>,
    warnings: Vec<String>,
    /// Warnings beyond those that the report shows.
    omitted: HashSet<String>,
    certificates: Vec<CertificateSummary>,
    sample: Vec<SampleEntry>,
}

/// A step that began.
pub(super) struct OpenStep {
    name: StepName,
    began: Instant,
}

/// The result of a step.
#[derive(Debug)]
pub(super) struct StepResult {
    pub(super) status: StepStatus,
    message: String,
    advice: String,
    warnings: Vec<String>,
}

impl StepResult {
    pub(super) fn ok(message: impl Into<String>) -> Self {
        Self { status: StepStatus::Ok, message: message.into(), advice: String::new(), warnings: Vec::new() }
    }

    pub(super) fn failed(message: impl Into<String>, advice: impl Into<String>) -> Self {
        let (message, advice) = (message.into(), advice.into());
        Self { status: StepStatus::Failed, message, advice, warnings: Vec::new() }
    }

    /// The message of the step is also a warning of the report.
    pub(super) fn warning(message: impl Into<String>, advice: impl Into<String>) -> Self {
        let message = message.into();
        Self { status: StepStatus::Warning, warnings: vec![message.clone()], message, advice: advice.into() }
    }

    /// Adds a warning; a step that was `Ok` becomes one.
    pub(super) fn also(mut self, message: impl Into<String>, advice: impl Into<String>) -> Self {
        let message = message.into();
        match self.status {
            StepStatus::Ok => return Self::warning(message, advice),
            StepStatus::Warning => {
                self.message.push(' ');
                self.message.push_str(&message);
            }
            StepStatus::Failed => {}
        }
        self.warnings.push(message);
        self
    }

    /// Adds a failure. Earlier warnings stay warnings of the report.
    pub(super) fn and_failed(mut self, message: impl Into<String>, advice: impl Into<String>) -> Self {
        let message = message.into();
        if self.status == StepStatus::Failed {
            self.message.push(' ');
            self.message.push_str(&message);
            return self;
        }
        Self { warnings: self.warnings, ..Self::failed(message, advice) }
    }
}

impl TestRun {
    pub(super) fn begin(now: Timestamp, progress: Option<Progress>) -> Self {
        let began = Instant::now();
        Self {
            now,
            deadline: began + TIME_LIMIT,
            began,
            progress,
            steps: Vec::new(),
            warnings: Vec::new(),
            omitted: HashSet::new(),
            certificates: Vec::new(),
            sample: Vec::new(),
        }
    }

    /// Begins a step and reports it.
    pub(super) fn step(&self, name: StepName) -> OpenStep {
        self.report(TestProgress::Started(name));
        OpenStep { name, began: Instant::now() }
    }

    /// Ends a step and reports its result.
    pub(super) fn close(&mut self, open: OpenStep, found: StepResult) -> StepStatus {
        let OpenStep { name, began } = open;
        let StepResult { status, message, advice, warnings } = found;
        for warning in warnings {
            self.warn(warning);
        }
        let step = TestStep { name, status, ms: millis(began), message: shortened(message), advice: shortened(advice) };
        self.report(TestProgress::Step(step.clone()));
        self.steps.push(step);
        status
    }

    /// Adds a warning to the report.
    pub(super) fn warn(&mut self, warning: impl Into<String>) {
        let warning = shortened(warning.into());
        if self.warnings.contains(&warning) {
            return;
        }
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(warning);
        } else {
            self.omitted.insert(warning);
        }
    }

    pub(super) fn show(&mut self, certificates: impl IntoIterator<Item = CertificateSummary>) {
        self.certificates.extend(certificates);
    }

    /// Adds users of a directory to the report; their values may be of any length, and are cut.
    pub(super) fn show_sample(&mut self, users: impl IntoIterator<Item = SampleEntry>) {
        self.sample.extend(users.into_iter().map(shortened_user));
    }

    pub(super) fn finish(self) -> TestReport {
        let Self { steps, mut warnings, omitted, certificates, sample, began, .. } = self;
        if !omitted.is_empty() {
            let count = omitted.len() as u64;
            warnings.push(format!("{} {} not shown.", counted(count, "more warning"), agree(count, "is", "are")));
        }
        TestReport { steps, warnings, certificates, sample, ms: millis(began) }
    }

    fn report(&self, what: TestProgress) {
        if let Some(progress) = &self.progress {
            progress(what);
        }
    }
}

/// Reports the end of a test to the caller that follows its progress.
pub(super) fn report_end(progress: Option<&Progress>, report: &TestReport) {
    if let Some(progress) = progress {
        progress(TestProgress::Done(report.clone()));
    }
}

fn millis(since: Instant) -> u32 {
    u32::try_from(since.elapsed().as_millis()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_beyond_the_limit_are_counted_once_each() {
        let mut run = TestRun::begin(Timestamp(0), None);
        for number in (0..MAX_WARNINGS + 3).chain([0, MAX_WARNINGS]) {
            run.warn(format!("Warning {number}."));
        }
        let warnings = run.finish().warnings;
        assert_eq!(warnings.len(), MAX_WARNINGS + 1);
        assert_eq!(warnings.last().map(String::as_str), Some("3 more warnings are not shown."));
    }
}
