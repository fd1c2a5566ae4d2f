//! Stores when something was used last. A request does not fail because that cannot be stored.

use std::time::Duration;

use vestibule_app::service::ServiceResult;

use crate::store::StoreResult;

/// How long a request waits for the write.
const TIME_LIMIT: Duration = Duration::from_secs(1);

/// Runs the write; while the database accepts no writes, the use is not stored.
pub(super) async fn touch(work: impl Future<Output = StoreResult<()>>) -> ServiceResult<()> {
    match tokio::time::timeout(TIME_LIMIT, work).await {
        Ok(Err(error)) if error.fault().is_none() => Err(error.into()),
        Ok(Err(error)) => {
            tracing::debug!(%error, "could not note when something was used last");
            Ok(())
        }
        Ok(Ok(())) | Err(_) => Ok(()),
    }
}
