//! What each step uses: the deadline, and how an error of the directory becomes a result.

use std::future::Future;

use tokio::time::timeout_at;

use super::super::run::{OpenStep, StepResult, TestRun};
use crate::protocol::ldap::{LdapError, LdapErrorKind};

/// Ends at the deadline of the test.
pub(super) async fn within<T>(
    run: &TestRun,
    doing: impl Future<Output = Result<T, LdapError>>,
) -> Result<T, LdapError> {
    timeout_at(run.deadline, doing).await.unwrap_or_else(|_| Err(out_of_time()))
}

fn out_of_time() -> LdapError {
    LdapError {
        kind: LdapErrorKind::Timeout,
        message: "The directory did not answer within the ten seconds of a test.".to_owned(),
        advice: "Check that it is healthy, and that a firewall lets this server reach it.".to_owned(),
    }
}

pub(super) fn failed(error: LdapError) -> StepResult {
    StepResult::failed(error.message, error.advice)
}

pub(super) fn close_failed(run: &mut TestRun, step: OpenStep, error: LdapError) {
    run.close(step, failed(error));
}
