//! Hashing passwords with Argon2id.
//!
//! A hash needs 19 MiB. That memory is allocated once for each hash that may run at the same time and kept: if it were
//! freed, the allocator would keep a share for every thread, until a small server runs out of memory.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{
    Algorithm, Argon2, Block, Params, RECOMMENDED_SALT_LEN, Version,
    password_hash::phc::{Output, ParamsString, PasswordHash, Salt},
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};
use vestibule_app::{
    domain::{problem::ServiceError, secret::Secret},
    service::ServiceResult,
};

use super::random::random_bytes;

/// How many hashes are computed at once: each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// How many requests wait for their turn, in order: a few seconds of work. [`super::attempts`] limits one address to
/// fewer than half of them.
const WAITING: usize = 64;

/// When to retry once that many wait.
const RETRY_AFTER_SECONDS: u32 = 5;

/// Hashes and verifies passwords on threads of their own. Clones share the limit and the memory.
#[derive(Clone)]
pub(super) struct Passwords {
    shared: Arc<Shared>,
}

struct Shared {
    gate: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// The memory that no hash uses now, at most one block for each hash that runs at once. It is not wiped between
    /// hashes, as the crate's own is not: each hash writes all that it reads.
    memory: Mutex<Vec<Vec<Block>>>,
}

impl Default for Passwords {
    fn default() -> Self {
        let gate = Arc::new(Semaphore::new(AT_ONCE));
        Self { shared: Arc::new(Shared { gate, waiting: AtomicUsize::new(0), memory: Mutex::default() }) }
    }
}

impl Passwords {
    /// Hashes a password into a PHC string (Argon2id, 19 MiB, 2 passes, 1 lane: OWASP's first recommendation).
    pub(super) async fn hash(&self, password: Secret) -> ServiceResult<String> {
        let salt = random_bytes::<RECOMMENDED_SALT_LEN>();
        self.run(move |memory| hashed(&password, &salt, memory)).await?.ok_or(ServiceError::Internal)
    }

    /// Whether the password belongs to the hash. Without a hash it takes as long and returns false, so that the time
    /// does not reveal whether an account exists.
    pub(super) async fn verify(&self, password: Secret, hash: Option<String>) -> ServiceResult<bool> {
        let exists = hash.is_some();
        let hash = hash.unwrap_or_else(|| ABSENT.to_owned());
        let matches = self.run(move |memory| is_hash_of(&hash, &password, memory)).await?;
        Ok(matches.ok_or(ServiceError::Internal)? && exists)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
    ) -> ServiceResult<T> {
        let permit = self.shared.enter().await?;
        let shared = self.shared.clone();
        let done = spawn_blocking(move || {
            let mut memory = shared.memory().pop().unwrap_or_default();
            let result = work(&mut memory);
            shared.memory().push(memory);
            drop(permit);
            result
        });
        done.await.map_err(|_| ServiceError::Internal)
    }
}

impl Shared {
    fn memory(&self) -> std::sync::MutexGuard<'_, Vec<Vec<Block>>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn; rejects the request when too many wait.
    async fn enter(self: &Arc<Self>) -> ServiceResult<OwnedSemaphorePermit> {
        if let Ok(permit) = self.gate.clone().try_acquire_owned() {
            return Ok(permit);
        }
        let _place = QueuePlace::take(self)?;
        self.gate.clone().acquire_owned().await.map_err(|_| ServiceError::Unavailable)
    }
}

/// A place in the queue, released when the request has its turn or is dropped.
struct QueuePlace<'a>(&'a Shared);

impl<'a> QueuePlace<'a> {
    fn take(shared: &'a Shared) -> ServiceResult<Self> {
        let place = Self(shared);
        match shared.waiting.fetch_add(1, Ordering::Relaxed) {
            0..WAITING => Ok(place),
            _ => Err(ServiceError::TooManyRequests { retry_after_seconds: RETRY_AFTER_SECONDS }),
        }
    }
}

