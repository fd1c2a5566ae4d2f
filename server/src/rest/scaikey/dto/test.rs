//! What a connection test found.

use serde::Serialize;
use utoipa::ToSchema;
use vestibule_app::domain::{
    connection::{CertificateSummary, StepStatus, TestReport, TestStep},
    timestamp::Timestamp,
};

use super::super::{date::rfc3339, words};

/// Test connection result.
#[derive(Serialize, ToSchema)]
#[schema(as = TestConnectionResponse)]
pub(in crate::rest::scaikey) struct TestResult<'a> {
    success: bool,
    message: String,
    details: Details<'a>,
}

/// What each step of a test found.
#[derive(Serialize, ToSchema)]
#[schema(as = TestConnectionDetails)]
struct Details<'a> {
    steps: Vec<ReportedStep<'a>>,
    warnings: &'a [String],
    /// The newest signing certificate of a SAML provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Certificate<'a>>,
    /// All of them, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<Certificate<'a>>,
    /// User names of a directory and nothing more of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sample: Vec<&'a str>,
    ms: u32,
}

/// A step of a test.
#[derive(Serialize, ToSchema)]
#[schema(as = TestConnectionStep)]
struct ReportedStep<'a> {
    /// Names the step for programs.
    name: &'a str,
    #[schema(schema_with = words::step_status)]
    status: StepStatus,
    /// Whether it did not fail.
    ok: bool,
    /// How long it took, in milliseconds.
    ms: u32,
    message: &'a str,
    /// What to do about it; empty when there is nothing to do.
    advice: &'a str,
}

/// A signing certificate.
#[derive(Serialize, ToSchema)]
#[schema(as = TestConnectionCertificate)]
struct Certificate<'a> {
    subject: &'a str,
    issuer: &'a str,
    serial: &'a str,
    sha256: &'a str,
    #[schema(format = DateTime)]
    not_before: String,
    #[schema(format = DateTime)]
    not_after: String,
    /// How many whole days it still holds; negative once it has run out.
    days_left: i64,
    key: &'a str,
    signature: &'a str,
}

impl<'a> TestResult<'a> {
    pub(in crate::rest::scaikey) fn of(report: &'a TestReport, now: Timestamp) -> Self {
        let TestReport { steps, warnings, certificates, sample, ms } = report;
        Self {
            success: report.success(),
            message: report.message(),
            details: Details {
                steps: steps.iter().map(ReportedStep::of).collect(),
                warnings,
                certificate: certificates.first().map(|certificate| Certificate::of(certificate, now)),
                certificates: certificates.iter().map(|certificate| Certificate::of(certificate, now)).collect(),
                sample: sample.iter().filter_map(|user| user.username.as_deref()).collect(),
                ms: *ms,
            },
        }
    }
}

impl<'a> ReportedStep<'a> {
    fn of(step: &'a TestStep) -> Self {
        let TestStep { name, status, ms, message, advice } = step;
        Self { name: name.as_str(), status: *status, ok: *status != StepStatus::Failed, ms: *ms, message, advice }
    }
}

impl<'a> Certificate<'a> {
    fn of(certificate: &'a CertificateSummary, now: Timestamp) -> Self {
        let CertificateSummary { subject, issuer, serial, sha256, not_before, not_after, key, signature } = certificate;
        Self {
            subject,
            issuer,
            serial,
            sha256,
            not_before: rfc3339(*not_before),
            not_after: rfc3339(*not_after),
            days_left: not_after.seconds_since(now).div_euclid(24 * 60 * 60),
            key,
            signature,
        }
    }
}
