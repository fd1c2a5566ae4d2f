//! A running test: its steps appear as they finish.

use leptos::prelude::*;

use super::steps::StepList;
use crate::{
    api::{
        ApiError,
        connection_tests::{TestForm, run_connection_test},
    },
    domain::connection::{StepName, StepStatus, TestProgress, TestReport, TestStep},
    ui::{
        components::{Button, Callout, Tone, Variant, duration},
        pages::providers::{certificates::CertificateList, ldap::user_list},
        state::{Session, ViewScope},
    },
};

/// A test that runs or ran.
#[derive(Clone, Copy)]
pub struct TestRun {
    busy: RwSignal<bool>,
    steps: RwSignal<Vec<TestStep>>,
    running: RwSignal<Option<StepName>>,
    report: RwSignal<Option<TestReport>>,
    error: RwSignal<Option<ApiError>>,
    session: Session,
    scope: ViewScope,
}

impl TestRun {
    /// Nothing has run yet. Reading a test's progress ends with the caller's view.
    pub fn new() -> Self {
        Self::within(ViewScope::current())
    }

    /// Nothing has run yet. Reading a test's progress ends with this view, which may outlive the caller's.
    pub fn within(scope: ViewScope) -> Self {
        Self {
            busy: RwSignal::new(false),
            steps: RwSignal::new(Vec::new()),
            running: RwSignal::new(None),
            report: RwSignal::new(None),
            error: RwSignal::new(None),
            session: Session::current(),
            scope,
        }
    }

    /// Runs a test, unless one is running; `done` is called at its end. An error of the form ends the test. When
    /// reading its progress ends earlier, the server finishes the test.
    pub fn start(self, form: Result<TestForm, ApiError>, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.steps.set(Vec::new());
        self.report.set(None);
        self.error.set(None);
        self.scope.spawn(async move {
            let ended = match form {
                Ok(form) => run_connection_test(form, move |progress| self.take(progress)).await,
                Err(error) => Err(error),
            };
            self.busy.set(false);
            self.running.set(None);
            match ended {
                Ok(()) => done(),
                Err(error) => {
                    self.session.observe(&error);
                    self.error.set(Some(error));
                }
            }
        });
    }

    fn take(self, progress: TestProgress) {
        match progress {
            TestProgress::Started(name) => {
                self.running.set(Some(name));
            }
            TestProgress::Step(step) => {
                self.running.set(None);
                self.steps.update(|steps| steps.push(step));
            }
            TestProgress::Done(report) => {
                self.steps.set(report.steps.clone());
                self.report.set(Some(report));
            }
        }
    }

    /// The progress in a sentence, for assistive technology.
    fn summary(self) -> String {
        if self.busy.get() {
            return self
                .running
                .get()
                .map_or_else(|| "Testing…".to_owned(), |name| format!("Testing: {}…", name.label()));
        }
        self.report
            .with(|report| {
                report.as_ref().map(|report| format!("{} Took {}.", report.message(), duration(report.ms.into())))
            })
            .unwrap_or_default()
    }
}

impl Default for TestRun {
    fn default() -> Self {
        Self::new()
    }
}

/// The button, the steps as they appear, and what the test found.
#[component]
pub fn TestPanel(
    /// The test.
    run: TestRun,
    /// Called by the button: starts the test.
    #[prop(into)]
    on_start: Callback<()>,
) -> impl IntoView {
    let found = move || {
        let report = run.report.get()?;
        let TestReport { steps: _, ref warnings, ref certificates, ref sample, ms: _ } = report;
        let verdict = match report.status() {
            // The line above the steps shows it already.
            StepStatus::Ok => None,
            StepStatus::Warning => Some((Tone::Warning, "The connection works, with warnings.")),
            StepStatus::Failed => Some((Tone::Danger, "The connection does not work.")),
        };
        let warnings = warnings.iter().map(|warning| view! { <li>{warning.clone()}</li> }).collect_view();
        let verdict =
            verdict.map(|(tone, title)| view! { <Callout tone title><ul class="plain-list">{warnings}</ul></Callout> });
        let certificates =
            (!certificates.is_empty()).then(|| view! { <CertificateList certificates=certificates.clone() /> });
        let sample = (!sample.is_empty()).then(|| user_list(sample));
        Some(
            view! {
                {verdict}
                {certificates}
                {sample}
            }
            .into_any(),
        )
    };
    view! {
        <div class="test-panel" aria-busy=move || run.busy.get().then_some("true")>
            <p class="card-actions">
                <Button variant=Variant::Secondary busy=run.busy on_click=on_start>"Test connection"</Button>
            </p>
            <p class="test-summary" role="status">{move || run.summary()}</p>
            <Show when=move || run.busy.get() || run.steps.with(|steps| !steps.is_empty())>
                {move || view! { <StepList steps=run.steps.get() running=run.running.get() /> }}
            </Show>
            {found}
            {move || run.error.get().map(|error| view! { <Callout tone=Tone::Danger title=error.explain() /> })}
        </div>
    }
}
