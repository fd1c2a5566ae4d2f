//! Storing how a run ended, and releasing the provider.

use vestibule_app::domain::{
    id::ProviderId,
    sync::{Marks, SyncFailure, SyncFailureCode, SyncLog, SyncMode, SyncStatus},
    timestamp::Timestamp,
};

use super::super::{error::RunError, held::HeldProvider, journal::Journal, running::Stop};
use crate::{
    core::{error_chain, random::fraction},
    store::{
        StoreResult,
        syncs::{self as rows, Lease},
    },
};

/// How many logs of a provider are kept.
const KEEP_LOGS: u32 = 100;

/// Stores the end of the log and what the run leaves for the next one.
pub(super) async fn finish(
    held: &HeldProvider,
    interval_minutes: u32,
    mut journal: Journal,
    error: Option<RunError>,
    marks: Option<Marks>,
) -> StoreResult<()> {
    let failure = error.map(|error| failure_of(error, held.provider()));
    let is_complete = failure.is_none();
    let log = &mut journal.log;
    log.status = status(log, failure.as_ref());
    log.failure = failure;
    log.finished_at = Some(held.now());
    // Only a full run that does everything judges who vanished, so the next one has to be full.
    let forgets = marks.is_some() && !is_complete && held.writes() && log.mode == SyncMode::Full;
    let marks = marks.filter(|_| is_complete && held.writes());
    if marks.is_none() {
        log.cursor.after = None;
    }
    let draft = journal.draft();
    let provider = held.provider();
    let mut tx = held.begin_unheld().await?;
    let conn = &mut tx.conn();
    let is_held = held.renew(conn).await? != Lease::Lost;
    rows::finish(conn, &draft.log).await?;
    if is_held {
        if let Some(marks) = marks {
            rows::put_marks(conn, provider, &marks).await?;
        }
        if forgets {
            rows::forget_marks(conn, provider).await?;
        }
        if held.writes() {
            rows::set_next_run(conn, provider, next_run(interval_minutes, &draft.log)).await?;
        }
        rows::keep_newest(conn, provider, KEEP_LOGS).await?;
        rows::release(conn, provider, held.run()).await?;
    }
    tx.commit().await
}

fn status(log: &SyncLog, failure: Option<&SyncFailure>) -> SyncStatus {
    match failure {
        None if log.users.failed == 0 && log.groups.failed == 0 => SyncStatus::Success,
        Some(failure) if failure.code == SyncFailureCode::TooManyEntries => SyncStatus::Failed,
        // The directory was read; only the judgement of vanished users was held back.
        Some(failure) if failure.code == SyncFailureCode::Safeguard => SyncStatus::Partial,
        Some(_) if log.users.applied() == 0 => SyncStatus::Failed,
        None | Some(_) => SyncStatus::Partial,
    }
}

/// When the schedule runs the provider next: up to a tenth of the interval sooner, so that runs spread out.
fn next_run(interval_minutes: u32, log: &SyncLog) -> Timestamp {
    let interval = i64::from(interval_minutes.max(1)) * 60;
    log.started_at.plus_seconds(interval - interval / 10 * i64::from(fraction()) / 256)
}

fn failure_of(error: RunError, provider: ProviderId) -> SyncFailure {
    let (code, message) = match error {
        RunError::Failed(failure) => return failure,
        RunError::Store(error) => {
            tracing::error!(error = %error_chain(&error), %provider, "a synchronisation failed");
            let message = "The database failed. The server's log has the details under the provider's id.";
            (SyncFailureCode::Internal, message)
        }
        RunError::Stopped(Stop::Cancelled) => (SyncFailureCode::Cancelled, "An administrator ended the run."),
        RunError::Stopped(Stop::ProviderGone) => (
            SyncFailureCode::Cancelled,
            "The identity provider was disabled or deleted, which ends its synchronisation.",
        ),
        RunError::Stopped(Stop::LeaseLost) => (
            SyncFailureCode::Interrupted,
            "This server could not renew its claim in time, so another run took the provider over.",
        ),
        RunError::Stopped(Stop::ServerStops) => (
            SyncFailureCode::Interrupted,
            "The server was stopped. What was counted until then is stored; the next run goes on.",
        ),
    };
    SyncFailure { code, message: message.to_owned() }
}
