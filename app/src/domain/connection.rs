//! Connection tests: their steps, what each step found, and the health of a provider that results from them.

use serde::{Deserialize, Serialize};

use super::{
    id::ConnectionTestId,
    named::named,
    sync::{Fault, LeftOut},
    timestamp::Timestamp,
    user::Profile,
};

/// The result of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepStatus {
    /// It succeeded.
    Ok,
    /// Signing in works, but something should be checked.
    Warning,
    /// Signing in cannot work.
    Failed,
}

/// The text is not the name of a status.
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

named! {
    /// What a step of a test checks.
    StepName, UnknownStepName {
        /// OpenID: the address of the discovery document.
        Address = "address" / "Address",
        /// OpenID: the discovery document.
        Discovery = "discovery" / "Discovery document",
        /// OpenID: the issuer.
        Issuer = "issuer" / "Issuer",
        /// OpenID: the endpoints.
        Endpoints = "endpoints" / "Endpoints",
        /// OpenID: how users sign in.
        SignIn = "sign_in" / "Sign-in methods",
        /// OpenID: how the client authenticates.
        Client = "client" / "Client authentication",
        /// OpenID: the scopes.
        Scopes = "scopes" / "Scopes",
        /// OpenID: the signing keys.
        Keys = "keys" / "Signing keys",
        /// SAML: the signing certificates.
        Certificate = "certificate" / "Signing certificate",
        /// SAML: the entity identifier.
        EntityId = "entity_id" / "Entity identifier",
        /// SAML: the addresses of the endpoints.
        Addresses = "addresses" / "Addresses",
        /// SAML: whether the sign-on address responds.
        Sso = "sso" / "Sign-on address",
        /// SAML: the metadata that the provider publishes.
        Metadata = "metadata" / "Published metadata",
        /// LDAP: the connection.
        Connect = "connect" / "Connection",
        /// LDAP: the encryption.
        Tls = "tls" / "Encryption",
        /// LDAP: the bind.
        Bind = "bind" / "Sign-in at the directory",
        /// LDAP: what the server reports about itself.
        Root = "root" / "Server",
        /// LDAP: the search base.
        Base = "base" / "Search base",
        /// LDAP: the users.
        Users = "users" / "Users",
        /// LDAP: the groups.
        Groups = "groups" / "Groups",
        /// LDAP: a few users as a synchronisation would read them.
        Sample = "sample" / "Sample",
    }
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestStep {
    /// What it checks.
    pub name: StepName,
    /// The result.
    pub status: StepStatus,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// What the step found.
    pub message: String,
    /// What to do about it; empty when nothing needs doing.
    pub advice: String,
}

/// A signing certificate, as a test describes it.
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
    /// When it becomes valid.
    pub not_before: Timestamp,
    /// When it expires.
    pub not_after: Timestamp,
    /// The key, such as `RSA 2048` or `EC P-256`.
    pub key: String,
    /// The signature algorithm, such as `SHA-256 with RSA`.
    pub signature: String,
}

/// Why signatures cannot be verified with a certificate's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// An RSA key too short to be secure.
    Short {
        /// Its length.
        bits: u32,
    },
    /// An RSA key longer than the verifier accepts.
    Long {
        /// Its length.
        bits: u32,
    },
    /// A kind of key or a curve that the verifier does not support.
    Kind,
}

/// The lengths of RSA keys that the verifier accepts, in bits.
pub const RSA_BITS: std::ops::RangeInclusive<u32> = 2048..=8192;

impl CertificateSummary {
    /// Why signatures cannot be verified with the key; `None` when they can.
    ///
    /// XML Signature uses RSA and elliptic-curve keys. Of the curves only those of NIST are supported, which is what
    /// products use.
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

/// A user that a test found in a directory, as a synchronisation would import them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SampleEntry {
    /// The permanent identifier; `None` when the attribute has no usable value.
    pub external_id: Option<String>,
    /// The user name; `None` when the attribute has no value.
    pub username: Option<String>,
    /// The user as the mapping fills it; `None` when the entry cannot be read.
    pub profile: Option<Profile>,
    /// Values that a synchronisation would leave out.
    pub left_out: Vec<LeftOut>,
    /// The fields from which it would remove characters that change the direction of text.
    pub cleaned: Vec<String>,
    /// Why it would skip the user; `None` when it would not.
    pub fault: Option<Fault>,
}

/// The result of a test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// The steps in order. Steps that depend on a failed one are left out.
    pub steps: Vec<TestStep>,
    /// What should be checked, as sentences.
    pub warnings: Vec<String>,
    /// The signing certificates of a SAML provider, the newest first.
    pub certificates: Vec<CertificateSummary>,
    /// Some users of a directory. They are not stored with the test, since they are personal data.
    #[serde(default)]
    pub sample: Vec<SampleEntry>,
    /// How long the test took, in milliseconds.
    pub ms: u32,
}

impl TestReport {
    /// The result of the test: that of its worst step, and at least a warning when there are warnings.
    pub fn status(&self) -> StepStatus {
        let worst = self.steps.iter().map(|step| step.status).max().unwrap_or(StepStatus::Ok);
        if worst == StepStatus::Ok && !self.warnings.is_empty() { StepStatus::Warning } else { worst }
    }

    /// Whether the test found nothing that prevents signing in.
    pub fn success(&self) -> bool {
        self.status() != StepStatus::Failed
    }

    /// The report for those who use a provider that others manage: it names the failed step, and no servers, accounts
    /// or users.
    #[must_use]
    pub fn without_details(mut self) -> Self {
        for step in &mut self.steps {
            let (message, advice) = match step.status {
                StepStatus::Ok => ("This works.", ""),
                StepStatus::Warning => ("This works, with a warning.", "The provider's administrator sees the reason."),
                StepStatus::Failed => ("This does not work.", "The provider's administrator sees the reason."),
            };
            step.message = message.to_owned();
            step.advice = advice.to_owned();
        }
        if !self.warnings.is_empty() {
            self.warnings =
                vec!["The settings have warnings. The provider's administrator sees the reason.".to_owned()];
        }
        self.certificates.clear();
        self.sample.clear();
        self
    }

    /// The result in one line: the message of the first failed step, or that the connection works.
    pub fn message(&self) -> String {
        match self.steps.iter().find(|step| step.status == StepStatus::Failed) {
            Some(step) => step.message.clone(),
            None if self.status() == StepStatus::Warning => "The connection works, with warnings.".to_owned(),
            None => "The connection works.".to_owned(),
        }
    }
}

/// What a running test reports, one event after the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestProgress {
    /// A step started.
    Started(StepName),
    /// A step finished.
    Step(TestStep),
    /// The test finished.
    Done(TestReport),
}

/// What started a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TestTrigger {
    /// A user.
    Manual,
    /// The operator's schedule.
    Scheduled,
}

/// The text is not the name of a trigger.
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

/// A stored test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestRecord {
    /// Identifies it.
    pub id: ConnectionTestId,
    /// When it started.
    pub at: Timestamp,
    /// What started it.
    pub trigger: TestTrigger,
    /// Who started it; the schedule's name for scheduled tests.
    pub by: String,
    /// Its result.
    pub report: TestReport,
}

/// The health of a provider, as tests found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The result of the last test.
    pub status: StepStatus,
    /// When the last test ran.
    pub tested_at: Timestamp,
    /// When the current series of failures began; `None` while the connection works.
    pub failing_since: Option<Timestamp>,
}

impl Health {
    /// The health after a test, given the health before it.
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
            name: StepName::Issuer,
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
