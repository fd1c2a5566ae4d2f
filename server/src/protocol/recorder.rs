//! Records the steps of a sign-in for its trace.
//!
//! The recorder takes names, durations, addresses without queries, statuses and names of claims. Secrets, tokens, codes and
//! the values of claims have no place in it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::time::Instant;
use url::Url;
use vestibule_app::domain::{
    mapping::Claims,
    sign_in::{Answered, Asked, StepFailure, StepName, TraceStep},
};

/// How many names of claims a step keeps.
const MAX_CLAIMS: usize = 100;
/// The longest name of a claim, in characters.
const MAX_CLAIM_NAME: usize = 100;

/// Collects the steps of one sign-in, in the order in which they end.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    steps: Mutex<Vec<TraceStep>>,
}

impl Recorder {
    /// Begins a step; it is recorded when it ends.
    pub(crate) fn begin(&self, name: StepName) -> OpenStep<'_> {
        OpenStep { recorder: self, began: Instant::now(), name, has_ended: false, asked: None, answered: None }
    }

    /// The recorded steps.
    pub(crate) fn take(&self) -> Vec<TraceStep> {
        std::mem::take(&mut *self.lock())
    }

    /// How many steps are recorded.
    pub(crate) fn count(&self) -> usize {
        self.lock().len()
    }

    /// Forgets the steps after the first `count`: they are done again.
    pub(crate) fn rewind(&self, count: usize) {
        self.lock().truncate(count);
    }

    /// The step that failed last.
    pub(crate) fn failed_step(&self) -> Option<StepName> {
        self.lock().iter().rev().find(|step| step.failure.is_some()).map(|step| step.name)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<TraceStep>> {
        self.steps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A step that has not ended. One that is dropped without an end failed on this server.
#[must_use]
#[derive(Debug)]
pub(crate) struct OpenStep<'a> {
    recorder: &'a Recorder,
    began: Instant,
    name: StepName,
    has_ended: bool,
    asked: Option<Asked>,
    answered: Option<Answered>,
}

impl OpenStep<'_> {
    /// Notes what is asked of a provider.
    pub(crate) fn asked(&mut self, method: &str, url: &Url) {
        self.asked = Some(Asked { method: method.to_owned(), address: bare(url) });
    }

    /// Notes the status of an answer.
    pub(crate) fn status(&mut self, status: u16) {
        self.answered.get_or_insert_default().status = Some(status);
    }

    /// Notes which claims were received.
    pub(crate) fn claims(&mut self, claims: &Claims) {
        let names = claims.names().take(MAX_CLAIMS).map(|name| name.chars().take(MAX_CLAIM_NAME).collect());
        self.answered.get_or_insert_default().claims = names.collect();
    }

    /// Ends the step with the outcome of what was done in it.
    pub(crate) fn end<T, E>(self, outcome: Result<T, E>) -> Result<T, E>
    where
        for<'e> StepFailure: From<&'e E>,
    {
        let failure = outcome.as_ref().err().map(StepFailure::from);
        self.record(failure);
        outcome
    }

    /// Ends the step as [`Self::end`] does, and records it only if it failed.
    pub(crate) fn end_failed<T, E>(mut self, outcome: Result<T, E>) -> Result<T, E>
    where
        for<'e> StepFailure: From<&'e E>,
    {
        if outcome.is_err() {
            return self.end(outcome);
        }
        self.has_ended = true;
        outcome
    }

    /// Leaves the step out.
    pub(crate) fn discard(mut self) {
        self.has_ended = true;
    }

    /// Ends the step, with the check that failed.
    pub(crate) fn record(mut self, failure: Option<StepFailure>) {
        self.push(failure);
    }

    fn push(&mut self, failure: Option<StepFailure>) {
        self.has_ended = true;
        let took_micros = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let (asked, answered) = (self.asked.take(), self.answered.take());
        self.recorder.lock().push(TraceStep { name: self.name, took_micros, asked, answered, failure });
    }
}

impl Drop for OpenStep<'_> {
    fn drop(&mut self) {
        if !self.has_ended {
            self.push(Some(server_failure()));
        }
    }
}

/// What a step failed with that the database or this server ended.
pub(crate) fn server_failure() -> StepFailure {
    StepFailure {
        message: "the database or this server failed".to_owned(),
        rule: None,
        advice: "Read the server's log.".to_owned(),
    }
}

/// An address without what may hold secrets.
fn bare(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // An address that cannot have them keeps none.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use super::*;

    #[test]
    fn addresses_lose_what_may_be_secret() {
        let recorder = Recorder::default();
        let mut step = recorder.begin(StepName::TokenRequest);
        step.asked("POST", &Url::parse("https://user:secret@idp.example/token?key=secret#secret").unwrap());
        step.status(400);
        step.record(Some(StepFailure { message: "it failed".to_owned(), rule: None, advice: "Try again.".to_owned() }));
        assert_eq!(recorder.failed_step(), Some(StepName::TokenRequest));
        recorder.begin(StepName::Keys).record(None);
        assert_eq!(recorder.count(), 2);
        recorder.rewind(1);
        let [step] = &recorder.take()[..] else { panic!("one step") };
        assert_eq!(step.asked.as_ref().unwrap().address, "https://idp.example/token");
        assert_eq!(step.answered.as_ref().unwrap().status, Some(400));
        assert!(recorder.take().is_empty());
        drop(recorder.begin(StepName::Session));
        assert_eq!(recorder.failed_step(), Some(StepName::Session), "a step without an end failed on this server");
    }
}
