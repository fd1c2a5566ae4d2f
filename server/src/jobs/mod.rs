//! What runs beside requests: removing what has run out, testing connections and synchronising directories on schedule.

use std::{sync::Arc, time::Duration};

use tokio::{task::JoinSet, time::MissedTickBehavior};

use crate::{
    core::{Core, random},
    store::audit,
};

const EVERY: Duration = Duration::from_secs(10 * 60);

/// Removes what has run out, again and again. A failing run is logged and the next one tries again.
pub(crate) async fn housekeeping(core: &Core, audit_retention_days: u32) {
    // Beside everything else, so that nothing waits for it. It cannot fail.
    drop(tokio::task::spawn_blocking(random::awaken));
    let mut timer = tokio::time::interval(EVERY);
    loop {
        timer.tick().await;
        if let Err(error) = core.purge_access().await {
            tracing::warn!(%error, "could not remove old sessions");
        }
        if let Err(error) = core.purge_connection_tests().await {
            tracing::warn!(%error, "could not remove old connection tests");
        }
        if let Err(error) = core.syncs.purge_logs().await {
            tracing::warn!(%error, "could not remove old synchronisation logs");
        }
        if audit_retention_days > 0
            && let Err(error) = purge_audit(core, audit_retention_days).await
        {
            tracing::warn!(%error, "could not remove old audit entries");
        }
    }
}

/// How often it is looked what is due.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// By how much the first look is put off at most. Nodes share the work through the database, so that a few seconds are
/// enough for those that start together not to take up the same rows.
const SPREAD: Duration = Duration::from_secs(4);

/// Tests the connections that are due, again and again. A failing run is logged and the next one tries again.
pub(crate) async fn connection_tests(core: &Arc<Core>) {
    if core.tests.interval_minutes() == 0 {
        return std::future::pending().await;
    }
    // Nodes that start together do not look together.
    tokio::time::sleep(SPREAD * u32::from(random::fraction()) / 256).await;
    let mut timer = tokio::time::interval(LOOK_EVERY);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        timer.tick().await;
        match core.test_due().await {
            Ok(0) => {}
            Ok(tested) => tracing::debug!(tested, "tested the connections that were due"),
            Err(error) => tracing::warn!(%error, "could not test the connections that are due"),
        }
    }
}

/// Synchronises the directories that are due, again and again, and closes the logs of runs that were interrupted. A
/// failing round is logged and the next one tries again.
pub(crate) async fn syncs(core: &Arc<Core>) {
    // Nodes that start together do not look together.
    tokio::time::sleep(SPREAD * u32::from(random::fraction()) / 256).await;
    let mut timer = tokio::time::interval(LOOK_EVERY);
    timer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            _ = timer.tick() => {
                if let Err(error) = core.syncs.close_interrupted().await {
                    tracing::warn!(%error, "could not close the logs of interrupted synchronisations");
                }
            }
            // One that ended makes room for another.
            Some(_) = running.join_next() => {}
        }
        match core.syncs.start_due(&mut running).await {
            Ok(begun) => tracing::debug!(begun, "looked which directories are due"),
            Err(error) => tracing::warn!(%error, "could not synchronise the directories that are due"),
        }
    }
}

async fn purge_audit(core: &Core, days: u32) -> Result<(), crate::StoreError> {
    let before = core.clock.now().plus_seconds(-i64::from(days) * 24 * 60 * 60);
    let mut tx = core.store.begin_long().await?;
    let removed = audit::purge_before(&mut tx.conn(), before).await?;
    tx.commit().await?;
    if removed > 0 {
        tracing::info!(removed, "removed old audit entries");
    }
    Ok(())
}
