//! Hashing passwords with Argon2id.

use std::sync::Arc;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::{sync::Semaphore, task::spawn_blocking};
use vestibule_app::{
    domain::{problem::ServiceError, secret::Secret},
    service::ServiceResult,
};

/// How many hashes are computed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// Hashes and verifies passwords away from the threads that answer requests.
pub(super) struct Passwords {
    gate: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { gate: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Passwords {
    /// Hashes a password into a PHC string (Argon2id, 19 MiB, 2 passes, 1 lane: OWASP's first recommendation).
    pub(super) async fn hash(&self, password: Secret) -> ServiceResult<String> {
        self.run(move || {
            Argon2::default().hash_password(password.expose().as_bytes()).map(|hash| hash.to_string()).ok()
        })
        .await?
        .ok_or(ServiceError::Internal)
    }

    /// Whether the password belongs to the hash. Without a hash it takes as long and answers no, so that the time
    /// does not tell whether an account exists.
    pub(super) async fn verify(&self, password: Secret, hash: Option<String>) -> ServiceResult<bool> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| ABSENT.to_owned());
        let matches = self
            .run(move || {
                let parsed = PasswordHash::new(&hash).ok()?;
                Some(Argon2::default().verify_password(password.expose().as_bytes(), &parsed).is_ok())
            })
            .await?
            .ok_or(ServiceError::Internal)?;
        Ok(matches && exists)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> ServiceResult<T> {
        let permit = self.gate.clone().acquire_owned().await.map_err(|_| ServiceError::Unavailable)?;
        let done = spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        done.await.map_err(|_| ServiceError::Internal)
    }
}

/// A hash of nobody's password, with the same cost.
const ABSENT: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
