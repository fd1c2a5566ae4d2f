//! Connection tests: named steps, what each found, and what a provider's health is after them.

use serde::{Deserialize, Serialize};

use super::{id::ConnectionTestId, timestamp::Timestamp};

/// How a step of a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// As it should.
    Ok,
    /// Signing in works, but something deserves a look.
    Warning,
    /// Signing in cannot work.
    Failed,
}

/// The text names no status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a status: expected ok, warning or failed")]
pub struct UnknownStepStatus;

impl StepStatus {
    /// Every status, the best first.
    pub const ALL: [Self; 3] = [Self::Ok, Self::Warning, Self::Failed];

    /// The status as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

impl std::str::FromStr for StepStatus {
    type Err = UnknownStepStatus;

    fn from_str(text: &str) -> Result<Self, UnknownStepStatus> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(UnknownStepStatus)
    }
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStep {
    /// Names the step for programs: `discovery`, `keys`, `certificate`.
    pub name: String,
    /// The step in words.
    pub label: String,
    /// How it ended.
    pub status: StepStatus,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// What was found.
    pub message: String,
    /// What to do about it; empty when there is nothing to do.
    pub advice: String,
}

/// What a test found of a signing certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateSummary {
    /// The subject's distinguished name.
    pub subject: String,
    /// The issuer's distinguished name.
    pub issuer: String,
    /// The serial number, hexadecimal.
    pub serial: String,
    /// SHA-256 of the DER form, hexadecimal.
    pub sha256: String,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when it holds.
    pub not_after: Timestamp,
    /// The key, in words: `RSA 2048`, `EC P-256`.
    pub key: String,
    /// The signature algorithm, in words: `SHA-256 with RSA`.
    pub signature: String,
}

/// Why no sign-in could verify a signature with a certificate's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// An RSA key that can be broken.
    Short {
        /// Its length.
        bits: u32,
    },
    /// An RSA key that is longer than any that is verified.
    Long {
        /// Its length.
        bits: u32,
    },
    /// A kind of key, or a curve, that XML signatures of sign-ins are not verified with.
    Kind,
}

/// The lengths of RSA keys that signatures are verified with, in bits.
pub const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

impl CertificateSummary {
    /// Why no sign-in could verify a signature with the key.
    ///
    /// SAML signs with XML Signature, whose keys are RSA and elliptic curves; of the curves, those of NIST are what
    /// products use and what can be verified here.
    pub fn key_fault(&self) -> Option<KeyFault> {
        let bits = self.key.strip_prefix("RSA ").or_else(|| self.key.strip_prefix("RSA-PSS "));
        match bits.and_then(|bits| bits.parse::<u32>().ok()) {
            Some(bits) if bits < *RSA_BITS.start() => Some(KeyFault::Short { bits }),
            Some(bits) if bits > *RSA_BITS.end() => Some(KeyFault::Long { bits }),
            Some(_) => None,
            None if matches!(self.key.as_str(), "EC P-256" | "EC P-384" | "EC P-521") => None,
            None => Some(KeyFault::Kind),
        }
    }
}

/// A user that a test found in a directory, as signing in would know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleEntry {
    /// What identifies the user for good; absent when the attribute has no value that can be used.
    pub external_id: Option<String>,
    /// What the user signs in as; absent when the attribute is.
    pub username: Option<String>,
    /// User fields that the mapping fills, by name, with their values.
    pub fields: Vec<(String, String)>,
    /// Values that a synchronisation would leave out, in sentences.
    #[serde(default)]
    pub remarks: Vec<String>,
    /// Why a synchronisation would leave the user out; empty when it would not.
    #[serde(default)]
    pub fault: String,
}

/// The outcome of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// The steps in order. After a failed one, those that depend on it are left out.
    pub steps: Vec<TestStep>,
    /// What deserves attention, in sentences.
    pub warnings: Vec<String>,
    /// The signing certificates of a SAML provider, the newest first.
    pub certificates: Vec<CertificateSummary>,
    /// Some users of a directory. Not kept with the test: they are nobody's concern later.
    #[serde(default)]
    pub sample: Vec<SampleEntry>,
    /// How long it took in all, in milliseconds.
    pub ms: u32,
}

impl TestReport {
    /// How the test ended: as its worst step, or with a warning.
    pub fn status(&self) -> StepStatus {
        let worst = self.steps.iter().map(|step| step.status).max().unwrap_or(StepStatus::Ok);
        if worst == StepStatus::Ok && !self.warnings.is_empty() { StepStatus::Warning } else { worst }
    }

