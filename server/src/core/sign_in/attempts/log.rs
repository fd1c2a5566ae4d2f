//! Records attempts: seals what the claims say, and queues the rest with it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use vestibule_app::domain::{
    mapping::Claims,
    sign_in::{AuthenticatedSubject, SignInAttempt, SignInPreview, TraceStep},
};

use super::{
    allowance::Allowances,
    queue::{AttemptObserver, AttemptQueue},
};
use crate::{
    core::{
        keys::Keys,
        vault::{SecretLocation, VaultError},
    },
    store::{
        Store,
        sign_in::attempts::{self as rows, RecordedAttempt},
    },
};

/// The longest claims that are kept, in bytes of JSON.
const MAX_CLAIMS: usize = 32 * 1024;

/// The start or the end of an attempt.
pub(in crate::core::sign_in) struct AttemptRecord<'a> {
    pub(in crate::core::sign_in) attempt: SignInAttempt,
    pub(in crate::core::sign_in) steps: Vec<TraceStep>,
    pub(in crate::core::sign_in) evidence: Evidence<'a>,
}

/// What stands behind an attempt. Anybody can cause many attempts with little behind them.
pub(in crate::core::sign_in) enum Evidence<'a> {
    /// An address was opened.
    Nothing,
    /// A browser came back with a start that was not used before, or an administrator begins a test.
    Start,
    /// A provider authenticated a person.
    Person(&'a AuthenticatedSubject, Option<&'a SignInPreview>),
}

/// What is sealed of an attempt.
#[derive(Serialize, Deserialize)]
pub(in crate::core::sign_in) struct SealedPerson {
    pub(in crate::core::sign_in) issuer: String,
    pub(in crate::core::sign_in) subject: String,
    /// As JSON, so that numbers keep their digits. Missing when they are too long.
    claims: Option<String>,
    /// Who may see it, where it is a test.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::core::sign_in) tester: Option<String>,
    /// What a test found out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::core::sign_in) preview: Option<SignInPreview>,
}

impl SealedPerson {
    pub(in crate::core::sign_in) const fn has_claims(&self) -> bool {
        self.claims.is_some()
    }

    pub(in crate::core::sign_in) fn claims(&self) -> Option<Claims> {
        Claims::parse(self.claims.as_deref()?).ok()
    }
}

/// Records attempts in the background.
#[derive(Clone)]
pub(in crate::core) struct AttemptLog {
    keys: Arc<Keys>,
    queue: AttemptQueue,
    allowances: Arc<Allowances>,
}

impl AttemptLog {
    pub(in crate::core) fn new(store: Store, keys: Arc<Keys>, observer: AttemptObserver) -> Self {
        Self { keys, queue: AttemptQueue::new(store, observer), allowances: Arc::default() }
    }

    /// Records the start or the end of an attempt. Never fails: a sign-in does not depend on its trace.
    pub(in crate::core::sign_in) fn record(&self, record: AttemptRecord<'_>) {
        self.record_for(record, None);
    }

    /// Records an attempt that only the tester reads all of, if it is a test.
    pub(in crate::core::sign_in) fn record_for(&self, record: AttemptRecord<'_>, tester: Option<&str>) {
        let AttemptRecord { attempt, steps, evidence } = record;
        let (evidence, person) = match evidence {
            Evidence::Nothing if !self.allowances.opened.take() => return self.queue.drop_one(),
            Evidence::Start if !self.allowances.returned.take() => return self.queue.drop_one(),
            Evidence::Nothing => (rows::ADDRESS, None),
            Evidence::Start => (rows::START, None),
            Evidence::Person(subject, preview) => (rows::PERSON, self.seal(&attempt, subject, preview, tester)),
        };
        self.queue.push(RecordedAttempt { attempt, steps, person, evidence });
    }

    /// Writes everything that was recorded before.
    pub(super) async fn flush(&self) {
        self.queue.flush().await;
    }

    /// What is sealed of an attempt. Nothing when its key is gone: keys are rotated, and claims are not sealed again.
    pub(super) fn open(&self, reference: &str, sealed: &str) -> Option<SealedPerson> {
        let opened = self.keys.open(|vault| vault.open(place(reference), sealed));
        let opened = opened.inspect_err(|error: &VaultError| {
            tracing::warn!(%error, reference, "the claims of a sign-in cannot be opened");
        });
        serde_json::from_str(opened.ok()?.expose()).ok()
    }

    fn seal(
        &self,
        attempt: &SignInAttempt,
        subject: &AuthenticatedSubject,
        preview: Option<&SignInPreview>,
        tester: Option<&str>,
    ) -> Option<String> {
        let AuthenticatedSubject { issuer, subject, claims, .. } = subject;
        let claims = serde_json::to_string(&claims.to_json()).ok().filter(|text| text.len() <= MAX_CLAIMS);
        let sealed = SealedPerson {
            issuer: issuer.clone(),
            subject: subject.clone(),
            claims,
            tester: tester.map(str::to_owned),
            preview: preview.cloned(),
        };
        let text = serde_json::to_string(&sealed).ok()?;
        self.keys.vault().seal(place(&attempt.reference), &text).ok()
    }
}

/// What is sealed opens for its own attempt alone.
const fn place(reference: &str) -> SecretLocation<'_> {
    SecretLocation { table: "vestibule_sign_in_attempts", row: reference, column: "claims" }
}
