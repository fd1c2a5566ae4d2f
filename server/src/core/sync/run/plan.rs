//! Choosing between a full and a delta run, and preparing what the run leaves for the next one.

use vestibule_app::domain::{
    provider::DeltaStrategy,
    sync::{Marks, Plan, Position, SyncCursor, WantedMode, plan},
};

use super::{
    super::{error::RunError, held::HeldProvider, journal::Journal},
    settings::RunSettings,
};
use crate::{protocol::ldap::Directory, store::syncs as rows};

pub(super) struct Planned {
    pub(super) plan: Plan,
    /// `None` when the strategy or the server has no position.
    pub(super) marks: Option<Marks>,
}

pub(super) async fn plan_run(
    held: &HeldProvider,
    run: &RunSettings,
    journal: &mut Journal,
    directory: &Directory,
    before: Option<&Marks>,
) -> Result<Planned, RunError> {
    let (now, wanted) = (journal.log.started_at, run.options.mode);
    let position = next_position(run, journal, directory);
    let settings = run.searches.settings_hash().to_owned();
    let plan = plan(wanted, before, position.as_ref(), &settings, run.policy.full_interval_hours, now);
    if let (Plan::Full(reason), WantedMode::Delta) = (&plan, wanted) {
        journal.warn(format!("Everything was read although only changes were requested: {}", reason.explain()));
    }
    let full_at = match (&plan, before) {
        (Plan::Delta { .. }, Some(before)) => before.full_at,
        _ => now,
    };
    // Forgotten before any user is written: even if this run fails and the settings are changed back, the next run must
    // read everything.
    if held.writes() && before.is_some_and(|before| before.settings != settings) {
        let mut tx = held.begin().await?;
        rows::forget_marks(&mut tx.conn(), held.provider()).await?;
        tx.commit().await?;
    }
    journal.log.mode = plan.mode();
    journal.log.cursor = SyncCursor {
        before: before.map(|marks| marks.position.describe()),
        after: position.as_ref().map(Position::describe),
    };
    held.save(journal, journal.draft()).await?;
    let marks = position.map(|position| Marks { settings, position, full_at, retry: Vec::new() });
    Ok(Planned { plan, marks })
}

/// The position that the run leaves. It is read before the search, so that no change falls between two runs.
fn next_position(run: &RunSettings, journal: &Journal, directory: &Directory) -> Option<Position> {
    match run.strategy {
        DeltaStrategy::Auto | DeltaStrategy::ModifyTimestamp => {
            let skew = i64::from(run.policy.clock_skew_seconds);
            Some(Position::Time(journal.log.started_at.plus_seconds(-skew)))
        }
        DeltaStrategy::UsnChanged => {
            let root = directory.root();
            let (highest, invocation_id) = root.highest_committed_usn.zip(root.invocation_id.clone())?;
            Some(Position::Usn { highest, invocation_id })
        }
        DeltaStrategy::None => None,
    }
}