    /// Whether users can sign in, as far as a test can tell.
    pub fn success(&self) -> bool {
        self.status() != StepStatus::Failed
    }

    /// The report for those who use a provider that others manage: which step fails, and nothing of servers, accounts and
    /// users.
    #[must_use]
    pub fn without_details(mut self) -> Self {
        for step in &mut self.steps {
            let (message, advice) = match step.status {
                StepStatus::Ok => ("This works.", ""),
                StepStatus::Warning => ("This works, and deserves a look.", "Whoever manages the provider sees why."),
                StepStatus::Failed => ("This does not work.", "Whoever manages the provider sees why."),
            };
            step.message = message.to_owned();
            step.advice = advice.to_owned();
        }
        if !self.warnings.is_empty() {
            self.warnings = vec!["The settings deserve a look. Whoever manages the provider sees why.".to_owned()];
        }
        self.certificates.clear();
        self.sample.clear();
        self
    }

    /// The test in one line: the first failed step, or that all is well.
    pub fn message(&self) -> String {
        match self.steps.iter().find(|step| step.status == StepStatus::Failed) {
            Some(step) => step.message.clone(),
            None if self.status() == StepStatus::Warning => "The connection works, with warnings.".to_owned(),
            None => "The connection works.".to_owned(),
        }
    }
}

/// What a running test tells, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestProgress {
    /// A step began. Holds its label.
    Started(String),
    /// A step ended.
    Step(TestStep),
    /// The test ended.
    Done(TestReport),
}

/// What made a test run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestTrigger {
    /// Somebody asked for it.
    Manual,
    /// The operator's schedule.
    Scheduled,
}

/// The text names no trigger.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a trigger: expected manual or scheduled")]
pub struct UnknownTrigger;

impl TestTrigger {
    /// The trigger as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Scheduled => "scheduled",
        }
    }
}

impl std::str::FromStr for TestTrigger {
    type Err = UnknownTrigger;

    fn from_str(text: &str) -> Result<Self, UnknownTrigger> {
        match text {
            "manual" => Ok(Self::Manual),
            "scheduled" => Ok(Self::Scheduled),
            _ => Err(UnknownTrigger),
        }
    }
}

/// A test that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRecord {
    /// Identifies it.
    pub id: ConnectionTestId,
    /// When it began.
    pub at: Timestamp,
    /// What made it run.
    pub trigger: TestTrigger,
    /// Who asked for it; the schedule when nobody.
    pub by: String,
    /// What it found.
    pub report: TestReport,
}

/// How a provider has been doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// How the last test ended.
    pub status: StepStatus,
    /// When the last test was.
    pub tested_at: Timestamp,
    /// When the first of the failures without a success in between was; absent while it works.
    pub failing_since: Option<Timestamp>,
}

impl Health {
    /// The health after a test, following on the health before it.
    pub fn after(before: Option<Self>, status: StepStatus, at: Timestamp) -> Self {
        let failing_since =
            (status == StepStatus::Failed).then(|| before.and_then(|health| health.failing_since).unwrap_or(at));
        Self { status, tested_at: at, failing_since }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_remembered_until_a_success() {
        let at = Timestamp;
        let first = Health::after(None, StepStatus::Failed, at(1));
        let second = Health::after(Some(first), StepStatus::Failed, at(2));
        assert_eq!((second.failing_since, second.tested_at), (Some(at(1)), at(2)));
        let well = Health::after(Some(second), StepStatus::Warning, at(3));
        assert_eq!(well.failing_since, None);
        assert_eq!(Health::after(Some(well), StepStatus::Failed, at(4)).failing_since, Some(at(4)));
    }

    #[test]
    fn a_report_ends_as_its_worst_step() {
        let step = |status, message: &str| TestStep {
            name: "x".to_owned(),
            label: "X".to_owned(),
            status,
            ms: 1,
            message: message.to_owned(),
            advice: String::new(),
        };
        let mut report = TestReport {
            steps: vec![step(StepStatus::Ok, "a")],
            warnings: Vec::new(),
            certificates: Vec::new(),
            sample: Vec::new(),
            ms: 1,
        };
        assert_eq!((report.status(), report.message().as_str()), (StepStatus::Ok, "The connection works."));
        report.warnings.push("w".to_owned());
        assert_eq!(report.status(), StepStatus::Warning);
        report.steps.extend([step(StepStatus::Failed, "b"), step(StepStatus::Warning, "c")]);
        assert_eq!((report.success(), report.message().as_str()), (false, "b"));
    }
}
