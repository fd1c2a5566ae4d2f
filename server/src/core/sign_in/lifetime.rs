//! How long a person may take.

use vestibule_app::domain::timestamp::Timestamp;

/// How long a person may take to sign in at a provider, in seconds.
pub(super) const LIFETIME_SECONDS: i64 = 10 * 60;

/// Whether what began at this moment is over, or is ahead of the clock.
pub(super) fn is_over(at: Timestamp, now: Timestamp) -> bool {
    at > now.latest_elsewhere() || now.elapsed_since(at) >= LIFETIME_SECONDS
}
