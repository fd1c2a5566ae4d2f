//! What a sign-in does: who the person is, whether they may sign in, and what is created, linked or updated.
//!
//! Pure code, and the same for a real sign-in, a test sign-in and the preview. A protocol reports an
//! [`AuthenticatedSubject`]; [`decide`] turns it, the provider's [`SignInPolicy`] and what is stored ([`KnownUsers`])
//! into a [`Decision`]. Nothing here names a protocol.

mod decide;
mod email;
mod groups;
mod policy;
mod preview;
mod profile;
mod refusal;
mod return_to;
mod subject;
#[cfg(test)]
mod tests;
mod trace;

pub use decide::{Decision, KnownUser, KnownUsers, LinkChange, StoredLink, decide};
pub use email::{EmailClaim, read_email};
pub use groups::{GroupMemberships, group_claims, lacks_groups, mapped_groups};
pub use policy::{SignInPolicy, UpdatePolicy};
pub use preview::{
    GroupChange, GroupPreview, PreviewChange, PreviewGroup, PreviewOutcome, PreviewWarning, SignInPreview, SignInTest,
    UnknownGroupChange, UnknownPreviewWarning,
};
pub use profile::{ProfileChange, new_profile, updated_profile};
pub use refusal::Refusal;
pub use return_to::{MAX_RETURN_TO, ReturnTo, ReturnToProblem};
pub use subject::{AuthenticatedSubject, LinkKey};
pub use trace::{
    Answered, Asked, AttemptDetail, AttemptFilter, AttemptKind, AttemptOutcome, AttemptSummary, MAX_PERIODS,
    OutcomeCount, PeriodLength, ReasonCount, SignInAttempt, SignInPeriod, SignInStatistics, StatisticsFilter,
    StepFailure, StepName, TraceStep, UnknownAttemptKind, UnknownAttemptOutcome, UnknownPeriodLength, UnknownStepName,
};
