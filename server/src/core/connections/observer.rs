//! Who hears of tests, for metrics.

use std::sync::Arc;

use vestibule_app::domain::connection::StepStatus;

/// Receives the status of every test that was kept.
pub(crate) type TestObserver = Arc<dyn Fn(StepStatus) + Send + Sync>;
