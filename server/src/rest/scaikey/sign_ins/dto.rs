//! Attempts to sign in.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use vestibule_app::domain::{
    id::{ProviderId, TenantId, UserId},
    sign_in::{
        Answered, Asked, AttemptDetail, AttemptKind, AttemptOutcome, SignInAttempt, SignInPreview, SignInTest,
        StepFailure, StepName, TraceStep,
    },
};

use super::super::{date::rfc3339, words};

/// An attempt to sign in, as lists show one.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInListItem)]
pub(in crate::rest::scaikey) struct Attempt<'a> {
    id: String,
    /// What the person was shown.
    reference: &'a str,
    #[schema(schema_with = words::attempt_kind)]
    kind: AttemptKind,
    #[schema(schema_with = words::attempt_outcome)]
    outcome: AttemptOutcome,
    /// Why the attempt ended without a session, in one word.
    #[schema(required)]
    reason: Option<&'a str>,
    #[schema(required)]
    tenant_id: Option<String>,
    #[schema(required)]
    idp_id: Option<String>,
    #[schema(required)]
    user_id: Option<String>,
    #[schema(format = DateTime)]
    started_at: String,
    #[schema(format = DateTime, required)]
    ended_at: Option<String>,
}

impl<'a> Attempt<'a> {
    pub(super) fn of(attempt: &'a SignInAttempt) -> Self {
        let SignInAttempt { id, reference, kind, outcome, reason, tenant, provider, user, started_at, ended_at } =
            attempt;
        Self {
            id: id.prefixed(),
            reference,
            kind: *kind,
            outcome: *outcome,
            reason: reason.as_deref(),
            tenant_id: tenant.map(TenantId::prefixed),
            idp_id: provider.map(ProviderId::prefixed),
            user_id: user.map(UserId::prefixed),
            started_at: rfc3339(*started_at),
            ended_at: ended_at.map(rfc3339),
        }
    }
}

/// An attempt to sign in with its steps.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInResponse)]
pub(in crate::rest::scaikey) struct Trace<'a> {
    #[serde(flatten)]
    attempt: Attempt<'a>,
    /// What happened, in order.
    steps: Vec<Step<'a>>,
    /// What the provider says about the person; null for callers who may not see users, and without claims.
    #[schema(value_type = Option<Object>, required)]
    claims: Option<Map<String, Value>>,
    /// What a test found out; null for attempts that are none, and for callers who did not begin it.
    #[schema(value_type = Option<Object>, required)]
    result: Option<&'a SignInPreview>,
    /// Whether the caller may let the person in (`/admit`).
    may_admit: bool,
}

/// A test sign-in that may begin.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInTestResponse)]
pub(in crate::rest::scaikey) struct TestStart<'a> {
    id: String,
    /// Where the result is found.
    reference: &'a str,
    /// The address to open in a browser.
    url: &'a str,
}

impl<'a> TestStart<'a> {
    pub(super) fn of(test: &'a SignInTest) -> Self {
        let SignInTest { id, reference, url } = test;
        Self { id: id.prefixed(), reference, url }
    }
}

/// A person who was let in.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInAdmissionResponse)]
pub(in crate::rest::scaikey) struct Admission {
    pub(super) user_id: String,
}

/// A step of a sign-in.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInStep)]
struct Step<'a> {
    #[schema(schema_with = words::step_name)]
    name: StepName,
    duration_microseconds: u64,
    /// What was asked of the provider.
    #[schema(required)]
    request: Option<Request<'a>>,
    /// What the provider answered.
    #[schema(required)]
    response: Option<Response<'a>>,
    /// The check that failed.
    #[schema(required)]
    failure: Option<Failure<'a>>,
}

/// A request to a provider.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInStepRequest)]
struct Request<'a> {
    method: &'a str,
    /// Without its query.
    address: &'a str,
}

/// What a provider answered.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInStepResponse)]
struct Response<'a> {
    /// The HTTP status.
    #[schema(required)]
    status: Option<u16>,
    /// The names of the claims that were received.
    claims: &'a [String],
}

/// A check that failed.
#[derive(Serialize, ToSchema)]
#[schema(as = SignInStepFailure)]
struct Failure<'a> {
    /// What happened.
    message: &'a str,
    /// Specification and section of the rule that was broken.
    #[schema(required)]
    rule: Option<&'a str>,
    /// What to do about it.
    advice: &'a str,
}

impl<'a> Trace<'a> {
    pub(super) fn of(detail: &'a AttemptDetail) -> Self {
        let AttemptDetail { summary, steps, claims, preview, may_admit } = detail;
        Self {
            attempt: Attempt::of(&summary.attempt),
            steps: steps.iter().map(Step::of).collect(),
            claims: claims.as_ref().map(|claims| claims.to_json()),
            result: preview.as_ref(),
            may_admit: *may_admit,
        }
    }
}

impl<'a> Step<'a> {
    fn of(step: &'a TraceStep) -> Self {
        let TraceStep { name, took_micros, asked, answered, failure } = step;
        Self {
            name: *name,
            duration_microseconds: *took_micros,
            request: asked.as_ref().map(|Asked { method, address }| Request { method, address }),
            response: answered.as_ref().map(|Answered { status, claims }| Response { status: *status, claims }),
            failure: failure.as_ref().map(|StepFailure { message, rule, advice }| Failure {
                message,
                rule: rule.as_deref(),
                advice,
            }),
        }
    }
}
