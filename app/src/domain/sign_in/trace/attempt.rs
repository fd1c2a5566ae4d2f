//! Attempts to sign in.

use serde::{Deserialize, Serialize};

use super::step::TraceStep;
use crate::domain::{
    id::{ProviderId, SignInId, TenantId, UserId},
    mapping::Claims,
    named::named,
    sign_in::SignInPreview,
    timestamp::Timestamp,
};

named! {
    /// What an attempt is for.
    AttemptKind, UnknownAttemptKind {
        /// A person signs in.
        Real = "real" / "Sign-in",
        /// An administrator tries a provider out; nothing is created or changed.
        Test = "test" / "Test sign-in",
    }
}

named! {
    /// How an attempt ended.
    AttemptOutcome, UnknownAttemptOutcome {
        /// It has not ended: the person is at the provider.
        Started = "started" / "Under way",
        /// The person signed in.
        SignedIn = "signed_in" / "Signed in",
        /// A test passed: the person would sign in, as far as the decision goes.
        Tested = "tested" / "Test passed",
        /// The person may not sign in, or the tenant or the provider cannot be used.
        Refused = "refused" / "Refused",
        /// A check failed.
        Failed = "failed" / "Failed",
        /// The browser did not come back in time.
        Abandoned = "abandoned" / "Abandoned",
    }
}

impl AttemptOutcome {
    /// Whether an attempt that ended in this way has a reason.
    pub const fn has_reason(self) -> bool {
        matches!(self, Self::Refused | Self::Failed)
    }
}

/// An attempt to sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInAttempt {
    /// Identifies the attempt.
    pub id: SignInId,
    /// What the person sees when the attempt fails.
    pub reference: String,
    /// What it is for.
    pub kind: AttemptKind,
    /// How it ended.
    pub outcome: AttemptOutcome,
    /// Why it ended without a session, in one word.
    pub reason: Option<String>,
    /// The tenant, as far as it is known.
    pub tenant: Option<TenantId>,
    /// The provider.
    pub provider: Option<ProviderId>,
    /// The user who signed in.
    pub user: Option<UserId>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// An attempt with the names of what it refers to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptSummary {
    /// The attempt.
    pub attempt: SignInAttempt,
    /// The tenant's name, unless it was removed.
    pub tenant_name: Option<String>,
    /// The provider's display name, unless it was removed.
    pub provider_name: Option<String>,
    /// The user's name, unless the user was deleted or the caller may not see users.
    pub username: Option<String>,
}

/// An attempt with its steps.
#[derive(Debug, Clone, PartialEq)]
pub struct AttemptDetail {
    /// The attempt.
    pub summary: AttemptSummary,
    /// What happened, in order.
    pub steps: Vec<TraceStep>,
    /// What the provider says about the person.
    pub claims: Option<Claims>,
    /// What a test found out.
    pub preview: Option<SignInPreview>,
    /// Whether the caller may let the person in: the provider creates no users, and the claims are there.
    pub may_admit: bool,
}

/// Which attempts are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttemptFilter {
    /// Those of a tenant.
    pub tenant: Option<TenantId>,
    /// Those at a provider.
    pub provider: Option<ProviderId>,
    /// Those of a user.
    pub user: Option<UserId>,
    /// Those that ended in this way.
    pub outcome: Option<AttemptOutcome>,
    /// Those that ended without a session for this reason, in one word.
    pub reason: Option<String>,
    /// Those that began at this moment or later.
    pub since: Option<Timestamp>,
    /// Those that began before this moment.
    pub until: Option<Timestamp>,
}
