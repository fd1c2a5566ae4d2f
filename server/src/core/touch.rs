//! Noting when something was used last. What is asked for does not fail because that cannot be stored.

use std::time::Duration;

use vestibule_app::service::ServiceResult;

use crate::store::StoreResult;

/// How long a request waits for it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Carries out what notes a use; while the database takes no changes, the use stays without a note.
pub(super) async fn touch(work: impl Future<Output = StoreResult<()>>) -> ServiceResult<()> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(Err(error)) if error.fault().is_none() => Err(error.into()),
        Ok(Err(error)) => {
            tracing::debug!(%error, "could not note when something was used last");
            Ok(())
        }
        Ok(Ok(())) | Err(_) => Ok(()),
    }
}
