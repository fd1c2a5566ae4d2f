//! Limits how many calls to identity providers run at once on request.

use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};
use vestibule_app::{domain::problem::ServiceError, service::ServiceResult};

/// How many connection tests, and readings of discovery documents and metadata, run at once on request. The schedule has
/// a limit of its own, so that neither delays the other.
const MAX_AT_ONCE: usize = 16;

/// When to retry once that many run: each ends within ten seconds.
const RETRY_AFTER_SECONDS: u32 = 10;

/// One limit for all services that call out on request. Clones share it.
#[derive(Clone)]
pub(super) struct OutboundLimit(Arc<Semaphore>);

impl Default for OutboundLimit {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_AT_ONCE)))
    }
}

impl OutboundLimit {
    /// Takes a place until the permit is dropped; rejects the request when none is free.
    pub(super) fn admit(&self) -> ServiceResult<SemaphorePermit<'_>> {
        let rejected = ServiceError::TooManyRequests { retry_after_seconds: RETRY_AFTER_SECONDS };
        self.0.try_acquire().map_err(|_| rejected)
    }
}