impl Drop for QueuePlace<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The hash of a password as a PHC string.
fn hashed(password: &Secret, salt: &[u8], memory: &mut Vec<Block>) -> Option<String> {
    let argon2 = Argon2::default();
    let params = argon2.params().clone();
    let hash = PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(&params).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(output(&argon2, password, salt, memory)?),
    };
    Some(hash.to_string())
}

/// Whether a PHC string is the hash of a password; `None` when the string is malformed.
fn is_hash_of(hash: &str, password: &Secret, memory: &mut Vec<Block>) -> Option<bool> {
    let hash = PasswordHash::new(hash).ok()?;
    let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
    let version = hash.version.map_or(Ok(Version::default()), Version::try_from).ok()?;
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
    let (salt, expected) = (hash.salt?, hash.hash?);
    // Outputs compare in constant time.
    Some(output(&argon2, password, &salt, memory)? == expected)
}

fn output(argon2: &Argon2<'_>, password: &Secret, salt: &[u8], memory: &mut Vec<Block>) -> Option<Output> {
    let params = argon2.params();
    if memory.len() < params.block_count() {
        memory.resize(params.block_count(), Block::new());
    }
    let mut buffer = [0; Output::MAX_LENGTH];
    let output = buffer.get_mut(..params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN))?;
    argon2.hash_password_into_with_memory(password.expose().as_bytes(), salt, output, memory.as_mut_slice()).ok()?;
    Output::new(output).ok()
}

/// A hash of no password, at the same cost.
const ABSENT: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]
    use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};

    use super::*;

    #[tokio::test]
    async fn hashes_are_those_of_the_crate_itself() {
        let passwords = Passwords::default();
        let password = || Secret::new("correct horse battery");
        let ours = passwords.hash(password()).await.unwrap();
        assert!(ours.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{ours}");
        assert!(Argon2::default().verify_password(password().expose().as_bytes(), ours.as_str()).is_ok());
        let theirs = Argon2::default().hash_password_with_salt(password().expose().as_bytes(), &[7; 16]).unwrap();
        for hash in [ours, theirs.to_string()] {
            assert!(passwords.verify(password(), Some(hash.clone())).await.unwrap());
            assert!(!passwords.verify(Secret::new("wrong"), Some(hash)).await.unwrap());
        }
        assert!(!passwords.verify(password(), None).await.unwrap());
        assert_eq!(passwords.verify(password(), Some("$nothing".to_owned())).await, Err(ServiceError::Internal));
    }

    #[tokio::test]
    async fn memory_is_kept_for_as_many_hashes_as_run_at_once() {
        let passwords = Passwords::default();
        let mut verifying = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let passwords = passwords.clone();
            verifying.spawn(async move { passwords.verify(Secret::new("wrong"), None).await });
        }
        for verified in verifying.join_all().await {
            assert_eq!(verified, Ok(false));
        }
        let kept = passwords.shared.memory();
        assert!((1..=AT_ONCE).contains(&kept.len()), "{}", kept.len());
        assert!(kept.iter().all(|memory| memory.len() == Params::default().block_count()));
    }

    #[tokio::test]
    async fn who_comes_when_enough_wait_is_sent_away_and_the_others_keep_their_turn() {
        let passwords = Passwords::default();
        let running = passwords.shared.gate.clone().acquire_many_owned(2).await.unwrap();
        let verify = || passwords.verify(Secret::new("wrong"), None);
        let mut waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(verify())).collect();
        for one in &mut waiting {
            assert!(poll_once(one).is_pending());
        }
        let refused = Err(ServiceError::TooManyRequests { retry_after_seconds: RETRY_AFTER_SECONDS });
        assert_eq!(verify().await, refused);
        // One request is dropped, so there is room for another.
        waiting.pop();
        let mut next = Box::pin(verify());
        assert!(poll_once(&mut next).is_pending());
        assert_eq!(verify().await, refused);
        drop(running);
        assert_eq!(waiting.remove(0).await, Ok(false));
    }

    fn poll_once<F: Future + Unpin>(future: &mut F) -> std::task::Poll<F::Output> {
        std::pin::Pin::new(future).poll(&mut std::task::Context::from_waker(std::task::Waker::noop()))
    }
}
