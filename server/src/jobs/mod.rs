//! What runs beside requests: removing what has run out.

use std::time::Duration;

use crate::{core::Core, store::audit};

const EVERY: Duration = Duration::from_secs(10 * 60);

/// Removes what has run out, again and again. A failing run is logged and the next one tries again.
pub(crate) async fn housekeeping(core: &Core, audit_retention_days: u32) {
    let mut timer = tokio::time::interval(EVERY);
    loop {
        timer.tick().await;
        if let Err(error) = core.purge_access().await {
            tracing::warn!(%error, "could not remove old sessions");
        }
        if audit_retention_days > 0
            && let Err(error) = purge_audit(core, audit_retention_days).await
        {
            tracing::warn!(%error, "could not remove old audit entries");
        }
    }
}

async fn purge_audit(core: &Core, days: u32) -> Result<(), crate::StoreError> {
    let before = core.clock.now().plus_seconds(-i64::from(days) * 24 * 60 * 60);
    let mut tx = core.store.begin().await?;
    let removed = audit::purge_before(&mut tx.conn(), before).await?;
    tx.commit().await?;
    if removed > 0 {
        tracing::info!(removed, "removed old audit entries");
    }
    Ok(())
}
