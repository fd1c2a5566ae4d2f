//! What a connection test found.

use serde::Serialize;
use vestibule_app::domain::connection::{CertificateSummary, StepStatus, TestReport, TestStep};

use super::super::date::rfc3339;

/// `TestConnectionResponse`.
#[derive(Serialize)]
pub(in crate::rest::scaikey) struct TestResult<'a> {
    success: bool,
    message: String,
    details: Details<'a>,
}

#[derive(Serialize)]
struct Details<'a> {
    steps: Vec<Step<'a>>,
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    certificates: Vec<Certificate<'a>>,
    /// User names of a directory and nothing more of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sample: Vec<&'a str>,
    ms: u32,
}

#[derive(Serialize)]
struct Step<'a> {
    name: &'a str,
    status: StepStatus,
    /// Whether it did not fail.
    ok: bool,
    ms: u32,
    message: &'a str,
    advice: &'a str,
}

#[derive(Serialize)]
struct Certificate<'a> {
    subject: &'a str,
    issuer: &'a str,
    serial: &'a str,
    sha256: &'a str,
    not_before: String,
    not_after: String,
    key: &'a str,
    signature: &'a str,
}

impl<'a> TestResult<'a> {
    pub(in crate::rest::scaikey) fn of(report: &'a TestReport) -> Self {
        let TestReport { steps, warnings, certificates, sample, ms } = report;
        Self {
            success: report.success(),
            message: report.message(),
            details: Details {
                steps: steps.iter().map(Step::of).collect(),
                warnings,
                certificates: certificates.iter().map(Certificate::of).collect(),
                sample: sample.iter().filter_map(|user| user.username.as_deref()).collect(),
                ms: *ms,
            },
        }
    }
}

impl<'a> Step<'a> {
    fn of(step: &'a TestStep) -> Self {
        let TestStep { name, label: _, status, ms, message, advice } = step;
        Self { name, status: *status, ok: *status != StepStatus::Failed, ms: *ms, message, advice }
    }
}

impl<'a> Certificate<'a> {
    fn of(certificate: &'a CertificateSummary) -> Self {
        let CertificateSummary { subject, issuer, serial, sha256, not_before, not_after, key, signature } = certificate;
        Self {
            subject,
            issuer,
            serial,
            sha256,
            not_before: rfc3339(*not_before),
            not_after: rfc3339(*not_after),
            key,
            signature,
        }
    }
}
