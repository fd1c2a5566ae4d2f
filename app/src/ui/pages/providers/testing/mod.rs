//! Connection tests: running one while its steps appear, its result, and the health of a provider.

mod chart;
mod health;
mod history;
mod run;
mod steps;

pub use chart::{BarKind, DurationChart, HealthChart};
pub use health::{HealthBadge, HealthCard};
pub use history::TestHistory;
pub use run::{TestPanel, TestRun};
pub use steps::StepList;
