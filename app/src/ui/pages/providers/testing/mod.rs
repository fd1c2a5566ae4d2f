//! Connection tests: running one while its steps appear, what one found, and how a provider has been doing.

mod chart;
mod health;
mod history;
mod run;
mod steps;

pub use chart::{DurationChart, HealthChart};
pub use health::{HealthBadge, HealthCard};
pub use history::TestHistory;
pub use run::{TestPanel, TestRun};
pub use steps::StepList;
