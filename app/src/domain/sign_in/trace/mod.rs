//! The trace of a sign-in: what happened, step by step, for administrators who look for the reason of a failure.
//!
//! A trace holds no secrets, tokens or codes, and addresses without their queries. What the claims say is not part of it;
//! [`AttemptDetail`] has them beside it, for those who may see users.

mod attempt;
mod statistics;
mod step;

pub use attempt::{
    AttemptDetail, AttemptFilter, AttemptKind, AttemptOutcome, AttemptSummary, SignInAttempt, UnknownAttemptKind,
    UnknownAttemptOutcome,
};
pub use statistics::{
    MAX_PERIODS, OutcomeCount, PeriodLength, ReasonCount, SignInPeriod, SignInStatistics, StatisticsFilter,
    UnknownPeriodLength,
};
pub use step::{Answered, Asked, StepFailure, StepName, TraceStep, UnknownStepName};
