//! Records attempts: seals what the claims say, and queues the rest with it.

use std::sync::Arc;

use vestibule_app::domain::{
    mapping::Claims,
    sign_in::{SignInAttempt, TraceStep},
};

use super::queue::{AttemptObserver, AttemptQueue};
use crate::{
    core::{
        keys::Keys,
        vault::{SecretLocation, VaultError},
    },
    store::{Store, sign_in::attempts::RecordedAttempt},
};

/// The longest claims that are kept, in bytes of JSON.
const MAX_CLAIMS: usize = 32 * 1024;

/// The start or the end of an attempt.
pub(in crate::core::sign_in) struct AttemptRecord<'a> {
    pub(in crate::core::sign_in) attempt: SignInAttempt,
    pub(in crate::core::sign_in) steps: Vec<TraceStep>,
    /// What the provider says about the person.
    pub(in crate::core::sign_in) claims: Option<&'a Claims>,
}

/// Records attempts in the background.
#[derive(Clone)]
pub(in crate::core) struct AttemptLog {
    keys: Arc<Keys>,
    queue: AttemptQueue,
}

impl AttemptLog {
    pub(in crate::core) fn new(store: Store, keys: Arc<Keys>, observer: AttemptObserver) -> Self {
        Self { keys, queue: AttemptQueue::new(store, observer) }
    }

    /// Records the start or the end of an attempt. Never fails: a sign-in does not depend on its trace.
    pub(in crate::core::sign_in) fn record(&self, record: AttemptRecord<'_>) {
        let AttemptRecord { attempt, steps, claims } = record;
        let claims = claims.and_then(|claims| self.seal(&attempt, claims));
        self.queue.push(RecordedAttempt { attempt, steps, claims });
    }

    /// Writes everything that was recorded before.
    pub(super) async fn flush(&self) {
        self.queue.flush().await;
    }

    /// What the claims of an attempt say. Nothing when their key is gone: keys are rotated, and claims are not sealed again.
    pub(super) fn open(&self, reference: &str, sealed: &str) -> Option<Claims> {
        let opened = self.keys.open(|vault| vault.open(place(reference), sealed));
        let opened = opened.inspect_err(|error: &VaultError| {
            tracing::warn!(%error, reference, "the claims of a sign-in cannot be opened");
        });
        Claims::parse(opened.ok()?.expose()).ok()
    }

    fn seal(&self, attempt: &SignInAttempt, claims: &Claims) -> Option<String> {
        let text = serde_json::to_string(&claims.to_json()).ok().filter(|text| text.len() <= MAX_CLAIMS)?;
        self.keys.vault().seal(place(&attempt.reference), &text).ok()
    }
}

/// Claims open for their own attempt alone.
const fn place(reference: &str) -> SecretLocation<'_> {
    SecretLocation { table: "vestibule_sign_in_attempts", row: reference, column: "claims" }
}
